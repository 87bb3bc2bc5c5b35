"""Rotating the root key: what dies, what lives, and what every interruption leaves."""

from __future__ import annotations

import secrets
import shutil

import pytest
from sqlalchemy import text

from counselroom.errors import Bug
from counselroom.vault import rotation, rotation_recovery
from counselroom.vault.audit import audit_keys, verify_chain
from counselroom.vault.credentials import add_slot
from counselroom.vault.engine import NotSaved
from counselroom.vault.keys import slot_file
from counselroom.vault.keys.argon import FLOOR, KdfParameters
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, Unlocked, unlock
from counselroom.vault.opening import DatabaseUnreadable, open_database
from counselroom.vault.rotation import NobodyLeft, rotate_root_key
from counselroom.vault.rotation_recovery import is_decided, settle
from counselroom.vault.vault import KeysChanged, ReadOnlyReason, VaultReadOnly
from tests.vault.vaults import DOER, LOGIN, PASSPHRASE, Place, require_sound, save_row, saved_rows

SECOND = "longzhou denglong huangdou gangqin"
COMMON = {"doer": DOER, "entropy": secrets.token_bytes}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def opens(place, credential) -> bool:
    try:
        unlock(place.folder, credential).forget()
    except WrongSecret:
        return False
    return True


def test_a_rotation(place):
    vault = place.unlock()
    add_slot(vault, "用户 2", SECOND, kdf=KdfParameters(passes=4), **COMMON)
    save_row(vault, "before")
    old_root, before = RootKey(vault.root.material()), vault.slots()
    sheets = rotate_root_key(vault, {LOGIN: PASSPHRASE, "用户 2": SECOND}, **COMMON)
    assert sheets.dropped == ()
    assert sheets.sheet_a not in repr(sheets)
    assert sheets.sheet_b not in repr(sheets)

    # The vault goes on under the new root.
    assert vault.root.material() != old_root.material()
    assert vault.slot.kind is SlotKind.SHEET_A
    assert vault.slot in vault.slots().slots
    assert saved_rows(vault) == {"before"}
    save_row(vault, "after")
    with vault.job_reader() as session:
        assert session.execute(text("SELECT count(*) FROM parameter")).scalar_one() == 2
    after = vault.slots()
    assert after.pending is None
    assert [(slot.slot_id, slot.login, slot.kdf) for slot in after.slots[:2]] == [
        (slot.slot_id, slot.login, slot.kdf) for slot in before.slots if not slot.kind.is_sheet
    ]
    with vault.reading() as session:
        epochs = session.execute(text("SELECT epoch, wrapped_key IS NULL FROM audit_epoch ORDER BY epoch")).all()
        seal = session.execute(text("SELECT * FROM audit_log WHERE action = 'audit_seal'")).one()
    assert [tuple(epoch) for epoch in epochs] == [(1, 0), (2, 1)]
    assert (seal.actor_id, seal.reason, seal.entity, seal.entity_id) == (
        DOER.account_id,
        "人员变动",
        "vault",
        vault.vault_id,
    )
    require_sound(vault)
    vault.close()

    # Old secrets are dead, the database has one key.
    for digits in (place.sheet_a, place.sheet_b):
        assert not opens(place, Sheet(digits))
    for credential in (
        Sheet(sheets.sheet_a),
        Sheet(sheets.sheet_b),
        Passphrase(PASSPHRASE, LOGIN),
        Passphrase(SECOND, "用户 2"),
    ):
        assert opens(place, credential)
    with pytest.raises(DatabaseUnreadable):
        open_database(place.database, old_root.database_key(), mode="immutable")
    again = place.unlock(sheets.sheet_b)
    assert (again.read_only, again.banners, again.audit.epoch) == (None, (), 2)
    require_sound(again)
    again.close()


def test_logins_without_their_passphrase_lose_their_slot(place):
    vault = place.unlock()
    add_slot(vault, "用户 2", SECOND, kdf=FLOOR, **COMMON)
    sheets = rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    vault.close()
    assert sheets.dropped == ("用户 2",)
    assert not opens(place, Passphrase(SECOND, "用户 2"))
    assert opens(place, Passphrase(PASSPHRASE, LOGIN))


def test_two_rotations_keep_the_whole_history_verifiable(place):
    vault = place.unlock()
    for _number in range(2):
        rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
        save_row(vault, secrets.token_hex(4))
    with vault.reading() as session:
        assert sorted(audit_keys(session, vault.root)) == [1, 2, 3]
        assert verify_chain(session, audit_keys(session, vault.root)).ok
    vault.close()


