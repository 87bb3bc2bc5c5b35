from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from counselroom.rules.backup_retention import Held, KeepPolicy, PrunePlan
from counselroom.vault import backup_folder
from counselroom.vault.backup import BackupReceipt
from counselroom.vault.backup_folder import list_backups, prune_backups
from counselroom.vault.verification import BackupDamaged, BackupForged, BackupOfOtherKey, NotABackup
from tests.vault.backup_support import Office
from tests.vault.test_verification import reseal

ONE_DAY = KeepPolicy(1, 0, 0, 0)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    yield office
    office.vault.close()


def a_week(office: Office, days: int = 6) -> list[BackupReceipt]:
    receipts = []
    for _day in range(days):
        office.clock.forward(days=1)
        receipts.append(office.backup())
    return receipts


def names(receipts: list[BackupReceipt]) -> list[str]:
    return [receipt.path.name for receipt in receipts]


def prune(office: Office, newest: BackupReceipt, **changes: object) -> PrunePlan:
    arguments = {
        "root": office.vault.root,
        "newest": newest,
        "policy": ONE_DAY,
        "now": office.clock(),
        "clock_went_back": False,
    } | changes
    return prune_backups(office.stick, **arguments)  # type: ignore[arg-type] # keyword arguments


def test_backups_are_listed_newest_first_whatever_the_file_times_say(office: Office) -> None:
    receipts = a_week(office, 3)
    os.utime(receipts[0].path, (2e9, 2e9))
    assert [found.path.name for found in list_backups(office.stick, office.vault.root)] == names(receipts)[::-1]
    assert all(found.fault is None for found in list_backups(office.stick, office.vault.root))


def test_what_is_not_proved_is_listed_with_its_fault(office: Office) -> None:
    (good,) = a_week(office, 1)
    reseal(good.path, generation=5)
    (office.stick / "cut.crbackup").write_bytes(good.path.read_bytes()[:-1])
    raw = bytearray(good.path.read_bytes())
    raw[-20] ^= 1
    (office.stick / "length.crbackup").write_bytes(raw)
    (office.stick / "notes.txt").write_text("mine")
    shutil.copyfile(Path(__file__).parents[1] / "data" / "backup-v1.crbackup", office.stick / "other.crbackup")
    found = {backup.path.name: type(backup.fault) for backup in list_backups(office.stick, office.vault.root)}
    assert found == {
        good.path.name: type(None),
        "forged1.crbackup": BackupForged,
        "cut.crbackup": NotABackup,
        "length.crbackup": BackupDamaged,
        "other.crbackup": BackupOfOtherKey,
    }
    last = list_backups(office.stick, office.vault.root)[-2:]
    assert all(backup.header is None for backup in last)


def test_pruning_deletes_what_the_policy_lets_go_and_nothing_else(office: Office) -> None:
    receipts = a_week(office)
    reseal(receipts[-1].path, generation=10**6)
    (office.stick / "notes.txt").write_text("mine")
    kept = set(office.names()) - set(names(receipts[:3]))
    plan = prune(office, receipts[-1])
    assert plan.delete == tuple(names(receipts[:3]))
    assert set(office.names()) == kept


def test_nothing_is_deleted_when_the_newest_file_is_not_the_one_just_verified(office: Office) -> None:
    receipts = a_week(office)
    assert prune(office, receipts[-2]).held is Held.NEWEST_NOT_VERIFIED
    shutil.copyfile(receipts[0].path, receipts[-1].path)
    assert prune(office, receipts[-1]).held is Held.NEWEST_NOT_VERIFIED
    assert len(office.names()) == 6


def test_nothing_is_deleted_after_the_clock_went_back(office: Office) -> None:
    receipts = a_week(office)
    prune(office, receipts[-1], clock_went_back=True)
    prune(office, receipts[-1], now=office.clock() - timedelta(days=1))
    assert office.names() == names(receipts)


def test_a_file_that_cant_be_deleted_stays(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts = a_week(office)

    def read_only(_path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError

    monkeypatch.setattr(backup_folder.Path, "unlink", read_only)
    plan = prune(office, receipts[-1])
    assert plan.delete == ()
    assert len(office.names()) == 6
