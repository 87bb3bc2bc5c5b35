"""Follow-up tasks (SYS-34): the board, done, missed, waived, and what was found. Their days come from the rules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.care import FollowUpRecord, FollowUpTask
from counselroom.model.people import Person, Student
from counselroom.rules.access import Action, Actor, Refusal, Role, Subject
from counselroom.rules.care_words import FollowUpMode, FollowUpOrigin, TaskState
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, follow_up_rows
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import AccessDenied, Desk, Work
from counselroom.services.follow_up_views import TaskView, load_task, refuse_settled, task_subject, task_views

_WAIVE = "waive_task"
_RISKY = (RiskLevel.MODERATE, RiskLevel.SEVERE)


@dataclass(frozen=True)
class FollowUpData:
    """What was found (F-51). `risk` of moderate or worse asks for an assessment."""

    held_on: date
    mode: FollowUpMode
    risk: RiskLevel = RiskLevel.NONE
    done_by: str | None = None
    mood: str | None = None
    sleep: str | None = None
    study: str | None = None
    social: str | None = None
    family: str | None = None
    peers_say: str | None = None
    change: str | None = None
    measures: str | None = None
    tier_change_wanted: bool = False
    next_on: date | None = None


@dataclass(frozen=True)
class FollowUpDone:
    """A task that was done; `wants_assessment` when what was found asks for the risk assessment (SYS-34)."""

    task: TaskView
    record_id: str
    wants_assessment: bool


@dataclass(frozen=True)
class RecordView:
    """A follow-up record as it is read."""

    id: str
    task_id: str | None
    counsellor_name: str
    data: FollowUpData


def board(
    actor: Actor, desk: Desk, until: date | None = None, owner_id: str | None = None, limit: int = 500
) -> tuple[TaskView, ...]:
    """Return what is open and due by a day, the most overdue first.

    Args:
        actor: who looks.
        desk: the desk.
        until: the last due day, today if not given.
        owner_id: only what this counsellor sees to, or None for all.
        limit: rows at most.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        query = (
            select(FollowUpTask)
            .where(
                FollowUpTask.state == TaskState.OPEN,
                FollowUpTask.voided_at.is_(None),
                FollowUpTask.due_on <= (until or work.now.date()),
            )
            .order_by(FollowUpTask.due_on, FollowUpTask.id)
            .limit(limit)
        )
        if owner_id is not None:
            query = query.where(FollowUpTask.owner_id == owner_id)
        return task_views(work, work.session.scalars(query).all())


def tasks_of(actor: Actor, desk: Desk, student_id: str, *, only_open: bool = False) -> tuple[TaskView, ...]:
    """Return a student's tasks by their day; a task says nothing secret."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        query = (
            select(FollowUpTask)
            .where(FollowUpTask.student_id == student_id, FollowUpTask.voided_at.is_(None))
            .order_by(FollowUpTask.due_on, FollowUpTask.rule, FollowUpTask.id)
        )
        if only_open:
            query = query.where(FollowUpTask.state == TaskState.OPEN)
        return task_views(work, work.session.scalars(query).all())


def finish_task(
    actor: Actor, desk: Desk, task_id: str, data: FollowUpData, seen: datetime | None = None
) -> Done[FollowUpDone]:
    """Say that a task was done and what was found.

    Raises:
        UserError: it is settled already, was done on a day to come, or has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_task(work, task_id, seen)
        access.allow(actor, Action.WRITE, task_subject(work, row), work)
        refuse_settled(work, row)
        if data.held_on > work.now.date():
            raise UserError(_("A follow-up cannot have been done on a day to come."), _("Nothing was changed."))
        record_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("follow_up_record", record_id, Secrecy.S3, actor.person_id), work)
        values = {each.name: getattr(data, each.name) for each in fields(FollowUpData)}
        record = FollowUpRecord(
            **work.common(actor, Secrecy.S3, data.held_on, row_id=record_id),
            task_id=row.id,
            student_id=row.student_id,
            counsellor_id=actor.person_id,
            **values,
        )
        work.session.add(record)
        work.changed("follow_up_record", record_id)
        follow_up_rows.close(work, actor, row, TaskState.DONE, None)
        work.session.flush()
        done = FollowUpDone(task_views(work, [row])[0], record_id, data.risk in _RISKY)
        return Done(done, work.changes(_undo(work, row, _("The follow-up was recorded."))))


def miss_task(actor: Actor, desk: Desk, task_id: str, reason: str, seen: datetime | None = None) -> Done[TaskView]:
    """Say that a task was missed and why.

    Raises:
        UserError: no reason is given, its day is not over, or it is settled already.
    """
    if not reason.strip():
        raise UserError(_("Please give the reason."), _("Nothing was changed."))
    with desk.change() as work:
        row = load_task(work, task_id, seen)
        access.allow(actor, Action.WRITE, task_subject(work, row), work)
        refuse_settled(work, row)
        if row.due_on >= work.now.date():
            raise UserError(_("Its day is not over yet; it can still be done."), _("Nothing was changed."))
        follow_up_rows.close(work, actor, row, TaskState.MISSED, reason.strip())
        work.session.flush()
        return Done(task_views(work, [row])[0], work.changes(_undo(work, row, _("The task was marked as missed."))))


