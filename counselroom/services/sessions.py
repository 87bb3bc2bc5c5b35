"""Session records: draft, sign, amend (SYS-08). Signed means signed: the database itself refuses a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.counselling import Amendment, Appointment, CaseFile, SessionRecord
from counselroom.rules import session as rules
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import AppointmentState, CaseStatus, Mode, RiskLevel
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import SignObstacle
from counselroom.services import access, forms
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import consents_of, load_case, session_subject, session_title
from counselroom.vault import deeds, search_index

FORM = "F-11"
"""The template of a session note: its `note` items are the sections."""


class NotReadyToSign(UserError):
    """Something is missing before the signature.

    Attributes:
        obstacles: what is missing.
    """

    def __init__(self, obstacles: tuple[SignObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            SignObstacle.EMPTY: _("the note has no text"),
            SignObstacle.NO_SAFETY_ASSESSMENT: _("the safety assessment is missing"),
            SignObstacle.NO_CONSENT: _("there is no signed consent and no crisis exception"),
        }
        super().__init__(
            _("The note cannot be signed yet: {what}.").format(
                what=pgettext("list", "; ").join(words[item] for item in obstacles)
            ),
            _("The draft is saved."),
        )


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


def start_note(
    actor: Actor, desk: Desk, case_id: str, draft: NoteDraft, appointment_id: str | None = None
) -> Done[SessionView]:
    """Begin the note of a session in a case; an appointment that took place is marked completed.

    Raises:
        UserError: the session ends before it begins, or the appointment is not this client's or has a note already.
        AccessDenied: the case belongs to another counsellor.
    """
    with desk.change() as work:
        row_id = work.new_id()
        case = load_case(work, case_id)
        access.allow(actor, Action.WRITE, session_subject(row_id, case), work)
        _check(draft)
        if appointment_id is not None:
            _complete(work, actor, appointment_id, case.client_id)
        seq = work.session.scalar(select(func.max(SessionRecord.seq)).where(SessionRecord.case_id == case_id)) or 0
        row = SessionRecord(
            **work.common(actor, Secrecy.S3, draft.starts_at.date(), row_id=row_id),
            case_id=case_id,
            client_id=case.client_id,
            counsellor_id=case.counsellor_id,
            appointment_id=appointment_id,
            seq=seq + 1,
            form_id=FORM,
            form_hash=forms.remember(work, FORM),
        )
        _fill(row, draft)
        work.session.add(row)
        if case.status is CaseStatus.OPEN:
            case.status = CaseStatus.ACTIVE
            work.touch(case, actor)
        work.touch(row, actor)
        work.session.flush()
        return Done(_view(work, row), work.changes())


def save_note(actor: Actor, desk: Desk, session_id: str, draft: NoteDraft) -> Done[SessionView]:
    """Save the draft of a note that is not signed yet.

    Raises:
        UserError: it is signed, or ends before it begins.
    """
    with desk.change() as work:
        row, case = _load(work, session_id)
        access.allow(actor, Action.WRITE, session_subject(row.id, case), work)
        _refuse_signed(row)
        _check(draft)
        _fill(row, draft)
        work.place(row, row.held_on)
        work.touch(row, actor)
        return Done(_view(work, row), work.changes())


def sign_note(actor: Actor, desk: Desk, session_id: str) -> Done[SessionView]:
    """Sign a note: it is hashed, locked in the database and found by search from now on.

    Raises:
        NotReadyToSign: text, safety assessment or consent is missing (SYS-07).
        UserError: it is signed already.
        AccessDenied: only the counsellor of the case signs.
    """
    with desk.change() as work:
        row, case = _load(work, session_id)
        obstacles = rules.obstacles_to_signing(
            row.sections,
            row.risk_level,
            consents_of(work, row.client_id),
            row.starts_at,
            row.consent_exception,
        )
        digest = rules.content_hash(_signed_content(row))
        access.allow(actor, Action.SIGN, session_subject(row.id, case), work, digest=work.keyed(digest))
        _refuse_signed(row)
        if obstacles:
            raise NotReadyToSign(obstacles)
        row.signed_at, row.signed_by, row.content_hash = work.now, actor.account_id, digest
        work.touch(row, actor)
        work.session.flush()
        _index(work, row, case)
        return Done(_view(work, row), work.changes())


def amend_note(
    actor: Actor, desk: Desk, session_id: str, text: str, reason: str, section: str | None = None
) -> Done[SessionView]:
    """Set a correction beside a signed note; both stay visible (R-09).

    Raises:
        UserError: the note is not signed (edit it) or blanked, or text or reason is empty.
    """
    if not text.strip() or not reason.strip():
        raise UserError(_("A correction needs its text and its reason."), _("The signed note is unchanged."))
    with desk.change() as work:
        row, case = _load(work, session_id)
        access.allow(actor, Action.AMEND, session_subject(row.id, case), work)
        if row.signed_at is None:
            raise UserError(_("This note is not signed yet; simply edit it."), _("Nothing was changed."))
        if row.voided_at is not None:
            raise UserError(_("This note was blanked; nothing can be set beside it."), _("Nothing was changed."))
        amendment = Amendment(
            **work.common(actor, Secrecy.S3, row.held_on),
            entity="session_record",
            entity_id=row.id,
            subject_person=row.client_id,
            section=section,
            text=text.strip(),
            reason=reason.strip(),
        )
        with deeds.amend(
            work.session,
            work.vault.audit,
            work.event(
                actor,
                "amend",
                "session_record",
                row.id,
                digest=work.keyed(rules.content_hash({"text": amendment.text})),
            ),
            new_id=work.new_id,
        ):
            work.session.add(amendment)
        work.changed("session_record", row.id)
        work.session.flush()
        _index(work, row, case)
        return Done(_view(work, row), work.changes())


def session(actor: Actor, desk: Desk, session_id: str) -> SessionView:
    """Return one session record; reading it leaves an audit row.

    Raises:
        UserError: there is none.
        AccessDenied: it is another counsellor's and no reason was stated.
    """
    with desk.look() as work:
        row, case = _load(work, session_id)
        access.allow(actor, Action.READ, session_subject(row.id, case), work)
        return _view(work, row)


def list_sessions(actor: Actor, desk: Desk, case_id: str) -> tuple[SessionView, ...]:
    """Return the session records of a case in order; reading them leaves one audit row for the case."""
    with desk.look() as work:
        case = load_case(work, case_id)
        access.allow(actor, Action.READ, session_subject("", case), work)
        rows = work.session.scalars(
            select(SessionRecord).where(SessionRecord.case_id == case_id).order_by(SessionRecord.seq)
        ).all()
        return tuple(_view(work, row) for row in rows)


def list_unsigned(actor: Actor, desk: Desk) -> tuple[tuple[str, str, int], ...]:
    """Return (session id, case code, number in the case) of the actor's notes that wait for the signature."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("session_record", "", Secrecy.S2), work)
        rows = work.session.execute(
            select(SessionRecord.id, CaseFile.code, SessionRecord.seq)
            .join(CaseFile, CaseFile.id == SessionRecord.case_id)
            .where(SessionRecord.signed_at.is_(None), SessionRecord.counsellor_id == actor.person_id)
            .order_by(SessionRecord.starts_at)
        )
        return tuple((row_id, code, seq) for row_id, code, seq in rows)


