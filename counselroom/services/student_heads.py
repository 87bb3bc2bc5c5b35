"""A student as the head of a page names one: name, number, class."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.services.desk import Work
from counselroom.services.student_rows import CLASS_WORDS, GRADE


@dataclass(frozen=True)
class StudentHead:
    """Whom a page is about; shown through the page's face only."""

    id: str
    name: str
    student_no: str
    class_name: str


def student_head(work: Work, student_id: str) -> StudentHead:
    """Return whom a page is about within a piece of work. Raises UserError when there is no such student."""
    row = work.session.execute(
        select(Person.name, Student.student_no, CLASS_WORDS)
        .join(Student, Student.id == Person.id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .where(Student.id == student_id, Student.voided_at.is_(None))
    ).one_or_none()
    if row is None:
        raise UserError(_("There is no such student."), _("Nothing was changed."))
    return StudentHead(student_id, row[0], row[1] or "", row[2] or "")
