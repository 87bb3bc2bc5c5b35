from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from counselroom.services import numbers
from counselroom.vault import comparison, restore, swap
from counselroom.vault.admission import Banner
from counselroom.vault.audit import audit_keys, verify_chain
from counselroom.vault.backup import driver_connection
from counselroom.vault.comparison import contents, newest_moment, what_would_be_lost
from counselroom.vault.drill import drill_restore
from counselroom.vault.image import digest_tables
from counselroom.vault.integrity import Integrity
from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.progress import Cancelled, Step
from counselroom.vault.restore import (
    BRANCH_KEY,
    NewLogin,
    PlaceTaken,
    Restored,
    RestoreFailed,
    next_generation,
    restore_backup,
)
from counselroom.vault.swap import SwapFailed, finish_swap, swap_in
from counselroom.vault.vault import Passphrase, Sheet, Vault, unlock_vault
from counselroom.vault.verification import BackupDamaged, WrongSheetForBackup, open_image, verify_backup
from tests.vault.backup_support import CHINA, LOGIN, Anchors, Office, file_digest

STRANGER = encode(bytes(range(16)))
NEW_PASSPHRASE = "qing chen bai yang shu xia"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    office.add_students(12)
    yield office
    office.vault.close()


def restored_from(office: Office, backup: Path, **changes: object) -> Restored:
    arguments: dict[str, object] = {
        "sheet": office.sheet_b,
        "login": None,
        "now": office.clock,
        "entropy": restore.os.urandom,
        "anchors": office.anchors,
    }
    return restore_backup(backup, office.folder / "new", **arguments | changes)  # type: ignore[arg-type] # keyword arguments


def opened(office: Office, folder: Path, anchors: Anchors | None = None) -> Vault:
    return unlock_vault(folder, Sheet(office.sheet_b), anchors=anchors or office.anchors, now=office.clock)


def meta(vault: Vault) -> dict[str, str]:
    with vault.reading() as session:
        return {row.key: row.value for row in session.execute(text("SELECT key, value FROM vault_meta"))}


def test_a_backup_becomes_a_vault_with_the_sheet_alone(office: Office) -> None:
    made = office.backup()
    found = restored_from(office, made.path, anchors=None)
    assert found.folder == office.folder / "new"
    assert (found.header, found.slot_id) == (made.header, None)
    vault = opened(office, found.folder, Anchors())
    try:
        assert vault.read_only is None
        assert vault.vault_id == office.vault.vault_id
        assert vault.generation == found.generation + 1
        with closing(open_image(made.path, made.header, vault.root)) as image, vault.reading() as session:
            before, after = digest_tables(image), digest_tables(driver_connection(session))
        assert {name for name in before if before[name] != after[name]} == {"vault_meta", "audit_log"}
        assert before.keys() == after.keys()
    finally:
        vault.close()


def test_the_audit_chain_goes_on_and_says_that_it_was_restored(office: Office) -> None:
    made = office.backup()
    found = restored_from(office, made.path)
    vault = opened(office, found.folder)
    try:
        with vault.reading() as session:
            assert verify_chain(session, audit_keys(session, vault.root)).ok
            row = session.execute(
                text("SELECT action, entity_id, generation, reason FROM audit_log WHERE seq = :seq"),
                {"seq": found.audit_seq},
            ).one()
        assert found.audit_seq == made.header.audit_seq + 1
        assert tuple(row) == (
            "vault_restored",
            vault.vault_id,
            found.generation,
            f"backup 2026-11-22T18:00:00+08:00 generation {made.header.generation}",
        )
    finally:
        vault.close()


