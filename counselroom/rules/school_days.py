"""Which days are school days: terms, holidays, make-up days, and what is assumed where the calendar ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from counselroom.rules.school_calendar import TermSpan

_SATURDAY = 5
_SEPTEMBER = (9, 1)
_LONGEST_PAUSE = 400
"""Days after which no holiday is believed any more; a calendar without one school day must not stop the program."""


@dataclass(frozen=True)
class SchoolDays:
    """The school's calendar, day by day.

    Attributes:
        terms: of all years, in any order.
        holidays: days on which there is no school.
        make_up: days on which there is school although it is a weekend or a holiday.
    """

    terms: tuple[TermSpan, ...] = ()
    holidays: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()

    def is_school_day(self, day: date) -> bool:
        """Return whether school is held on `day`."""
        if day in self.make_up:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays and self.in_session(day)

    def in_session(self, day: date) -> bool:
        """Return whether `day` lies in a term; weekends of a term do.

        Before the first known term the calendar says nothing, and school is assumed. After the last one it is assumed
        from 1 September on, because a school enters its next year late in the summer.
        """
        if not self.terms or any(term.starts_on <= day <= term.ends_on for term in self.terms):
            return True
        if day < min(term.starts_on for term in self.terms):
            return True
        last = max(term.ends_on for term in self.terms)
        again = date(last.year, *_SEPTEMBER)
        if again <= last:
            again = date(last.year + 1, *_SEPTEMBER)
        return day >= again

    def school_days(self, first: date, last: date) -> tuple[date, ...]:
        """Return the school days from `first` to `last`, both included."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return tuple(day for day in days if self.is_school_day(day))

    def first_school_day(self, day: date) -> date:
        """Return `day`, or the first school day after it; `day` itself where the calendar has none for a year."""
        for number in range(_LONGEST_PAUSE):
            found = day + timedelta(days=number)
            if self.is_school_day(found):
                return found
        return day
