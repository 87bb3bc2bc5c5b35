"""From the start of the process to the unlock page, against an empty PySide6 window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from tests.bench.measuring import Result, at_most, interleaved
from tests.bench.processes import ROOT
from tests.bench.setting import Setting

_SHOWN = """
import sys
from PySide6.QtCore import QTimer
from counselroom.ui import program
def tell(self, shown=program.Program.show):
    shown(self)
    QTimer.singleShot(0, lambda: print("shown", flush=True))
program.Program.show = tell
from counselroom.__main__ import main
main([])
"""
_BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.show()
QTimer.singleShot(0, lambda: print("shown", flush=True))
application.exec()
"""


def run(setting: Setting) -> list[Result]:
    """Start both in turn; the vault is a small one."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        from tests.bench.rooms import new_room

        with new_room(place / "vault", 2):
            pass
        SettingsFile(place / "config/counselroom/window.json").change(MachineSettings(vault=str(place / "vault")))
        for code in (_SHOWN, _BARE):
            _start(code, place)  # leaves the bytecode of all modules, which an installed program has
        ours, bare = interleaved(setting.times(9), lambda: _start(_SHOWN, place), lambda: _start(_BARE, place))
    return [at_most(2, "start of the process to the unlock page, against an empty PySide6 window", ours, bare)]


def _start(code: str, place: Path) -> float:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(place / "bytecode"),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(place / "config"),
        "XDG_STATE_HOME": str(place / "state"),
        "XDG_DATA_HOME": str(place / "data"),
    }
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"shown\n"
        taken = time.perf_counter() - begin
        process.kill()
    return taken
