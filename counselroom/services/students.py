"""Students, their guardians and special groups (SYS-01, SYS-21)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Guardian, Person, Student
from counselroom.model.safekeeping import SearchName
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.people import Gender, PersonKind, Relation, SpecialGroup, StudentStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, triggers
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk
from counselroom.services.rows import GuardianView, guardian_view, guardians_of
from counselroom.services.student_rows import (
    CLASS_WORDS,
    GRADE,
    assembled,
    check_student,
    fill_student,
    groups_of,
    load_student,
    put_groups,
    refuse_moved_on,
    student_view,
)
from counselroom.services.student_rows import StudentData as StudentData
from counselroom.services.student_rows import StudentView as StudentView
from counselroom.vault import search_index


def add_student(
    actor: Actor, desk: Desk, data: StudentData, groups: frozenset[SpecialGroup] = frozenset()
) -> Done[StudentView]:
    """Add a student, who belongs to these special groups from today.

    Raises:
        UserError: the name is empty, or the number belongs to another student.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", secrecy=Secrecy.S1), work)
        check_student(work, data, None)
        person = Person(
            **work.common(actor, Secrecy.S1, work.now.date()), kind=PersonKind.STUDENT, name="", gender=data.gender
        )
        work.session.add(person)
        work.session.flush()
        student = Student(
            **work.common(actor, Secrecy.S1, work.now.date(), row_id=person.id), status=StudentStatus.ENROLLED
        )
        fill_student(work, actor, person, student, data)
        work.session.add(student)
        work.session.flush()
        if groups:
            access.allow(actor, Action.WRITE, Subject("student", student.id, Secrecy.S2), work)
            put_groups(work, actor, student.id, groups, work.now.date())
            work.session.flush()
        return Done(student_view(work, person, student), work.changes())


def edit_student(
    actor: Actor,
    desk: Desk,
    student_id: str,
    data: StudentData,
    seen: datetime | None = None,
    groups: frozenset[SpecialGroup] | None = None,
) -> Done[StudentView]:
    """Replace the data of a student. `seen` guards an undo: a row changed since then is left alone.

    With `groups` the special groups are set from today as well.

    Raises:
        UserError: unknown student, empty name, a number that belongs to another, or the row has moved on.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S1), work)
        person, student = load_student(work, student_id)
        refuse_moved_on(student, seen)
        check_student(work, data, student_id)
        before = student_view(work, person, student)
        fill_student(work, actor, person, student, data)
        args: dict[str, object] = {"student_id": student_id, "data": before.data, "seen": work.now}
        if groups is not None and groups != before.special_groups:
            access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S2), work)
            args["groups"] = put_groups(work, actor, student_id, groups, work.now.date())
        work.session.flush()
        undo = Undo(_("The student's data were changed."), "edit_student", args)
        return Done(student_view(work, person, student), work.changes(undo))


def set_status(
    actor: Actor,
    desk: Desk,
    student_id: str,
    status: StudentStatus,
    left_on: date | None = None,
    seen: datetime | None = None,
    *,
    undone: bool = False,
) -> Done[StudentView]:
    """Record that a student has left, is on leave, or is back; the record stays.

    What was to be followed up pauses, goes on or ends with it; `undone` takes a mistake back together with that.

    Raises:
        UserError: unknown student, a leaving without its day, or the row has moved on since `seen`.
    """
    gone = status in (StudentStatus.GRADUATED, StudentStatus.TRANSFERRED, StudentStatus.WITHDRAWN)
    if gone and left_on is None:
        raise UserError(_("Please give the day the student left."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S1), work)
        person, student = load_student(work, student_id)
        refuse_moved_on(student, seen)
        undo = Undo(
            _("The student's status was changed."),
            "set_status",
            {
                "student_id": student_id,
                "status": student.status,
                "left_on": student.left_on,
                "seen": work.now,
                "undone": True,
            },
        )
        before = student.status
        student.status, student.left_on = status, left_on if gone else None
        work.touch(student, actor)
        triggers.status_changed(work, actor, student_id, before, status, seen if undone else None)
        return Done(student_view(work, person, student), work.changes(undo))


def student(actor: Actor, desk: Desk, student_id: str) -> StudentView:
    """Return one student. Raises UserError when there is none."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student", student_id, Secrecy.S1), work)
        return student_view(work, *load_student(work, student_id))


