"""The anonymous figures of a period within a piece of work (R-04): small counts never leave this module.

The same published numbers are what the page shows, what is printed and what is exported; a figure that is also a total
of a table is taken from the table, so that no number says more in one place than in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.care import FollowUpRecord, FollowUpTask, TierRecord
from counselroom.model.counselling import Appointment, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.care_words import CareTier, TaskState, TierState
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.people import Gender
from counselroom.rules.referral import ReferralState
from counselroom.rules.small_cells import PublishedTable, publish, publish_line
from counselroom.services import parameter_values
from counselroom.services.desk import Work

_ANSWERED = (ReferralState.FEEDBACK_RECEIVED, ReferralState.FOLLOW_UP, ReferralState.CLOSED)
_GENDERS = (Gender.MALE, Gender.FEMALE, Gender.UNKNOWN)


@dataclass(frozen=True)
class OnTime:
    """How much of what was due was done by its day; None where too little was due to say so."""

    due: int | None
    percent: int | None


@dataclass(frozen=True)
class TierCount:
    """How many students are in a tier today, and how their follow-up of the period was kept."""

    tier: CareTier
    students: int | None
    on_time: OnTime


@dataclass(frozen=True)
class Statistics:
    """The figures of a period; None stands for a count that is not told.

    Attributes:
        first: the first day.
        last: the last day, at most today.
        smallest: the least count that is shown.
        sessions: signed sessions.
        students: how many different clients they were with.
        absences: appointments nobody came to.
        referrals: referrals that were issued.
        answered: those of them with a reply.
        follow_up: what was due and done by its day.
        months: signed sessions by month, `2026-10`.
        grades: names of the grades, an empty one for clients without.
        genders: the columns of the table.
        clients: clients by grade and gender.
        tiers: the pool of today.
    """

    first: date
    last: date
    smallest: int
    sessions: int | None
    students: int | None
    absences: int | None
    referrals: int | None
    answered: int | None
    follow_up: OnTime
    months: tuple[tuple[str, int | None], ...]
    grades: tuple[str, ...]
    genders: tuple[Gender, ...]
    clients: PublishedTable | None
    tiers: tuple[TierCount, ...]


def figures(work: Work, first: date, last: date) -> Statistics:
    """Return the figures of a period, both days included. Raises UserError when it ends before it begins."""
    if last < first:
        raise UserError(_("The period ends before it begins."), _("Nothing was counted."))
    last = max(first, min(last, work.now.date()))
    smallest = parameter_values.number(work, "small_cell")
    by_month = _sessions_by_month(work, first, last)
    counts, sessions = publish_line(list(by_month.values()), smallest) if by_month else ((), 0)
    grades, table = _clients(work, first, last, smallest)
    issued, answered = _referrals(work, first, last)
    on_time, of_tiers = _on_time(_kept(work, first, last), smallest)
    # The unanswered are the rest: told only when neither part is small.
    parts, referrals = publish_line([answered, issued - answered], smallest) if issued else ((0, 0), 0)
    return Statistics(
        first=first,
        last=last,
        smallest=smallest,
        sessions=sessions,
        students=0 if table is None else table.total,
        absences=_plain(_absences(work, first, last), smallest),
        referrals=referrals,
        answered=parts[0],
        follow_up=on_time,
        months=tuple(zip(by_month, counts, strict=True)),
        grades=grades,
        genders=_GENDERS,
        clients=table,
        tiers=tuple(_tiers(work, smallest, of_tiers)),
    )


def _plain(count: int, smallest: int) -> int | None:
    """Return a count that stands alone: nothing is nobody, and a few could be recognised."""
    return None if 0 < count < smallest else count


def _sessions_by_month(work: Work, first: date, last: date) -> dict[str, int]:
    """Return the signed sessions of each month of the period, also of those without one."""
    month = func.substr(SessionRecord.held_on, 1, 7)
    rows = work.session.execute(
        select(month, func.count())
        .where(
            SessionRecord.held_on.between(first, last),
            SessionRecord.signed_at.is_not(None),
            SessionRecord.voided_at.is_(None),
        )
        .group_by(month)
    )
    counted = {str(name): number for name, number in rows}
    if not counted:
        return {}
    found = {}
    year, number = first.year, first.month
    while (year, number) <= (last.year, last.month):
        name = f"{year:04d}-{number:02d}"
        found[name] = counted.get(name, 0)
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
    return found


def _clients(work: Work, first: date, last: date, smallest: int) -> tuple[tuple[str, ...], PublishedTable | None]:
    grade = aliased(OrgUnit)
    group = aliased(OrgUnit)
    rows = work.session.execute(
        select(grade.name, Person.gender, func.count(func.distinct(SessionRecord.client_id)))
        .select_from(SessionRecord)
        .join(Person, Person.id == SessionRecord.client_id)
        .outerjoin(Student, Student.id == Person.id)
        .outerjoin(group, group.id == Student.class_id)
        .outerjoin(grade, grade.id == group.parent_id)
        .where(
            SessionRecord.held_on.between(first, last),
            SessionRecord.signed_at.is_not(None),
            SessionRecord.voided_at.is_(None),
        )
        .group_by(grade.name, Person.gender)
    )
    counted: Counter[tuple[str, Gender]] = Counter()
    for name, gender, number in rows:
        counted[name or "", gender] += number
    names = tuple(sorted({name for name, _gender in counted}))
    if not names:
        return (), None
    return names, publish([[counted[name, gender] for gender in _GENDERS] for name in names], smallest)


def _absences(work: Work, first: date, last: date) -> int:
    days = func.substr(Appointment.starts_at, 1, 10)
    return (
        work.session.scalar(
            select(func.count()).where(
                days.between(first.isoformat(), last.isoformat()),
                Appointment.state == AppointmentState.NO_SHOW,
                Appointment.voided_at.is_(None),
            )
        )
        or 0
    )


def _referrals(work: Work, first: date, last: date) -> tuple[int, int]:
    rows = work.session.execute(
        select(Referral.issued_at, Referral.state).where(Referral.issued_at.is_not(None), Referral.voided_at.is_(None))
    ).all()
    states = [row.state for row in rows if row.issued_at is not None and first <= row.issued_at.date() <= last]
    return len(states), sum(state in _ANSWERED for state in states)


def _kept(work: Work, first: date, last: date) -> dict[CareTier | None, tuple[int, int]]:
    """Return (due, held by its day) of the period by tier, None for other reasons; waived and ended do not count."""
    held = (
        select(FollowUpRecord.task_id, func.min(FollowUpRecord.held_on).label("held_on"))
        .where(FollowUpRecord.voided_at.is_(None))
        .group_by(FollowUpRecord.task_id)
        .subquery()
    )
    rows = work.session.execute(
        select(TierRecord.tier, func.count(), func.count().filter(held.c.held_on <= FollowUpTask.due_on))
        .select_from(FollowUpTask)
        .outerjoin(held, held.c.task_id == FollowUpTask.id)
        .outerjoin(TierRecord, TierRecord.id == FollowUpTask.origin_id)
        .where(
            FollowUpTask.due_on.between(first, last),
            FollowUpTask.voided_at.is_(None),
            FollowUpTask.state.in_([TaskState.DONE, TaskState.MISSED, TaskState.OPEN]),
        )
        .group_by(TierRecord.tier)
    )
    return {tier: (due, kept) for tier, due, kept in rows}


def _on_time(
    kept: dict[CareTier | None, tuple[int, int]], smallest: int
) -> tuple[OnTime, dict[CareTier | None, OnTime]]:
    """Return what is told of all tasks that were due, and of those of each tier: the parts tell nothing more."""
    groups: tuple[CareTier | None, ...] = (*CareTier, None)
    if not kept:
        return OnTime(0, None), dict.fromkeys(groups, OnTime(0, None))
    shown, total = publish_line([kept.get(group, (0, 0))[0] for group in groups], smallest)
    parts = {
        group: OnTime(due, None if not due else round(100 * kept[group][1] / due))
        for group, due in zip(groups, shown, strict=True)
    }
    done = sum(each for _due, each in kept.values())
    return OnTime(total, None if not total else round(100 * done / total)), parts


def _tiers(work: Work, smallest: int, on_time: dict[CareTier | None, OnTime]) -> Iterator[TierCount]:
    rows = work.session.execute(
        select(TierRecord.tier, func.count())
        .where(TierRecord.state == TierState.CONFIRMED, TierRecord.voided_at.is_(None))
        .group_by(TierRecord.tier)
    )
    counted = Counter({tier: number for tier, number in rows})  # noqa: C416 - the rows are no pairs to the type checker
    for tier in CareTier:
        yield TierCount(tier, _plain(counted[tier], smallest), on_time[tier])


def told(work: Work, count: int | None) -> str:
    """Return a count in words: a number, or `<5` for one that is not told."""
    return f"<{parameter_values.number(work, 'small_cell')}" if count is None else str(count)
