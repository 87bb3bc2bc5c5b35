"""Every page and dialog over a lock that is one: another process, and the same text in the same place.

All pages share one lock; each dialog has one of its own, and of the dialogs a usual run takes a share, spread over the
table. That every dialog comes back over a lock within one process is tried in tests/ui/test_every_page.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from counselroom.services import students
from counselroom.ui.dialogs.table import DIALOGS
from counselroom.ui.pages.table import PAGES
from tests.conftest import PASSPHRASE, HandClock
from tests.faults.scale import count
from tests.services.world import MORNING, opened_world
from tests.ui.examples import arguments_in_one_vault

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]
_SHARE = count(ci=4, more=len(DIALOGS), full=len(DIALOGS))
TRIED = DIALOGS[:: max(1, len(DIALOGS) // _SHARE)]
"""The dialogs of this run."""
LONGEST = 200.0 + 20.0 * len(TRIED)
"""Seconds until the chain of processes, one for each dialog, is given up; a busy machine needs them."""


def plan_for(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Make a vault and return what its pages and dialogs are opened for."""
    with opened_world(folder / "vault", HandClock(MORNING)) as world:
        keys = [page.key for page in PAGES] + [dialog.key for dialog in TRIED]
        ids = [
            students.add_student(
                world.me, world.desk, students.StudentData("周小雨", student_no=f"9{number:04}")
            ).value.id
            for number in range(3 * len(keys))
        ]
        found = arguments_in_one_vault(world, keys, ids)
    return {
        "pages": {page.key: found[page.key] for page in PAGES},
        "dialogs": {dialog.key: found[dialog.key] for dialog in TRIED},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    plan = plan_for(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (tmp_path / "passphrase.txt").write_text(PASSPHRASE, encoding="utf-8")
    SettingsFile(tmp_path / "config/counselroom/window.json").change(MachineSettings(vault=str(tmp_path / "vault")))
    return tmp_path


def told(folder: Path) -> list[dict[str, Any]]:
    """Return what the processes have told so far."""
    file = folder / "told.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def test_every_page_and_dialog_is_the_same_after_a_real_lock(folder: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    command = [sys.executable, "-m", "tests.faults.lock_play", str(folder)]
    processes = len(TRIED) + 2
    end = time.monotonic() + LONGEST
    first = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        while sum("ended" in line for line in told(folder)) < processes:
            assert time.monotonic() < end, [len(told(folder)), *told(folder)[-1:]]
            assert not [line["failed"] for line in told(folder) if "failed" in line]
            time.sleep(0.1)
    finally:
        with suppress(ProcessLookupError):
            first.kill()
        first.wait()
        # The last one is on its own: whoever started it has ended.
        for process in {line["process"] for line in told(folder)} - {first.pid}:
            with suppress(ProcessLookupError):
                os.kill(process, 9)
    seen = [line for line in told(folder) if "typed" in line]
    wrong = [
        f"{key}: {texts} became {line['found'].get(key)}"
        for line in seen
        for key, texts in line["typed"]["texts"].items()
        if line["found"].get(key) != texts
    ]
    assert wrong == []
    assert [line["here"] for line in seen] == [line["typed"]["here"] for line in seen]
    assert len({line["process"] for line in seen}) == len(TRIED) + 1
    assert {key for line in seen for key in line["typed"]["texts"]} == {
        entry.key for table in (PAGES, TRIED) for entry in table
    }
