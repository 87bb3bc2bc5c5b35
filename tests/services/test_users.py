"""Accounts with their passphrases: added, changed, closed, and both sheets replaced."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Role
from counselroom.services.accounts import actor_at_the_desk, list_accounts, rename_account, set_roles
from counselroom.services.anchor_store import with_machine_secret
from counselroom.services.desk import AccessDenied, Desk
from counselroom.services.undo import take_back
from counselroom.services.users import (
    KeychainSilent,
    add_user,
    bind_to_this_computer,
    change_own_passphrase,
    close_user,
    list_users,
    offer_sheets,
    replace_sheets,
    unbind_from_this_computer,
)
from counselroom.vault.credentials import Doer, put_slot, ready_change, ready_slot
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.passphrase import PassphraseTooWeak
from counselroom.vault.keys.recovery_code import RecoveryCodeError
from counselroom.vault.keys.slots import MachineSecretMissing, UnusableLogin, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, open_slot
from counselroom.vault.opened import KeysChanged
from counselroom.vault.state import AnchorUnavailable
from counselroom.vault.vault import unlock_vault
from tests.conftest import PASSPHRASE, HandClock, MemoryAnchors, counting_ids
from tests.services.world import MORNING, World, opened_world, template

entropy = random.Random(8).randbytes
PHRASE = "shan lu qing cao yue guang"
OWN = Passphrase(PASSPHRASE, "用户 1")
COUNSELLOR = frozenset({Role.COUNSELLOR})


def opens(world: World, credential: Passphrase | Sheet) -> bool:
    try:
        open_slot(world.desk.vault.slots().slots, credential)[1].wipe()
    except UserError:
        return False
    return True


def test_a_user_comes_and_goes(world: World) -> None:
    added = add_user(world.me, world.desk, "秦老师", COUNSELLOR, "用户 2", PHRASE, entropy=entropy, kdf=FLOOR).value
    assert opens(world, Passphrase(PHRASE, "用户 2"))
    lines = {line.account.id: line for line in list_users(world.colleague, world.desk)}
    assert (lines[added.id].login, lines[added.id].bound, lines[added.id].account.has_key) == ("用户 2", False, True)
    assert lines[world.me.account_id].login == "用户 1"
    with pytest.raises(WrongSecret):
        close_user(world.me, world.desk, added.id, Passphrase(PHRASE, None))
    closed = close_user(world.me, world.desk, added.id, OWN)
    assert closed.value.closed
    assert not opens(world, Passphrase(PHRASE, "用户 2"))
    with pytest.raises(UserError):
        close_user(world.me, world.desk, added.id, OWN)


def test_roles_on_paper_get_no_passphrase(world: World) -> None:
    before = world.desk.vault.slots().slots
    added = add_user(world.me, world.desk, "何主任", frozenset({Role.CRISIS_HEAD}), "", "", entropy=entropy).value
    assert not added.has_key
    assert world.desk.vault.slots().slots == before
    assert close_user(world.me, world.desk, added.id, Sheet(template().sheet_a)).value.closed


def test_what_is_refused_leaves_no_slot(world: World) -> None:
    before = world.desk.vault.slots().slots
    for name, roles, login, phrase in (
        ("", COUNSELLOR, "用户 2", PHRASE),
        ("秦老师", frozenset(), "用户 2", PHRASE),
        ("秦老师", COUNSELLOR, "用户 1", PHRASE),
        ("秦老师", COUNSELLOR, "用户 2", "short"),
    ):
        with pytest.raises(UserError):
            add_user(world.me, world.desk, name, roles, login, phrase, entropy=entropy, kdf=FLOOR)
    assert world.desk.vault.slots().slots == before
    with pytest.raises(AccessDenied):
        add_user(world.colleague, world.desk, "秦老师", COUNSELLOR, "用户 2", PHRASE, entropy=entropy)
    with pytest.raises(AccessDenied):
        close_user(world.colleague, world.desk, world.archivist.account_id, OWN)
    with pytest.raises(UserError):
        close_user(world.me, world.desk, world.me.account_id, OWN)


def test_a_slot_whose_account_is_refused_goes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise UserError("no")

    monkeypatch.setattr("counselroom.services.users.add_account", refuse)
    before = world.desk.vault.slots().slots
    with pytest.raises(UserError):
        add_user(world.me, world.desk, "秦老师", COUNSELLOR, "用户 2", PHRASE, entropy=entropy, kdf=FLOOR)
    assert world.desk.vault.slots().slots == before


def test_the_own_passphrase_is_changed(world: World) -> None:
    with pytest.raises(WrongSecret):
        change_own_passphrase(world.me, world.desk, PHRASE, PHRASE, entropy=entropy)
    with pytest.raises(PassphraseTooWeak):
        change_own_passphrase(world.me, world.desk, PASSPHRASE, "short", entropy=entropy)
    done = change_own_passphrase(world.me, world.desk, PASSPHRASE, PHRASE, entropy=entropy, kdf=FLOOR)
    assert done.value == "用户 1"
    assert opens(world, Passphrase(PHRASE, "用户 1"))
    assert not opens(world, OWN)
    paper = replace(world.me, roles=frozenset({Role.SYS_ADMIN}))
    with pytest.raises(AccessDenied):
        change_own_passphrase(paper, world.desk, PHRASE, PASSPHRASE, entropy=entropy)


def test_a_vault_opened_with_a_sheet_has_no_passphrase_to_change(world: World) -> None:
    vault = world.desk.vault
    vault.slot = next(slot for slot in vault.slots().slots if slot.kind.is_sheet)
    with pytest.raises(UserError):
        change_own_passphrase(world.me, world.desk, PASSPHRASE, PHRASE, entropy=entropy)


def test_new_sheets_open_only_after_they_were_typed_back(world: World, tmp_path: Path) -> None:
    with pytest.raises(WrongSecret):
        offer_sheets(world.me, world.desk, Passphrase("wrong"), entropy=entropy)
    with pytest.raises(AccessDenied):
        offer_sheets(world.colleague, world.desk, OWN, entropy=entropy)
    sheets = offer_sheets(world.me, world.desk, OWN, entropy=entropy)
    assert not opens(world, Sheet(sheets.a))
    assert opens(world, Sheet(template().sheet_a))
    with pytest.raises(RecoveryCodeError):
        replace_sheets(world.me, world.desk, replace(sheets, b="123"), entropy=entropy)
    assert opens(world, Sheet(template().sheet_a))
    with pytest.raises(AccessDenied):
        replace_sheets(world.colleague, world.desk, sheets, entropy=entropy)
    replace_sheets(world.me, world.desk, sheets, entropy=entropy)
    assert opens(world, Sheet(sheets.a))
    assert opens(world, Sheet(sheets.b))
    assert not opens(world, Sheet(template().sheet_a))
    assert [line.action for line in world.audit()][-2:] == ["sheet_renewed", "sheet_renewed"]


def test_names_and_roles_can_be_taken_back(world: World) -> None:
    done = rename_account(world.colleague, world.desk, world.colleague.account_id, " 周岚 ")
    assert done.value.name == "周岚"
    assert done.changes.undo is not None
    assert take_back(world.colleague, world.desk, done.changes.undo).value.name == "周老师"
    with pytest.raises(UserError):
        take_back(world.colleague, world.desk, done.changes.undo)
    with pytest.raises(AccessDenied):
        rename_account(world.colleague, world.desk, world.me.account_id, "某")
    for account_id, name in ((world.colleague.account_id, " "), ("none", "某")):
        with pytest.raises(UserError):
            rename_account(world.me, world.desk, account_id, name)
    changed = set_roles(world.me, world.desk, world.colleague.account_id, COUNSELLOR | {Role.ARCHIVE_MANAGER})
    assert changed.changes.undo is not None
    assert take_back(world.me, world.desk, changed.changes.undo).value.roles == COUNSELLOR
    with pytest.raises(UserError):
        take_back(world.me, world.desk, changed.changes.undo)
    assert {view.name for view in list_accounts(world.me, world.desk)} >= {"周老师", "林老师"}


class Secrets(MemoryAnchors):
    """Anchors beside a machine secret, as the keychain keeps both."""

    def __init__(self) -> None:
        super().__init__()
        self.secret: bytes | None = None
        self.answers = True

    def machine_secret(self, vault_id: str) -> bytes | None:
        if not self.answers:
            raise AnchorUnavailable("none")
        return self.secret

    def new_machine_secret(self, vault_id: str, entropy: Callable[[int], bytes]) -> bytes:
        self.machine_secret(vault_id)
        self.secret = entropy(32)
        return self.secret

    def forget_machine_secret(self, vault_id: str) -> None:
        self.machine_secret(vault_id)
        self.secret = None


def test_a_bound_passphrase_opens_with_this_computer_only(tmp_path: Path) -> None:
    clock, secrets, folder = HandClock(MORNING), Secrets(), tmp_path / "vault"
    with opened_world(folder, clock, secrets) as world:
        done = bind_to_this_computer(world.me, world.desk, PASSPHRASE, secrets, entropy=entropy)
        assert done.value == "用户 1"
        assert [line.bound for line in list_users(world.me, world.desk) if line.login] == [True]
        assert "slot_bound" in [line.action for line in world.audit()]
        # What is typed once more meanwhile is taken without asking the keychain again.
        added = add_user(world.me, world.desk, "秦老师", COUNSELLOR, "用户 2", PHRASE, entropy=entropy, kdf=FLOOR).value
        assert close_user(world.me, world.desk, added.id, OWN).value.closed
        assert change_own_passphrase(world.me, world.desk, PASSPHRASE, PHRASE, entropy=entropy).value == "用户 1"
    typed = Passphrase(PHRASE, "用户 1")
    with pytest.raises(MachineSecretMissing):
        unlock_vault(folder, typed, anchors=secrets, now=clock.now)
    secrets.answers = False
    with pytest.raises(MachineSecretMissing):
        unlock_vault(folder, with_machine_secret(typed, folder, secrets), anchors=secrets, now=clock.now)
    secrets.answers = True
    for login in ("用户 1", None):
        complete = with_machine_secret(Passphrase(PHRASE, login), folder, secrets)
        vault = unlock_vault(folder, complete, anchors=secrets, now=clock.now)
        assert vault.machine_secret == secrets.secret
        vault.close()
    sheet = Sheet(template().sheet_a)
    assert with_machine_secret(sheet, folder, secrets) is sheet
    vault = unlock_vault(folder, complete, anchors=secrets, now=clock.now)
    desk = Desk(vault, clock, counting_ids())
    unbind_from_this_computer(actor_at_the_desk(desk), desk, PHRASE, secrets, entropy=entropy)
    assert (secrets.secret, vault.machine_secret) == (None, None)
    vault.close()
    assert with_machine_secret(typed, folder, secrets) is typed
    unlock_vault(folder, typed, anchors=secrets, now=clock.now).close()


def test_what_cannot_be_bound_stays_as_it_was(world: World) -> None:
    secrets = Secrets()
    before = world.desk.vault.slots()
    with pytest.raises(WrongSecret):
        bind_to_this_computer(world.me, world.desk, PHRASE, secrets, entropy=entropy)
    secrets.answers = False
    with pytest.raises(KeychainSilent):
        bind_to_this_computer(world.me, world.desk, PASSPHRASE, secrets, entropy=entropy)
    assert world.desk.vault.slots() == before
    paper = replace(world.me, roles=frozenset({Role.SYS_ADMIN}))
    with pytest.raises(AccessDenied):
        bind_to_this_computer(paper, world.desk, PASSPHRASE, secrets, entropy=entropy)
    vault = world.desk.vault
    vault.slot = next(slot for slot in vault.slots().slots if slot.kind.is_sheet)
    with pytest.raises(UserError):
        unbind_from_this_computer(world.me, world.desk, PASSPHRASE, secrets, entropy=entropy)


def test_a_slot_derived_from_what_was_changed_meanwhile_is_not_written(world: World) -> None:
    vault = world.desk.vault
    doer = Doer(world.me.account_id, ())
    late = ready_change(vault, PASSPHRASE, PHRASE, login="用户 1", entropy=entropy)
    change_own_passphrase(world.me, world.desk, PASSPHRASE, PHRASE, entropy=entropy)
    with pytest.raises(KeysChanged):
        put_slot(vault, late, doer=doer)
    fresh = ready_slot(vault, "用户 2", PHRASE, entropy=entropy, kdf=FLOOR)
    with pytest.raises(KeysChanged):
        put_slot(vault, replace(fresh, root="00000000"), doer=doer)
    put_slot(vault, fresh, doer=doer)
    with pytest.raises(UnusableLogin):
        put_slot(vault, fresh, doer=doer)
