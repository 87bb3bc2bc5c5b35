from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from counselroom.errors import Bug
from counselroom.vault import backup as backups
from counselroom.vault import verification
from counselroom.vault.backup import (
    BUILDING,
    BackupFolderMissing,
    BackupTooLarge,
    MediumFailed,
    NoSheet,
    NoSpaceForBackup,
    VaultDamaged,
)
from counselroom.vault.image import digest_tables, summarise
from counselroom.vault.integrity import Integrity
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.opened import KeysChanged
from counselroom.vault.opening import open_database
from counselroom.vault.progress import Cancelled, Step
from counselroom.vault.verification import open_image, read_trailer, verify_backup
from tests.vault.backup_support import NAME, Office, file_digest


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    office.add_students(20)
    yield office
    office.vault.close()


def test_a_backup_is_one_file_that_says_what_it_is(office: Office) -> None:
    receipt = office.backup()
    assert office.names() == [f"{NAME}-20261122-180000.crbackup"]
    header = receipt.header
    assert header.created_at == office.clock()
    assert header.vault_id == office.vault.vault_id
    with office.vault.reading() as session:
        found = summarise(backups.driver_connection(session))
    assert (header.generation, header.rows) == (found.generation, found.rows)
    assert (header.audit_seq, header.audit_hash) == (found.audit_seq, found.audit_hash)
    assert header.audit_seq >= 20
    assert receipt.size == receipt.path.stat().st_size == header.image_bytes + 4096
    assert re.fullmatch("[0-9a-f]{64}", receipt.sha256)
    assert not (office.vault.folder / BUILDING).exists()


def test_the_image_holds_every_row_and_another_key(office: Office) -> None:
    receipt = office.backup()
    with office.vault.reading() as session:
        expected = digest_tables(backups.driver_connection(session))
    with closing(open_image(receipt.path, receipt.header, office.vault.root)) as image:
        assert digest_tables(image) == expected
        assert image.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not list(office.stick.glob("*-wal"))
    with pytest.raises((verification.UserError, backups.dbapi2.Error)):
        open_database(receipt.path, office.vault.root.database_key(), mode="immutable")


def test_a_backup_carries_the_sheets_and_no_passphrase_and_no_name(office: Office) -> None:
    office.add_students(3, note="记录正文")
    receipt = office.backup()
    assert {slot["kind"] for slot in receipt.header.recovery_slots} == {
        kind.value for kind in SlotKind if kind.is_sheet
    }
    raw = receipt.path.read_bytes()
    for word in ("记录正文", "学生", "用户", "sqlite_master"):
        for coding in ("utf-8", "utf-16-le", "gb18030"):
            assert word.encode(coding) not in raw


def test_every_backup_has_a_salt_of_its_own(office: Office) -> None:
    first, second = office.backup(), office.backup()
    assert first.header.salt != second.header.salt
    assert first.path.read_bytes()[:4096] != second.path.read_bytes()[:4096]
    assert second.path.name == f"{NAME}-20261122-180000-2.crbackup"
    assert office.backup().path.name == f"{NAME}-20261122-180000-3.crbackup"


def test_writing_while_the_backup_runs_is_not_in_it_and_does_not_disturb_it(office: Office) -> None:
    before = office.backup().header
    office.add_students(400, note="x" * 3000)
    written: list[int] = []

    def busy(step: Step, done: int, whole: int) -> None:
        if step is Step.IMAGE and done < whole:
            office.add_students(1)
            written.append(done)

    receipt = office.backup(progress=busy)
    assert len(written) >= 1
    assert receipt.header.rows == before.rows + 400 * 4
    assert office.backup().header.rows > receipt.header.rows


def test_progress_runs_through_every_step_in_order(office: Office) -> None:
    seen: list[tuple[Step, int, int]] = []
    office.backup(progress=lambda step, done, whole: seen.append((step, done, whole)))
    order = list(dict.fromkeys(step for step, _done, _whole in seen))
    assert order == [Step.CHECK, Step.IMAGE, Step.COPY, Step.READ_BACK, Step.VERIFY]
    for step in order:
        _same, done, whole = [one for one in seen if one[0] is step][-1]
        assert done == whole > 0


@pytest.mark.parametrize("step", list(Step)[:5])
def test_stopped_at_any_step_nothing_is_left(office: Office, step: Step) -> None:
    kept = office.backup().path
    digest = file_digest(kept)
    reached: list[Step] = []
    with pytest.raises(Cancelled):
        office.backup(
            progress=lambda now, _done, _whole: reached.append(now),
            cancel=lambda: step in reached,
        )
    assert reached[-1] is step
    assert office.names() == [kept.name]
    assert file_digest(kept) == digest
    assert not (office.vault.folder / BUILDING).exists()
    verify_backup(office.backup().path)