def test_a_new_passphrase_opens_it_and_the_old_one_is_gone(office: Office) -> None:
    made = office.backup()
    found = restored_from(office, made.path, login=NewLogin(LOGIN, NEW_PASSPHRASE))
    vault = unlock_vault(found.folder, Passphrase(NEW_PASSPHRASE, LOGIN), anchors=office.anchors, now=office.clock)
    assert vault.slot.slot_id == found.slot_id
    vault.close()
    with pytest.raises(WrongSecret):
        unlock_vault(
            found.folder,
            Passphrase("mu chuang yu dian qiu feng", LOGIN),
            anchors=office.anchors,
            now=office.clock,
        )
    for sheet in (office.sheet_a, office.sheet_b):
        unlock_vault(found.folder, Sheet(sheet), anchors=office.anchors, now=office.clock).close()


def test_a_login_never_shows_its_passphrase() -> None:
    assert NEW_PASSPHRASE not in repr(NewLogin(LOGIN, NEW_PASSPHRASE))


def test_the_generation_is_above_the_anchor_and_begins_a_branch_of_the_numbers(office: Office) -> None:
    made = office.backup()
    office.vault.close()
    office.vault = office.unlock()
    anchored = office.anchors.kept[office.vault.vault_id].generation
    assert anchored > made.header.generation
    found = restored_from(office, made.path)
    assert found.generation == 261_122 > anchored
    vault = opened(office, found.folder)
    try:
        assert vault.read_only is None  # although the anchored row is not in its log
        assert meta(vault)[BRANCH_KEY] == "261122"
        assert meta(vault)["generation"] == "261123"
    finally:
        vault.close()
    later = office.backup  # the old vault, still open here, goes on under its own generation
    assert later().header.generation == office.vault.generation


@pytest.mark.parametrize(
    ("backup", "anchored", "day", "expected"),
    [
        (5, 0, datetime(2026, 11, 22, tzinfo=CHINA), 261_122),
        (5, 300_000, datetime(2026, 11, 22, tzinfo=CHINA), 300_001),
        (261_122, 0, datetime(2026, 11, 22, tzinfo=CHINA), 261_123),
        (5, 9, datetime(1970, 1, 1, tzinfo=CHINA), 10),
        (9, 5, datetime(1970, 1, 1, tzinfo=CHINA), 10),
    ],
)
def test_the_next_generation(backup: int, anchored: int, day: datetime, expected: int) -> None:
    assert next_generation(backup, anchored, day) == expected


def test_the_services_count_on_in_the_branch_that_a_restore_begins() -> None:
    assert numbers.BRANCH_KEY == BRANCH_KEY


def test_a_keychain_that_does_not_answer_is_no_hindrance(office: Office) -> None:
    made = office.backup()
    office.anchors.broken = True
    found = restored_from(office, made.path)
    vault = opened(office, found.folder)
    assert Banner.ANCHOR_UNAVAILABLE in vault.banners
    office.anchors.broken = False
    vault.close()


def test_a_restored_vault_can_be_backed_up_and_restored_again(office: Office) -> None:
    found = restored_from(office, office.backup().path)
    office.vault.close()
    office.vault = opened(office, found.folder)
    again = office.backup()
    office.clock.forward(hours=1)
    second = restore_backup(
        again.path,
        office.folder / "second",
        sheet=office.sheet_a,
        login=None,
        now=office.clock,
        entropy=restore.os.urandom,
        anchors=None,
    )
    assert second.generation == again.header.generation + 1 > found.generation


def test_an_empty_folder_is_taken_and_nothing_else(office: Office) -> None:
    made = office.backup()
    (office.folder / "new").mkdir()
    assert restored_from(office, made.path).folder.is_dir()
    with pytest.raises(PlaceTaken):
        restored_from(office, made.path)
    for place in (made.path, office.folder / "no parent" / "new", office.vault.folder):
        with pytest.raises(PlaceTaken):
            restore_backup(
                made.path,
                place,
                sheet=office.sheet_a,
                login=None,
                now=office.clock,
                entropy=restore.os.urandom,
                anchors=None,
            )


