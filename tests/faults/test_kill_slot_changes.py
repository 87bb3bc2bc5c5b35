"""Kill -9 while slots are removed and sheets renewed: what was removed stays out, nobody else is locked out."""

from __future__ import annotations

import random
import secrets
import time
from dataclasses import replace
from pathlib import Path

import pytest

from counselroom.vault.credentials import remove_slot, renew_sheet
from counselroom.vault.keys.recovery_code import decode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, Unlocked, unlock
from counselroom.vault.vault import open_vault
from tests.faults.children import FileAnchors, Say, child
from tests.faults.scale import count
from tests.vault.vaults import DOER, LOGIN, PASSPHRASE, Clock, Place, require_sound

pytestmark = pytest.mark.faults

OTHERS = 40


def opens(folder: Path, credential: Passphrase | Sheet) -> bool:
    try:
        unlock(folder, credential).forget()
    except WrongSecret:
        return False
    return True


def test_kills_while_slots_change(memory: Path) -> None:
    chance = random.Random(8)
    changed = [kill_once(memory / str(number), chance) for number in range(count(ci=15, more=60, full=100))]
    assert any(changed), "every child was killed before its first change"


def kill_once(folder: Path, chance: random.Random) -> int:
    folder.mkdir()
    place, anchors = Place(folder), FileAnchors(folder / "anchors")
    held = place.held()
    root = held.root.material()
    mine = held.file.slots[0]
    # The same wrapped key under other names: forty accounts without forty derivations.
    others = tuple(replace(mine, slot_id=f"{number:016x}", login=f"其他 {number}") for number in range(OTHERS))
    SlotFile(held.file.vault_id, (*held.file.slots, *others)).write(place.folder, held.root)

    def open_it():
        file = SlotFile.read(place.folder)
        return open_vault(place.folder, Unlocked(file, RootKey(root), file.slots[0]), anchors=anchors, now=Clock())

    def work(say: Say) -> None:
        vault = open_it()
        say("open")
        for number in range(OTHERS):
            say(f"removing {others[number].login}")
            remove_slot(vault, others[number].slot_id, doer=DOER)
            say(f"removed {others[number].login}")
            say(f"sheet {renew_sheet(vault, SlotKind.SHEET_A, doer=DOER, entropy=secrets.token_bytes)}")

    with child(work) as running:
        running.wait_for("open")
        time.sleep(chance.random() * 0.15)
        lines = running.kill()
    removed = [line.removeprefix("removed ") for line in lines if line.startswith("removed ")]
    begun = [line.removeprefix("removing ") for line in lines if line.startswith("removing ")]
    sheets = [place.sheet_a, *(line.removeprefix("sheet ") for line in lines if line.startswith("sheet "))]

    file = SlotFile.read(place.folder)
    assert not set(removed) & set(file.logins())
    assert {slot.login for slot in others} - set(begun) <= set(file.logins())
    assert opens(place.folder, Sheet(place.sheet_b)), "locked out"
    assert not any(opens(place.folder, Sheet(digits)) for digits in sheets[:-1])
    sheet_a = next(slot for slot in file.slots if slot.kind is SlotKind.SHEET_A)
    if opens(place.folder, Sheet(sheets[-1])):
        assert sheet_a.open(decode(sheets[-1])).material() == root
    if removed:
        assert not opens(place.folder, Passphrase(PASSPHRASE, removed[-1]))
    vault = open_it()
    assert vault.read_only is None
    require_sound(vault)
    vault.close()
    first, second = SlotFile.copies(place.folder)
    assert first == second, "the copies were not made equal"
    if not removed:
        assert opens(place.folder, Passphrase(PASSPHRASE, LOGIN))
    return len(removed)
