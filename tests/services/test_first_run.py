"""The services of the first run: a vault with its account, the school's data, sheets, and a restore without a vault."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Actor, Role
from counselroom.rules.school import SchoolType
from counselroom.services import accounts, first_run, recovery_sheets, restore_elsewhere
from counselroom.services.accounts import actor_at_the_desk, list_accounts
from counselroom.services.backups import make_backup
from counselroom.services.desk import AccessDenied, Desk
from counselroom.services.drafts import find_draft
from counselroom.services.school import SchoolProfile, TermDates, list_terms, school_profile
from counselroom.vault.creation import create_vault
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet
from counselroom.vault.vault import unlock_vault
from tests.conftest import ALL_ROLES, PASSPHRASE, HandClock, MemoryAnchors, counting_ids

ENTROPY = random.Random(5).randbytes
SETUP = first_run.RoomSetup(
    SchoolProfile("青禾市示例中学", "QH", SchoolType.JUNIOR, "心理辅导室", "0000-1234567"),
    "2026-2027",
    (
        TermDates(1, date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8)),
        TermDates(2, date(2027, 2, 22), date(2027, 7, 5), date(2027, 6, 25)),
    ),
    "林老师",
    frozenset({Role.COUNSELLOR, Role.CENTER_DIRECTOR}),
)


def founded(folder: Path, clock: HandClock, anchors: MemoryAnchors) -> first_run.Founded:
    return first_run.found_vault(
        folder,
        "用户 1",
        PASSPHRASE,
        clock=clock,
        entropy=ENTROPY,
        new_id=counting_ids(),
        anchors=anchors,
        kdf=FLOOR,
    )


def test_a_new_vault_has_an_account_and_knows_the_next_step(
    tmp_path: Path, clock: HandClock, anchors: MemoryAnchors
) -> None:
    made = founded(tmp_path / "a/b/vault", clock, anchors)
    draft = find_draft(made.actor, made.desk, first_run.PLACE)
    assert draft is not None
    assert draft.state == {"step": "sheets"}
    assert first_run.has_accounts(made.desk)
    assert (made.sheet_a, made.sheet_b) == tuple(dict.fromkeys((made.sheet_a, made.sheet_b)))
    assert made.sheet_a not in repr(made)
    made.desk.vault.close()
    vault = unlock_vault(tmp_path / "a/b/vault", Passphrase(PASSPHRASE, "用户 1"), anchors=anchors, now=clock.now)
    assert actor_at_the_desk(Desk(vault, clock, counting_ids())) == made.actor
    vault.close()


def test_a_vault_whose_making_was_cut_short_gets_its_account(
    tmp_path: Path, clock: HandClock, anchors: MemoryAnchors
) -> None:
    made = create_vault(
        tmp_path / "vault",
        logins=(("用户 1", PASSPHRASE),),
        entropy=ENTROPY,
        now=clock.now,
        new_id=counting_ids(),
        anchors=anchors,
        kdf=FLOOR,
    )
    desk = Desk(made.vault, clock, counting_ids())
    assert not first_run.has_accounts(desk)
    actor = first_run.begin_first_run(desk)
    assert actor_at_the_desk(desk) == actor
    with pytest.raises(UserError):
        first_run.begin_first_run(desk)
    made.vault.close()


def test_the_school_and_its_first_person_are_set_up(tmp_path: Path, clock: HandClock, anchors: MemoryAnchors) -> None:
    made = founded(tmp_path / "vault", clock, anchors)
    done = first_run.set_up_room(made.actor, made.desk, SETUP)
    assert done.value == replace(made.actor, roles=SETUP.roles)
    assert done.changes.concerns("school")
    assert done.changes.concerns("person")
    assert school_profile(done.value, made.desk) == SETUP.profile
    assert [term.key for term in list_terms(done.value, made.desk)] == ["2026-2027-1", "2026-2027-2"]
    (account,) = list_accounts(done.value, made.desk)
    assert (account.name, account.roles) == ("林老师", SETUP.roles)
    first_run.set_up_room(done.value, made.desk, replace(SETUP, name=" 周老师 "))
    assert list_accounts(done.value, made.desk)[0].name == "周老师"
    with pytest.raises(UserError, match="姓名"):
        first_run.set_up_room(done.value, made.desk, replace(SETUP, name=" "))
    with pytest.raises(UserError, match="中心主任"):
        first_run.set_up_room(done.value, made.desk, replace(SETUP, roles=frozenset({Role.COUNSELLOR})))
    made.desk.vault.close()


def test_new_sheets_open_and_the_old_ones_do_not(tmp_path: Path, clock: HandClock, anchors: MemoryAnchors) -> None:
    made = founded(tmp_path / "vault", clock, anchors)
    sheets = recovery_sheets.renew_sheets(made.actor, made.desk, entropy=ENTROPY).value
    assert repr(sheets) == "Sheets()"
    pdf = recovery_sheets.sheet_pdf(made.actor, made.desk, "B", sheets.b, "青禾市示例中学")
    assert pdf.startswith(b"%PDF")
    stranger = Actor("x", "y", frozenset({Role.COUNSELLOR}))
    with pytest.raises(AccessDenied):
        recovery_sheets.renew_sheets(stranger, made.desk, entropy=ENTROPY)
    with pytest.raises(AccessDenied):
        recovery_sheets.sheet_pdf(stranger, made.desk, "A", sheets.a, "")
    made.desk.vault.close()
    with pytest.raises(WrongSecret):
        unlock_vault(tmp_path / "vault", Sheet(made.sheet_a), anchors=anchors, now=clock.now)
    for digits in (sheets.digits("A"), sheets.digits("B")):
        unlock_vault(tmp_path / "vault", Sheet(digits), anchors=anchors, now=clock.now).close()


def test_a_backup_becomes_a_vault_with_a_new_passphrase(
    tmp_path: Path, clock: HandClock, anchors: MemoryAnchors
) -> None:
    made = founded(tmp_path / "vault", clock, anchors)
    actor = first_run.set_up_room(made.actor, made.desk, replace(SETUP, roles=ALL_ROLES)).value
    (tmp_path / "stick").mkdir()
    backup = make_backup(actor, made.desk, tmp_path / "stick", entropy=ENTROPY).value
    made.desk.vault.close()
    facts = restore_elsewhere.look_into_backup(backup.path)
    assert (facts.size, facts.made_at, facts.rows > 5) == (backup.size, backup.made_at, True)
    with pytest.raises(UserError, match="恢复单"):
        restore_elsewhere.check_sheet(backup.path, "000011-" * 7 + "000022")
    restore_elsewhere.check_sheet(backup.path, made.sheet_b)
    new = "yunling-chenguang-hupan-qingcao-9"
    room = restore_elsewhere.restore_to_new_place(
        backup.path,
        tmp_path / "new/vault",
        sheet=made.sheet_b,
        login="用户 2",
        passphrase=new,
        clock=clock,
        entropy=ENTROPY,
        new_id=counting_ids(),
        anchors=MemoryAnchors(),
        kdf=FLOOR,
    )
    assert room.actor.account_id == actor.account_id
    assert school_profile(room.actor, room.desk) == SETUP.profile
    room.desk.vault.close()
    with pytest.raises(UserError):
        restore_elsewhere.restore_to_new_place(
            backup.path,
            tmp_path / "new/vault",
            sheet=made.sheet_b,
            login="用户 2",
            passphrase=new,
            clock=clock,
            entropy=ENTROPY,
            new_id=counting_ids(),
            anchors=MemoryAnchors(),
            kdf=FLOOR,
        )


def test_the_new_passphrase_is_for_the_account_that_is_chosen(
    tmp_path: Path, clock: HandClock, anchors: MemoryAnchors
) -> None:
    made = founded(tmp_path / "vault", clock, anchors)
    actor = first_run.set_up_room(made.actor, made.desk, replace(SETUP, roles=ALL_ROLES)).value
    accounts.add_account(actor, made.desk, "周老师", frozenset({Role.COUNSELLOR}), "0" * 32)
    accounts.add_account(actor, made.desk, "何老师", frozenset({Role.SYS_ADMIN}), None)
    (tmp_path / "stick").mkdir()
    backup = make_backup(actor, made.desk, tmp_path / "stick", entropy=ENTROPY).value
    made.desk.vault.close()
    offered: list[str] = []

    def choose(able: Sequence[accounts.AccountView]) -> str:
        offered.extend(account.name for account in able)
        return next(account.id for account in able if account.name == "周老师")

    room = restore_elsewhere.restore_to_new_place(
        backup.path,
        tmp_path / "new/vault",
        sheet=made.sheet_b,
        login="用户 2",
        passphrase="yunling-chenguang-hupan-qingcao-9",
        clock=clock,
        entropy=ENTROPY,
        new_id=counting_ids(),
        anchors=MemoryAnchors(),
        kdf=FLOOR,
        choose=choose,
    )
    assert len(offered) == 2
    assert "何老师" not in offered
    names = {account.id: account.name for account in accounts.list_accounts(room.actor, room.desk)}
    assert names[room.actor.account_id] == "周老师"
    room.desk.vault.close()
