"""When the next backup is due: once a week on the day the school set, and never longer than a fortnight (SYS-48)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LATE_AFTER = timedelta(days=14)
"""Without a backup for so long the state is late, whatever the day."""
_WEEK = timedelta(days=7)


class ReminderDay(StrEnum):
    """On which day of the week a backup is due."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"

    @property
    def weekday(self) -> int:
        """Its number as `date.weekday` counts."""
        return list(ReminderDay).index(self)


class Urgency(StrEnum):
    """How much a backup is wanted now."""

    DONE = "done"
    """There is one since the last day it was due."""
    DUE = "due"
    """The day has come and there is none yet."""
    LATE = "late"
    """There is none since `LATE_AFTER`, or none at all."""


@dataclass(frozen=True)
class Reminder:
    """What the page says about the next backup.

    Attributes:
        urgency: how much it is wanted.
        due_on: the day it is due: today or before when it is wanted, else the next one.
    """

    urgency: Urgency
    due_on: date


def remind(last: date | None, today: date, day: ReminderDay) -> Reminder:
    """Return when the next backup is due, given the day of the newest proved one."""
    since = today - timedelta(days=(today.weekday() - day.weekday) % 7)
    if last is None or today - last >= LATE_AFTER:
        return Reminder(Urgency.LATE, since if last is not None else today)
    if last < since:
        return Reminder(Urgency.DUE, since)
    return Reminder(Urgency.DONE, since + _WEEK)
