"""Work with the vault, done on its two lanes, with the results brought to the thread of the window."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from counselroom.services.changes import Done
from counselroom.ui.changes import ChangeBus
from counselroom.vault.lanes import ChangeLane, Job, JobLane, Priority, Readable
from counselroom.vault.progress import Progress, silent

T = TypeVar("T")
Failed = Callable[[BaseException], None]
"""Told of work that failed; called on the thread of the window."""


class Tasks(QObject):
    """The only way from the window to the vault: nothing here waits, every result comes later.

    Results of a change are published on the bus before their `on_done` is called, so that the page that asked for the
    change and all others see the same order.
    """

    _arrived = Signal(object)

    def __init__(self, vault: Readable, bus: ChangeBus, failed: Failed, parent: QObject | None = None) -> None:
        """Start both lanes on an open vault; `failed` hears of all failures nobody else asked to hear of."""
        super().__init__(parent)
        self._bus = bus
        self._failed = failed
        self._is_closed = False
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._change_lane = ChangeLane(self._arrived.emit)
        self._job_lane = JobLane(vault, self._change_lane, self._arrived.emit)

    def query(
        self,
        owner: QObject,
        work: Callable[[], T],
        on_done: Callable[[T], None],
        *,
        key: str | None = None,
        on_failed: Failed | None = None,
    ) -> None:
        """Read something for `owner`; dropped when the owner is gone or a newer query came with the same `key`.

        A covered window asks for nothing any more: what a timer of a page still wants is dropped too.
        """
        if self._is_closed:
            return
        self._change_lane.query(owner, work, self._settler(on_done, on_failed, owner), key=key)

    def change(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], None] | None = None,
        *,
        priority: Priority = Priority.NORMAL,
        on_failed: Failed | None = None,
    ) -> Future[T]:
        """Change something; never dropped. What changed, if `work` returns a `Done`, is published."""
        return self._change_lane.change(work, self._settler(on_done, on_failed, None), priority=priority)

    def job(
        self,
        work: Callable[[Job[T]], T],
        on_done: Callable[[T], None],
        *,
        progress: Progress = silent,
        on_failed: Failed | None = None,
        reads: bool = True,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Do something long beside the changes; `progress` is called on the thread of the window.

        With an `owner` nobody is told of the end once the owner is gone; what was changed is published all the same.
        """
        settle = self._settler(on_done, on_failed, owner)
        return self._job_lane.job(work, settle, progress=progress, reads=reads)

    @property
    def is_closed(self) -> bool:
        """Whether the window is covered and nothing is done any more."""
        return self._is_closed

    def close(self) -> bool:
        """Cancel jobs, drop queries, finish changes; may wait 2 s and belongs to a thread of its own.

        Returns:
            False when a job would not stop.
        """
        self._is_closed = True
        stopped = self._job_lane.close()
        self._change_lane.close()
        return stopped

    @Slot(object)
    def _call(self, call: Callable[[], None]) -> None:
        if not self._is_closed:
            call()

    def _settler(
        self, on_done: Callable[[T], None] | None, on_failed: Failed | None, owner: QObject | None
    ) -> Callable[[Future[T]], None]:
        # The owner is held by its page, not here: a query must not keep a closed page alive.
        is_gone = _gone(owner)

        def settle(future: Future[T]) -> None:
            gone, error = is_gone(), future.exception()
            if error is not None:
                if not gone:
                    (on_failed or self._failed)(error)
                return
            result: Any = future.result()
            if isinstance(result, Done):
                self._bus.publish(result.changes)
            if on_done is not None and not gone:
                on_done(result)

        return settle


def _gone(owner: QObject | None) -> Callable[[], bool]:
    """Return what tells whether the window has destroyed `owner`, although Python still knows it."""
    if owner is None:
        return lambda: False
    known = weakref.ref(owner)

    def is_gone() -> bool:
        there = known()
        return there is None or not isValid(there)

    return is_gone
