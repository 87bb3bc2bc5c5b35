"""Guard over a student: who is there from when to when, and where nobody is (SYS-28, R-06)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from counselroom.rules.crisis_words import WatcherRole


@dataclass(frozen=True)
class Shift:
    """One person's time of guard.

    Attributes:
        name: who.
        role: what that person is.
        starts_at: from when.
        ends_at: until when it was agreed.
        handed_over_at: when it was handed over, or None.
    """

    name: str
    role: WatcherRole
    starts_at: datetime
    ends_at: datetime
    handed_over_at: datetime | None = None

    @property
    def until(self) -> datetime:
        """Until when that person was or will be there."""
        return self.handed_over_at or self.ends_at


@dataclass(frozen=True)
class Gap:
    """A time in which nobody was or will be there."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Its length, rounded up: a gap of seconds is a gap."""
        return -int(-(self.ends_at - self.starts_at).total_seconds() // 60)


def gaps(starts_at: datetime, until: datetime, shifts: Iterable[Shift], watchers: int = 1) -> tuple[Gap, ...]:
    """Return where fewer than `watchers` grown-ups are there from `starts_at` to `until` (R-06).

    Students are not counted: none may stand guard alone.
    """
    counted = [shift for shift in shifts if shift.role is not WatcherRole.STUDENT and shift.until > shift.starts_at]
    edges = {starts_at, until}
    edges |= {edge for shift in counted for edge in (shift.starts_at, shift.until) if starts_at < edge < until}
    found: list[Gap] = []
    order = sorted(edges)
    for begin, end in itertools.pairwise(order):
        if sum(shift.starts_at <= begin and end <= shift.until for shift in counted) >= watchers:
            continue
        if found and found[-1].ends_at == begin:
            found[-1] = Gap(found[-1].starts_at, end)
        else:
            found.append(Gap(begin, end))
    return tuple(found)


def gap_minutes(found: Sequence[Gap]) -> int:
    """Return the sum of the minutes of gaps, for paper (R-06)."""
    return sum(gap.minutes for gap in found)


def coverage(starts_at: datetime, until: datetime, shifts: Iterable[Shift]) -> float:
    """Return the share of the time in which somebody is there, from 0 to 1 (R-06: it must be 1)."""
    whole = until - starts_at
    if whole <= timedelta(0):
        return 1.0
    missing = sum(((gap.ends_at - gap.starts_at) for gap in gaps(starts_at, until, shifts)), timedelta(0))
    return 1.0 - missing / whole


def on_guard(shifts: Iterable[Shift], now: datetime) -> tuple[Shift, ...]:
    """Return who is there now, the first to be relieved first."""
    return tuple(
        sorted((shift for shift in shifts if shift.starts_at <= now < shift.until), key=lambda shift: shift.until)
    )


def next_handover(shifts: Sequence[Shift], now: datetime) -> tuple[datetime, tuple[Shift, ...]] | None:
    """Return when the first of those on guard is relieved and who comes then or is there still; None for nobody."""
    there = on_guard(shifts, now)
    if not there:
        return None
    at = there[0].until
    return at, tuple(shift for shift in shifts if shift.starts_at <= at < shift.until)


class CellState(StrEnum):
    """How an observation period of a guard stands."""

    LOGGED = "logged"
    CURRENT = "current"
    MISSED = "missed"
    COMING = "coming"


@dataclass(frozen=True)
class Cell:
    """One observation period."""

    starts_at: datetime
    ends_at: datetime
    state: CellState


def cells(
    starts_at: datetime, ended_at: datetime | None, every: timedelta, observed: Iterable[datetime], now: datetime
) -> tuple[Cell, ...]:
    """Return the observation periods of a guard: 24 hours of them, more where it lasts longer (SYS-28).

    Args:
        starts_at: when the guard began.
        ended_at: when it ended, or None while it goes on.
        every: length of a period, from the parameter `guard_record_hours`.
        observed: when something was written down.
        now: the present moment.
    """
    written = sorted(observed)
    end = ended_at or max(starts_at + timedelta(hours=24), now)
    found = []
    begin = starts_at
    while begin < end:
        stop = begin + every
        if any(begin <= at < stop for at in written):
            state = CellState.LOGGED
        elif begin <= now < stop and ended_at is None:
            state = CellState.CURRENT
        elif begin < now:
            state = CellState.MISSED
        else:
            state = CellState.COMING
        found.append(Cell(begin, stop, state))
        begin = stop
    return tuple(found)


class ShiftObstacle(StrEnum):
    """Why a shift can't be entered."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    BEFORE_PERIOD = "before_period"
    NOBODY = "nobody"
    PERIOD_OVER = "period_over"


LONGEST = timedelta(hours=12)
"""No shift is longer: nobody watches well for longer than that."""


def obstacles_to_shift(shift: Shift, period_starts: datetime, period_ended: bool) -> tuple[ShiftObstacle, ...]:
    """Return why a shift can't be entered."""
    found = []
    if period_ended:
        found.append(ShiftObstacle.PERIOD_OVER)
    if not shift.name.strip():
        found.append(ShiftObstacle.NOBODY)
    if shift.ends_at <= shift.starts_at:
        found.append(ShiftObstacle.EMPTY)
    if shift.ends_at - shift.starts_at > LONGEST:
        found.append(ShiftObstacle.TOO_LONG)
    if shift.starts_at < period_starts:
        found.append(ShiftObstacle.BEFORE_PERIOD)
    return tuple(found)


class EndObstacle(StrEnum):
    """Why a guard can't be ended."""

    OVER = "over"
    IN_FUTURE = "in_future"
    BEFORE_START = "before_start"
    NOBODY_TAKES_OVER = "nobody_takes_over"
    GAP_UNEXPLAINED = "gap_unexplained"


def obstacles_to_ending(
    starts_at: datetime,
    shifts: Sequence[Shift],
    *,
    is_over: bool,
    ended_at: datetime,
    now: datetime,
    needs_taker: bool,
    handed_to: str | None,
    gap_reason: str | None,
) -> tuple[EndObstacle, ...]:
    """Return why a guard can't be ended: a gap is never passed over in silence (R-06).

    Args:
        starts_at: when it began.
        shifts: all shifts.
        is_over: whether it ended already.
        ended_at: when it is to end.
        now: the present moment.
        needs_taker: whether somebody must have taken the student over.
        handed_to: who did.
        gap_reason: why there was nobody for a while.
    """
    if is_over:
        return (EndObstacle.OVER,)
    found = []
    if ended_at > now:
        found.append(EndObstacle.IN_FUTURE)
    if ended_at < starts_at:
        found.append(EndObstacle.BEFORE_START)
    if needs_taker and not (handed_to or "").strip():
        found.append(EndObstacle.NOBODY_TAKES_OVER)
    if ended_at > starts_at and gaps(starts_at, ended_at, shifts) and not (gap_reason or "").strip():
        found.append(EndObstacle.GAP_UNEXPLAINED)
    return tuple(found)
