"""The backups in a folder: listing them by their own headers, and deleting what the retention rule lets go."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from counselroom.errors import UserError
from counselroom.rules.backup_retention import KeepPolicy, PrunePlan, StoredBackup, plan_pruning
from counselroom.vault.backup import SUFFIX, BackupReceipt
from counselroom.vault.keys.durable import sync_folder
from counselroom.vault.keys.root import RootKey
from counselroom.vault.trailer import Header
from counselroom.vault.verification import read_trailer, require_genuine


@dataclass(frozen=True)
class FoundBackup:
    """A file in a folder of backups.

    Attributes:
        path: the file.
        header: what it says about itself, or None when its trailer can't be read.
        fault: why it is not proved to be this vault's, or None when it is.
    """

    path: Path
    header: Header | None
    fault: UserError | None


def list_backups(folder: Path, root: RootKey) -> tuple[FoundBackup, ...]:
    """Return the backup files of a folder, newest first by generation and time, unreadable ones last.

    Reads only the trailers (at most 68 KiB each) and proves them by their HMAC; `verify_backup` reads the rest.
    """
    found = [_look_at(path, root) for path in sorted(folder.iterdir()) if path.name.endswith(SUFFIX)]
    return tuple(
        sorted(
            found,
            key=lambda backup: (
                (1, backup.header.generation, backup.header.created_at.timestamp()) if backup.header else (0, 0, 0.0)
            ),
            reverse=True,
        )
    )


def prune_backups(
    folder: Path,
    *,
    root: RootKey,
    newest: BackupReceipt,
    policy: KeepPolicy,
    now: datetime,
    clock_went_back: bool,
) -> PrunePlan:
    """Delete what the policy lets go of the vault whose backup `newest` was just written and verified.

    Args:
        folder: where the backups are.
        root: root key of the unlocked vault; only files it proves can be deleted.
        newest: receipt of the backup just made.
        policy: how many periods are kept.
        now: the present, aware.
        clock_went_back: the vault saw the clock set back.

    Returns:
        The plan; its `delete` names what was really deleted. What could not be comes up again next time.
    """
    plan = plan_pruning(
        [_stored(backup, newest) for backup in list_backups(folder, root) if backup.header],
        policy,
        vault_id=newest.header.vault_id,
        now=now,
        clock_went_back=clock_went_back,
    )
    deleted = []
    with suppress(OSError):  # a medium that became read-only, or was pulled out
        for name in plan.delete:
            (folder / name).unlink(missing_ok=True)
            deleted.append(name)
        sync_folder(folder)
    return replace(plan, delete=tuple(deleted))


def _look_at(path: Path, root: RootKey) -> FoundBackup:
    try:
        trailer = read_trailer(path)
    except UserError as fault:
        return FoundBackup(path, None, fault)
    try:
        require_genuine(trailer, root)
    except UserError as fault:
        return FoundBackup(path, trailer.header, fault)
    return FoundBackup(path, trailer.header, None)


def _stored(backup: FoundBackup, newest: BackupReceipt) -> StoredBackup:
    header = backup.header
    assert header is not None  # noqa: S101 - the caller left the unreadable ones out
    return StoredBackup(
        name=backup.path.name,
        vault_id=header.vault_id,
        generation=header.generation,
        created_at=header.created_at,
        genuine=backup.fault is None,
        verified=backup.path.name == newest.path.name and header == newest.header,
    )
