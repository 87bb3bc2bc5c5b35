"""Unlocking, working in and closing a vault; what opens read-only, and what a crash leaves."""

from __future__ import annotations

import os
import shutil
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlcipher3 import dbapi2

from counselroom.errors import Bug
from counselroom.model.base import moment_of
from counselroom.vault import opened
from counselroom.vault import vault as vault_module
from counselroom.vault.admission import ACCEPTED, RESTORED, read_meta
from counselroom.vault.audit import AuditEvent
from counselroom.vault.engine import disk_faults
from counselroom.vault.exclusive import VaultInUse, hold
from counselroom.vault.keys.slot_file import KeysMissing, SlotFile
from counselroom.vault.keys.slots import SlotKind, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, Unlocked, unlock
from counselroom.vault.meta import vault_event
from counselroom.vault.opening import (
    DatabaseEmpty,
    DatabaseForeign,
    DatabaseInaccessible,
    DatabaseMissing,
    DatabasePlaintext,
    DatabaseTruncated,
    DatabaseUnreadable,
    unguard,
)
from counselroom.vault.schema import SchemaTooNew
from counselroom.vault.state import Anchor, AnchorUnavailable, read_state, write_state
from counselroom.vault.vault import (
    Banner,
    KeysChanged,
    NotSaved,
    ReadOnlyReason,
    VaultReadOnly,
    unlock_vault,
)
from tests.vault.vaults import LOGIN, PASSPHRASE, Place, add_row, audit_actions, require_sound, save_row, saved_rows


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def die(vault) -> None:
    """Leave a vault as kill -9 does: the log stays, nothing is noted."""
    folder = vault.folder
    copy = folder.with_name("as killed")
    shutil.copytree(folder, copy)
    anchors = vault._anchors.kept.copy()
    vault.close()
    vault._anchors.kept = anchors
    shutil.rmtree(folder)
    copy.rename(folder)


# Unlocking


def test_a_wrong_passphrase_then_the_right_one(place):
    before = place.content()
    with pytest.raises(WrongSecret):
        unlock_vault(place.folder, Passphrase("wrong passphrase", LOGIN), anchors=place.anchors, now=place.clock)
    assert place.content() == before
    vault = unlock_vault(place.folder, Passphrase(PASSPHRASE, LOGIN), anchors=place.anchors, now=place.clock)
    assert (vault.slot.kind, vault.slot.login) == (SlotKind.PASSPHRASE, LOGIN)
    assert vault.read_only is None
    vault.close()


def test_each_sheet_opens(place):
    for digits, kind in ((place.sheet_a, SlotKind.SHEET_A), (place.sheet_b, SlotKind.SHEET_B)):
        vault = place.unlock(digits)
        assert vault.slot.kind is kind
        vault.close()


def test_each_unlocking_raises_the_generation_and_tells_the_witnesses(place):
    for generation in (2, 3, 4):
        vault = place.unlock()
        assert vault.generation == vault.audit.generation == generation
        state = read_state(place.folder, vault.root)
        assert (state.is_open, state.generation) == (True, generation)
        anchor = place.anchors.kept[vault.vault_id]
        assert (anchor.generation, anchor.audit_seq, anchor.audit_hash) == (
            generation,
            state.audit_seq,
            state.audit_hash,
        )
        with vault.reading() as session:
            meta = read_meta(session.connection())
        assert meta["generation"] == str(generation)
        root = vault.root.material()
        vault.close()
        from counselroom.vault.keys.root import RootKey

        state = read_state(place.folder, RootKey(root))
        assert (state.is_open, state.generation, state.audit_seq) == (False, generation, anchor.audit_seq + 1)
        assert place.anchors.kept[vault.vault_id] == Anchor(generation, state.audit_seq, state.audit_hash)


