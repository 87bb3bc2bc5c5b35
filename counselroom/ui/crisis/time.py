"""The time a page of 专案 goes by: believed when it was read, carried on by a counter that nobody can set (R-20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from counselroom.rules.deadlines import JUMP, Clock, clock


class BelievedTime:
    """What time it is since the last reading, whatever is done to the machine's clock meanwhile.

    Args:
        now: the wall clock.
        seconds: a counter of seconds that goes on in sleep and never goes back.
    """

    def __init__(self, now: Callable[[], datetime], seconds: Callable[[], float]) -> None:
        self._wall = now
        self._seconds = seconds
        self._base: datetime | None = None
        self._offset = timedelta(0)
        self._since = 0.0

    def take(self, believed: datetime) -> None:
        """Go on from the time that was believed when the vault was read."""
        self._base, self._since = believed, self._seconds()
        self._offset = self._wall() - believed

    def now(self) -> datetime:
        """Return the present moment, in the zone the machine has now."""
        if self._base is None:
            return self._wall()
        return (self._base + timedelta(seconds=self._seconds() - self._since)).astimezone(self._wall().tzinfo)

    def has_jumped(self) -> bool:
        """Tell whether the wall clock was set since the last reading."""
        return self._base is not None and abs(self._wall() - self.now() - self._offset) > JUMP

    def clock(self, runs_from: datetime | None, due: datetime | None, grace: timedelta) -> Clock:
        """Return how a deadline stands now."""
        return clock(runs_from, due, self.now(), grace)
