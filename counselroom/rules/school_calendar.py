"""To which academic year and term a day belongs (R-18), and what kind of day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_AUTUMN = (8, 1)
"""A day on or after 1 August belongs to the academic year that begins in it, where the school set no dates."""


@dataclass(frozen=True)
class TermSpan:
    """A term with its year, as the calendar of the school has it. Both ends belong to it."""

    academic_year: str
    number: int
    starts_on: date
    ends_on: date
    appointment_stop_on: date

    @property
    def key(self) -> str:
        """The term's name in records, `2026-2027-1`."""
        return f"{self.academic_year}-{self.number}"


@dataclass(frozen=True)
class Place:
    """The place of a day in the school's time; `term` is None in the holidays."""

    academic_year: str
    term: str | None


def academic_year_of(day: date) -> str:
    """Return the academic year of a day where no calendar says otherwise."""
    first = day.year if (day.month, day.day) >= _AUTUMN else day.year - 1
    return f"{first}-{first + 1}"


def place_of(day: date, terms: tuple[TermSpan, ...]) -> Place:
    """Return the academic year and term of the day of an event (R-18).

    A day between two terms of one year belongs to that year and to no term.
    """
    for term in terms:
        if term.starts_on <= day <= term.ends_on:
            return Place(term.academic_year, term.key)
    years = {term.academic_year for term in terms}
    for year in sorted(years):
        spans = [term for term in terms if term.academic_year == year]
        if min(span.starts_on for span in spans) <= day <= max(span.ends_on for span in spans):
            return Place(year, None)
    return Place(academic_year_of(day), None)


def overlapping_terms(terms: tuple[TermSpan, ...]) -> tuple[tuple[TermSpan, TermSpan], ...]:
    """Return the neighbouring terms that share a day; where any two terms overlap, at least one pair is returned."""
    ordered = sorted(terms, key=lambda term: term.starts_on)
    return tuple((first, second) for first, second in pairwise(ordered) if second.starts_on <= first.ends_on)


def booking_stopped(day: date, terms: tuple[TermSpan, ...]) -> bool:
    """Return whether no new appointment may be made for `day`: after the stop day of its term (SYS-05)."""
    return any(term.starts_on <= day <= term.ends_on and day > term.appointment_stop_on for term in terms)


def week_of_term(day: date, term: TermSpan) -> int:
    """Return which week of its term a day lies in: weeks begin on Monday, the one of the first day is week 1."""
    return (_monday(day) - _monday(term.starts_on)).days // 7 + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