def test_audit_rows_of_opening_and_closing(place):
    place.unlock().close()
    vault = place.unlock()
    assert audit_actions(vault) == [
        "audit_begin",
        "vault_opened",
        "vault_closed",
        "vault_opened",
        "vault_closed",
        "vault_opened",
    ]
    with vault.reading() as session:
        row = session.execute(text("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1")).one()
    assert (row.actor_id, row.roles, row.entity, row.entity_id, row.generation, row.epoch) == (
        vault.slot.slot_id,
        "",
        "vault",
        vault.vault_id,
        3,
        1,
    )
    require_sound(vault)
    vault.close()


def test_closing_leaves_one_file_and_forgets_the_key(place):
    vault = place.unlock()
    save_row(vault, "k")
    assert (place.folder / "records.db-wal").exists()
    vault.close()
    assert sorted(place.content()) == ["records.db", "vault.keys", "vault.keys.2", "vault.state"]
    assert vault.root.material() == bytes(32)
    vault.close()  # twice is fine
    again = place.unlock()
    assert saved_rows(again) == {"k"}
    again.close()


def test_after_closing_nothing_works(place):
    vault = place.unlock()
    vault.close()
    for use in (vault.change, vault.reading, vault.job_reader):
        with pytest.raises(Bug, match="the vault is closed"), use():
            pass


def test_the_newest_moment_is_kept(place):
    vault = place.unlock()
    place.clock.moment += timedelta(hours=1)
    vault.close()
    vault = place.unlock()
    with vault.reading() as session:
        seen = moment_of(read_meta(session.connection())["max_seen_utc"])
    assert timedelta(0) <= place.clock.moment - seen < timedelta(seconds=5)
    vault.close()


# What is refused


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda path: path.unlink(), DatabaseMissing),
        (lambda path: path.write_bytes(b""), DatabaseEmpty),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(8176)), DatabasePlaintext),
        (lambda path: path.write_bytes(path.read_bytes()[:-4096]), DatabaseTruncated),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), DatabaseTruncated),
        (lambda path: path.write_bytes(os.urandom(16384)), DatabaseUnreadable),
    ],
)
def test_a_damaged_database_is_refused_and_nothing_changed_or_made(place, damage, kind):
    damage(place.database)
    before = place.content()
    with pytest.raises(kind):
        place.unlock()
    assert place.content() == before
    hold(place.folder).release()  # the lock was let go


def test_a_folder_without_a_vault_gets_nothing(tmp_path, place):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "none"):
        with pytest.raises(KeysMissing):
            unlock_vault(folder, Sheet(place.sheet_a), anchors=place.anchors, now=place.clock)
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "none").exists()


def test_a_second_instance_is_refused(place):
    vault = place.unlock()
    with pytest.raises(VaultInUse) as caught:
        place.unlock()
    assert caught.value.happened == "资料库已经在这台电脑的另一个窗口中打开。"
    vault.close()
    place.unlock().close()


def test_a_folder_that_can_not_be_locked(place, monkeypatch):
    def failing(_lock):
        raise PermissionError

    monkeypatch.setattr("filelock.BaseFileLock.acquire", failing)
    with pytest.raises(DatabaseInaccessible):
        hold(place.folder)


def test_the_database_of_another_vault_is_refused(place):
    held = place.held()
    file = SlotFile("1" * 32, held.file.slots)
    file.write(place.folder, held.root)
    before = place.content()
    with pytest.raises(DatabaseForeign):
        place.unlock()
    assert place.content() == before


def test_a_newer_schema_is_refused(place):
    vault = place.unlock()
    with vault.change() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    vault.close()
    before = place.content()
    with pytest.raises(SchemaTooNew):
        place.unlock()
    assert place.content() == before


def test_keys_that_changed_since_they_were_read(place):
    held = place.held()
    file = SlotFile.read(place.folder)
    SlotFile(file.vault_id, file.slots[:-1]).write(place.folder, held.root)
    with pytest.raises(KeysChanged):
        place.reopen(held)
    assert held.root.material() == bytes(32)
    hold(place.folder).release()


# What the witnesses find


def older_copy(place) -> None:
    """Close the vault, copy it, go on, and put the copy back."""
    place.unlock().close()
    copy = place.folder.with_name("older")
    shutil.copytree(place.folder, copy)
    vault = place.unlock()
    save_row(vault, "lost")
    vault.close()
    shutil.rmtree(place.folder)
    copy.rename(place.folder)


