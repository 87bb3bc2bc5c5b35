"""All that the page of a session note shows, read in one piece: the note, the one before, consent, next appointment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import Appointment, CaseFile, Consent, SessionRecord
from counselroom.model.people import Account, Person, Student
from counselroom.model.safekeeping import Draft
from counselroom.model.school import OrgUnit, Room
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import AppointmentState, ConsentKind
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import consent_holds
from counselroom.services import access
from counselroom.services.case_rows import open_case_of
from counselroom.services.desk import Desk, Work
from counselroom.services.note_saving import draft_place
from counselroom.services.parameter_values import number
from counselroom.services.rows import consents_of, load_case, session_subject
from counselroom.services.session_rows import NoteDraft, SessionView, load_session, session_view
from counselroom.services.student_rows import CLASS_WORDS, GRADE

_KEPT = (AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN)


@dataclass(frozen=True)
class NoteWanted:
    """What a note is opened for: one of the four, the first that is there."""

    session: str = ""
    appointment: str = ""
    case: str = ""
    student: str = ""


@dataclass(frozen=True)
class PreviousNote:
    """The session before, as it was signed or left."""

    id: str
    seq: int
    held_on: date
    sections: dict[str, str]
    is_signed: bool


@dataclass(frozen=True)
class NotePage:
    """A note with what surrounds it.

    Attributes:
        session: the note as it is stored; None while it is not begun.
        draft: what is stored, or what a new note begins with.
        seq: its number in the case.
        can_write: whether the reader is its counsellor.
        consent_on: the day of the consent to the service that holds, or None.
        next_at: the next appointment of client and counsellor after this session.
        places: the rooms of the school.
        people: names of those who signed and corrected, by account.
        newer: what was typed after the record was written last, as it was kept in the draft.
    """

    session: SessionView | None
    draft: NoteDraft
    seq: int
    case_id: str
    case_code: str
    restricted: bool
    appointment_id: str
    client_id: str
    client_name: str
    client_no: str | None
    class_name: str | None
    counsellor_name: str
    signed_by: str
    can_write: bool
    consent_on: date | None
    next_at: datetime | None
    places: tuple[str, ...]
    previous: PreviousNote | None
    people: dict[str, str]
    newer: Mapping[str, Any] | None = None


def note_page(actor: Actor, desk: Desk, wanted: NoteWanted) -> NotePage:
    """Return a note, or what a new one begins with; reading a note leaves an audit row.

    For an appointment it is that appointment's note; for a case or a student the note of today that is not signed yet,
    else a new one.

    Raises:
        UserError: there is no such note, appointment, case or student.
        AccessDenied: it is another counsellor's and no reason was stated.
    """
    with desk.look() as work:
        found = _stored(work, actor, wanted)
        if found is not None:
            row, case = found
            access.allow(actor, Action.READ, session_subject(row.id, case), work)
            return _of_session(work, actor, row, case)
        access.allow(actor, Action.WRITE, Subject("session_record", "", Secrecy.S3, actor.person_id), work)
        return _of_new(work, actor, wanted)


def _stored(work: Work, actor: Actor, wanted: NoteWanted) -> tuple[SessionRecord, CaseFile] | None:
    if wanted.session:
        return load_session(work, wanted.session)
    query = select(SessionRecord).where(SessionRecord.voided_at.is_(None))
    if wanted.appointment:
        query = query.where(SessionRecord.appointment_id == wanted.appointment)
    else:
        column = SessionRecord.case_id if wanted.case else SessionRecord.client_id
        query = query.where(
            column == (wanted.case or wanted.student),
            SessionRecord.counsellor_id == actor.person_id,
            SessionRecord.signed_at.is_(None),
            SessionRecord.held_on == work.now.date(),
        )
    row = work.session.scalars(query.order_by(SessionRecord.starts_at.desc()).limit(1)).first()
    return None if row is None else (row, load_case(work, row.case_id))


def _of_session(work: Work, actor: Actor, row: SessionRecord, case: CaseFile) -> NotePage:
    view = session_view(work, row)
    accounts = {row.signed_by, *(amendment.by for amendment in view.amendments)} - {None}
    names = select(Account.id, Person.name).join(Person, Person.id == Account.person_id)
    people = {row[0]: row[1] for row in work.session.execute(names.where(Account.id.in_(accounts)))}
    page = _around(work, case, row.client_id, row.counsellor_id, view.draft, row.seq)
    return replace(
        page,
        session=view,
        appointment_id=row.appointment_id or "",
        signed_by=people.get(row.signed_by or "", ""),
        can_write=case.counsellor_id == actor.person_id,
        people=people,
        newer=None if row.signed_at is not None else _newer(work, actor, row),
    )


def _newer(work: Work, actor: Actor, row: SessionRecord) -> Mapping[str, Any] | None:
    draft = work.session.scalar(
        select(Draft).where(Draft.account_id == actor.account_id, Draft.place == draft_place(row.id))
    )
    return None if draft is None or draft.saved_at <= row.updated_at else dict(draft.state)


def _of_new(work: Work, actor: Actor, wanted: NoteWanted) -> NotePage:
    appointment = _appointment(work, actor, wanted)
    case: CaseFile | None = None
    if wanted.case:
        case = load_case(work, wanted.case)
        client = case.client_id
        access.allow(actor, Action.WRITE, session_subject("", case), work)
    else:
        client = appointment.client_id if appointment else wanted.student
        if work.session.get(Person, client) is None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        case = open_case_of(work, client, actor.person_id)
    seq = 1
    if case is not None:
        last = select(SessionRecord.seq).where(SessionRecord.case_id == case.id).order_by(SessionRecord.seq.desc())
        seq = (work.session.scalars(last.limit(1)).first() or 0) + 1
    page = _around(work, case, client, actor.person_id, _first_draft(work, appointment), seq)
    return replace(page, appointment_id="" if appointment is None else appointment.id)


def _appointment(work: Work, actor: Actor, wanted: NoteWanted) -> Appointment | None:
    """Return the appointment a new note is of: the one named, or the last one of today that has begun."""
    if wanted.appointment:
        row = work.session.get(Appointment, wanted.appointment)
        if row is None or row.voided_at is not None:
            raise UserError(_("There is no such appointment."), _("Nothing was changed."))
        return row
    client = load_case(work, wanted.case).client_id if wanted.case else wanted.student
    begun = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return work.session.scalars(
        select(Appointment)
        .outerjoin(SessionRecord, SessionRecord.appointment_id == Appointment.id)
        .where(
            Appointment.client_id == client,
            Appointment.counsellor_id == actor.person_id,
            Appointment.starts_at >= begun,
            Appointment.starts_at <= work.now + timedelta(minutes=15),
            Appointment.state.in_((*_KEPT, AppointmentState.COMPLETED)),
            Appointment.voided_at.is_(None),
            SessionRecord.id.is_(None),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(1)
    ).first()


def _first_draft(work: Work, appointment: Appointment | None) -> NoteDraft:
    if appointment is not None:
        place = None
        if appointment.room_id is not None:
            place = work.session.scalar(select(Room.name).where(Room.id == appointment.room_id))
        return NoteDraft(appointment.starts_at, appointment.ends_at, {}, appointment.mode, place)
    starts_at = work.now.replace(minute=work.now.minute - work.now.minute % 5, second=0, microsecond=0)
    minutes = number(work, "session_default")
    return NoteDraft(starts_at, starts_at + timedelta(minutes=minutes), {})


def _around(work: Work, case: CaseFile | None, client: str, counsellor: str, draft: NoteDraft, seq: int) -> NotePage:
    other = aliased(Person)
    name, student_no, class_name, counsellor_name = work.session.execute(
        select(Person.name, Student.student_no, CLASS_WORDS, other.name)
        .outerjoin(Student, Student.id == Person.id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .join(other, other.id == counsellor)
        .where(Person.id == client)
    ).one()
    return NotePage(
        session=None,
        draft=draft,
        seq=seq,
        case_id="" if case is None else case.id,
        case_code="" if case is None else case.code,
        restricted=case is not None and case.restricted,
        appointment_id="",
        client_id=client,
        client_name=name,
        client_no=student_no,
        class_name=class_name,
        counsellor_name=counsellor_name,
        signed_by="",
        can_write=True,
        consent_on=_consent_day(work, client, draft.starts_at),
        next_at=_next(work, client, counsellor, draft.ends_at),
        places=tuple(work.session.scalars(select(Room.name).where(Room.active).order_by(Room.name)).all()),
        previous=None if case is None else _previous(work, case.id, seq),
        people={},
    )


def _consent_day(work: Work, client: str, at: datetime) -> date | None:
    if not consent_holds(consents_of(work, client), ConsentKind.SERVICE, at):
        return None
    signed = work.session.scalars(
        select(Consent.signed_at)
        .where(
            Consent.client_id == client,
            Consent.kind == ConsentKind.SERVICE,
            Consent.voided_at.is_(None),
            Consent.withdrawn_at.is_(None) | (Consent.withdrawn_at > at),
        )
        .order_by(Consent.signed_at)
        .limit(1)
    ).first()
    return None if signed is None else signed.astimezone(work.now.tzinfo).date()


def _next(work: Work, client: str, counsellor: str, after: datetime) -> datetime | None:
    return work.session.scalars(
        select(Appointment.starts_at)
        .where(
            Appointment.client_id == client,
            Appointment.counsellor_id == counsellor,
            Appointment.starts_at >= after,
            Appointment.state.in_(_KEPT),
            Appointment.voided_at.is_(None),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()


def _previous(work: Work, case_id: str, seq: int) -> PreviousNote | None:
    row = work.session.scalars(
        select(SessionRecord)
        .where(SessionRecord.case_id == case_id, SessionRecord.seq < seq, SessionRecord.voided_at.is_(None))
        .order_by(SessionRecord.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return PreviousNote(row.id, row.seq, row.held_on, dict(row.sections), row.signed_at is not None)
