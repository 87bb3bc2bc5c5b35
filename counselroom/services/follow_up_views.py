"""Follow-up tasks as lists show them, for the services that settle, begin and end them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.care import FollowUpTask, TierRecord
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Subject
from counselroom.rules.care_words import CareTier, FollowUpOrigin, TaskState, TierState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import follow_up_rows
from counselroom.services.desk import Work
from counselroom.services.rows import moved_on
from counselroom.services.student_rows import CLASS_WORDS, GRADE


@dataclass(frozen=True)
class TaskView:
    """A follow-up task as the board shows it.

    Attributes:
        rule: `FR-20`; empty for one made by hand.
        tier: the tier the student is in now.
        who: who does it, in words.
        owner_id: the counsellor who sees to it.
        days_over: by how many days it is overdue; 0 while it is not, or settled.
        is_locked: one of those that only the director waives one by one within the year (R-08).
        seen: when the row was last changed.
    """

    id: str
    rule: str
    student_id: str
    student_name: str
    student_no: str | None
    class_name: str
    tier: CareTier | None
    task: str
    who: str
    owner_id: str | None
    owner_name: str
    origin: FollowUpOrigin
    origin_id: str | None
    nth: int
    opens_on: date
    due_on: date
    state: TaskState
    days_over: int
    is_safety: bool
    is_locked: bool
    closed_at: datetime | None
    close_reason: str | None
    seen: datetime


def load_task(work: Work, task_id: str, seen: datetime | None) -> FollowUpTask:
    """Return the row of a task. Raises UserError when there is none, or it has moved on since `seen`."""
    row = work.session.get(FollowUpTask, task_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such task."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def refuse_settled(work: Work, row: FollowUpTask) -> None:
    """Refuse to settle a task twice. Raises UserError."""
    del work
    if row.state is not TaskState.OPEN:
        raise UserError(_("This task is settled already."), _("Nothing was changed."))


def task_subject(work: Work, row: FollowUpTask) -> Subject:
    """Return a task as the access rules see it."""
    del work
    return Subject("follow_up_task", row.id, Secrecy.S2, row.owner_id)


def task_views(work: Work, rows: Sequence[FollowUpTask]) -> tuple[TaskView, ...]:
    """Return tasks as the board shows them, in the order of `rows`."""
    if not rows:
        return ()
    people = {row.student_id for row in rows}
    students = {
        person_id: (name, number, class_name or "")
        for person_id, name, number, class_name in work.session.execute(
            select(Person.id, Person.name, Student.student_no, CLASS_WORDS)
            .join(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(Person.id.in_(people))
        )
    }
    holding = select(TierRecord.student_id, TierRecord.tier).where(
        TierRecord.student_id.in_(people), TierRecord.state == TierState.CONFIRMED, TierRecord.voided_at.is_(None)
    )
    tiers = {row[0]: row[1] for row in work.session.execute(holding)}
    staff = select(Person.id, Person.name).where(Person.id.in_(select(Account.person_id)))
    owners = {found.id: found.name for found in work.session.execute(staff)}
    locked = {entry.key for entry in follow_up_rows.rules_in_use(work).entries if entry.locked}
    today = work.now.date()
    return tuple(
        TaskView(
            id=row.id,
            rule=row.rule,
            student_id=row.student_id,
            student_name=students[row.student_id][0],
            student_no=students[row.student_id][1],
            class_name=students[row.student_id][2],
            tier=tiers.get(row.student_id),
            task=row.task,
            who=row.owner_role,
            owner_id=row.owner_id,
            owner_name=owners.get(row.owner_id or "", ""),
            origin=row.origin,
            origin_id=row.origin_id,
            nth=row.nth,
            opens_on=row.opens_on,
            due_on=row.due_on,
            state=row.state,
            days_over=max(0, (today - row.due_on).days) if row.state is TaskState.OPEN else 0,
            is_safety=row.is_safety,
            is_locked=row.rule in locked,
            closed_at=row.closed_at,
            close_reason=row.close_reason,
            seen=row.updated_at,
        )
        for row in rows
    )
