"""What several kinds of records say alike on a form: whom it is about, the guardian, the room, the term."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit, School
from counselroom.printing.definitions import Audience
from counselroom.printing.form_values import FormValue
from counselroom.rules.access import Subject
from counselroom.services.desk import Work
from counselroom.services.rows import GuardianView, guardians_of
from counselroom.services.student_rows import CLASS_WORDS, GRADE

Values = dict[str, FormValue]


@dataclass(frozen=True)
class FormSubject:
    """A record as a form sees it.

    Attributes:
        access: the record as the access rules see it.
        person_id: whom it is about, or None.
        number: the record's own number, printed in the head of the form.
        academic_year: the academic year it belongs to, such as `2026-2027`.
        term: the name of its term, such as `第一学期`, or None.
        values: the answer to every path of this kind of record.
        director_agreed: whether the director let the optional session text go out.
        not_ready_for: readers who cannot have it yet, such as the hospital before a referral is issued (R-13).
    """

    access: Subject
    person_id: str | None
    number: str
    academic_year: str | None
    term: str | None
    values: Mapping[str, FormValue]
    director_agreed: bool = False
    not_ready_for: frozenset[Audience] = frozenset()


@cache
def words() -> dict[str, dict[str, str]]:
    """Return how codes are written on paper; forms are Chinese whatever the window speaks."""
    return tomllib.loads(resources.read_text("resources/words.toml"))


def missing() -> UserError:
    """Return the refusal where there is no such record."""
    return UserError(_("There is no such record for this form."), _("Nothing was printed."))


def room_values(work: Work) -> Values:
    """Return what a form says of the room."""
    school = work.session.scalar(select(School))
    return {
        "room.name": school.room_name if school else None,
        "room.reschedule_phone": school.room_phone if school else None,
    }


def name_of(work: Work, person_id: str | None) -> str | None:
    """Return a person's name, or None."""
    return None if person_id is None else work.session.scalar(select(Person.name).where(Person.id == person_id))


def student_values(work: Work, person_id: str) -> Values:
    """Return what a form says of a student and of the guardian who is called first."""
    person = work.session.get_one(Person, person_id)
    student = work.session.get(Student, person_id)
    unit = work.session.get(OrgUnit, student.class_id) if student and student.class_id else None
    grade = work.session.get(OrgUnit, unit.parent_id) if unit and unit.parent_id else None
    values: Values = {
        "student.name": person.name,
        "student.gender": words()["gender"][person.gender],
        "student.birth_date": person.birth_date,
        "student.phone": person.phone,
        "student.address": person.address,
        "student.student_no": student.student_no if student else None,
        "student.class_name": unit.name if unit else None,
        "student.class_with_grade": _class_with_grade(work, student.class_id) if student and student.class_id else None,
        "student.grade": grade.name if grade else None,
        "student.dorm": student.dorm if student else None,
        "student.ethnicity": student.ethnicity if student else None,
        "student.political_status": student.political_status if student else None,
    }
    guardians = guardians_of(work, person_id)
    first = guardians[0] if guardians else None
    return values | guardian_values(first)


def _class_with_grade(work: Work, class_id: str) -> str | None:
    """Return a class as lists name it too, for a form that has no cell of its own for the grade."""
    return work.session.scalar(
        select(CLASS_WORDS).outerjoin(GRADE, GRADE.id == OrgUnit.parent_id).where(OrgUnit.id == class_id)
    )


def guardian_values(guardian: GuardianView | None) -> Values:
    """Return what a form says of a guardian."""
    return {
        "guardian.name": guardian.name if guardian else None,
        "guardian.relation": words()["relation"][guardian.relation] if guardian else None,
        "guardian.phone": guardian.phone if guardian else None,
        "guardian.backup_phone": guardian.backup_phone if guardian else None,
        "guardian.address": guardian.address if guardian else None,
    }


def term_name(key: str | None) -> str | None:
    """Return how a form names the term with this key (`2026-2027-1`)."""
    if key is None:
        return None
    number = key.rsplit("-", 1)[-1]
    return f"第{dict(enumerate('一二三四', start=1)).get(int(number), number)}学期"


def clock_text(moment: datetime) -> str:
    """Return the hour and minute of a moment."""
    return f"{moment:%H:%M}"


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Return the whole minutes from one moment to another."""
    return int((ends_at - starts_at).total_seconds() // 60)
