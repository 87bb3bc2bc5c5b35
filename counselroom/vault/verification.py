"""Verifying a backup file: without a secret for damage, with one for forgery and for being readable.

Without a secret every byte is read and compared with the SHA-256 in the trailer: that finds a bad stick, a cut copy,
a swapped block. Somebody who forges a file can make such a digest anew, but not the HMAC; with a recovery sheet, or
the unlocked vault, the HMAC is compared and only then the image is opened, in place and unchanged, checked and
counted. Nothing of an unproved file is ever given to the database library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlcipher3 import dbapi2

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault import trailer as trailers
from counselroom.vault.image import Summary, summarise
from counselroom.vault.integrity import check_integrity
from counselroom.vault.keys.argon import KdfRefused
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slots import Slot, SlotUnreadable, WrongSecret
from counselroom.vault.keys.unlocking import Sheet, open_slot
from counselroom.vault.opening import open_database
from counselroom.vault.progress import Cancel, Progress, Step, never, silent, stop_if
from counselroom.vault.trailer import Header, Trailer


class BackupMissing(UserError):
    """There is no such file, or it can't be read."""


class NotABackup(UserError):
    """The file doesn't end like a backup."""


class BackupDamaged(UserError):
    """The bytes are not those that were written."""


class BackupForged(UserError):
    """The file is whole, but nobody who held the root key made it."""


class BackupTooNew(UserError):
    """A newer program wrote it."""


class WrongSheetForBackup(UserError):
    """The sheet is a right one, but not of this backup."""


class BackupOfOtherKey(UserError):
    """The backup belongs to another vault, or to this one before its keys were replaced."""


@dataclass(frozen=True)
class VerifiedBackup:
    """A backup in which nothing wrong was found.

    Attributes:
        path: the file.
        header: what it says about itself; proved only when `genuine`.
        genuine: the HMAC matched, the image was opened, checked and counted. False after a check without a secret.
    """

    path: Path
    header: Header
    genuine: bool


def verify_backup(
    path: Path,
    *,
    root: RootKey | None = None,
    sheet: str | None = None,
    progress: Progress = silent,
    cancel: Cancel = never,
) -> VerifiedBackup:
    """Read a whole backup and raise what is wrong with it.

    Args:
        path: the file.
        root: the root key of the unlocked vault, for the proof that the file is genuine; or
        sheet: the digits of a recovery sheet, for the same without a vault.
        progress: told about the bytes read, then the checks.
        cancel: stops the work.

    Raises:
        BackupMissing, NotABackup, BackupDamaged, BackupTooNew: found without a secret.
        BackupForged, WrongSheetForBackup, BackupOfOtherKey, RecoveryCodeError: found with one.
        Cancelled: stopped.
    """
    trailer = _whole(path, progress, cancel)
    if sheet is not None:
        with_sheet = root_from_sheet(trailer.header, sheet)
        try:
            prove(path, trailer, with_sheet, progress, cancel)
        finally:
            with_sheet.wipe()
    elif root is not None:
        prove(path, trailer, root, progress, cancel)
    return VerifiedBackup(path, trailer.header, genuine=sheet is not None or root is not None)


def read_trailer(path: Path) -> Trailer:
    """Return the trailer of a backup, its structure checked, its digests not. Reads at most 68 KiB.

    Raises:
        BackupMissing, NotABackup, BackupDamaged, BackupTooNew: see `verify_backup`.
    """
    return _reading(path, trailers.read)


def root_from_sheet(header: Header, digits: str) -> RootKey:
    """Return the root key that a recovery sheet opens in a backup's slots. Raises as `slot_from_sheet`."""
    return slot_from_sheet(header, digits)[1]


def slot_from_sheet(header: Header, digits: str) -> tuple[Slot, RootKey]:
    """Return the slot of a backup that a recovery sheet opens, and the root key in it.

    Raises:
        RecoveryCodeError: the digits are of no sheet.
        WrongSheetForBackup: they open none of this backup's slots.
        BackupForged: the slots are not what this program writes.
    """
    try:
        slots = tuple(Slot.from_json(values) for values in header.recovery_slots)
        return open_slot(slots, Sheet(digits))
    except WrongSecret:
        raise WrongSheetForBackup(
            _("This recovery sheet doesn't open this backup."),
            _("The backup file was not changed."),
            _("Please use the sheet that was valid when the backup was made; its mark is {mark}.").format(
                mark=header.root_fingerprint
            ),
        ) from None
    except (SlotUnreadable, KdfRefused):
        raise _forged() from None


