"""Printers of a system with CUPS: the document goes through a pipe to `lp`.

Qt's own way there writes the whole document to a file in the temporary folder and does not tell whether it was
accepted; a pipe leaves no file, keeps letters as letters, and has an exit code.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable

from counselroom.desktop.printer import PATIENCE, Order, Paper, Printer, not_responding

_ASK_AGAIN = 0.1
"""Seconds between two looks at whether to stop."""
_LOOK = 5.0
"""Seconds the system has to say which printers there are."""
_STATE = re.compile(r"^printer (\S+) (?:is|now) ", re.MULTILINE)
_DEFAULT = re.compile(r"^system default destination: (\S+)$", re.MULTILINE)


def has_print_commands() -> bool:
    """Tell whether this system has the commands."""
    return shutil.which("lp") is not None and shutil.which("lpstat") is not None


class CommandPrinters:
    """Asks `lpstat`, prints through `lp`."""

    def __init__(self, patience: float = PATIENCE, seconds: Callable[[], float] = time.monotonic) -> None:
        """Wait `patience` seconds for a printer; `seconds` is a clock that never goes back."""
        self._patience = patience
        self._seconds = seconds

    def found(self) -> tuple[Printer, ...]:
        """Return the printers of the system, the default first; a disabled one is not ready."""
        try:
            names = _said("-e").split()
            default = _DEFAULT.search(_said("-d"))
            ready = set(_STATE.findall(_said("-p")))
            known = set(re.findall(r"^printer (\S+) ", _said("-p"), re.MULTILINE))
        except (OSError, subprocess.TimeoutExpired):
            return ()
        first = default[1] if default else ""
        printers = [
            Printer(name, name.replace("_", " "), name == first, name in ready or name not in known) for name in names
        ]
        return tuple(sorted(printers, key=lambda printer: not printer.is_default))

    def print_paper(self, paper: Paper, order: Order, stopped: Callable[[], bool]) -> bool:
        """Send the document through a pipe; raises PrinterFailed when it is not accepted in time."""
        command = ["lp", "-s", "-d", order.printer, "-n", str(order.copies), "-t", order.job_name, "-o", "media=A4"]
        try:
            process = subprocess.Popen(  # noqa: S603 - a fixed command, its arguments no shell reads
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError:
            raise not_responding() from None
        until = self._seconds() + self._patience
        document: bytes | None = paper.pdf
        with process:
            while True:
                try:
                    process.communicate(document, timeout=_ASK_AGAIN)
                    break
                except subprocess.TimeoutExpired:
                    document = None  # what was given once is kept by the pipe
                    if stopped():
                        process.kill()
                        return False
                    if self._seconds() > until:
                        process.kill()
                        raise not_responding() from None
                except BrokenPipeError:
                    break
        if process.returncode != 0:
            raise not_responding()
        return True


def _environment() -> dict[str, str]:
    """Return our environment with answers in English, which is what is read."""
    return {**os.environ, "LC_ALL": "C"}


def _said(option: str) -> str:
    done = subprocess.run(  # noqa: S603 - a fixed command
        ["lpstat", option],  # noqa: S607 - found where the system has it
        capture_output=True,
        text=True,
        timeout=_LOOK,
        check=False,
        env=_environment(),
    )
    return done.stdout
