"""Accounts with their passphrases: added, changed, closed, and both sheets replaced."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Role
from counselroom.services.accounts import list_accounts, rename_account, set_roles
from counselroom.services.desk import AccessDenied
from counselroom.services.undo import take_back
from counselroom.services.users import (
    add_user,
    change_own_passphrase,
    close_user,
    list_users,
    offer_sheets,
    replace_sheets,
)
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.passphrase import PassphraseTooWeak
from counselroom.vault.keys.recovery_code import RecoveryCodeError
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, open_slot
from tests.conftest import PASSPHRASE
from tests.services.world import World, template

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
