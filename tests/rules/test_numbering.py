"""Codes of records and numbers of archives: readable, and never the same twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.numbering import Series, archive_number, code

YEARS = st.integers(2000, 2099)
BRANCHES = st.integers(0, 40)
NUMBERS = st.integers(1, 20_000)


@pytest.mark.parametrize(
    ("series", "year", "branch", "number", "expected"),
    [
        (Series.REFERRAL, 2026, 0, 7, "ZJ-2026-007"),
        (Series.APPOINTMENT, 2026, 0, 1, "YY-2026-001"),
        (Series.CASE, 2027, 0, 999, "GA-2027-999"),
        (Series.CASE, 2027, 0, 1000, "GA-2027-1000"),
        (Series.ARCHIVE, 2026, 0, 42, "DA-2026-042"),
        (Series.REFERRAL, 2026, 1, 7, "ZJ-2026-1-007"),
        (Series.REFERRAL, 2026, 12, 7, "ZJ-2026-12-007"),
        (Series.CRISIS, 2026, 0, 3, "Z2026-003"),
        (Series.CRISIS, 2026, 2, 3, "Z2026-2-003"),
        (Series.CASE, 26, 0, 1, "GA-0026-001"),
        (Series.CASE, 26, 3, 1, "GA-0026-3-001"),
    ],
)
def test_a_code_names_series_year_branch_and_number(
    series: Series, year: int, branch: int, number: int, expected: str
) -> None:
    assert code(series, year, branch, number) == expected


@pytest.mark.parametrize(
    ("branch", "number", "expected"),
    [
        (0, 1, "1Z-2026-2027-DA-0001"),
        (0, 9999, "1Z-2026-2027-DA-9999"),
        (0, 10000, "1Z-2026-2027-DA-10000"),
        (1, 1, "1Z-2026-2027-DA1-0001"),
        (12, 345, "1Z-2026-2027-DA12-0345"),
    ],
)
def test_an_archive_number_names_school_year_kind_and_number(branch: int, number: int, expected: str) -> None:
    assert archive_number("1Z", "2026-2027", branch, number) == expected


@pytest.mark.parametrize(("branch", "number"), [(0, 0), (0, -1), (-1, 1), (-1, 0), (3, 0), (-5, -5)])
def test_numbers_count_from_one_and_branches_from_nought(branch: int, number: int) -> None:
    with pytest.raises(ValueError, match=r"\Anumbers count from 1, branches from 0\Z"):
        code(Series.CASE, 2026, branch, number)
    with pytest.raises(ValueError, match=r"\Anumbers count from 1, branches from 0\Z"):
        archive_number("1Z", "2026-2027", branch, number)


@settings(deadline=None)
@given(first=st.tuples(st.sampled_from(Series), YEARS, BRANCHES, NUMBERS), second=st.data())
def test_different_things_never_share_a_code(first: tuple[Series, int, int, int], second: st.DataObject) -> None:
    series, year, branch, number = first
    other = (
        second.draw(st.sampled_from([series, Series.CASE])),
        second.draw(st.sampled_from([year, year + 1])),
        second.draw(st.sampled_from([branch, branch + 1, number])),
        second.draw(st.sampled_from([number, number + 1, max(branch, 1)])),
    )
    assert (code(*first) == code(*other)) is (first == other)


@settings(deadline=None)
@given(one=st.tuples(YEARS, BRANCHES, NUMBERS), two=st.tuples(YEARS, BRANCHES, NUMBERS))
def test_different_archives_never_share_a_number(one: tuple[int, int, int], two: tuple[int, int, int]) -> None:
    def number(year: int, branch: int, count: int) -> str:
        return archive_number("1Z", f"{year}-{year + 1}", branch, count)

    assert (number(*one) == number(*two)) is (one == two)


def test_a_restored_vault_never_repeats_what_was_printed_before() -> None:
    printed = {code(Series.REFERRAL, 2026, 0, number) for number in range(1, 1200)}
    restored = {code(Series.REFERRAL, 2026, 4, number) for number in range(1, 1200)}
    again = {code(Series.REFERRAL, 2026, 5, number) for number in range(1, 1200)}
    assert len(printed | restored | again) == 3 * 1199
