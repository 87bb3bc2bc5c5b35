"""The rows of a student within a piece of work: what is typed in, how it is checked, stored and shown.

The services that add, change, move and merge students share these; each of them asks for access itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, select
from sqlalchemy.orm import aliased

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Person, SpecialGroupMember, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Actor
from counselroom.rules.people import Gender, SpecialGroup, StudentStatus
from counselroom.rules.school import UnitKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import Work
from counselroom.services.rows import moved_on
from counselroom.vault import search_index


@dataclass(frozen=True)
class StudentData:
    """What is typed in about a student."""

    name: str
    student_no: str | None = None
    gender: Gender = Gender.UNKNOWN
    birth_date: date | None = None
    class_id: str | None = None
    phone: str | None = None
    backup_phone: str | None = None
    address: str | None = None
    dorm: str | None = None
    ethnicity: str | None = None
    political_status: str | None = None


@dataclass(frozen=True)
class StudentView:
    """A student as lists and pages show it; `seen` is when the row was last changed."""

    id: str
    data: StudentData
    class_name: str | None
    status: StudentStatus
    special_groups: frozenset[SpecialGroup]
    seen: datetime


def put_groups(
    work: Work, actor: Actor, student_id: str, groups: frozenset[SpecialGroup], on: date
) -> frozenset[SpecialGroup]:
    """Set the special groups from `on` and return those of before; those left out end that day and stay on record."""
    current = {
        row.special_group: row
        for row in work.session.scalars(
            select(SpecialGroupMember).where(
                SpecialGroupMember.student_id == student_id, SpecialGroupMember.ended_on.is_(None)
            )
        )
    }
    for group in sorted(groups - set(current)):
        work.session.add(
            SpecialGroupMember(
                **work.common(actor, Secrecy.S2, on), student_id=student_id, special_group=group, since=on
            )
        )
    for group in set(current) - groups:
        current[group].ended_on = on
        work.touch(current[group], actor)
    return frozenset(current)


def refuse_moved_on(row: Student, seen: datetime | None) -> None:
    """The student's own row is touched by every change of what belongs to it, so that its moment stands for all."""
    if seen is not None and row.updated_at != seen:
        raise moved_on()


def _number(data: StudentData) -> str | None:
    """Return the number without blanks around it; a blank one is none, and many students may have none."""
    return (data.student_no or "").strip() or None


def check_student(work: Work, data: StudentData, student_id: str | None) -> None:
    """Refuse data without a name, or with the number of another student; `student_id` is the one they belong to."""
    if not data.name.strip():
        raise UserError(_("The student needs a name."), _("Nothing was changed."))
    number = _number(data)
    if number is not None:
        other = work.session.scalar(select(Student.id).where(Student.student_no == number))
        if other is not None and other != student_id:
            raise UserError(
                _("Another student has this number already."),
                _("Nothing was changed."),
                _("Please compare the two records."),
            )


def fill_student(work: Work, actor: Actor, person: Person, student: Student, data: StudentData) -> None:
    """Write what was typed in into the rows, and make the student findable by it."""
    person.name, person.gender, person.birth_date = data.name.strip(), data.gender, data.birth_date
    person.phone, person.backup_phone, person.address = data.phone, data.backup_phone, data.address
    student.student_no, student.class_id, student.dorm = _number(data), data.class_id, data.dorm
    student.ethnicity, student.political_status = data.ethnicity, data.political_status
    work.touch(person, actor)
    work.touch(student, actor)
    codes = {"student_no": student.student_no} if student.student_no else {}
    work.session.flush()
    search_index.index_person(work.session, person.id, person.name, codes)


def load_student(work: Work, student_id: str) -> tuple[Person, Student]:
    """Return the rows of a student. Raises UserError when there is none, or it was merged into another."""
    person, found = work.session.get(Person, student_id), work.session.get(Student, student_id)
    if person is None or found is None or found.voided_at is not None:
        raise UserError(_("There is no such student."), _("Nothing was changed."))
    return person, found


GRADE = aliased(OrgUnit)
"""The unit above a class; join it on `OrgUnit.parent_id`."""
CLASS_WORDS = case(
    (and_(GRADE.kind == UnitKind.GRADE, OrgUnit.name.op("GLOB")("[0-9（(]*")), GRADE.name.concat(OrgUnit.name)),
    else_=OrgUnit.name,
)
"""A class as the school writes it: 七年级1班. A name that says more than a number, as 初二（3）班, stays as it is."""


def groups_of(work: Work, student_ids: list[str]) -> dict[str, frozenset[SpecialGroup]]:
    """Return the special groups of today of each student that has any."""
    groups: dict[str, set[SpecialGroup]] = {}
    rows = work.session.execute(
        select(SpecialGroupMember.student_id, SpecialGroupMember.special_group).where(
            SpecialGroupMember.student_id.in_(student_ids), SpecialGroupMember.ended_on.is_(None)
        )
    )
    for student_id, group in rows:
        groups.setdefault(student_id, set()).add(group)
    return {student_id: frozenset(found) for student_id, found in groups.items()}


def student_view(work: Work, person: Person, found: Student) -> StudentView:
    """Return the rows of a student as one view."""
    class_name = None
    if found.class_id is not None:
        class_name = work.session.scalar(
            select(CLASS_WORDS).outerjoin(GRADE, GRADE.id == OrgUnit.parent_id).where(OrgUnit.id == found.class_id)
        )
    return assembled(person, found, class_name, groups_of(work, [found.id]).get(found.id, frozenset()))


def assembled(person: Person, found: Student, class_name: str | None, groups: frozenset[SpecialGroup]) -> StudentView:
    """Return loaded rows as one view."""
    data = StudentData(
        name=person.name,
        student_no=found.student_no,
        gender=person.gender,
        birth_date=person.birth_date,
        class_id=found.class_id,
        phone=person.phone,
        backup_phone=person.backup_phone,
        address=person.address,
        dorm=found.dorm,
        ethnicity=found.ethnicity,
        political_status=found.political_status,
    )
    return StudentView(found.id, data, class_name, found.status, groups, found.updated_at)
