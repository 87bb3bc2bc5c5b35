"""The care of one student in one read: the tier that holds, what is proposed, the rules that run, the open tasks.

The record, the board and the dialogs of tiers and follow-up ask here, so that none of them asks twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.care import FollowUpTask, TierRecord
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.care_words import FollowUpOrigin, TaskState, TierState
from counselroom.rules.follow_up import FollowUpRule, Per
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, follow_up_rows
from counselroom.services.desk import Desk, Work
from counselroom.services.follow_up_views import TaskView, load_task, task_views
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.services.tier_views import TierView, tier_view


@dataclass(frozen=True)
class PlanLine:
    """A rule that runs for a student.

    Attributes:
        rule: its key, `FR-07`.
        times: how often in `per`.
        until: when it ends, in words.
        next_on: the due day of its next open task, or None.
        open: how many tasks of it are open.
        task_id: the next open task, or the last one; what `end_plan` is asked with.
        ends_with_tier: it ends with the tier and not by itself.
        is_locked: not before its year is over (R-08).
    """

    rule: str
    about: str
    task: str
    who: str
    times: int
    per: Per
    until: str
    next_on: date | None
    open: int
    task_id: str
    ends_with_tier: bool
    is_locked: bool


@dataclass(frozen=True)
class StudentCare:
    """What runs for a student.

    Attributes:
        tier: the tier that holds, or None.
        proposal: the one that waits for a decision, or None.
        tasks: what is open, by due day.
        plan: the rules that run.
        may_direct: whether the reader decides what the director decides.
    """

    student_id: str
    student_name: str
    student_no: str | None
    class_name: str
    tier: TierView | None
    proposal: TierView | None
    tasks: tuple[TaskView, ...]
    plan: tuple[PlanLine, ...]
    may_direct: bool


@dataclass(frozen=True)
class Counsellor:
    """Somebody who can see to a student."""

    id: str
    name: str


def student_care(actor: Actor, desk: Desk, student_id: str) -> StudentCare:
    """Return what runs for a student.

    Raises:
        UserError: there is no such student.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("tier_record", secrecy=Secrecy.S2), work)
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        found = work.session.execute(
            select(Person.name, Student.student_no, CLASS_WORDS)
            .join(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(Student.id == student_id, Student.voided_at.is_(None))
        ).first()
        if found is None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        work.audit(actor, Action.READ, "tier_record", student_id)
        tiers = {
            row.state: row
            for row in work.session.scalars(
                select(TierRecord).where(
                    TierRecord.student_id == student_id,
                    TierRecord.state.in_([TierState.PROPOSED, TierState.CONFIRMED]),
                    TierRecord.voided_at.is_(None),
                )
            )
        }
        rows = work.session.scalars(
            select(FollowUpTask)
            .where(FollowUpTask.student_id == student_id, FollowUpTask.voided_at.is_(None))
            .order_by(FollowUpTask.due_on, FollowUpTask.rule, FollowUpTask.id)
        ).all()
        holds = tiers.get(TierState.CONFIRMED)
        proposed = tiers.get(TierState.PROPOSED)
        rules = follow_up_rows.calendar(work).rules
        return StudentCare(
            student_id,
            found[0],
            found[1],
            found[2] or "",
            None if holds is None else tier_view(work, actor, holds),
            None if proposed is None else tier_view(work, actor, proposed),
            task_views(work, [row for row in rows if row.state is TaskState.OPEN]),
            _plan(rows, rules, None if holds is None else holds.id),
            Role.CENTER_DIRECTOR in actor.roles,
        )


def one_tier(actor: Actor, desk: Desk, tier_id: str) -> TierView:
    """Return one tier record.

    Raises:
        UserError: there is none.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("tier_record", tier_id, Secrecy.S2), work)
        row = work.session.get(TierRecord, tier_id)
        if row is None or row.voided_at is not None:
            raise UserError(_("There is no such tier record."), _("Nothing was changed."))
        work.audit(actor, Action.READ, "tier_record", row.student_id)
        return tier_view(work, actor, row)


def one_task(actor: Actor, desk: Desk, task_id: str) -> TaskView:
    """Return one follow-up task.

    Raises:
        UserError: there is none.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", task_id, Secrecy.S2), work)
        return task_views(work, [load_task(work, task_id, None)])[0]


def _plan(rows: Sequence[FollowUpTask], rules: Mapping[str, FollowUpRule], tier_id: str | None) -> tuple[PlanLine, ...]:
    """Return the rules that run, by number; those of a tier that does not hold any more do not."""
    series: dict[tuple[str, FollowUpOrigin, str | None], list[FollowUpTask]] = {}
    for row in rows:
        is_of_old_tier = row.origin is FollowUpOrigin.TIER and row.origin_id != tier_id
        if row.rule in rules and row.origin is not FollowUpOrigin.HAND and not is_of_old_tier:
            series.setdefault((row.rule, row.origin, row.origin_id), []).append(row)
    lines = []
    for (key, origin, _origin_id), tasks in series.items():
        rule, last = rules[key], max(tasks, key=lambda task: task.nth)
        open_ones = [task for task in tasks if task.state is TaskState.OPEN]
        if last.state is TaskState.ENDED or (not open_ones and rule.per in (Per.ONCE, Per.NEED)):
            continue
        following = open_ones[0] if open_ones else None
        lines.append(
            PlanLine(
                key,
                rule.about,
                rule.task,
                rule.who,
                rule.times,
                rule.per,
                rule.ends,
                None if following is None else following.due_on,
                len(open_ones),
                (following or last).id,
                origin is FollowUpOrigin.TIER,
                rule.locked,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.rule, line.next_on or date.max)))


def counsellors_here(work: Work) -> tuple[Counsellor, ...]:
    """Return who sees to open tasks, by name; asked within an allowed piece of work."""
    owners = (
        select(FollowUpTask.owner_id)
        .where(FollowUpTask.state == TaskState.OPEN, FollowUpTask.voided_at.is_(None))
        .distinct()
    )
    rows = work.session.execute(select(Person.id, Person.name).where(Person.id.in_(owners)).order_by(Person.name))
    return tuple(Counsellor(person_id, name) for person_id, name in rows)
