"""Lets a child process draw charts, and keeps it for the next ones: the window itself never imports matplotlib."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import counselroom
from counselroom import paths
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.chart_child import COMMAND
from counselroom.printing.chart_data import Chart, ChartLook, Picture, to_json

PATIENCE = 20.0
"""Seconds until a child counts as one that will not answer: the first one ever lists the fonts of the computer."""
_POLL_SECONDS = 0.05
_LONGEST_HEAD = 100
_INHERITED = ("SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")

Child = subprocess.Popen[bytes]


class NotDrawn(UserError):
    """No chart came; the same numbers are there as a table."""

    def __init__(self) -> None:
        super().__init__(
            _("The chart could not be drawn."),
            _("Its numbers are all in the table."),
            _("Ask for the chart again, or go on with the table."),
        )


def child_command() -> list[str]:
    """Return the command that starts the child process; the only place that knows how."""
    if getattr(sys, "frozen", False):
        return [sys.executable, COMMAND]
    return [sys.executable, "-B", "-s", "-m", "counselroom.printing.chart_child"]


class ChartProcess:
    """Draws charts in a child process that is started when it is first needed and stays until `end`.

    The child ends by itself when this process does. `start` and `draw` belong to one thread at a time; `end` may come
    from any.
    """

    def __init__(self, command: Callable[[], list[str]] = child_command, patience: float = PATIENCE) -> None:
        """Take the command of the child and the seconds after which one drawing has failed."""
        self._command = command
        self._patience = patience
        self._guard = threading.Lock()
        self._child: Child | None = None

    def start(self) -> None:
        """Start the child, so that it is ready when the first chart is.

        Raises:
            NotDrawn: it can't be started.
        """
        self._started()

    def draw(
        self, charts: Sequence[tuple[Chart, ChartLook]], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Picture]:
        """Return the pictures of charts, each as large as its look says.

        Args:
            charts: with their looks.
            cancelled: asked 20 times a second; True ends the child.

        Raises:
            NotDrawn: no child came, or it did not answer.
        """
        question = json.dumps([to_json(chart, look) for chart, look in charts]).encode() + b"\n"
        rested = self._child is not None
        try:
            return self._ask(question, charts, cancelled)
        except NotDrawn:
            # One that rested may have been ended by the system meanwhile; a new one is asked once.
            if not rested or cancelled():
                raise
            return self._ask(question, charts, cancelled)

    def end(self) -> None:
        """End the child, if there is one; the next drawing starts another."""
        with self._guard:
            child, self._child = self._child, None
        if child is not None:
            _end(child)

    def _started(self) -> Child:
        with self._guard:
            if self._child is None:
                inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
                # Settings that somebody made for matplotlib on this computer must not change our charts.
                own = {"MPLCONFIGDIR": str(paths.cache_folder() / "charts"), "OPENBLAS_NUM_THREADS": "1"}
                try:
                    self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                        self._command(),
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        cwd=Path(counselroom.__file__).parent.parent,
                        env={**inherited, **own},
                        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                    )
                except OSError as error:
                    raise NotDrawn from error
            return self._child

    def _ask(
        self, question: bytes, charts: Sequence[tuple[Chart, ChartLook]], cancelled: Callable[[], bool]
    ) -> list[Picture]:
        child = self._started()
        try:
            with _watched(child, cancelled, self._patience):
                assert child.stdin is not None  # noqa: S101 - asked for above
                child.stdin.write(question)
                child.stdin.flush()
                return [_picture(child, look) for _chart, look in charts]
        except (OSError, ValueError, TypeError) as error:  # the last two: it babbles, or `end` closed its pipes
            self.end()
            raise NotDrawn from error


@contextmanager
def _watched(child: Child, cancelled: Callable[[], bool], patience: float) -> Iterator[None]:
    """Kill the child when time is up or nobody waits any more: a blocked read ends by the end of the pipe."""
    done = threading.Event()
    deadline = time.monotonic() + patience

    def watch() -> None:
        while not done.wait(_POLL_SECONDS):
            if cancelled() or time.monotonic() > deadline:
                child.kill()
                return

    thread = threading.Thread(target=watch, name="chart-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _picture(child: Child, look: ChartLook) -> Picture:
    """Read one picture. Raises ValueError when it is not the one that was asked for."""
    assert child.stdout is not None  # noqa: S101 - asked for when it was started
    width, height = (int(length) for length in json.loads(child.stdout.readline(_LONGEST_HEAD)))
    # matplotlib may round a part of a pixel either way.
    if abs(width - look.width * look.ratio) > 1 or abs(height - look.height * look.ratio) > 1:
        message = "a picture of another size"
        raise ValueError(message)
    pixels = child.stdout.read(4 * width * height)
    if len(pixels) != 4 * width * height:
        message = "half a picture"
        raise ValueError(message)
    return Picture(width, height, pixels)


def _end(child: Child) -> None:
    """Leave neither process nor pipe behind."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was not sent any more
                pipe.close()