def lost_log(place) -> None:
    vault = place.unlock()
    save_row(vault, "lost")
    die(vault)
    (place.folder / "records.db-wal").unlink()
    (place.folder / "records.db-shm").unlink()


def lost_state(place) -> None:
    place.unlock().close()
    (place.folder / "vault.state").unlink()


def forged_state(place) -> None:
    place.unlock().close()
    held = place.held()
    held.root.material()
    state = read_state(place.folder, held.root)
    from counselroom.vault.keys.root import RootKey

    write_state(place.folder, state, RootKey(b"x" * 32))


def other_history(place) -> None:
    place.unlock().close()
    vault_id = SlotFile.read(place.folder).vault_id
    anchor = place.anchors.kept[vault_id]
    place.anchors.kept[vault_id] = Anchor(anchor.generation, anchor.audit_seq, "0" * 64)


def cut_audit(place) -> None:
    """Same generation, the newest audit rows gone: as when the tail was cut by somebody with the key."""
    place.unlock().close()
    vault_id = SlotFile.read(place.folder).vault_id
    anchor = place.anchors.kept[vault_id]
    place.anchors.kept[vault_id] = Anchor(anchor.generation, anchor.audit_seq + 1, "0" * 64)


def database_swapped(place) -> None:
    """Only the database is older; the state file beside it knows."""
    place.unlock().close()
    older = place.database.read_bytes()
    place.unlock().close()
    place.database.write_bytes(older)
    place.anchors.kept.clear()


