"""The list of archives: one line a student, by academic year and class, in one read (SYS-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from counselroom.model.archive import ArchiveCard, ArchiveItem, PsychArchive
from counselroom.model.people import Person, Student
from counselroom.model.safekeeping import SearchName
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.archive import ArchiveState
from counselroom.rules.people import StudentStatus
from counselroom.rules.school import unit_order
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.vault import search_index

SHOWN = 300
"""Lines of one view; the count says how many there are."""
_FOUND = 200
_PRESENT = (StudentStatus.ENROLLED, StudentStatus.ON_LEAVE)


class CardState(StrEnum):
    """How far the card of an archive is."""

    NONE = "none"
    TYPED = "typed"
    FILED = "filed"


class Listed(StrEnum):
    """Which archives are listed."""

    ALL = "all"
    NO_CARD = "no_card"
    TO_FILE = "to_file"
    """With a card or items that are not filed."""
    NOT_OPENED = "not_opened"
    """Students at the school without an archive."""


@dataclass(frozen=True)
class ArchiveRow:
    """A line; `archive_no` is empty for a student without an archive."""

    student_id: str
    archive_no: str
    student_name: str
    student_no: str | None
    class_name: str
    state: ArchiveState | None
    items: int
    pages: int
    card: CardState
    to_file: int
    opened_on: date | None


@dataclass(frozen=True)
class Branch:
    """A class in the tree with the number of its archives."""

    id: str
    name: str
    count: int


@dataclass(frozen=True)
class ArchiveList:
    """The list.

    Attributes:
        rows: at most `SHOWN`.
        total: how many there are with this filter.
        years: academic years in which archives were opened, the newest first, with their counts.
        classes: classes with archives.
        archives: all archives of the school.
    """

    rows: tuple[ArchiveRow, ...]
    total: int
    years: tuple[Branch, ...]
    classes: tuple[Branch, ...]
    archives: int


def archive_list(
    actor: Actor,
    desk: Desk,
    *,
    view: Listed = Listed.ALL,
    year: str = "",
    class_id: str = "",
    query: str = "",
) -> ArchiveList:
    """Return the archives of a year and class by their number, or the students who have none yet.

    Args:
        actor: who looks.
        desk: the desk.
        view: which.
        year: the academic year in which they were opened, empty for all.
        class_id: a class, empty for all.
        query: beginning of a name, its pinyin, its initials, a student number or an archive number.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("psych_archive", secrecy=Secrecy.S2), work)
        wanted: list[Any] = [Student.voided_at.is_(None)]
        if class_id:
            wanted.append(Student.class_id == class_id)
        if query.strip():
            scope = select(Student.id).where(Student.id == SearchName.person_id).exists()
            ids = search_index.find_people(work.session, query, scope, _FOUND)
            typed = query.strip()
            wanted.append(or_(Student.id.in_(ids), PsychArchive.archive_no.like(f"%{typed}%")))
        if view is Listed.NOT_OPENED:
            wanted += [PsychArchive.id.is_(None), Student.status.in_(_PRESENT)]
        else:
            wanted += [PsychArchive.id.is_not(None)]
            if year:
                wanted.append(PsychArchive.academic_year == year)
            wanted += _of_view(view)
        source = select(Student.id).outerjoin(PsychArchive, PsychArchive.student_id == Student.id).where(*wanted)
        total = work.session.scalar(select(func.count()).select_from(source.subquery())) or 0
        ids_shown = tuple(
            work.session.scalars(source.order_by(PsychArchive.archive_no, Student.student_no).limit(SHOWN))
        )
        return ArchiveList(
            _rows(work, ids_shown),
            total,
            _years(work),
            _classes(work),
            work.session.scalar(select(func.count()).select_from(PsychArchive)) or 0,
        )


def _of_view(view: Listed) -> list[Any]:
    card = exists().where(ArchiveCard.archive_id == PsychArchive.id, ArchiveCard.voided_at.is_(None))
    if view is Listed.NO_CARD:
        return [~card]
    if view is Listed.TO_FILE:
        loose = exists().where(
            ArchiveItem.archive_id == PsychArchive.id, ArchiveItem.filed_at.is_(None), ArchiveItem.voided_at.is_(None)
        )
        typed = card.where(ArchiveCard.filed_at.is_(None))
        return [or_(loose, typed)]
    return []


def _rows(work: Work, ids: tuple[str, ...]) -> tuple[ArchiveRow, ...]:
    items = {
        row[0]: (row[1], row[2], row[3])
        for row in work.session.execute(
            select(
                PsychArchive.student_id,
                func.count(ArchiveItem.id),
                func.sum(func.coalesce(ArchiveItem.pages, 1)),
                func.sum(ArchiveItem.filed_at.is_(None)),
            )
            .join(ArchiveItem, and_(ArchiveItem.archive_id == PsychArchive.id, ArchiveItem.voided_at.is_(None)))
            .where(PsychArchive.student_id.in_(ids))
            .group_by(PsychArchive.student_id)
        )
    }
    cards = {
        row[0]: row[1]
        for row in work.session.execute(
            select(ArchiveCard.student_id, ArchiveCard.filed_at)
            .where(ArchiveCard.student_id.in_(ids), ArchiveCard.voided_at.is_(None))
            .order_by(ArchiveCard.created_at)
        )
    }
    found = {}
    for row in work.session.execute(
        select(
            Student.id,
            PsychArchive.archive_no,
            Person.name,
            Student.student_no,
            CLASS_WORDS,
            PsychArchive.state,
            PsychArchive.opened_on,
        )
        .join(Person, Person.id == Student.id)
        .outerjoin(PsychArchive, PsychArchive.student_id == Student.id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .where(Student.id.in_(ids))
    ):
        count, pages, loose = items.get(row[0], (0, 0, 0))
        card = CardState.NONE
        if row[0] in cards:
            card = CardState.TYPED if cards[row[0]] is None else CardState.FILED
        found[row[0]] = ArchiveRow(
            row[0],
            row[1] or "",
            row[2],
            row[3],
            row[4] or "",
            row[5],
            count,
            pages or 0,
            card,
            int(loose or 0) + (card is CardState.TYPED),
            row[6],
        )
    return tuple(found[student] for student in ids)


def _years(work: Work) -> tuple[Branch, ...]:
    rows = work.session.execute(
        select(PsychArchive.academic_year, func.count())
        .group_by(PsychArchive.academic_year)
        .order_by(PsychArchive.academic_year.desc())
    )
    return tuple(Branch(year, year, count) for year, count in rows if year)


def _classes(work: Work) -> tuple[Branch, ...]:
    counts = {
        row[0]: row[1]
        for row in work.session.execute(
            select(Student.class_id, func.count())
            .join(PsychArchive, PsychArchive.student_id == Student.id)
            .group_by(Student.class_id)
        )
    }
    rows = work.session.execute(
        select(OrgUnit.id, CLASS_WORDS)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .where(OrgUnit.active, OrgUnit.id.in_(select(Student.class_id).distinct()))
    ).all()
    return tuple(Branch(unit, name, counts.get(unit, 0)) for unit, name in sorted(rows, key=lambda r: unit_order(r[1])))