def prove(path: Path, trailer: Trailer, root: RootKey, progress: Progress, cancel: Cancel) -> None:
    """Prove with the root key that an undamaged backup is genuine, then open, check and count its image.

    Raises:
        BackupOfOtherKey: it was made under another root key.
        BackupForged: the HMAC is wrong, or the image is not what the header says.
        BackupDamaged: the image is genuine and yet broken: the vault was broken when it was made.
        Cancelled: stopped.
    """
    require_genuine(trailer, root)
    header = trailer.header
    pages = header.image_bytes // trailers.PAGE
    progress(Step.VERIFY, 0, 2)
    found = check_integrity(lambda: open_image(path, header, root), cancel, pages=pages)
    if not found.ok:
        raise damaged()
    progress(Step.VERIFY, 1, 2)
    require_counted(path, trailer, root)
    progress(Step.VERIFY, 2, 2)


def require_counted(path: Path, trailer: Trailer, root: RootKey) -> None:
    """Open the image in place, count it and refuse one that is not what the header says. Raises BackupForged."""
    header = trailer.header
    if summary_of(path, header, root) != Summary(
        header.vault_id, header.generation, header.audit_seq, header.audit_hash, header.rows
    ):
        raise _forged()


def require_genuine(trailer: Trailer, root: RootKey) -> None:
    """Refuse a header that was not written with `root`.

    Raises:
        BackupOfOtherKey: it names another root key.
        BackupForged: it names this one, and the HMAC is not of it.
    """
    if trailer.header.root_fingerprint != root.fingerprint():
        raise BackupOfOtherKey(
            _("This backup was not made with the present keys of this vault."),
            _("The backup file was not changed."),
            _("If it is older than the last change of keys, check it with the recovery sheet of that time."),
        )
    if not trailer.is_genuine(root.backup_mac_key(bytes.fromhex(trailer.header.salt))):
        raise _forged()


def open_image(path: Path, header: Header, root: RootKey) -> dbapi2.Connection:
    """Open the image inside a backup file in place; nothing is written, not even a journal."""
    return open_database(path, root.backup_database_key(bytes.fromhex(header.salt)), mode="immutable")


def summary_of(path: Path, header: Header, root: RootKey) -> Summary:
    """Count the image inside a backup. Raises BackupForged when it is not of a vault at all."""
    connection = open_image(path, header, root)
    try:
        return summarise(connection)
    except (dbapi2.Error, KeyError, ValueError):
        raise _forged() from None
    finally:
        connection.close()


def _whole(path: Path, progress: Progress, cancel: Cancel) -> Trailer:
    """Read every byte and compare the digests."""

    def compare(stream: BinaryIO) -> Trailer:
        trailer = trailers.read(stream)

        def step(done: int) -> None:
            stop_if(cancel)
            progress(Step.READ_BACK, done, trailer.header.image_bytes)

        trailers.compare_digests(stream, trailer, step)
        return trailer

    return _reading(path, compare)


def _reading(path: Path, read: Callable[[BinaryIO], Trailer]) -> Trailer:
    try:
        with path.open("rb") as stream:
            return read(stream)
    except trailers.TrailerMissing:
        raise NotABackup(
            _("This file is not a complete backup: the mark at its end is missing."),
            _("The file was not changed."),
            _("It may have been cut off while copying. Please take another backup."),
        ) from None
    except trailers.TrailerTooNew:
        raise BackupTooNew(
            _("This backup was made by a newer version of the program."),
            _("The backup file was not changed."),
            _("Please install the newer version."),
        ) from None
    except trailers.TrailerDamaged:
        raise damaged() from None
    except OSError:
        raise BackupMissing(
            _("The backup file can't be read."),
            "",
            _("Please check that the stick is plugged in and the file is there."),
        ) from None


def damaged() -> BackupDamaged:
    """Return the sentence about a file whose bytes are not those that were written."""
    return BackupDamaged(
        _("This backup is damaged: its content is not what was written."),
        _("The file was not changed, and the vault is not affected."),
        _("Please don't rely on it. Take another backup, and replace the stick if it happens again."),
    )


def _forged() -> BackupForged:
    return BackupForged(
        _("This backup was changed by somebody who doesn't hold the keys."),
        _("Nothing of it was taken over."),
        _("Please keep it apart, tell the director, and use another backup."),
    )
