"""A short list whose cells are known as a whole: the log of backups, the terms, the accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_roles import ListRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Cell:
    """A cell.

    Attributes:
        text: its words.
        chip: painted in the place of the words.
        is_action: the words are a verb that can be pressed.
        bold: in bold.
        tone: colour token.
        right: aligned at the right, as numbers are.
        after: a short secondary text behind the words.
        is_due: the action is the one that is due now.
        is_current: the row stands out from the others.
    """

    text: str = ""
    chip: ChipFace | None = None
    is_action: bool = False
    bold: bool = False
    tone: str = ""
    right: bool = False
    after: str = ""
    is_due: bool = False
    is_current: bool = False


def _text(cell: Cell) -> str:
    return cell.chip.text if cell.chip else cell.text


_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
# Asked eight times for each cell that is painted, hence a table and no questions one after the other.
_ANSWERS: Mapping[int, Callable[[Cell], Any]] = {
    int(Qt.ItemDataRole.DisplayRole): _text,
    int(Qt.ItemDataRole.AccessibleTextRole): _text,
    int(Qt.ItemDataRole.TextAlignmentRole): lambda cell: _RIGHT if cell.right else None,
    int(ListRole.CHIP): lambda cell: cell.chip,
    int(ListRole.ACTION): lambda cell: cell.text if cell.is_action else None,
    int(ListRole.BOLD): lambda cell: cell.bold,
    int(ListRole.TONE): lambda cell: cell.tone or None,
    int(ListRole.AFTER): lambda cell: cell.after or None,
    int(ListRole.DUE): lambda cell: cell.is_due,
    int(ListRole.CURRENT): lambda cell: cell.is_current,
}


class PlainModel(QAbstractTableModel):
    """Shows rows of cells; each row has a key by which the page knows it."""

    def __init__(self, heads: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._rows: list[tuple[str, tuple[Cell, ...]]] = []

    def show(self, rows: Sequence[tuple[str, tuple[Cell, ...]]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def key_at(self, row: int) -> str:
        """Return the key of a row; empty when there is none."""
        return self._rows[row][0] if 0 <= row < len(self._rows) else ""

    def row_of(self, key: str) -> int:
        """Return the row of a key, or -1."""
        return next((number for number, (known, _cells) in enumerate(self._rows) if known == key), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and self._rows:
            right = self._rows[0][1][section].right  # a head stands over its numbers
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role of a cell says."""
        answer = _ANSWERS.get(int(role))
        return None if answer is None else answer(self._rows[index.row()][1][index.column()])
