"""The audit log as the director reads it: filtered, verified, and taken out for an inspection (R-15)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.people import Account, Person
from counselroom.model.safekeeping import AuditRow
from counselroom.printing.workbook import workbook
from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.audit_words import action_word, entity_word
from counselroom.services.desk import Desk
from counselroom.services.through import Through, here
from counselroom.vault.audit import audit_keys, verify_chain

MOST = 20_000
"""Rows of one extract."""


@dataclass(frozen=True)
class AuditFilter:
    """Which rows; None and empty mean all.

    Attributes:
        first, last: days, both included, in the zone of the clock.
        actor_id: who did it.
        action: what was done.
        last_seq: number of the last row, so that a paper says what was looked at; 0 for all.
    """

    first: date | None = None
    last: date | None = None
    actor_id: str = ""
    action: str = ""
    last_seq: int = 0


@dataclass(frozen=True)
class AuditLine:
    """A row in words; it holds no content, and neither does this.

    Attributes:
        seq: its number.
        at: when.
        who: the name of the account, or how the program calls itself.
        action: what was done, in words.
        subject: on what kind of record, in words.
        subject_id: the record's id.
        reason: why, where it was asked for.
    """

    seq: int
    at: datetime
    who: str
    action: str
    subject: str
    subject_id: str
    reason: str


@dataclass(frozen=True)
class AuditPage:
    """A part of an extract.

    Attributes:
        lines: the newest first.
        total: rows that fit the filter.
    """

    lines: tuple[AuditLine, ...]
    total: int


@dataclass(frozen=True)
class AuditChoices:
    """What can be filtered by: accounts and actions that occur, each with its words."""

    people: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AuditSound:
    """What verifying the chain found.

    Attributes:
        rows: rows that are proved.
        bad_seq: number of the first that is not, or None.
    """

    rows: int
    bad_seq: int | None


def audit_lines(actor: Actor, desk: Desk, wanted: AuditFilter, *, offset: int = 0, limit: int = 200) -> AuditPage:
    """Return a part of the audit log, the newest first.

    Raises:
        AccessDenied: the actor does not direct the room.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ_AUDIT, Subject("audit_log"), work)
        zone = work.now.tzinfo
        total = (
            work.session.scalar(select(func.count()).select_from(AuditRow).where(*audit_conditions(wanted, zone))) or 0
        )
        return AuditPage(_lines(work.session, wanted, zone, offset, limit), total)


def audit_choices(actor: Actor, desk: Desk) -> AuditChoices:
    """Return what the audit log can be filtered by.

    Raises:
        AccessDenied: the actor does not direct the room.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ_AUDIT, Subject("audit_log"), work)
        names = audit_names(work.session)
        known = set(work.session.scalars(select(Account.id)))
        actions = work.session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action))
        people = sorted((key, name) for key, name in names.items() if key in known)
        return AuditChoices(tuple(people), tuple((action, action_word(action)) for action in actions))


def verify_audit(actor: Actor, desk: Desk, *, through: Through = here) -> AuditSound:
    """Walk the whole chain over all epochs and say whether every row is as it was written. Takes its time.

    Raises:
        AccessDenied: the actor does not direct the room.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.READ_AUDIT, Subject("audit_log"), work)

    through(begin)
    with desk.vault.job_reader() as session:
        verdict = verify_chain(session, audit_keys(session, desk.vault.root))
    return AuditSound(verdict.rows, None if verdict.ok else verdict.bad_seq)


def export_audit(actor: Actor, desk: Desk, wanted: AuditFilter, *, through: Through = here) -> bytes:
    """Return an extract as an Excel file, which is not encrypted; taking it out is itself a row of the log.

    Raises:
        AccessDenied: the actor does not direct the room.
        UserError: no reason was stated, or the extract has no row or more than `MOST`.
    """
    if not actor.reason.strip():
        raise UserError(
            _("Please say why the extract is taken out."),
            _("Nothing was exported."),
            _("The reason is kept in the audit log."),
        )

    def begin() -> datetime:
        with desk.look() as work:
            access.allow(actor, Action.READ_AUDIT, Subject("audit_log", "export"), work)
            return work.now

    now = through(begin)
    with desk.vault.job_reader() as session:
        lines = _lines(session, wanted, now.tzinfo, 0, MOST + 1)
    if not lines or len(lines) > MOST:
        raise UserError(
            _("The extract has no row, or more than {most}.").format(most=f"{MOST:,}"),
            _("Nothing was exported."),
            _("Please choose other days."),
        )
    heads = (
        pgettext("audit", "Number"),
        pgettext("audit", "Time"),
        pgettext("audit", "Who"),
        pgettext("audit", "What"),
        pgettext("audit", "On"),
        pgettext("audit", "Record"),
        pgettext("audit", "Why"),
    )
    rows = [
        (line.seq, f"{line.at:%Y-%m-%d %H:%M:%S}", line.who, line.action, line.subject, line.subject_id, line.reason)
        for line in reversed(lines)
    ]
    return workbook(pgettext("audit", "Audit extract"), heads, rows, now)


def audit_conditions(wanted: AuditFilter, zone: tzinfo | None) -> list[ColumnElement[bool]]:
    """Return what a row fulfils that fits the filter."""
    found: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        found.append(AuditRow.at >= datetime.combine(wanted.first, time(), zone))
    if wanted.last is not None:
        found.append(AuditRow.at < datetime.combine(wanted.last + timedelta(days=1), time(), zone))
    if wanted.actor_id:
        found.append(AuditRow.actor_id == wanted.actor_id)
    if wanted.action:
        found.append(AuditRow.action == wanted.action)
    if wanted.last_seq:
        found.append(AuditRow.seq <= wanted.last_seq)
    return found


def _lines(
    session: Session, wanted: AuditFilter, zone: tzinfo | None, offset: int, limit: int
) -> tuple[AuditLine, ...]:
    rows = session.execute(
        select(
            AuditRow.seq,
            AuditRow.at,
            AuditRow.actor_id,
            AuditRow.action,
            AuditRow.entity,
            AuditRow.entity_id,
            AuditRow.reason,
        )
        .where(*audit_conditions(wanted, zone))
        .order_by(AuditRow.seq.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    names = audit_names(session)
    return tuple(
        AuditLine(
            row.seq,
            row.at.astimezone(zone),
            names.get(row.actor_id, _("the program")),
            action_word(row.action),
            entity_word(row.entity),
            row.entity_id,
            reason_words(row.reason),
        )
        for row in rows
    )


def reason_words(stored: str) -> str:
    """Return a reason as it was typed; of what the program notes about a backup only the place is one."""
    try:
        noted = json.loads(stored)
    except ValueError:
        return stored
    return str(noted.get("place", "")) if isinstance(noted, dict) else stored


def audit_names(session: Session) -> dict[str, str]:
    """Return names by what may stand as the actor of a row: account id, and slot id where the vault itself wrote it."""
    rows = session.execute(
        select(Account.id, Account.slot_id, Person.name).join(Person, Person.id == Account.person_id)
    ).all()
    return {row.slot_id: row.name for row in rows if row.slot_id} | {row.id: row.name for row in rows}