def test_what_a_killed_backup_left_is_cleared_and_nothing_else(office: Office) -> None:
    (office.vault.folder / BUILDING).write_bytes(b"half")
    (office.stick / f"{NAME}-20261120-080000.crbackup.part").write_bytes(b"half")
    (office.stick / "another-20261120-080000.crbackup.part").write_bytes(b"of another vault")
    (office.stick / f"{NAME}-notes.txt").write_text("mine")
    office.backup()
    assert office.names() == [
        "another-20261120-080000.crbackup.part",
        f"{NAME}-20261122-180000.crbackup",
        f"{NAME}-notes.txt",
    ]


@pytest.mark.parametrize("page", [5, 60, 100])
def test_a_page_overwritten_with_random_bytes_is_found_and_no_backup_made(office: Office, page: int) -> None:
    office.add_students(100, note="y" * 3000)
    good = office.backup()
    checkpoint(office)
    with office.vault.database_file.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(secrets.token_bytes(4096))
    with pytest.raises(VaultDamaged) as refused:
        office.backup()
    assert refused.value.happened
    assert refused.value.next_step
    assert office.names() == [good.path.name]
    verify_backup(good.path)


def test_a_damaged_page_without_content_is_found_too(office: Office) -> None:
    office.add_students(100, note="y" * 3000)
    checkpoint(office)
    with closing(
        open_database(office.vault.database_file, office.vault.root.database_key(), mode="rw", guarded=False)
    ) as connection:
        connection.execute("CREATE TABLE gone AS SELECT zeroblob(4000) FROM person")
        connection.execute("DROP TABLE gone")
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    assert free > 50
    checkpoint(office)
    size = office.vault.database_file.stat().st_size
    with office.vault.database_file.open("r+b") as stream:
        stream.seek(size - 4096)
        stream.write(secrets.token_bytes(4096))
    with pytest.raises(VaultDamaged):
        office.backup()
    assert office.names() == []


def test_a_structure_that_every_hmac_confirms_and_is_wrong_gets_no_name(office: Office) -> None:
    """An index without its rows: written by somebody with the key, or by a fault of the library."""
    with closing(
        open_database(office.vault.database_file, office.vault.root.database_key(), mode="rw", guarded=False)
    ) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL LIMIT 1")
    with pytest.raises(VaultDamaged):
        office.backup()
    assert office.names() == []
    assert not (office.vault.folder / BUILDING).exists()


def test_a_file_whose_pages_are_not_right_gets_no_name(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real = backups.check_pages

    def bad(*arguments: Any, pages: int | None = None) -> Any:
        return real(*arguments) if pages is None else Integrity(bad_pages=(7,))

    monkeypatch.setattr(backups, "check_pages", bad)
    with pytest.raises(MediumFailed):
        office.backup()
    assert office.names() == []


def checkpoint(office: Office) -> None:
    """Bring everything from the log into the file."""
    with closing(open_database(office.vault.database_file, office.vault.root.database_key(), mode="rw")) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_a_source_that_fails_after_the_checks_is_damage_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object) -> None:
        raise backups.dbapi2.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(backups, "copy_database", fails)
    with pytest.raises(VaultDamaged):
        office.backup()


