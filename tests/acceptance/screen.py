"""A screen of its own (Xvfb) with a window manager (openbox), the program on it, and the keys of xdotool."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOOLS = ("Xvfb", "openbox", "xdotool")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
PATIENCE = 40.0
"""Seconds after which something that should come does not come any more."""
_OBSERVER = Path(__file__).parent / "observer"
_CHECKOUT = Path(__file__).parents[2]


@dataclass
class Screen:
    """What a person at the keyboard sees and does.

    Attributes:
        display: such as `:7`.
        home: the home folder of the person.
        keys: how many keys were pressed.
    """

    display: str
    home: Path
    keys: int = 0
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> None:
        """Start the program."""
        environment = {
            "PATH": f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "LANG": "C.UTF-8",
            "OBSERVED": str(self._observed),
            "PYTHONPATH": f"{_OBSERVER}{os.pathsep}{_CHECKOUT}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "counselroom", *arguments]
        with (self.home / "output.txt").open("ab") as log:
            self._running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.home))

    @property
    def _observed(self) -> Path:
        return self.home / "observed.json"

    def now(self) -> dict[str, Any]:
        """Return what is on the screen; empty before there is anything."""
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads(self._observed.read_text(encoding="utf-8")))
        return {}

    def until(self, held: Callable[[dict[str, Any]], bool], what: str, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait until the screen shows something and return it."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            seen = self.now()
            if seen and held(seen):
                return seen
            time.sleep(0.05)
        output = (self.home / "output.txt").read_text(errors="replace")[-2000:]
        message = f"never saw: {what}; the screen: {self.now()}; the program said: {output}"
        raise AssertionError(message)

    def until_text(self, text: str, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait until a label contains `text`."""
        return self.until(lambda seen: any(text in each for each in seen["texts"]), text, patience)

    def press(self, *keys: str) -> None:
        """Press keys, named as xdotool names them (`Return`, `ctrl+k`)."""
        for key in keys:
            self._do("key", "--clearmodifiers", key)
            self.keys += 1
            time.sleep(0.12)

    def type(self, text: str) -> None:
        """Type letters and digits."""
        self._do("type", "--delay", "15", "--clearmodifiers", text)
        self.keys += len(text)
        time.sleep(0.15)

    def tab_to(
        self, name: str, *, kind: str = "", exact: bool = False, back: bool = False, most: int = 60
    ) -> dict[str, Any]:
        """Press Tab until something whose name contains `name` has the keyboard, and return what is seen.

        `kind` is a part of the class, where a button and a field have the same name.
        """
        met: list[str] = []
        for _step in range(most):
            seen = self.now()
            focus = str(seen.get("focus", ""))
            if (name == focus if exact else name in focus) and kind in str(seen.get("kind", "")):
                return seen
            met.append(str(seen.get("focus")))
            self.press("shift+Tab" if back else "Tab")
            time.sleep(0.08)
        message = f"Tab never came to {name}; it came to {met}"
        raise AssertionError(message)

    def until_gone(self, pid: int) -> None:
        """Wait until a process has ended."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for process in self._running:
                process.poll()
            if not Path(f"/proc/{pid}").exists():
                return
            time.sleep(0.05)
        message = f"the process is still there; the screen: {self.now()}"
        raise AssertionError(message)

    def picture(self, path: Path) -> None:
        """Save what the screen shows, for whoever looks into a failure; needs xwd and is left out without it."""
        if shutil.which("import"):
            subprocess.run(["import", "-display", self.display, "-window", "root", str(path)], check=False)

    def close(self) -> None:
        """End whatever still runs."""
        for process in self._running:
            process.kill()
            process.wait()
        pid = self.now().get("pid")
        if pid:
            with contextlib.suppress(OSError):
                os.kill(int(pid), 9)

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env={**os.environ, "DISPLAY": self.display}, check=True, timeout=20)


@contextlib.contextmanager
def screen(home: Path, size: str = "1440x900") -> Iterator[Screen]:
    """Run a screen with a window manager as long as the test lasts."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        display = f":{told.readline().strip()}"
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"],
        env={**os.environ, "DISPLAY": display, "HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    shown = Screen(display, home)
    try:
        yield shown
    finally:
        shown.close()
        for process in (manager, server):
            process.terminate()
            process.wait()
