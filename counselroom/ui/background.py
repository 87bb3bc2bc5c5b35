"""One piece of long work beside the window where no vault is open: making one, checking a backup, judging a phrase."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class Background(QObject):
    """Does one work at a time in a thread of its own and brings the result to the thread of the window."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def is_busy(self) -> bool:
        """Tell whether work is being done."""
        return self._thread is not None

    def run(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], None],
        on_failed: Callable[[BaseException], None],
    ) -> bool:
        """Do `work`; False while another one is done, which is not begun then."""
        if self._thread is not None:
            return False
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, args=(work, on_done, on_failed), daemon=True)
        self._thread.start()
        return True

    def cancel(self) -> None:
        """Ask the work to stop; it looks by `is_cancelled`."""
        self._stop.set()

    def is_cancelled(self) -> bool:
        """Tell the work whether it is to stop."""
        return self._stop.is_set()

    def tell(self, call: Callable[[], None]) -> None:
        """Call something on the thread of the window; for progress, from within the work."""
        self._arrived.emit((call, False))

    def wait(self) -> None:
        """Wait for the work to end, at most 5 s; its result is not told any more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)

    def _work(
        self, work: Callable[[], Any], on_done: Callable[[Any], None], on_failed: Callable[[BaseException], None]
    ) -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - not handled here: every failure is told on the window's thread
            failure = error
            self._arrived.emit((lambda: on_failed(failure), True))
        else:
            self._arrived.emit((lambda: on_done(result), True))

    def _call(self, message: tuple[Callable[[], None], bool]) -> None:
        call, is_end = message
        if is_end and self._thread is not None:
            self._thread.join()
            self._thread = None
        call()
