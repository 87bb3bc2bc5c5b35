"""What is done once a day without being asked: the follow-up tasks whose windows open soon are made."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, QTimer

from counselroom.errors import UserError
from counselroom.services.changes import Done
from counselroom.services.follow_up_plans import GoneOn, go_on
from counselroom.ui.room import Room

_SOON = 1500
"""Milliseconds after the window has come: what the user opens first is read before."""
_LOOK = 60_000
"""Milliseconds between two looks at the date: the program may stay open over midnight."""


class DailyWork(QObject):
    """Lets follow-up tasks go on after each unlocking and on each new day, in pieces between the user's own work."""

    def __init__(self, room: Room, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._done_on: date | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self.look)

    def begin(self) -> None:
        """Do today's work soon, and look at the date from now on."""
        self._timer.start()
        QTimer.singleShot(_SOON, self, self.look)

    def look(self) -> None:
        """Do today's work if it was not done yet; a vault that is only read, or closed meanwhile, is left as it is."""
        if self._room.tasks.is_closed:
            return
        today = self._room.now().date()
        if self._done_on == today or self._room.desk.vault.read_only is not None:
            return
        self._done_on = today
        self._go_on("")

    def _go_on(self, after: str) -> None:
        room = self._room
        room.tasks.change(lambda: go_on(room.actor, room.desk, after), self._went_on, on_failed=self._failed)

    def _went_on(self, done: Done[GoneOn]) -> None:
        if done.value.after is not None:
            self._go_on(done.value.after)

    def _failed(self, error: BaseException) -> None:
        # One who may not write follow-ups needs none made; anything else is told like every failure of the window.
        if not isinstance(error, UserError):
            self._room.messages.tell(error)
