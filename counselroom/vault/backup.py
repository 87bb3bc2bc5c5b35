"""Writing a backup: check, image, copy, read back, verify, rename (architecture §5).

The image is built beside the vault, encrypted with the backup's own key, and then copied to the medium in one go: a
stick sees no database traffic, and a stick that is pulled out leaves at most a `.part` file. The name a user trusts
appears only after every byte was read back from the medium and both integrity checks found nothing, and goes away
again when the file can't be opened under it.

Nothing is proved twice, and what only reads runs beside what writes, each on a processor of its own. Every page of the
vault is proved by its HMAC while the image is made. The structure of the image, which holds the vault's pages as they
are, is that of the vault; it is checked once, on the disk, while the image is copied. What was read back from the
medium is the same to the last byte, by its SHA-256, and each of its pages is proved by its HMAC once more.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.vault import trailer as trailers
from counselroom.vault.image import copy_database, summarise
from counselroom.vault.integrity import Integrity, alongside, check_pages, check_structure
from counselroom.vault.keys.durable import PART, flushing, sync_folder
from counselroom.vault.keys.root import SALT_SIZE
from counselroom.vault.opened import Vault
from counselroom.vault.opening import open_database
from counselroom.vault.progress import Cancel, Progress, Step, never, silent, stop_if
from counselroom.vault.trailer import Header, ImageDigest, Trailer
from counselroom.vault.verification import read_trailer, require_counted, require_genuine

SUFFIX = ".crbackup"
"""End of the name of a backup file."""
BUILDING = "backup.building"
"""Name of the image while it is built beside the vault; one left by a crash is removed by the next backup."""
_FLUSH = 16 * trailers.CHUNK  # bytes between two orders to the medium to write; what it still owes at the end is short
_MARGIN = 1024 * 1024  # bytes beyond the file itself: folder entries, clusters
_NAME = re.compile(r"[^\x00-\x1f<>:\"/\\|?*.][^\x00-\x1f<>:\"/\\|?*]{0,59}\Z")


class NoSheet(UserError):
    """No recovery sheet is valid, so that nobody could open the backup on another computer."""


class VaultDamaged(UserError):
    """The vault itself fails an integrity check, so that no backup is made of it."""


class BackupFolderMissing(UserError):
    """The folder for the backup is not there."""


class NoSpaceForBackup(UserError):
    """Not enough room, on the medium or beside the vault."""


class BackupTooLarge(UserError):
    """The file would be larger than the medium's file system allows."""


class MediumFailed(UserError):
    """The medium could not be written to or read back."""


@dataclass(frozen=True)
class BackupReceipt:
    """A backup that was written, read back and verified.

    Attributes:
        path: the file.
        header: what it says about itself.
        size: bytes of the file.
        sha256: SHA-256 of the file's bytes up to the trailer's own digest, 64 hex digits; a page prints it.
    """

    path: Path
    header: Header
    size: int
    sha256: str