def test_a_bound_slot_stays_bound(place):
    vault = place.unlock()
    add_slot(vault, "用户 2", SECOND, kdf=FLOOR, machine_secret=b"m" * 32, **COMMON)
    rotate_root_key(vault, {LOGIN: PASSPHRASE, "用户 2": SECOND}, machine_secret=b"m" * 32, **COMMON)
    kinds = [slot.kind for slot in vault.slots().slots]
    assert kinds == [SlotKind.PASSPHRASE, SlotKind.BOUND, SlotKind.SHEET_A, SlotKind.SHEET_B]
    vault.close()
    assert opens(place, Passphrase(SECOND, "用户 2", b"m" * 32))


def test_whoever_opened_with_a_passphrase_keeps_it(place):
    vault = place.reopen(unlock(place.folder, Passphrase(PASSPHRASE)))
    slot_id = vault.slot.slot_id
    add_slot(vault, "用户 2", SECOND, kdf=FLOOR, **COMMON)
    with pytest.raises(NobodyLeft) as caught:
        rotate_root_key(vault, {"用户 2": SECOND}, **COMMON)
    assert caught.value.happened == "这样做之后，这里就没有人能用口令打开资料库了。"
    rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    assert (vault.slot.slot_id, vault.slot.login) == (slot_id, LOGIN)
    vault.close()


def test_what_is_refused_changes_nothing(place):
    vault = place.unlock()
    before = place.content()
    for passphrases, kind in (({}, NobodyLeft), ({LOGIN: "wrong"}, WrongSecret), ({"nobody": PASSPHRASE}, WrongSecret)):
        with pytest.raises(kind):
            rotate_root_key(vault, passphrases, **COMMON)
    assert place.content() == before
    vault.close()


def test_a_read_only_vault_is_not_rotated(place):
    place.unlock().close()
    (place.folder / "vault.state").unlink()
    before = place.content()
    vault = place.unlock()
    with pytest.raises(VaultReadOnly):
        rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    vault.close()
    assert place.content() == before


# Interruptions: the folder is copied at a step, as kill -9 would leave it.


class Killed(BaseException):
    """Stands for kill -9."""


def interrupt(place, monkeypatch, holder, name, *, after=False) -> Place:
    """Rotate, copy the folder when `name` is called, and go on with the copy."""
    vault = place.unlock()
    add_slot(vault, "用户 2", SECOND, kdf=FLOOR, **COMMON)
    save_row(vault, "before")
    copy = place.folder.with_name("as killed")
    anchors = dict(place.anchors.kept)
    real = getattr(holder, name)

    def killing(*arguments, **named):
        if after:
            real(*arguments, **named)
        if not copy.exists():
            shutil.copytree(place.folder, copy)
            raise Killed
        return real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(holder, name, killing)
        with pytest.raises(Killed):
            rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    vault._lock.release()
    vault._engine.dispose()
    vault._connection.close()
    shutil.rmtree(place.folder)
    copy.rename(place.folder)
    place.anchors.kept = anchors
    return place


@pytest.mark.parametrize(
    ("holder", "name", "after", "forward"),
    [
        (rotation, "seal_epoch", False, False),
        (rotation, "seal_epoch", True, False),
        (rotation.Vault, "adopt", False, True),
        (rotation_recovery, "checkpoint", False, True),
        (rotation_recovery, "checkpoint", True, True),
        (rotation.Vault, "adopt", True, True),
        (rotation, "forget_safety_copies", False, True),
    ],
)
def test_after_an_interruption_there_is_exactly_one_key(place, monkeypatch, holder, name, after, forward):
    old_root = place.held().root
    interrupt(place, monkeypatch, holder, name, after=after)
    pending = SlotFile.read(place.folder).pending
    assert (pending is None) is (name == "forget_safety_copies")
    vault = place.reopen(unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)))
    assert vault.read_only is None
    assert (vault.audit.epoch, vault.root.material() != old_root.material()) == (2 if forward else 1, forward)
    assert vault.slots().pending is None
    assert saved_rows(vault) == {"before"}
    require_sound(vault)
    new_key = vault.root.database_key()
    vault.close()
    assert opens(place, Sheet(place.sheet_a)) is not forward
    assert opens(place, Passphrase(SECOND, "用户 2")) is not forward
    assert opens(place, Passphrase(PASSPHRASE, LOGIN))
    open_database(place.database, new_key, mode="immutable").close()
    if forward:
        with pytest.raises(DatabaseUnreadable):
            open_database(place.database, old_root.database_key(), mode="immutable")


