"""Two lanes on which everything with the vault happens, so that the one who types never waits.

The change lane is one thread with the one writing connection: short pieces of work, autosave and lock first. The job
lane is a second thread for what takes long (backup, verification, export, statistics), which reads one state of the
vault on a connection of its own and changes things only by posting work to the change lane.

Nothing here knows a window: `deliver` brings a result to the thread that waits for it.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from counselroom.errors import Bug
from counselroom.vault.progress import Cancelled, Progress, silent

T = TypeVar("T")
U = TypeVar("U")
Deliver = Callable[[Callable[[], None]], None]
"""Calls its argument later on the thread that may touch the window."""

LOCK_WAITS = 2.0
"""Seconds a lock waits for a cancelled job."""
_ASK_AGAIN = 0.02
"""Seconds between two looks at whether a waiting job was cancelled."""


class Priority(IntEnum):
    """What goes first; within one priority, what came first."""

    LOCK = 0
    AUTOSAVE = 1
    NORMAL = 2


class Readable(Protocol):
    """What the job lane needs of an open vault."""

    def job_reader(self) -> AbstractContextManager[Session]:
        """Open a session on a connection of its own that sees one state of the vault."""
        ...


def at_once(call: Callable[[], None]) -> None:
    """Deliver on the thread of the lane itself."""
    call()


@dataclass(order=True)
class _Piece(Generic[T]):
    priority: Priority
    number: int
    work: Callable[[], T] = field(compare=False)
    on_done: Callable[[Future[T]], None] | None = field(compare=False)
    future: Future[T] = field(compare=False, default_factory=Future)
    owner: weakref.ref[object] | None = field(compare=False, default=None)
    key: str | None = field(compare=False, default=None)
    is_query: bool = field(compare=False, default=False)


class ChangeLane:
    """One thread that does short pieces of work one after another."""

    def __init__(self, deliver: Deliver = at_once) -> None:
        self._deliver = deliver
        self._waiting: list[_Piece[Any]] = []
        self._wake = threading.Condition()
        self._numbers = itertools.count()
        self._newest: dict[str, int] = {}
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="change lane", daemon=True)
        self._thread.start()

    def change(
        self,
        work: Callable[[], T],
        on_done: Callable[[Future[T]], None] | None = None,
        *,
        priority: Priority = Priority.NORMAL,
    ) -> Future[T]:
        """Do `work`, which changes something, and hand its future to `on_done`. It is never dropped.

        Raises:
            Bug: the lane is closed.
        """
        return self._put(_Piece(priority, next(self._numbers), work, on_done))

    def query(
        self,
        owner: object,
        work: Callable[[], T],
        on_done: Callable[[Future[T]], None],
        *,
        key: str | None = None,
    ) -> Future[T]:
        """Do `work`, which only reads, for `owner`.

        The work is not begun, and a result is not handed over, when the owner is gone or a newer query came with the
        same `key`; the future of work that was not begun is cancelled.

        Raises:
            Bug: the lane is closed.
        """
        piece = _Piece(Priority.NORMAL, next(self._numbers), work, on_done, key=key, is_query=True)
        piece.owner = weakref.ref(owner)
        return self._put(piece)

    def close(self) -> None:
        """Drop waiting queries, finish waiting changes, and end the thread. Closing twice does nothing."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _put(self, piece: _Piece[T]) -> Future[T]:
        with self._wake:
            if self._closing:
                message = "the change lane is closed"
                raise Bug(message)
            if piece.key is not None:
                self._newest[piece.key] = piece.number
            heapq.heappush(self._waiting, piece)
            self._wake.notify()
        return piece.future

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                piece = heapq.heappop(self._waiting)
                if not self._is_wanted(piece) or (self._closing and piece.is_query):
                    piece.future.cancel()
            if piece.future.set_running_or_notify_cancel():
                _settle(piece.future, piece.work)
                self._hand_over(piece)
            del piece  # a waiting lane must not keep an owner's work alive

    def _hand_over(self, piece: _Piece[T]) -> None:
        def call() -> None:
            if piece.on_done is not None and self._is_wanted(piece):  # asked at delivery, which takes its time
                piece.on_done(piece.future)

        if piece.on_done is not None:
            self._deliver(call)

    def _is_wanted(self, piece: _Piece[Any]) -> bool:
        gone = piece.owner is not None and piece.owner() is None
        return not gone and (piece.key is None or self._newest[piece.key] == piece.number)


def _settle(future: Future[T], work: Callable[[], T]) -> None:
    """Do the work and put its result or its failure, whatever it is, into the future."""
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - not handled here: it belongs to who waits for the future
        future.set_exception(error)
    else:
        future.set_result(result)


