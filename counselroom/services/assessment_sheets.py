"""What the page of a risk assessment shows, in one read: the sheet, whom it is about, and the earlier ones (SYS-25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from counselroom.model.crisis_events import CrisisAssessment, CrisisEvent
from counselroom.model.people import Account, Person
from counselroom.model.registers import RegisterRow
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.crisis_criteria import Criterion
from counselroom.rules.crisis_words import CrisisLevel
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_plans
from counselroom.services.crisis_assessments import AssessmentView, assessment_subject, load_assessment, view_of
from counselroom.services.desk import Desk, Work
from counselroom.services.report_rows import REPORT
from counselroom.services.rows import crisis_subject
from counselroom.services.student_heads import StudentHead, student_head


@dataclass(frozen=True)
class EarlierAssessment:
    """That a student was assessed; `level` is None where the reader may not open it, or none is written yet."""

    id: str
    assessed_at: datetime
    who: str
    signed: bool
    level: CrisisLevel | None
    event_code: str
    readable: bool


@dataclass(frozen=True)
class RunningEvent:
    """The 专案 that belongs to an assessment, or runs for the student."""

    id: str
    code: str
    is_open: bool


@dataclass(frozen=True)
class Told:
    """What the record that asked for the assessment says.

    Attributes:
        words: what kind of record it is, by its form: 随时报告单.
        day: of what day.
        time: when, as it was written there, or empty.
        facts: what was seen.
    """

    words: str
    day: str
    time: str
    facts: str


@dataclass(frozen=True)
class AssessmentSheet:
    """An assessment with everything its page shows.

    Attributes:
        student: whom it is about.
        view: the assessment, or the reader's own unsigned one of this student; None for a new one.
        criteria: C01 to C22.
        assessor: who wrote it, or would write it.
        reviewer: who reviewed it, or empty.
        is_mine: whether the reader writes it.
        may_review: whether the reader may note a review now.
        earlier: the other assessments of the student, the newest first.
        event: the 专案 it began, else the one that runs for the student, or None.
        began_event: whether `event` came out of this assessment.
        told: what the record that asked for it says, or None.
    """

    student: StudentHead
    view: AssessmentView | None
    criteria: tuple[Criterion, ...]
    assessor: str
    reviewer: str
    is_mine: bool
    may_review: bool
    earlier: tuple[EarlierAssessment, ...]
    event: RunningEvent | None
    began_event: bool
    told: Told | None


def assessment_sheet(
    actor: Actor,
    desk: Desk,
    *,
    student_id: str = "",
    assessment_id: str = "",
    source_entity: str = "",
    source_id: str = "",
) -> AssessmentSheet:
    """Return one assessment, or the place for a new one of a student; reading one leaves an audit row.

    Args:
        actor: who opens the page.
        desk: the open vault.
        student_id: whom a new one is about; what the actor has begun about this student is gone on with.
        assessment_id: a certain one.
        source_entity: table of the record that asks for a new one.
        source_id: its id; it is gone on with only for the same record.

    Raises:
        AccessDenied: it is not the actor's to read.
        UserError: there is no such student or assessment.
    """
    with desk.look() as work:
        row = load_assessment(work, assessment_id) if assessment_id else _begun(work, actor, student_id, source_id)
        subject = Subject("crisis_assessment", secrecy=Secrecy.S2) if row is None else assessment_subject(work, row)
        access.allow(actor, Action.READ, subject, work)
        whom = student_id if row is None else row.student_id
        view = None if row is None else view_of(work, row)
        event = _event(work, actor, whom, row)
        entity, entity_id = (source_entity, source_id) if row is None else (row.source_entity, row.source_id)
        counsellor = actor.person_id if row is None else row.counsellor_id
        signed = row is not None and row.signed_at is not None
        return AssessmentSheet(
            student=student_head(work, whom),
            view=view,
            criteria=crisis_plans.criteria(work),
            assessor=work.session.scalar(select(Person.name).where(Person.id == counsellor)) or "",
            reviewer=_account_name(work, None if row is None else row.reviewed_by),
            is_mine=Role.COUNSELLOR in actor.roles and counsellor == actor.person_id,
            may_review=signed
            and row is not None
            and row.reviewed_at is None
            and (counsellor != actor.person_id or Role.CENTER_DIRECTOR in actor.roles),
            earlier=_earlier(work, actor, whom, row),
            event=event,
            began_event=view is not None and event is not None and view.event_id == event.id,
            told=_told(work, actor, entity or "", entity_id or ""),
        )


def _begun(work: Work, actor: Actor, student_id: str, source_id: str) -> CrisisAssessment | None:
    query = select(CrisisAssessment).where(
        CrisisAssessment.student_id == student_id,
        CrisisAssessment.counsellor_id == actor.person_id,
        CrisisAssessment.signed_at.is_(None),
        CrisisAssessment.voided_at.is_(None),
    )
    if source_id:
        query = query.where(CrisisAssessment.source_id == source_id)
    return work.session.scalars(query.order_by(CrisisAssessment.assessed_at.desc()).limit(1)).first()


def _earlier(work: Work, actor: Actor, student_id: str, row: CrisisAssessment | None) -> tuple[EarlierAssessment, ...]:
    found = work.session.execute(
        select(CrisisAssessment, Person.name, CrisisEvent.code)
        .join(Person, Person.id == CrisisAssessment.counsellor_id)
        .outerjoin(
            CrisisEvent,
            (CrisisEvent.student_id == CrisisAssessment.student_id)
            & (CrisisEvent.assessment_id == CrisisAssessment.id)
            & CrisisEvent.voided_at.is_(None),
        )
        .where(CrisisAssessment.student_id == student_id, CrisisAssessment.voided_at.is_(None))
        .order_by(CrisisAssessment.assessed_at.desc(), CrisisAssessment.id)
    )
    lines = []
    for other, who, code in found:
        subject = assessment_subject(work, other)
        readable = access.judge(actor, Action.READ, subject, work).allowed
        # What is restricted is not even there for others; a draft is its writer's alone.
        hidden = (subject.restricted and not readable) or (
            other.signed_at is None and other.counsellor_id != actor.person_id
        )
        if hidden or (row is not None and other.id == row.id):
            continue
        level = other.level if readable else None
        lines.append(
            EarlierAssessment(
                other.id, other.assessed_at, who, other.signed_at is not None, level, code or "", readable
            )
        )
    return tuple(lines)


def _event(work: Work, actor: Actor, student_id: str, row: CrisisAssessment | None) -> RunningEvent | None:
    events = work.session.scalars(
        select(CrisisEvent)
        .where(CrisisEvent.student_id == student_id, CrisisEvent.voided_at.is_(None))
        .order_by(CrisisEvent.found_at.desc())
    ).all()
    own = [event for event in events if row is not None and event.assessment_id == row.id]
    for event in own or [event for event in events if event.closed_at is None]:
        subject = crisis_subject(work, event, actor.person_id)
        if access.judge(actor, Action.READ, subject, work).allowed:
            return RunningEvent(event.id, event.code, event.closed_at is None)
    return None


def _told(work: Work, actor: Actor, entity: str, entity_id: str) -> Told | None:
    report = work.session.get(RegisterRow, entity_id) if entity == "register_row" and entity_id else None
    if report is None or report.voided_at is not None or report.register != REPORT:
        return None
    subject = Subject("register_row", report.id, report.secrecy, report.owner)
    if not access.judge(actor, Action.READ, subject, work).allowed:
        return None
    work.audit(actor, Action.READ, "register_row", report.id)
    said = report.data
    return Told("随时报告单", report.occurred_on.isoformat(), str(said.get("time") or ""), str(said.get("facts") or ""))


def _account_name(work: Work, account_id: str | None) -> str:
    if account_id is None:
        return ""
    query = select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == account_id)
    return work.session.scalar(query) or ""
