"""One of a few words, chosen with a click or the arrow keys: pills side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.pill_rows import pill_rows


class Choice(QWidget):
    """Exclusive pills. The first is chosen at the beginning.

    Attributes:
        chosen: the user chose another one.

    Args:
        icons: maker of icons.
        options: key and word of each.
        columns: how many stand in a row.
    """

    chosen = Signal()

    def __init__(self, icons: Icons, options: Sequence[tuple[str, str]], columns: int = 5) -> None:
        super().__init__()
        self._icons = icons
        self._columns = columns
        self._group = QButtonGroup(self)
        self._pills: dict[str, Pill] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer other words; what was chosen stays where it is offered still."""
        before = self.value() if self._pills else ""
        for pill in self._pills.values():
            self._group.removeButton(pill)
            pill.hide()
            pill.deleteLater()
        while (item := self._column.takeAt(0)) is not None:
            del item
        self._pills = {}
        for key, words in options:
            pill = Pill(self._icons, words)
            pill.clicked.connect(lambda _checked=False: self.chosen.emit())
            self._group.addButton(pill)
            self._pills[key] = pill
        self._column.addLayout(pill_rows(tuple(self._pills.values()), self._columns))
        self.set_value(before)

    def value(self) -> str:
        """Return the key of what is chosen."""
        return next((key for key, pill in self._pills.items() if pill.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Choose a key; the first where it is not offered."""
        pill = self._pills.get(key) or next(iter(self._pills.values()))
        pill.setChecked(True)
        self.setFocusProxy(pill)
