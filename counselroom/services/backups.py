"""Backups as the room makes them: written, verified, logged, old ones pruned (SYS-48)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.backup_reminder import Reminder, ReminderDay, remind
from counselroom.rules.backup_retention import KeepPolicy
from counselroom.services import access, parameter_values
from counselroom.services.backup_log import DRILLED, PROVED, PRUNED, REFUSED, VERIFIED, BackupLog, facts, log_of
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import Desk, Work
from counselroom.services.through import Through, here
from counselroom.vault.admission import Banner
from counselroom.vault.backup import MediumFailed, write_backup
from counselroom.vault.backup_folder import prune_backups
from counselroom.vault.comparison import Content
from counselroom.vault.drill import drill_restore
from counselroom.vault.progress import Cancel, Progress, Step, never, silent
from counselroom.vault.restore import PresentKeys
from counselroom.vault.verification import BackupDamaged, BackupForged, NotABackup, verify_backup

FILE_NAME = "counselroom"
"""Begins the name of every backup: says nothing about the school or a person."""

_REMINDER = "backup_reminder_day"


class StickPulledOut(UserError):
    """The medium went away while it was written or read back."""


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that is there and proved: when it was made, and the name of its file."""

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


@dataclass(frozen=True)
class BackupOutlook:
    """Everything the page of backups says.

    Attributes:
        log: the log of backups.
        reminder: when the next one is due.
        drill_due_on: when the next drill is due; None before the first.
        policy: how many backups are kept on a stick.
    """

    log: BackupLog
    reminder: Reminder
    drill_due_on: date | None
    policy: KeepPolicy


@dataclass(frozen=True)
class DrillDone:
    """A restore drill that succeeded.

    Attributes:
        path: the backup.
        made_at: when it was made.
        contents: what came back, by kind of record.
        newest: moment of the newest record.
        audit_ok: the whole audit chain was right.
    """

    path: Path
    made_at: datetime
    contents: tuple[Content, ...]
    newest: datetime | None
    audit_ok: bool

    def records(self) -> int:
        """Return how many records came back."""
        return sum(content.rows for content in self.contents)


def make_backup(
    actor: Actor,
    desk: Desk,
    folder: Path,
    *,
    entropy: Callable[[int], bytes],
    place: str = "",
    largest_file: int | None = None,
    progress: Progress = silent,
    cancel: Cancel = never,
    through: Through = here,
) -> Done[BackupMade]:
    """Write a verified backup to `folder` and prune older ones by the school's rule.

    Args:
        actor: who does it.
        desk: the open vault.
        folder: a folder that exists, usually on a stick.
        entropy: `secrets.token_bytes`.
        place: name of the stick or folder for the log of backups.
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
            return _policy(work)

    policy = through(begin)
    seen = _Seen(progress)
    try:
        receipt = write_backup(
            desk.vault,
            folder,
            name=FILE_NAME,
            now=desk.clock.now,
            entropy=entropy,
            progress=seen,
            cancel=cancel,
            largest_file=largest_file,
        )
    except MediumFailed:
        if seen.step in (Step.COPY, Step.READ_BACK, Step.VERIFY) and not folder.is_dir():
            raise _pulled_out(seen.percent) from None
        raise
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
            told = actor.because(facts(bytes=receipt.size, place=place))
            work.audit(told, VERIFIED, "backup", receipt.path.name, digest=receipt.sha256)
            for name in plan.delete:
                work.audit(actor, PRUNED, "backup", name)
            work.changed("backup", receipt.path.name)
            made = BackupMade(receipt.path, receipt.size, receipt.sha256, receipt.header.created_at, plan.delete)
            return Done(made, work.changes())

    return through(note)


def last_backup(actor: Actor, desk: Desk) -> LastBackup | None:
    """Return the newest backup that is there and proved, or None before the first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("backup"), work)
        line = log_of(work).last_usable()
        return None if line is None else LastBackup(line.made_at, line.name)


