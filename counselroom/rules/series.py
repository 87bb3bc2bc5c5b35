"""Appointments that repeat: which days a series falls on, and what becomes of it when one or the rest is moved.

A series is a rhythm of days in the room's local time: 14:00 stays 14:00 when the clock of the region changes. Each of
its places, numbered from 1, is one appointment for good: moved, cancelled or given to another counsellor it keeps its
number, so that none is lost, none is made twice, and none is left behind as a ghost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from counselroom.rules.appointment import ClashFound, Slot, clashes
from counselroom.rules.school_calendar import booking_stopped
from counselroom.rules.school_days import SchoolDays

MOST = 60
"""No series has more places."""


class Every(StrEnum):
    """How far one place of a series is from the next."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"

    @property
    def days(self) -> int:
        """The distance in days."""
        return 7 if self is Every.WEEK else 14


class Skipped(StrEnum):
    """Why a place of a series has no appointment."""

    NO_SCHOOL = "no_school"
    STOPPED = "stopped"
    """After the day appointments stop in its term."""
    TAKEN = "taken"


@dataclass(frozen=True)
class Rhythm:
    """When a series is held, in local time.

    Attributes:
        first: the day of the first place.
        at: the time on the wall.
        minutes: how long.
        every: the distance.
        until: the last day, or None for the end of the term of the first day.
        times: at most so many places, or None.
    """

    first: date
    at: time
    minutes: int
    every: Every
    until: date | None = None
    times: int | None = None


@dataclass(frozen=True)
class Place:
    """One place of a series.

    Attributes:
        nth: its number, from 1; a skipped day has one too.
        starts_at: aware.
        ends_at: aware.
        skipped: why it has no appointment, or None.
    """

    nth: int
    starts_at: datetime
    ends_at: datetime
    skipped: Skipped | None = None


@dataclass(frozen=True)
class Held:
    """An appointment of a series as far as moving it matters.

    Attributes:
        nth: its place.
        starts_at: aware.
        ends_at: aware.
        movable: still to come and neither cancelled nor begun.
    """

    nth: int
    starts_at: datetime
    ends_at: datetime
    movable: bool = True


def at_local(day: date, at: time, zone: tzinfo) -> datetime:
    """Return the moment at which the clock on the wall shows `at` on `day`.

    A time that a change of the clock leaves out is taken as much later; one that comes twice is the first of the two.
    """
    wall = datetime.combine(day, at, zone)
    return datetime.fromtimestamp(wall.timestamp(), zone)


def last_day(rhythm: Rhythm, calendar: SchoolDays) -> date:
    """Return the last day a series may fall on: as was said, or the stop day of the term of its first day."""
    if rhythm.until is not None:
        return rhythm.until
    for term in calendar.terms:
        if term.starts_on <= rhythm.first <= term.ends_on:
            return max(rhythm.first, term.appointment_stop_on)
    return rhythm.first + timedelta(days=rhythm.every.days * (MOST - 1))


def places(rhythm: Rhythm, calendar: SchoolDays, zone: tzinfo) -> tuple[Place, ...]:
    """Return the places of a series in order; a day without school, or after the stop day, is skipped by name.

    Raises:
        ValueError: it lasts no minute, or more than half a day.
    """
    if not 0 < rhythm.minutes <= 720:
        message = "an appointment lasts up to twelve hours"
        raise ValueError(message)
    most = MOST if rhythm.times is None else min(MOST, rhythm.times)
    last = last_day(rhythm, calendar)
    found = []
    for number in range(most):
        day = rhythm.first + timedelta(days=rhythm.every.days * number)
        if day > last:
            break
        starts_at = at_local(day, rhythm.at, zone)
        place = Place(number + 1, starts_at, starts_at + timedelta(minutes=rhythm.minutes))
        if not calendar.is_school_day(day):
            place = replace(place, skipped=Skipped.NO_SCHOOL)
        elif booking_stopped(day, calendar.terms):
            place = replace(place, skipped=Skipped.STOPPED)
        found.append(place)
    return tuple(found)


def move_rest(held: Sequence[Held], from_nth: int, to: datetime, minutes: int, zone: tzinfo) -> tuple[Held, ...]:
    """Return how the appointments from one place on lie when that one is moved and the rest follow.

    Each is moved by as many local days as the chosen one, to the same time on the wall and the same length. What is
    over, begun or cancelled stays where it was, and so does all before the chosen one.

    Args:
        held: all appointments of the series.
        from_nth: the one that is moved.
        to: where to; aware.
        minutes: the new length.
        zone: the room's time.

    Raises:
        ValueError: there is no such place, or it cannot be moved.
    """
    chosen = next((each for each in held if each.nth == from_nth and each.movable), None)
    if chosen is None or minutes <= 0:
        message = "no such place to move"
        raise ValueError(message)
    wall = to.astimezone(zone)
    days = (wall.date() - chosen.starts_at.astimezone(zone).date()).days
    moved = []
    for each in held:
        if each.nth < from_nth or not each.movable:
            continue
        day = each.starts_at.astimezone(zone).date() + timedelta(days=days)
        starts_at = at_local(day, wall.time(), zone)
        moved.append(replace(each, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes)))
    return tuple(sorted(moved, key=lambda each: each.nth))


def with_taken(planned: Sequence[Place], who: Slot, taken: Sequence[Slot]) -> tuple[Place, ...]:
    """Return the places with those skipped by name whose counsellor, room or client is busy then.

    Args:
        planned: the places of a new series.
        who: counsellor, client and room of it; its times say nothing.
        taken: what is booked already.
    """
    found = []
    for place in planned:
        busy = place.skipped is None and clashes(_at(who, place.starts_at, place.ends_at), tuple(taken))
        found.append(replace(place, skipped=Skipped.TAKEN) if busy else place)
    return tuple(found)


def clashes_of(moved: Sequence[Held], who: Slot, taken: Sequence[Slot]) -> tuple[tuple[int, ClashFound], ...]:
    """Return every clash of moved appointments, by place: with what is booked, and with each other.

    Args:
        moved: the new times.
        who: counsellor, client and room of all of them.
        taken: what is booked already, without the old times of those that are moved.
    """
    found = []
    so_far: list[Slot] = list(taken)
    for each in moved:
        slot = replace(_at(who, each.starts_at, each.ends_at), appointment_id=f"place-{each.nth}")
        found += [(each.nth, clash) for clash in clashes(slot, tuple(so_far))]
        so_far.append(slot)
    return tuple(found)


def _at(who: Slot, starts_at: datetime, ends_at: datetime) -> Slot:
    return replace(who, starts_at=starts_at, ends_at=ends_at)
