"""Starting a fresh locked process in the place of one that has been unlocked.

Python cannot wipe the texts it has read, so a lock ends the process. The fresh one is told on its standard input where
the vault is and where the window stood, says one word on its standard output once it shows itself, and only then the
old process ends: the screen never shows what lies behind.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO, Protocol

ARGUMENT = "--after-lock"
"""The argument a fresh process is started with; nobody types it."""
READY = b"ready\n"
PATIENCE = 20.0
"""Seconds a fresh process may take until it shows itself."""
_LONGEST = 64 * 1024


@dataclass(frozen=True)
class Handover:
    """What a fresh process is told; nothing of it is secret.

    Attributes:
        vault: folder of the vault.
        login: login name of who locked, or empty after a recovery sheet.
        left, top, width, height: where the window stood, in logical pixels.
        maximized: whether it filled the screen.
        notice: a sentence about what the closing brought, for the locked page and the first page; empty for none.
    """

    vault: str
    login: str
    left: int
    top: int
    width: int
    height: int
    maximized: bool
    notice: str = ""


class Relauncher(Protocol):
    """Starts the fresh process."""

    def start(self, handover: Handover) -> bool:
        """Start a locked process and wait until it shows itself, which blocks; False when it does not."""
        ...


class ProcessRelauncher:
    """Starts this program anew."""

    def __init__(self, command: Sequence[str] | None = None, patience: float = PATIENCE) -> None:
        """Take the command (default: this program) and the seconds to wait."""
        self._command = list(command) if command is not None else [*own_command(), ARGUMENT]
        self._patience = patience

    def start(self, handover: Handover) -> bool:
        """Start a locked process and wait until it shows itself; one that does not is ended."""
        import subprocess  # a window that was never unlocked starts nothing

        try:
            process = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return False
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - asked for above
        answer: list[bytes] = []
        listener = threading.Thread(target=_listen, args=(process.stdout, answer), daemon=True)
        listener.start()
        try:
            process.stdin.write(json.dumps(asdict(handover)).encode() + b"\n")
            process.stdin.close()
        except OSError:
            pass  # it ended already: nobody answers
        listener.join(self._patience)
        if answer == [READY]:
            process.returncode = 0  # it is on its own from here on, and nobody waits for it
            return True
        process.kill()
        process.wait()
        listener.join()
        return False


def own_command() -> list[str]:
    """Return the command that starts this program: the frozen executable, or Python with the package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "counselroom"]


def read_handover(stream: IO[bytes]) -> Handover | None:
    """Return what the old process says; None when it is not understood."""
    try:
        values = json.loads(stream.readline(_LONGEST))
    except ValueError:
        return None
    numbers = dict.fromkeys(("left", "top", "width", "height"), int)
    kinds = {"vault": str, "login": str, **numbers, "maximized": bool, "notice": str}
    if not isinstance(values, dict) or {name: type(value) for name, value in values.items()} != kinds:
        return None
    return Handover(**values)


def say_ready(stream: IO[bytes]) -> None:
    """Tell the old process that the locked window is there. One that is gone already does not hear it."""
    try:
        stream.write(READY)
        stream.flush()
    except OSError:
        return


def _listen(stream: IO[bytes], answer: list[bytes]) -> None:
    with stream:
        answer.append(stream.readline(len(READY)))
