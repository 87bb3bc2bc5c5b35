"""The rows of a register as a table reads them: columns from the definition, masked by the page's face."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.i18n import pgettext
from counselroom.rules.registers import RegisterState
from counselroom.services.register_definitions import Register, RegisterField
from counselroom.services.register_exports import state_word
from counselroom.services.register_rows import RowView
from counselroom.ui.masking import Face
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_roles import ListRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_COVERED = "……"
_FREE = frozenset({"text", "note", "table"})
STATE = 1
"""The column of the state."""


class RegisterModel(QAbstractTableModel):
    """The shown columns of a register, with the state behind the first, where it is always seen.

    Args:
        face: how people are shown now.
    """

    def __init__(self, face: Callable[[], Face], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._fields: tuple[RegisterField, ...] = ()
        self._register: Register | None = None
        self._rows: list[RowView] = []
        self._open: frozenset[str] = frozenset()
        self._order: tuple[int, Qt.SortOrder] = (0, Qt.SortOrder.DescendingOrder)

    def show(self, register: Register, rows: Sequence[RowView], waiting: frozenset[str] = frozenset()) -> None:
        """Show a register, and which rows wait for what follows from them; another is sorted as its definition says."""
        self.beginResetModel()
        if self._register is None or self._register.key != register.key:
            down = Qt.SortOrder.DescendingOrder if register.newest_first else Qt.SortOrder.AscendingOrder
            place = register.shown.index(register.sort) if register.sort in register.shown else 0
            self._order = (place + (place >= STATE), down)
        self._register, self._open = register, waiting
        self._fields = tuple(register.field(link_id) for link_id in register.shown)
        self._rows = list(rows)
        self._sort_rows()
        self.endResetModel()

    def clear(self) -> None:
        """Show nothing, as for a register that cannot be read."""
        self.beginResetModel()
        self._register, self._fields, self._rows = None, (), []
        self.endResetModel()

    def order(self) -> tuple[int, Qt.SortOrder]:
        """Return the column the rows are sorted by, and the direction."""
        return self._order

    def row_at(self, row: int) -> RowView | None:
        """Return a row, or None."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, row_id: str) -> int:
        """Return the place of a row, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.id == row_id), -1)

    def is_right(self, column: int) -> bool:
        """Tell whether a column holds numbers."""
        asked = self._field(column)
        return asked is not None and asked.type == "int"

    def masking_changed(self) -> None:
        """Show everything anew."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._fields)))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the shown fields and the state."""
        return 0 if parent.isValid() or self._register is None else len(self._fields) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column, over numbers at the right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            asked = self._field(section)
            return pgettext("register", "State") if asked is None else asked.label
        if role == Qt.ItemDataRole.TextAlignmentRole and self.is_right(section):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell as it may be shown now."""
        row, column = self._rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and self.is_right(column):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == ListRole.CHIP and column == STATE:
            return state_chip(row, is_open=row.id in self._open)
        if role == ListRole.TONE and (row.void_reason is not None or column == STATE):
            return "ink3"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; rows without an answer come last."""
        if (column, order) == self._order or not 0 <= column < self.columnCount():
            return
        self.beginResetModel()
        self._order = (column, order)
        self._sort_rows()
        self.endResetModel()

    def _field(self, column: int) -> RegisterField | None:
        """Return the field of a column; None for the state."""
        return None if column == STATE else self._fields[column - (column > STATE)]

    def _sort_rows(self) -> None:
        column, order = self._order
        down = order is Qt.SortOrder.DescendingOrder

        def value(row: RowView) -> Any:
            asked = self._field(column)
            if asked is None:
                return (row.void_reason is not None, row.id not in self._open, row.state)
            found = row.data.get(asked.link_id)
            if asked.type in ("int", "bool"):
                return found if isinstance(found, int) else None
            return row.texts.get(asked.link_id) or None

        there = [row for row in self._rows if value(row) is not None]
        missing = [row for row in self._rows if value(row) is None]
        self._rows = sorted(there, key=value, reverse=down) + missing

    def _text(self, row: RowView, column: int) -> str:
        asked, face = self._field(column), self._face()
        if asked is None:
            return open_word() if row.id in self._open else state_word(row)
        text = row.texts.get(asked.link_id, "")
        if self._register is None or not text:
            return "—"
        secret = self._register.secrecy.leaves_a_trace
        if asked.type == "person":
            return face.name(text) if secret or self._register.about_student else text
        if secret and asked.type in _FREE:
            return face.text(text) or _COVERED
        return text.replace("\n", " ")


def open_word() -> str:
    """Return the state of a row that waits for its assessment."""
    return pgettext("register", "to be assessed")


def state_chip(row: RowView, *, is_open: bool = False) -> ChipFace | None:
    """Return the chip for a row that is not simply filed."""
    if is_open:
        return ChipFace(open_word(), "amber", "mdi6.clock-outline")
    if row.void_reason is not None:
        return ChipFace(state_word(row), "brick", "mdi6.close-circle-outline")
    if row.state is RegisterState.DRAFT:
        return ChipFace(state_word(row), "slate", "mdi6.pencil-outline")
    return None