@pytest.mark.parametrize("credential", ["sheet", "dropped"])
def test_an_old_secret_ends_a_decided_rotation_and_opens_nothing(place, monkeypatch, credential):
    interrupt(place, monkeypatch, rotation.Vault, "adopt")
    old = Sheet(place.sheet_a) if credential == "sheet" else Passphrase(SECOND, "用户 2")
    with pytest.raises(WrongSecret):
        place.reopen(unlock(place.folder, old))
    assert SlotFile.read(place.folder).pending is None
    assert not opens(place, old)
    vault = place.reopen(unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)))
    assert (vault.read_only, saved_rows(vault)) == (None, {"before"})
    vault.close()


def test_an_old_secret_does_not_even_read_a_suspicious_vault(place, monkeypatch):
    interrupt(place, monkeypatch, rotation.Vault, "adopt")
    (place.folder / "vault.state").unlink()
    before = place.content()
    with pytest.raises(WrongSecret):
        place.unlock()
    assert place.content() == before
    vault = place.reopen(unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)))
    assert vault.read_only is ReadOnlyReason.STATE_LOST
    assert saved_rows(vault) == {"before"}
    vault.close()
    assert place.content() == before


@pytest.mark.parametrize("at", ["seal_epoch", "adopt"])
def test_a_suspicious_vault_is_settled_when_it_is_accepted(place, monkeypatch, at):
    interrupt(place, monkeypatch, rotation if at == "seal_epoch" else rotation.Vault, at)
    (place.folder / "vault.state").unlink()
    from counselroom.vault.vault import open_vault

    vault = open_vault(
        place.folder,
        unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)),
        anchors=place.anchors,
        now=place.clock,
        accept_reason="主任已核实",
    )
    assert (vault.read_only, vault.audit.epoch) == (None, 1 if at == "seal_epoch" else 2)
    require_sound(vault)
    vault.close()


# Disk faults


def test_a_full_disk_before_the_point_of_no_return(place, monkeypatch):
    vault = place.unlock()
    real = slot_file.write_durably

    def failing(path, data):
        if path.name == "vault.keys.2":
            raise OSError(28, "full")
        real(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(slot_file, "write_durably", failing)
        with pytest.raises(NotSaved):
            rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    with pytest.raises(KeysChanged):
        vault.slots()  # the rotation is not over: first lock and unlock
    vault.close()
    again = place.unlock()
    assert (again.read_only, again.audit.epoch, again.slots().pending) == (None, 1, None)
    again.close()


def test_a_commit_that_reported_an_error_but_is_durable_is_carried_on(place, monkeypatch):
    vault = place.unlock()
    real = rotation.Vault.change
    from contextlib import contextmanager

    @contextmanager
    def lying(self):
        with real(self) as session:
            yield session
        raise NotSaved("reported")

    with monkeypatch.context() as patch:
        patch.setattr(rotation.Vault, "change", lying)
        sheets = rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    save_row(vault, "after")
    require_sound(vault)
    vault.close()
    again = place.unlock(sheets.sheet_a)
    assert again.audit.epoch == 2
    again.close()


@pytest.mark.parametrize("step", ["rekey", "write_state"])
def test_a_full_disk_after_it_is_mended_by_the_next_unlock(place, monkeypatch, step):
    from counselroom.vault import opened

    vault = place.unlock()

    def failing(*_arguments):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(opened, step, failing)
        with pytest.raises(NotSaved):
            rotate_root_key(vault, {LOGIN: PASSPHRASE}, **COMMON)
    vault.close()
    again = place.reopen(unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)))
    assert (again.read_only, again.audit.epoch, again.slots().pending) == (None, 2, None)
    require_sound(again)
    again.close()


# Pieces


def test_nothing_is_settled_where_nothing_is_pending(place):
    held = place.held()
    assert not is_decided(held, 5)
    from counselroom.vault.state import read_state

    with pytest.raises(Bug, match="no rotation is pending"):
        settle(place.folder, held, 1, read_state(place.folder, held.root))


def test_a_database_that_fits_neither_root_is_refused(place, monkeypatch):
    interrupt(place, monkeypatch, rotation.Vault, "adopt")
    place.database.write_bytes(secrets.token_bytes(16384))
    (place.folder / "records.db-wal").unlink()
    before = place.content()
    with pytest.raises(DatabaseUnreadable):
        place.reopen(unlock(place.folder, Passphrase(PASSPHRASE, LOGIN)))
    assert place.content() == before


def test_unlocked_without_a_slot_settles_to_nobody(place):
    held = place.held()
    with pytest.raises(WrongSecret):
        place.reopen(Unlocked(held.file, held.root, None))