def waive_task(actor: Actor, desk: Desk, task_id: str, reason: str, seen: datetime | None = None) -> Done[TaskView]:
    """Let one task be, with a reason; only the director may, one task at a time (R-08).

    Raises:
        AccessDenied: the actor is not the director.
        UserError: no reason is given, or it is settled already.
    """
    if not reason.strip():
        raise UserError(_("Please give the reason."), _("Nothing was changed."))
    with desk.change() as work:
        row = load_task(work, task_id, seen)
        access.allow(actor, Action.WRITE, task_subject(work, row), work)
        if Role.CENTER_DIRECTOR not in actor.roles:
            sentence = _("Only the director may waive a follow-up.")
            raise AccessDenied(actor, _WAIVE, "follow_up_task", row.id, Refusal.ROLE, sentence)
        refuse_settled(work, row)
        follow_up_rows.close(work, actor, row, TaskState.WAIVED, reason.strip())
        work.session.flush()
        return Done(task_views(work, [row])[0], work.changes(_undo(work, row, _("The follow-up was waived."))))


def reopen_task(actor: Actor, desk: Desk, task_id: str, seen: datetime | None = None) -> Done[TaskView]:
    """Take a settled task back: it is voided with its record, and an open one stands in its place.

    Raises:
        UserError: it is open, was ended with its series, or has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_task(work, task_id, seen)
        access.allow(actor, Action.WRITE, task_subject(work, row), work)
        if row.state in (TaskState.OPEN, TaskState.ENDED):
            raise UserError(_("This task cannot be opened again."), _("Nothing was changed."))
        for record in work.session.scalars(
            select(FollowUpRecord).where(FollowUpRecord.task_id == row.id, FollowUpRecord.voided_at.is_(None))
        ).all():
            owned = Subject("follow_up_record", record.id, Secrecy.S3, record.counsellor_id)
            access.allow(actor, Action.WRITE, owned, work)
            record.voided_at, record.voided_by, record.void_reason = work.now, actor.account_id, "撤销"
            work.touch(record, actor)
        copy = follow_up_rows.reopen(work, actor, row, "撤销")
        return Done(task_views(work, [copy])[0], work.changes())


def add_task(
    actor: Actor, desk: Desk, student_id: str, task: str, due_on: date, who: str = "", rule: str = ""
) -> Done[TaskView]:
    """Set a task by hand, such as a visit to the hospital as needed (FR-03).

    Raises:
        UserError: it says nothing, its day is over, or there is no such student or rule.
    """
    if not task.strip():
        raise UserError(_("Please say what is to be done."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("follow_up_task", "", Secrecy.S2, actor.person_id), work)
        if due_on < work.now.date():
            raise UserError(_("This day is over already."), _("Nothing was changed."))
        if work.session.get(Student, student_id) is None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        known = follow_up_rows.calendar(work).rules.get(rule) if rule else None
        if rule and (known is None or known.makes_tasks):
            raise UserError(_("This rule makes its tasks by itself."), _("Nothing was changed."))
        row = FollowUpTask(
            **work.common(actor, Secrecy.S2, due_on),
            rule=rule,
            student_id=student_id,
            origin=FollowUpOrigin.HAND,
            origin_id=None,
            task=task.strip(),
            owner_role=who.strip() or (known.who if known is not None else ""),
            owner_id=actor.person_id,
            nth=1,
            opens_on=work.now.date(),
            due_on=due_on,
            is_safety=known is not None,
            state=TaskState.OPEN,
        )
        work.session.add(row)
        work.changed("follow_up_task", row.id)
        work.session.flush()
        undo = Undo(_("The task was added."), "withdraw_task", {"task_id": row.id, "seen": work.now})
        return Done(task_views(work, [row])[0], work.changes(undo))


def withdraw_task(actor: Actor, desk: Desk, task_id: str, seen: datetime | None = None) -> Done[None]:
    """Take back a task that was set by hand and is still open.

    Raises:
        UserError: it was made by a rule, is settled, or has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_task(work, task_id, seen)
        access.allow(actor, Action.WRITE, task_subject(work, row), work)
        refuse_settled(work, row)
        if row.origin is not FollowUpOrigin.HAND:
            raise UserError(_("A task of a rule is waived by the director, not taken back."), _("Nothing was changed."))
        follow_up_rows.void(work, actor, row, "撤销")
        return Done(None, work.changes())


def records_of(actor: Actor, desk: Desk, student_id: str) -> tuple[RecordView, ...]:
    """Return what was found in the follow-ups of a student that the actor may read, the newest first.

    Each record read leaves an audit row.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        rows = work.session.execute(
            select(FollowUpRecord, Person.name)
            .join(Person, Person.id == FollowUpRecord.counsellor_id)
            .where(FollowUpRecord.student_id == student_id, FollowUpRecord.voided_at.is_(None))
            .order_by(FollowUpRecord.held_on.desc(), FollowUpRecord.created_at.desc())
        ).all()
        found = []
        for row, name in rows:
            subject = Subject("follow_up_record", row.id, Secrecy.S3, row.counsellor_id)
            if not access.judge(actor, Action.READ, subject, work).allowed:
                continue
            access.allow(actor, Action.READ, subject, work)
            values = {each.name: getattr(row, each.name) for each in fields(FollowUpData)}
            found.append(RecordView(row.id, row.task_id, name, FollowUpData(**values)))
        return tuple(found)


def _undo(work: Work, row: FollowUpTask, sentence: str) -> Undo:
    return Undo(sentence, "reopen_task", {"task_id": row.id, "seen": work.now})
