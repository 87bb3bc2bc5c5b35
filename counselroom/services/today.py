"""今日: everything the first page shows, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from counselroom.model.care import FollowUpTask, TierRecord
from counselroom.model.day import DutyShift, ScratchNote
from counselroom.model.people import Person, Student
from counselroom.model.school import CalendarDay, OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.care_words import CareTier, DutyChannel, TaskState, TierState
from counselroom.rules.school import DayKind
from counselroom.rules.school_calendar import week_of_term
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows
from counselroom.services.desk import Desk, Work
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.services.today_matters import Matters, matters
from counselroom.services.today_visits import (
    Client,
    Lane,
    UnsignedNote,
    Visit,
    day_span,
    lanes,
    unsigned_notes,
    visits_of,
)

SHOWN = 50
"""Rows of a list at most; the count says how many there are."""


@dataclass(frozen=True)
class DutyToday:
    """A shift of today in the room."""

    person_id: str
    name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class TermDay:
    """Where today stands in the school's year.

    Attributes:
        term: number of the term, or 0 in the holidays.
        week: week of the term, from 1; 0 in the holidays.
        holiday: what the calendar calls the day when there is no school, or empty.
    """

    term: int
    week: int
    holiday: str


@dataclass(frozen=True)
class ScratchLine:
    """A quick note on the pile."""

    id: str
    noted_at: datetime
    said: str
    seen: datetime


@dataclass(frozen=True)
class TaskLine:
    """A follow-up of the reader that is due by the end of this week.

    Attributes:
        task: what to do, in the words of the rule.
        is_typed: set by hand, in words of somebody's own.
        tier: the tier of the student now, or None.
    """

    id: str
    client: Client
    task: str
    is_typed: bool
    tier: CareTier | None
    due_on: date
    seen: datetime


@dataclass(frozen=True)
class Today:
    """The page 今日.

    Attributes:
        now: when it was read, by the wall clock.
        term: where the day stands in the school's year.
        duty: who is on duty in the room today, the earliest first.
        lanes: the counsellors, the reader first.
        visits: all visits of the day but the cancelled ones.
        unsigned: the reader's visits without a signed note, the newest first.
        unsigned_total: how many there are.
        scratch: the reader's quick notes on the pile, the newest first; None when they were not asked for.
        scratch_total: how many there are.
        matters: what has a deadline.
        tasks: the reader's follow-ups due by the end of the week, the most overdue first.
        tasks_total: how many there are.
    """

    now: datetime
    term: TermDay
    duty: tuple[DutyToday, ...]
    lanes: tuple[Lane, ...]
    visits: tuple[Visit, ...]
    unsigned: tuple[UnsignedNote, ...]
    unsigned_total: int
    scratch: tuple[ScratchLine, ...] | None
    scratch_total: int
    matters: Matters
    tasks: tuple[TaskLine, ...]
    tasks_total: int


def today(actor: Actor, desk: Desk, *, scratch: bool = True) -> Today:
    """Return the page 今日 as it stands now.

    Args:
        actor: who looks.
        desk: the desk.
        scratch: whether the quick notes are wanted; reading them leaves an audit row.
    """
    with desk.look() as work:
        for entity in ("appointment", "crisis_event", "follow_up_task", "duty_shift"):
            access.allow(actor, Action.READ, Subject(entity, secrecy=Secrecy.S2), work)
        day = work.now.date()
        first, last = day_span(work, day)
        unsigned_total, unsigned = unsigned_notes(work, actor, SHOWN)
        scratch_total, lines = _scratch(work, actor, read=scratch)
        tasks_total, tasks = _tasks(work, actor, day)
        return Today(
            now=work.now,
            term=_term_day(work, day),
            duty=_duty(work, day),
            lanes=lanes(work, actor),
            visits=visits_of(work, actor, first, last),
            unsigned=unsigned,
            unsigned_total=unsigned_total,
            scratch=lines,
            scratch_total=scratch_total,
            matters=matters(work, actor, crisis_rows.reading(desk, work), SHOWN),
            tasks=tasks,
            tasks_total=tasks_total,
        )


def _term_day(work: Work, day: date) -> TermDay:
    holiday = work.session.scalar(
        select(CalendarDay.label).where(CalendarDay.day == day, CalendarDay.kind == DayKind.HOLIDAY)
    )
    for term in work.terms():
        if term.starts_on <= day <= term.ends_on:
            return TermDay(term.number, week_of_term(day, term), holiday or "")
    return TermDay(0, 0, holiday or "")


def _duty(work: Work, day: date) -> tuple[DutyToday, ...]:
    first, last = day_span(work, day)
    who = func.coalesce(DutyShift.substitute_id, DutyShift.counsellor_id)
    rows = work.session.execute(
        select(Person.id, Person.name, DutyShift.starts_at, DutyShift.ends_at)
        .join(Person, Person.id == who)
        .where(
            DutyShift.channel == DutyChannel.ROOM,
            DutyShift.voided_at.is_(None),
            DutyShift.starts_at >= first,
            DutyShift.starts_at < last,
        )
        .order_by(DutyShift.starts_at, DutyShift.id)
    )
    return tuple(DutyToday(*row) for row in rows)


def _scratch(work: Work, actor: Actor, *, read: bool) -> tuple[int, tuple[ScratchLine, ...] | None]:
    held = (
        ScratchNote.owner_id == actor.person_id,
        ScratchNote.voided_at.is_(None),
        ScratchNote.given_at.is_(None),
    )
    total = work.session.scalar(select(func.count()).select_from(ScratchNote).where(*held)) or 0
    if not read:
        return total, None
    if not total:
        return 0, ()
    access.allow(actor, Action.READ, Subject("scratch_note", "", Secrecy.S3, actor.person_id), work)
    rows = work.session.execute(
        select(ScratchNote.id, ScratchNote.noted_at, ScratchNote.said, ScratchNote.updated_at)
        .where(*held)
        .order_by(ScratchNote.noted_at.desc())
        .limit(SHOWN)
    )
    return total, tuple(ScratchLine(*row) for row in rows)


def _tasks(work: Work, actor: Actor, day: date) -> tuple[int, tuple[TaskLine, ...]]:
    held = (
        FollowUpTask.owner_id == actor.person_id,
        FollowUpTask.due_on <= day + timedelta(days=6 - day.weekday()),
        FollowUpTask.state == TaskState.OPEN,
        FollowUpTask.voided_at.is_(None),
    )
    total = work.session.scalar(select(func.count()).select_from(FollowUpTask).where(*held)) or 0
    rows = work.session.execute(
        select(
            FollowUpTask.id,
            FollowUpTask.student_id,
            Person.name,
            Student.student_no,
            CLASS_WORDS,
            FollowUpTask.task,
            FollowUpTask.rule,
            FollowUpTask.due_on,
            FollowUpTask.updated_at,
        )
        .join(Person, Person.id == FollowUpTask.student_id)
        .join(Student, Student.id == FollowUpTask.student_id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .where(*held)
        .order_by(FollowUpTask.due_on, FollowUpTask.id)
        .limit(SHOWN)
    ).all()
    confirmed = select(TierRecord.student_id, TierRecord.tier).where(
        TierRecord.student_id.in_({row[1] for row in rows}),
        TierRecord.state == TierState.CONFIRMED,
        TierRecord.voided_at.is_(None),
    )
    tiers = {row[0]: row[1] for row in work.session.execute(confirmed)}
    return total, tuple(
        TaskLine(
            row[0], Client(row[1], row[2], row[3], row[4] or ""), row[5], not row[6], tiers.get(row[1]), row[7], row[8]
        )
        for row in rows
    )