def backup_outlook(actor: Actor, desk: Desk) -> BackupOutlook:
    """Return the log of backups with what is due and what is kept."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("backup"), work)
        log = log_of(work)
        last = log.last_usable()
        zone = work.now.tzinfo
        day = ReminderDay(str(parameter_values.in_force(work, parameter_values.definition_of(_REMINDER)).value))
        made_on = None if last is None else last.made_at.astimezone(zone).date()
        due = None
        if log.last_drill is not None:
            every = timedelta(days=parameter_values.number(work, "drill_every_days"))
            due = log.last_drill.at.astimezone(zone).date() + every
        return BackupOutlook(log, remind(made_on, work.now.date(), day), due, _policy(work))


def prove_backup(
    actor: Actor,
    desk: Desk,
    path: Path,
    *,
    progress: Progress = silent,
    cancel: Cancel = never,
    through: Through = here,
) -> Done[BackupVerified]:
    """Verify a backup of this vault with its key: every byte, the proof of origin, both integrity checks.

    What was found is noted in the log of backups, unless the file cannot be read or is of other keys: that says
    nothing about the file.

    Raises:
        AccessDenied: the actor may not.
        UserError: what `verify_backup` finds.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.CHECK, Subject("backup", path.name), work)

    through(begin)
    try:
        found = verify_backup(path, root=desk.vault.root, progress=progress, cancel=cancel)
    except (BackupDamaged, BackupForged, NotABackup):
        through(lambda: _note(actor, desk, REFUSED, path.name))
        raise
    verified = BackupVerified(found.path, found.header.created_at, found.header.rows, found.genuine)
    return Done(verified, through(lambda: _note(actor, desk, PROVED, path.name)))


def drill(
    actor: Actor,
    desk: Desk,
    path: Path,
    scratch: Path,
    *,
    sheet: str | None,
    entropy: Callable[[int], bytes],
    progress: Progress = silent,
    cancel: Cancel = never,
    through: Through = here,
) -> Done[DrillDone]:
    """Restore a backup for practice below `scratch`, count what came back, delete it, and note it in the log.

    Args:
        actor: who does it.
        desk: the open vault.
        path: the backup.
        scratch: a folder of this account's own with room for the vault.
        sheet: the digits typed from the paper, which tries the paper too; None for the keys of the open vault.
        entropy: `secrets.token_bytes`.
        progress: told what is done.
        cancel: stops the work; nothing is left.
        through: how the short changes at begin and end are done.

    Raises:
        AccessDenied: the actor may not.
        UserError: what `drill_restore` raises.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.CHECK, Subject("backup", path.name), work)

    through(begin)
    vault = desk.vault
    present = PresentKeys(vault.root, vault.slot, vault.slots().slots, vault.generation) if sheet is None else None
    report = drill_restore(
        path,
        sheet,
        scratch,
        present=present,
        now=desk.clock.now,
        entropy=entropy,
        progress=progress,
        cancel=cancel,
    )
    done = DrillDone(path, report.header.created_at, report.contents, report.newest, report.audit_ok)
    told = actor.because(facts(records=done.records(), sheet=int(sheet is not None)))
    return Done(done, through(lambda: _note(told, desk, DRILLED, path.name)))


class _Seen:
    """Passes progress on and remembers the last of it."""

    def __init__(self, tell: Progress) -> None:
        self._tell = tell
        self.step: Step | None = None
        self.percent = 0

    def __call__(self, step: Step, done: int, whole: int) -> None:
        self.step = step
        if step is not Step.VERIFY:  # it is counted in checks: what was written and read back says more
            self.percent = 100 * done // whole if whole else 0
        self._tell(step, done, whole)


def _pulled_out(percent: int) -> StickPulledOut:
    return StickPulledOut(
        _("The stick was taken out at {percent} %; this backup cannot be used.").format(percent=percent),
        _("Everything on this computer and the earlier backups are safe."),
        _("Plug the stick in again, then back up again."),
    )


def _policy(work: Work) -> KeepPolicy:
    return KeepPolicy(
        daily=parameter_values.number(work, "backup_keep_daily"),
        weekly=parameter_values.number(work, "backup_keep_weekly"),
        monthly=parameter_values.number(work, "backup_keep_monthly"),
        yearly=parameter_values.number(work, "backup_keep_yearly"),
    )


def _note(actor: Actor, desk: Desk, action: str, name: str) -> ChangeSet:
    with desk.look() as work:
        work.audit(actor, action, "backup", name)
        work.changed("backup", name)
        return work.changes()