class Job(Generic[T]):
    """A long piece of work: what its function gets to work with, and what its owner stops it with.

    Attributes:
        session: a session that reads one state of the vault for the whole run, or None for a job that asked for none.
        progress: tells how far the work is.
        future: its result; fails with `Cancelled` when it was cancelled.
    """

    def __init__(self, work: Callable[[Job[T]], T], lane: ChangeLane, progress: Progress, *, reads: bool) -> None:
        self.session: Session | None = None
        self.progress = progress
        self.future: Future[T] = Future()
        self._work = work
        self._lane = lane
        self._reads = reads
        self._flag = threading.Event()
        self._guard = threading.Lock()
        self._raw: dbapi2.Connection | None = None

    def cancel(self) -> None:
        """Ask the work to stop: a flag it looks at, and an interrupt of the statement that runs."""
        self._flag.set()
        with self._guard:
            if self._raw is not None:
                self._raw.interrupt()

    def is_cancelled(self) -> bool:
        """Return True from `cancel` on; the work looks often."""
        return self._flag.is_set()

    def change(self, work: Callable[[], U]) -> U:
        """Let the change lane do a piece of work, and wait for its result.

        Raises:
            Cancelled: the job was cancelled before the work began.
        """
        if self.is_cancelled():
            raise Cancelled
        future = self._lane.change(work)
        while True:
            try:
                return future.result(_ASK_AGAIN)
            except NotYet:
                if future.done():
                    return future.result()
                if self.is_cancelled() and future.cancel():
                    raise Cancelled from None

    def run(self, vault: Readable) -> T:
        """Do the work; called by the job lane.

        Raises:
            Cancelled: it was cancelled.
        """
        try:
            with vault.job_reader() if self._reads else nullcontext() as session:
                self.session = session
                with self._guard:
                    self._raw = None if session is None else session.connection().connection.dbapi_connection
                try:
                    if self.is_cancelled():
                        raise Cancelled
                    return self._work(self)
                finally:
                    with self._guard:
                        self._raw = None
        except (OperationalError, dbapi2.OperationalError) as error:
            if self.is_cancelled() and "interrupted" in str(error):
                raise Cancelled from None
            raise


class JobLane:
    """One thread that does long pieces of work one after another."""

    def __init__(self, vault: Readable, changes: ChangeLane, deliver: Deliver = at_once) -> None:
        self._vault = vault
        self._changes = changes
        self._deliver = deliver
        self._waiting: queue.SimpleQueue[tuple[Job[Any], Callable[[Future[Any]], None] | None] | None]
        self._waiting = queue.SimpleQueue()
        self._open: set[Job[Any]] = set()
        self._guard = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="job lane", daemon=True)
        self._thread.start()

    def job(
        self,
        work: Callable[[Job[T]], T],
        on_done: Callable[[Future[T]], None] | None = None,
        *,
        progress: Progress = silent,
        reads: bool = True,
    ) -> Job[T]:
        """Do `work` when all earlier jobs are done.

        Args:
            work: gets the job for its session, progress, cancel flag and changes.
            on_done: gets the future, through `deliver`.
            progress: gets the steps of the work, through `deliver`.
            reads: False for work that needs nothing of the vault, such as a call to the keychain.

        Raises:
            Bug: the lane is closed.
        """

        def tell(*values: Any) -> None:
            self._deliver(lambda: progress(*values))

        job = Job(work, self._changes, tell, reads=reads)
        with self._guard:
            if self._closing:
                message = "the job lane is closed"
                raise Bug(message)
            self._open.add(job)
            self._waiting.put((job, on_done))
        return job

    def close(self, timeout: float = LOCK_WAITS) -> bool:
        """Cancel all jobs and wait at most `timeout` seconds for the one that runs.

        Returns:
            True when the lane has ended; False when a job would not stop: its thread ends with the process.
        """
        with self._guard:
            if not self._closing:
                self._closing = True
                self._waiting.put(None)
        rounds = max(1, round(timeout / _ASK_AGAIN))
        for _ in range(rounds):
            with self._guard:
                jobs = list(self._open)
            for job in jobs:
                job.cancel()  # again and again: an interrupt between two statements is lost
            self._thread.join(timeout / rounds)
            if not self._thread.is_alive():
                return True
        return False

    def _run(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            self._do(*waiting)

    def _do(self, job: Job[T], on_done: Callable[[Future[T]], None] | None) -> None:
        if job.future.set_running_or_notify_cancel():
            _settle(job.future, lambda: job.run(self._vault))
        with self._guard:
            self._open.discard(job)
        if on_done is not None:
            self._deliver(lambda: on_done(job.future))