def tampered_audit(place) -> None:
    vault = place.unlock()
    for number in range(3):
        save_row(vault, f"k{number}")
    vault.close()
    held = place.held()
    from counselroom.vault.opening import open_database

    connection = open_database(place.database, held.root.database_key(), mode="rw", guarded=False)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE audit_log SET actor_id = 'somebody' WHERE seq = 4")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def wrong_epoch_key(place) -> None:
    """A sealed key that is not wrapped under this root."""
    place.unlock().close()
    held = place.held()
    from counselroom.vault.opening import open_database

    connection = open_database(place.database, held.root.database_key(), mode="rw", guarded=False)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_epoch'"
    ).fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE audit_epoch SET sealed_seq = 1, wrapped_key = ?", (bytes(40),))
    connection.execute("INSERT INTO audit_epoch (epoch, started_seq) VALUES (2, 2)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


FINDINGS = [
    (older_copy, ReadOnlyReason.BEHIND_ANCHOR, "这个资料库比上次在这台电脑上打开的要旧。"),
    (lost_log, ReadOnlyReason.LOST_WAL, "资料库上次没有正常关闭，而存放最新改动的文件不见了。"),
    (lost_state, ReadOnlyReason.STATE_LOST, "资料库上次关闭时留下的记号丢失或损坏了。"),
    (forged_state, ReadOnlyReason.STATE_LOST, "资料库上次关闭时留下的记号丢失或损坏了。"),
    (other_history, ReadOnlyReason.OTHER_HISTORY, "这个资料库的历史与上次在这台电脑上打开的不一致。"),
    (cut_audit, ReadOnlyReason.BEHIND_ANCHOR, "这个资料库比上次在这台电脑上打开的要旧。"),
    (database_swapped, ReadOnlyReason.BEHIND_ANCHOR, "这个资料库比上次在这台电脑上打开的要旧。"),
    (tampered_audit, ReadOnlyReason.AUDIT_BROKEN, "资料库的操作日志被人从外部改动过。"),
    (wrong_epoch_key, ReadOnlyReason.AUDIT_BROKEN, "资料库的操作日志被人从外部改动过。"),
]


@pytest.mark.parametrize(("happening", "reason", "sentence"), FINDINGS)
def test_a_finding_opens_read_only_and_changes_not_a_byte(place, happening, reason, sentence):
    happening(place)
    before, anchors = place.content(), dict(place.anchors.kept)
    vault = place.unlock()
    assert vault.read_only is reason
    assert reason.sentence() == sentence
    with pytest.raises(VaultReadOnly) as caught, vault.change():
        pass
    assert caught.value.reason is reason
    assert caught.value.happened == sentence
    assert caught.value.safe == "资料库以只读方式打开，没有改动任何内容。"
    assert saved_rows(vault) is not None
    with vault.job_reader() as session:
        assert session.execute(text("SELECT count(*) FROM audit_log")).scalar_one() > 0
    with pytest.raises(OperationalError), vault.reading() as session:
        session.execute(text("DELETE FROM parameter"))
    assert place.content() == before
    vault.close()
    assert place.content() == before
    assert place.anchors.kept == anchors


@pytest.mark.parametrize(("happening", "reason", "_sentence"), FINDINGS[:-1])
def test_the_director_accepts_it_with_a_reason(place, happening, reason, _sentence):
    happening(place)
    old_anchor = place.anchors.kept.get(SlotFile.read(place.folder).vault_id)
    vault = place.unlock(accept_reason="主任已核实")
    assert vault.read_only is None
    with vault.reading() as session:
        row = session.execute(text("SELECT * FROM audit_log WHERE action = :action"), {"action": ACCEPTED}).one()
    assert row.reason == f"{reason}: 主任已核实"
    if old_anchor is not None:
        assert vault.generation > old_anchor.generation
    save_row(vault, "afterwards")
    vault.close()
    again = place.unlock()
    assert again.read_only is None
    assert "afterwards" in saved_rows(again)
    again.close()


def test_an_empty_reason_accepts_nothing(place):
    lost_state(place)
    vault = place.unlock(accept_reason="")
    assert vault.read_only is ReadOnlyReason.STATE_LOST
    vault.close()


def test_a_reason_without_a_finding_is_not_written(place):
    vault = place.unlock(accept_reason="without need")
    assert ACCEPTED not in audit_actions(vault)
    vault.close()


def test_accepting_something_else_does_not_explain_a_stale_anchor(place):
    older_copy(place)
    behind = dict(place.anchors.kept)
    lost = place.folder / "vault.state"
    lost.unlink()
    place.anchors.broken = True
    vault = place.unlock(accept_reason="主任已核实")
    vault.close()
    place.anchors.broken = False
    assert place.anchors.kept == behind
    # What was accepted was a lost note, at a generation no newer than the stale anchor's: that is not explained yet.
    vault = place.unlock()
    assert vault.read_only is ReadOnlyReason.OTHER_HISTORY
    vault.close()
    place.unlock(accept_reason="主任已核实").close()
    vault = place.unlock()
    assert vault.read_only is None
    vault.close()


def test_a_restored_vault_is_lawfully_behind_an_older_anchor(place):
    """A restore on a computer whose keychain was silent raises the generation and says so in the audit log."""
    older_copy(place)
    anchor = next(iter(place.anchors.kept.values()))
    place.anchors.broken = True
    for _unlocking in range(2):
        vault = place.unlock()
        if vault.generation > anchor.generation:
            break
        vault.close()
    with vault.change() as session:
        vault.audit.append(session, vault_event(RESTORED, vault.vault_id, vault.slot, place.clock()))
    vault.close()
    place.anchors.broken = False
    vault = place.unlock()
    assert vault.read_only is None
    vault.close()


def test_a_chain_broken_before_the_last_thousand_rows_is_left_to_the_check(place, monkeypatch):
    from counselroom.vault import admission

    tampered_audit(place)
    monkeypatch.setattr(admission, "VERIFIED_ROWS", 1)
    vault = place.unlock()
    assert vault.read_only is None
    vault.close()
    assert admission.VERIFIED_ROWS == 1


def test_a_thousand_rows_are_verified():
    from counselroom.vault.admission import CLOCK_TOLERANCE, VERIFIED_ROWS

    assert VERIFIED_ROWS == 1000
    assert timedelta(minutes=5) == CLOCK_TOLERANCE


# Banners


def test_no_anchor_yet_is_a_banner(place):
    vault = place.unlock()
    assert vault.banners == (Banner.ANCHOR_NEW,)
    assert vault.banners[0].sentence() == "这个资料库是第一次在这台电脑上打开。"
    vault.close()
    vault = place.unlock()
    assert vault.banners == ()
    vault.close()


def test_a_silent_keychain_is_a_banner_and_hinders_nothing(place):
    place.unlock().close()
    place.anchors.broken = True
    vault = place.unlock()
    assert vault.banners == (Banner.ANCHOR_UNAVAILABLE,)
    assert vault.banners[0].sentence() == "系统钥匙串没有响应，这次无法核对资料库是不是最新的。"
    save_row(vault, "k")
    vault.close()
    place.anchors.broken = False
    vault = place.unlock()  # ahead of the anchor: normal
    assert (vault.banners, vault.read_only) == ((), None)
    vault.close()


def test_a_keychain_that_can_not_keep_is_a_banner(place, monkeypatch):
    place.unlock().close()

    def failing(_vault_id, _anchor):
        raise AnchorUnavailable

    monkeypatch.setattr(place.anchors, "save", failing)
    vault = place.unlock()
    assert vault.banners == (Banner.ANCHOR_UNAVAILABLE,)
    vault.close()


@pytest.mark.parametrize(("minutes", "back"), [(-4, False), (-6, True)])
def test_a_clock_set_back_is_a_banner_and_an_audit_row(place, minutes, back):
    place.unlock().close()
    place.clock.moment += timedelta(minutes=minutes)
    vault = place.unlock()
    assert (Banner.CLOCK_BACK in vault.banners) is back
    assert ("clock_back" in audit_actions(vault)) is back
    with vault.reading() as session:
        seen = moment_of(read_meta(session.connection())["max_seen_utc"])
    assert seen > place.clock.moment  # the newest moment is not forgotten
    vault.close()
    if back:
        assert Banner.CLOCK_BACK.sentence() == "电脑的时钟被往回拨过，请检查日期和时间。"


def test_after_a_crash_everything_saved_is_there(place):
    vault = place.unlock()
    save_row(vault, "saved")
    die(vault)
    vault = place.unlock()
    assert Banner.RECOVERED in vault.banners
    assert Banner.RECOVERED.sentence() == "上次程序意外退出；已经保存的内容都在。"
    assert vault.read_only is None
    assert saved_rows(vault) == {"saved"}
    require_sound(vault)
    vault.close()


def test_pages_torn_by_a_power_cut_are_mended_before_anything_checks_them(place):
    """A cut during a checkpoint tears pages of the main file; the log has them whole."""
    vault = place.unlock()
    save_row(vault, "saved")
    die(vault)
    log, pages = (place.folder / "records.db-wal").read_bytes(), bytearray(place.database.read_bytes())
    in_log = {int.from_bytes(log[at : at + 4]) for at in range(32, len(log), 24 + 4096)} - {0, 1}
    assert in_log
    for number in in_log:
        pages[(number - 1) * 4096 : (number - 1) * 4096 + 512] = os.urandom(512)
    place.database.write_bytes(bytes(pages))
    vault = place.unlock()
    require_sound(vault)
    assert saved_rows(vault) == {"saved"}
    vault.close()


def test_a_crashed_vault_behind_the_anchor_is_not_changed_either(place):
    """Its log must be read, so that an index file is made; it is gone afterwards."""
    vault = place.unlock()
    save_row(vault, "saved")
    die(vault)
    (place.folder / "records.db-shm").unlink()
    vault_id = vault.vault_id
    place.anchors.kept[vault_id] = Anchor(99, 1, "0" * 64)
    before = place.content()
    vault = place.unlock()
    assert vault.read_only is ReadOnlyReason.BEHIND_ANCHOR
    assert saved_rows(vault) == {"saved"}
    with vault.job_reader() as session:
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 1
    vault.close()
    assert place.content() == before


def test_an_index_file_is_not_left_when_looking_fails(place):
    vault = place.unlock()
    with vault.change() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    die(vault)
    (place.folder / "records.db-shm").unlink()
    before = place.content()
    with pytest.raises(SchemaTooNew):
        place.unlock()
    assert place.content() == before


# Copies of the slot file


@pytest.mark.parametrize("name", ["vault.keys", "vault.keys.2"])
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"torn")])
def test_a_lost_copy_of_the_keys_is_written_again(place, name, damage):
    good = (place.folder / name).read_bytes()
    damage(place.folder / name)
    place.unlock().close()
    assert (place.folder / name).read_bytes() == good


