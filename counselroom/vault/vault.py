"""Unlocking a vault: look at everything first, decide, and only then write.

Order matters for what a crash leaves behind. The generation is raised before the state says open, and the anchor is
saved after both, so that a vault never stands behind its own witnesses without somebody having put it there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from filelock import BaseFileLock
from sqlcipher3 import dbapi2

from counselroom.model.base import moment_text
from counselroom.vault.admission import ACCEPTED, Banner, Finding, ReadOnlyReason, assess, latest_epoch
from counselroom.vault.audit import AuditLog, read_head
from counselroom.vault.engine import BEGIN_TO_READ, BEGIN_TO_WRITE, NotSaved, disk_faults, engine_over
from counselroom.vault.exclusive import VaultInUse, hold
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import FILE_NAMES, SlotFile
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.keys.unlocking import Credential, Passphrase, Sheet, Unlocked, unlock
from counselroom.vault.meta import vault_event, write_fact
from counselroom.vault.opened import KeysChanged, Now, Vault, VaultReadOnly, state_of
from counselroom.vault.opening import (
    DATABASE_NAME,
    WAL_SUFFIX,
    Mode,
    beside,
    foreign,
    keep_index,
    open_database,
    wal_holds_data,
)
from counselroom.vault.rotation_recovery import (
    Settled,
    audit_root,
    checkpoint,
    is_decided,
    open_with_either,
    settle,
    settled_with,
)
from counselroom.vault.schema import SCHEMA_VERSION, migrate_if_due, read_version
from counselroom.vault.state import (
    Anchor,
    AnchorStore,
    AnchorUnavailable,
    StateUnreadable,
    VaultState,
    read_state,
    write_state,
)

__all__ = [
    "Anchor",
    "AnchorStore",
    "AnchorUnavailable",
    "Banner",
    "Credential",
    "KeysChanged",
    "NotSaved",
    "Passphrase",
    "ReadOnlyReason",
    "Sheet",
    "Vault",
    "VaultInUse",
    "VaultReadOnly",
    "open_vault",
    "unlock_vault",
]

OPENED: Final = "vault_opened"
"""Action of the audit row of an unlocking."""
CLOCK_BACK: Final = "clock_back"
"""Action of the audit row that says the clock was set back."""


def unlock_vault(
    folder: Path, credential: Credential, *, anchors: AnchorStore, now: Now, accept_reason: str | None = None
) -> Vault:
    """Open a vault with a passphrase or a recovery sheet. Takes 0.1 to 1 s for each slot tried.

    Args:
        folder: the vault's folder.
        credential: what was typed.
        anchors: where the anchors are kept.
        now: the clock, aware.
        accept_reason: the director's reason to write to a vault in spite of a finding; without a finding not used.

    Raises:
        VaultInUse: another process has it open.
        WrongSecret, RecoveryCodeError, MachineSecretMissing, KeysMissing, KeysDamaged, KeysForged, KeysTooNew,
        KdfRefused: see `unlock`.
        DatabaseRefused, EngineUnfit: see `open_database`.
        NotSaved: the disk is full or fails.
    """
    SlotFile.copies(folder)  # in a folder without a vault not even a lock file is made
    lock = hold(folder)
    try:
        unlocked = unlock(folder, credential)
    except BaseException:
        lock.release()
        raise
    vault = open_vault(folder, unlocked, anchors=anchors, now=now, accept_reason=accept_reason, lock=lock)
    if isinstance(credential, Passphrase) and vault.slot.kind is SlotKind.BOUND:
        vault.machine_secret = credential.machine_secret
    return vault


def open_vault(
    folder: Path,
    unlocked: Unlocked,
    *,
    anchors: AnchorStore,
    now: Now,
    accept_reason: str | None = None,
    lock: BaseFileLock | None = None,
) -> Vault:
    """Open a vault whose root key is at hand already, as after the locked window derived it.

    Args:
        folder: the vault's folder.
        unlocked: from `unlock`; its keys are wiped when opening fails.
        anchors: where the anchors are kept.
        now: the clock, aware.
        accept_reason: see `unlock_vault`.
        lock: from `hold`, when the caller took it before.

    Raises:
        KeysChanged: the slot file was changed since `unlocked` was made; unlock again.
        VaultInUse, DatabaseRefused, EngineUnfit, NotSaved, WrongSecret: see `unlock_vault`.
    """
    lock = lock or hold(folder)
    try:
        with disk_faults():
            _require_same_keys(folder, unlocked)
            return _Opening(folder, unlocked, anchors, now, lock).run(accept_reason)
    except BaseException:
        unlocked.forget()
        lock.release()
        raise


def _require_same_keys(folder: Path, unlocked: Unlocked) -> None:
    if unlocked.file not in SlotFile.copies(folder):
        raise KeysChanged


class _Opening:
    """The steps from a root key to a Vault. Up to the decision in `run` not a byte of the vault is changed."""

    def __init__(self, folder: Path, unlocked: Unlocked, anchors: AnchorStore, now: Now, lock: BaseFileLock) -> None:
        self._folder = folder
        self._unlocked = unlocked
        self._anchors = anchors
        self._now = now
        self._lock = lock
        self._path = folder / DATABASE_NAME
        self._banners: list[Banner] = []

    def run(self, accept_reason: str | None) -> Vault:
        """Look, decide, open."""
        mode: Mode = "ro" if wal_holds_data(self._path) else "immutable"
        put_index_back = keep_index(self._path) if mode == "ro" else None
        connection, database_root = open_with_either(self._folder, self._unlocked, mode)
        try:
            finding = self._look(connection, database_root)
            if finding.reason is not None and not accept_reason:
                slot = self._unlocked.next_slot if is_decided(self._unlocked, finding.epoch) else self._unlocked.slot
                settled = settled_with(database_root, slot, self._unlocked.file)
                audit = AuditLog(database_root.audit_key(), finding.epoch, finding.generation)
                return self._vault(settled, audit, connection, mode, finding.reason, put_index_back=put_index_back)
        except BaseException:
            connection.close()
            if put_index_back is not None:
                put_index_back()
            raise
        connection.close()
        return self._admit(self._settled(finding), finding, accept_reason)

    def _look(self, connection: dbapi2.Connection, database_root: RootKey) -> Finding:
        """Hear the witnesses. `connection` can only read."""
        if read_version(connection) > SCHEMA_VERSION:
            migrate_if_due(connection, self._path, database_root.database_key())  # refuses with its sentence
        state = self._state()
        anchor = self._anchor()
        engine = engine_over(connection, BEGIN_TO_READ)
        with engine.connect() as reader:
            finding = assess(
                reader,
                audit_root(self._unlocked, latest_epoch(reader)),
                state=state,
                wal_exists=beside(self._path, WAL_SUFFIX).exists(),
                anchor=anchor,
                now=self._now(),
            )
        if finding.vault_id != self._unlocked.file.vault_id:
            raise foreign()
        self._banners.extend(finding.banners)
        return finding

    def _state(self) -> VaultState | None:
        """Return the state file's content under whichever root sealed it."""
        for root in (self._unlocked.root, self._unlocked.next_root):
            if root is not None:
                with suppress(StateUnreadable):
                    return read_state(self._folder, root)
        return None

    def _anchor(self) -> Anchor | None:
        try:
            anchor = self._anchors.load(self._unlocked.file.vault_id)
        except AnchorUnavailable:
            self._banners.append(Banner.ANCHOR_UNAVAILABLE)
            return None
        if anchor is None:
            self._banners.append(Banner.ANCHOR_NEW)
        return anchor

    def _settled(self, finding: Finding) -> Settled:
        """End a rotation that a crash cut short."""
        if self._unlocked.file.pending is None:
            return settled_with(self._unlocked.root, self._unlocked.slot, self._unlocked.file)
        # A finding that was just accepted must show again when we die before its audit row is written.
        left = state_of(finding.vault_id, finding.generation, finding.head, is_open=finding.reason is not None)
        return settle(self._folder, self._unlocked, finding.epoch, left)

    def _admit(self, settled: Settled, finding: Finding, accept_reason: str | None) -> Vault:
        """Open for writing, raise the generation, tell the witnesses."""
        now = self._now()
        key = settled.root.database_key()
        audit = AuditLog(settled.root.audit_key(), finding.epoch, finding.generation + 1)
        was_cut_short = wal_holds_data(self._path)
        connection = open_database(self._path, key, mode="rw")
        try:
            if was_cut_short:
                # A power cut during a checkpoint tears pages of the main file, which the log still has whole. They
                # must be written again before anything checks or copies that file.
                checkpoint(connection)
            migrate_if_due(connection, self._path, key)
            engine = engine_over(connection, BEGIN_TO_WRITE)
            with engine.begin() as writer:
                write_fact(writer, "generation", str(audit.generation))
                write_fact(writer, "max_seen_utc", moment_text(max(now, finding.max_seen)))
                rows = [(OPENED, "")]
                if finding.reason is not None:
                    rows.insert(0, (ACCEPTED, f"{finding.reason}: {accept_reason}"))
                if Banner.CLOCK_BACK in finding.banners:
                    rows.append((CLOCK_BACK, ""))
                for action, reason in rows:
                    audit.append(writer, vault_event(action, finding.vault_id, settled.slot, now, reason))
                head = read_head(writer)
            vault = self._vault(settled, audit, connection, "rw", None)
        except BaseException:
            connection.close()
            raise
        try:
            write_state(self._folder, state_of(finding.vault_id, audit.generation, head, is_open=True), settled.root)
            self._heal(settled)
            self._tell_anchor(Anchor(audit.generation, head.audit_seq, head.audit_hash))
        except BaseException:
            # Not just the connection: closing it would take the log away from a vault marked open.
            with suppress(NotSaved):
                vault.close()
            raise
        vault.banners = tuple(self._banners)
        return vault

    def _heal(self, settled: Settled) -> None:
        """Write both copies of the slot file anew when one is missing, damaged or older."""
        copies = SlotFile.copies(self._folder)
        if len(copies) < len(FILE_NAMES) or any(copy != settled.file for copy in copies):
            settled.file.write(self._folder, settled.root)

    def _tell_anchor(self, anchor: Anchor) -> None:
        if Banner.ANCHOR_UNAVAILABLE in self._banners:
            return
        try:
            self._anchors.save(self._unlocked.file.vault_id, anchor)
        except AnchorUnavailable:
            self._banners.append(Banner.ANCHOR_UNAVAILABLE)

    def _vault(
        self,
        settled: Settled,
        audit: AuditLog,
        connection: dbapi2.Connection,
        mode: Mode,
        read_only: ReadOnlyReason | None,
        *,
        put_index_back: Callable[[], None] | None = None,
    ) -> Vault:
        return Vault(
            self._folder,
            settled,
            audit,
            connection,
            mode=mode,
            read_only=read_only,
            banners=tuple(self._banners),
            anchors=self._anchors,
            lock=self._lock,
            now=self._now,
            put_index_back=put_index_back,
        )
