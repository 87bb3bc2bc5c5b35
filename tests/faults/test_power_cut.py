"""Power cuts: whatever part of the unsynced writes reached the disk, nothing acknowledged is lost.

A library preloaded into a working process logs each write, truncation, sync, creation, rename and removal. The log is
cut at a random place; what was synced is there, of the rest a random subset, writes torn into sectors of 512 bytes.
Renames, creations and removals reach the disk in their order, as every journaling file system has it, but not before
their folder was synced for sure. A control without syncing must fail, else this test could not find anything.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.state import Anchor
from counselroom.vault.vault import Sheet, Vault, unlock_vault
from tests.faults.scale import count
from tests.vault.vaults import PASSPHRASE, Anchors, Clock, Place, require_sound, saved_rows

pytestmark = pytest.mark.faults

SECTOR = 512
HERE = Path(__file__).parent
_HEAD = struct.Struct("=c4Q")


@dataclass
class Operation:
    kind: str
    path: str
    second: str
    offset: int
    data: bytes
    created: Inode | None = None


@dataclass
class Inode:
    """A file: what is surely on the disk, and the operations that are not yet."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list[Operation] = field(default_factory=list)

    def sync(self) -> None:
        for operation in self.waiting:
            _apply(self.durable, operation, None)
        self.waiting.clear()

    def after_the_cut(self, chance: random.Random) -> bytes:
        content, share = bytearray(self.durable), chance.random()
        for operation in self.waiting:
            if chance.random() < share:
                _apply(content, operation, chance)
        return bytes(content)


def _apply(content: bytearray, operation: Operation, torn: random.Random | None) -> None:
    if operation.kind == "T":
        del content[operation.offset :]
        content.extend(bytes(operation.offset - len(content)))
        return
    keep_all = torn is None or torn.random() < 0.5
    for at in range(0, len(operation.data), SECTOR):
        if keep_all or (torn is not None and torn.random() < 0.5):
            piece = operation.data[at : at + SECTOR]
            start = operation.offset + at
            content.extend(bytes(max(0, start - len(content))))
            content[start : start + len(piece)] = piece


class Disk:
    """A folder as the operations leave it: names, files, and what of both is durable."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.names = {name: Inode(bytearray(content)) for name, content in files.items()}
        self.durable_names = dict(self.names)
        self.waiting: list[Operation] = []
        self.acks = b""

    def do(self, operation: Operation) -> None:
        name = Path(operation.path).name
        if name == "acks":
            self.acks += operation.data
        elif operation.kind in "WT":
            self.names[name].waiting.append(operation)
        elif operation.kind == "S":
            if name in self.names:
                self.names[name].sync()
            else:
                self.durable_names = dict(self.names)
                self.waiting.clear()
        else:
            if operation.kind == "C":
                operation.created = Inode()
            _rename(self.names, operation)
            self.waiting.append(operation)

    def after_the_cut(self, chance: random.Random) -> dict[str, bytes]:
        names = dict(self.durable_names)
        for operation in self.waiting[: chance.randint(0, len(self.waiting))]:
            _rename(names, operation)
        return {name: inode.after_the_cut(chance) for name, inode in names.items()}


def _rename(names: dict[str, Inode], operation: Operation) -> None:
    name = Path(operation.path).name
    if operation.kind == "C":
        names[name] = operation.created or Inode()
    elif operation.kind == "U":
        names.pop(name, None)
    else:
        names[Path(operation.second).name] = names.pop(name)


def read_log(path: Path) -> list[Operation]:
    raw, at, operations = path.read_bytes(), 0, []
    while at < len(raw):
        kind, offset, size, first, second = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        texts = []
        for length in (first, second):
            texts.append(raw[at : at + length].decode())
            at += length
        operations.append(Operation(kind.decode(), *texts, offset, raw[at : at + size]))
        at += size
    return [operation for operation in operations if not operation.path.endswith("-shm")]


@dataclass
class Recording:
    place: Place
    files: dict[str, bytes]
    operations: list[Operation]
    new_sheet: str


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    built = tmp_path_factory.mktemp("library") / "power_log.so"
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "the power cut test needs a C compiler"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-o", built, HERE / "power_log.c", "-ldl", "-lpthread"],
        check=True,
    )
    return built


def record(folder: Path, library: Path, synchronous: str) -> Recording:
    place = Place(folder)
    files = {path.name: path.read_bytes() for path in place.folder.iterdir()}
    log = folder / "log"
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.power_work", place.folder, place.sheet_a, PASSPHRASE, synchronous],
        env=os.environ | {"LD_PRELOAD": str(library), "POWER_LOG": str(log), "POWER_DIR": str(place.folder)},
        cwd=HERE.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return Recording(place, files, read_log(log), done.stdout.strip())


def cut(recording: Recording, at: int, folder: Path, chance: random.Random) -> list[str]:
    """Write the files as a power cut after `at` operations leaves them, and return what was acknowledged."""
    disk = Disk(recording.files)
    for operation in recording.operations[:at]:
        disk.do(operation)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in disk.after_the_cut(chance).items():
        (folder / name).write_bytes(content)
    return disk.acks.decode().splitlines()


def reopen(recording: Recording, folder: Path, acks: list[str]) -> Vault:
    anchors = Anchors()
    for line in acks:
        word, *values = line.split(" ")
        if word == "anchor":
            anchors.kept["any"] = Anchor(int(values[0]), int(values[1]), values[2])
    anchors.load = lambda _vault_id: anchors.kept.get("any")
    digits = [recording.new_sheet, recording.place.sheet_a]
    for sheet in digits:
        try:
            return unlock_vault(folder, Sheet(sheet), anchors=anchors, now=Clock())
        except WrongSecret:
            continue
    raise WrongSecret


def fault_of(recording: Recording, at: int, folder: Path, chance: random.Random) -> str:
    """Return what a power cut broke, or an empty string."""
    acks = cut(recording, at, folder, chance)
    try:
        vault = reopen(recording, folder, acks)
    except UserError as refused:
        return type(refused).__name__
    try:
        if vault.read_only is not None:
            return f"read-only: {vault.read_only}"
        rows, saved = saved_rows(vault), {line for line in acks if line.startswith("row ")}
        if saved - rows:
            return f"lost {len(saved - rows)}"
        if len(rows - saved) > 1:
            return "rows nobody wrote"
        for line in acks:
            if line.startswith("rotated") and vault.audit.epoch != 2:
                return "rotation lost"
        try:
            require_sound(vault)
        except AssertionError:
            return "unsound"
        return ""
    finally:
        vault.close()


def test_ours_survives_and_a_control_without_syncing_does_not(memory, library):
    ours = record(memory / "ours", library, "FULL")
    assert ours.operations[-1].kind in "SRU"
    chance = random.Random(20261122)
    faults = []
    for _state in range(count(ci=120, more=600, full=10_000)):
        at = chance.randint(0, len(ours.operations))
        fault = fault_of(ours, at, memory / "state", chance)
        if fault:
            faults.append((at, fault))
    assert faults == []

    control = record(memory / "control", library, "OFF")
    broken = 0
    states = count(ci=30, more=200, full=600)
    for _state in range(states):
        at = chance.randint(len(control.operations) // 4, len(control.operations))
        broken += bool(fault_of(control, at, memory / "state", chance))
    assert broken > states // 10, "the control must fail, or this test finds nothing"
