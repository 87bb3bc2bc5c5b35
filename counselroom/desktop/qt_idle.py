"""Idle time as the window sees it: its own keys and mouse, and the sleep of the computer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from counselroom import log
from counselroom.desktop.qt_windows import WindowFilter

_log = log.get(__name__)

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)
_LOOK_EVERY = 1000
"""Milliseconds between two looks at the clock."""


class QtIdleWatch(QObject):
    """Watches what reaches the windows of the application, and what an input method writes.

    The clock it takes runs on while the computer sleeps, so that one look after waking up is enough to lock.

    Attributes:
        rested: nobody has touched anything for a short while: a moment for what would be felt otherwise.
        clock_jumped: the wall clock went another way than that clock by more than two minutes: somebody set it.
    """

    rested = Signal()
    clock_jumped = Signal()

    def __init__(
        self,
        application: QGuiApplication,
        since_boot: Callable[[], float],
        wall: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """Take the application, a clock of seconds that does not stop in sleep, and the wall clock in seconds."""
        super().__init__(parent)
        self._filter = WindowFilter(application, self, composing=True)
        self._since_boot = since_boot
        self._wall = wall
        self._apart = 0.0
        self._last = 0.0
        self._rested_at = 0.0
        self._looked = 0.0
        self._seconds = 0.0
        self._leave: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def start(self, minutes: int, leave: Callable[[], None]) -> None:
        """Watch from now on; `leave` is called once."""
        self._leave = leave
        self._last = self._looked = self._since_boot()
        self._apart = self._wall() - self._last
        self.set_minutes(minutes)
        self._filter.start()
        self._timer.start()

    def set_minutes(self, minutes: int) -> None:
        """Change the time while watching."""
        self._seconds = 60.0 * minutes

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._filter.stop()
        self._leave = None

    def look(self) -> None:
        """Compare the clock with the last touch; a gap between two looks is sleep."""
        self._filter.look()
        now = self._since_boot()
        looked = self._looked
        slept = now - looked > _SLEPT
        self._looked = now
        if slept:
            _log.info("no look at the clock for %d s: the computer has slept", int(now - looked))
        self._compare_clocks(now)
        if now - self._last >= REST and self._rested_at < self._last:
            self._rested_at = now
            self.rested.emit()
        if (slept or now - self._last >= self._seconds) and self._leave is not None:
            leave = self._leave
            self.stop()
            leave()

    def _compare_clocks(self, now: float) -> None:
        apart = self._wall() - now
        if abs(apart - self._apart) > _JUMPED:
            _log.warning("the wall clock jumped by %d s", int(apart - self._apart))
            self._apart = apart
            self.clock_jumped.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note every touch; nothing is kept from anybody."""
        del watched
        if event.type() in _TOUCHES:
            self._last = self._since_boot()
        return False


REST = 20.0
"""Seconds without a touch that are a rest."""
_JUMPED = 120.0
"""Seconds that the wall clock may go astray in one run; a clock that is slow or corrected in small steps does not."""
_SLEPT = 60.0
"""Seconds between two looks that only a sleeping computer lets pass."""