def test_a_page_that_looks_bad_for_a_moment_is_looked_at_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = backups.check_pages, []

    def once(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        return Integrity(bad_pages=(7,)) if len(calls) == 1 else real(*arguments, **named)

    monkeypatch.setattr(backups, "check_pages", once)
    office.backup()
    assert len(calls) == 3  # the vault twice, the finished file


def test_no_folder_no_backup(office: Office) -> None:
    shutil.rmtree(office.stick)
    with pytest.raises(BackupFolderMissing):
        office.backup()


def test_without_a_valid_sheet_no_backup(office: Office) -> None:
    slots = SlotFile.read(office.vault.folder)
    kept = tuple(slot for slot in slots.slots if not slot.kind.is_sheet)
    SlotFile(slots.vault_id, kept).write(office.vault.folder, office.vault.root)
    with pytest.raises(NoSheet):
        office.backup()
    assert office.names() == []


def test_slots_that_somebody_slipped_in_are_not_carried(office: Office) -> None:
    slots = SlotFile.read(office.vault.folder)
    stranger = verification.RootKey(secrets.token_bytes(32))
    SlotFile(slots.vault_id, slots.slots).write(office.vault.folder, stranger)
    with pytest.raises(KeysChanged):
        office.backup()


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a\\b", "a:b", "x" * 61, "a\nb"])
def test_a_name_that_no_file_can_have_is_our_bug(office: Office, name: str) -> None:
    with pytest.raises(Bug):
        office.backup(name=name)


def test_a_file_larger_than_the_medium_takes_is_refused_before_writing(office: Office) -> None:
    steps: list[Step] = []
    with pytest.raises(BackupTooLarge):
        office.backup(largest_file=100_000, progress=lambda step, _done, _whole: steps.append(step))
    assert set(steps) == {Step.CHECK}
    assert office.names() == []
    office.backup(largest_file=2**32 - 1)


def with_free(monkeypatch: pytest.MonkeyPatch, free: Callable[[Path], int]) -> None:
    monkeypatch.setattr(
        backups.shutil,
        "disk_usage",
        lambda path: shutil._ntuple_diskusage(10**12, 0, free(Path(path))),  # type: ignore[attr-defined] # the type of disk_usage
    )


def test_space_is_asked_for_before_writing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with_free(monkeypatch, lambda path: 10_000)
    with pytest.raises(NoSpaceForBackup) as refused:
        office.backup()
    assert "MB" in refused.value.happened
    assert office.names() == []


def test_on_one_disk_the_image_needs_room_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    size = office.vault.database_file.stat().st_size
    with_free(monkeypatch, lambda path: int(size * 1.5) + 2_000_000)
    with pytest.raises(NoSpaceForBackup):
        office.backup()
    with_free(monkeypatch, lambda path: size * 2 + 4_000_000)
    office.backup()


def test_room_beside_the_vault_is_asked_for_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with_free(monkeypatch, lambda path: 10 if path == office.vault.folder else 10**9)
    with pytest.raises(NoSpaceForBackup):
        office.backup()


def test_a_full_disk_while_the_image_is_built(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise backups.dbapi2.OperationalError("database or disk is full")

    monkeypatch.setattr(backups, "copy_database", full)
    with pytest.raises(NoSpaceForBackup):
        office.backup()


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, NoSpaceForBackup),
        (errno.EDQUOT, NoSpaceForBackup),
        (errno.EFBIG, BackupTooLarge),
        (errno.EIO, MediumFailed),
        (errno.EROFS, MediumFailed),
    ],
)
def test_what_a_medium_answers_becomes_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    kept = office.backup().path

    def fsync(_handle: int) -> None:
        raise OSError(number, "told by the medium")

    monkeypatch.setattr(backups.os, "fsync", fsync)
    with pytest.raises(kind) as refused:
        office.backup()
    assert "told by" not in str(refused.value)
    assert office.names() == [kept.name]


@pytest.mark.parametrize("place", ["image", "trailer", "end"])
def test_a_medium_that_gives_back_other_bytes_is_found_before_the_name_is_given(
    office: Office, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def changes(handle: int) -> None:
        target = Path(f"/proc/self/fd/{handle}").resolve()
        at = {"image": 9000, "trailer": target.stat().st_size - 4000, "end": target.stat().st_size - 5}[place]
        with target.open("r+b") as stream:
            stream.seek(at)
            byte = stream.read(1)
            stream.seek(at)
            stream.write(bytes([byte[0] ^ 1]))

    monkeypatch.setattr(backups.os, "fsync", changes)
    with pytest.raises(MediumFailed):
        office.backup()
    assert office.names() == []


def test_an_old_but_whole_file_in_place_of_the_new_one_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = office.backup().path.read_bytes()

    def swaps(handle: int) -> None:
        Path(f"/proc/self/fd/{handle}").resolve().write_bytes(older)

    monkeypatch.setattr(backups.os, "fsync", swaps)
    with pytest.raises(MediumFailed):
        office.backup()


def test_a_system_without_posix_fadvise_reads_back_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_fadvise")
    office.backup()


def test_a_file_that_fails_its_last_verification_loses_its_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(*_arguments: object, **_named: object) -> None:
        raise verification.damaged()

    monkeypatch.setattr(backups, "require_counted", bad)
    with pytest.raises(verification.BackupDamaged):
        office.backup()
    assert office.names() == []


def test_a_stick_pulled_out_at_the_end_does_not_hide_the_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(_folder: Path) -> None:
        shutil.rmtree(office.stick)
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(backups, "sync_folder", pulled)
    with pytest.raises(MediumFailed):
        office.backup()


def test_the_header_is_that_of_the_file(office: Office) -> None:
    receipt = office.backup()
    assert read_trailer(receipt.path).header == receipt.header
    assert read_trailer(receipt.path).digest.hex() == receipt.sha256


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_a_piece_that_the_medium_refuses_is_never_taken_for_written(
    office: Office, monkeypatch: pytest.MonkeyPatch, bad: int
) -> None:
    office.add_students(300, note="x" * 3000)
    monkeypatch.setattr(backups, "_FLUSH", backups.trailers.CHUNK)
    calls: list[int] = []

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) == bad:
            raise OSError(errno.EIO, "told once")

    monkeypatch.setattr(backups.os, "fsync", fsync)
    with pytest.raises(MediumFailed):
        office.backup()
    assert office.names() == []
    assert len(calls) in {bad, bad + 1}
