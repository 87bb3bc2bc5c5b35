"""Restoring a backup into a new place, with a recovery sheet alone or with the keys of the vault that is open.

The new vault grows in a folder of its own beside the place it is meant for, and gets its name in one step when it is
finished and was checked; a restore that is killed leaves nothing where a vault is looked for, and never touches an
existing one. It has the same root key, a generation above all that was seen of this vault, and one more audit row that
says so. Restored with a sheet it has the same two sheets, and a new passphrase where one is given; restored with the
keys of the open vault it is opened by whoever can open that one now, so that nobody who was removed since comes back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.vault.admission import RESTORED
from counselroom.vault.audit import AuditHead, AuditLog, read_epoch
from counselroom.vault.engine import BEGIN_TO_WRITE, engine_over
from counselroom.vault.image import copy_database, summarise
from counselroom.vault.integrity import check_integrity
from counselroom.vault.keys.argon import FLOOR, KdfParameters
from counselroom.vault.keys.durable import PART, sync_folder
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import FILE_NAMES, SlotFile
from counselroom.vault.keys.slots import Slot, passphrase_slot
from counselroom.vault.meta import see_moment, vault_event, write_fact
from counselroom.vault.opened import state_of
from counselroom.vault.opening import DATABASE_NAME, open_database
from counselroom.vault.progress import Cancel, Progress, Step, never, silent, stop_if
from counselroom.vault.state import STATE_NAME, AnchorStore, AnchorUnavailable, write_state
from counselroom.vault.trailer import Header
from counselroom.vault.verification import open_image, slot_from_sheet, verify_backup

BRANCH_KEY = "series_branch"
"""Key of `vault_meta`: the generation at which the vault was restored; it stands in every code given out from then."""
_MARGIN = 4 * 1024 * 1024  # bytes beyond the database: slots, state, write-ahead log
_OURS = (DATABASE_NAME, STATE_NAME, *FILE_NAMES)


class PlaceTaken(UserError):
    """There is something where the new vault is to be."""


class RestoreFailed(UserError):
    """The new vault could not be written, or was not what the backup says."""


@dataclass(frozen=True)
class NewLogin:
    """The passphrase that opens the restored vault besides the sheets.

    Attributes:
        login: login name shown on the unlock page; names nobody.
        passphrase: judged by the caller (`require_strong`).
        kdf: parameters of Argon2id (`calibrate`).
    """

    login: str
    passphrase: str
    kdf: KdfParameters = FLOOR

    def __repr__(self) -> str:
        """Return the name of the class; the passphrase is never shown."""
        return "NewLogin"


@dataclass(frozen=True)
class PresentKeys:
    """The keys of the open vault, for a restore over it.

    Attributes:
        root: its root key, which the backup must have too; it is copied and stays as it is.
        slot: the slot that opened it.
        slots: all its slots; those of the restored vault.
        generation: its generation, which the restored one must be above.
    """

    root: RootKey
    slot: Slot
    slots: tuple[Slot, ...]
    generation: int

    def __repr__(self) -> str:
        """Return the name of the class; keys are never shown."""
        return "PresentKeys"


@dataclass(frozen=True)
class Restored:
    """A vault that was restored, checked and closed.

    Attributes:
        folder: the new vault.
        header: what the backup says about itself, proved.
        generation: generation of the new vault, also the branch of its number series.
        audit_seq: number of its audit row `vault_restored`.
        slot_id: id of the slot of the new passphrase, to be given to the account it is for; None without one.
    """

    folder: Path
    header: Header
    generation: int
    audit_seq: int
    slot_id: str | None


def restore_backup(
    backup: Path,
    target: Path,
    *,
    sheet: str | None = None,
    present: PresentKeys | None = None,
    login: NewLogin | None = None,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    anchors: AnchorStore | None,
    progress: Progress = silent,
    cancel: Cancel = never,
) -> Restored:
    """Verify a backup and restore it into `target`, which must not exist or be an empty folder.

    Args:
        backup: the file; read only.
        target: folder of the new vault.
        sheet: digits of a recovery sheet that was valid when the backup was made; or
        present: the keys of the open vault.
        login: the first passphrase of the new vault, None for a vault that only the sheets open.
        now: the present, aware.
        entropy: `secrets.token_bytes`.
        anchors: where this machine keeps anchors, None for none; only read: the new vault's is saved when it is
            first unlocked.
        progress: told what is done.
        cancel: stops the work.

    Raises:
        PlaceTaken, RestoreFailed, Cancelled, and what `verify_backup` raises: nothing is left at `target`.
    """
    _require_free(target)
    known = None if present is None else present.root
    header = verify_backup(backup, root=known, sheet=sheet, progress=progress, cancel=cancel).header
    slot, root = _keys_for(header, sheet, present)
    building = target.with_name(target.name + PART)
    try:
        _clear(building)
        _require_space(building.parent, header.image_bytes)
        building.mkdir(mode=0o700)
        restored = _build(building, backup, header, root, slot, login, present, now, entropy, anchors, progress, cancel)
        stop_if(cancel)
        with suppress(FileNotFoundError):
            target.rmdir()  # an empty folder; Windows doesn't rename over it
        building.rename(target)
        sync_folder(target.parent)
    except (OSError, dbapi2.Error):
        raise _failed() from None
    finally:
        root.wipe()
        with suppress(OSError, PlaceTaken):
            _clear(building)
    return Restored(target, header, *restored)


def next_generation(backup: int, anchored: int, today: datetime) -> int:
    """Return the generation of a restored vault.

    It is above the backup's and above the anchor's. On another machine there is no anchor, and the lost vault may have
    been unlocked many times after the backup, or have been restored before; so it is also at least the day as a number
    (2026-11-22 gives 261122), which no count of unlockings reaches and which reads well in a code.

    Args:
        backup: generation in the backup.
        anchored: generation of the anchor, 0 when there is none.
        today: the present.
    """
    day = (today.year - 2000) * 10_000 + today.month * 100 + today.day
    return max(backup + 1, anchored + 1, day)


def _build(
    folder: Path,
    backup: Path,
    header: Header,
    root: RootKey,
    slot: Slot,
    login: NewLogin | None,
    present: PresentKeys | None,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    anchors: AnchorStore | None,
    progress: Progress,
    cancel: Cancel,
) -> tuple[int, int, str | None]:
    """Write a whole vault into the empty `folder`; return its generation, newest audit row and new slot."""
    database = folder / DATABASE_NAME

    def step(done: int, whole: int) -> None:
        stop_if(cancel)
        progress(Step.RESTORE, done, whole)

    with closing(open_image(backup, header, root)) as image:
        copy_database(image, database, root.database_key(), step)
    at = now()
    seen = max(_anchored_generation(anchors, header.vault_id), 0 if present is None else present.generation)
    generation = next_generation(header.generation, seen, at)
    connection = open_database(database, root.database_key(), mode="rw")
    try:
        _mark_restored(connection, header, root, slot, generation, at)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = summarise(connection)
    finally:
        connection.close()
    sound = check_integrity(lambda: open_database(database, root.database_key(), mode="immutable"), cancel)
    if not sound.ok or (found.vault_id, found.audit_seq) != (header.vault_id, header.audit_seq + 1):
        raise _failed()
    slots = list(present.slots) if present else [Slot.from_json(values) for values in header.recovery_slots]
    if login is not None:
        slots.insert(0, passphrase_slot(root, login.login, login.passphrase, login.kdf, entropy))
    SlotFile(header.vault_id, tuple(slots)).write(folder, root)
    head = AuditHead(found.audit_seq, found.audit_hash)
    write_state(folder, state_of(header.vault_id, generation, head, is_open=False), root)
    with database.open("r+b") as stream:  # Windows syncs only what may be written
        os.fsync(stream.fileno())
    sync_folder(folder)
    return generation, found.audit_seq, slots[0].slot_id if login is not None else None


def _keys_for(header: Header, sheet: str | None, present: PresentKeys | None) -> tuple[Slot, RootKey]:
    """Return the slot that stands in the audit row and a root key of one's own.

    Raises:
        Bug: neither a sheet nor keys, or both.
    """
    if (sheet is None) == (present is None):
        message = "a restore needs a sheet or the keys of the open vault"
        raise Bug(message)
    if sheet is not None:
        return slot_from_sheet(header, sheet)
    assert present is not None  # noqa: S101 - just asked
    return present.slot, RootKey(present.root.material())


def _mark_restored(
    connection: dbapi2.Connection, header: Header, root: RootKey, slot: Slot, generation: int, at: datetime
) -> None:
    """Raise the generation, begin a new branch of the number series, and write the audit row, in one transaction."""
    with engine_over(connection, BEGIN_TO_WRITE).begin() as session:
        for key in ("generation", BRANCH_KEY):
            write_fact(session, key, str(generation))
        see_moment(session, at)
        reason = f"backup {header.created_at.isoformat()} generation {header.generation}"
        audit = AuditLog(root.audit_key(), read_epoch(session), generation)
        audit.append(session, vault_event(RESTORED, header.vault_id, slot, at, reason))


def _anchored_generation(anchors: AnchorStore | None, vault_id: str) -> int:
    try:
        anchor = anchors.load(vault_id) if anchors is not None else None
    except AnchorUnavailable:
        return 0
    return anchor.generation if anchor is not None else 0


def _require_free(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or not target.parent.is_dir():
        raise PlaceTaken(
            _("A vault can only be restored into a new or empty folder."),
            _("Nothing was changed."),
            _("Please choose another folder; its parent folder must exist."),
        )


def _require_space(folder: Path, image_bytes: int) -> None:
    needed = image_bytes + _MARGIN
    if shutil.disk_usage(folder).free < needed:
        raise RestoreFailed(
            _("There is not enough room to restore this backup: it needs {size} MB.").format(
                size=-(-needed // 1_000_000)
            ),
            _("The backup and every existing vault are unchanged."),
            _("Please free some room or choose another disk."),
        )


def _clear(building: Path) -> None:
    """Remove an unfinished restore; a folder of that name that holds anything else is left alone."""
    if not building.exists():
        return
    if any(not path.name.startswith(_OURS) for path in building.iterdir()):
        raise PlaceTaken(
            _("A folder with the name for the unfinished vault holds other files."),
            _("Nothing was changed."),
            _("Please choose another folder for the new vault."),
        )
    shutil.rmtree(building)


def _failed() -> RestoreFailed:
    return RestoreFailed(
        _("The vault could not be restored to this place."),
        _("The backup and every existing vault are unchanged."),
        _("Please check the disk and its free room, and try again."),
    )
