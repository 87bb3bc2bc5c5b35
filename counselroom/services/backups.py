"""Backups as the room makes them: written, verified, logged, old ones pruned (SYS-48)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import select

from counselroom.model.safekeeping import AuditRow
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.backup_retention import KeepPolicy
from counselroom.services import access, parameter_values
from counselroom.services.changes import Done
from counselroom.services.desk import Desk
from counselroom.vault.admission import Banner
from counselroom.vault.backup import write_backup
from counselroom.vault.backup_folder import prune_backups
from counselroom.vault.progress import Cancel, Progress, never, silent
from counselroom.vault.verification import verify_backup

T = TypeVar("T")

FILE_NAME = "counselroom"
"""Begins the name of every backup: says nothing about the school or a person."""
VERIFIED = "backup_verified"
"""Action of the audit row of a backup that was written and verified."""


class Through(Protocol):
    """How a short piece of work gets at the writing connection: a job hands it to the change lane."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Do the work, wait for its result and return it."""
        ...


def _here(work: Callable[[], T], /) -> T:
    """Do the work here and now."""
    return work()


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that was read back and verified: when, and the name of its file."""

    made_at: datetime
    file_name: str


@dataclass(frozen=True)
class BackupMade:
    """A backup that was written, read back and verified.

    Attributes:
        path: the file.
        size: its bytes.
        sha256: digest that a page can print.
        made_at: when, aware.
        pruned: names of older backups of this vault that were deleted by the school's rule.
    """

    path: Path
    size: int
    sha256: str
    made_at: datetime
    pruned: tuple[str, ...]


@dataclass(frozen=True)
class BackupVerified:
    """A backup in which nothing wrong was found; `genuine` when a secret proved that it is this vault's."""

    path: Path
    made_at: datetime
    rows: int
    genuine: bool


def make_backup(
    actor: Actor,
    desk: Desk,
    folder: Path,
    *,
    entropy: Callable[[int], bytes],
    largest_file: int | None = None,
    progress: Progress = silent,
    cancel: Cancel = never,
    through: Through = _here,
) -> Done[BackupMade]:
    """Write a verified backup to `folder` and prune older ones by the school's rule.

    Args:
        actor: who does it.
        desk: the open vault.
        folder: a folder that exists, usually on a stick.
        entropy: `secrets.token_bytes`.
        largest_file: bytes the medium's file system takes in one file, or None.
        progress: told what is done.
        cancel: stops the work; nothing half done is left.
        through: how the two short changes at begin and end are done.

    Raises:
        AccessDenied: the actor may not.
        UserError: what `write_backup` raises; the older backups are untouched.
    """

    def begin() -> KeepPolicy:
        with desk.change() as work:
            access.allow(actor, Action.BACK_UP, Subject("backup"), work)
            return KeepPolicy(
                daily=parameter_values.number(work, "backup_keep_daily"),
                weekly=parameter_values.number(work, "backup_keep_weekly"),
                monthly=parameter_values.number(work, "backup_keep_monthly"),
                yearly=parameter_values.number(work, "backup_keep_yearly"),
            )

    policy = through(begin)
    receipt = write_backup(
        desk.vault,
        folder,
        name=FILE_NAME,
        now=desk.clock.now,
        entropy=entropy,
        progress=progress,
        cancel=cancel,
        largest_file=largest_file,
    )
    plan = prune_backups(
        folder,
        root=desk.vault.root,
        newest=receipt,
        policy=policy,
        now=desk.clock.now(),
        clock_went_back=Banner.CLOCK_BACK in desk.vault.banners,
    )

    def note() -> Done[BackupMade]:
        with desk.change() as work:
            work.audit(actor, VERIFIED, "backup", receipt.path.name, digest=receipt.sha256)
            work.changed("backup", receipt.path.name)
            made = BackupMade(receipt.path, receipt.size, receipt.sha256, receipt.header.created_at, plan.delete)
            return Done(made, work.changes())

    return through(note)


def last_backup(actor: Actor, desk: Desk) -> LastBackup | None:
    """Return the newest backup that was verified when it was made, or None before the first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("backup"), work)
        row = work.session.execute(
            select(AuditRow.at, AuditRow.entity_id)
            .where(AuditRow.action == VERIFIED, AuditRow.entity == "backup")
            .order_by(AuditRow.seq.desc())
            .limit(1)
        ).first()
        return None if row is None else LastBackup(*row)


def prove_backup(
    actor: Actor, desk: Desk, path: Path, *, progress: Progress = silent, cancel: Cancel = never
) -> BackupVerified:
    """Verify a backup of this vault with its key: every byte, the proof of origin, both integrity checks.

    Raises:
        AccessDenied: the actor may not.
        UserError: what `verify_backup` finds.
    """
    with desk.look() as work:
        access.allow(actor, Action.CHECK, Subject("backup", path.name), work)
    found = verify_backup(path, root=desk.vault.root, progress=progress, cancel=cancel)
    return BackupVerified(found.path, found.header.created_at, found.header.rows, found.genuine)
