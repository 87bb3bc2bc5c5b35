"""What a period is counted from (R-04): numbers as they are, for `statistics_rows` alone, which decides what is told.

Sessions are read some thousand at a time, so that a long count can say how far it is and be stopped.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, String, func, literal_column, select, type_coerce
from sqlalchemy.orm import aliased

from counselroom.model.care import FollowUpRecord, FollowUpTask, TierRecord
from counselroom.model.counselling import Appointment, CaseFile, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.care_words import CareTier, TaskState, TierState
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.people import Gender
from counselroom.rules.referral import ReferralState
from counselroom.services.desk import Work

Tell = Callable[[int, int], None]
"""Told how many sessions are counted, of how many; may raise to stop."""
NO_TOPIC = ""
"""The place of sessions that name no topic."""

_ANSWERED = (ReferralState.FEEDBACK_RECEIVED, ReferralState.FOLLOW_UP, ReferralState.CLOSED)
_AT_ONCE = 2_000
"""Sessions that are read between two looks at whether anybody still waits for them."""
_FEW = 3_000
"""Clients who are looked up one by one; of more, everybody is read."""
_ROW: ColumnElement[int] = literal_column("session_record.rowid", Integer)


@dataclass(frozen=True)
class SessionCounts:
    """The signed sessions of a period.

    Attributes:
        months: how many in each month, `2026-10`.
        visits: how many named each topic; `NO_TOPIC` for those that named none.
        clients: how many different clients by grade (empty for none) and gender.
        people: how many different clients by topic and grade.
    """

    months: Counter[str] = field(default_factory=Counter)
    visits: Counter[str] = field(default_factory=Counter)
    clients: Counter[tuple[str, Gender]] = field(default_factory=Counter)
    people: Counter[tuple[str, str]] = field(default_factory=Counter)


def count_sessions(work: Work, first: date, last: date, tell: Tell) -> SessionCounts:
    """Count the signed sessions of a period, both days included."""
    found = SessionCounts()
    topics_of: dict[str, set[str]] = {}
    rows = _rows_of(work, first, last)
    for begin in range(0, len(rows), _AT_ONCE):
        tell(begin, len(rows))
        for client, month, stored in _read(work, rows[begin : begin + _AT_ONCE]):
            named = _topics(stored)
            found.months[month] += 1
            found.visits.update(named)
            topics_of.setdefault(client, set()).update(named)
    tell(len(rows), len(rows))
    for client, (grade, gender) in _people(work, set(topics_of)).items():
        found.clients[grade, gender] += 1
        for topic in topics_of[client]:
            found.people[topic, grade] += 1
    return found


def _rows_of(work: Work, first: date, last: date) -> list[int]:
    """Return the rows of the sessions of a period, drafts too, in the order in which they lie in the file.

    The index alone is read; without it SQLite would read every note there is to find those of one month.
    """
    rows = work.session.scalars(
        select(_ROW)
        .select_from(SessionRecord)
        .with_hint(SessionRecord, "INDEXED BY ix_session_record_client_held", "sqlite")
        .where(SessionRecord.held_on.between(first, last))
    )
    return sorted(rows)


def _read(work: Work, rows: list[int]) -> Iterator[tuple[str, str, str]]:
    """Yield client, month and stored topics of those rows that are signed."""
    wanted = select(func.json_each(json.dumps(rows)).table_valued("value").c.value)
    found = work.session.execute(
        select(
            SessionRecord.client_id,
            func.substr(SessionRecord.held_on, 1, 7),
            type_coerce(SessionRecord.topics, String),
        ).where(_ROW.in_(wanted), SessionRecord.signed_at.is_not(None), SessionRecord.voided_at.is_(None))
    )
    yield from found


@lru_cache(maxsize=4096)
def _topics(stored: str) -> frozenset[str]:
    """Return the topics of a session; thousands of sessions name the same few."""
    return frozenset(json.loads(stored)) or frozenset({NO_TOPIC})


def _people(work: Work, wanted: set[str]) -> dict[str, tuple[str, Gender]]:
    """Return grade (empty for none) and gender of clients."""
    grade, group = aliased(OrgUnit), aliased(OrgUnit)
    grades = {
        unit: name or ""
        for unit, name in work.session.execute(
            select(group.id, grade.name).outerjoin(grade, grade.id == group.parent_id)
        )
    }
    genders = select(Person.id, Person.gender)
    classes = select(Student.id, Student.class_id).where(Student.class_id.is_not(None))
    if len(wanted) <= _FEW:
        genders, classes = genders.where(Person.id.in_(wanted)), classes.where(Student.id.in_(wanted))
    of_class = {student: grades[unit] for student, unit in work.session.execute(classes) if unit is not None}
    return {
        person: (of_class.get(person, ""), gender)
        for person, gender in work.session.execute(genders)
        if person in wanted
    }


def count_absences(work: Work, first: date, last: date) -> tuple[int, int]:
    """Return how many appointments of a period nobody came to, and how many were kept or missed together."""
    days = func.substr(Appointment.starts_at, 1, 10)
    rows = work.session.execute(
        select(Appointment.state, func.count())
        .where(
            days.between(first.isoformat(), last.isoformat()),
            Appointment.state.in_([AppointmentState.NO_SHOW, AppointmentState.COMPLETED]),
            Appointment.voided_at.is_(None),
        )
        .group_by(Appointment.state)
    )
    counted = {state: number for state, number in rows}  # noqa: C416 - the rows are no pairs to the type checker
    absent = counted.get(AppointmentState.NO_SHOW, 0)
    return absent, absent + counted.get(AppointmentState.COMPLETED, 0)


def count_cases(work: Work, first: date, last: date) -> tuple[int, int]:
    """Return how many cases were opened in a period, and how many were closed."""
    opened, closed = work.session.execute(
        select(
            func.count().filter(CaseFile.opened_on.between(first, last)),
            func.count().filter(CaseFile.closed_on.between(first, last)),
        ).where(CaseFile.voided_at.is_(None))
    ).one()
    return opened, closed


def count_referrals(work: Work, first: date, last: date) -> tuple[int, int]:
    """Return how many referrals were issued in a period, and how many of them have a reply."""
    rows = work.session.execute(
        select(Referral.issued_at, Referral.state).where(Referral.issued_at.is_not(None), Referral.voided_at.is_(None))
    ).all()
    states = [row.state for row in rows if row.issued_at is not None and first <= row.issued_at.date() <= last]
    return len(states), sum(state in _ANSWERED for state in states)


def count_kept(work: Work, first: date, last: date) -> dict[CareTier | None, tuple[int, int]]:
    """Return (due, held by its day) of a period by tier, None for other reasons; waived and ended do not count."""
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


def count_tiers(work: Work, day: date) -> Counter[CareTier]:
    """Return how many students were in each tier at the end of a day."""
    rows = work.session.execute(
        select(TierRecord.tier, TierRecord.decided_at, TierRecord.ended_at).where(
            TierRecord.state.in_([TierState.CONFIRMED, TierState.CHANGED, TierState.ENDED]),
            TierRecord.voided_at.is_(None),
        )
    )
    return Counter(
        tier
        for tier, decided_at, ended_at in rows
        if (decided_at is None or decided_at.date() <= day) and (ended_at is None or ended_at.date() > day)
    )
