"""No hidden count can be found out from what is shown (R-04), tried by an attacker who lists all tables."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.small_cells import PublishedTable, publish, publish_line


def tables_like(shown: PublishedTable, most: int) -> list[tuple[tuple[int, ...], ...]]:
    """Return all tables of counts up to `most` that agree with what is shown."""
    rows, columns = len(shown.cells), len(shown.cells[0])

    def row_choices(row: int) -> list[tuple[int, ...]]:
        free = [range(most + 1) if cell is None else (cell,) for cell in shown.cells[row]]
        total = shown.row_totals[row]
        return [choice for choice in product(*free) if total is None or sum(choice) == total]

    found = []
    for table in product(*(row_choices(row) for row in range(rows))):
        sums = [sum(table[row][column] for row in range(rows)) for column in range(columns)]
        if any(total is not None and total != made for total, made in zip(shown.column_totals, sums, strict=True)):
            continue
        if shown.total is not None and sum(sums) != shown.total:
            continue
        found.append(table)
    return found


def hidden_numbers(shown: PublishedTable, table: tuple[tuple[int, ...], ...]) -> dict[str, int]:
    """Return what a table says about everything that is hidden."""
    rows, columns = range(len(table)), range(len(table[0]))
    numbers = {f"{r},{c}": table[r][c] for r in rows for c in columns if shown.cells[r][c] is None}
    numbers |= {f"row {r}": sum(table[r]) for r in rows if shown.row_totals[r] is None}
    numbers |= {f"col {c}": sum(table[r][c] for r in rows) for c in columns if shown.column_totals[c] is None}
    return numbers


def assert_nothing_can_be_found_out(counts: list[list[int]], smallest: int) -> None:
    shown = publish(counts, smallest)
    tables = tables_like(shown, max(map(max, counts)) + 2)
    assert tuple(map(tuple, counts)) in tables
    first = hidden_numbers(shown, tables[0])
    for key in first:
        assert len({hidden_numbers(shown, table)[key] for table in tables}) > 1, key


@settings(deadline=None, max_examples=120)
@given(st.data())
def test_r_04_no_hidden_cell_comes_back_from_totals(data: st.DataObject) -> None:
    rows, columns = data.draw(st.sampled_from([(1, 2), (2, 1), (1, 3), (2, 2), (2, 3), (3, 2)]))
    counts = data.draw(
        st.lists(st.lists(st.integers(0, 5), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    assert_nothing_can_be_found_out(counts, data.draw(st.integers(1, 4)))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(st.integers(0, 30), min_size=6, max_size=6), min_size=5, max_size=5))
def test_what_is_shown_is_true_and_nothing_small_is_shown(counts: list[list[int]]) -> None:
    shown = publish(counts, 5)
    for row, cells in zip(counts, shown.cells, strict=True):
        assert all(cell is None or cell == count for count, cell in zip(row, cells, strict=True))
        assert all(cell is None for count, cell in zip(row, cells, strict=True) if count < 5)
    for row, total in zip(counts, shown.row_totals, strict=True):
        assert total in (None, sum(row))
    assert shown.total in (None, sum(map(sum, counts)))
    # One hidden cell in a line is its total less the others.
    lines = [(*cells, total) for cells, total in zip(shown.cells, shown.row_totals, strict=True)]
    lines += [
        (*column, total) for column, total in zip(zip(*shown.cells, strict=True), shown.column_totals, strict=True)
    ]
    assert all(sum(cell is None for cell in line) != 1 for line in lines)


def test_large_counts_are_all_shown() -> None:
    shown = publish([[9, 8], [7, 6]], 5)
    assert (shown.cells, shown.row_totals, shown.column_totals, shown.total) == (
        ((9, 8), (7, 6)),
        (17, 13),
        (16, 14),
        30,
    )
    assert not shown.hides


def test_one_small_cell_takes_three_others_along() -> None:
    shown = publish([[2, 20, 9], [30, 40, 50], [9, 60, 70]], 5)
    assert shown.cells == ((None, 20, None), (30, 40, 50), (None, 60, None))
    assert shown.row_totals == (31, 120, 139)
    assert shown.total == 290


def test_a_line_of_counts() -> None:
    assert publish_line([8, 2, 9], 5) == ((None, None, 9), 19)
    assert publish_line([8, 9], 5) == ((8, 9), 17)
    assert publish_line([1, 1], 5) == ((None, None), None)


@pytest.mark.parametrize("counts", [[], [[]], [[1], [1, 2]], [[-1, 2]]])
def test_what_is_no_table(counts: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="equal length"):
        publish(counts, 5)
