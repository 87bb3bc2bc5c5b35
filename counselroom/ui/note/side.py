"""The right side of a signed note: the same facts, to be read; and the stack that shows one or the other."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.note_pages import NotePage
from counselroom.services.topics import topic_label
from counselroom.ui.moments import day_and_time
from counselroom.ui.note.words import mode_word, risk_word, span_text
from counselroom.ui.record.rows import Rows
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import Label


class SignedFacts(QWidget):
    """Facts that can no longer be changed."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(icons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(0)
        title = Label(pgettext("note", "About this session"), "section")
        title.setContentsMargins(16, 0, 16, 0)
        column.addWidget(title)
        column.addWidget(self._rows)
        column.addStretch(1)

    def show_page(self, page: NotePage) -> None:
        """Show what was signed."""
        draft, rows = page.draft, self._rows
        rows.clear()
        rows.add_fact(pgettext("note", "Day"), f"{draft.starts_at:%Y-%m-%d}")
        rows.add_fact(pgettext("note", "From to"), span_text(draft.starts_at, draft.ends_at))
        rows.add_fact(pgettext("note", "Way"), mode_word(draft.mode))
        rows.add_fact(pgettext("note", "Place"), draft.place or "")
        topics = pgettext("list", ", ").join(topic_label(key) for key in draft.topics)
        rows.add_fact(pgettext("note", "Topics"), topics)
        level = "" if draft.risk_level is None else risk_word(draft.risk_level)
        rows.add_fact(pgettext("note", "Safety"), level)
        if draft.consent_exception:
            rows.add_fact(pgettext("note", "Exception"), draft.consent_exception)
        rows.add_fact(
            pgettext("note", "Next"), "" if draft.next_at is None else day_and_time(draft.next_at, draft.starts_at)
        )
        rows.add_fact(pgettext("note", "Case"), page.case_code)


def side_panel(form: QWidget, signed: QWidget) -> QStackedWidget:
    """Return the frame that shows the form of a draft, or the facts of a signed note."""
    stack = QStackedWidget()
    stack.setAccessibleName(pgettext("note", "About this session"))
    for part in (form, signed):
        frame = QFrame()
        frame.setProperty("kind", "panel")
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(part)
        stack.addWidget(frame)
    return stack
