"""Students, their guardians and special groups (SYS-01, SYS-21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Guardian, Person, SpecialGroupMember, Student
from counselroom.model.safekeeping import SearchName
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.people import Gender, PersonKind, Relation, SpecialGroup, StudentStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import GuardianView, guardian_view, guardians_of, moved_on
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


def add_student(actor: Actor, desk: Desk, data: StudentData) -> Done[StudentView]:
    """Add a student.

    Raises:
        UserError: the name is empty, or the number belongs to another student.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", secrecy=Secrecy.S1), work)
        _check(work, data, None)
        person = Person(
            **work.common(actor, Secrecy.S1, work.now.date()), kind=PersonKind.STUDENT, name="", gender=data.gender
        )
        work.session.add(person)
        work.session.flush()
        student = Student(
            **work.common(actor, Secrecy.S1, work.now.date(), row_id=person.id), status=StudentStatus.ENROLLED
        )
        _fill(work, actor, person, student, data)
        work.session.add(student)
        work.session.flush()
        return Done(_view(work, person, student), work.changes())


def edit_student(
    actor: Actor, desk: Desk, student_id: str, data: StudentData, seen: datetime | None = None
) -> Done[StudentView]:
    """Replace the data of a student. `seen` guards an undo: a row changed since then is left alone.

    Raises:
        UserError: unknown student, empty name, a number that belongs to another, or the row has moved on.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S1), work)
        person, student = _load(work, student_id)
        _refuse_moved_on(student, seen)
        _check(work, data, student_id)
        before = _view(work, person, student)
        _fill(work, actor, person, student, data)
        work.session.flush()
        undo = Undo(
            _("The student's data were changed."),
            "edit_student",
            {"student_id": student_id, "data": before.data, "seen": work.now},
        )
        return Done(_view(work, person, student), work.changes(undo))


def set_status(
    actor: Actor,
    desk: Desk,
    student_id: str,
    status: StudentStatus,
    left_on: date | None = None,
    seen: datetime | None = None,
) -> Done[StudentView]:
    """Record that a student has left, is on leave, or is back; the record stays.

    Raises:
        UserError: unknown student, a leaving without its day, or the row has moved on since `seen`.
    """
    gone = status in (StudentStatus.GRADUATED, StudentStatus.TRANSFERRED, StudentStatus.WITHDRAWN)
    if gone and left_on is None:
        raise UserError(_("Please give the day the student left."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S1), work)
        person, student = _load(work, student_id)
        _refuse_moved_on(student, seen)
        undo = Undo(
            _("The student's status was changed."),
            "set_status",
            {"student_id": student_id, "status": student.status, "left_on": student.left_on, "seen": work.now},
        )
        student.status, student.left_on = status, left_on if gone else None
        work.touch(student, actor)
        return Done(_view(work, person, student), work.changes(undo))


def student(actor: Actor, desk: Desk, student_id: str) -> StudentView:
    """Return one student. Raises UserError when there is none."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student", student_id, Secrecy.S1), work)
        return _view(work, *_load(work, student_id))


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
            select(Person, Student, OrgUnit.name)
            .join(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .where(Student.voided_at.is_(None))
            .order_by(Student.student_no, Person.name)
            .limit(limit)
        )
        if class_id is not None:
            query = query.where(Student.class_id == class_id)
        if status is not None:
            query = query.where(Student.status == status)
        rows = work.session.execute(query).all()
        groups = _groups(work, [found.id for _person, found, _name in rows])
        return tuple(
            _assemble(person, found, class_name, groups.get(found.id, frozenset()))
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
            _view(work, *_load(work, person_id))
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
        _person, student = _load(work, student_id)
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
        _person, student = _load(work, student_id)
        _refuse_moved_on(student, seen)
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
        _person, student = _load(work, student_id)
        _refuse_moved_on(student, seen)
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
        work.touch(student, actor)
        undo = Undo(
            _("The special groups were changed."),
            "set_special_groups",
            {"student_id": student_id, "groups": frozenset(current), "on": on, "seen": work.now},
        )
        return Done(groups, work.changes(undo))


def _refuse_moved_on(row: Student, seen: datetime | None) -> None:
    """The student's own row is touched by every change of what belongs to it, so that its moment stands for all."""
    if seen is not None and row.updated_at != seen:
        raise moved_on()


def _number(data: StudentData) -> str | None:
    """Return the number without blanks around it; a blank one is none, and many students may have none."""
    return (data.student_no or "").strip() or None


def _check(work: Work, data: StudentData, student_id: str | None) -> None:
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


def _fill(work: Work, actor: Actor, person: Person, student: Student, data: StudentData) -> None:
    person.name, person.gender, person.birth_date = data.name.strip(), data.gender, data.birth_date
    person.phone, person.backup_phone, person.address = data.phone, data.backup_phone, data.address
    student.student_no, student.class_id, student.dorm = _number(data), data.class_id, data.dorm
    student.ethnicity, student.political_status = data.ethnicity, data.political_status
    work.touch(person, actor)
    work.touch(student, actor)
    codes = {"student_no": student.student_no} if student.student_no else {}
    work.session.flush()
    search_index.index_person(work.session, person.id, person.name, codes)


def _load(work: Work, student_id: str) -> tuple[Person, Student]:
    person, found = work.session.get(Person, student_id), work.session.get(Student, student_id)
    if person is None or found is None or found.voided_at is not None:
        raise UserError(_("There is no such student."), _("Nothing was changed."))
    return person, found


def _groups(work: Work, student_ids: list[str]) -> dict[str, frozenset[SpecialGroup]]:
    groups: dict[str, set[SpecialGroup]] = {}
    rows = work.session.execute(
        select(SpecialGroupMember.student_id, SpecialGroupMember.special_group).where(
            SpecialGroupMember.student_id.in_(student_ids), SpecialGroupMember.ended_on.is_(None)
        )
    )
    for student_id, group in rows:
        groups.setdefault(student_id, set()).add(group)
    return {student_id: frozenset(found) for student_id, found in groups.items()}


def _view(work: Work, person: Person, found: Student) -> StudentView:
    class_name = None
    if found.class_id is not None:
        class_name = work.session.scalar(select(OrgUnit.name).where(OrgUnit.id == found.class_id))
    return _assemble(person, found, class_name, _groups(work, [found.id]).get(found.id, frozenset()))


def _assemble(person: Person, found: Student, class_name: str | None, groups: frozenset[SpecialGroup]) -> StudentView:
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