def list_students(
    actor: Actor,
    desk: Desk,
    class_id: str | None = None,
    status: StudentStatus | None = StudentStatus.ENROLLED,
    limit: int = 1000,
) -> tuple[StudentView, ...]:
    """Return students by number, of one class or all, of one status or all, `limit` rows at most."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        query = (
            select(Person, Student, CLASS_WORDS)
            .join(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(Student.voided_at.is_(None))
            .order_by(Student.student_no, Person.name)
            .limit(limit)
        )
        if class_id is not None:
            query = query.where(Student.class_id == class_id)
        if status is not None:
            query = query.where(Student.status == status)
        rows = work.session.execute(query).all()
        groups = groups_of(work, [found.id for _person, found, _name in rows])
        return tuple(
            assembled(person, found, class_name, groups.get(found.id, frozenset()))
            for person, found, class_name in rows
        )


def count_students(actor: Actor, desk: Desk, status: StudentStatus | None = StudentStatus.ENROLLED) -> int:
    """Return how many students there are, of one status or all."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        query = select(func.count()).select_from(Student).where(Student.voided_at.is_(None))
        return work.session.scalar(query if status is None else query.where(Student.status == status)) or 0


def find_people(actor: Actor, desk: Desk, query: str, limit: int = 50) -> tuple[StudentView, ...]:
    """Return students whose name, pinyin, initials or number begins with `query` (zxm finds 张晓明)."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        # Asked of each name found and not as a list of all students, so that a large school is not slower.
        students = select(Student.id).where(Student.id == SearchName.person_id, Student.voided_at.is_(None)).exists()
        return tuple(
            student_view(work, *load_student(work, person_id))
            for person_id in search_index.find_people(work.session, query, students, limit)
        )


def add_guardian(
    actor: Actor,
    desk: Desk,
    student_id: str,
    name: str,
    relation: Relation,
    phone: str | None = None,
    backup_phone: str | None = None,
    address: str | None = None,
) -> Done[GuardianView]:
    """Add a guardian behind those the student has. Raises UserError for an empty name or an unknown student."""
    if not name.strip():
        raise UserError(_("The guardian needs a name."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S1), work)
        _person, student = load_student(work, student_id)
        last = work.session.scalar(select(func.max(Guardian.position)).where(Guardian.student_id == student_id)) or 0
        person = Person(
            **work.common(actor, Secrecy.S1, work.now.date()),
            kind=PersonKind.GUARDIAN,
            name=name.strip(),
            gender=Gender.UNKNOWN,
            phone=phone,
            backup_phone=backup_phone,
            address=address,
        )
        work.session.add(person)
        work.session.flush()
        guardian = Guardian(
            **work.common(actor, Secrecy.S1, work.now.date()),
            student_id=student_id,
            person_id=person.id,
            relation=relation,
            position=last + 1,
        )
        work.session.add(guardian)
        work.changed("guardian", guardian.id)
        work.touch(student, actor)
        return Done(guardian_view(guardian, person), work.changes())


def order_guardians(
    actor: Actor, desk: Desk, student_id: str, order: tuple[str, ...], seen: datetime | None = None
) -> Done[tuple[str, ...]]:
    """Set the order in which guardians are called; `order` holds the ids of all of them.

    Raises:
        UserError: unknown student, `order` is not exactly the student's guardians, or the row has moved on since
            `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S1), work)
        _person, student = load_student(work, student_id)
        refuse_moved_on(student, seen)
        rows = {
            row.id: row
            for row in work.session.scalars(
                select(Guardian).where(Guardian.student_id == student_id, Guardian.voided_at.is_(None))
            )
        }
        if set(order) != set(rows) or len(order) != len(rows):
            raise UserError(
                _("The guardians have changed meanwhile."), _("Nothing was changed."), _("Please look again.")
            )
        before = tuple(sorted(rows, key=lambda row_id: rows[row_id].position))
        for position, row_id in enumerate(order, start=1):
            rows[row_id].position = position
            work.touch(rows[row_id], actor)
        work.touch(student, actor)
        undo = Undo(
            _("The order was changed."),
            "order_guardians",
            {"student_id": student_id, "order": before, "seen": work.now},
        )
        return Done(order, work.changes(undo))


def list_guardians(actor: Actor, desk: Desk, student_id: str) -> tuple[GuardianView, ...]:
    """Return the guardians of a student in the order in which they are called."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student", student_id, Secrecy.S1), work)
        return guardians_of(work, student_id)


def set_special_groups(
    actor: Actor,
    desk: Desk,
    student_id: str,
    groups: frozenset[SpecialGroup],
    on: date,
    seen: datetime | None = None,
) -> Done[frozenset[SpecialGroup]]:
    """Set the special groups a student belongs to from `on`; those left out end that day and stay on record.

    Raises:
        UserError: unknown student, or the row has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S2), work)
        _person, student = load_student(work, student_id)
        refuse_moved_on(student, seen)
        before = put_groups(work, actor, student_id, groups, on)
        work.touch(student, actor)
        undo = Undo(
            _("The special groups were changed."),
            "set_special_groups",
            {"student_id": student_id, "groups": before, "on": on, "seen": work.now},
        )
        return Done(groups, work.changes(undo))
