"""Starts real windows for the fault tests, each with a home of its own, and reads memory."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from tests.conftest import PASSPHRASE

ROOT = Path(__file__).parents[2]


class Window:
    """The driven window of `tests.faults.window_script`; every line it says is kept with the moment it came."""

    def __init__(self, place: Path) -> None:
        SettingsFile(place / "config/counselroom/window.json").change(MachineSettings(vault=str(place / "vault")))
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": str(place / "config"),
            "XDG_STATE_HOME": str(place / "state"),
            "XDG_DATA_HOME": str(place / "data"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.window_script"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._process.pid
        self.lines: list[tuple[float, str]] = []
        self._heard: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.do(PASSPHRASE)
        self.wait_for("entered")

    def do(self, line: str) -> None:
        """Say a line to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def wait_for(self, word: str, seconds: float = 60) -> str:
        """Return what it says after `word`."""
        end = time.monotonic() + seconds
        while True:
            line = self._heard.get(timeout=max(0.01, end - time.monotonic()))
            if line.split(" ")[0] == word:
                return line[len(word) + 1 :]

    def kill(self) -> float:
        """Kill -9 and return when."""
        at = time.monotonic()
        self._process.kill()
        self.end()
        return at

    def end(self) -> int:
        """Wait for its end and return its exit code."""
        code = self._process.wait(30)
        self._reader.join(10)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                continue
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append((time.monotonic(), line.rstrip("\n")))
            self._heard.put(line.rstrip("\n"))


@contextmanager
def window(place: Path) -> Iterator[Window]:
    """Open a window on `place / "vault"`; it is gone at the end."""
    opened = Window(place)
    try:
        yield opened
    finally:
        if opened._process.poll() is None:
            opened.kill()


def memory_of(process: int) -> bytes:
    """Return what a process has in all memory it may write. Raises PermissionError for who may not look."""
    found = []
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text(encoding="utf-8").splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(begin)
                found.append(memory.read(end - begin))
            except (OSError, OverflowError, ValueError):
                continue
    return b"".join(found)


def holds(memory: bytes, secret: str | bytes) -> bool:
    """Tell whether a secret is in memory, in any form in which Python, Qt or SQLCipher would hold it."""
    forms = (
        [secret] if isinstance(secret, bytes) else [secret.encode(form) for form in ("utf-8", "utf-16-le", "utf-32-le")]
    )
    return any(form in memory for form in forms)
