"""Watches the sticks that come and go, away from the thread of the window: a dying stick can hang whoever asks it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer, Signal

from counselroom.desktop.drives import Drive, RemovableDrives

LOOK_EVERY = 1500
"""Milliseconds between two looks."""
_POLL = 50


class DriveWatch(QObject):
    """Looks again and again while it is started.

    Attributes:
        changed: carries the tuple of `Drive`s when it is another one than before.
    """

    changed = Signal(object)

    def __init__(self, drives: RemovableDrives, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drives = drives
        self._asked: Future[tuple[Drive, ...]] | None = None
        self._known: tuple[Drive, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Look now, and from now on."""
        self._timer.start(0)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _tick(self) -> None:
        if self._asked is None:
            self._asked = _ask(self._drives.removable)
            self._timer.start(_POLL)
        elif not self._asked.done():
            self._timer.start(_POLL)
        else:
            asked, self._asked = self._asked, None
            self._timer.start(LOOK_EVERY)
            if asked.exception() is None and asked.result() != self._known:
                self._known = asked.result()
                self.changed.emit(self._known)


def _ask(question: Callable[[], tuple[Drive, ...]]) -> Future[tuple[Drive, ...]]:
    future: Future[tuple[Drive, ...]] = Future()

    def answer() -> None:
        try:
            future.set_result(question())
        except OSError as error:
            future.set_exception(error)

    threading.Thread(target=answer, name="drives", daemon=True).start()
    return future