def test_a_damaged_backup_and_a_wrong_sheet_leave_nothing(office: Office) -> None:
    made = office.backup().path
    raw = bytearray(made.read_bytes())
    raw[5000] ^= 1
    broken = office.stick / "broken.crbackup"
    broken.write_bytes(raw)
    before = sorted(path.name for path in office.folder.iterdir())
    with pytest.raises(BackupDamaged):
        restored_from(office, broken)
    with pytest.raises(WrongSheetForBackup):
        restored_from(office, made, sheet=STRANGER)
    assert sorted(path.name for path in office.folder.iterdir()) == before


@pytest.mark.parametrize("step", [Step.READ_BACK, Step.VERIFY, Step.RESTORE])
def test_stopped_anywhere_nothing_is_left(office: Office, step: Step) -> None:
    made = office.backup().path
    seen: list[Step] = []
    with pytest.raises(Cancelled):
        restored_from(office, made, progress=lambda now, _done, _whole: seen.append(now), cancel=lambda: step in seen)
    assert not (office.folder / "new").exists()
    assert not (office.folder / "new.part").exists()


def test_what_a_killed_restore_left_is_cleared(office: Office) -> None:
    made = office.backup().path
    left = office.folder / "new.part"
    left.mkdir()
    for name in ("records.db", "records.db-wal", "vault.keys", "vault.keys.2.part", "vault.state"):
        (left / name).write_bytes(b"half")
    restored_from(office, made)
    assert not left.exists()


def test_a_folder_of_that_name_with_other_files_is_left_alone(office: Office) -> None:
    made = office.backup().path
    left = office.folder / "new.part"
    left.mkdir()
    (left / "thesis.docx").write_text("mine")
    with pytest.raises(PlaceTaken):
        restored_from(office, made)
    assert (left / "thesis.docx").read_text() == "mine"


def test_no_room(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = office.backup().path
    monkeypatch.setattr(restore.shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1, 1, 10))  # type: ignore[attr-defined] # the type of disk_usage
    with pytest.raises(RestoreFailed) as refused:
        restored_from(office, made)
    assert "MB" in refused.value.happened


@pytest.mark.parametrize("failure", [OSError(28, "full"), restore.dbapi2.OperationalError("disk full")])
def test_a_disk_that_fails_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    made = office.backup().path

    def fails(*_arguments: object) -> None:
        raise failure

    monkeypatch.setattr(restore, "copy_database", fails)
    with pytest.raises(RestoreFailed) as refused:
        restored_from(office, made)
    assert "full" not in str(refused.value)
    assert not (office.folder / "new").exists()
    assert not (office.folder / "new.part").exists()


def test_a_new_vault_that_is_not_sound_is_thrown_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = office.backup().path
    monkeypatch.setattr(restore, "check_integrity", lambda *_arguments: Integrity(faults=1))
    with pytest.raises(RestoreFailed):
        restored_from(office, made)
    assert not (office.folder / "new").exists()


def test_restoring_reads_the_backup_only(office: Office) -> None:
    made = office.backup().path
    digest = file_digest(made)
    vault_before = {path.name: file_digest(path) for path in office.vault.folder.glob("vault.*")}
    restored_from(office, made)
    assert file_digest(made) == digest
    assert {path.name: file_digest(path) for path in office.vault.folder.glob("vault.*")} == vault_before


def test_what_would_be_lost_is_told_in_plain_words(office: Office) -> None:
    made = office.backup().path
    old = office.clock()
    office.clock.forward(days=2)
    (first, *_others) = office.add_students(3)
    office.touch_student(first)
    with office.vault.reading() as session:
        ids = session.execute(text("SELECT id FROM student ORDER BY created_at LIMIT 2")).scalars().all()
    for key in ids:
        office.touch_student(key)
    with office.vault.reading() as session:
        lost = what_would_be_lost(made, office.vault.root, driver_connection(session))
    by_table = {difference.current.table: difference for difference in lost}
    students = by_table["student"]
    assert students.current.plain_name == "学生"
    assert (students.backup.rows, students.current.rows, students.lost, students.older) == (12, 15, 3, 2)
    assert students.backup.newest == old
    assert students.current.newest == office.clock()
    consents = by_table["consent"]
    assert (consents.lost, consents.older, consents.current.newest) == (0, 0, None)
    assert not {"audit_log", "vault_meta", "search_entry", "deed"} & by_table.keys()


