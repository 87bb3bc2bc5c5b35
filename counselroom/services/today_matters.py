"""What has to be done by a moment: open steps of 专案, handovers of a guard, referrals, reviews of tiers, reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select

from counselroom.model.care import TierRecord
from counselroom.model.counselling import CaseFile
from counselroom.model.crisis import Referral, ReferralSupplement
from counselroom.model.crisis_events import CrisisEvent, CrisisStep, GuardPeriod, GuardShift
from counselroom.model.people import Person, Student
from counselroom.model.registers import RegisterRow
from counselroom.rules.access import Action, Actor
from counselroom.rules.care_words import TierState
from counselroom.rules.crisis_words import StepState
from counselroom.rules.deadlines import ClockReading, Present, present
from counselroom.rules.guard import next_handover
from counselroom.rules.referral import ReferralState, still_missing
from counselroom.services import access, crisis_rows, parameter_values, report_rows
from counselroom.services.crisis_views import present_of_all
from counselroom.services.desk import Work
from counselroom.services.guard_rows import as_shift
from counselroom.services.register_rows import row_subject
from counselroom.services.rows import crisis_subject, referral_subject

_OVER = (ReferralState.CLOSED, ReferralState.REFUSED)
REVIEW_AHEAD = timedelta(days=7)
"""A review of a tier is told of in the week before its day."""


class MatterKind(StrEnum):
    """What has a deadline."""

    STEP = "step"
    HANDOVER = "handover"
    """The next one on guard is relieved."""
    UNGUARDED = "unguarded"
    """A guard runs and nobody is there: since `due_at`."""
    REFERRAL = "referral"
    """An emergency referral lacks what was to be added (R-13)."""
    TIER_REVIEW = "tier_review"
    REPORT = "report"
    """A report of a teacher (F-40) is assessed on its day; an urgent one at once (SYS-23)."""


@dataclass(frozen=True)
class Matter:
    """A matter with a deadline.

    Attributes:
        kind: what it is.
        id: of the step, guard period, referral, tier record or report.
        title: the words of the plan for a step; empty for the others, which the window names.
        is_typed: the title was typed by hand and not by the makers of the plan.
        code: of the 专案 or the referral.
        event_id: the 专案, or empty.
        student_id: whom it is about.
        student_name: whole.
        student_number: the number, or None.
        runs_from: from when the time counts.
        due_at: the deadline.
        is_day: a whole day is meant: it may be done until its end.
    """

    kind: MatterKind
    id: str
    title: str
    is_typed: bool
    code: str
    event_id: str
    student_id: str
    student_name: str
    student_number: str | None
    runs_from: datetime
    due_at: datetime
    is_day: bool = False


@dataclass(frozen=True)
class Matters:
    """Matters with a deadline, the most urgent first.

    Attributes:
        total: how many there are.
        first: the most urgent of them.
        at: what time it is, as far as it can be known (R-20).
        clock_jumped: whether the machine's clock was set since a deadline was.
        grace: how long what is to be done at once may take before it is late.
    """

    total: int
    first: tuple[Matter, ...]
    at: datetime
    clock_jumped: bool
    grace: timedelta


def matters(work: Work, actor: Actor, now: ClockReading, limit: int) -> Matters:
    """Return what the reader may know of that has a deadline."""
    hidden = _hidden_events(work, actor)
    newest = work.session.scalar(select(func.max(CrisisEvent.updated_at)).where(*_open_event()))
    at = present_of_all(work, now, newest) if newest is not None else present(now, None, None)
    steps_total, steps = _steps(work, hidden, limit)
    others = [
        *_guards(work, hidden, at),
        *_referrals(work, actor),
        *_reviews(work, actor, at.at),
        *_reports(work, actor),
    ]
    first = sorted((*steps, *others), key=lambda matter: matter.due_at)
    return Matters(steps_total + len(others), tuple(first[:limit]), at.at, at.jumped, crisis_rows.grace(work))


def _open_event() -> tuple[ColumnElement[bool], ...]:
    return (CrisisEvent.closed_at.is_(None), CrisisEvent.voided_at.is_(None))


def _hidden_events(work: Work, actor: Actor) -> list[str]:
    """Return the open 专案 the reader may not know of; only those that are restricted can be such."""
    rows = work.session.scalars(
        select(CrisisEvent)
        .outerjoin(CaseFile, CaseFile.id == CrisisEvent.case_id)
        .where(*_open_event(), or_(CrisisEvent.restricted.is_(True), CaseFile.restricted.is_(True)))
    ).all()
    return [
        row.id
        for row in rows
        if not access.judge(actor, Action.READ, crisis_subject(work, row, actor.person_id), work).allowed
    ]


def _steps(work: Work, hidden: Sequence[str], limit: int) -> tuple[int, list[Matter]]:
    held = (
        CrisisStep.state == StepState.OPEN,
        CrisisStep.voided_at.is_(None),
        CrisisStep.due_at.is_not(None),
        *_open_event(),
    )
    if hidden:
        held = (*held, CrisisEvent.id.not_in(hidden))
    count = select(func.count()).select_from(CrisisStep).join(CrisisEvent, CrisisEvent.id == CrisisStep.event_id)
    total = work.session.scalar(count.where(*held)) or 0
    rows = work.session.execute(
        select(
            CrisisStep.id,
            CrisisStep.title,
            CrisisStep.checklist,
            CrisisEvent.code,
            CrisisEvent.id,
            CrisisEvent.student_id,
            Person.name,
            Student.student_no,
            CrisisStep.runs_from_at,
            CrisisStep.due_at,
        )
        .join(CrisisEvent, CrisisEvent.id == CrisisStep.event_id)
        .join(Person, Person.id == CrisisEvent.student_id)
        .join(Student, Student.id == CrisisEvent.student_id)
        .where(*held)
        .order_by(CrisisStep.due_at, CrisisEvent.found_at, CrisisStep.position)
        .limit(limit)
    )
    found = []
    for step_id, title, checklist, code, event_id, student_id, name, number, runs_from, due_at in rows:
        if due_at is not None:
            found.append(
                Matter(MatterKind.STEP, step_id, title, not checklist, code, event_id, student_id, name, number,
                       runs_from or due_at, due_at)
            )  # fmt: skip
    return total, found


def _guards(work: Work, hidden: Sequence[str], at: Present) -> list[Matter]:
    """Return when each running guard is handed over, or since when nobody is there (R-06)."""
    periods = work.session.execute(
        select(GuardPeriod.id, GuardPeriod.starts_at, CrisisEvent.id, CrisisEvent.code, CrisisEvent.student_id,
               Person.name, Student.student_no)
        .join(CrisisEvent, CrisisEvent.id == GuardPeriod.event_id)
        .join(Person, Person.id == CrisisEvent.student_id)
        .join(Student, Student.id == CrisisEvent.student_id)
        .where(GuardPeriod.ended_at.is_(None), GuardPeriod.voided_at.is_(None), *_open_event())
    ).all()  # fmt: skip
    shifts: dict[str, list[GuardShift]] = {row[0]: [] for row in periods}
    for shift in work.session.scalars(
        select(GuardShift).where(GuardShift.period_id.in_(list(shifts)), GuardShift.voided_at.is_(None))
    ):
        shifts[shift.period_id].append(shift)
    found = []
    for period_id, began, event_id, code, student_id, name, number in periods:
        if event_id in hidden:
            continue
        known = [as_shift(row) for row in shifts[period_id]]
        handover = next_handover(known, at.at)
        if handover is not None:
            starts = [shift.starts_at for shift in known if shift.starts_at <= at.at < shift.until]
            kind, runs_from, due = MatterKind.HANDOVER, min(starts), handover[0]
        else:
            ended = [shift.until for shift in known if shift.until <= at.at]
            due = max((began, *ended))
            kind, runs_from = MatterKind.UNGUARDED, due
        found.append(Matter(kind, period_id, "", False, code, event_id, student_id, name, number, runs_from, due))
    return found


def _referrals(work: Work, actor: Actor) -> list[Matter]:
    """Return the emergency referrals that still lack what was left out (R-13)."""
    rows = work.session.scalars(
        select(Referral).where(
            Referral.complete_by.is_not(None),
            Referral.issued_at.is_not(None),
            Referral.voided_at.is_(None),
            Referral.state.not_in(_OVER),
        )
    ).all()
    found = []
    for row in rows:
        if not access.judge(actor, Action.READ, referral_subject(work, row), work).allowed:
            continue
        opinion, consent = row.supervisor_opinion, row.guardian_consent
        for added in work.session.scalars(
            select(ReferralSupplement)
            .where(ReferralSupplement.referral_id == row.id)
            .order_by(ReferralSupplement.created_at)
        ):
            opinion, consent = added.supervisor_opinion or opinion, added.guardian_consent or consent
        if row.issued_at is None or row.complete_by is None:
            continue
        if still_missing(supervisor_opinion=opinion, guardian_consent=consent):
            name, number = _student(work, row.student_id)
            found.append(
                Matter(MatterKind.REFERRAL, row.id, "", False, row.number, "", row.student_id, name, number,
                       row.issued_at, row.complete_by)
            )  # fmt: skip
    return found


def _reviews(work: Work, actor: Actor, now: datetime) -> list[Matter]:
    """Return the reader's tiers whose review is due within a week."""
    days = timedelta(days=parameter_values.number(work, "tier_review_days"))
    rows = work.session.execute(
        select(TierRecord.id, TierRecord.student_id, Person.name, Student.student_no, TierRecord.review_due_on)
        .join(Person, Person.id == TierRecord.student_id)
        .join(Student, Student.id == TierRecord.student_id)
        .where(
            TierRecord.counsellor_id == actor.person_id,
            TierRecord.state == TierState.CONFIRMED,
            TierRecord.review_due_on <= now.date() + REVIEW_AHEAD,
            TierRecord.voided_at.is_(None),
        )
    ).all()
    found = []
    for tier_id, student_id, name, number, due_on in rows:
        if due_on is not None:
            end = datetime.combine(due_on + timedelta(days=1), time(), now.tzinfo)
            found.append(
                Matter(MatterKind.TIER_REVIEW, tier_id, "", False, "", "", student_id, name, number, end - days, end,
                       is_day=True)
            )  # fmt: skip
    return found


def _reports(work: Work, actor: Actor) -> list[Matter]:
    """Return the reports that nobody has assessed yet."""
    rows = work.session.execute(
        select(RegisterRow, Person.id, Person.name, Student.student_no)
        .join(Person, Person.id == RegisterRow.subject_person)
        .join(Student, Student.id == RegisterRow.subject_person)
        .where(*report_rows.unassessed(work))
    ).all()
    found = []
    for row, person_id, name, number in rows:
        if not access.judge(actor, Action.READ, row_subject(row), work).allowed:
            continue
        begins = datetime.combine(row.occurred_on, time(), work.now.tzinfo)
        runs_from, due_at = begins, begins + timedelta(days=1)
        if row.data.get("urgency") == report_rows.URGENT:
            runs_from = due_at = row.created_at
        found.append(
            Matter(MatterKind.REPORT, row.id, "", False, "", "", person_id, name, number, runs_from, due_at,
                   is_day=due_at > runs_from)
        )  # fmt: skip
    return found


def _student(work: Work, student_id: str) -> tuple[str, str | None]:
    row = work.session.execute(
        select(Person.name, Student.student_no).join(Student, Student.id == Person.id).where(Person.id == student_id)
    ).one()
    return row[0], row[1]
