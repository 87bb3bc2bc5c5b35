"""A restore over the open vault, for real: two processes, the page, the exchange, and what is unlocked afterwards."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from counselroom.services.backups import make_backup
from counselroom.services.cases import open_case
from counselroom.vault.exclusive import hold
from tests.conftest import PASSPHRASE, HandClock
from tests.services.world import MORNING, opened_world

# Drives the program in both processes: the first one restores, the fresh one unlocks, looks, opens a case and leaves.
DRIVEN = r"""
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
PLACE, BACKUP, PASSPHRASE, STUDENT, BREAK = json.loads(os.environ["EXCHANGE"])
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit
from counselroom.desktop import relauncher
from counselroom.ui import program as programs

FRESH = relauncher.ARGUMENT in sys.argv
entered, shown = programs.Program._enter, programs.Program.show
relauncher.own_command = lambda: [sys.executable, __file__]

def note(**words):
    with open(PLACE, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(words, ensure_ascii=False) + "\n")

def show(self):
    shown(self)
    page = self.frame.stack.currentWidget()
    (field,) = page.findChildren(QLineEdit)
    note(locked=page.sentence(), logins=list(self._logins))
    field.setText(PASSPHRASE)
    QTimer.singleShot(0, field.returnPressed.emit)

def enter(self, opened):
    try:
        drive(self, opened)
    except BaseException:
        import traceback
        note(fault=traceback.format_exc())
        os._exit(9)

def drive(self, opened):
    entered(self, opened)
    window, room = self.window, self._room
    if FRESH:
        from counselroom.services.cases import open_case

        code = room.tasks.change(lambda: open_case(room.actor, room.desk, STUDENT).value.code).result(20)
        read_only = room.desk.vault.read_only is not None
        note(entered=True, code=code, notice=window.page().banner_text(), read_only=read_only)
        QTimer.singleShot(0, self.leave)
        return
    if BREAK:
        from counselroom.vault import swap
        rename = swap.Path.rename
        def failing(self, target):
            if str(target).endswith(swap.INCOMING):
                raise PermissionError(13, "in use")
            return rename(self, target)
        swap.Path.rename = failing
    window.go_to("restore", {"file": BACKUP, "name": "b"})
    page = window.page()
    timer = QTimer(page)

    def go():
        if page._found is not None and page._job is None:
            timer.stop()
            page._reason.setText("硬盘坏了")
            page._secret.setText(PASSPHRASE)
            page._act.click()

    timer.timeout.connect(go)
    timer.start(50)

programs.Program.show = show
programs.Program._enter = enter
from counselroom.__main__ import main
code = main(sys.argv[1:])
note(ended=code, fresh=FRESH)
"""


def exchanged(place: Path, *, broken: bool) -> tuple[list[dict[str, Any]], str, Path]:
    """Restore over a vault in real processes and return what they noted, the code that was lost, and the folder."""
    folder = place / "vault"
    (place / "备份盘").mkdir()
    with opened_world(folder, HandClock(MORNING)) as world:
        open_case(world.me, world.desk, world.students[0])
        made = make_backup(world.me, world.desk, place / "备份盘", entropy=random.Random(5).randbytes).value
        lost = open_case(world.me, world.desk, world.students[1]).value.code
    noted, script = place / "noted.jsonl", place / "driven.py"
    script.write_text(DRIVEN, encoding="utf-8")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(place / "config"),
        "XDG_STATE_HOME": str(place / "state"),
        "XDG_DATA_HOME": str(place / "data"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "EXCHANGE": json.dumps([str(noted), str(made.path), PASSPHRASE, world.students[2], broken]),
    }
    SettingsFile(place / "config/counselroom/window.json").change(MachineSettings(vault=str(folder)))
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=90, cwd=place
    )
    assert done.returncode == 0, done.stderr
    until = time.monotonic() + 60
    lines: list[dict[str, Any]] = []
    while time.monotonic() < until and not any(line.get("fresh") or "fault" in line for line in lines):
        time.sleep(0.2)
        lines = [json.loads(line) for line in noted.read_text(encoding="utf-8").splitlines()]
    assert [line["fault"] for line in lines if "fault" in line] == []
    return lines, lost, folder


def test_the_restored_vault_is_unlocked_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    lines, lost, folder = exchanged(tmp_path, broken=False)
    (kept,) = tmp_path.glob("vault-before-restore-*")
    assert {path.name for path in tmp_path.glob("vault*")} == {"vault", kept.name}
    (entered,) = [line for line in lines if line.get("entered")]
    locked = [line for line in lines if "locked" in line][1]
    assert kept.name in locked["locked"]
    assert kept.name in entered["notice"]
    assert "用户 1" in locked["logins"]
    assert not entered["read_only"]
    # The backup knows one case; the number of the one that was lost is never given again.
    assert entered["code"] != lost
    assert lines[-1] == {"ended": 0, "fresh": True}
    hold(folder).release()


def test_an_exchange_that_fails_is_told_and_leaves_the_vault(tmp_path: Path) -> None:
    lines, lost, folder = exchanged(tmp_path, broken=True)
    assert list(tmp_path.glob("vault-before-restore-*")) == []
    (entered,) = [line for line in lines if line.get("entered")]
    locked = [line for line in lines if "locked" in line][1]
    for said in (locked["locked"], entered["notice"]):
        assert "两个资料库都没有变化" in said
    assert int(entered["code"].rsplit("-", 1)[1]) == int(lost.rsplit("-", 1)[1]) + 1
    hold(folder).release()
