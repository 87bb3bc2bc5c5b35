"""From a typed secret to the root key, with rotations pending and files forged."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from counselroom.vault.keys import unlocking
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.recovery_code import RecoveryCodeError, encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import KeysForged, KeysMissing, Pending, SlotFile, canonical
from counselroom.vault.keys.slots import MachineSecretMissing, SlotKind, WrongSecret, passphrase_slot, recovery_slot
from counselroom.vault.keys.unlocking import Passphrase, Sheet, Unlocked, open_slot, unlock

ROOT = RootKey(bytes(range(32)))
NEXT = RootKey(bytes(range(32, 64)))
SECRETS = {name: bytes([number]) * 16 for number, name in enumerate("abcd")}
MACHINE = b"m" * 32


def ent(number: int):
    return lambda size: bytes([number]) * size


def sheet(kind: SlotKind, name: str, root: RootKey = ROOT):
    return recovery_slot(root, kind, SECRETS[name], ent(ord(name)))


def digits(name: str) -> Sheet:
    return Sheet(encode(SECRETS[name]))


@pytest.fixture(scope="module")
def first():
    return passphrase_slot(ROOT, "用户 1", "first passphrase", FLOOR, ent(50))


@pytest.fixture(scope="module")
def bound():
    return passphrase_slot(ROOT, "用户 2", "second passphrase", FLOOR, ent(51), MACHINE)


@pytest.fixture
def folder(tmp_path, first, bound):
    SlotFile("0f" * 16, (first, bound, sheet(SlotKind.SHEET_A, "a"), sheet(SlotKind.SHEET_B, "b"))).write(
        tmp_path, ROOT
    )
    return tmp_path


@pytest.mark.parametrize(("name", "kind"), [("a", SlotKind.SHEET_A), ("b", SlotKind.SHEET_B)])
def test_a_sheet_opens(folder, name, kind):
    unlocked = unlock(folder, digits(name))
    assert unlocked.root.material() == ROOT.material()
    assert unlocked.slot.kind is kind
    assert unlocked.file == SlotFile.read(folder)
    assert (unlocked.next_root, unlocked.next_slot) == (None, None)


def test_a_passphrase_opens_by_name_and_without(folder, first):
    for login in (None, "用户 1"):
        unlocked = unlock(folder, Passphrase("ｆｉｒｓｔ passphrase", login))
        assert unlocked.root.material() == ROOT.material()
        assert unlocked.slot == first


def test_a_bound_slot_needs_the_machine(folder, bound):
    assert unlock(folder, Passphrase("second passphrase", "用户 2", MACHINE)).slot == bound
    with pytest.raises(MachineSecretMissing):
        unlock(folder, Passphrase("second passphrase", "用户 2"))
    with pytest.raises(WrongSecret):
        unlock(folder, Passphrase("second passphrase", "用户 2", b"n" * 32))


def test_wrong_secrets(folder):
    with pytest.raises(WrongSecret):
        unlock(folder, digits("c"))
    with pytest.raises(WrongSecret):
        unlock(folder, Passphrase("wrong passphrase", "用户 1"))
    with pytest.raises(WrongSecret):
        unlock(folder, Passphrase("first passphrase", "nobody"))
    with pytest.raises(RecoveryCodeError):
        unlock(folder, Sheet("123"))


def test_an_endless_text_is_not_derived_from(folder, monkeypatch):
    monkeypatch.setattr(unlocking, "normalised", lambda text: pytest.fail("derived"))
    with pytest.raises(WrongSecret):
        unlock(folder, Passphrase("x" * 1025))


def test_the_longest_text_is_tried(monkeypatch):
    seen = []
    monkeypatch.setattr(unlocking, "normalised", lambda text: seen.append(len(text)) or b"")
    with pytest.raises(WrongSecret):
        open_slot((), Passphrase("x" * 1024))
    assert seen == [1024]


def test_a_sheet_is_not_tried_on_passphrases_nor_the_other_way(folder, first):
    assert open_slot((first,), Passphrase("first passphrase"))[0] is first
    with pytest.raises(WrongSecret):
        open_slot((first,), digits("a"))
    with pytest.raises(WrongSecret):
        open_slot((sheet(SlotKind.SHEET_A, "a"),), Passphrase("first passphrase"))


def test_secrets_are_not_shown():
    assert "swordfish" not in repr(Passphrase("swordfish", "用户 1", b"swordfish"))
    assert "123456" not in repr(Sheet("123456"))


def test_no_vault(tmp_path):
    with pytest.raises(KeysMissing):
        unlock(tmp_path, digits("a"))


def forge(path, change) -> None:
    values = json.loads(path.read_bytes())
    del values["sha256"]
    change(values)
    path.write_bytes(canonical(values | {"sha256": hashlib.sha256(canonical(values)).hexdigest()}))


def drop_last(values: dict) -> None:
    values["slots"].pop()


def test_a_forged_file_is_refused(folder, monkeypatch):
    wiped = []
    real = RootKey.wipe
    monkeypatch.setattr(RootKey, "wipe", lambda root: wiped.append(root) or real(root))
    for name in ("vault.keys", "vault.keys.2"):
        forge(folder / name, drop_last)
    with pytest.raises(KeysForged) as caught:
        unlock(folder, digits("a"))
    assert caught.value.happened == "资料库的密钥文件被人从外部改动过。"
    assert caught.value.safe == "没有打开任何内容，也没有改动任何内容。"
    assert caught.value.next_step == "请从资料库文件夹的副本中放回原来的密钥文件，或者恢复一份备份。"
    assert len(wiped) == 2


def test_a_forged_first_copy_gives_way_to_the_second(folder):
    forge(folder / "vault.keys", drop_last)
    unlocked = unlock(folder, digits("a"))
    assert len(unlocked.file.slots) == 4
    assert unlocked.root.material() == ROOT.material()


def test_a_slot_left_in_the_second_copy_opens_nothing(folder):
    """A crash between the two writes of a removal leaves the removed slot in the second copy."""
    old = (folder / "vault.keys.2").read_bytes()
    file = SlotFile.read(folder)
    replace(file, slots=file.slots[:-1]).write(folder, ROOT)
    (folder / "vault.keys.2").write_bytes(old)
    with pytest.raises(WrongSecret):
        unlock(folder, digits("b"))
    assert unlock(folder, digits("a")).root.material() == ROOT.material()


def rotating(folder, *, epoch: int = 2, new_under_old: bytes | None = None):
    """Sheets a, b of now; sheet a stays the same in the next set (as a kept passphrase does), c is new."""
    pending = Pending(
        (sheet(SlotKind.SHEET_A, "a", NEXT), sheet(SlotKind.SHEET_B, "c", NEXT)),
        ROOT.wrap(NEXT.material()) if new_under_old is None else new_under_old,
        NEXT.wrap(ROOT.material()),
        epoch,
    )
    file = SlotFile("0f" * 16, (sheet(SlotKind.SHEET_A, "a"), sheet(SlotKind.SHEET_B, "b")), pending)
    file.write(folder, ROOT)
    return file


@pytest.mark.parametrize(
    ("name", "kind", "next_kind"),
    [
        ("a", SlotKind.SHEET_A, SlotKind.SHEET_A),
        ("b", SlotKind.SHEET_B, None),
        ("c", None, SlotKind.SHEET_B),
    ],
)
def test_while_a_rotation_is_pending_either_root_leads_to_both(tmp_path, name, kind, next_kind):
    file = rotating(tmp_path)
    unlocked = unlock(tmp_path, digits(name))
    assert unlocked.file == file
    assert unlocked.root.material() == ROOT.material()
    assert unlocked.next_root.material() == NEXT.material()
    assert (unlocked.slot and unlocked.slot.kind) == kind
    assert (unlocked.next_slot and unlocked.next_slot.kind) == next_kind


def test_a_pending_rotation_opens_to_nobody_else(tmp_path):
    rotating(tmp_path)
    with pytest.raises(WrongSecret):
        unlock(tmp_path, digits("d"))


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_roots_that_do_not_belong_together_are_forged(tmp_path, name):
    rotating(tmp_path)
    for copy in ("vault.keys", "vault.keys.2"):
        forge(
            tmp_path / copy,
            lambda values: values["pending"].update(new_under_old="00" * 40, old_under_new="00" * 40),
        )
    with pytest.raises(KeysForged):
        unlock(tmp_path, digits(name))


def test_forget_wipes_both():
    unlocked = Unlocked(SlotFile("0f" * 16, ()), RootKey(b"x" * 32), None, RootKey(b"y" * 32))
    unlocked.forget()
    assert unlocked.root.material() == unlocked.next_root.material() == bytes(32)
    alone = Unlocked(SlotFile("0f" * 16, ()), RootKey(b"x" * 32), None)
    alone.forget()
    assert alone.root.material() == bytes(32)
