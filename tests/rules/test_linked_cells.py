"""What two tables about the same people say together brings no hidden count back (R-04)."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.linked_cells import LinkedTables, publish_linked
from counselroom.rules.small_cells import publish_line


def tables_like(
    shown: LinkedTables, columns: tuple[int | None, ...], total: int | None, most: int
) -> list[tuple[tuple[int, ...], ...]]:
    """Return all tables in which everybody came once for one thing and that agree with all that is shown."""
    choices = []
    for cells, visits in zip(shown.cells, shown.line, strict=True):
        free = [range(most + 1) if cell is None else (cell,) for cell in cells]
        choices.append([row for row in product(*free) if visits is None or sum(row) == visits])
    found = []
    for table in product(*choices):
        sums = [sum(column) for column in zip(*table, strict=True)]
        fits = all(told is None or told == made for told, made in zip(columns, sums, strict=True))
        if fits and total in (None, sum(sums)):
            found.append(table)
    return found


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_r_04_topics_and_grades_together_tell_nothing_hidden(data: st.DataObject) -> None:
    rows, columns = data.draw(st.sampled_from([(1, 2), (2, 1), (3, 1), (2, 2), (2, 3), (3, 2)]))
    line = st.lists(st.integers(0, 5), min_size=columns, max_size=columns)
    people = data.draw(st.lists(line, min_size=rows, max_size=rows))
    smallest = data.draw(st.integers(1, 4))
    of_columns, total = publish_line([sum(column) for column in zip(*people, strict=True)], smallest)
    shown = publish_linked([sum(row) for row in people], people, [told is not None for told in of_columns], smallest)
    tables = tables_like(shown, of_columns, total, max(map(max, people)) + 2)
    assert tuple(map(tuple, people)) in tables
    for row, column in product(range(rows), range(columns)):
        if shown.cells[row][column] is None and people[row][column] < smallest:
            assert len({table[row][column] for table in tables}) > 1
        assert shown.cells[row][column] in (None, people[row][column])


def test_large_counts_are_all_shown() -> None:
    shown = publish_linked([12, 20], [[5, 7], [6, 9]], [True, True], 5)
    assert shown == LinkedTables((12, 20), ((5, 7), (6, 9)))


def test_a_column_that_is_told_nowhere_is_hidden_whole() -> None:
    shown = publish_linked([12, 20], [[5, 7], [6, 9]], [True, False], 5)
    assert shown.cells == ((5, None), (6, None))


def test_a_topic_of_few_visits_is_hidden_in_the_table_too() -> None:
    shown = publish_linked([4, 20, 30], [[2, 2], [6, 9], [8, 8]], [True, True], 5)
    assert shown.line[0] is None
    assert shown.cells[0] == (None, None)


def test_a_topic_that_guards_a_small_one_is_hidden_in_the_table_too() -> None:
    shown = publish_linked([4, 20, 11], [[2, 2], [5, 5], [5, 6]], [True, True], 5)
    assert shown.line == (None, 20, None)
    assert shown.cells[2] == (None, None)


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="same rows"):
        publish_linked([1], [[1], [2]], [True], 5)
    with pytest.raises(ValueError, match="same rows"):
        publish_linked([1], [[1, 2]], [True], 5)
