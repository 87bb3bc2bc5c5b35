"""Plans of follow-up: begun and ended by hand, gone on with as time passes, and the school's own copy of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.care import FollowUpTask
from counselroom.model.office import FormInUse, Parameter
from counselroom.model.people import Student
from counselroom.rules.access import Action, Actor, Refusal, Role, Subject
from counselroom.rules.care_words import FollowUpOrigin, TaskState
from counselroom.rules.follow_up import FollowUpRule, Made, Situation, ends_early, rules_for
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, follow_up_rows
from counselroom.services.changes import Done
from counselroom.services.desk import AccessDenied, Desk
from counselroom.services.follow_up_files import FILE, read_rules, shipped_rules
from counselroom.services.follow_up_rows import Reason
from counselroom.services.follow_up_views import TaskView, load_task, task_subject, task_views

_END = "end_plan"
_STUDENTS = 250
"""Students whose series are looked at in one piece of work."""
_AT_ONCE = 25
"""Series after which a piece of work goes on no further."""


@dataclass(frozen=True)
class GoneOn:
    """One piece of going on; `after` is the student it reached, or None when all were looked at."""

    made: int
    after: str | None


def begin_plan(
    actor: Actor,
    desk: Desk,
    student_id: str,
    situation: Situation,
    on: date,
    origin: FollowUpOrigin,
    origin_id: str | None = None,
) -> Done[tuple[TaskView, ...]]:
    """Begin the rules of a situation by hand, such as a second test after a screening (FR-05).

    Raises:
        UserError: nothing begins in this situation here, the day is to come, or it was begun already.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("follow_up_task", "", Secrecy.S2, actor.person_id), work)
        if on > work.now.date():
            raise UserError(_("A plan cannot begin on a day to come."), _("Nothing was changed."))
        if work.session.get(Student, student_id) is None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        calendar = follow_up_rows.calendar(work)
        rules = rules_for(list(calendar.rules.values()), situation, calendar.school_type)
        reason = Reason(student_id, origin, origin_id, actor.person_id)
        first = follow_up_rows.begin(work, actor, reason, rules, on, calendar)
        if not first:
            raise UserError(_("This follow-up runs already."), _("Nothing was changed."))
        work.session.flush()
        rows = [work.session.get_one(FollowUpTask, task_id) for task_id in first.values()]
        return Done(task_views(work, rows), work.changes())


def end_plan(actor: Actor, desk: Desk, task_id: str, reason: str) -> Done[int]:
    """End the series a task belongs to, with a reason: what is open of it is closed.

    Raises:
        AccessDenied: the actor is not the director (SYS-34).
        UserError: no reason is given, the series is one of a tier and ends with it, or its year is not over (R-08).
    """
    if not reason.strip():
        raise UserError(_("Please give the reason."), _("Nothing was changed."))
    with desk.change() as work:
        row = load_task(work, task_id, None)
        access.allow(actor, Action.WRITE, task_subject(work, row), work)
        if Role.CENTER_DIRECTOR not in actor.roles:
            sentence = _("The director decides about this.")
            raise AccessDenied(actor, _END, "follow_up_task", row.id, Refusal.ROLE, sentence)
        if row.origin is FollowUpOrigin.TIER:
            raise UserError(_("This follow-up ends with the tier."), _("Nothing was changed."))
        calendar = follow_up_rows.calendar(work)
        mine = work.session.scalars(
            select(FollowUpTask)
            .where(
                FollowUpTask.student_id == row.student_id,
                FollowUpTask.rule == row.rule,
                FollowUpTask.origin == row.origin,
                FollowUpTask.origin_id.is_(row.origin_id)
                if row.origin_id is None
                else FollowUpTask.origin_id == row.origin_id,
                FollowUpTask.voided_at.is_(None),
            )
            .order_by(FollowUpTask.nth)
        ).all()
        made = [Made(each.nth, each.opens_on, each.due_on, each.state is TaskState.ENDED) for each in mine]
        rule = calendar.rules.get(row.rule)
        if rule is not None and ends_early(rule, made, work.now.date()):
            raise UserError(
                _("This follow-up goes on for its whole year."),
                _("Nothing was changed."),
                _("A single task can be waived by the director, with a reason."),
            )
        closed = follow_up_rows.end(work, actor, mine[-1:], reason.strip(), calendar)
        return Done(closed, work.changes())


def go_on(actor: Actor, desk: Desk, after: str = "") -> Done[GoneOn]:
    """Make the tasks that come next, of some students at a time; called again with `after` until that is None.

    Done after each unlocking and at midnight, so that no task is missing when its window opens.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        calendar = follow_up_rows.calendar(work)
        coming, reached = follow_up_rows.coming_next(work, calendar, after, _STUDENTS, _AT_ONCE)
        made = sum(follow_up_rows.go_on(work, actor, each) for each in coming)
        return Done(GoneOn(made, reached), work.changes())


def rules(actor: Actor, desk: Desk) -> tuple[FollowUpRule, ...]:
    """Return the follow-up rules that hold now."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("parameter"), work)
        return tuple(follow_up_rows.calendar(work).rules.values())


def use_school_rules(actor: Actor, desk: Desk, source: str, file: str) -> Done[str]:
    """Use the school's own copy of the rules for everything that is new (R-17), and return its hash.

    Raises:
        RulesRefused: the copy is not well made, or asks for less without a reason; with file, line and reason.
    """
    copy = read_rules(source, file, original=shipped_rules())
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("form_in_use", copy.sha256), work)
        if work.session.get(FormInUse, copy.sha256) is None:
            work.session.add(
                FormInUse(
                    hash=copy.sha256,
                    form_id=FILE,
                    version=copy.version,
                    source=copy.source,
                    first_used_at=work.now,
                )
            )
        row = work.session.get(Parameter, follow_up_rows.COPY_KEY)
        if row is None:
            row = Parameter(key=follow_up_rows.COPY_KEY, value=copy.sha256, changed_at=work.now, changed_by="")
            work.session.add(row)
        row.value, row.changed_at, row.changed_by = copy.sha256, work.now, actor.account_id
        work.changed("form_in_use", copy.sha256)
        return Done(copy.sha256, work.changes())
