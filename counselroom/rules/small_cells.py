"""Small cells of a table of counts hidden so that no sum or difference brings them back (R-04).

A table with its totals is a larger table whose lines all come to nothing when totals count negatively. A hidden cell is
safe when it could be one more or one less while every line still does and no count falls below nothing: that is a way
from the cell back to itself over hidden cells, by turns along a row and along a column.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

Cell = tuple[int, int]


@dataclass(frozen=True)
class PublishedTable:
    """What may be shown of a table; None stands for a hidden count.

    Attributes:
        cells: rows of counts.
        row_totals: of each row.
        column_totals: of each column.
        total: of all.
        smallest: the least count that is shown, for the words `<5`.
    """

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    smallest: int

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        lines = (*self.cells, self.row_totals, self.column_totals, (self.total,))
        return any(count is None for line in lines for count in line)


def publish(counts: Sequence[Sequence[int]], smallest: int) -> PublishedTable:
    """Return what may be shown of a table of people or visits.

    Args:
        counts: rows of equal length; none is negative.
        smallest: a count below it is hidden, as are as many others as it takes.

    Raises:
        ValueError: the rows differ in length, a count is negative, or there is nothing.
    """
    if not counts or not counts[0] or len({len(row) for row in counts}) != 1 or min(map(min, counts)) < 0:
        message = "a table has rows of equal length with counts from 0"
        raise ValueError(message)
    table = [[*row, sum(row)] for row in counts]
    table.append([sum(column) for column in zip(*table, strict=True)])
    hidden = _hide(table, smallest)

    def shown(row: int, column: int) -> int | None:
        return None if (row, column) in hidden else table[row][column]

    last_row, last_column = len(counts), len(counts[0])
    return PublishedTable(
        tuple(tuple(shown(row, column) for column in range(last_column)) for row in range(last_row)),
        tuple(shown(row, last_column) for row in range(last_row)),
        tuple(shown(last_row, column) for column in range(last_column)),
        shown(last_row, last_column),
        smallest,
    )


def publish_line(counts: Sequence[int], smallest: int) -> tuple[tuple[int | None, ...], int | None]:
    """Return what may be shown of a single line of counts, and of its total."""
    found = publish([counts], smallest)
    return found.cells[0], found.total


def _hide(table: list[list[int]], smallest: int) -> set[Cell]:
    rows, columns = len(table), len(table[0])
    everything = set(product(range(rows), range(columns)))
    hidden = {(row, column) for row, column in everything if table[row][column] < smallest}
    # A total of one cell is that cell.
    if rows == 2:
        hidden |= {(1 - row, column) for row, column in hidden if column < columns - 1}
    if columns == 2:
        hidden |= {(row, 1 - column) for row, column in hidden if row < rows - 1}
    while True:
        open_ones = [cell for cell in sorted(hidden) if not _is_safe(table, hidden, cell)]
        if not open_ones or hidden == everything:
            return hidden
        hidden.add(_next_to_hide(table, hidden, everything - hidden, open_ones[0]))


def _next_to_hide(table: list[list[int]], hidden: set[Cell], shown: set[Cell], cell: Cell) -> Cell:
    """Return what is hidden beside a cell that could be found out.

    One that makes it safe, if any single one does; counts before totals, those in its lines first, the smallest first.
    """
    last_row, last_column = len(table) - 1, len(table[0]) - 1

    def order(other: Cell) -> tuple[int, int, int, Cell]:
        totals = (other[0] == last_row) + (other[1] == last_column)
        beside = other[0] == cell[0] or other[1] == cell[1]
        return totals, 0 if beside else 1, table[other[0]][other[1]], other

    found = sorted(shown, key=order)
    return next((other for other in found if _is_safe(table, hidden | {other}, cell)), found[0])


def _is_safe(table: list[list[int]], hidden: set[Cell], cell: Cell) -> bool:
    return any(_can_change(table, hidden, cell, up=up) for up in (True, False))


def _may(table: list[list[int]], cell: Cell, *, up: bool) -> bool:
    """Return whether a cell can go up or down as the larger table counts it, where totals of one line are negative."""
    is_negative = (cell[0] == len(table) - 1) != (cell[1] == len(table[0]) - 1)
    return (up != is_negative) or table[cell[0]][cell[1]] > 0


def _can_change(table: list[list[int]], hidden: set[Cell], cell: Cell, *, up: bool) -> bool:
    """Return whether a way leads from a cell over hidden cells and back, going up and down by turns."""
    if not _may(table, cell, up=up):
        return False
    # First the other way along the column, then the same way along a row, until the row of the cell is reached.
    seen_columns = {cell[1]}
    waiting = deque([cell[1]])
    while waiting:
        column = waiting.popleft()
        for row, other in hidden:
            if other != column or (row, other) == cell or not _may(table, (row, other), up=not up):
                continue
            if row == cell[0]:
                return True
            for same_row, next_column in hidden:
                if same_row == row and next_column not in seen_columns and _may(table, (row, next_column), up=up):
                    seen_columns.add(next_column)
                    waiting.append(next_column)
    return False
