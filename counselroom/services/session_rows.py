"""The rows of session notes: what is written, how it is loaded, shown and put together for the signature."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import Amendment, Appointment, CaseFile, SessionRecord
from counselroom.rules.access import Actor
from counselroom.rules.counselling import AppointmentState, CaseStatus, Mode, RiskLevel
from counselroom.rules.secrecy import Secrecy
from counselroom.services import forms
from counselroom.services.desk import Work
from counselroom.services.rows import load_case

FORM = "F-11"
"""The template of a session note: its `note` items are the sections."""


@dataclass(frozen=True)
class NoteDraft:
    """What is written about a session before it is signed; `sections` by the linkId of the template.

    `topics` are keys of `resources/topics.toml`.
    """

    starts_at: datetime
    ends_at: datetime
    sections: Mapping[str, str]
    mode: Mode = Mode.FACE
    place: str | None = None
    risk_level: RiskLevel | None = None
    consent_exception: str | None = None
    next_at: datetime | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class AmendmentView:
    """A correction beside a signed record."""

    id: str
    section: str | None
    text: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class SessionView:
    """A session record with its amendments."""

    id: str
    case_id: str
    client_id: str
    counsellor_id: str
    seq: int
    held_on: date
    draft: NoteDraft
    signed_at: datetime | None
    content_hash: str | None
    amendments: tuple[AmendmentView, ...]
    seen: datetime


def new_session(
    work: Work, actor: Actor, case: CaseFile, draft: NoteDraft, appointment_id: str | None, row_id: str
) -> SessionRecord:
    """Add the row of a session to a case, within a piece of work that was allowed.

    Raises:
        UserError: it ends before it begins, or the appointment is not this client's or has a note already.
    """
    check_draft(work, draft)
    if appointment_id is not None:
        _complete(work, actor, appointment_id, case.client_id)
    seq = work.session.scalar(select(func.max(SessionRecord.seq)).where(SessionRecord.case_id == case.id)) or 0
    row = SessionRecord(
        **work.common(actor, Secrecy.S3, draft.starts_at.date(), row_id=row_id),
        case_id=case.id,
        client_id=case.client_id,
        counsellor_id=case.counsellor_id,
        appointment_id=appointment_id,
        seq=seq + 1,
        form_id=FORM,
        form_hash=forms.remember(work, FORM),
    )
    fill_session(work, row, draft)
    work.session.add(row)
    if case.status is CaseStatus.OPEN:
        case.status = CaseStatus.ACTIVE
        work.touch(case, actor)
    work.touch(row, actor)
    work.session.flush()
    return row


def load_session(work: Work, session_id: str) -> tuple[SessionRecord, CaseFile]:
    """Return the row of a session and of its case. Raises UserError when there is none."""
    row = work.session.get(SessionRecord, session_id)
    if row is None:
        raise UserError(_("There is no such session record."), _("Nothing was changed."))
    return row, load_case(work, row.case_id)


def check_draft(work: Work, draft: NoteDraft) -> None:
    """Refuse a session that ends before it begins. Raises UserError."""
    del work
    if draft.ends_at <= draft.starts_at:
        raise UserError(_("A session ends after it begins."), _("Nothing was changed."))


def fill_session(work: Work, row: SessionRecord, draft: NoteDraft) -> None:
    """Write a draft into its row."""
    del work
    row.held_on = draft.starts_at.date()
    row.starts_at, row.ends_at = draft.starts_at, draft.ends_at
    row.sections, row.mode, row.place = dict(draft.sections), draft.mode, draft.place
    row.risk_level, row.consent_exception, row.next_at = draft.risk_level, draft.consent_exception, draft.next_at
    row.topics = list(draft.topics)


def _complete(work: Work, actor: Actor, appointment_id: str, client_id: str) -> None:
    appointment = work.session.get(Appointment, appointment_id)
    if appointment is None or appointment.voided_at is not None or appointment.client_id != client_id:
        raise UserError(_("There is no such appointment."), _("Nothing was changed."))
    taken = select(SessionRecord.id).where(SessionRecord.appointment_id == appointment_id)
    if work.session.scalar(taken) is not None:
        raise UserError(_("This appointment has a note already."), _("Nothing was changed."), _("Open that note."))
    if appointment.state in (AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN):
        appointment.state = AppointmentState.COMPLETED
        work.touch(appointment, actor)


def signed_content(work: Work, row: SessionRecord) -> dict[str, object]:
    """Return what exactly is signed."""
    del work
    # Topics came with schema 0005: without one, a note is hashed as it was before.
    topics = {"topics": row.topics} if row.topics else {}
    return topics | {
        "case_id": row.case_id,
        "client_id": row.client_id,
        "seq": row.seq,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "mode": row.mode,
        "place": row.place,
        "form_hash": row.form_hash,
        "sections": row.sections,
        "risk_level": row.risk_level,
        "consent_exception": row.consent_exception,
        "next_at": row.next_at,
    }


def amendments_of(work: Work, session_id: str) -> tuple[AmendmentView, ...]:
    """Return the corrections beside a session record, the oldest first."""
    rows = work.session.scalars(
        select(Amendment)
        .where(Amendment.entity == "session_record", Amendment.entity_id == session_id)
        .order_by(Amendment.created_at, Amendment.id)
    )
    return tuple(
        AmendmentView(row.id, row.section, row.text, row.reason, row.created_at, row.created_by) for row in rows
    )


def session_view(work: Work, row: SessionRecord) -> SessionView:
    """Return a session record with its corrections."""
    draft = NoteDraft(
        row.starts_at,
        row.ends_at,
        dict(row.sections),
        row.mode,
        row.place,
        row.risk_level,
        row.consent_exception,
        row.next_at,
        tuple(row.topics),
    )
    return SessionView(
        row.id,
        row.case_id,
        row.client_id,
        row.counsellor_id,
        row.seq,
        row.held_on,
        draft,
        row.signed_at,
        row.content_hash,
        amendments_of(work, row.id),
        row.updated_at,
    )


def visit_numbers(work: Work, actor: Actor, clients: Collection[str]) -> dict[str, int]:
    """Return which session of its case each of the actor's visits with `clients` is or would be, by appointment.

    A visit with a note has the number of the note; those without one follow in the order of their time. Who did not
    come has no number, and the visits of others are not in the answer: how often somebody comes is not said.
    """
    mine = and_(
        Appointment.client_id.in_(sorted(clients)),
        Appointment.counsellor_id == actor.person_id,
        Appointment.state.not_in([AppointmentState.CANCELLED, AppointmentState.NO_SHOW]),
        Appointment.voided_at.is_(None),
    )
    counts = _counts(work, actor, clients)
    numbers: dict[str, int] = {}
    for appointment_id, client_id, seq in work.session.execute(
        select(Appointment.id, Appointment.client_id, SessionRecord.seq)
        .outerjoin(SessionRecord, SessionRecord.appointment_id == Appointment.id)
        .where(mine)
        .order_by(Appointment.starts_at, Appointment.id)
    ):
        if seq:
            numbers[appointment_id] = seq
        else:
            numbers[appointment_id] = counts[client_id] = counts.get(client_id, 0) + 1
    return numbers


def _counts(work: Work, actor: Actor, clients: Collection[str]) -> dict[str, int]:
    """Return how many sessions the reader's open case with each client has."""
    last = select(func.max(SessionRecord.seq)).where(SessionRecord.case_id == CaseFile.id).scalar_subquery()
    rows = work.session.execute(
        select(CaseFile.client_id, last).where(
            CaseFile.client_id.in_(clients),
            CaseFile.counsellor_id == actor.person_id,
            CaseFile.closed_on.is_(None),
            CaseFile.voided_at.is_(None),
        )
    )
    return {row[0]: row[1] or 0 for row in rows}
