"""Widths of the columns of a list whose columns are only known when it runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

_LEAST, _FIRST, _CAPS = 64, 160, range(240, 95, -8)
"""Pixels: the narrowest column, the widest first one, and the widest of the others while room grows less."""
_ENOUGH = 120
"""A cap that shows dates and short names whole: columns without an answer go before it is lowered."""
_BESIDE_HEAD, _BESIDE_SORTED = 24, 44
"""Pixels beside the words of a head, and of the one with the arrow. Qt would keep room for an arrow in all of them."""
_LOOKED_AT = 100
"""Rows whose words are measured; a longer list is measured by its beginning."""
_NOTHING = ("—", "")
"""What a cell without an answer shows."""


def fit_columns(table: QTableView, scale: float = 1.0) -> None:
    """Give each column what its words need, less to the widest where not all fit; the last takes what is left.

    Where even that is too much, columns are left away from the right: first those in which nothing stands, then
    others, for a row that is opened shows them all. The first column stays, and the one the list is sorted by.

    Args:
        table: the list, filled.
        scale: of the letters, against their standard size.
    """
    head = table.horizontalHeader()
    head.setResizeContentsPrecision(_LOOKED_AT)
    for column in range(head.count()):
        table.setColumnHidden(column, False)
    needed = {column: max(_needed(table, column), _LEAST * scale) for column in range(head.count())}
    room = table.viewport().width()

    def all_widths(cap: float) -> dict[int, int]:
        return {
            column: int(min(width, _FIRST * scale if column == 0 else cap * scale)) for column, width in needed.items()
        }

    for cap, only_empty in ((_ENOUGH, True), (_CAPS[-1], False)):
        for column in reversed(range(1, head.count())):
            if sum(all_widths(cap).values()) <= room:
                break
            if column in needed and not _is_sorted_by(table, column) and (not only_empty or _is_empty(table, column)):
                del needed[column]
                table.setColumnHidden(column, True)
    cap = next((cap for cap in _CAPS if sum(all_widths(cap).values()) <= room), _CAPS[-1])
    for column, width in all_widths(cap).items():
        head.resizeSection(column, width)


def _needed(table: QTableView, column: int) -> float:
    head = table.horizontalHeader()
    words = str(table.model().headerData(column, Qt.Orientation.Horizontal) or "")
    beside = _BESIDE_SORTED if _is_sorted_by(table, column) else _BESIDE_HEAD
    return max(table.sizeHintForColumn(column), head.fontMetrics().horizontalAdvance(words) + beside)


def _is_sorted_by(table: QTableView, column: int) -> bool:
    head = table.horizontalHeader()
    return head.isSortIndicatorShown() and head.sortIndicatorSection() == column


def _is_empty(table: QTableView, column: int) -> bool:
    model = table.model()
    rows = range(min(model.rowCount(), _LOOKED_AT))
    return bool(rows) and all(model.index(row, column).data() in _NOTHING for row in rows)
