"""Wrong secrets, swapped slots and hostile key derivations: nothing opens, and the memory stays within bounds."""

from __future__ import annotations

import hashlib
import json
import random
import resource
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.keys.slot_file import FILE_NAMES, KeysDamaged, KeysForged, canonical
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, unlock
from tests.faults.children import Say, child
from tests.faults.scale import count
from tests.vault.vaults import LOGIN, PASSPHRASE, Place

pytestmark = pytest.mark.faults

MEMORY_LIMIT = 1.1 * 2**30


def test_no_wrong_secret_opens(tmp_path: Path) -> None:
    place, chance = Place(tmp_path), random.Random(3)
    before, sentences = place.content(), set()
    for number in range(count(ci=200, more=200, full=2000)):
        credential = Sheet(encode(chance.randbytes(16)))
        if number % 40 == 0:  # each costs a derivation
            typed = list(PASSPHRASE)
            typed[chance.randrange(len(typed))] = chance.choice("XYZ0 ")
            credential = Passphrase("".join(typed), chance.choice([LOGIN, None]))
        with pytest.raises(WrongSecret) as caught:
            unlock(place.folder, credential)
        sentences.add(str(caught.value))
    assert len(sentences) == 1, "the sentence tells what was wrong"
    assert place.content() == before
    unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)).forget()


def reseal(path: Path, values: dict) -> None:
    values.pop("sha256", None)
    path.write_bytes(canonical(values | {"sha256": hashlib.sha256(canonical(values)).hexdigest()}))


def test_slots_of_another_vault_or_swapped_ones_open_nothing(tmp_path: Path) -> None:
    place, chance = Place(tmp_path), random.Random(4)
    whole = (place.folder / FILE_NAMES[0]).read_bytes()
    for _attempt in range(count(ci=100, more=100, full=1000)):
        values = json.loads(whole)
        one, two = chance.sample(values["slots"], 2)
        field = chance.choice(["wrapped", "salt", "slot_id", "both"])
        for name in ("wrapped", "salt") if field == "both" else (field,):
            one[name], two[name] = two[name], one[name]
        for name in FILE_NAMES:
            reseal(place.folder / name, values)
        for digits in (place.sheet_a, place.sheet_b):
            with pytest.raises((WrongSecret, KeysForged)):
                unlock(place.folder, Sheet(digits))


HOSTILE = [
    {"memory_kib": 2**40, "passes": 3, "lanes": 4},
    {"memory_kib": 2**20 + 1, "passes": 3, "lanes": 4},
    {"memory_kib": 65536, "passes": 2**31, "lanes": 4},
    {"memory_kib": 65536, "passes": 3, "lanes": 2**24},
    {"memory_kib": 8, "passes": 1, "lanes": 1},
    {"memory_kib": -1, "passes": -1, "lanes": -1},
    {"memory_kib": 10**400, "passes": 3, "lanes": 4},
]


def test_a_hostile_derivation_takes_no_memory(tmp_path: Path) -> None:
    place = Place(tmp_path)
    whole = (place.folder / FILE_NAMES[0]).read_bytes()

    def work(say: Say) -> None:
        for kdf in HOSTILE:
            values = json.loads(whole)
            values["slots"][0]["kdf"] = kdf
            for name in FILE_NAMES:
                reseal(place.folder / name, values)
            try:
                unlock(place.folder, Passphrase(PASSPHRASE, LOGIN))
            except UserError as refused:
                say(f"refused {type(refused).__name__}")
        say(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")

    with child(work) as running:
        lines = running.join()
    assert running.code == 0
    assert [line for line in lines if line.startswith("refused")] == ["refused KdfRefused"] * len(HOSTILE)
    assert int(lines[-1].removeprefix("peak ")) * 1024 < MEMORY_LIMIT


def test_noise_instead_of_the_slot_file(tmp_path: Path) -> None:
    place, chance = Place(tmp_path), random.Random(6)
    whole = (place.folder / FILE_NAMES[0]).read_bytes()
    for _attempt in range(count(ci=200, more=200, full=2000)):
        damaged = bytearray(whole)
        for _place in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        raw = chance.choice([bytes(damaged), whole[: chance.randrange(len(whole))], chance.randbytes(300)])
        for name in FILE_NAMES:
            (place.folder / name).write_bytes(raw)
        if raw != whole:
            with pytest.raises(KeysDamaged):
                unlock(place.folder, Sheet(place.sheet_a))