def _load(work: Work, session_id: str) -> tuple[SessionRecord, CaseFile]:
    row = work.session.get(SessionRecord, session_id)
    if row is None:
        raise UserError(_("There is no such session record."), _("Nothing was changed."))
    return row, load_case(work, row.case_id)


def _refuse_signed(row: SessionRecord) -> None:
    if row.signed_at is not None:
        raise UserError(
            _("This note is signed and can no longer be edited."),
            _("The signed note is unchanged."),
            _("Add a correction beside it."),
        )


def _check(draft: NoteDraft) -> None:
    if draft.ends_at <= draft.starts_at:
        raise UserError(_("A session ends after it begins."), _("Nothing was changed."))


def _fill(row: SessionRecord, draft: NoteDraft) -> None:
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


def _signed_content(row: SessionRecord) -> dict[str, object]:
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


def _amendments(work: Work, session_id: str) -> tuple[AmendmentView, ...]:
    rows = work.session.scalars(
        select(Amendment)
        .where(Amendment.entity == "session_record", Amendment.entity_id == session_id)
        .order_by(Amendment.created_at, Amendment.id)
    )
    return tuple(
        AmendmentView(row.id, row.section, row.text, row.reason, row.created_at, row.created_by) for row in rows
    )


def _index(work: Work, row: SessionRecord, case: CaseFile) -> None:
    """Make the signed text and its amendments findable; drafts are not."""
    search_index.index(
        work.session,
        search_index.IndexEntry(
            entity="session_record",
            entity_id=row.id,
            subject_person=row.client_id,
            owner=row.counsellor_id,
            secrecy=Secrecy.S3,
            restricted=case.restricted,
            occurred_on=row.held_on,
            title=session_title(case, row.seq),
        ),
        (*row.sections.values(), *(amendment.text for amendment in _amendments(work, row.id))),
    )


def _view(work: Work, row: SessionRecord) -> SessionView:
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
        _amendments(work, row.id),
        row.updated_at,
    )
