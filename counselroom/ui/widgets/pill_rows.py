"""Pills that belong together, so many in a row, each as wide as its words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

_GAP = 8


def pill_rows(pills: Sequence[QWidget], columns: int) -> QVBoxLayout:
    """Return rows of `columns` pills. In a grid a long word would push the pills below it apart."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(_GAP)
    for first in range(0, len(pills), columns):
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        for pill in pills[first : first + columns]:
            row.addWidget(pill)
        row.addStretch(1)
        column.addLayout(row)
    return column
