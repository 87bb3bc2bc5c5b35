"""Two tables about the same people, published so that they do not tell of each other what each hides (R-04).

Visits by topic are a line; clients by topic and grade are a table. Where everybody came once and named one topic, the
line is the sums of the table's rows, and the clients of each grade, told elsewhere, are the sums of its columns. What
is shown is therefore what may be shown in that case, whether it is so or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counselroom.rules.small_cells import publish, publish_line


@dataclass(frozen=True)
class LinkedTables:
    """What may be shown of both; None stands for a hidden count.

    Attributes:
        line: of each row, the visits.
        cells: of each row and column, the people.
    """

    line: tuple[int | None, ...]
    cells: tuple[tuple[int | None, ...], ...]


def publish_linked(
    visits: Sequence[int], people: Sequence[Sequence[int]], told_columns: Sequence[bool], smallest: int
) -> LinkedTables:
    """Return what may be shown of visits by row and of people by row and column.

    Args:
        visits: of each row; the last row takes those that belong to no other, so that nobody is left out.
        people: rows as long as `told_columns`, in the order of `visits`.
        told_columns: whether the people of a column are told elsewhere.
        smallest: a count below it is hidden, as are as many others as it takes.

    Raises:
        ValueError: the tables do not fit together, a count is negative, or there is nothing.
    """
    if len(visits) != len(people) or any(len(row) != len(told_columns) for row in people):
        message = "the line and the table have the same rows, and the table has the columns that are told of"
        raise ValueError(message)
    line, _total = publish_line(visits, smallest)
    table = publish(people, smallest)
    # What the table would hide of its sums is told by the others: such rows and columns are hidden whole.
    rows = [shown is not None and total is not None for shown, total in zip(line, table.row_totals, strict=True)]
    columns = [told and total is not None for told, total in zip(told_columns, table.column_totals, strict=True)]
    cells = tuple(
        tuple(cell if row_told and column_told else None for cell, column_told in zip(cells, columns, strict=True))
        for cells, row_told in zip(table.cells, rows, strict=True)
    )
    return LinkedTables(line, cells)
