"""A backup against a bare script doing the same five steps, and against restic's backup with a full check."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from counselroom.services.backups import make_backup
from counselroom.vault.backup import write_backup
from counselroom.vault.verification import verify_backup
from tests.bench.measuring import Result, at_most, interleaved, seconds, timed
from tests.bench.processes import answer_of
from tests.bench.rooms import Room
from tests.bench.setting import Setting

SMALL, MIDDLE, LARGE = 1_000, 10_000, 50_000
SCHOOLS = (SMALL, MIDDLE, LARGE)


def run(setting: Setting) -> list[Result]:
    """Back up a vault after a busy year, after ten, and one larger than a room ever fills, each way in turn."""
    schools = SCHOOLS[: setting.size(len(SCHOOLS), 1)]
    return [result for notes in schools for result in _compare(setting, notes)]


def _compare(setting: Setting, notes: int) -> list[Result]:
    folder = setting.folder / f"backups-{notes}"
    folder.mkdir()
    with setting.school(notes) as room:
        room.vault.checkpoint()
        size = f"backup of {room.vault.database_file.stat().st_size / 1e6:.0f} MB"
        ways = [_Ours(room, folder / "usb").run, _Bare(room, folder / "bare").run]
        restic = shutil.which("restic")
        if restic:
            ways.append(_Restic(restic, room, folder / "restic").run)
        ours, bare, *others = interleaved(setting.times(5), *ways)
        if notes == SMALL:
            _require_service_agrees(room, folder / "service")
    against_bare = at_most(1.25, f"{size}, against a bare script with the same five steps", ours, bare)
    if notes == SMALL:  # half of it is opening files, which the target is not about
        against_bare = replace(against_bare, target="")
    measure = f"{size}, against restic backup and check --read-data"
    if not others:
        return [against_bare, Result(measure, seconds(ours), "restic is not installed")]
    return [against_bare, at_most(1, measure, ours, others[0])]


class _Ours:
    """`write_backup`: the proof of every page and of the structure, image, copy, read back, and the file opened."""

    def __init__(self, room: Room, folder: Path) -> None:
        self._room = room
        self._folder = folder
        self._entropy = random.Random(5).randbytes

    def run(self) -> float:
        self._folder.mkdir()
        vault, now = self._room.vault, self._room.clock.now
        taken = timed(lambda: write_backup(vault, self._folder, name="bench", now=now, entropy=self._entropy))
        shutil.rmtree(self._folder)
        return taken


class _Bare:
    """The script `tests.bench.bare_backup` in a process of its own, which tells the seconds of its work."""

    def __init__(self, room: Room, folder: Path) -> None:
        self._room = room
        self._folder = folder

    def run(self) -> float:
        self._folder.mkdir()
        key = self._room.vault.root.database_key()
        answer = answer_of("bare_backup", self._room.vault.database_file, self._folder, key)
        assert answer["rows"] > 0
        shutil.rmtree(self._folder)
        return float(answer["seconds"])


class _Restic:
    """A first backup of the database file into a new repository, and the check that reads all data back."""

    def __init__(self, program: str, room: Room, folder: Path) -> None:
        self._program = program
        self._room = room
        self._folder = folder

    def run(self) -> float:
        self._folder.mkdir()
        (self._folder / "password").write_text("qingcaodi-yueguang")
        self._call("init")
        taken = timed(lambda: self._call("backup", str(self._room.vault.database_file)))
        taken += timed(lambda: self._call("check", "--read-data"))
        shutil.rmtree(self._folder)
        return taken

    def _call(self, *words: str) -> None:
        options = [
            "--repo",
            str(self._folder / "repo"),
            "--password-file",
            str(self._folder / "password"),
            "--no-cache",
        ]
        environment = os.environ | {"HOME": str(self._folder)}
        subprocess.run([self._program, *options, *words], check=True, capture_output=True, env=environment)


def _require_service_agrees(room: Room, folder: Path) -> None:
    """See that what was measured is what the service does, and that its file is genuine."""
    folder.mkdir()
    made = make_backup(room.actor, room.desk, folder, entropy=random.Random(6).randbytes).value
    assert verify_backup(made.path, root=room.vault.root).genuine
    shutil.rmtree(folder)
