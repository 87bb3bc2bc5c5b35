"""The 经过记录 of a 专案, and whom one tried to reach: both only ever grow (SYS-26, SYS-29, SYS-36)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.crisis_events import (
    ContactAttempt,
    CrisisEvent,
    CrisisLog,
    CrisisReport,
    GuardianNotice,
)
from counselroom.model.people import Account, Person
from counselroom.rules.access import Action, Actor
from counselroom.rules.crisis_words import (
    ContactMode,
    ContactOutcome,
    ContactPurpose,
    ContactRole,
    LogKind,
    StepState,
)
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.guard_rows import periods_of
from counselroom.services.rows import guardians_of


@dataclass(frozen=True)
class LogLine:
    """One line, the newest first in a list.

    Attributes:
        at: when it happened.
        kind: note, observation, step, contact, guard, paper or state.
        text: what is told: the words, the title of an item with its note, whom one tried to reach.
        word: a word of its kind, such as the outcome of a contact; empty for a note.
        by: who wrote or did it.
        id: of the row it comes from.
    """

    at: datetime
    kind: LogKind
    text: str
    word: str
    by: str
    id: str


@dataclass(frozen=True)
class ContactData:
    """One attempt to reach somebody."""

    role: ContactRole
    name: str
    outcome: ContactOutcome
    purpose: ContactPurpose = ContactPurpose.NOTIFY
    mode: ContactMode = ContactMode.PHONE
    phone: str | None = None
    said: str | None = None
    person_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class ContactLine:
    """Whom one reaches or tried to reach, with the last attempt.

    Attributes:
        role: what that person is.
        name: who.
        phone: the number to call.
        person_id: the person, where the vault knows one.
        position: in which order guardians are called; 0 for others.
        last_at: when one tried last, or None.
        last_outcome: what came of it.
        attempts: how often one tried.
    """

    role: ContactRole
    name: str
    phone: str
    person_id: str | None
    position: int
    last_at: datetime | None
    last_outcome: ContactOutcome | None
    attempts: int


def add_line(actor: Actor, desk: Desk, event_id: str, said: str) -> Done[None]:
    """Add a line to the 经过记录; it is never changed, only followed by another.

    Raises:
        UserError: it is empty, or the 专案 is closed.
    """
    if not said.strip():
        raise UserError(_("A line needs its words."), _("Nothing was changed."))
    with desk.change() as work:
        event = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        crisis_rows.log(work, actor, event, LogKind.NOTE, said.strip())
        work.session.flush()
        crisis_rows.index(work, event)
        return Done(None, work.changes())


def list_lines(actor: Actor, desk: Desk, event_id: str) -> tuple[LogLine, ...]:
    """Return what happened in a 专案, the newest first: notes, items done, contacts, guard, papers."""
    with desk.look() as work:
        event = crisis_rows.load_event(work, event_id)
        access.allow(actor, Action.READ, crisis_rows.event_subject(work, event, actor), work)
        return lines_of(work, event)


def lines_of(work: Work, event: CrisisEvent) -> tuple[LogLine, ...]:
    """Return what happened in a 专案 within a piece of work, the newest first."""
    found = [*_notes(work, event), *_steps(work, event), *_contacts(work, event)]
    found += [*_guard(work, event), *_papers(work, event)]
    return tuple(sorted(found, key=lambda line: (line.at, line.id), reverse=True))


def attempt_contact(actor: Actor, desk: Desk, event_id: str, data: ContactData) -> Done[None]:
    """Write down one attempt to reach somebody, reached or not.

    Raises:
        UserError: nobody is named, it lies in the future, or the 专案 is closed.
    """
    if not data.name.strip():
        raise UserError(_("Please say whom you tried to reach."), _("Nothing was changed."))
    with desk.change() as work:
        event = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        at = data.at or work.now
        if at > work.now:
            raise UserError(_("An attempt cannot lie in the future."), _("Nothing was changed."))
        row = ContactAttempt(
            **work.common(actor, Secrecy.S2, event.found_at.date()),
            event_id=event_id,
            at=at,
            role=data.role,
            person_id=data.person_id,
            name=data.name.strip(),
            phone=data.phone,
            purpose=data.purpose,
            mode=data.mode,
            outcome=data.outcome,
            said=(data.said or "").strip() or None,
        )
        work.session.add(row)
        work.changed("contact_attempt", row.id)
        work.changed("crisis_event", event_id)
        return Done(None, work.changes())


def list_contacts(actor: Actor, desk: Desk, event_id: str) -> tuple[ContactLine, ...]:
    """Return the guardians in the order in which they are called, then everybody else one tried to reach."""
    with desk.look() as work:
        event = crisis_rows.load_event(work, event_id)
        access.allow(actor, Action.READ, crisis_rows.event_subject(work, event, actor), work)
        return contacts_of(work, event)


def contacts_of(work: Work, event: CrisisEvent) -> tuple[ContactLine, ...]:
    """Return whom one reaches or tried to reach within a piece of work; see `list_contacts`.

    Whom the room called in earlier 专案, as a leader or a hospital, is offered again with the number.
    """
    query = select(ContactAttempt).where(ContactAttempt.event_id == event.id, ContactAttempt.voided_at.is_(None))
    tried: dict[tuple[ContactRole, str], list[ContactAttempt]] = {}
    for row in work.session.scalars(query.order_by(ContactAttempt.at)):
        tried.setdefault((row.role, row.name), []).append(row)
    found = []
    for guardian in guardians_of(work, event.student_id):
        attempts = tried.pop((ContactRole.GUARDIAN, guardian.name), [])
        phone = guardian.phone or guardian.backup_phone or ""
        found.append(_line(ContactRole.GUARDIAN, guardian.name, phone, guardian.person_id, attempts, guardian.position))
    for (role, name), attempts in tried.items():
        found.append(_line(role, name, attempts[-1].phone or "", attempts[-1].person_id, attempts, 0))
    if event.closed_at is None:
        known = {(line.role, line.name) for line in found}
        found += [line for line in _called_before(work, event) if (line.role, line.name) not in known]
    return tuple(found)


_OFFICES = (
    ContactRole.SCHOOL_LEADER,
    ContactRole.STUDENT_OFFICE,
    ContactRole.SECURITY,
    ContactRole.CLINIC,
    ContactRole.HOSPITAL,
    ContactRole.HOTLINE,
)
"""Whom every 专案 may have to reach, whoever the student is."""
_LOOKED_BACK = 200
"""How many of the newest attempts are looked through for their numbers."""


def _called_before(work: Work, event: CrisisEvent) -> list[ContactLine]:
    rows = work.session.execute(
        select(ContactAttempt.role, ContactAttempt.name, ContactAttempt.phone)
        .join(CrisisEvent, CrisisEvent.id == ContactAttempt.event_id)
        .where(
            CrisisEvent.id != event.id,
            CrisisEvent.restricted.is_(False),
            CrisisEvent.voided_at.is_(None),
            ContactAttempt.voided_at.is_(None),
            ContactAttempt.role.in_(_OFFICES),
            ContactAttempt.phone.is_not(None),
        )
        .order_by(CrisisEvent.found_at.desc(), ContactAttempt.at.desc())
        .limit(_LOOKED_BACK)
    )
    newest: dict[ContactRole, ContactLine] = {}
    for role, name, phone in rows:
        newest.setdefault(role, _line(role, name, phone or "", None, [], 0))
    return [newest[role] for role in _OFFICES if role in newest]


def _line(
    role: ContactRole, name: str, phone: str, person_id: str | None, attempts: list[ContactAttempt], position: int
) -> ContactLine:
    last = attempts[-1] if attempts else None
    return ContactLine(
        role,
        name,
        phone,
        person_id,
        position,
        last.at if last else None,
        last.outcome if last else None,
        len(attempts),
    )


def _notes(work: Work, event: CrisisEvent) -> list[LogLine]:
    names = _accounts(work)
    rows = work.session.scalars(select(CrisisLog).where(CrisisLog.event_id == event.id, CrisisLog.voided_at.is_(None)))
    return [
        LogLine(row.at, row.kind, row.said, "", row.told_by or names.get(row.created_by, ""), row.id) for row in rows
    ]


def _steps(work: Work, event: CrisisEvent) -> list[LogLine]:
    names = _accounts(work)
    return [
        LogLine(
            row.done_at or row.recorded_at or row.updated_at,
            LogKind.STEP,
            "：".join(part for part in (row.title, row.note or row.skip_reason) if part),
            row.state.value,
            row.done_by or names.get(row.recorded_by or "", ""),
            row.id,
        )
        for row in crisis_rows.step_rows(work, event.id)
        if row.state is not StepState.OPEN
    ]


def _contacts(work: Work, event: CrisisEvent) -> list[LogLine]:
    names = _accounts(work)
    rows = work.session.scalars(
        select(ContactAttempt).where(ContactAttempt.event_id == event.id, ContactAttempt.voided_at.is_(None))
    )
    return [
        LogLine(
            row.at,
            LogKind.CONTACT,
            "：".join(part for part in (row.name, row.said) if part),
            row.outcome.value,
            names.get(row.created_by, ""),
            row.id,
        )
        for row in rows
    ]


def _guard(work: Work, event: CrisisEvent) -> list[LogLine]:
    found = []
    for period in periods_of(work, event.id):
        found.append(LogLine(period.starts_at, LogKind.GUARD, period.place or "", "began", "", f"{period.id}/a"))
        if period.ended_at is not None:
            found.append(LogLine(period.ended_at, LogKind.GUARD, period.handed_to or "", "ended", "", f"{period.id}/b"))
    return found


def _papers(work: Work, event: CrisisEvent) -> list[LogLine]:
    names = _accounts(work)
    notices = work.session.scalars(
        select(GuardianNotice).where(GuardianNotice.event_id == event.id, GuardianNotice.issued_at.is_not(None))
    )
    reports = work.session.scalars(
        select(CrisisReport).where(CrisisReport.event_id == event.id, CrisisReport.issued_at.is_not(None))
    )
    found = []
    for form, rows in (("F-46", notices), ("F-56", reports)):
        for row in rows:
            if row.issued_at is not None:
                by = names.get(row.issued_by or "", "")
                found.append(LogLine(row.issued_at, LogKind.PAPER, form, "issued", by, row.id))
    return found


def _accounts(work: Work) -> dict[str, str]:
    """Return the names of the room's staff by account."""
    rows = work.session.execute(select(Account.id, Person.name).join(Person, Person.id == Account.person_id))
    return {row[0]: row[1] for row in rows}
