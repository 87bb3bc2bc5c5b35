"""The log of backups: what was written, verified, deleted and drilled, as the audit log tells it (SYS-48).

Nothing else is kept about a backup, so that the log cannot say more than what was written down when it happened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from counselroom.model.safekeeping import AuditRow
from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.desk import Desk, Work

ENTITY = "backup"
VERIFIED = "backup_verified"
"""Action of the audit row of a backup that was written and verified."""
PROVED = "backup_proved"
"""Action of the audit row of a backup that was verified again later."""
REFUSED = "backup_refused"
"""Action of the audit row of a backup in which something wrong was found."""
PRUNED = "backup_pruned"
"""Action of the audit row of an old backup that was deleted by the school's rule."""
DRILLED = "backup_drilled"
"""Action of the audit row of a restore drill that succeeded."""


class BackupState(StrEnum):
    """What is known about a backup file."""

    PROVED = "proved"
    """The newest look at it found every byte as it was written."""
    DAMAGED = "damaged"
    """The newest look at it found something wrong."""
    PRUNED = "pruned"
    """It was deleted because newer ones are kept."""


@dataclass(frozen=True)
class BackupLine:
    """A backup in the log.

    Attributes:
        name: its file.
        made_at: when it was written.
        place: name of the stick or folder; empty where the log does not say.
        size: bytes; None where the log does not say.
        looked_at: when it was verified last.
        state: what that found.
        drilled_at: when it was last restored for a drill, or None.
    """

    name: str
    made_at: datetime
    place: str
    size: int | None
    looked_at: datetime
    state: BackupState
    drilled_at: datetime | None = None


@dataclass(frozen=True)
class Drill:
    """A restore drill that succeeded: when, from which file, and how many records came back."""

    at: datetime
    file_name: str
    records: int


@dataclass(frozen=True)
class BackupLog:
    """All that is known about the backups of this vault.

    Attributes:
        lines: the newest first.
        last_drill: the newest drill, or None.
    """

    lines: tuple[BackupLine, ...]
    last_drill: Drill | None

    def last_usable(self) -> BackupLine | None:
        """Return the newest backup that is there and proved, or None."""
        return next((line for line in self.lines if line.state is BackupState.PROVED), None)


def backup_log(actor: Actor, desk: Desk) -> BackupLog:
    """Return the log of backups."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject(ENTITY), work)
        return log_of(work)


def log_of(work: Work) -> BackupLog:
    """Return the log of backups within an allowed piece of work."""
    rows = work.session.execute(
        select(AuditRow.seq, AuditRow.at, AuditRow.action, AuditRow.entity_id, AuditRow.reason).where(
            AuditRow.entity == ENTITY
        )
    )
    return _told((row.at, row.action, row.entity_id, row.reason) for row in sorted(rows, key=lambda row: row.seq))


def facts(**values: str | int) -> str:
    """Return what stands as reason in an audit row about a backup, as JSON."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _told(rows: Iterable[tuple[datetime, str, str, str]]) -> BackupLog:
    lines: dict[str, BackupLine] = {}
    drill = None
    for at, action, name, reason in rows:
        said = _said(reason)
        if action == VERIFIED:
            size = said.get("bytes")
            place = str(said.get("place", ""))
            lines[name] = BackupLine(name, at, place, size if isinstance(size, int) else None, at, BackupState.PROVED)
        elif action == DRILLED:
            records = said.get("records")
            drill = Drill(at, name, records if isinstance(records, int) else 0)
            if name in lines:
                lines[name] = replace(lines[name], drilled_at=at, looked_at=at, state=BackupState.PROVED)
        elif name in lines and action in (PROVED, REFUSED):
            state = BackupState.PROVED if action == PROVED else BackupState.DAMAGED
            lines[name] = replace(lines[name], looked_at=at, state=state)
        elif name in lines and action == PRUNED:
            lines[name] = replace(lines[name], state=BackupState.PRUNED)
    return BackupLog(tuple(sorted(lines.values(), key=lambda line: line.made_at, reverse=True)), drill)


def _said(reason: str) -> dict[str, Any]:
    try:
        values = json.loads(reason)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
