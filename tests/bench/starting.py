"""Unlocking, with the time of the key derivation told apart, and the start of the command line."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from counselroom.demo.stage import FIRST_DAY, DemoClock, RememberedAnchors
from counselroom.vault.keys.argon import FLOOR, calibrate, seconds_of
from counselroom.vault.keys.unlocking import Passphrase, unlock
from counselroom.vault.vault import open_vault
from tests.bench.measuring import Result, interleaved, seconds, timed
from tests.bench.processes import ROOT
from tests.bench.rooms import LOGIN, PASSPHRASE
from tests.bench.setting import Setting

NOTES = 50_000
SCHOOLS = (NOTES,)


def run(setting: Setting) -> list[Result]:
    """Unlock a school that was closed in order; start the command line."""
    floor = interleaved(setting.times(3), lambda: seconds_of(FLOOR))[0]
    chosen = FLOOR if setting.quick else calibrate()
    derivation = seconds_of(chosen)
    vault = interleaved(setting.times(5), lambda: _open(setting))[0]
    forms, bare = interleaved(
        setting.times(5), lambda: _command("-m", "counselroom", "forms"), lambda: _command("-c", "")
    )
    costs = f"{chosen.memory_kib // 1024} MiB, {chosen.passes} passes"
    return [
        Result("key derivation at the floor, 64 MiB and 3 passes", seconds(floor)),
        Result(f"key derivation as calibrated here, {costs}", seconds(derivation)),
        Result(f"unlocking a school with {setting.notes(NOTES):,} notes, without the key derivation", seconds(vault)),
        Result("`counselroom forms` from start to end, against an empty Python", seconds(forms), seconds(bare)),
    ]


def _open(setting: Setting) -> float:
    """Measure opening: database, audit head and chain, state, generation; the key derivation is not counted."""
    folder, clock = setting.school_folder(NOTES), DemoClock(FIRST_DAY + timedelta(days=2))
    unlocked = unlock(folder, Passphrase(PASSPHRASE, LOGIN))
    opened = []
    taken = timed(lambda: opened.append(open_vault(folder, unlocked, anchors=RememberedAnchors(), now=clock.now)))
    vault = opened[0]
    assert vault.read_only is None
    vault.close()
    return taken


def _command(*words: str) -> float:
    return timed(lambda: subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True))
