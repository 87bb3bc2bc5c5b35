"""Deadlines that neither sleep, a changed clock, another time zone nor days without the program lose or move (R-20).

A deadline is a moment and never changes. What can go wrong is only what time it is now: therefore the machine's own
counter, which goes on in sleep and can't be set, is kept beside the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

JUMP = timedelta(minutes=2)
"""How far clock and counter may part before it is told."""
_NEAR_SHARE = 0.25
_NEAR = timedelta(hours=1)


@dataclass(frozen=True)
class ClockReading:
    """What the machine's clocks say at one moment.

    Attributes:
        at: the wall clock, aware.
        boot: a word that changes when the machine starts anew.
        ms: milliseconds since the start of the machine, sleep included.
    """

    at: datetime
    boot: str
    ms: int


class ClockState(StrEnum):
    """How a deadline stands."""

    NONE = "none"
    """There is no limit, or it does not count yet."""
    AT_ONCE = "at_once"
    """To be done at once, and the grace is not over."""
    RUNNING = "running"
    NEAR = "near"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Present:
    """What time it is, as far as it can be known.

    Attributes:
        at: the moment, with the offset of the wall clock.
        jumped: whether the wall clock was set since the deadline was, by more than two minutes.
    """

    at: datetime
    jumped: bool


def present(reading: ClockReading, stamp: ClockReading | None, newest: datetime | None) -> Present:
    """Return what time it is.

    Since the same start of the machine the counter is right, whatever was done to the clock. After another start there
    is only the clock; it is never earlier than the newest moment that is on record.

    Args:
        reading: the clocks now.
        stamp: the clocks when the deadline was set, or None where they are not known.
        newest: the newest moment the records know of, or None.
    """
    zone = reading.at.tzinfo
    if stamp is not None and stamp.boot == reading.boot and reading.ms >= stamp.ms:
        at = stamp.at + timedelta(milliseconds=reading.ms - stamp.ms)
        return Present(at.astimezone(zone), abs(reading.at - at) > JUMP)
    if newest is not None and newest > reading.at:
        return Present(newest.astimezone(zone), newest - reading.at > JUMP)
    return Present(reading.at, jumped=False)


@dataclass(frozen=True)
class Clock:
    """How a deadline stands at a moment.

    Attributes:
        state: the word.
        left: time left, negative when over; None where nothing counts.
        share: what is left of the time allowed, from 0 to 1.
    """

    state: ClockState
    left: timedelta | None = None
    share: float = 0.0


def clock(runs_from: datetime | None, due: datetime | None, now: datetime, grace: timedelta) -> Clock:
    """Return how a deadline stands: near with a quarter of the time left, or an hour (R-20, SYS-26).

    Args:
        runs_from: from when it counts.
        due: the deadline; the same as `runs_from` for what is to be done at once.
        now: the present moment.
        grace: how long what is to be done at once may take before it is late.
    """
    if due is None or runs_from is None:
        return Clock(ClockState.NONE)
    left = due - now
    allowed = due - runs_from
    if allowed <= timedelta(0):
        return Clock(ClockState.AT_ONCE if -left <= grace else ClockState.OVERDUE, left)
    share = min(1.0, max(0.0, left / allowed))
    if left < timedelta(0):
        return Clock(ClockState.OVERDUE, left)
    if share <= _NEAR_SHARE or left <= _NEAR:
        return Clock(ClockState.NEAR, left, share)
    return Clock(ClockState.RUNNING, left, share)


def is_late(runs_from: datetime | None, due: datetime | None, done: datetime, grace: timedelta) -> bool:
    """Tell whether something done at `done` needs a reason for being late."""
    return clock(runs_from, due, done, grace).state is ClockState.OVERDUE
