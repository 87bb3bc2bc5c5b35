"""A fresh process, for real: it shows the lock screen, takes over, and the old one ends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from counselroom.desktop.relauncher import Handover, ProcessRelauncher, read_handover, say_ready
from tests.conftest import HandClock
from tests.services.world import MORNING, opened_copy

TOLD = Handover("/vault", "用户 1", -5, 20, 1093, 640, maximized=False)


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_fresh_process_is_told_and_answers(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    code = f"""
import sys
from counselroom.desktop.relauncher import read_handover, say_ready
told = read_handover(sys.stdin.buffer)
open({str(heard)!r}, "w", encoding="utf-8").write(repr(told))
say_ready(sys.stdout.buffer)
"""
    assert ProcessRelauncher(child(code)).start(TOLD)
    assert heard.read_text(encoding="utf-8") == repr(TOLD)


@pytest.mark.parametrize(
    "code", ["", "print('no')", "import time; time.sleep(60)", "import sys; sys.stdin.read(); sys.exit(3)"]
)
def test_a_process_that_does_not_answer_is_ended(code: str) -> None:
    assert not ProcessRelauncher(child(code), patience=1.0).start(TOLD)


def test_a_program_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    assert not ProcessRelauncher([str(tmp_path / "gone")]).start(TOLD)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"{}", b'"x"', json.dumps(asdict(TOLD) | {"left": "1"}).encode(), json.dumps({"a": 1}).encode()],
)
def test_nonsense_is_not_taken_for_a_handover(raw: bytes) -> None:
    assert read_handover(io.BytesIO(raw)) is None


def test_saying_ready_to_nobody_is_harmless() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as stream:
        say_ready(stream)


LOCK_FOR_REAL = """
import os, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit
from counselroom.ui import program as programs
entered = programs.Program._enter
shown = programs.Program.show

def show(self):
    shown(self)
    page = self.frame.stack.currentWidget()
    (field,) = page.findChildren(QLineEdit)
    field.setText(PASSPHRASE)
    QTimer.singleShot(0, field.returnPressed.emit)

def enter(self, opened):
    entered(self, opened)
    (search,) = [f for f in self.window.page().findChildren(QLineEdit)]
    print("entered", repr(search.text()), flush=True)
    search.setText("zxm")
    QTimer.singleShot(0, self.lock)

programs.Program.show = show
programs.Program._enter = enter
import subprocess
class Noted(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        print("fresh", self.pid, flush=True)
subprocess.Popen = Noted
from counselroom.__main__ import main
code = main([])
print("ended", code, flush=True)
"""


def test_a_lock_replaces_the_process(tmp_path: Path) -> None:
    from tests.conftest import PASSPHRASE

    with opened_copy(tmp_path / "vault", HandClock(MORNING)):
        pass
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    SettingsFile(tmp_path / "config/counselroom/window.json").change(MachineSettings(vault=str(tmp_path / "vault")))
    code = LOCK_FOR_REAL.replace("PASSPHRASE)", f"{PASSPHRASE!r})")
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    words = done.stdout.split("\n")
    assert words[0] == "entered ''", done.stdout + done.stderr
    assert words[2] == "ended 0", done.stdout + done.stderr
    fresh = int(words[1].removeprefix("fresh "))
    try:
        if os.geteuid() != 0:
            pytest.skip("needs root: no other process of the same user may read its memory")
        # Only what the locked page needs is in the fresh process: no database library is mapped into its memory.
        maps = Path(f"/proc/{fresh}/maps").read_text(encoding="utf-8")
        assert "QtWidgets" in maps
        for library in ("sqlcipher3", "_sqlite3", "sqlalchemy", "pydantic_core"):
            assert library not in maps
        memory = _memory(fresh)
        assert PASSPHRASE.encode() not in memory
        assert "欧阳若曦".encode() not in memory
    finally:
        os.kill(fresh, 9)


def _memory(process: int) -> bytes:
    """Return what a process of ours has in its writable memory."""
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
