"""The band under the head of a 专案: what comes next, who does it, how much time is left, and the one action."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.deadlines import Clock, ClockState
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.steps import next_step
from counselroom.ui.crisis.words import due_text, owner_word
from counselroom.ui.masking import Face
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.variant import set_variant

_BORDER = 5
_FILLED = ("F-43", "F-46", "F-56")
"""Forms that can be printed as they are, filled in from the 专案."""


class Band(QFrame):
    """Names owner, due time, the document to open and one finishing action.

    Attributes:
        finish_wanted: settle the next step, or close the case when nothing is left.
        paper_wanted: open its document.
    """

    finish_wanted = Signal()
    paper_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._theme = icons.theme
        self._tone = "accent"
        self._label = Label(pgettext("band", "Next step"), "caption_strong")
        self._title = ElidedLabel("", "record_title")
        self._detail = ElidedLabel("", "meta")
        self._left_label = Label(pgettext("band", "Time left"), "caption")
        self._left = Label("", "record_title")
        self._due = Label("", "caption")
        self._finish = Button(pgettext("band", "Settle and record"), "primary", icons.named("mdi6.check"), key="Enter")
        self._paper = Button(pgettext("band", "Open the paper"), "secondary", icons.named("mdi6.file-sign"))
        self._finish.clicked.connect(self.finish_wanted)
        self._paper.clicked.connect(self.paper_wanted)
        words = QVBoxLayout()
        words.setSpacing(1)
        clock = QVBoxLayout()
        clock.setSpacing(1)
        for column, widgets in (
            (words, (self._label, self._title, self._detail)),
            (clock, (self._left_label, self._left, self._due)),
        ):
            column.addStretch(1)
            for widget in widgets:
                column.addWidget(widget)
            column.addStretch(1)
        self._clock = QWidget()
        self._clock.setLayout(clock)
        clock.setContentsMargins(20, 0, 20, 0)
        self._clock.setMinimumWidth(168)
        buttons = QWidget()
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom, buttons)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self._finish, 0, Qt.AlignmentFlag.AlignVCenter)
        self._buttons.addWidget(self._paper, 0, Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 20, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._clock)
        row.addWidget(buttons, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(pgettext("band", "Next step"))

    def finish_button(self) -> Button:
        """Return the button that has the keyboard when the page opens."""
        return self._finish

    def title(self) -> str:
        """Return the item that is named."""
        return self._title.text()

    def set_compact(self, compact: bool) -> None:
        """Put the buttons in one row where the window is small."""
        side_by_side = QBoxLayout.Direction.RightToLeft
        self._buttons.setDirection(side_by_side if compact else QBoxLayout.Direction.TopToBottom)
        self._clock.setMinimumWidth(140 if compact else 168)

    def show_case(self, page: CrisisPage, clock: Clock, face: Face) -> None:
        """Name what comes next."""
        event, step, now = page.event, next_step(page), page.event.now
        self._paper.setVisible(step is not None and bool(step.document))
        self._clock.setVisible(step is not None)
        closed = event.closed_at is not None
        self._label.setText(pgettext("band", "Over") if closed else pgettext("band", "Next step"))
        self._finish.set_icon(self._icons.named("mdi6.printer-outline" if closed else "mdi6.check"))
        if closed:
            self._title.setText(_("Closed: read only"))
            self._detail.setText(face.text(event.outcome or event.close_reason))
            self._finish.setText(pgettext("band", "Print a paper"))
            self._set_tone("slate")
        elif step is None:
            blocked = bool(event.blocks)
            self._title.setText(_("Every item is settled"))
            self._detail.setText(
                _("Something still stands in the way of closing; it is told on the next page.")
                if blocked
                else _("Read it through once more, then close it.")
            )
            self._finish.setText(pgettext("band", "Lead on or close"))
            self._set_tone("accent")
        else:
            owner = step.owner_name or owner_word(step.owner_role)
            self._title.setText(step.title)
            detail = step.detail
            if step.document in _FILLED:
                detail = _("{form} is filled in from this case; print, sign, attach. {detail}").format(
                    form=step.document, detail=detail
                )
            self._detail.setText(f"{owner}　{detail}")
            self._finish.setText(pgettext("band", "Settle and record"))
            self._paper.setText(_paper_word(step.document))
            self._due.setText(due_text(step.due_at, now))
            self.show_clock(clock)
        self._tell()

    def show_clock(self, clock: Clock) -> None:
        """Show how much time is left; called by the one timer of the page."""
        if clock.left is None:
            self._left.setText(pgettext("band", "no limit"))
            self._left_label.setText(pgettext("band", "Time left"))
            self._set_tone("accent")
            return
        late = clock.state is ClockState.OVERDUE
        at_once = clock.state is ClockState.AT_ONCE
        self._left_label.setText(pgettext("band", "Overdue") if late else pgettext("band", "Time left"))
        self._left.setText(pgettext("clock", "at once") if at_once else clock_text(clock.left))
        urgent = clock.state in (ClockState.NEAR, ClockState.AT_ONCE)
        self._set_tone("brick" if late else "amber" if urgent else "accent")

    def text(self) -> str:
        """Return the whole band in words, as a screen reader says it."""
        return self.accessibleDescription()

    def _tell(self) -> None:
        parts = (self._title.text(), self._left.text() if self._clock.isVisibleTo(self) else "", self._due.text())
        self.setAccessibleDescription("，".join(part for part in parts if part))
        self._finish.setAccessibleDescription(self.accessibleDescription())

    def _set_tone(self, tone: str) -> None:
        self._tone = tone
        worded = tone if tone in ("amber", "brick") else "plain"
        for label in (self._label, self._left_label, self._left):
            set_variant(label, "tone", worded)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the sheet with the bar at its left."""
        del event
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = theme.pixels("radius.panel")
        rect = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._tone))
        painter.drawRoundedRect(rect, radius, radius)
        painter.setPen(QPen(theme.colour(f"{self._tone}_line"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.setClipRect(rect.adjusted(_BORDER, 0, 0, 0))
        painter.drawRoundedRect(rect.adjusted(_BORDER - radius, 0.5, -0.5, -0.5), radius, radius)


def _paper_word(form: str) -> str:
    """Return what the button that opens a document of the plan says."""
    return {
        "F-42": pgettext("band", "Open the assessment"),
        "F-43": pgettext("band", "Open the report form"),
        "F-45": pgettext("band", "Open the guard"),
        "F-46": pgettext("band", "Open the notice"),
        "F-50": pgettext("band", "Open the referral"),
        "F-54": pgettext("band", "Open the follow-ups"),
        "F-56": pgettext("band", "Open the written report"),
    }.get(form, pgettext("band", "Open the paper"))
