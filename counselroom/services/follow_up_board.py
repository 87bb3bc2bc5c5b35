"""The board of all follow-up tasks: overdue, this week, later, by tier, counsellor and class, in one read (SYS-34)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

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

PIECE = 100
"""Rows that are read at a time; the counts say how many there are."""


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
        span: the span the rows are of.
        rows: the first tasks of the span, the most overdue first.
        counts: how many tasks each span has with this filter.
        proposals: how many proposed tiers wait for a decision.
        counsellors: who can be chosen.
        classes: which can be chosen.
    """

    span: Span
    rows: tuple[TaskView, ...]
    counts: dict[Span, int]
    proposals: int
    counsellors: tuple[Counsellor, ...]
    classes: tuple[ClassName, ...]


def follow_up_board(
    actor: Actor, desk: Desk, span: Span | None, narrowed: BoardFilter, *, shown: int = PIECE
) -> FollowUpBoard:
    """Return the open tasks of a span with the counts of all three and what can be chosen.

    Args:
        actor: who looks.
        desk: the open vault.
        span: which tasks; None for what is most urgent, the overdue ones or else those of this week.
        narrowed: which of them.
        shown: how many of them at most.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        today, sunday = _week(work)
        wanted = _conditions(narrowed)
        counts = dict.fromkeys(Span, 0)
        # By day in SQL, which its index knows without the rows; which span a day is in is told here.
        days = select(FollowUpTask.due_on, func.count()).where(*wanted).group_by(FollowUpTask.due_on)
        for due_on, count in work.session.execute(days):
            counts[Span.OVERDUE if due_on < today else Span.WEEK if due_on <= sunday else Span.LATER] += count
        span = span or (Span.OVERDUE if counts[Span.OVERDUE] else Span.WEEK)
        proposals = work.session.scalar(
            select(func.count())
            .select_from(TierRecord)
            .where(TierRecord.state == TierState.PROPOSED, TierRecord.voided_at.is_(None))
        )
        return FollowUpBoard(
            span,
            _rows(work, span, wanted, 0, shown),
            counts,
            proposals or 0,
            counsellors_here(work),
            _classes(work),
        )


def more_of_board(actor: Actor, desk: Desk, span: Span, narrowed: BoardFilter, offset: int) -> tuple[TaskView, ...]:
    """Return the next piece of a span, without its first `offset` tasks."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("follow_up_task", secrecy=Secrecy.S2), work)
        return _rows(work, span, _conditions(narrowed), offset, PIECE)


def _week(work: Work) -> tuple[date, date]:
    """Return today and the last day of this week."""
    today = work.now.date()
    return today, today + timedelta(days=6 - today.weekday())


def _rows(work: Work, span: Span, wanted: list[ColumnElement[bool]], offset: int, shown: int) -> tuple[TaskView, ...]:
    rows = work.session.scalars(
        select(FollowUpTask)
        .where(*wanted, _within(span, *_week(work)))
        .order_by(FollowUpTask.due_on, FollowUpTask.id)
        .offset(offset)
        .limit(shown)
    )
    return task_views(work, rows.all())


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
    # First whose tasks they are: there are ten times as many tasks as students who have one.
    students = (
        select(FollowUpTask.student_id)
        .where(FollowUpTask.state == TaskState.OPEN, FollowUpTask.voided_at.is_(None))
        .distinct()
    )
    ids = work.session.scalars(select(Student.class_id).where(Student.id.in_(students)).distinct()).all()
    rows = work.session.execute(
        select(OrgUnit.id, CLASS_WORDS).outerjoin(GRADE, GRADE.id == OrgUnit.parent_id).where(OrgUnit.id.in_(ids))
    ).all()
    return tuple(ClassName(unit, name) for unit, name in sorted(rows, key=lambda row: unit_order(row[1])))