def test_intact_copies_are_left_alone(place):
    stamps = [(place.folder / name).stat().st_ino for name in ("vault.keys", "vault.keys.2")]
    place.unlock().close()
    assert [(place.folder / name).stat().st_ino for name in ("vault.keys", "vault.keys.2")] == stamps


def test_slots_are_read_from_a_genuine_copy(place):
    vault = place.unlock()
    file = vault.slots()
    assert file.is_genuine(vault.root)
    other = SlotFile(file.vault_id, file.slots[:1])
    from counselroom.vault.keys.root import RootKey

    (place.folder / "vault.keys").write_bytes(other.to_bytes(RootKey(b"x" * 32)))
    assert vault.slots() == file
    (place.folder / "vault.keys.2").write_bytes(other.to_bytes(RootKey(b"x" * 32)))
    with pytest.raises(KeysChanged) as caught:
        vault.slots()
    assert caught.value.happened == "打开或使用资料库期间，密钥文件被改动了。"
    file.write(place.folder, vault.root)
    vault.close()


# Transactions


def save_and_fail(vault, how: str) -> None:
    with vault.change() as session:
        add_row(vault, session, "lost")
        if how == "raise":
            raise ZeroDivisionError
        add_row(vault, session, how)


def test_a_change_is_committed_or_rolled_back(place):
    vault = place.unlock()
    save_row(vault, "kept")
    for attempt, kind in (("raise", ZeroDivisionError), ("kept", IntegrityError)):
        with pytest.raises(kind):
            save_and_fail(vault, attempt)
    assert saved_rows(vault) == {"kept"}
    assert audit_actions(vault)[-1] == "set_parameter"
    require_sound(vault)
    vault.close()


