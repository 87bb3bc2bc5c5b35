"""Slots: what opens them, and what a hostile file can't make of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counselroom.errors import Bug
from counselroom.vault.keys.argon import FLOOR, KdfRefused
from counselroom.vault.keys.passphrase import normalised
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slots import (
    DEFAULT_LOGIN,
    MachineSecretMissing,
    Slot,
    SlotKind,
    SlotUnreadable,
    UnusableLogin,
    WrongSecret,
    passphrase_slot,
    recovery_slot,
    require_login,
)

ROOT = RootKey(bytes(range(32)))
SECRET = bytes(range(16))


def counting(size: int) -> bytes:
    return bytes(range(size))


@pytest.fixture(scope="module")
def passphrase() -> Slot:
    return passphrase_slot(ROOT, DEFAULT_LOGIN, "correct horse", FLOOR, counting)


def test_known_answer_of_a_sheet():
    slot = recovery_slot(ROOT, SlotKind.SHEET_A, SECRET, counting)
    assert slot.to_json() == {
        "slot_id": "0001020304050607",
        "kind": "sheet_a",
        "login": "",
        "salt": "000102030405060708090a0b0c0d0e0f",
        "wrapped": "e297e4bd592a18e0b3052b51e262aed0895c88d27ce7707a9c9c0fe43e4cc81704b3d07b7a124555",
        "kdf": None,
    }
    assert slot.open(SECRET).material() == ROOT.material()
    assert slot.open(SECRET, b"m" * 32).material() == ROOT.material()  # no machine secret goes into a sheet


def test_known_answer_of_a_passphrase(passphrase):
    assert passphrase.to_json() == {
        "slot_id": "0001020304050607",
        "kind": "passphrase",
        "login": "用户 1",
        "salt": "000102030405060708090a0b0c0d0e0f",
        "wrapped": "182dc24d732f04bec3001d04d44844621512dbed099aec54194c4acfb2ee471eaea96cedbcc91bab",
        "kdf": {"memory_kib": 65536, "passes": 3, "lanes": 4},
    }
    assert passphrase.open(b"correct horse").material() == ROOT.material()


def test_known_answer_of_a_bound_slot():
    slot = passphrase_slot(ROOT, DEFAULT_LOGIN, "correct horse", FLOOR, counting, b"m" * 32)
    assert slot.kind is SlotKind.BOUND
    assert slot.wrapped.hex() == ("63d281aaeec162e1c99594a467cf31531c6b32b82952efca2b25191493cadc81464334bad75a2608")
    assert slot.open(b"correct horse", b"m" * 32).material() == ROOT.material()
    with pytest.raises(WrongSecret):
        slot.open(b"correct horse", b"n" * 32)
    with pytest.raises(MachineSecretMissing) as caught:
        slot.open(b"correct horse")
    assert caught.value.happened == "这个口令要和本机的系统钥匙串一起使用，但钥匙串现在没有响应。"
    assert caught.value.safe == "资料库没有任何改动。"
    assert caught.value.next_step == "请重新登录电脑后再试，或者用恢复单打开资料库。"


def test_a_wrong_secret_does_not_open(passphrase):
    with pytest.raises(WrongSecret) as caught:
        passphrase.open(b"correct horsf")
    assert caught.value.happened == "这个口令或恢复单打不开资料库。"
    assert caught.value.safe == "没有改动任何内容。"
    assert caught.value.next_step == "请再试一次；如果忘记了口令，请使用恢复单。"
    with pytest.raises(WrongSecret):
        recovery_slot(ROOT, SlotKind.SHEET_B, SECRET, counting).open(bytes(16))


def test_a_slot_shows_no_key(passphrase):
    assert passphrase.wrapped.hex() not in repr(passphrase)
    assert "wrapped" not in repr(passphrase)


def test_a_passphrase_is_normalised():
    slot = passphrase_slot(ROOT, DEFAULT_LOGIN, "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ", FLOOR, counting)
    assert slot.open(normalised("correct horse")).material() == ROOT.material()


def test_salt_and_id_come_from_the_entropy():
    asked = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes([len(asked)]) * size

    slot = recovery_slot(ROOT, SlotKind.SHEET_B, SECRET, entropy)
    assert asked == [8, 16]
    assert (slot.slot_id, slot.salt, slot.kind, slot.login) == ("01" * 8, b"\2" * 16, SlotKind.SHEET_B, "")


def test_only_sheets_have_recovery_slots():
    for kind in (SlotKind.PASSPHRASE, SlotKind.BOUND):
        assert not kind.is_sheet
        with pytest.raises(Bug, match="a recovery slot is of a sheet"):
            recovery_slot(ROOT, kind, SECRET, counting)
    assert SlotKind.SHEET_A.is_sheet
    assert SlotKind.SHEET_B.is_sheet


def test_json_round_trip(passphrase):
    for slot in (passphrase, recovery_slot(ROOT, SlotKind.SHEET_A, SECRET, counting)):
        assert Slot.from_json(slot.to_json()) == slot


@pytest.mark.parametrize(
    "change",
    [
        {"slot_id": "0" * 15},
        {"slot_id": "0" * 17},
        {"slot_id": "G" * 16},
        {"slot_id": 5},
        {"kind": "PASSPHRASE"},
        {"kind": "sheet_c"},
        {"kind": ["sheet_a"]},
        {"kind": None},
        {"kind": "sheet_a"},  # a sheet with a login and a derivation
        {"kind": "sheet_a", "login": ""},
        {"kind": "sheet_a", "kdf": None},
        {"login": ""},
        {"login": "x" * 65},
        {"login": "a\nb"},
        {"login": "a\x7fb"},
        {"login": "a\u2028b"},
        {"login": 1},
        {"salt": "00" * 15},
        {"salt": "00" * 17},
        {"salt": "0G" * 16},
        {"salt": "AB" * 16},
        {"salt": None},
        {"wrapped": "00" * 39},
        {"wrapped": "00" * 41},
        {"wrapped": "00" * 40 + "\n"},
        {"kdf": None},
        {"kdf": {"memory_kib": 65536, "passes": 3}},
        {"kdf": {"memory_kib": 65536, "passes": 3, "lanes": 4, "more": 1}},
        {"kdf": {"memory_kib": "65536", "passes": 3, "lanes": 4}},
        {"kdf": {"memory_kib": 65536.0, "passes": 3, "lanes": 4}},
        {"kdf": {"memory_kib": 65536, "passes": True, "lanes": 4}},
        {"kdf": [65536, 3, 4]},
        {"extra": 1},
    ],
)
def test_other_json_is_refused(passphrase, change):
    with pytest.raises(SlotUnreadable):
        Slot.from_json(passphrase.to_json() | change)


@pytest.mark.parametrize("values", [None, [], "slot", 1])
def test_what_is_no_object_is_refused(values):
    with pytest.raises(SlotUnreadable):
        Slot.from_json(values)


def test_a_missing_field_is_refused(passphrase):
    for name in passphrase.to_json():
        values = passphrase.to_json()
        del values[name]
        with pytest.raises(SlotUnreadable):
            Slot.from_json(values)


@pytest.mark.parametrize(
    "kdf",
    [
        {"memory_kib": 1024 * 1024 + 1, "passes": 3, "lanes": 4},
        {"memory_kib": 65536, "passes": 11, "lanes": 4},
        {"memory_kib": 65536, "passes": 3, "lanes": 9},
        {"memory_kib": 8, "passes": 1, "lanes": 1},
    ],
)
def test_hostile_cost_is_refused_before_any_work(passphrase, kdf):
    with pytest.raises(KdfRefused):
        Slot.from_json(passphrase.to_json() | {"kdf": kdf})


@pytest.mark.parametrize("login", ["用户 1", "a", "x" * 64, "老师甲"])
def test_login_names(login):
    require_login(login, ["other"])


@pytest.mark.parametrize("login", ["", "x" * 65, " a", "a ", "a\tb", "a\rb", "\x00", "a\x9fb", "\ud800"])
def test_unusable_login_names(login):
    with pytest.raises(UnusableLogin) as caught:
        require_login(login)
    assert caught.value.happened == "登录名需为 1 到 64 个字符，不能换行，首尾不能有空格。"
    assert caught.value.next_step == "请换一个登录名；它在解锁前就会显示，所以不要写真实姓名。"


def test_a_taken_login_name():
    with pytest.raises(UnusableLogin) as caught:
        require_login("用户 1", ["用户 2", "用户 1"])
    assert caught.value.happened == "这个登录名已经有人使用。"
    assert caught.value.next_step == "请换一个登录名；它在解锁前就会显示，所以不要写真实姓名。"


def test_a_slot_is_not_made_for_an_unusable_login():
    with pytest.raises(UnusableLogin):
        passphrase_slot(ROOT, " ", "correct horse", FLOOR, counting)


def test_damage_of_any_part_keeps_it_shut():
    slot = recovery_slot(ROOT, SlotKind.SHEET_A, SECRET, counting)
    for changed in (
        replace(slot, salt=b"\1" + slot.salt[1:]),
        replace(slot, wrapped=slot.wrapped[:-1] + b"\0"),
    ):
        with pytest.raises(WrongSecret):
            changed.open(SECRET)
