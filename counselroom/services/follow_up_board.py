"""The board of all follow-up tasks: overdue, this week, later, by tier, counsellor and class, in one read (SYS-34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select

from counselroom.model.care import FollowUpTask, TierRecord
from counselroom.model.people import Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.care_words import CareTier, TaskState, TierState
from counselroom.rules.school import unit_order
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.follow_up_views import TaskView, task_views
from counselroom.services.student_care import Counsellor, counsellors_here
from counselroom.services.student_rows import CLASS_WORDS, GRADE

SHOWN = 300
"""Rows of one view; the count says how many there are."""


class Span(StrEnum):
    """When something is due."""

    OVERDUE = "overdue"
    WEEK = "week"
    """From today to the end of this week."""
    LATER = "later"


@dataclass(frozen=True)
class BoardFilter:
    """What the board is narrowed to; None is no filter."""

    tier: CareTier | None = None
    owner_id: str | None = None
    class_id: str | None = None


@dataclass(frozen=True)
class ClassName:
    """A class that has open tasks."""

    id: str
    name: str


@dataclass(frozen=True)
class FollowUpBoard:
    """The board.

    Attributes:
        rows: the tasks of one span, the most overdue first, at most `SHOWN`.
        counts: how many tasks each span has with this filter.
        proposals: how many proposed tiers wait for a decision.
        counsellors: who can be chosen.
        classes: which can be chosen.
    """

    rows: tuple[TaskView, ...]
    counts: dict[Span, int]
    proposals: int
    counsellors: tuple[Counsellor, ...]
    classes: tuple[ClassName, ...]


def follow_up_board(actor: Actor, desk: Desk, span: Span, narrowed: BoardFilter) -> FollowUpBoard:
    """Return the open tasks of a span with the counts of all three and what can be chosen."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        today = work.now.date()
        sunday = today + timedelta(days=6 - today.weekday())
        wanted = _conditions(narrowed)
        place = case((FollowUpTask.due_on < today, Span.OVERDUE), (FollowUpTask.due_on <= sunday, Span.WEEK))
        counted = {
            found or Span.LATER: count
            for found, count in work.session.execute(select(place, func.count()).where(*wanted).group_by(place))
        }
        rows = work.session.scalars(
            select(FollowUpTask)
            .where(*wanted, _within(span, today, sunday))
            .order_by(FollowUpTask.due_on, FollowUpTask.id)
            .limit(SHOWN)
        ).all()
        proposals = work.session.scalar(
            select(func.count())
            .select_from(TierRecord)
            .where(TierRecord.state == TierState.PROPOSED, TierRecord.voided_at.is_(None))
        )
        return FollowUpBoard(
            task_views(work, rows),
            {each: int(counted.get(each, 0)) for each in Span},
            proposals or 0,
            counsellors_here(work),
            _classes(work),
        )


def _conditions(narrowed: BoardFilter) -> list[ColumnElement[bool]]:
    wanted = [FollowUpTask.state == TaskState.OPEN, FollowUpTask.voided_at.is_(None)]
    if narrowed.owner_id is not None:
        wanted.append(FollowUpTask.owner_id == narrowed.owner_id)
    if narrowed.tier is not None:
        holding = select(TierRecord.student_id).where(
            TierRecord.tier == narrowed.tier,
            TierRecord.state == TierState.CONFIRMED,
            TierRecord.voided_at.is_(None),
        )
        wanted.append(FollowUpTask.student_id.in_(holding))
    if narrowed.class_id is not None:
        wanted.append(FollowUpTask.student_id.in_(select(Student.id).where(Student.class_id == narrowed.class_id)))
    return wanted


def _within(span: Span, today: date, sunday: date) -> ColumnElement[bool]:
    if span is Span.OVERDUE:
        return FollowUpTask.due_on < today
    if span is Span.WEEK:
        return FollowUpTask.due_on.between(today, sunday)
    return FollowUpTask.due_on > sunday


def _classes(work: Work) -> tuple[ClassName, ...]:
    ids = (
        select(Student.class_id)
        .join(FollowUpTask, FollowUpTask.student_id == Student.id)
        .where(FollowUpTask.state == TaskState.OPEN, FollowUpTask.voided_at.is_(None))
        .distinct()
    )
    rows = work.session.execute(
        select(OrgUnit.id, CLASS_WORDS).outerjoin(GRADE, GRADE.id == OrgUnit.parent_id).where(OrgUnit.id.in_(ids))
    ).all()
    return tuple(ClassName(unit, name) for unit, name in sorted(rows, key=lambda row: unit_order(row[1])))