def save_with_open_end(vault) -> None:
    with vault.change() as session:
        add_row(vault, session, "lost")
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(
            text(
                "INSERT INTO draft (id, account_id, place, state, saved_at) "
                "VALUES ('d', 'nobody', 'p', '{}', '2026-11-22T05:07:00.000000Z+08:00')"
            )
        )


def test_a_commit_that_is_refused_leaves_nothing(place):
    """A deed left open breaks a deferred foreign key: only COMMIT finds it."""
    vault = place.unlock()
    with pytest.raises(IntegrityError):
        save_with_open_end(vault)
    save_row(vault, "kept")
    assert saved_rows(vault) == {"kept"}
    vault.close()


def test_reading_can_not_write_and_changing_works_afterwards(place):
    vault = place.unlock()
    with pytest.raises(OperationalError, match="readonly"), vault.reading() as session:
        session.execute(text("DELETE FROM parameter"))
    save_row(vault, "k")
    assert saved_rows(vault) == {"k"}
    vault.close()


def test_reading_takes_no_write_lock(place):
    vault = place.unlock()
    statements = []
    vault._connection.set_trace_callback(statements.append)
    with vault.reading() as session:
        session.execute(text("SELECT 1"))
    assert "BEGIN" in statements
    assert "BEGIN IMMEDIATE" not in statements
    statements.clear()
    with vault.change() as session:
        session.execute(text("SELECT 1"))
    assert "BEGIN IMMEDIATE" in statements
    vault._connection.set_trace_callback(None)
    vault.close()


