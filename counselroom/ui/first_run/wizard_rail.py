"""The left side of a wizard: what it is, the steps with their marks, and one sentence at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.variant import set_variant

_DONE = ("mdi6.check-circle", "accent")
_HERE = ("mdi6.arrow-right-circle", "accent")
_LATER = ("mdi6.circle-outline", "line2")
WIDTH = 272
NARROW = 208


class _Line(QFrame):
    """A step: mark, number, name."""

    def __init__(self, icons: Icons, number: int, name: str) -> None:
        super().__init__()
        self._icons = icons
        self._name = name
        self._number = number
        self._mark = icon_label(icons.named(_LATER[0]), _LATER[1], 20)
        self._words = (Label(str(number)), Label(name, wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 8, 9)
        row.setSpacing(12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words[0])
        row.addWidget(self._words[1], 1)

    def show_place(self, current: int) -> None:
        """Show whether the step is done, the present one, or still to come."""
        icon, colour = _DONE if self._number < current else _HERE if self._number == current else _LATER
        self._icons.dress(self._mark, icon, colour, 20)
        here = self._number == current
        set_variant(self, "kind", "panel" if here else "bare")
        for label in self._words:
            set_variant(label, "kind", "strong" if here else "" if self._number < current else "body")
        state = (
            pgettext("wizard", "done")
            if self._number < current
            else pgettext("wizard", "now")
            if here
            else pgettext("wizard", "later")
        )
        self.setAccessibleName(f"{self._number} {self._name} {state}")


class WizardRail(QFrame):
    """All steps of a wizard."""

    def __init__(
        self, icons: Icons, purpose: str, names: Sequence[str], note: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        self.setAccessibleName(purpose)
        mark = Label("", "mark")
        mark.setFixedSize(36, 36)
        inside = QHBoxLayout(mark)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(icon_label(icons.named("mdi6.tea-outline"), "on_accent", 24), 0, Qt.AlignmentFlag.AlignCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(_("Counselling Room"), "section", wrap=True))
        words.addWidget(Label(purpose, "meta", wrap=True))
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 0)
        head.setSpacing(12)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self._lines = [_Line(icons, number, name) for number, name in enumerate(names, start=1)]
        self._note = Label(note, "meta", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(6)
        self._column.addLayout(head)
        self._column.addSpacing(20)
        for line in self._lines:
            self._column.addWidget(line)
        self._column.addStretch(1)
        self._column.addWidget(self._note)
        self.set_compact(compact=False)

    def show_place(self, current: int) -> None:
        """Show which step, from 1, is the present one."""
        for line in self._lines:
            line.show_place(current)

    def set_compact(self, *, compact: bool) -> None:
        """Be narrow and leave the note away."""
        self.setFixedWidth(NARROW if compact else WIDTH)
        side = 10 if compact else 18
        self._column.setContentsMargins(side, 20 if compact else 34, side, 20)
        self._column.setSpacing(2 if compact else 6)
        self._note.setVisible(not compact)
