"""What may happen to a backup in a drawer: `verify` without a secret refuses every changed, cut or appended byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.vault.verification import BackupDamaged, BackupTooNew, NotABackup, verify_backup
from tests.faults.scale import count
from tests.vault.backup_support import Office
from tests.vault.test_verification import reseal

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("tampering") / "office")
    office.add_students(40)
    yield office
    office.vault.close()


@pytest.fixture(scope="module")
def made(office: Office) -> Path:
    return office.backup().path


@pytest.fixture
def victim(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "victim.crbackup"
    path.write_bytes(made.read_bytes())
    return path


def refused(path: Path) -> None:
    with pytest.raises((BackupDamaged, NotABackup, BackupTooNew)) as found:
        verify_backup(path)
    assert found.value.happened
    assert found.value.next_step


def flip(path: Path, position: int, bit: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(position)
        (byte,) = stream.read(1)
        stream.seek(position)
        stream.write(bytes([byte ^ 1 << bit]))


def test_random_single_bits_of_the_image(victim: Path) -> None:
    chance, image = random.Random(1), verify_backup(victim).header.image_bytes
    for _number in range(count(ci=500, more=2000, full=5000)):
        position, bit = chance.randrange(image), chance.randrange(8)
        flip(victim, position, bit)
        refused(victim)
        flip(victim, position, bit)
    assert not verify_backup(victim).genuine  # whole again: the refusals were for the flipped bits


def test_every_byte_of_the_trailer(victim: Path) -> None:
    chance, size = random.Random(2), victim.stat().st_size
    image = verify_backup(victim).header.image_bytes
    assert size - image >= 4096
    for position in range(image, size):
        bit = chance.randrange(8)
        flip(victim, position, bit)
        refused(victim)
        flip(victim, position, bit)
    verify_backup(victim)


def test_every_bit_of_the_end(victim: Path) -> None:
    size = victim.stat().st_size
    for position in range(size - 84, size):
        for bit in range(8):
            flip(victim, position, bit)
            refused(victim)
            flip(victim, position, bit)
    verify_backup(victim)


def test_truncations(made: Path, victim: Path) -> None:
    chance, raw = random.Random(3), made.read_bytes()
    cuts = [0, 1, 84, 4095, 4096, 8192, len(raw) // 2, len(raw) - 4096, len(raw) - 1]
    cuts += [chance.randrange(len(raw)) for _number in range(count(ci=60, more=200, full=500))]
    cuts += [4096 * chance.randrange(len(raw) // 4096) for _number in range(40)]
    for cut in cuts:
        victim.write_bytes(raw[:cut])
        refused(victim)
        victim.write_bytes(raw[cut + 1 :])
        refused(victim)


def test_appended_and_inserted_bytes(made: Path, victim: Path) -> None:
    chance, raw = random.Random(4), made.read_bytes()
    for number in range(40):
        more = bytes(4096) if number % 4 == 0 else chance.randbytes(chance.choice([1, 84, 4096, 5000]))
        place = len(raw) if number % 2 else 4096 * chance.randrange(len(raw) // 4096)
        victim.write_bytes(raw[:place] + more + raw[place:])
        refused(victim)
    victim.write_bytes(raw + raw[-4096:])
    refused(victim)
    victim.write_bytes(raw + raw)
    refused(victim)


def test_swapped_blocks(made: Path, victim: Path) -> None:
    chance, raw = random.Random(5), made.read_bytes()
    for _number in range(count(ci=100, more=300, full=1000)):
        one, other = chance.sample(range(len(raw) // 4096), 2)
        blocks = bytearray(raw)
        blocks[one * 4096 : (one + 1) * 4096] = raw[other * 4096 : (other + 1) * 4096]
        blocks[other * 4096 : (other + 1) * 4096] = raw[one * 4096 : (one + 1) * 4096]
        victim.write_bytes(blocks)
        refused(victim)


def test_the_trailer_of_another_backup(office: Office, made: Path, victim: Path) -> None:
    other = office.backup().path.read_bytes()
    raw = made.read_bytes()
    assert len(other) == len(raw)
    victim.write_bytes(raw[:-4096] + other[-4096:])
    refused(victim)


def test_rehashed_forgeries_are_refused_with_a_secret(office: Office, made: Path) -> None:
    """A flipped image under digests made anew: only the HMAC can tell, and it needs a sheet or the vault."""
    chance, raw = random.Random(6), made.read_bytes()
    image = verify_backup(made).header.image_bytes
    for number in range(count(ci=40, more=200, full=400)):
        changed = bytearray(raw[:image])
        changed[chance.randrange(image)] ^= 1 << chance.randrange(8)
        forged = reseal(made, image=bytes(changed))
        assert not verify_backup(forged).genuine
        with pytest.raises(UserError):
            verify_backup(forged, **({"sheet": office.sheet_a} if number % 2 else {"root": office.vault.root}))
        forged.unlink()
