"""专案 in a list, each with the item that comes next: overdue first, then by deadline (SYS-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import String

from counselroom.model.base import moment_of, moment_text
from counselroom.model.counselling import CaseFile
from counselroom.model.crisis_events import CrisisEvent, CrisisStep
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.crisis_words import CrisisLevel, CrisisState, StepState
from counselroom.rules.deadlines import Clock, ClockState, clock
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows
from counselroom.services.crisis_views import present_of_all
from counselroom.services.desk import Desk, Work
from counselroom.services.student_rows import CLASS_WORDS, GRADE

CLOSED_AT_MOST = 500
"""Closed 专案 a list shows, the newest first; older ones are found by search."""
_UTC = 26
"""Length of the UTC part of a stored moment, by which it sorts."""
NO_CLOCK = Clock(ClockState.NONE)


@dataclass(frozen=True)
class EventLine:
    """A 专案 in a list, with the item that comes next.

    Attributes:
        id: of the row.
        code: `Z2026-003`.
        student_id: whom it is about.
        student_name: whole.
        student_no: the number, or None.
        class_name: the class, or empty.
        counsellor_id: who leads.
        counsellor_name: the same by name.
        level: how serious.
        state: where it stands.
        found_at: when it was found.
        closed_at: when it was closed, or None.
        step_id: the item that comes next; empty when all is settled.
        step_title: its words.
        step_owner_role: who does it, by role.
        step_owner_name: the person named for it, or empty.
        runs_from: from when its limit counts.
        due_at: its deadline, or None.
        clock: how the deadline stands.
    """

    id: str
    code: str
    student_id: str
    student_name: str
    student_no: str | None
    class_name: str
    counsellor_id: str
    counsellor_name: str
    level: CrisisLevel
    state: CrisisState
    found_at: datetime
    closed_at: datetime | None
    step_id: str = ""
    step_title: str = ""
    step_owner_role: str = ""
    step_owner_name: str = ""
    runs_from: datetime | None = None
    due_at: datetime | None = None
    clock: Clock = NO_CLOCK


@dataclass(frozen=True)
class EventList:
    """What the list of 专案 shows.

    Attributes:
        lines: the 专案 the reader may know of, the most urgent first; closed ones last, the newest of them first.
        now: what time it is, as far as it can be known (R-20).
        clock_jumped: whether the machine's clock was set meanwhile.
    """

    lines: tuple[EventLine, ...]
    now: datetime
    clock_jumped: bool


def event_list(actor: Actor, desk: Desk, *, with_closed: bool = False, student_id: str = "") -> EventList:
    """Return the 专案 the actor may know of.

    Made for hundreds of them: the database chooses the item that comes next, in the order of `rules.crisis.in_order`,
    because turning 10,000 rows into objects takes a second.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("crisis_event", secrecy=Secrecy.S2), work)
        reading = crisis_rows.reading(desk, work)
        newest = work.session.scalar(
            select(CrisisEvent.updated_at)
            .where(CrisisEvent.voided_at.is_(None), CrisisEvent.closed_at.is_(None))
            .order_by(CrisisEvent.updated_at.desc())
            .limit(1)
        )
        present = present_of_all(work, reading, newest)
        lines = _known(work, actor, student_id, closed=False)
        steps = _next_steps(work, present.at, student_id)
        grace = crisis_rows.grace(work)
        found = []
        for line in lines:
            step = steps.get(line.id)
            if step is not None:
                running = clock(step.runs_from, step.due_at, present.at, grace)
                line = _with_step(line, step, running)
            found.append(line)
        found.sort(key=_urgency)
        if with_closed:
            found += _known(work, actor, student_id, closed=True)
        return EventList(tuple(found), present.at, present.jumped)


def _urgency(line: EventLine) -> tuple[bool, float]:
    """Return the place of an open 专案 in a list: overdue first, then by deadline."""
    due = line.due_at.timestamp() if line.due_at is not None else float("inf")
    return (line.clock.state is not ClockState.OVERDUE, due)


@dataclass(frozen=True)
class _Step:
    id: str
    title: str
    owner_role: str
    owner_name: str
    runs_from: datetime | None
    due_at: datetime | None


def _with_step(line: EventLine, step: _Step, running: Clock) -> EventLine:
    values = {name: getattr(line, name) for name in _OWN}
    return EventLine(
        **values,
        step_id=step.id,
        step_title=step.title,
        step_owner_role=step.owner_role,
        step_owner_name=step.owner_name,
        runs_from=step.runs_from,
        due_at=step.due_at,
        clock=running,
    )


