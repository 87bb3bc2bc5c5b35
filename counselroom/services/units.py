"""The units of the school one by one: all of them with what is in them, renamed, closed and opened again (SYS-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.people import StudentStatus
from counselroom.rules.school import UnitKind, unit_order
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on

_HERE = (StudentStatus.ENROLLED, StudentStatus.ON_LEAVE)
_OF_STUDENTS = (UnitKind.COLLEGE, UnitKind.GRADE, UnitKind.CLASS)


@dataclass(frozen=True)
class UnitLine:
    """A unit as the settings list it.

    Attributes:
        id: its id.
        kind: what it is.
        name: its own name.
        parent_id: the unit it belongs to, or None.
        depth: how many units are above it.
        entry_year: the year in which a class began, or None.
        active: it is in use.
        students: how many students of the school are in it, those of the units below too.
        seen: when it was last changed.
    """

    id: str
    kind: UnitKind
    name: str
    parent_id: str | None
    depth: int
    entry_year: int | None
    active: bool
    students: int
    seen: datetime


def unit_lines(actor: Actor, desk: Desk) -> tuple[UnitLine, ...]:
    """Return colleges, grades and classes, closed ones too, each followed by what belongs to it."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("org_unit"), work)
        rows = work.session.scalars(
            select(OrgUnit).where(OrgUnit.kind.in_(_OF_STUDENTS), OrgUnit.voided_at.is_(None))
        ).all()
        counts = select(Student.class_id, func.count()).where(Student.status.in_(_HERE)).group_by(Student.class_id)
        counted = {row[0]: row[1] for row in work.session.execute(counts)}
        known = {row.id for row in rows}
        below: dict[str | None, list[OrgUnit]] = {}
        for row in rows:
            below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)

        def lines(parent: str | None, depth: int) -> list[UnitLine]:
            found: list[UnitLine] = []
            for row in sorted(below.get(parent, []), key=lambda row: (_OF_STUDENTS.index(row.kind), *_place(row))):
                inside = lines(row.id, depth + 1)
                own = sum(line.students for line in inside if line.depth == depth + 1)
                students = counted.get(row.id, 0) + own
                found.append(
                    UnitLine(row.id, row.kind, row.name, row.parent_id, depth, row.entry_year, row.active, students,
                             row.updated_at)
                )  # fmt: skip
                found += inside
            return found

        return tuple(lines(None, 0))


def set_unit(
    actor: Actor, desk: Desk, unit_id: str, name: str, *, active: bool, seen: datetime | None = None
) -> Done[str]:
    """Rename a unit, close it, or open it again; what is written about its students keeps its place.

    Raises:
        UserError: it is not known, its name is empty or taken beside it, somebody is still in it when it is closed, the
            unit above is closed when it is opened, or it has moved on since `seen`.
    """
    name = name.strip()
    with desk.change() as work:
        access.allow(actor, Action.IMPORT, Subject("org_unit", unit_id), work)
        row = work.session.get(OrgUnit, unit_id)
        if row is None or not name:
            raise UserError(_("The unit needs a name."), _("Nothing was changed."))
        twin = select(OrgUnit.id).where(
            OrgUnit.kind == row.kind, OrgUnit.name == name, OrgUnit.parent_id.is_(row.parent_id), OrgUnit.id != row.id
        )
        if work.session.scalar(twin) is not None:
            raise UserError(_("There is a unit of this name already."), _("Nothing was changed."))
        if seen is not None and row.updated_at != seen:
            raise moved_on()
        if row.active and not active:
            _refuse_inhabited(work, row)
        if active and not row.active and row.parent_id is not None:
            above = work.session.get(OrgUnit, row.parent_id)
            if above is not None and not above.active:
                raise UserError(_("The unit above is closed."), _("Nothing was changed."), _("Open that one first."))
        again = {"unit_id": row.id, "name": row.name, "active": row.active, "seen": work.now}
        undo = Undo(_("The unit was changed."), "set_unit", again)
        row.name, row.active = name, active
        work.touch(row, actor)
        return Done(row.id, work.changes(undo))


def _place(row: OrgUnit) -> tuple[object, str]:
    return unit_order(row.name), row.name


def _refuse_inhabited(work: Work, row: OrgUnit) -> None:
    students = select(Student.id).where(Student.class_id == row.id, Student.status.in_(_HERE)).limit(1)
    below = select(OrgUnit.id).where(OrgUnit.parent_id == row.id, OrgUnit.active, OrgUnit.voided_at.is_(None)).limit(1)
    if work.session.scalar(students) is not None or work.session.scalar(below) is not None:
        raise UserError(
            _("There are still students or classes in this unit."),
            _("Nothing was changed."),
            _("Move the students to another class first, or close the classes in it."),
        )
