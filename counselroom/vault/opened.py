"""The opened vault: one writing connection, readers for jobs, and the order in which it is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from filelock import BaseFileLock
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.vault.admission import Banner, ReadOnlyReason
from counselroom.vault.audit import AuditHead, AuditLog, read_head
from counselroom.vault.engine import BEGIN_TO_READ, BEGIN_TO_WRITE, damage, disk_faults, engine_over, for_reading
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.meta import see_moment, vault_event
from counselroom.vault.opening import (
    CIPHER_PROFILE,
    DATABASE_NAME,
    WAL_SUFFIX,
    Mode,
    beside,
    guard,
    open_database,
)
from counselroom.vault.rotation_recovery import Settled, checkpoint, rekey
from counselroom.vault.state import Anchor, AnchorStore, AnchorUnavailable, VaultState, write_state

CLOSED: Final = "vault_closed"
"""Action of the last audit row of an unlocking."""

PATIENCE: Final = 2.0
"""Seconds that closing waits for jobs which read."""

_JOB_CACHE: Final = 2048  # KiB; with that of the other connection, 16 MiB more would be held for one long job
TURN: Final = 30.0
"""Seconds that one thread waits for another to be done with the writing connection; longer is a fault of ours."""

Now = Callable[[], datetime]


class VaultReadOnly(UserError):
    """A change was asked of a vault that was opened read-only.

    Attributes:
        reason: why it is read-only.
    """

    def __init__(self, reason: ReadOnlyReason) -> None:
        self.reason = reason
        super().__init__(
            reason.sentence(),
            _("The vault was opened for reading only; not a byte of it was changed."),
            _("The director can accept this with a reason; otherwise put the newest vault back or restore a backup."),
        )


class KeysChanged(UserError):
    """The slot file is not the one this process knows."""

    def __init__(self) -> None:
        super().__init__(
            _("The key file was changed while the vault was being opened or used."),
            _("Nothing was changed."),
            _("Please lock and unlock again."),
        )


class Vault:
    """An unlocked vault. Made by `unlock_vault`, `open_vault` and `create_vault` only.

    `change` and `reading` share the one writing connection and belong to one thread at a time; `job_reader` opens a
    connection of its own.

    Attributes:
        folder: the vault's folder.
        vault_id: 32 hex digits.
        generation: counts the unlockings; part of every printed number's series.
        root: the root key; wiped by `close`.
        slot: the slot that opened the vault, as it is now.
        machine_secret: the secret of this computer's keychain, when that slot is bound to it.
        read_only: why it may only be read, or None.
        banners: what to tell the user, none of it hindering.
        audit: writes audit rows of this generation.
        now: the clock, aware.
    """

    def __init__(
        self,
        folder: Path,
        settled: Settled,
        audit: AuditLog,
        connection: dbapi2.Connection,
        *,
        mode: Mode,
        read_only: ReadOnlyReason | None,
        banners: tuple[Banner, ...],
        anchors: AnchorStore,
        lock: BaseFileLock,
        now: Now,
        put_index_back: Callable[[], None] | None = None,
    ) -> None:
        self.folder = folder
        self.vault_id = settled.file.vault_id
        self.generation = audit.generation
        self.root = settled.root
        self.slot = settled.slot
        self.machine_secret: bytes | None = None
        self.read_only = read_only
        self.banners = banners
        self.audit = audit
        self.now = now
        self._anchors = anchors
        self._lock = lock
        self._mode = mode
        self._put_index_back = put_index_back
        self._busy = threading.Lock()
        self._user: int | None = None  # the thread that uses the writing connection
        self._is_closed = False
        self._readers: list[dbapi2.Connection] = []
        self._readers_change = threading.Condition()
        self._closer_waits = False
        self._connection = connection
        self._engine = engine_over(connection, BEGIN_TO_WRITE)

    @property
    def database_file(self) -> Path:
        """The encrypted database."""
        return self.folder / DATABASE_NAME

    @contextmanager
    def change(self) -> Iterator[Session]:
        """Give a session whose writing transaction is committed at the end, or rolled back when anything is raised.

        Raises:
            VaultReadOnly: the vault was opened read-only.
            NotSaved: the disk is full or fails; nothing of the change may be taken for saved.
            Bug: used inside another `change` or `reading`, kept waiting by another thread for `TURN` seconds, or
                after `close`.
        """
        if self.read_only is not None:
            raise VaultReadOnly(self.read_only)
        with disk_faults(), self._alone(), Session(self._engine, expire_on_commit=False) as session, session.begin():
            # Not `session.commit()`: when COMMIT itself fails, that leaves the transaction open on the connection.
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that reads one state of the vault and can write nothing.

        Raises:
            DatabaseDamaged: a page that is needed is not what was written.
            Bug: as `change`.
        """
        with damage(), self._alone(), Session(for_reading(self._engine), expire_on_commit=False) as session:
            self._connection.execute("PRAGMA query_only = ON")
            try:
                yield session
            finally:
                session.rollback()
                if self._mode == "rw":
                    self._connection.execute("PRAGMA query_only = OFF")

    def checkpoint(self) -> bool:
        """Bring the write-ahead log into the main file and empty it; False when a reader is in the way."""
        with disk_faults(), self._alone():
            return checkpoint(self._connection)

    @contextmanager
    def job_reader(self) -> Iterator[Session]:
        """Give a session on a connection of its own that sees one state of the vault for its whole run.

        Raises:
            DatabaseRefused: the file can't be opened a second time, or a page that is needed is damaged.
            Bug: after `close`.
        """
        connection = self.open_reader()
        # A job reads a table once, from its start to its end: what it has read is of no more use.
        connection.execute(f"PRAGMA cache_size = {-_JOB_CACHE}")
        with self._readers_change:
            self._readers.append(connection)
        engine = engine_over(connection, BEGIN_TO_READ)
        try:
            with damage(), Session(engine, expire_on_commit=False) as session:
                # The first read fixes what is seen; without it a backup starts again at every write.
                session.execute(text("SELECT count(*) FROM sqlite_master"))
                yield session
        finally:
            engine.dispose()
            connection.close()
            with self._readers_change:
                self._readers.remove(connection)
                self._readers_change.notify_all()
                is_last = self._is_closed and not self._readers and not self._closer_waits
            if is_last:
                self._finish()

    def open_reader(self) -> dbapi2.Connection:
        """Return a new connection that can only read, without a transaction. The caller closes it."""
        if self._is_closed:
            message = "the vault is closed"
            raise Bug(message)
        return open_database(self.database_file, self.root.database_key(), mode=self._mode, query_only=True)

    def slots(self) -> SlotFile:
        """Return the slot file as it stands on the disk.

        Raises:
            KeysMissing, KeysDamaged: see `SlotFile.copies`.
            KeysChanged: no copy was written under this root key, or a rotation of it failed half-way.
        """
        for copy in SlotFile.copies(self.folder):
            if copy.is_genuine(self.root):
                if copy.pending is not None:
                    break
                return copy
        raise KeysChanged

    def adopt(self, settled: Settled, audit: AuditLog) -> None:
        """Go on under another root key: the second half of a rotation, after its COMMIT.

        Encrypts the database anew and writes the state under the new root. The slot file is the caller's.
        """
        with self._alone(), disk_faults():
            self.audit = audit
            rekey(self._connection, settled.root)
            guard(self._connection)
            write_state(self.folder, self._state(is_open=True), settled.root)
            self.root, self.slot = settled.root, settled.slot

    def close(self) -> None:
        """Bring everything into the main file, note that the vault was closed in order, and forget the key.

        Jobs that read are interrupted and waited for, 2 s at most. Closing twice does nothing. Whatever fails,
        connection and lock are let go.

        Raises:
            NotSaved: the disk is full or fails; what was saved before is safe, the next unlock finds it.
            Bug: a `change` or `reading` is still open.
        """
        if self._is_closed:
            return
        with self._alone():
            self._is_closed = True
        with self._readers_change:
            for reader in self._readers:
                reader.interrupt()
            self._closer_waits = True
            if not self._readers_change.wait_for(lambda: not self._readers, PATIENCE):
                self._closer_waits = False  # whoever reads last closes the vault; till then the lock is kept
                return
        self._finish()

    def _finish(self) -> None:
        """Close, when nobody reads any more."""
        in_order = self.read_only is not None
        before = None
        try:
            if not in_order:
                with disk_faults():
                    before = self._state(is_open=False)
                    in_order = self._leave()
        finally:
            self._engine.dispose()
            self._connection.close()
            if not in_order and before is not None and not beside(self.database_file, WAL_SUFFIX).exists():
                # SQLite finished the log while closing, so that nothing is missing although the last note failed.
                with disk_faults():
                    write_state(self.folder, before, self.root)
            if self._put_index_back is not None:
                self._put_index_back()
            self._lock.release()
            self.root.wipe()

    def _leave(self) -> bool:
        """Write the last row, empty the log, note the state, save the anchor; return whether the log is empty."""
        with self._engine.begin() as connection:
            see_moment(connection, self.now())
            self.audit.append(connection, vault_event(CLOSED, self.vault_id, self.slot, self.now()))
        state = self._state(is_open=False)
        in_order = checkpoint(self._connection)
        if in_order:
            write_state(self.folder, state, self.root)
        with suppress(AnchorUnavailable):
            self._anchors.save(self.vault_id, Anchor(state.generation, state.audit_seq, state.audit_hash))
        return in_order

    def _state(self, *, is_open: bool) -> VaultState:
        with for_reading(self._engine).connect() as connection:
            head = read_head(connection)
        return state_of(self.vault_id, self.generation, head, is_open=is_open)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep the writing connection for one thread: another waits its turn, the same one would wait for ever."""
        me = threading.get_ident()
        if self._user == me or not self._busy.acquire(timeout=TURN):
            message = "the writing connection is in use"
            raise Bug(message)
        try:
            self._user = me
            if self._is_closed:
                message = "the vault is closed"
                raise Bug(message)
            yield
        finally:
            self._user = None
            self._busy.release()


def state_of(vault_id: str, generation: int, head: AuditHead, *, is_open: bool) -> VaultState:
    """Return the state to write for a vault that stands at this generation and audit row."""
    return VaultState(vault_id, is_open, generation, head.audit_seq, head.audit_hash, CIPHER_PROFILE)