def test_nested_use_or_too_long_a_wait_is_a_bug(place, monkeypatch):
    monkeypatch.setattr(opened, "TURN", 0.05)
    vault = place.unlock()
    found = []

    def use() -> None:
        try:
            with vault.change():
                pass
        except Bug as bug:
            found.append(str(bug))

    with vault.change():
        for nested in (vault.change, vault.reading):
            with pytest.raises(Bug, match="the writing connection is in use"), nested():
                pass
        with pytest.raises(Bug, match="the writing connection is in use"):
            vault.close()
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    assert found == ["the writing connection is in use"]
    vault.close()


def test_another_thread_waits_for_its_turn(place):
    vault = place.unlock()
    asked = threading.Event()

    def save() -> None:
        asked.set()
        save_row(vault, "second")

    thread = threading.Thread(target=save)
    with vault.change() as session:
        thread.start()
        assert asked.wait(10)
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 0
    thread.join()
    with vault.reading() as session:
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 1
    vault.close()


def test_a_job_sees_one_state_for_its_whole_run(place):
    vault = place.unlock()
    save_row(vault, "before")
    with vault.job_reader() as session:
        save_row(vault, "meanwhile")
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 1
        with pytest.raises(OperationalError, match="readonly"):
            session.execute(text("DELETE FROM parameter"))
    with vault.job_reader() as session:
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 2
    vault.close()


def test_closing_interrupts_a_job_and_waits_for_it(place):
    vault = place.unlock()
    save_row(vault, "k")
    begun, found = threading.Event(), []

    def work() -> None:
        endless = text("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c")
        try:
            with vault.job_reader() as session:
                begun.set()
                session.execute(endless)
        except OperationalError as interrupted:
            found.append(str(interrupted.orig))

    job = threading.Thread(target=work)
    job.start()
    begun.wait()
    time.sleep(0.05)
    vault.close()
    job.join()
    assert found == ["interrupted"]
    assert sorted(place.content()) == ["records.db", "vault.keys", "vault.keys.2", "vault.state"]
    vault = place.unlock()
    assert (vault.read_only, vault.banners, saved_rows(vault)) == (None, (), {"k"})
    vault.close()


def test_a_job_that_does_not_end_closes_the_vault_when_it_does(place, monkeypatch):
    monkeypatch.setattr(opened, "PATIENCE", 0.05)
    vault = place.unlock()
    save_row(vault, "k")
    with vault.job_reader() as session:
        save_row(vault, "later")
        vault.close()
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 1
        with pytest.raises(VaultInUse):
            place.unlock()
    assert vault.root.material() == bytes(32)
    again = place.unlock()
    assert (again.read_only, again.banners, saved_rows(again)) == (None, (), {"k", "later"})
    again.close()


def test_patience():
    assert opened.PATIENCE == 2.0


def test_parameters_are_not_shown_in_an_error(place):
    vault = place.unlock()
    save_row(vault, "secret-key")
    with pytest.raises(IntegrityError) as caught:
        save_row(vault, "secret-key")
    assert "secret-key" not in str(caught.value)
    vault.close()


# Disk faults


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (dbapi2.OperationalError("database or disk is full"), NotSaved),
        (dbapi2.OperationalError("disk I/O error"), NotSaved),
        (dbapi2.OperationalError("unable to open database file"), NotSaved),
        (OSError(28, "No space left"), NotSaved),
        (OperationalError("x", None, dbapi2.OperationalError("disk I/O error")), NotSaved),
        (dbapi2.OperationalError("no such table: x"), dbapi2.OperationalError),
        (OperationalError("x", None, dbapi2.OperationalError("database is locked")), OperationalError),
        (ZeroDivisionError(), ZeroDivisionError),
    ],
)
def test_disk_faults_become_a_sentence(fault, shown):
    with pytest.raises(shown) as caught, disk_faults():
        raise fault
    if shown is NotSaved:
        assert caught.value.happened == "这次改动没能保存：磁盘已满，或者磁盘出错。"
        assert caught.value.safe == "之前保存的内容都是安全的。"
        assert caught.value.next_step == "请清理磁盘空间或检查磁盘，然后再做一次。"


