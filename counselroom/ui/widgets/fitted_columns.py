"""Widths of the columns of a list whose columns are only known when it runs."""

from __future__ import annotations

from PySide6.QtWidgets import QTableView

_LEAST, _CAPS = 64, range(240, 119, -8)


def fit_columns(table: QTableView, scale: float = 1.0) -> None:
    """Give each column what its words need, less to the widest where not all fit; the last takes what is left.

    Args:
        table: the list, filled.
        scale: of the letters, against their standard size.
    """
    table.resizeColumnsToContents()
    head = table.horizontalHeader()
    needed = [head.sectionSize(column) for column in range(head.count())]
    room = table.viewport().width()
    caps = (cap * scale for cap in _CAPS)
    cap = next((cap for cap in caps if sum(min(width, cap) for width in needed) <= room), _CAPS[-1] * scale)
    for column, width in enumerate(needed):
        head.resizeSection(column, round(min(max(width, _LEAST * scale), cap)))
