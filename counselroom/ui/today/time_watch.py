"""The clock of the page: ticks every 30 s, and notices sleep, midnight and a clock that was set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from counselroom.rules.deadlines import JUMP

TICK = 30_000
"""Milliseconds."""


class Passed(Enum):
    """What has happened since the last tick."""

    TIME = "time"
    LONG = "long"
    """More than the timer says: the machine slept, or another day has begun."""
    JUMP = "jump"
    """The clock was set by more than two minutes."""


class TimeWatch(QObject):
    """Compares the wall clock with the counter that goes on in sleep and cannot be set.

    Attributes:
        ticked: half a minute has passed: what has happened, a `Passed`.
    """

    ticked = Signal(object)

    def __init__(self, now: Callable[[], datetime], seconds: Callable[[], float], parent: QObject) -> None:
        super().__init__(parent)
        self._now = now
        self._seconds = seconds
        self._last = (now(), seconds())
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self) -> None:
        """Look at the clocks now."""
        (wall, counter), here = self._last, (self._now(), self._seconds())
        self._last = here
        by_wall, by_counter = here[0] - wall, timedelta(seconds=here[1] - counter)
        if abs(by_wall - by_counter) > JUMP:
            self.ticked.emit(Passed.JUMP)
        elif by_counter > JUMP or here[0].date() != wall.date():
            self.ticked.emit(Passed.LONG)
        else:
            self.ticked.emit(Passed.TIME)

    def since(self, counter: float) -> timedelta:
        """Return how much time has really passed since the counter stood at `counter`."""
        return timedelta(seconds=self._seconds() - counter)
