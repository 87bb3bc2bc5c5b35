"""A long list whose cells are known, read from the vault in pieces as one scrolls down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex

from counselroom.ui.models.plain import Cell, PlainModel

Index = QModelIndex | QPersistentModelIndex


class PieceModel(PlainModel):
    """Shows the first rows and asks for more when the last of them comes into sight.

    Args:
        heads: the words of the columns.
        fetch: asks for the rows behind this many; they come back by `append`.
    """

    def __init__(self, heads: Sequence[str], fetch: Callable[[int], None], parent: QObject | None = None) -> None:
        super().__init__(heads, parent)
        self._fetch = fetch
        self._total = 0
        self._is_fetching = False

    def show_first(self, rows: Sequence[tuple[str, tuple[Cell, ...]]], total: int) -> None:
        """Show another list from its beginning; `total` is how many rows it has in all."""
        self._total, self._is_fetching = total, False
        self.show(rows)

    def append(self, rows: Sequence[tuple[str, tuple[Cell, ...]]]) -> None:
        """Add the piece that was asked for; without a row the list is at its end."""
        self._is_fetching = False
        if not rows:
            self._total = len(self._rows)
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Tell whether the list goes on."""
        return not parent.isValid() and not self._is_fetching and len(self._rows) < self._total

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the next piece."""
        if self.canFetchMore(parent):
            self._is_fetching = True
            self._fetch(len(self._rows))
