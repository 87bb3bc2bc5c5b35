"""Restoring over the open vault: compared, asked for, restored beside, put in place."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from counselroom.errors import Bug, UserError
from counselroom.rules.access import Role
from counselroom.services import accounts
from counselroom.services.backups import make_backup
from counselroom.services.desk import AccessDenied, Desk
from counselroom.services.restore_over import compare_with_backup, restore_beside
from counselroom.vault.credentials import Doer, add_slot, remove_slot, renew_sheet
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.slots import SlotKind, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet
from counselroom.vault.progress import Cancelled
from counselroom.vault.restore import restore_backup
from counselroom.vault.swap import RESTORED, swap_in
from counselroom.vault.vault import unlock_vault
from tests.conftest import PASSPHRASE, HandClock, MemoryAnchors
from tests.services.world import MORNING, World, opened_world, template

entropy = random.Random(5).randbytes
TYPED = Passphrase(PASSPHRASE, "用户 1")


def test_what_would_be_lost_is_told(world: World, tmp_path: Path) -> None:
    world.note("甲")
    made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    world.clock.moment += timedelta(days=1)
    world.note("乙", student=1)
    found = compare_with_backup(world.me, world.desk, made.path)
    assert (found.path, found.made_at, found.has_account) == (made.path, made.made_at, True)
    lines = {line.current.table: line for line in found.lines}
    assert (lines["session_record"].backup.rows, lines["session_record"].current.rows) == (1, 2)
    assert lines["session_record"].lost == 1
    assert lines["student"].lost == 0
    paper = replace(world.me, roles=frozenset({Role.SYS_ADMIN}))
    with pytest.raises(AccessDenied):
        compare_with_backup(paper, world.desk, made.path)


def test_an_account_that_came_later_is_told(tmp_path: Path) -> None:
    with opened_world(tmp_path / "vault", HandClock(MORNING)) as world:
        made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
        vault = world.desk.vault
        vault.slot = replace(vault.slot, slot_id="0123456789abcdef")
        assert not compare_with_backup(world.me, world.desk, made.path).has_account


def test_only_the_director_with_a_reason_and_the_right_secret(world: World, tmp_path: Path) -> None:
    made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    for actor, wanted in (
        (world.me, AccessDenied),
        (world.colleague.because("试试"), AccessDenied),
    ):
        with pytest.raises(wanted):
            restore_beside(actor, world.desk, made.path, TYPED, entropy=entropy)
    director = world.me.because("硬盘坏了")
    with pytest.raises(WrongSecret):
        restore_beside(director, world.desk, made.path, Passphrase("mu chuang yu dian"), entropy=entropy)
    with pytest.raises(UserError):
        restore_beside(director, world.desk, tmp_path / "none.crbackup", TYPED, entropy=entropy)
    with pytest.raises(Cancelled):
        restore_beside(director, world.desk, made.path, TYPED, entropy=entropy, cancel=lambda: True)
    assert list(tmp_path.glob(f"*{RESTORED}*")) == []


@pytest.mark.parametrize("kind", ["passphrase", "sheet"])
def test_the_restored_vault_goes_into_the_place(tmp_path: Path, kind: str) -> None:
    clock, anchors = HandClock(MORNING), MemoryAnchors()
    folder = tmp_path / "vault"
    secret = TYPED if kind == "passphrase" else Sheet(template().sheet_a)
    with opened_world(folder, clock, anchors) as world:
        kept = world.note("甲")
        made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
        lost = world.note("乙", student=1)
        (tmp_path / f"vault{RESTORED}20260101-000000").mkdir()
        beside = restore_beside(world.me.because("硬盘坏了"), world.desk, made.path, secret, entropy=entropy)
        assert [path.name for path in tmp_path.glob(f"*{RESTORED}*")] == [beside.name]
        before = world.desk.vault.generation
        world.desk.vault.close()
        old = swap_in(beside, folder, clock.now())
    again = unlock_vault(folder, TYPED, anchors=anchors, now=clock.now)
    try:
        assert again.read_only is None
        assert again.generation > before
        desk = Desk(again, clock, lambda: "9" * 32)
        assert accounts.actor_at_the_desk(desk) == world.me
        with again.reading() as session:
            ids = {row[0] for row in session.connection().exec_driver_sql("SELECT id FROM session_record")}
        assert kept in ids
        assert lost not in ids
    finally:
        again.close()
    assert "-before-restore-" in old.name
    assert (old / "records.db").is_file()


def test_who_was_removed_since_does_not_come_back(tmp_path: Path) -> None:
    clock, anchors = HandClock(MORNING), MemoryAnchors()
    folder = tmp_path / "vault"
    phrase = "shan lu qing cao yue guang"
    with opened_world(folder, clock, anchors) as world:
        doer = Doer(world.me.account_id, ())
        vault = world.desk.vault
        gone = add_slot(vault, "用户 2", phrase, doer=doer, entropy=entropy, kdf=FLOOR)
        made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
        remove_slot(vault, gone.slot_id, doer=doer)
        fresh = renew_sheet(vault, SlotKind.SHEET_A, doer=doer, entropy=entropy)
        beside = restore_beside(world.me.because("试验"), world.desk, made.path, TYPED, entropy=entropy)
    for secret in (Passphrase(phrase), Sheet(template().sheet_a)):
        with pytest.raises(WrongSecret):
            unlock_vault(beside, secret, anchors=anchors, now=clock.now)
    unlock_vault(beside, Sheet(fresh), anchors=anchors, now=clock.now).close()


def test_a_restore_needs_one_way_to_the_keys(world: World, tmp_path: Path) -> None:
    made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    with pytest.raises(Bug):
        restore_backup(made.path, tmp_path / "new", now=world.clock.now, entropy=entropy, anchors=None)
