"""Lists of students for the window: pages of plain rows, and how many each unit of the school has (SYS-01).

Rows come without the mapped classes: a list of a whole school is read in milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from counselroom.model.counselling import CaseFile, SessionRecord
from counselroom.model.people import Person, Student
from counselroom.model.safekeeping import SearchName
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.people import StudentStatus
from counselroom.rules.school import UnitKind, unit_order
from counselroom.rules.timeline import OPEN_CASES
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.vault import search_index

PRESENT = (StudentStatus.ENROLLED, StudentStatus.ON_LEAVE)
"""Who belongs to the school today."""
FOUND_AT_MOST = 200
"""Students a search shows; who has typed so little types on."""
COUNTED_AT_MOST = 5_000
"""A longer list, as for finding one student far down in it, is shown without the counts of sessions."""


class Care(StrEnum):
    """Which students of the reader's own a list is narrowed to."""

    ALL = "all"
    IN_CARE = "in_care"
    """With an open case of the reader."""
    UNSIGNED = "unsigned"
    """With a note of the reader that waits for the signature."""
    ON_LEAVE = "on_leave"


class SortBy(StrEnum):
    """By which column a list is sorted."""

    NUMBER = "number"
    NAME = "name"
    CLASS = "class"
    STATUS = "status"


@dataclass(frozen=True)
class StudentRow:
    """A student as a list shows one; `sessions` and `last_on` tell of the reader's own signed sessions only."""

    id: str
    name: str
    student_no: str | None
    class_name: str | None
    status: StudentStatus
    sessions: int = 0
    last_on: date | None = None


@dataclass(frozen=True)
class StudentRows:
    """A piece of a list, and how many students the whole list has."""

    total: int
    rows: tuple[StudentRow, ...]


@dataclass(frozen=True)
class UnitCount:
    """A unit of the school and how many students it has with those of the units below."""

    id: str
    kind: UnitKind
    name: str
    parent_id: str | None
    count: int


@dataclass(frozen=True)
class SchoolTree:
    """All units with their counts; `total` also counts students without a class."""

    total: int
    units: tuple[UnitCount, ...]


