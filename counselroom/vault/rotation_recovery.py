"""Ending a root key rotation that a crash cut short, so that the vault opens with exactly one key.

The point of no return is the COMMIT that seals the audit epoch. Once the new epoch stands in the database the
rotation is carried through; before that it is as if it had never begun. Either root leads to the other while the slot
file has its pending section, so whichever key the database has is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlcipher3 import dbapi2

from counselroom.errors import Bug
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import Slot, WrongSecret
from counselroom.vault.keys.unlocking import Unlocked
from counselroom.vault.opening import DATABASE_NAME, DatabaseUnreadable, Mode, open_database
from counselroom.vault.state import VaultState, write_state


@dataclass(frozen=True)
class Settled:
    """A vault with one root key.

    Attributes:
        root: the root key.
        slot: the slot that opened it.
        file: the slot file as it stands.
    """

    root: RootKey
    slot: Slot
    file: SlotFile


def open_with_either(folder: Path, unlocked: Unlocked, mode: Mode) -> tuple[dbapi2.Connection, RootKey]:
    """Open the database with the root key it has, and return both.

    Raises:
        DatabaseRefused: see `open_database`; neither key opens it.
    """
    path = folder / DATABASE_NAME
    try:
        return open_database(path, unlocked.root.database_key(), mode=mode), unlocked.root
    except DatabaseUnreadable:
        if unlocked.next_root is None:
            raise
    return open_database(path, unlocked.next_root.database_key(), mode=mode), unlocked.next_root


def is_decided(unlocked: Unlocked, epoch: int) -> bool:
    """Return whether the pending rotation passed its point of no return: its audit epoch is in the database."""
    return unlocked.file.pending is not None and epoch >= unlocked.file.pending.epoch


def audit_root(unlocked: Unlocked, epoch: int) -> RootKey:
    """Return the root key of the audit epoch that is not sealed."""
    if is_decided(unlocked, epoch) and unlocked.next_root is not None:
        return unlocked.next_root
    return unlocked.root


def settle(folder: Path, unlocked: Unlocked, epoch: int, closed: VaultState) -> Settled:
    """Carry the pending rotation through or take it back. The caller holds the lock and has no connection open.

    Args:
        folder: the vault's folder.
        unlocked: what the credential opened.
        epoch: the audit epoch of the database that is not sealed.
        closed: the state to leave, closed, with the audit head of the database.

    Raises:
        WrongSecret: what was typed opens none of the slots that stay; the rotation is settled nevertheless.
        OSError, DatabaseRefused: nothing is lost; the next unlock goes on.
    """
    pending = unlocked.file.pending
    if pending is None or unlocked.next_root is None:
        message = "no rotation is pending"
        raise Bug(message)
    if not is_decided(unlocked, epoch):
        file = replace(unlocked.file, pending=None).write(folder, unlocked.root)
        unlocked.next_root.wipe()
        return settled_with(unlocked.root, unlocked.slot, file)
    connection, current = open_with_either(folder, unlocked, "rw")
    try:
        if current is unlocked.root:
            rekey(connection, unlocked.next_root)
        else:
            checkpoint(connection)
        write_state(folder, closed, unlocked.next_root)
    finally:
        connection.close()
    file = SlotFile(unlocked.file.vault_id, pending.slots).write(folder, unlocked.next_root)
    unlocked.root.wipe()
    return settled_with(unlocked.next_root, unlocked.next_slot, file)


def rekey(connection: dbapi2.Connection, root: RootKey) -> None:
    """Encrypt the database anew under `root`, and bring all of it into the main file.

    One transaction of SQLite: after a crash the database opens with the old key or the new one.
    """
    connection.set_authorizer(None)
    connection.execute(f"PRAGMA rekey = \"x'{root.database_key()}'\"")
    checkpoint(connection)


def checkpoint(connection: dbapi2.Connection) -> bool:
    """Bring the write-ahead log into the database and cut it to nothing; return whether that succeeded."""
    (busy, _in_log, _done) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy == 0)


def settled_with(root: RootKey, slot: Slot | None, file: SlotFile) -> Settled:
    """Return the settled vault. Raises WrongSecret when what was typed opens no slot of it."""
    if slot is None:
        raise WrongSecret
    return Settled(root, slot, file)
