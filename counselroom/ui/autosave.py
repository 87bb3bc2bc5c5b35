"""Keeps the state of the window in an encrypted draft: 1.5 s after the last change, and at least every 3 s."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from counselroom.services.changes import Done
from counselroom.services.drafts import DraftView, save_draft
from counselroom.ui.room import Room
from counselroom.vault.lanes import Priority

PLACE = "window"
"""Name of the draft that holds the state of all pages."""
AFTER_LAST = 1500
"""Milliseconds of quiet after which the state is saved."""
AT_LEAST = 2500
"""Milliseconds after the first unsaved change, however much is typed."""


class Autosave(QObject):
    """Saves what `state` returns.

    Attributes:
        saved: carries the `DraftView` that was written.
    """

    saved = Signal(object)

    def __init__(
        self, room: Room, state: Callable[[], dict[str, Any]], parent: QObject | None = None, place: str = PLACE
    ) -> None:
        super().__init__(parent)
        self._place = place
        self._room = room
        self._state = state
        self._kept: dict[str, Any] | None = None
        self._is_closed = False
        self._number = 0
        self._quiet = _timer(self, AFTER_LAST)
        self._limit = _timer(self, AT_LEAST)

    def close(self) -> None:
        """Save before anything else and never again: the vault is about to be closed."""
        self.save(Priority.LOCK)
        self._is_closed = True

    def end(self) -> None:
        """Never save again: what was kept is about to be discarded."""
        self._quiet.stop()
        self._limit.stop()
        self._is_closed = True

    def touch(self) -> None:
        """Note that something changed."""
        if self._is_closed:
            return
        self._quiet.start()
        if not self._limit.isActive():
            self._limit.start()

    def save(self, priority: Priority = Priority.AUTOSAVE) -> Future[Done[DraftView] | None] | None:
        """Save now, unless nothing has changed since the last time or the vault takes no change."""
        self._quiet.stop()
        self._limit.stop()
        room, state = self._room, self._state()
        if self._is_closed or state == self._kept or room.desk.vault.read_only is not None:
            return None
        self._kept = state
        self._number = number = self._number + 1

        def save() -> Done[DraftView] | None:
            # The save before a lock overtakes those that wait: an older state that comes after it changes nothing.
            return save_draft(room.actor, room.desk, self._place, state) if number == self._number else None

        def tell(done: Done[DraftView] | None) -> None:
            if done is not None:
                self.saved.emit(done.value)

        return room.tasks.change(save, tell, priority=priority)


def _timer(saver: Autosave, milliseconds: int) -> QTimer:
    timer = QTimer(saver)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(lambda: saver.save())
    return timer
