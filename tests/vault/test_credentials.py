"""Changing who may open the vault."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import text

from counselroom.errors import Bug
from counselroom.vault import credentials
from counselroom.vault.credentials import (
    LastSlot,
    add_slot,
    change_passphrase,
    remove_slot,
    renew_sheet,
    reset_passphrase,
)
from counselroom.vault.engine import NotSaved
from counselroom.vault.keys.argon import FLOOR, KdfParameters
from counselroom.vault.keys.passphrase import PassphraseTooWeak
from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.keys.slots import MachineSecretMissing, SlotKind, UnusableLogin, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, unlock
from counselroom.vault.vault import VaultReadOnly
from tests.vault.vaults import DOER, LOGIN, PASSPHRASE, Place, audit_actions

NEW = "longzhou denglong huangdou gangqin"
COMMON = {"doer": DOER, "entropy": secrets.token_bytes}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture
def vault(place):
    vault = place.unlock()
    yield vault
    vault.close()


def opens(place, credential) -> bool:
    try:
        unlock(place.folder, credential).forget()
    except WrongSecret:
        return False
    return True


def last_row(vault):
    with vault.reading() as session:
        return session.execute(text("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1")).one()


def test_change_passphrase(place, vault):
    before = vault.slots().slots[0]
    slot = change_passphrase(vault, PASSPHRASE, NEW, login=LOGIN, **COMMON)
    assert (slot.slot_id, slot.login, slot.kdf) == (before.slot_id, LOGIN, before.kdf)
    assert vault.slots().slots[0] == slot
    assert slot.wrapped != before.wrapped
    assert not opens(place, Passphrase(PASSPHRASE))
    assert opens(place, Passphrase(NEW, LOGIN))
    assert opens(place, Sheet(place.sheet_a))
    row = last_row(vault)
    assert (row.action, row.entity, row.entity_id, row.actor_id, row.roles, row.reason) == (
        "passphrase_changed",
        "slot",
        slot.slot_id,
        DOER.account_id,
        "center_director",
        "人员变动",
    )


def test_change_passphrase_needs_the_old_one_and_a_strong_new_one(place, vault):
    before = place.content()
    with pytest.raises(WrongSecret):
        change_passphrase(vault, "not the old one", NEW, login=LOGIN, **COMMON)
    with pytest.raises(WrongSecret):
        change_passphrase(vault, PASSPHRASE, NEW, login="nobody", **COMMON)
    with pytest.raises(PassphraseTooWeak):
        change_passphrase(vault, PASSPHRASE, "password1234", login=LOGIN, **COMMON)
    assert place.content() == before


def test_a_new_cost_can_be_given(vault):
    slot = change_passphrase(vault, PASSPHRASE, NEW, login=LOGIN, kdf=KdfParameters(passes=4), **COMMON)
    assert slot.kdf == KdfParameters(passes=4)


def test_a_bound_slot_stays_bound(place, vault):
    machine = b"m" * 32
    add_slot(vault, "用户 2", NEW, kdf=FLOOR, machine_secret=machine, **COMMON)
    assert opens(place, Passphrase(NEW, "用户 2", machine))
    with pytest.raises(MachineSecretMissing):
        change_passphrase(vault, NEW, PASSPHRASE + " x", login="用户 2", **COMMON)
    slot = change_passphrase(vault, NEW, PASSPHRASE + " x", login="用户 2", machine_secret=machine, **COMMON)
    assert slot.kind is SlotKind.BOUND
    assert opens(place, Passphrase(PASSPHRASE + " x", "用户 2", machine))


def test_a_free_slot_stays_free_though_the_machine_has_a_secret(place, vault):
    slot = change_passphrase(vault, PASSPHRASE, NEW, login=LOGIN, machine_secret=b"m" * 32, **COMMON)
    assert slot.kind is SlotKind.PASSPHRASE
    assert opens(place, Passphrase(NEW, LOGIN))


def test_reset_with_a_sheet(place, vault):
    before = vault.slots().slots[0]
    with pytest.raises(WrongSecret):
        reset_passphrase(vault, Sheet(encode(bytes(16))), NEW, login=LOGIN, **COMMON)
    with pytest.raises(WrongSecret):
        reset_passphrase(vault, Sheet(place.sheet_b), NEW, login="nobody", **COMMON)
    with pytest.raises(PassphraseTooWeak):
        reset_passphrase(vault, Sheet(place.sheet_b), "short", login=LOGIN, **COMMON)
    slot = reset_passphrase(vault, Sheet(place.sheet_b), NEW, login=LOGIN, **COMMON)
    assert (slot.slot_id, slot.kdf) == (before.slot_id, before.kdf)
    assert opens(place, Passphrase(NEW, LOGIN))
    assert not opens(place, Passphrase(PASSPHRASE, LOGIN))
    assert last_row(vault).action == "passphrase_reset"
    other = reset_passphrase(vault, Sheet(place.sheet_a), NEW, login=LOGIN, kdf=KdfParameters(passes=4), **COMMON)
    assert other.kdf == KdfParameters(passes=4)


def test_add_and_remove_a_slot(place, vault):
    slot = add_slot(vault, "用户 2", NEW, kdf=FLOOR, **COMMON)
    assert (slot.kind, slot.login) == (SlotKind.PASSPHRASE, "用户 2")
    assert vault.slots().logins() == (LOGIN, "用户 2")
    assert opens(place, Passphrase(NEW, "用户 2"))
    assert (last_row(vault).action, last_row(vault).entity_id) == ("slot_added", slot.slot_id)
    remove_slot(vault, slot.slot_id, doer=DOER)
    assert vault.slots().logins() == (LOGIN,)
    assert not opens(place, Passphrase(NEW, "用户 2"))
    assert (last_row(vault).action, last_row(vault).entity_id) == ("slot_removed", slot.slot_id)


def test_the_cost_of_a_new_slot_is_calibrated(vault, monkeypatch):
    monkeypatch.setattr(credentials, "calibrate", lambda: KdfParameters(passes=5))
    assert add_slot(vault, "用户 2", NEW, **COMMON).kdf == KdfParameters(passes=5)


def test_a_slot_that_can_not_be_added(place, vault):
    before = place.content()
    with pytest.raises(UnusableLogin):
        add_slot(vault, LOGIN, NEW, kdf=FLOOR, **COMMON)
    with pytest.raises(PassphraseTooWeak):
        add_slot(vault, "用户 2", "short", kdf=FLOOR, **COMMON)
    assert place.content() == before


def test_the_last_passphrase_stays(place, vault):
    before = place.content()
    slot = vault.slots().slots[0]
    with pytest.raises(LastSlot) as caught:
        remove_slot(vault, slot.slot_id, doer=DOER)
    assert caught.value.happened == "这是资料库唯一的口令。"
    sheet = next(slot for slot in vault.slots().slots if slot.kind is SlotKind.SHEET_A)
    for slot_id in (sheet.slot_id, "0" * 16):
        with pytest.raises(Bug, match="no such slot"):
            remove_slot(vault, slot_id, doer=DOER)
    assert place.content() == before


@pytest.mark.parametrize(("kind", "other"), [(SlotKind.SHEET_A, "sheet_b"), (SlotKind.SHEET_B, "sheet_a")])
def test_sheets_are_renewed_separately(place, vault, kind, other):
    old = {SlotKind.SHEET_A: place.sheet_a, SlotKind.SHEET_B: place.sheet_b}[kind]
    digits = renew_sheet(vault, kind, **COMMON)
    assert opens(place, Sheet(digits))
    assert not opens(place, Sheet(old))
    assert opens(place, Sheet(getattr(place, other)))
    assert sorted(slot.kind for slot in vault.slots().sheets()) == [SlotKind.SHEET_A, SlotKind.SHEET_B]
    assert last_row(vault).action == "sheet_renewed"
    with pytest.raises(Bug):
        renew_sheet(vault, SlotKind.PASSPHRASE, **COMMON)


def test_the_vaults_own_slot_follows(place):
    vault = place.unlock()
    opened_by = vault.slot
    renew_sheet(vault, SlotKind.SHEET_B, **COMMON)
    assert vault.slot is opened_by
    vault.close()
    vault = place.reopen(unlock(place.folder, Passphrase(PASSPHRASE)))
    change_passphrase(vault, PASSPHRASE, NEW, login=LOGIN, **COMMON)
    assert vault.slot == vault.slots().slots[0]
    add_slot(vault, "用户 2", NEW, kdf=FLOOR, **COMMON)
    mine = vault.slot
    remove_slot(vault, mine.slot_id, doer=DOER)
    assert vault.slot is mine
    vault.close()


def test_nothing_without_an_audit_row(place, vault, monkeypatch):
    before = place.content()["vault.keys"]

    def failing(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(vault.audit, "append", failing)
    with pytest.raises(ZeroDivisionError):
        renew_sheet(vault, SlotKind.SHEET_A, **COMMON)
    monkeypatch.undo()
    assert place.content()["vault.keys"] == before


def test_a_full_disk_leaves_the_old_slots(place, vault, monkeypatch):
    from counselroom.vault.keys import slot_file

    def failing(*_arguments):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(slot_file, "write_durably", failing)
        with pytest.raises(NotSaved):
            renew_sheet(vault, SlotKind.SHEET_A, **COMMON)
    assert opens(place, Sheet(place.sheet_a))


def test_too_many_slots_fail_before_the_audit_row(vault, monkeypatch):
    from counselroom.vault.keys import slot_file

    actions = audit_actions(vault)
    monkeypatch.setattr(slot_file, "SLOT_LIMIT", 3)
    with pytest.raises(Bug):
        add_slot(vault, "用户 2", NEW, kdf=FLOOR, **COMMON)
    assert audit_actions(vault) == actions


def test_a_read_only_vault_keeps_its_slots(place):
    place.unlock().close()
    (place.folder / "vault.state").unlink()
    before = place.content()
    vault = place.unlock()
    with pytest.raises(VaultReadOnly):
        renew_sheet(vault, SlotKind.SHEET_A, **COMMON)
    vault.close()
    assert place.content() == before
