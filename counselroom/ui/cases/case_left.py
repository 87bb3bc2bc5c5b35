"""The left side of a case: its goals, its facts, and who may read it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.case_pages import CasePage
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_and_time
from counselroom.ui.note.words import reason_word
from counselroom.ui.record.rows import Rows
from counselroom.ui.record.words import short_day
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.panel import Panel

_GOALS_HIGH = 220


class CaseLeft(QWidget):
    """Two panels; a third part may be put below them.

    Attributes:
        goals_typed: the goals are not what they were.
        goals: the goals, one a line.
        save_button: stores them.
        restrict_button: restricts the case, or opens it again.
    """

    goals_typed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.goals = QPlainTextEdit()
        self.goals.setAccessibleName(pgettext("case page", "Goals, one a line"))
        self.goals.setPlaceholderText(_("One goal a line."))
        self.goals.setTabChangesFocus(True)
        self.goals.textChanged.connect(self.goals_typed)
        self.save_button = Button(pgettext("case page", "Save goals"), "secondary", size="compact")
        self.restrict_button = Button(
            pgettext("case page", "Restrict"), "secondary", icons.named("mdi6.lock-outline"), size="compact"
        )
        self._facts = Rows(icons)
        self._restriction = Label("", "hint", wrap=True)
        self._restriction.setContentsMargins(16, 0, 16, 8)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(16)
        self.column.addWidget(self._goals_panel())
        self.column.addWidget(self._facts_panel())

    def _goals_panel(self) -> Panel:
        panel = Panel(pgettext("case page", "Goals"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.goals)
        column.addWidget(self.save_button)
        panel.set_body(body)
        panel.set_action(self.save_button)
        panel.setMaximumHeight(_GOALS_HIGH)
        return panel

    def _facts_panel(self) -> Panel:
        panel = Panel(pgettext("case page", "Facts"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addWidget(self._facts)
        column.addWidget(self._restriction)
        place = QHBoxLayout()
        place.setContentsMargins(16, 0, 16, 0)
        place.addWidget(self.restrict_button)
        place.addStretch(1)
        column.addLayout(place)
        panel.set_body(body)
        return panel

    def show_facts(self, page: CasePage, face: Face, now: datetime) -> None:
        """Show the facts of a case, as far as `face` shows them."""
        case, today, rows = page.case, now.date(), self._facts
        rows.clear()
        rows.add_fact(pgettext("case page", "Counsellor"), page.counsellor_name)
        rows.add_fact(pgettext("case page", "Opened"), short_day(case.opened_on, today))
        if page.next_at is not None:
            rows.add_fact(pgettext("case page", "Next time"), day_and_time(page.next_at, now))
        if case.closed_on is not None and case.close_reason is not None:
            rows.add_fact(pgettext("case page", "Closed"), short_day(case.closed_on, today))
            rows.add_fact(pgettext("case page", "Because"), reason_word(case.close_reason))
            rows.add(Label(face.text(case.close_summary), "meta_strong", wrap=True))
        self._restriction.setText(
            _("Only its counsellor and people named by the director can read this case; others know that it exists.")
            if case.restricted
            else _("Its counsellor reads this case; the director can, with a reason that is kept.")
        )
        self.restrict_button.setText(
            pgettext("case page", "Lift the restriction") if case.restricted else pgettext("case page", "Restrict")
        )
        self.restrict_button.setVisible(page.can_write)
