"""Reads a roster in a child process and streams its lines: whatever the file does, this process stays small."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import counselroom
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.imports.child import COMMAND
from counselroom.imports.limits import LIMITS, MIB, Limits
from counselroom.imports.refusal import Refusal

Line = tuple[int, list[str | float]]

_LONGEST_ANSWER = 4 * MIB
_POLL_SECONDS = 0.05
_PROGRESS_EVERY = 500
_INHERITED = ("SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")


class RosterRefused(UserError):
    """The roster file as a whole can't be read. Nothing has been written.

    Attributes:
        reason: why, for tests and machine-readable answers.
    """

    def __init__(self, reason: Refusal, line: int = 0, limits: Limits = LIMITS) -> None:
        self.reason = reason
        happened, next_step = _sentences(reason, line, limits)
        super().__init__(happened, _("Nothing has been written to the vault."), next_step)


class RosterStream:
    """The lines of one sheet, while the child process reads.

    Attributes:
        sheets: names of the visible sheets; empty for a text file.
        sheet: name of the sheet that is read; empty for a text file.
    """

    def __init__(self, answers: Iterator[Any], progress: Callable[[int], None] | None) -> None:
        self._answers = answers
        self._progress = progress
        head = next(answers)
        if not isinstance(head, dict):
            raise RosterRefused(Refusal.DAMAGED)
        self.sheets: tuple[str, ...] = tuple(head.get("sheets", ()))
        self.sheet: str = head.get("sheet", "")

    def lines(self) -> Iterator[Line]:
        """Yield line number and cells of every line that is not blank, once.

        Raises:
            RosterRefused: the file turned out to be refused; lines already yielded don't count.
        """
        for count, answer in enumerate(self._answers, start=1):
            if isinstance(answer, dict):  # the end; every refusal was raised before
                return
            if self._progress and count % _PROGRESS_EVERY == 0:
                self._progress(count)
            number, cells = answer
            yield number, cells


def child_command() -> list[str]:
    """Return the command that starts the child process; the only place that knows how."""
    if getattr(sys, "frozen", False):
        return [sys.executable, COMMAND]
    return [sys.executable, "-B", "-s", "-m", "counselroom.imports.child"]


@contextmanager
def open_roster(
    path: Path,
    sheet: str | None = None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] | None = None,
    limits: Limits = LIMITS,
    clock: Callable[[], float] = time.monotonic,
    command: Callable[[], list[str]] = child_command,
) -> Iterator[RosterStream]:
    """Open the roster at `path` for reading once, line by line; the child process is gone when the block ends.

    Args:
        path: an .xlsx, .xls or text file; recognised by its content.
        sheet: the sheet wanted; None for the longest visible one.
        cancelled: asked 20 times a second; True kills the child process.
        progress: told every 500 lines how many have been read.
        limits: size and time limits.
        clock: seconds, monotonic; for the limit of time.
        command: the command of the child process.

    Raises:
        RosterRefused: the file can't be read, or must not be.
    """
    with _open_file(path, limits) as source:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file comes in as standard input
            [*command(), *([] if sheet is None else [sheet])],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(counselroom.__file__).parent.parent,
            env={name: os.environ[name] for name in _INHERITED if name in os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    watch = _Watch(child, cancelled, clock, clock() + limits.wall_seconds)
    try:
        yield RosterStream(_answers(child, watch), progress)
    finally:
        watch.stop()


class _Watch:
    """Kills the child when time is up or the user cancels: a blocked read ends by the end of the pipe."""

    def __init__(
        self, child: subprocess.Popen[bytes], cancelled: Callable[[], bool], clock: Callable[[], float], deadline: float
    ) -> None:
        self.killed: Refusal | None = None
        self._child = child
        self._done = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(cancelled, clock, deadline), name="roster-watch", daemon=True
        )
        self._thread.start()

    def _run(self, cancelled: Callable[[], bool], clock: Callable[[], float], deadline: float) -> None:
        while not self._done.wait(_POLL_SECONDS):
            if cancelled():
                self.killed = Refusal.CANCELLED
            elif clock() > deadline:
                self.killed = Refusal.TOO_MUCH_WORK
            else:
                continue
            self._child.kill()
            return

    def stop(self) -> None:
        """End the child, if it still runs, and leave neither process nor thread nor pipe behind."""
        self._done.set()
        self._thread.join()
        self._child.kill()
        if self._child.stdout:
            self._child.stdout.close()
        self._child.wait()


def _answers(child: subprocess.Popen[bytes], watch: _Watch) -> Iterator[Any]:
    pipe: IO[bytes] | None = child.stdout
    text = b""
    while pipe and (text := pipe.readline(_LONGEST_ANSWER)).endswith(b"\n"):
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise RosterRefused(Refusal.DAMAGED) from error
        if isinstance(answer, dict) and "refused" in answer:
            raise RosterRefused(Refusal(answer["refused"]), int(answer["line"]))
        yield answer
        if isinstance(answer, dict) and "end" in answer:
            return
    # The child ended without saying why: it was killed, ran into its limits, or a parser failed.
    if text:
        raise RosterRefused(Refusal.DAMAGED)
    code = child.wait()
    if watch.killed:
        raise RosterRefused(watch.killed)
    raise RosterRefused(Refusal.DAMAGED if code >= 0 else Refusal.TOO_MUCH_WORK)


def _open_file(path: Path, limits: Limits) -> IO[bytes]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise RosterRefused(Refusal.NOT_A_FILE)
        if status.st_size > limits.file_bytes:
            raise RosterRefused(Refusal.TOO_BIG)
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise RosterRefused(Refusal.NOT_A_FILE) from error


def _sentences(reason: Refusal, line: int, limits: Limits) -> tuple[str, str]:
    """Return what happened and what to do next."""
    save_as_xlsx = _("Open it in Excel or WPS, save it as an .xlsx workbook, and choose that file.")
    copy_values = _(
        "Copy the table into a new workbook with Paste values only, save it as .xlsx, and choose that file."
    )
    only_roster = _("Keep only the table of the students in a new workbook and choose that file.")
    said = {
        Refusal.NOT_A_FILE: (
            _("This file can't be opened."),
            _("See whether it is still there and not open in another program, then choose it again."),
        ),
        Refusal.EMPTY: (_("There is no text in this file."), _("Choose the file that holds the roster.")),
        Refusal.TOO_BIG: (
            _("This file is larger than {size} MB; a roster of 50,000 students is smaller.").format(
                size=limits.file_bytes // MIB
            ),
            only_roster,
        ),
        Refusal.NOT_A_TABLE: (
            _("This is neither a workbook (.xlsx, .xls) nor a text table (.csv)."),
            _("Choose the file that holds the roster."),
        ),
        Refusal.WEB_PAGE: (_("This file is a web page, although its name may look like a workbook."), save_as_xlsx),
        Refusal.OTHER_FORMAT: (_("Rosters of this format can't be read."), save_as_xlsx),
        Refusal.PASSWORD: (
            _("This workbook is protected by a password."),
            _("Open it in Excel or WPS, take the password off, save it, and choose it again."),
        ),
        Refusal.MACROS: (_("There are macros in this workbook; such a file is not opened."), copy_values),
        Refusal.EXTERNAL_LINKS: (_("This workbook takes values from other files; it is not opened."), copy_values),
        Refusal.UNPACKS_TOO_BIG: (
            _("Unpacked, this workbook would be far larger than a roster is; it is not opened."),
            only_roster,
        ),
        Refusal.ODD_PACKAGE: (
            _("This workbook is not built as Excel or WPS build one; it is not opened."),
            copy_values,
        ),
        Refusal.DAMAGED: (_("This file is damaged or incomplete."), _("Ask for it again, or save it anew as .xlsx.")),
        Refusal.ENCODING: (_("The characters of this text file can't be made out."), save_as_xlsx),
        Refusal.QUOTE: (
            _("In line {line} of this text file a quotation mark is not closed properly.").format(line=line),
            _("Correct that line, or open the file in Excel or WPS and save it as .xlsx."),
        ),
        Refusal.TOO_MANY_ROWS: (
            _("There are more than 50,000 rows in this table."),
            _("Divide it into several files, for example by grade, and import one after the other."),
        ),
        Refusal.TOO_MANY_COLUMNS: (
            _("This table has more than {columns} columns.").format(columns=limits.columns),
            only_roster,
        ),
        Refusal.TOO_MUCH_TEXT: (_("There is far more text in this table than a roster has."), only_roster),
        Refusal.NO_SUCH_SHEET: (_("There is no such sheet in this file."), _("Choose one of its visible sheets.")),
        Refusal.TOO_MUCH_WORK: (
            _("Reading this file took more time or memory than a roster may need; it was stopped."),
            only_roster,
        ),
        Refusal.CANCELLED: (_("The reading was cancelled."), ""),
    }
    return said[reason]
