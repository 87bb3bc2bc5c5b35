"""One item with a deadline: the bar is as long as the time that is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.chip_face import near, overdue
from counselroom.ui.widgets.clock_text import clock_text, is_near
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.variant import set_variant

FINE = 1000


@dataclass(frozen=True)
class ClockFace:
    """What a clock shows.

    Attributes:
        name: the item.
        owner: whose it is, or the code of its case.
        left: time left; negative when overdue.
        allowed: time there was at the start.
        due: the due time in words (今天 16:20 前).
    """

    name: str
    owner: str
    left: timedelta
    allowed: timedelta
    due: str


class ClockRow(QWidget):
    """Name, owner, what is left, due time, bar. Near its end amber, overdue brick and without a bar."""

    def __init__(self, icons: Icons, face: ClockFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._name = ElidedLabel()
        self._owner = ElidedLabel("", "caption")
        self._left = Label("", "strong")
        self._chip = Chip(icons, near(""))
        self._due = Label("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, FINE)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((first, (self._name, self._left, self._chip)), (second, (self._owner, self._due))):
            row.setSpacing(8)
            row.addWidget(widgets[0], 1)
            for widget in widgets[1:]:
                row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        column.addSpacing(4)
        column.addWidget(self._bar)
        self.show_clock(face)

    def show_clock(self, face: ClockFace) -> None:
        """Show a clock; called again by the one timer that drives all of them."""
        text = clock_text(face.left)
        late = face.left < timedelta(0)
        urgent = is_near(face.left, face.allowed)
        self._name.setText(face.name)
        self._owner.setText(face.owner)
        self._due.setText(face.due)
        self._left.setText(text)
        self._left.setVisible(not late and not urgent)
        self._chip.setVisible(late or urgent)
        self._chip.set_face(overdue(text) if late else near(text))
        self._bar.setVisible(not late)
        share = face.left / face.allowed if face.allowed else 0.0
        self._bar.setValue(round(FINE * min(1.0, max(0.0, share))))
        set_variant(self._bar, "tone", "amber" if urgent else "accent")
        self.setAccessibleName("，".join(part for part in (face.name, face.owner, text, face.due) if part))

    def text(self) -> str:
        """Return the whole row in words, as a screen reader says it."""
        return self.accessibleName()
