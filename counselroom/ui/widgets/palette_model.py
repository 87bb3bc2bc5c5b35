"""Groups and entries of the palette as one list in which headings cannot be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup

ROW = int(Qt.ItemDataRole.UserRole) + 1
_NOWHERE = QModelIndex()


class PaletteModel(QAbstractListModel):
    """The rows of the palette; `ROW` gives a `PaletteGroup` (heading) or a `PaletteEntry`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PaletteGroup | PaletteEntry] = []

    def set_groups(self, groups: Sequence[PaletteGroup]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = []
        for group in groups:
            if group.entries:
                self._rows += [group, *group.entries]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the row, or its words."""
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.title if isinstance(row, PaletteGroup) else row.text()
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Return that entries can be chosen and headings cannot."""
        if isinstance(self._rows[index.row()], PaletteGroup):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def next_entry(self, row: int, step: int) -> int:
        """Return the entry after (`step` 1) or before (-1) `row`; `row` itself at the end. -1 when there is none."""
        here = row + step
        while 0 <= here < len(self._rows):
            if isinstance(self._rows[here], PaletteEntry):
                return here
            here += step
        return row if 0 <= row < len(self._rows) else -1
