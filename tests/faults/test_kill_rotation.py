"""Kill -9 during the rotation of the root key: the vault opens with exactly one key, old secrets live or are dead."""

from __future__ import annotations

import random
import secrets
import time
from pathlib import Path

import pytest

from counselroom.vault import rotation
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, unlock
from counselroom.vault.opening import DatabaseUnreadable, open_database
from counselroom.vault.vault import open_vault
from tests.faults.children import FileAnchors, Say, child
from tests.faults.scale import count
from tests.vault.vaults import DOER, LOGIN, PASSPHRASE, Clock, Place, require_sound, save_row, saved_rows

pytestmark = pytest.mark.faults


def test_kills_during_rotation(memory: Path) -> None:
    chance = random.Random(5)
    outcomes = [kill_once(memory / str(number), chance.random()) for number in range(count(ci=12, more=60, full=120))]
    assert len(set(outcomes)) > 1, f"every kill fell into the same moment: {outcomes[0]}"


def opens(folder: Path, digits: str) -> bool:
    try:
        unlock(folder, Sheet(digits)).forget()
    except WrongSecret:
        return False
    return True


def kill_once(folder: Path, share: float) -> str:
    """Kill a rotation at about `share` of its dangerous part, end it by the next unlock, and look at everything."""
    folder.mkdir()
    place, anchors = Place(folder), FileAnchors(folder / "anchors")
    old_root = place.held().root

    def open_it(unlocked):
        return open_vault(place.folder, unlocked, anchors=anchors, now=Clock())

    vault = open_it(place.held())
    for number in range(40):
        save_row(vault, f"row {number}")
    vault.close()

    def work(say: Say) -> None:
        running = open_it(place.held())
        save_row(running, "last")
        real = rotation.seal_epoch

        def announced(*arguments):
            say("begun")
            return real(*arguments)

        rotation.seal_epoch = announced
        sheets = rotation.rotate_root_key(running, {LOGIN: PASSPHRASE}, doer=DOER, entropy=secrets.token_bytes)
        say(f"over {sheets.sheet_a}")
        running.close()
        say("closed")

    with child(work) as rotating:
        rotating.wait_for("begun")
        time.sleep(share * 0.06)
        lines = rotating.kill()
    pending = SlotFile.read(place.folder).pending is not None
    is_over = any(line.startswith("over") for line in lines)
    assert not (is_over and pending), "acknowledged, and yet not finished"

    vault = open_it(unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)))
    assert vault.read_only is None
    rotated = vault.audit.epoch == 2
    assert rotated or not is_over
    assert (vault.root.material() != old_root.material()) is rotated
    assert saved_rows(vault) == {"last", *(f"row {number}" for number in range(40))}
    assert vault.slots().pending is None
    require_sound(vault)
    save_row(vault, "goes on")
    key = vault.root.database_key()
    vault.close()

    assert opens(place.folder, place.sheet_a) is not rotated
    assert opens(place.folder, place.sheet_b) is not rotated
    for line in lines:
        if line.startswith("over"):
            assert opens(place.folder, line.removeprefix("over "))
    open_database(place.database, key, mode="immutable").close()
    other = RootKey(old_root.material()).database_key()
    if rotated:
        with pytest.raises(DatabaseUnreadable):
            open_database(place.database, other, mode="immutable")
    return f"{pending} {rotated} {is_over}"
