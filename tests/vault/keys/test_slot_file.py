"""The slot file: strict reading, two copies, damage and forgery."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from counselroom.errors import Bug
from counselroom.vault.keys.argon import FLOOR, KdfRefused
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import (
    FILE_LIMIT,
    KeysDamaged,
    KeysMissing,
    KeysTooNew,
    Pending,
    SlotFile,
    canonical,
)
from counselroom.vault.keys.slots import Slot, SlotKind, SlotUnreadable, recovery_slot

ROOT = RootKey(bytes(range(32)))
NEXT = RootKey(bytes(range(32, 64)))
VAULT_ID = "0f" * 16


def sheet(kind: SlotKind, number: int, root: RootKey = ROOT) -> Slot:
    return recovery_slot(root, kind, bytes([number]) * 16, lambda size: bytes([number]) * size)


def login(name: str, number: int) -> Slot:
    return Slot(f"{number:016x}", SlotKind.PASSPHRASE, name, bytes(16), bytes(40), FLOOR)


A, B, LOGIN = sheet(SlotKind.SHEET_A, 1), sheet(SlotKind.SHEET_B, 2), login("用户 1", 3)
FILE = SlotFile(VAULT_ID, (LOGIN, A, B))
PENDING = Pending((sheet(SlotKind.SHEET_A, 9, NEXT),), ROOT.wrap(NEXT.material()), NEXT.wrap(ROOT.material()), 2)


def resealed(values: dict) -> bytes:
    """A file that is whole to everybody without the root key."""
    values.pop("sha256", None)
    return canonical(values | {"sha256": hashlib.sha256(canonical(values)).hexdigest()})


def test_round_trip_in_two_copies(tmp_path):
    written = FILE.write(tmp_path, ROOT)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vault.keys", "vault.keys.2"]
    assert (tmp_path / "vault.keys").read_bytes() == (tmp_path / "vault.keys.2").read_bytes()
    assert SlotFile.copies(tmp_path) == (FILE, FILE)
    read = SlotFile.read(tmp_path)
    assert read == written == FILE
    assert read.mac == written.mac
    assert read.is_genuine(ROOT)
    assert not read.is_genuine(NEXT)
    assert not FILE.is_genuine(ROOT)  # was never written


def test_the_mac_is_the_one_described():
    import hmac

    values = json.loads(FILE.to_bytes(ROOT))
    del values["sha256"]
    mac = values.pop("mac")
    expected = hmac.digest(ROOT.slots_mac_key(), canonical(values), "sha256").hex()
    assert mac == expected
    assert values["format"] == 1


def test_canonical_spelling():
    assert canonical({"b": "用", "a": [1, None]}) == b'{"a":[1,null],"b":"\\u7528"}'
    with pytest.raises(ValueError):
        canonical({"a": float("nan")})


def test_pending_round_trip(tmp_path):
    file = replace(FILE, pending=PENDING)
    file.write(tmp_path, ROOT)
    assert SlotFile.read(tmp_path) == file
    assert SlotFile.read(tmp_path).pending.epoch == 2
    assert PENDING.new_under_old.hex() not in repr(PENDING)
    assert PENDING.old_under_new.hex() not in repr(PENDING)


def test_logins_and_sheets_in_their_order():
    file = SlotFile(VAULT_ID, (login("乙", 4), B, replace(LOGIN, kind=SlotKind.BOUND), A))
    assert file.logins() == ("乙", "用户 1")
    assert file.sheets() == (B, A)


def test_every_flipped_bit_is_found_without_a_secret(tmp_path):
    FILE.write(tmp_path, ROOT)
    good = (tmp_path / "vault.keys").read_bytes()
    (tmp_path / "vault.keys.2").unlink()
    for position in range(len(good)):
        damaged = bytearray(good)
        damaged[position] ^= 1 << position % 8
        (tmp_path / "vault.keys").write_bytes(bytes(damaged))
        with pytest.raises(KeysDamaged):
            SlotFile.read(tmp_path)


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_a_cut_file_is_found(tmp_path, cut):
    FILE.write(tmp_path, ROOT)
    whole = (tmp_path / "vault.keys").read_bytes()
    for name in ("vault.keys", "vault.keys.2"):
        (tmp_path / name).write_bytes(whole[:cut])
    with pytest.raises(KeysDamaged) as caught:
        SlotFile.read(tmp_path)
    assert caught.value.happened == "资料库的两份密钥文件都已损坏。"
    assert caught.value.safe == "记录本身没有被动过。"
    assert caught.value.next_step == "请用恢复单恢复最新的一份备份。"


def test_the_second_copy_stands_in(tmp_path):
    newer = replace(FILE, slots=(LOGIN, A))
    newer.write(tmp_path, ROOT)
    (tmp_path / "vault.keys").write_bytes(FILE.to_bytes(ROOT))
    assert SlotFile.copies(tmp_path) == (FILE, newer)
    (tmp_path / "vault.keys").write_bytes(b"torn")
    assert SlotFile.copies(tmp_path) == (newer,)
    (tmp_path / "vault.keys").unlink()
    assert SlotFile.copies(tmp_path) == (newer,)
    (tmp_path / "vault.keys.2").unlink()
    with pytest.raises(KeysMissing) as caught:
        SlotFile.read(tmp_path)
    assert caught.value.happened == "找不到资料库的密钥文件。"
    assert caught.value.safe == "没有新建任何内容，也没有改动任何内容。"
    assert caught.value.next_step == "请确认这就是资料库所在的文件夹；如果确实丢失，请用恢复单恢复一份备份。"


def test_the_first_copy_is_written_first(tmp_path, monkeypatch):
    from counselroom.vault.keys import slot_file

    FILE.write(tmp_path, ROOT)
    order = []

    def failing(path, data):
        order.append(path.name)
        raise OSError(28, "full")

    monkeypatch.setattr(slot_file, "write_durably", failing)
    with pytest.raises(OSError, match="full"):
        replace(FILE, slots=(LOGIN,)).write(tmp_path, ROOT)
    assert order == ["vault.keys"]
    assert SlotFile.copies(tmp_path) == (FILE, FILE)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 0},
        {"format": True},
        {"format": "1"},
        {"vault_id": "0f" * 15},
        {"vault_id": "0F" * 16},
        {"vault_id": 1},
        {"vault_id": "0f" * 16 + "\n"},
        {"slots": []},
        {"slots": {}},
        {"slots": None},
        {"slots": [1]},
        {"slots": [LOGIN.to_json(), LOGIN.to_json()]},
        {"slots": [A.to_json(), replace(A, slot_id="a" * 16).to_json()]},
        {"slots": [LOGIN.to_json(), replace(LOGIN, slot_id="a" * 16).to_json()]},
        {"slots": [LOGIN.to_json(), replace(LOGIN, slot_id="a" * 16, kind=SlotKind.BOUND).to_json()]},
        {"slots": [login(str(number), number).to_json() for number in range(65)]},
        {"mac": "00" * 31},
        {"mac": None},
        {"pending": {}},
        {"pending": []},
        {"pending": PENDING.to_json() | {"epoch": 1}},
        {"pending": PENDING.to_json() | {"epoch": 2**31}},
        {"pending": PENDING.to_json() | {"epoch": True}},
        {"pending": PENDING.to_json() | {"epoch": "2"}},
        {"pending": PENDING.to_json() | {"slots": []}},
        {"pending": PENDING.to_json() | {"new_under_old": "00" * 39}},
        {"pending": PENDING.to_json() | {"old_under_new": "00" * 41}},
        {"pending": PENDING.to_json() | {"more": 1}},
        {"more": 1},
    ],
)
def test_other_content_is_refused(tmp_path, change):
    (tmp_path / "vault.keys").write_bytes(resealed(json.loads(FILE.to_bytes(ROOT)) | change))
    with pytest.raises(KeysDamaged):
        SlotFile.read(tmp_path)


def test_the_limits_themselves_are_allowed(tmp_path):
    values = json.loads(FILE.to_bytes(ROOT))
    for change in (
        {"slots": [login(str(number), number).to_json() for number in range(64)]},
        {"pending": PENDING.to_json() | {"epoch": 2**31 - 1}},
        {"slots": [A.to_json()]},
    ):
        (tmp_path / "vault.keys").write_bytes(resealed(values | change))
        assert SlotFile.read(tmp_path).vault_id == VAULT_ID


@pytest.mark.parametrize("name", ["format", "vault_id", "slots", "pending", "mac", "sha256"])
def test_a_missing_field_is_refused(tmp_path, name):
    values = json.loads(FILE.to_bytes(ROOT))
    del values[name]
    (tmp_path / "vault.keys").write_bytes(canonical(values) if name == "sha256" else resealed(values))
    with pytest.raises(KeysDamaged):
        SlotFile.read(tmp_path)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"a":NaN}',
        b'{"format":1}',
        FILE.to_bytes(ROOT) + b"\n",
        FILE.to_bytes(ROOT).replace(b",", b", "),
        b" " + FILE.to_bytes(ROOT),
    ],
)
def test_another_spelling_is_refused(tmp_path, raw):
    (tmp_path / "vault.keys").write_bytes(raw)
    with pytest.raises(KeysDamaged):
        SlotFile.read(tmp_path)


def test_a_large_file_is_refused_without_reading_it_whole(tmp_path):
    values = json.loads(FILE.to_bytes(ROOT))
    (tmp_path / "vault.keys").write_bytes(resealed(values | {"more": "x" * FILE_LIMIT}))
    with pytest.raises(KeysDamaged):
        SlotFile.read(tmp_path)
    with (tmp_path / "vault.keys").open("wb") as stream:
        stream.truncate(1 << 40)  # sparse: reading it whole would be seen
    with pytest.raises(KeysDamaged):
        SlotFile.read(tmp_path)


def test_a_file_of_exactly_the_limit_is_read(tmp_path):
    """64 KiB are allowed, one byte more is not; the JSON itself is still not one of ours."""
    from counselroom.vault.keys import slot_file

    path = tmp_path / "x"
    path.write_bytes(b"x" * FILE_LIMIT)
    assert slot_file._read_limited(path) == b"x" * 65_536
    path.write_bytes(b"x" * (FILE_LIMIT + 1))
    with pytest.raises(SlotUnreadable, match="size"):
        slot_file._read_limited(path)


def test_a_newer_format_asks_for_a_newer_program(tmp_path):
    values = json.loads(FILE.to_bytes(ROOT)) | {"format": 2, "unknown": {}}
    (tmp_path / "vault.keys").write_bytes(resealed(values))
    with pytest.raises(KeysTooNew) as caught:
        SlotFile.read(tmp_path)
    assert caught.value.happened == "这个资料库由更新版本的程序写入。"
    assert caught.value.safe == "没有改动任何内容。"
    assert caught.value.next_step == "请安装新版本，再用它打开资料库。"


def test_hostile_cost_is_told_and_the_second_copy_stands_in(tmp_path):
    values = json.loads(FILE.to_bytes(ROOT))
    values["slots"][0]["kdf"]["memory_kib"] = 2**40
    (tmp_path / "vault.keys").write_bytes(resealed(values))
    with pytest.raises(KdfRefused):
        SlotFile.read(tmp_path)
    (tmp_path / "vault.keys.2").write_bytes(FILE.to_bytes(ROOT))
    assert SlotFile.copies(tmp_path) == (FILE,)


def test_a_file_that_could_not_be_read_back_is_not_written(tmp_path):
    for slots in ((), tuple(login(str(number), number) for number in range(65))):
        with pytest.raises(Bug, match="could not be read back"):
            SlotFile(VAULT_ID, slots).write(tmp_path, ROOT)
    # 64 slots with the longest names fit; a pending section as large again does not.
    most = tuple(login("\U00020000" * 63 + chr(0x4E00 + number), number) for number in range(64))
    assert len(SlotFile(VAULT_ID, most).to_bytes(ROOT)) <= FILE_LIMIT
    with pytest.raises(Bug, match="could not be read back"):
        SlotFile(VAULT_ID, most, replace(PENDING, slots=most)).write(tmp_path, ROOT)
    assert list(tmp_path.iterdir()) == []


FIELDS = ["slot_id", "login", "salt", "wrapped", "kdf.memory_kib", "kdf.passes", "kdf.lanes", "kind"]


def _changed(values: dict, path: str) -> None:
    holder = values
    *steps, name = path.split(".")
    for step in steps:
        holder = holder[step]
    old = holder[name]
    holder[name] = old + 1 if isinstance(old, int) else {"passphrase": "bound"}.get(old, "1" + old[1:])


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("section", ["slots", "pending"])
def test_every_field_is_under_the_mac(tmp_path, path, section):
    file = replace(FILE, pending=replace(PENDING, slots=(LOGIN,)))
    values = json.loads(file.to_bytes(ROOT))
    slots = values["slots"] if section == "slots" else values["pending"]["slots"]
    _changed(slots[0], path)
    (tmp_path / "vault.keys").write_bytes(resealed(values))
    assert not SlotFile.read(tmp_path).is_genuine(ROOT)


@pytest.mark.parametrize("change", ["vault_id", "pending", "epoch", "new_under_old", "old_under_new", "order", "mac"])
def test_the_rest_is_under_the_mac_too(tmp_path, change):
    values = json.loads(replace(FILE, pending=PENDING).to_bytes(ROOT))
    if change == "vault_id":
        values["vault_id"] = "1e" * 16
    elif change == "pending":
        values["pending"] = None
    elif change == "order":
        values["slots"].reverse()
    elif change == "mac":
        values["mac"] = "00" * 32
    elif change == "epoch":
        values["pending"]["epoch"] = 3
    else:
        values["pending"][change] = "00" * 40
    (tmp_path / "vault.keys").write_bytes(resealed(values))
    assert not SlotFile.read(tmp_path).is_genuine(ROOT)
