"""All that the page of one counselling case shows, read in one piece."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from counselroom.model.care import TierRecord
from counselroom.model.counselling import Appointment, CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.crisis_events import CrisisEvent
from counselroom.model.people import Account, Person, Student
from counselroom.model.safekeeping import Attachment
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Role
from counselroom.rules.care_words import TierState
from counselroom.rules.counselling import AppointmentState, ConsentKind, RiskLevel
from counselroom.services import access
from counselroom.services.case_rows import CaseView, case_view
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import case_subject, crisis_subject, load_case, referral_subject
from counselroom.services.student_rows import CLASS_WORDS, GRADE


@dataclass(frozen=True)
class SessionLine:
    """A session of the case, or an appointment that took place and has no note yet.

    Attributes:
        id: of the session; empty without a note.
        appointment_id: of the appointment, when there is no note.
        seq: its number in the case; 0 without a note.
    """

    id: str
    appointment_id: str
    seq: int
    starts_at: datetime
    ends_at: datetime
    is_signed: bool
    risk_level: RiskLevel | None
    topics: tuple[str, ...]


@dataclass(frozen=True)
class ConsentLine:
    """A consent of the client with its scan."""

    id: str
    kind: ConsentKind
    signed_by: str
    signed_at: datetime | None
    withdrawn_at: datetime | None
    scan_id: str
    scan_name: str = ""
    scan_type: str = ""


@dataclass(frozen=True)
class LinkLine:
    """Something else about the client: a tier, a referral, a 专案.

    Attributes:
        kind: `tier_record`, `referral` or `crisis_event`.
        number: its own number; the tier for a tier.
        state: its state, a stored word.
    """

    kind: str
    id: str
    number: str
    state: str
    day: date


@dataclass(frozen=True)
class CasePage:
    """A case with what belongs to it.

    Attributes:
        next_at: the next appointment of client and counsellor.
        colleagues: whom it can be handed over to, by person id.
    """

    case: CaseView
    client_name: str
    client_no: str | None
    class_name: str | None
    counsellor_name: str
    can_write: bool
    next_at: datetime | None
    sessions: tuple[SessionLine, ...]
    consents: tuple[ConsentLine, ...]
    links: tuple[LinkLine, ...]
    colleagues: tuple[tuple[str, str], ...]


def case_page(actor: Actor, desk: Desk, case_id: str) -> CasePage:
    """Return a case with its sessions, consents and what else there is about the client; one audit row.

    Raises:
        UserError: there is none.
        AccessDenied: it is another counsellor's and no reason was stated.
    """
    with desk.look() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.READ, case_subject(row), work)
        other = aliased(Person)
        name, student_no, class_name, counsellor_name = work.session.execute(
            select(Person.name, Student.student_no, CLASS_WORDS, other.name)
            .outerjoin(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .join(other, other.id == row.counsellor_id)
            .where(Person.id == row.client_id)
        ).one()
        return CasePage(
            case_view(work, row),
            name,
            student_no,
            class_name,
            counsellor_name,
            row.counsellor_id == actor.person_id,
            _next(work, row),
            _sessions(work, row),
            _consents(work, row.client_id),
            _links(work, actor, row.client_id),
            _colleagues(work, row.counsellor_id),
        )


def _next(work: Work, case: CaseFile) -> datetime | None:
    return work.session.scalars(
        select(Appointment.starts_at)
        .where(
            Appointment.client_id == case.client_id,
            Appointment.counsellor_id == case.counsellor_id,
            Appointment.starts_at >= work.now,
            Appointment.state.in_((AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN)),
            Appointment.voided_at.is_(None),
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()


def _sessions(work: Work, case: CaseFile) -> tuple[SessionLine, ...]:
    written = [
        SessionLine(
            row.id,
            "",
            row.seq,
            row.starts_at,
            row.ends_at,
            row.signed_at is not None,
            row.risk_level,
            tuple(row.topics),
        )
        for row in work.session.scalars(
            select(SessionRecord).where(SessionRecord.case_id == case.id, SessionRecord.voided_at.is_(None))
        )
    ]
    missing = [
        SessionLine("", row.id, 0, row.starts_at, row.ends_at, False, None, ())
        for row in work.session.scalars(
            select(Appointment)
            .outerjoin(SessionRecord, SessionRecord.appointment_id == Appointment.id)
            .where(
                Appointment.client_id == case.client_id,
                Appointment.counsellor_id == case.counsellor_id,
                Appointment.state == AppointmentState.COMPLETED,
                Appointment.voided_at.is_(None),
                SessionRecord.id.is_(None),
            )
        )
    ]
    return tuple(sorted((*written, *missing), key=lambda line: line.starts_at, reverse=True))


def _consents(work: Work, client_id: str) -> tuple[ConsentLine, ...]:
    rows = work.session.execute(
        select(Consent, Attachment)
        .outerjoin(
            Attachment,
            (Attachment.entity == "consent") & (Attachment.entity_id == Consent.id) & Attachment.voided_at.is_(None),
        )
        .where(Consent.client_id == client_id, Consent.voided_at.is_(None))
        .order_by(Consent.signed_at.desc())
    )
    found: dict[str, ConsentLine] = {}
    for row, scan in rows:
        found.setdefault(
            row.id,
            ConsentLine(
                row.id,
                row.kind,
                row.signed_by,
                row.signed_at,
                row.withdrawn_at,
                "" if scan is None else scan.id,
                "" if scan is None else scan.name,
                "" if scan is None else scan.media_type,
            ),
        )
    return tuple(found.values())


def _links(work: Work, actor: Actor, client_id: str) -> tuple[LinkLine, ...]:
    """Return what is open about the client elsewhere, as far as the reader may know of it."""
    found = [
        LinkLine("tier_record", row.id, row.tier.value, row.state.value, row.proposed_at.date())
        for row in work.session.scalars(
            select(TierRecord).where(
                TierRecord.student_id == client_id,
                TierRecord.state.in_((TierState.PROPOSED, TierState.CONFIRMED)),
                TierRecord.voided_at.is_(None),
            )
        )
    ]
    for referral in work.session.scalars(
        select(Referral).where(Referral.student_id == client_id, Referral.voided_at.is_(None))
    ):
        if access.judge(actor, Action.READ, referral_subject(work, referral), work).allowed:
            state, day = referral.state.value, referral.created_at.date()
            found.append(LinkLine("referral", referral.id, referral.number, state, day))
    for event in work.session.scalars(
        select(CrisisEvent).where(CrisisEvent.student_id == client_id, CrisisEvent.voided_at.is_(None))
    ):
        if access.judge(actor, Action.READ, crisis_subject(work, event, actor.person_id), work).allowed:
            state, day = event.state.value, event.found_at.date()
            found.append(LinkLine("crisis_event", event.id, event.code, state, day))
    return tuple(found)


def _colleagues(work: Work, counsellor_id: str) -> tuple[tuple[str, str], ...]:
    rows = work.session.execute(
        select(Person.id, Person.name, Account)
        .join(Account, Account.person_id == Person.id)
        # By the accounts' people, or SQLite goes through everybody for the few who work here.
        .where(Person.id.in_(select(Account.person_id)), Account.closed_at.is_(None), Person.id != counsellor_id)
        .order_by(Person.name)
    )
    return tuple((person, name) for person, name, account in rows if Role.COUNSELLOR in account.role_set())
