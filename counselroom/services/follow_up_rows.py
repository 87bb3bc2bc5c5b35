"""Series of follow-up tasks as rows: begun, gone on with, ended. Services and triggers meet here, inside their work.

A series is one rule for one reason: the tasks with the same rule, origin and origin id. Where it stands is read off
its tasks, so that nothing else has to be kept in step with them; one that was ended has an ended task as its last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Select, select

from counselroom.model.care import FollowUpTask, TierRecord
from counselroom.model.office import FormInUse, Parameter
from counselroom.model.school import CalendarDay, School
from counselroom.rules.access import Actor
from counselroom.rules.care_words import FollowUpOrigin, TaskState, TierState
from counselroom.rules.follow_up import Due, FollowUpRule, Made, RuleKind, due_days, further, soonest_next
from counselroom.rules.school import DayKind, SchoolType
from counselroom.rules.school_days import SchoolDays
from counselroom.rules.secrecy import Secrecy
from counselroom.services import parameter_values
from counselroom.services.desk import Work
from counselroom.services.follow_up_files import FILE, RuleFile, parameter_keys, read_rules, shipped_rules

AHEAD = timedelta(days=14)
"""Windows that open later than this are not made yet."""
COPY_KEY = f"plan.{FILE}"
"""Where it is written which copy of the rules the school uses."""


@dataclass(frozen=True)
class Reason:
    """Why a series exists, and who sees to it."""

    student_id: str
    origin: FollowUpOrigin
    origin_id: str | None
    counsellor_id: str


@dataclass(frozen=True)
class Calendar:
    """What due days are found with: the school's days, its rules, and today."""

    days: SchoolDays
    rules: dict[str, FollowUpRule]
    school_type: SchoolType
    today: date


@dataclass(frozen=True)
class Coming:
    """What comes next of a series whose last task is `last_id`."""

    last_id: str
    rule: FollowUpRule
    dues: tuple[Due, ...]


class _Task(NamedTuple):
    """What going on needs of a task; the names are those of the columns."""

    id: str
    student_id: str
    rule: str
    origin: FollowUpOrigin
    origin_id: str | None
    nth: int
    opens_on: date
    due_on: date
    state: TaskState


def calendar(work: Work) -> Calendar:
    """Return the calendar and the rules that hold now."""
    marked = work.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.kind.in_([DayKind.HOLIDAY, DayKind.MAKE_UP]))
    ).all()
    days = SchoolDays(
        work.terms(),
        frozenset(day for day, kind in marked if kind is DayKind.HOLIDAY),
        frozenset(day for day, kind in marked if kind is DayKind.MAKE_UP),
    )
    numbers = {key: parameter_values.number(work, key) for key in parameter_keys()}
    rules = {rule.key: rule for rule in rules_in_use(work).in_force(numbers)}
    school_type = work.session.scalar(select(School.school_type)) or SchoolType.SENIOR
    return Calendar(days, rules, school_type, work.now.date())


def rules_in_use(work: Work) -> RuleFile:
    """Return the school's own copy of the rules if it uses one, else the shipped ones."""
    chosen = work.session.get(Parameter, COPY_KEY)
    row = None if chosen is None else work.session.get(FormInUse, str(chosen.value))
    return shipped_rules() if row is None else _own_rules(row.source)


def begin(
    work: Work,
    actor: Actor,
    reason: Reason,
    rules: Sequence[FollowUpRule],
    on: date,
    calendar: Calendar,
) -> dict[str, str]:
    """Begin the series of some rules and return the id of the first task of each, by rule.

    A series that runs already is left alone; one that was ended goes on with its numbers from `on`.
    """
    first = {}
    for rule in rules:
        made = _made(work, rule.key, reason.origin, reason.origin_id, reason.student_id)
        if made and not made[-1].ended:
            continue
        nth = made[-1].nth + 1 if made else 1
        dues = due_days(rule, on, calendar.days, calendar.today + AHEAD, first_nth=nth)
        rows = [_insert(work, actor, reason, rule, due) for due in dues]
        if rows:
            first[rule.key] = rows[0].id
    return first


def go_on(work: Work, actor: Actor, coming: Coming) -> int:
    """Make what comes next of a series and return how many tasks were made."""
    last = work.session.get_one(FollowUpTask, coming.last_id)
    reason = Reason(last.student_id, last.origin, last.origin_id, last.owner_id or actor.person_id)
    for due in coming.dues:
        _insert(work, actor, reason, coming.rule, due)
    return len(coming.dues)