_OWN = tuple(EventLine.__dataclass_fields__)[:12]
"""Fields that are the 专案's own and not its next item's."""
_LEADER = aliased(Person)
_OTHER = aliased(CrisisStep)


def _known(work: Work, actor: Actor, student_id: str, *, closed: bool) -> list[EventLine]:
    """Return the open or closed 专案 the reader may know of; only those that are restricted are asked about apart."""
    query = (
        select(
            CrisisEvent.id,
            CrisisEvent.code,
            CrisisEvent.student_id,
            Person.name,
            Student.student_no,
            CLASS_WORDS,
            CrisisEvent.counsellor_id,
            _LEADER.name,
            CrisisEvent.level,
            CrisisEvent.state,
            CrisisEvent.found_at,
            CrisisEvent.closed_at,
            or_(CrisisEvent.restricted.is_(True), func.coalesce(CaseFile.restricted, False)),
            CrisisEvent.deputy_id,
            CrisisEvent.case_id,
        )
        .join(Person, Person.id == CrisisEvent.student_id)
        .join(Student, Student.id == CrisisEvent.student_id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .join(_LEADER, _LEADER.id == CrisisEvent.counsellor_id)
        .outerjoin(CaseFile, CaseFile.id == CrisisEvent.case_id)
        .where(CrisisEvent.voided_at.is_(None))
    )
    if student_id:
        query = query.where(CrisisEvent.student_id == student_id)
    if closed:
        query = query.where(CrisisEvent.closed_at.is_not(None)).order_by(CrisisEvent.closed_at.desc())
        query = query.limit(CLOSED_AT_MOST)
    else:
        query = query.where(CrisisEvent.closed_at.is_(None)).order_by(CrisisEvent.found_at)
    found = []
    for *own, restricted, deputy_id, case_id in work.session.execute(query):
        if restricted:
            owner = actor.person_id if actor.person_id == deputy_id else own[6]
            subject = Subject("crisis_event", own[0], Secrecy.S3, owner, restricted=True, case_id=case_id)
            if not access.judge(actor, Action.READ, subject, work).allowed:
                continue
        own[5] = own[5] or ""
        found.append(EventLine(*own))
    return found


def _next_steps(work: Work, at: datetime, student_id: str) -> dict[str, _Step]:
    """Return by 专案 the open item that can start and comes first: overdue, then the earliest due, then the plan's."""
    now = moment_text(at)[:_UTC]
    late = moment_text(at - crisis_rows.grace(work))[:_UTC]
    due = type_coerce(CrisisStep.due_at, String)
    overdue = func.substr(due, 1, _UTC) < case((CrisisStep.limit_minutes == 0, late), else_=now)
    place = (
        case((overdue, "0"), else_="1")
        .concat(func.coalesce(func.substr(due, 1, _UTC), literal("9")))
        .concat(func.printf("%06d", CrisisStep.position))
    )
    waited = func.json_each(CrisisStep.waits_for).table_valued("value")
    blocking = (
        select(literal(1))
        .select_from(waited)
        .join(_OTHER, _OTHER.item == waited.c.value)
        .where(_OTHER.event_id == CrisisStep.event_id, _OTHER.state == StepState.OPEN, _OTHER.voided_at.is_(None))
        .correlate(CrisisStep)
        .exists()
    )
    query = (
        select(
            CrisisEvent.id,
            CrisisStep.id,
            CrisisStep.title,
            CrisisStep.owner_role,
            CrisisStep.owner_id,
            type_coerce(CrisisStep.runs_from_at, String),
            due,
            func.min(place),
        )
        .join(CrisisStep, CrisisStep.event_id == CrisisEvent.id)
        .where(
            CrisisEvent.voided_at.is_(None),
            CrisisEvent.closed_at.is_(None),
            CrisisStep.voided_at.is_(None),
            CrisisStep.state == StepState.OPEN,
            or_(type_coerce(CrisisStep.waits_for, String) == "[]", ~blocking),
        )
        # SQLite takes the other columns from the row that has the smallest place.
        .group_by(CrisisEvent.id)
    )
    if student_id:
        query = query.where(CrisisEvent.student_id == student_id)
    rows = work.session.execute(query).all()
    owners = {row[4] for row in rows if row[4]}
    names: dict[str, str] = {}
    if owners:
        named = work.session.execute(select(Person.id, Person.name).where(Person.id.in_(owners)))
        names = {row[0]: row[1] for row in named}
    return {
        row[0]: _Step(
            row[1],
            row[2],
            row[3],
            names.get(row[4] or "", ""),
            moment_of(row[5]) if row[5] else None,
            moment_of(row[6]) if row[6] else None,
        )
        for row in rows
    }
