"""A short list whose cells are known as a whole: the log of backups, the terms, the accounts."""

from __future__ import annotations

from collections.abc import Sequence
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
        cell = self._rows[index.row()][1][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.chip.text if cell.chip else cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole and cell.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        answers: dict[int, Any] = {
            ListRole.CHIP: cell.chip,
            ListRole.ACTION: cell.text if cell.is_action else None,
            ListRole.BOLD: cell.bold,
            ListRole.TONE: cell.tone or None,
            ListRole.AFTER: cell.after or None,
            ListRole.DUE: cell.is_due,
            ListRole.CURRENT: cell.is_current,
        }
        return answers.get(role)