def end(
    work: Work,
    actor: Actor,
    tasks: Sequence[FollowUpTask],
    note: str,
    calendar: Calendar,
    replaced: dict[str, str] | None = None,
) -> int:
    """End the series that some last tasks stand for: what is open is closed with a note. Returns how many were closed.

    Args:
        work: the piece of work.
        actor: who ends them.
        tasks: the last task of each series.
        note: why.
        calendar: what due days are found with.
        replaced: the task that takes the place of a rule's, by rule.
    """
    closed = 0
    for last in tasks:
        open_ones = work.session.scalars(
            _series(last.rule, last.origin, last.origin_id, last.student_id).where(FollowUpTask.state == TaskState.OPEN)
        ).all()
        for row in open_ones:
            close(work, actor, row, TaskState.ENDED, note)
            row.replaced_by = (replaced or {}).get(row.rule)
            closed += 1
        if last.state is not TaskState.OPEN and last.state is not TaskState.ENDED:
            _end_what_is_not_made_yet(work, actor, last, note, calendar)
    return closed


def close(work: Work, actor: Actor, row: FollowUpTask, state: TaskState, reason: str | None) -> None:
    """Settle an open task."""
    row.state, row.close_reason = state, reason
    row.closed_at, row.closed_by = work.now, actor.account_id
    work.touch(row, actor)


def last_tasks(
    work: Work,
    student_id: str,
    origin: FollowUpOrigin | None = None,
    origin_id: str | None = None,
    kind: RuleKind | None = None,
    rules: dict[str, FollowUpRule] | None = None,
) -> list[FollowUpTask]:
    """Return the last task of each series of a student that was not ended.

    Args:
        work: the piece of work.
        student_id: whose.
        origin: only those of this origin.
        origin_id: only those of this record.
        kind: only those whose rule is of this kind; needs `rules`.
        rules: the rules that hold.
    """
    query = select(FollowUpTask).where(FollowUpTask.student_id == student_id, FollowUpTask.voided_at.is_(None))
    if origin is not None:
        query = query.where(FollowUpTask.origin == origin)
    if origin_id is not None:
        query = query.where(FollowUpTask.origin_id == origin_id)
    last: dict[tuple[str, str, str | None], FollowUpTask] = {}
    for row in work.session.scalars(query.order_by(FollowUpTask.nth, FollowUpTask.created_at)):
        last[row.rule or row.id, row.origin, row.origin_id] = row
    found = [row for row in last.values() if row.state is not TaskState.ENDED]
    if kind is not None:
        found = [row for row in found if row.rule in (rules or {}) and (rules or {})[row.rule].kind is kind]
    return found


def coming_next(
    work: Work, calendar: Calendar, after: str, students: int, most: int
) -> tuple[list[Coming], str | None]:
    """Return the series that go on now, of some students at a time.

    Series of a tier that does not hold any more, ended ones and tasks made by hand are left out. The tasks of a
    student lie together in the index, and what comes next is worked out from them here: asking the database for the
    last task of each series took minutes at 20,000 tasks.

    Args:
        work: the piece of work.
        calendar: what due days are found with.
        after: id of the last student looked at, empty at the beginning.
        students: how many students are looked at.
        most: once so many series go on, the rest is left to the next time.

    Returns:
        The series, and the id to begin after the next time; None when all were looked at.
    """
    ids = work.session.scalars(
        select(FollowUpTask.student_id)
        .where(FollowUpTask.student_id > after)
        .distinct()
        .order_by(FollowUpTask.student_id)
        .limit(students)
    ).all()
    if not ids:
        return [], None
    found: list[Coming] = []
    reached = after
    for student_id, series in _series_by_student(work, ids[0], ids[-1]):
        found += [each for tasks in series for each in _next_of(tasks, calendar)]
        reached = student_id
        if len(found) >= most:
            break
    else:
        reached = ids[-1]
    return found, None if len(ids) < students and reached == ids[-1] else reached


def _series_by_student(work: Work, first: str, last: str) -> Iterator[tuple[str, list[list[_Task]]]]:
    """Yield the series that may go on of each student from the first to the last, their tasks in order."""
    holding = set(
        work.session.scalars(
            select(TierRecord.id).where(
                TierRecord.student_id >= first,
                TierRecord.student_id <= last,
                TierRecord.state == TierState.CONFIRMED,
            )
        )
    )
    rows = work.session.execute(
        select(*(getattr(FollowUpTask, name) for name in _Task._fields))
        .where(
            FollowUpTask.student_id >= first,
            FollowUpTask.student_id <= last,
            FollowUpTask.voided_at.is_(None),
            FollowUpTask.rule != "",
            FollowUpTask.origin != FollowUpOrigin.HAND,
        )
        .order_by(FollowUpTask.student_id, FollowUpTask.nth)
    )
    for student_id, tasks in groupby((_Task(*row) for row in rows), lambda task: task.student_id):
        series: dict[tuple[str, FollowUpOrigin, str | None], list[_Task]] = {}
        for task in tasks:
            if task.origin is not FollowUpOrigin.TIER or task.origin_id in holding:
                series.setdefault((task.rule, task.origin, task.origin_id), []).append(task)
        yield student_id, list(series.values())


