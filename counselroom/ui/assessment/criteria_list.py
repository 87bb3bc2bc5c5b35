"""C01 to C22 by their headings, two in a row, to be ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.rules.crisis_criteria import Criterion
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.tick_line import TickLine

_COLUMNS = 2


class CriteriaList(QWidget):
    """The boxes of the criteria.

    Attributes:
        changed: a box was ticked or cleared.
        boxes: by the key of the criterion.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, TickLine] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)

    def show_criteria(self, criteria: Sequence[Criterion]) -> None:
        """Make the boxes, once: the criteria do not change while the page is open."""
        if self.boxes:
            return
        groups: dict[str, list[Criterion]] = {}
        for criterion in sorted(criteria, key=lambda one: not one.at_once):
            groups.setdefault(criterion.group, []).append(criterion)
        row = 0
        for title, members in groups.items():
            self._grid.addWidget(Label(title, "meta_strong", wrap=True), row, 0, 1, _COLUMNS)
            row += 1
            for number, criterion in enumerate(members):
                words = f"{criterion.key}　{criterion.text}"
                if criterion.at_once:
                    words = f"★ {words}"
                box = TickLine(words)
                box.toggled.connect(lambda _on: self.changed.emit())
                self.boxes[criterion.key] = box
                self._grid.addWidget(box, row + number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignTop)
            row += (len(members) + _COLUMNS - 1) // _COLUMNS
            self._grid.setRowMinimumHeight(row, 8)
            row += 1
        self.setAccessibleName(pgettext("assessment", "Criteria"))

    def ticked(self) -> tuple[str, ...]:
        """Return the keys that are ticked."""
        return tuple(sorted(key for key, box in self.boxes.items() if box.is_ticked()))

    def tick(self, keys: Collection[str]) -> None:
        """Tick these and no others."""
        for key, box in self.boxes.items():
            box.box.setChecked(key in keys)