def write_backup(
    vault: Vault,
    folder: Path,
    *,
    name: str,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    progress: Progress = silent,
    cancel: Cancel = never,
    largest_file: int | None = None,
) -> BackupReceipt:
    """Write one backup of an unlocked vault to `folder` and verify it.

    Runs beside the lane that writes: everything is read in one read transaction of a connection of its own.

    Args:
        vault: the unlocked vault.
        folder: where the file goes; it must exist.
        name: the vault's neutral name, the first part of the file's name; names no person.
        now: the present, aware; read once.
        entropy: `secrets.token_bytes`.
        progress: told what is done.
        cancel: stops the work.
        largest_file: bytes a file on that medium may have (`Drive.largest_file`), None without a limit.

    Raises:
        VaultDamaged, NoSheet, BackupFolderMissing, NoSpaceForBackup, BackupTooLarge, MediumFailed, Cancelled: with a
            sentence; older backups are untouched and nothing half done is left.
    """
    if not _NAME.match(name):
        message = "not a name for a file"
        raise Bug(message)
    _require_folder(folder)
    slots = _sheets_of(vault)
    made_at = now().replace(microsecond=0)
    final = _free_name(folder, f"{name}-{made_at:%Y%m%d-%H%M%S}")
    building, part = vault.folder / BUILDING, final.with_name(final.name + PART)
    _remove_leftovers(vault.folder, folder, name)
    salt = entropy(SALT_SIZE)
    key = vault.root.backup_database_key(salt)
    try:
        with vault.job_reader() as session:
            source = driver_connection(session)
            progress(Step.CHECK, 0, 1)
            _require_space(source, vault.folder, folder, largest_file)
            with _unreadable_source():
                summary = summarise(source)
            progress(Step.CHECK, 1, 1)
            stop_if(cancel)
            _make_image(vault, source, building, key, progress, cancel)

        def seal(image: ImageDigest) -> bytes:
            header = Header(
                vault_id=summary.vault_id,
                generation=summary.generation,
                audit_seq=summary.audit_seq,
                audit_hash=summary.audit_hash,
                rows=summary.rows,
                image_bytes=image.size,
                image_sha256=image.hex(),
                created_at=made_at,
                salt=salt.hex(),
                root_fingerprint=vault.root.fingerprint(),
                recovery_slots=slots,
            )
            return trailers.seal(image, header, vault.root.backup_mac_key(salt))

        size = building.stat().st_size

        def structure_of_image(stop: Cancel) -> Integrity:
            return check_structure(lambda: open_database(building, key, mode="immutable"), stop)

        with alongside(structure_of_image, cancel) as structure:
            with _medium_faults(size):
                written = _copy(building, part, seal, progress, cancel)
                trailer = _read_back(part, written, progress, cancel)
            stop_if(cancel)
            progress(Step.VERIFY, 0, 2)
            pages = check_pages(lambda: open_database(part, key, mode="immutable"), pages=size // trailers.PAGE)
            stop_if(cancel)
        _require_sound(structure.result())
        if not pages.ok:
            raise _medium_failed()
        progress(Step.VERIFY, 1, 2)
        stop_if(cancel)
        with _medium_faults(size):
            part.rename(final)
            sync_folder(folder)
    finally:
        building.unlink(missing_ok=True)
        _remove_from_medium(part)
    try:
        require_genuine(read_trailer(final), vault.root)
        require_counted(final, trailer, vault.root)
        progress(Step.VERIFY, 2, 2)
    except BaseException:
        _remove_from_medium(final)  # only a file that was opened and counted keeps the name that is trusted
        raise
    return BackupReceipt(final, trailer.header, final.stat().st_size, trailer.digest.hex())


def driver_connection(session: Session) -> dbapi2.Connection:
    """Return the driver's connection below a session; SQLAlchemy has no backup interface."""
    return session.connection().connection.driver_connection


def _make_image(
    vault: Vault, source: dbapi2.Connection, building: Path, key: str, progress: Progress, cancel: Cancel
) -> None:
    """Copy what `source` sees to `building` under `key`, and prove every page of the vault meanwhile.

    Raises:
        VaultDamaged: a page is not what was written.
        NoSpaceForBackup: the disk is full or fails.
        Cancelled: stopped.
    """
    with alongside(lambda _stop: check_pages(vault.open_reader), cancel) as proof:
        fault = None
        try:
            copy_database(source, building, key, _stepper(progress, cancel))
        except (OSError, dbapi2.Error) as met:
            fault = met
    found = proof.result()
    if not found.ok:
        # A page that the writer is replacing at that very moment can look bad once; only what is found twice counts.
        _require_sound(check_pages(vault.open_reader))
    if isinstance(fault, OSError | dbapi2.OperationalError):
        raise _not_prepared()
    if fault is not None:
        raise _vault_damaged(1)


def _require_sound(found: Integrity) -> None:
    if not found.ok:
        raise _vault_damaged(max(1, len(found.bad_pages) + found.faults))


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise BackupFolderMissing(
            _("The folder for the backup is not there."),
            _("The vault is not affected."),
            _("Please plug in the stick, or choose another folder."),
        )


def _sheets_of(vault: Vault) -> tuple[dict[str, Any], ...]:
    """Return the recovery slots of the vault, taken only from a slot file that its own root key sealed."""
    slots = vault.slots().sheets()
    if not slots:
        raise NoSheet(
            _("The vault has no valid recovery sheet, so nobody could open this backup on another computer."),
            _("No backup was made; the vault is not affected."),
            _("Please make a new recovery sheet first."),
        )
    return tuple(slot.to_json() for slot in slots)


def _free_name(folder: Path, stem: str) -> Path:
    """Return a name that no file has; two backups within a second get a number."""
    final, number = folder / f"{stem}{SUFFIX}", 1
    while final.exists():
        number += 1
        final = folder / f"{stem}-{number}{SUFFIX}"
    return final


def _remove_leftovers(vault_folder: Path, folder: Path, name: str) -> None:
    """Remove what a killed backup of this vault left behind."""
    (vault_folder / BUILDING).unlink(missing_ok=True)
    for path in folder.iterdir():
        if path.name.startswith(f"{name}-") and path.name.endswith(SUFFIX + PART):
            _remove_from_medium(path)


def _remove_from_medium(path: Path) -> None:
    with suppress(OSError):  # a stick that was pulled out or is full of faults: there is nothing more to do
        path.unlink(missing_ok=True)


def _require_space(source: dbapi2.Connection, vault_folder: Path, folder: Path, largest_file: int | None) -> None:
    (pages,) = source.execute("PRAGMA page_count").fetchone()
    size = pages * trailers.PAGE + trailers.HEADER_LIMIT + trailers.PAGE
    if largest_file is not None and size > largest_file:
        raise _too_large()
    together = vault_folder.stat().st_dev == folder.stat().st_dev
    needed = size + _MARGIN
    if shutil.disk_usage(folder).free < needed * (1 + together):
        raise _no_space(needed * (1 + together))
    if shutil.disk_usage(vault_folder).free < needed:
        raise _not_prepared()


def _stepper(progress: Progress, cancel: Cancel) -> Callable[[int, int], None]:
    def step(done: int, whole: int) -> None:
        stop_if(cancel)
        progress(Step.IMAGE, done, whole)

    return step


def _copy(
    building: Path, part: Path, seal: Callable[[ImageDigest], bytes], progress: Progress, cancel: Cancel
) -> bytes:
    """Copy the image to the medium, append the trailer, make both durable and return the trailer's bytes."""
    image, size = ImageDigest(), building.stat().st_size
    with building.open("rb") as source, part.open("xb") as target, flushing(target) as flush:
        for chunk in trailers.pieces(source, size):
            stop_if(cancel)
            image.update(chunk)
            target.write(chunk)
            if image.size % _FLUSH == 0:
                flush()
            progress(Step.COPY, image.size, size)
        trailer = seal(image)
        target.write(trailer)
    return trailer


def _read_back(part: Path, written: bytes, progress: Progress, cancel: Cancel) -> Trailer:
    """Read every byte from the medium and compare: the image by its hash, the trailer as it is."""

    def step(done: int) -> None:
        stop_if(cancel)
        progress(Step.READ_BACK, done, trailer.header.image_bytes)

    with part.open("rb") as stream:
        trailer = trailers.read(stream)
        trailers.compare_digests(stream, trailer, step)
        stream.seek(-len(written), os.SEEK_END)
        if stream.read() != written:
            raise trailers.TrailerDamaged("other")
    return trailer


@contextmanager
def _unreadable_source() -> Iterator[None]:
    """Tell that the vault could not be read."""
    try:
        yield
    except dbapi2.Error:
        raise _vault_damaged(1) from None


@contextmanager
def _medium_faults(size: int) -> Iterator[None]:
    """Tell what went wrong on the medium, for an image of `size` bytes."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_space(size) from None
        if fault.errno == errno.EFBIG:
            raise _too_large() from None
        raise _medium_failed() from None
    except (trailers.TrailerMissing, trailers.TrailerDamaged):
        raise _medium_failed() from None


def _vault_damaged(count: int) -> VaultDamaged:
    return VaultDamaged(
        _("The vault's file is damaged: {count} of its pages or entries are not as they were written.").format(
            count=count
        ),
        _("No backup was made, and the older backups are untouched."),
        _("Please don't go on working. Restore the newest good backup, and keep the damaged vault for help."),
    )


def _too_large() -> BackupTooLarge:
    return BackupTooLarge(
        _("The backup would be larger than a file on this stick can be."),
        _("No backup was made; what is on the stick is unchanged."),
        _("Please use a stick formatted with exFAT, which takes larger files."),
    )


def _no_space(needed: int) -> NoSpaceForBackup:
    return NoSpaceForBackup(
        _("There is not enough room for the backup: it needs {size} MB.").format(size=-(-needed // 1_000_000)),
        _("No backup was made; the older ones are unchanged."),
        _("Please free some room or use another stick."),
    )


def _not_prepared() -> NoSpaceForBackup:
    return NoSpaceForBackup(
        _("The backup could not be prepared on this computer's disk, which may be full."),
        _("No backup was made; the vault and the older backups are unchanged."),
        _("Please free some room and try again."),
    )


def _medium_failed() -> MediumFailed:
    return MediumFailed(
        _("The backup could not be written to this place, or read back from it as it was written."),
        _("No backup was made; the vault is not affected."),
        _("Please try again with another stick; this one may be failing."),
    )