def _next_of(tasks: list[_Task], calendar: Calendar) -> Iterator[Coming]:
    last, rule = tasks[-1], calendar.rules.get(tasks[-1].rule)
    step = None if rule is None else soonest_next(rule)
    horizon = calendar.today + AHEAD
    if rule is None or step is None or last.state is TaskState.ENDED or last.opens_on + timedelta(days=step) > horizon:
        return
    made = [Made(task.nth, task.opens_on, task.due_on, task.state is TaskState.ENDED) for task in tasks]
    dues = further(rule, made, calendar.days, horizon)
    if dues:
        yield Coming(last.id, rule, dues)


def reopen(work: Work, actor: Actor, row: FollowUpTask, reason: str) -> FollowUpTask:
    """Void a settled task and set an open copy in its place; what is settled never changes otherwise."""
    copy = FollowUpTask(
        **work.common(actor, row.secrecy, row.due_on),
        rule=row.rule,
        student_id=row.student_id,
        origin=row.origin,
        origin_id=row.origin_id,
        task=row.task,
        owner_role=row.owner_role,
        owner_id=row.owner_id,
        nth=row.nth,
        opens_on=row.opens_on,
        due_on=row.due_on,
        is_safety=row.is_safety,
        state=TaskState.OPEN,
    )
    void(work, actor, row, reason)
    work.session.add(copy)
    work.changed("follow_up_task", copy.id)
    work.session.flush()
    return copy


def void(work: Work, actor: Actor, row: FollowUpTask, reason: str) -> None:
    """Void a task as a whole."""
    row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, reason
    work.touch(row, actor)


def closed_at(work: Work, student_id: str, at: datetime) -> list[FollowUpTask]:
    """Return the tasks of a student that were ended at one moment, which is how one change is found again."""
    return list(
        work.session.scalars(
            select(FollowUpTask).where(
                FollowUpTask.student_id == student_id,
                FollowUpTask.closed_at == at,
                FollowUpTask.state == TaskState.ENDED,
                FollowUpTask.voided_at.is_(None),
            )
        )
    )


@lru_cache(maxsize=4)
def _own_rules(source: str) -> RuleFile:
    return read_rules(source, FILE, original=shipped_rules())


def _series(rule: str, origin: FollowUpOrigin, origin_id: str | None, student_id: str) -> Select[FollowUpTask]:
    return select(FollowUpTask).where(
        FollowUpTask.student_id == student_id,
        FollowUpTask.rule == rule,
        FollowUpTask.origin == origin,
        FollowUpTask.origin_id.is_(origin_id) if origin_id is None else FollowUpTask.origin_id == origin_id,
        FollowUpTask.voided_at.is_(None),
    )


def _made(work: Work, rule: str, origin: FollowUpOrigin, origin_id: str | None, student_id: str) -> list[Made]:
    work.session.flush()
    rows = work.session.scalars(_series(rule, origin, origin_id, student_id).order_by(FollowUpTask.nth))
    return [Made(row.nth, row.opens_on, row.due_on, row.state is TaskState.ENDED) for row in rows]


def _end_what_is_not_made_yet(work: Work, actor: Actor, last: FollowUpTask, note: str, calendar: Calendar) -> None:
    """Leave an ended task for the window after the last one, so that the series does not go on by itself."""
    rule = calendar.rules.get(last.rule)
    if rule is None:
        return
    made = _made(work, last.rule, last.origin, last.origin_id, last.student_id)
    far = calendar.today + timedelta(days=400)
    coming = next(iter(further(rule, made, calendar.days, far)), None)
    if coming is None:
        return
    reason = Reason(last.student_id, last.origin, last.origin_id, last.owner_id or actor.person_id)
    row = _insert(work, actor, reason, rule, coming)
    close(work, actor, row, TaskState.ENDED, note)


def _insert(work: Work, actor: Actor, reason: Reason, rule: FollowUpRule, due: Due) -> FollowUpTask:
    row = FollowUpTask(
        **work.common(actor, Secrecy.S2, due.due_on),
        rule=rule.key,
        student_id=reason.student_id,
        origin=reason.origin,
        origin_id=reason.origin_id,
        task=rule.task,
        owner_role=rule.who,
        owner_id=reason.counsellor_id,
        nth=due.nth,
        opens_on=due.opens_on,
        due_on=due.due_on,
        is_safety=rule.kind is RuleKind.SAFETY,
        state=TaskState.OPEN,
    )
    work.session.add(row)
    work.changed("follow_up_task", row.id)
    return row