def test_a_table_that_the_backup_does_not_know_is_lost_whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = office.backup().path
    real, calls = comparison.tables, []

    def without_students(connection: object) -> list[str]:
        calls.append(1)
        names = real(connection)  # type: ignore[arg-type] # passed through
        return [name for name in names if name != "student"] if len(calls) == 1 else names

    monkeypatch.setattr(comparison, "tables", without_students)
    with office.vault.reading() as session:
        lost = what_would_be_lost(made, office.vault.root, driver_connection(session))
    (students,) = [difference for difference in lost if difference.current.table == "student"]
    assert (students.backup.rows, students.backup.newest, students.lost) == (0, None, 12)


def test_contents_and_the_newest_of_them(office: Office) -> None:
    with office.vault.reading() as session:
        found = contents(driver_connection(session))
    assert [content.rows for content in found if content.table == "student"] == [12]
    assert newest_moment(found) == office.clock()
    assert newest_moment([]) is None


def test_the_drill_restores_looks_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    made = office.backup()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    report = drill_restore(made.path, office.sheet_a, scratch, now=office.clock, entropy=restore.os.urandom)
    assert report.header == made.header
    assert report.audit_ok
    assert report.newest == office.clock()
    assert [content.rows for content in report.contents if content.table == "student"] == [12]
    assert list(scratch.iterdir()) == []
    office.anchors.kept.clear()
    with pytest.raises(WrongSheetForBackup):
        drill_restore(made.path, STRANGER, scratch, now=office.clock, entropy=restore.os.urandom)
    assert list(scratch.iterdir()) == []


def test_the_restored_vault_takes_the_place_and_the_old_one_is_kept(office: Office) -> None:
    found = restored_from(office, office.backup().path)
    office.add_students(1)
    office.vault.close()
    place = office.vault.folder
    kept = swap_in(found.folder, place, office.clock())
    assert kept == place.with_name("vault-before-restore-20261122-180000")
    assert not found.folder.exists()
    office.vault = opened(office, place)
    assert office.vault.read_only is None
    older = unlock_vault(kept, Sheet(office.sheet_a), anchors=office.anchors, now=office.clock)
    assert older.read_only is not None  # behind the anchor: nobody goes on writing there by mistake
    older.close()


def test_an_exchange_that_was_cut_off_is_completed(office: Office) -> None:
    found = restored_from(office, office.backup().path)
    office.vault.close()
    place = office.vault.folder
    assert not finish_swap(place)
    found.folder.rename(place.with_name("vault.incoming"))
    assert not finish_swap(place)  # killed after the first step: the present vault is in its place
    place.rename(place.with_name("vault-before-restore-x"))
    assert finish_swap(place)  # killed after the second
    office.vault = opened(office, place)
    assert not finish_swap(place)


def test_an_exchange_that_fails_changes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    found = restored_from(office, office.backup().path)
    place = office.folder / "vault"
    with pytest.raises(SwapFailed):
        swap_in(office.folder / "nowhere", place, office.clock())
    real = Path.rename

    def in_use(path: Path, target: Path) -> Path:
        if path == place:
            raise PermissionError
        return real(path, target)

    monkeypatch.setattr(swap.Path, "rename", in_use)
    with pytest.raises(SwapFailed):
        swap_in(found.folder, place, office.clock())
    assert found.folder.is_dir()
    assert place.is_dir()
    assert verify_backup(next(office.stick.iterdir())).header
