"""Academic years, terms and the stop of bookings (R-18, SYS-03, SYS-05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.school_calendar import (
    Place,
    TermSpan,
    academic_year_of,
    booking_stopped,
    overlapping_terms,
    place_of,
)

AUTUMN = TermSpan("2026-2027", 1, date(2026, 9, 1), date(2027, 1, 22), date(2027, 1, 8))
SPRING = TermSpan("2026-2027", 2, date(2027, 2, 22), date(2027, 7, 9), date(2027, 6, 25))
NEXT = TermSpan("2027-2028", 1, date(2027, 8, 30), date(2028, 1, 21), date(2028, 1, 7))
LEAP = TermSpan("2027-2028", 2, date(2028, 2, 21), date(2028, 7, 7), date(2028, 6, 23))
TERMS = (AUTUMN, SPRING, NEXT, LEAP)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 1, 1), "2025-2026"),
        (date(2026, 7, 31), "2025-2026"),
        (date(2026, 8, 1), "2026-2027"),
        (date(2026, 8, 2), "2026-2027"),
        (date(2026, 8, 31), "2026-2027"),
        (date(2026, 9, 1), "2026-2027"),
        (date(2026, 12, 31), "2026-2027"),
        (date(2027, 1, 1), "2026-2027"),
        (date(2028, 2, 29), "2027-2028"),
        (date(2099, 12, 31), "2099-2100"),
    ],
)
def test_R18_without_a_calendar_the_year_begins_on_the_first_of_august(day: date, year: str) -> None:
    assert academic_year_of(day) == year
    assert place_of(day, ()) == Place(year, None)


@pytest.mark.parametrize(
    ("day", "year", "term"),
    [
        (date(2026, 8, 31), "2026-2027", None),
        (date(2026, 9, 1), "2026-2027", "2026-2027-1"),
        (date(2026, 9, 2), "2026-2027", "2026-2027-1"),
        (date(2026, 12, 31), "2026-2027", "2026-2027-1"),
        (date(2027, 1, 1), "2026-2027", "2026-2027-1"),
        (date(2027, 1, 22), "2026-2027", "2026-2027-1"),
        (date(2027, 1, 23), "2026-2027", None),
        (date(2027, 2, 21), "2026-2027", None),
        (date(2027, 2, 22), "2026-2027", "2026-2027-2"),
        (date(2027, 7, 9), "2026-2027", "2026-2027-2"),
        (date(2027, 7, 10), "2026-2027", None),
        (date(2027, 7, 31), "2026-2027", None),
        (date(2027, 8, 1), "2027-2028", None),
        (date(2027, 8, 29), "2027-2028", None),
        (date(2027, 8, 30), "2027-2028", "2027-2028-1"),
        (date(2028, 2, 29), "2027-2028", "2027-2028-2"),
    ],
)
@pytest.mark.parametrize("terms", [TERMS, TERMS[::-1], (LEAP, AUTUMN, NEXT, SPRING)])
def test_R18_a_day_belongs_to_the_term_it_lies_in(
    day: date, year: str, term: str | None, terms: tuple[TermSpan, ...]
) -> None:
    assert place_of(day, terms) == Place(year, term)


def test_R18_the_schools_calendar_counts_more_than_the_first_of_august() -> None:
    early = TermSpan("2026-2027", 1, date(2026, 7, 20), date(2026, 12, 20), date(2026, 12, 10))
    late = TermSpan("2025-2026", 2, date(2026, 3, 1), date(2026, 8, 15), date(2026, 8, 1))
    assert place_of(date(2026, 7, 20), (early,)) == Place("2026-2027", "2026-2027-1")
    assert place_of(date(2026, 8, 15), (late,)) == Place("2025-2026", "2025-2026-2")
    assert place_of(date(2026, 8, 16), (late,)) == Place("2026-2027", None)


def test_R18_a_break_that_goes_over_the_first_of_august_stays_in_its_year() -> None:
    first = TermSpan("2026-2027", 1, date(2026, 2, 1), date(2026, 7, 20), date(2026, 7, 1))
    second = TermSpan("2026-2027", 2, date(2026, 8, 20), date(2026, 12, 20), date(2026, 12, 1))
    for day in (date(2026, 7, 21), date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 19)):
        assert place_of(day, (first, second)) == Place("2026-2027", None)
    assert place_of(date(2026, 12, 21), (first, second)) == Place("2026-2027", None)
    assert place_of(date(2026, 1, 31), (first, second)) == Place("2025-2026", None)


def test_R18_where_two_years_lie_around_a_day_the_earlier_one_has_it() -> None:
    around = (
        TermSpan("2026-2027", 1, date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 1)),
        TermSpan("2026-2027", 2, date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 31)),
        TermSpan("2027-2028", 1, date(2026, 4, 1), date(2026, 5, 1), date(2026, 5, 1)),
        TermSpan("2027-2028", 2, date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 1)),
    )
    for terms in (around, around[::-1]):
        assert place_of(date(2026, 9, 1), terms) == Place("2026-2027", None)


def test_R18_terms_are_named_by_year_and_number() -> None:
    assert [term.key for term in TERMS] == ["2026-2027-1", "2026-2027-2", "2027-2028-1", "2027-2028-2"]


@settings(deadline=None)
@given(day=st.dates(date(2026, 8, 1), date(2028, 7, 31)))
def test_R18_every_day_has_one_year_and_at_most_one_term(day: date) -> None:
    place = place_of(day, TERMS)
    within = [term.key for term in TERMS if term.starts_on <= day <= term.ends_on]
    assert place.academic_year == academic_year_of(day)
    assert ([] if place.term is None else [place.term]) == within


@pytest.mark.parametrize(
    ("day", "stopped"),
    [
        (date(2026, 9, 1), False),
        (date(2027, 1, 7), False),
        (date(2027, 1, 8), False),  # the stop day itself
        (date(2027, 1, 9), True),
        (date(2027, 1, 22), True),  # the last day of the term
        (date(2027, 1, 23), False),  # the holidays
        (date(2027, 2, 21), False),
        (date(2027, 2, 22), False),  # the next term's first day
        (date(2027, 6, 25), False),
        (date(2027, 6, 26), True),
        (date(2027, 7, 9), True),
        (date(2027, 7, 10), False),
        (date(2027, 8, 30), False),
    ],
)
def test_no_booking_after_the_stop_day_of_the_term(day: date, stopped: bool) -> None:
    assert booking_stopped(day, TERMS) is stopped
    assert booking_stopped(day, TERMS[::-1]) is stopped


def test_a_stop_day_at_the_end_of_the_term_stops_nothing_and_one_at_its_start_all_but_that_day() -> None:
    open_end = TermSpan("2026-2027", 1, date(2026, 9, 1), date(2027, 1, 22), date(2027, 1, 22))
    assert not any(booking_stopped(open_end.starts_on + n * DAY, (open_end,)) for n in range(200))
    shut = TermSpan("2026-2027", 1, date(2026, 9, 1), date(2026, 9, 10), date(2026, 9, 1))
    assert [booking_stopped(shut.starts_on + n * DAY, (shut,)) for n in range(-1, 11)] == [
        False, False, *[True] * 9, False
    ]  # fmt: skip


def test_a_term_whose_stop_day_lies_before_it_takes_no_booking_at_all() -> None:
    shut = TermSpan("2026-2027", 1, date(2026, 9, 1), date(2026, 9, 3), date(2026, 8, 31))
    assert [booking_stopped(shut.starts_on + n * DAY, (shut,)) for n in range(-1, 4)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_without_a_calendar_nothing_is_stopped() -> None:
    assert not booking_stopped(date(2027, 1, 20), ())


def span(first: int, last: int, number: int = 1) -> TermSpan:
    start = date(2026, 9, 1)
    return TermSpan("2026-2027", number, start + first * DAY, start + last * DAY, start + last * DAY)


def test_terms_that_follow_each_other_do_not_overlap() -> None:
    assert overlapping_terms(TERMS) == ()
    assert overlapping_terms((span(0, 10), span(11, 20))) == ()
    assert overlapping_terms((span(0, 10),)) == ()
    assert overlapping_terms(()) == ()


def test_terms_that_share_one_day_overlap() -> None:
    first, second = span(0, 10, 1), span(10, 20, 2)
    assert overlapping_terms((first, second)) == ((first, second),)
    assert overlapping_terms((second, first)) == ((first, second),)


def test_every_pair_of_neighbours_that_overlap_is_named() -> None:
    one, two, three, four = span(0, 10, 1), span(5, 12, 2), span(12, 20, 3), span(30, 40, 4)
    assert overlapping_terms((four, three, two, one)) == ((one, two), (two, three))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda pair: span(pair[0], pair[0] + pair[1])),
        max_size=6,
    ).map(tuple)
)
def test_where_any_two_terms_overlap_some_pair_is_named(terms: tuple[TermSpan, ...]) -> None:
    any_two = any(
        one.starts_on <= two.ends_on and two.starts_on <= one.ends_on
        for index, one in enumerate(terms)
        for two in terms[index + 1 :]
    )
    assert bool(overlapping_terms(terms)) is any_two