def school_tree(actor: Actor, desk: Desk, *, with_left: bool = False) -> SchoolTree:
    """Return the units of the school by name with the number of their students."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        own = {
            row[0]: row[1]
            for row in work.session.execute(
                select(Student.class_id, func.count()).where(*_present(with_left)).group_by(Student.class_id)
            )
        }
        units = work.session.execute(
            select(OrgUnit.id, OrgUnit.kind, OrgUnit.name, OrgUnit.parent_id)
            .where(OrgUnit.active, OrgUnit.voided_at.is_(None))
            .order_by(OrgUnit.entry_year.desc(), OrgUnit.name)
        ).all()
        units = sorted(units, key=lambda unit: unit_order(unit[2]))
        parents = {unit: parent for unit, _kind, _name, parent in units}
        with_below = dict.fromkeys(parents, 0)
        for unit, count in own.items():
            for above in _upwards(unit, parents):
                with_below[above] = with_below.get(above, 0) + count
        counted = [UnitCount(unit, kind, name, parent, with_below[unit]) for unit, kind, name, parent in units]
        return SchoolTree(sum(own.values()), tuple(counted))


def student_rows(
    actor: Actor,
    desk: Desk,
    *,
    unit_id: str | None = None,
    query: str = "",
    with_left: bool = False,
    offset: int = 0,
    limit: int = 200,
    care: Care = Care.ALL,
    sort: SortBy = SortBy.NUMBER,
    descending: bool = False,
) -> StudentRows:
    """Return students of a unit and those below it, by number; with a `query` those it finds, best first.

    Args:
        actor: who looks.
        desk: the open vault.
        unit_id: a unit, or None for the whole school.
        query: beginning of a name, its pinyin, initials or number; at most `FOUND_AT_MOST` are found.
        with_left: also those who have graduated or left.
        offset: rows to leave out, when there is no query.
        limit: rows to return, when there is no query.
        care: only those the reader has to do with in this way.
        sort: by which column, when there is no query.
        descending: the last one first.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        wanted = _present(with_left)
        if unit_id is not None:
            parents = {row[0]: row[1] for row in work.session.execute(select(OrgUnit.id, OrgUnit.parent_id))}
            wanted.append(Student.class_id.in_([unit for unit in parents if unit_id in _upwards(unit, parents)]))
        wanted += _narrowed(care, actor)
        rows = (
            select(Person.id, Person.name, Student.student_no, CLASS_WORDS, Student.status)
            .join(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        )
        if query.strip():
            scope = select(Student.id).where(Student.id == SearchName.person_id, *wanted).exists()
            ids = search_index.find_people(work.session, query, scope, FOUND_AT_MOST)
            found = {row[0]: StudentRow(*row) for row in work.session.execute(rows.where(Person.id.in_(ids)))}
            return StudentRows(len(ids), _with_sessions(work, actor, [found[student] for student in ids]))
        total = work.session.scalar(select(func.count()).select_from(Student).where(*wanted)) or 0
        # First the ids of the piece alone, by columns the order needs: a whole school is not read for 200 rows.
        order = [column.desc() if descending else column.asc() for column in _ORDER[sort]]
        piece = select(Student.id).where(*wanted).order_by(*order, Student.id).offset(offset).limit(limit)
        if sort is SortBy.NAME:
            piece = piece.join(Person, Person.id == Student.id)
        if sort is SortBy.CLASS:
            piece = piece.outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        ids = tuple(work.session.scalars(piece))
        known = {row[0]: StudentRow(*row) for row in work.session.execute(rows.where(Person.id.in_(ids)))}
        listed = [known[student] for student in ids]
        return StudentRows(total, _with_sessions(work, actor, listed))


_ORDER: dict[SortBy, tuple[Any, ...]] = {
    SortBy.NUMBER: (Student.student_no,),
    SortBy.NAME: (Person.name, Student.student_no),
    SortBy.CLASS: (OrgUnit.entry_year, OrgUnit.name, Student.student_no),
    SortBy.STATUS: (Student.status, Student.student_no),
}


def _narrowed(care: Care, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter; what is not the reader's own has no part in them (R-01)."""
    if care is Care.IN_CARE:
        mine = select(CaseFile.client_id).where(
            CaseFile.counsellor_id == actor.person_id, CaseFile.status.in_(OPEN_CASES), CaseFile.voided_at.is_(None)
        )
        return [Student.id.in_(mine)]
    if care is Care.UNSIGNED:
        waiting = select(SessionRecord.client_id).where(
            SessionRecord.counsellor_id == actor.person_id,
            SessionRecord.signed_at.is_(None),
            SessionRecord.voided_at.is_(None),
        )
        return [Student.id.in_(waiting)]
    return [Student.status == StudentStatus.ON_LEAVE] if care is Care.ON_LEAVE else []


def _with_sessions(work: Work, actor: Actor, rows: list[StudentRow]) -> tuple[StudentRow, ...]:
    """Return the rows with the number of the reader's own sessions and the day of the last one."""
    if not rows or len(rows) > COUNTED_AT_MOST:
        return tuple(rows)
    # By student and not by counsellor, or all sessions of a busy counsellor would be read for 200 students.
    told = {
        student: (count, last)
        for student, counsellor, count, last in work.session.execute(
            select(SessionRecord.client_id, SessionRecord.counsellor_id, func.count(), func.max(SessionRecord.held_on))
            .where(SessionRecord.client_id.in_([row.id for row in rows]), SessionRecord.signed_at.is_not(None))
            .group_by(SessionRecord.client_id, SessionRecord.counsellor_id)
        )
        if counsellor == actor.person_id
    }
    return tuple(
        replace(row, sessions=told[row.id][0], last_on=told[row.id][1]) if row.id in told else row for row in rows
    )


def _present(with_left: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Student.voided_at.is_(None)]
    if not with_left:
        conditions.append(Student.status.in_(PRESENT))
    return conditions


def _upwards(unit: str | None, parents: dict[str, str | None]) -> list[str]:
    """Return a unit and those above it; a circle, which no service makes, ends the walk."""
    way: list[str] = []
    while unit is not None and unit in parents and unit not in way:
        way.append(unit)
        unit = parents[unit]
    return way