def test_a_full_disk_while_changing(place):
    vault = place.unlock()
    save_row(vault, "k")
    (pages,) = vault._connection.execute("PRAGMA page_count").fetchone()
    vault._connection.set_authorizer(None)
    vault._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotSaved), vault.change() as session:
        session.execute(
            text("INSERT INTO parameter (key, value, changed_at, changed_by) VALUES ('big', :value, 'x', 'y')"),
            {"value": "x" * 5_000_000},
        )
    vault._connection.execute("PRAGMA max_page_count = 1000000")
    save_row(vault, "after")
    assert saved_rows(vault) == {"k", "after"}
    vault.close()


def test_when_the_state_can_not_be_written_at_opening_the_next_unlock_finds_everything(place, monkeypatch):
    place.unlock().close()

    def failing(*_arguments):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(vault_module, "write_state", failing)
        with pytest.raises(NotSaved):
            place.unlock()
    hold(place.folder).release()
    vault = place.unlock()
    assert (vault.read_only, Banner.RECOVERED in vault.banners) == (None, False)
    vault.close()


def test_when_closing_can_not_be_noted_the_next_unlock_is_not_alarmed(place, monkeypatch):
    vault = place.unlock()
    save_row(vault, "k")
    real, calls = opened.write_state, []

    def failing_once(folder, state, root):
        calls.append(state.is_open)
        if len(calls) == 1:
            raise OSError(28, "full")
        real(folder, state, root)

    monkeypatch.setattr(opened, "write_state", failing_once)
    with pytest.raises(NotSaved):
        vault.close()
    assert calls == [False, False]
    hold(place.folder).release()
    monkeypatch.undo()
    vault = place.unlock()
    assert vault.read_only is None
    assert saved_rows(vault) == {"k"}
    vault.close()


def test_closing_lets_go_whatever_fails(place, monkeypatch):
    vault = place.unlock()

    def failing(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(vault.audit, "append", failing)
    with pytest.raises(ZeroDivisionError):
        vault.close()
    hold(place.folder).release()
    assert vault.root.material() == bytes(32)
    monkeypatch.undo()
    vault = place.unlock()
    assert vault.read_only is None
    vault.close()


def test_opening_that_fails_before_anything_is_noted_closes_the_connection(place, monkeypatch):
    def failing(*_arguments):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(vault_module, "write_fact", failing)
        with pytest.raises(ZeroDivisionError):
            place.unlock()
    assert not (place.folder / "records.db-wal").exists()
    place.unlock().close()


def test_an_opened_key_can_be_handed_over(place):
    unlocked = unlock(place.folder, Sheet(place.sheet_b))
    vault = place.reopen(unlocked)
    assert isinstance(unlocked, Unlocked)
    assert vault.slot.kind is SlotKind.SHEET_B
    vault.close()


def test_the_log_can_be_emptied(place):
    vault = place.unlock()
    save_row(vault, "k")
    assert vault.checkpoint()
    assert (place.folder / "records.db-wal").stat().st_size == 0
    with vault.job_reader():
        save_row(vault, "l")
        unguard(vault._connection)
        vault._connection.execute("PRAGMA busy_timeout = 1").fetchone()
        assert not vault.checkpoint()
    vault.close()


def test_the_guard_is_on_the_writing_connection_and_the_readers(place):
    vault = place.unlock()
    with pytest.raises(DatabaseError, match="not authorized"), vault.change() as session:
        session.execute(text("DROP TABLE parameter"))
    with pytest.raises(DatabaseError, match="not authorized"), vault.job_reader() as session:
        session.execute(text("PRAGMA writable_schema = ON"))
    vault.close()


def test_a_finding_leaves_its_event_like_any_other(place):
    """The events of the vault name the slot, never a person."""
    event = vault_event("x", "v", place.held().slot, place.clock(), "why")
    assert isinstance(event, AuditEvent)
    assert (event.roles, event.entity, event.entity_id, event.reason) == ((), "vault", "v", "why")
    with suppress(KeyError):
        del place.anchors.kept["none"]
