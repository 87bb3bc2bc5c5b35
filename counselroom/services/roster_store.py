"""Reads what a roster is compared with, and writes what an import adds and corrects: through Core, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from counselroom.model.base import Record
from counselroom.model.people import Guardian, Person, SpecialGroupMember, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Actor
from counselroom.rules.people import Gender, PersonKind, SpecialGroup, StudentStatus
from counselroom.rules.roster_classes import ClassPath
from counselroom.rules.roster_plan import (
    RosterPlan,
    StoredGuardian,
    StoredStudent,
    StudentUpdate,
    guardian_changes,
)
from counselroom.rules.roster_rows import RosterGuardian, RosterStudent
from counselroom.rules.roster_words import Field
from counselroom.rules.school import UnitKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import CommonColumns, Work
from counselroom.services.roster_units import Units
from counselroom.vault import search_index

_BATCH = 1_000
_PERSON_FIELDS = {
    Field.NAME: "name",
    Field.GENDER: "gender",
    Field.BIRTH_DATE: "birth_date",
    Field.PHONE: "phone",
    Field.BACKUP_PHONE: "backup_phone",
    Field.ADDRESS: "address",
}
_STUDENT_FIELDS = {
    Field.NUMBER: "student_no",
    Field.DORM: "dorm",
    Field.ETHNICITY: "ethnicity",
    Field.POLITICAL_STATUS: "political_status",
}


def stored_students(session: Session) -> list[StoredStudent]:
    """Return every student of the vault as a roster sees them, voided ones included since their numbers are taken."""
    paths = Units(session).paths
    guardians: dict[str, list[StoredGuardian]] = {}
    for student_id, guardian_id, person_id, name, relation, phone, backup_phone in session.execute(
        select(
            Guardian.student_id,
            Guardian.id,
            Guardian.person_id,
            Person.name,
            Guardian.relation,
            Person.phone,
            Person.backup_phone,
        )
        .join(Person, Person.id == Guardian.person_id)
        .where(Guardian.voided_at.is_(None))
        .order_by(Guardian.student_id, Guardian.position)
    ):
        guardians.setdefault(student_id, []).append(
            StoredGuardian(guardian_id, person_id, name, relation, phone, backup_phone)
        )
    groups: dict[str, set[SpecialGroup]] = {}
    for student_id, group in session.execute(
        select(SpecialGroupMember.student_id, SpecialGroupMember.special_group).where(
            SpecialGroupMember.ended_on.is_(None), SpecialGroupMember.voided_at.is_(None)
        )
    ):
        groups.setdefault(student_id, set()).add(group)
    rows = session.execute(
        select(
            Student.id,
            Student.student_no,
            Person.name,
            Person.gender,
            Person.birth_date,
            Student.class_id,
            Person.phone,
            Person.backup_phone,
            Person.address,
            Student.dorm,
            Student.ethnicity,
            Student.political_status,
            Student.voided_at,
        )
        .join(Person, Person.id == Student.id)
        .order_by(Student.id)
    )
    return [
        StoredStudent(
            student_id,
            number or "",
            name,
            gender,
            born,
            paths.get(class_id or "", ClassPath()),
            phone,
            backup_phone,
            address,
            dorm,
            ethnicity,
            political_status,
            tuple(guardians.get(student_id, ())),
            frozenset(groups.get(student_id, ())),
            voided_at is not None,
        )
        for (
            student_id,
            number,
            name,
            gender,
            born,
            class_id,
            phone,
            backup_phone,
            address,
            dorm,
            ethnicity,
            political_status,
            voided_at,
        ) in rows
    ]


class RosterWriter:
    """Writes a plan within one transaction.

    Attributes:
        units: the classes, with those it created.
    """

    def __init__(
        self, work: Work, actor: Actor, unnamed_guardian: dict[str, str], progress: Callable[[int], None] | None
    ) -> None:
        self.units = Units(work.session)
        self._work = work
        self._unnamed = unnamed_guardian
        self._progress = progress
        self._done = 0
        day = work.now.date()
        self._common = {level: work.common(actor, level, day, row_id="") for level in (Secrecy.S1, Secrecy.S2)}
        self._touched = {"updated_at": work.now, "updated_by": actor.account_id}

    def write(self, plan: RosterPlan) -> None:
        """Add the new students and correct the others."""
        for start in range(0, len(plan.new), _BATCH):
            batch = plan.new[start : start + _BATCH]
            self._add(batch)
            self._tell(len(batch))
        for start in range(0, len(plan.updated), _BATCH):
            updates = plan.updated[start : start + _BATCH]
            self._correct(updates)
            self._tell(len(updates))

    def _tell(self, count: int) -> None:
        self._done += count
        if self._progress:
            self._progress(self._done)

    def _row(self, secrecy: Secrecy = Secrecy.S1, row_id: str | None = None) -> CommonColumns:
        row = self._common[secrecy].copy()
        row["id"] = row_id or self._work.new_id()
        return row

    def _add_unit(self, kind: UnitKind, name: str, parent_id: str | None, entry_year: int | None) -> str:
        row = self._row()
        self._insert(
            OrgUnit,
            [{**row, "kind": kind, "name": name, "parent_id": parent_id, "entry_year": entry_year, "active": True}],
        )
        return row["id"]

    def _add(self, students: Sequence[RosterStudent]) -> None:
        persons: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        guardians = _GuardianRows()
        groups: list[dict[str, Any]] = []
        for student in students:
            common = self._row()
            persons.append(
                {
                    **common,
                    "kind": PersonKind.STUDENT,
                    "name": student.name,
                    "gender": student.gender,
                    "birth_date": student.birth_date,
                    "phone": student.phone,
                    "backup_phone": student.backup_phone,
                    "address": student.address,
                }
            )
            rows.append(
                {
                    **common,
                    "student_no": student.number or None,
                    "class_id": self.units.class_id_of(student.class_path, self._add_unit),
                    "status": student.status or StudentStatus.ENROLLED,
                    "left_on": None,
                    "dorm": student.dorm,
                    "ethnicity": student.ethnicity,
                    "political_status": student.political_status,
                }
            )
            added = guardian_changes(student.guardians, (), self._unnamed)
            for position, change in enumerate(added, start=1):
                self._add_guardian(guardians, common["id"], change.after, position)
            groups.extend(self._group(common["id"], group) for group in sorted(student.groups))
        self._insert(Person, persons)
        self._insert(Student, rows)
        self._insert(Person, guardians.persons)
        self._insert(Guardian, guardians.links)
        self._insert(SpecialGroupMember, groups)
        search_index.index_people(
            self._work.session,
            [
                (person["id"], student.name, _codes(student.number))
                for person, student in zip(persons, students, strict=True)
            ],
        )

    def _group(self, student_id: str, group: SpecialGroup) -> dict[str, Any]:
        return {
            **self._row(Secrecy.S2),
            "student_id": student_id,
            "special_group": group,
            "since": None,
            "contact_person_id": None,
            "plan": None,
            "ended_on": None,
        }

    def _add_guardian(self, rows: _GuardianRows, student_id: str, guardian: RosterGuardian, position: int) -> None:
        person = self._row()
        rows.persons.append(
            {
                **person,
                "kind": PersonKind.GUARDIAN,
                "name": guardian.name,
                "gender": Gender.UNKNOWN,
                "birth_date": None,
                "phone": guardian.phone,
                "backup_phone": guardian.backup_phone,
                "address": None,
            }
        )
        rows.links.append(
            {
                **self._row(),
                "student_id": student_id,
                "person_id": person["id"],
                "relation": guardian.relation,
                "position": position,
            }
        )

    def _correct(self, updates: Sequence[StudentUpdate]) -> None:
        session = self._work.session
        ids = [update.student_id for update in updates]
        known = session.execute(select(Student.id, Student.student_no).where(Student.id.in_(ids)))
        numbers: dict[str, str | None] = {row.id: row.student_no for row in known}
        positions: dict[str, int] = {}
        for student_id, position in session.execute(
            select(Guardian.student_id, Guardian.position).where(Guardian.student_id.in_(ids))
        ):
            positions[student_id] = max(position, positions.get(student_id, 0))
        persons: list[dict[str, Any]] = []
        students: list[dict[str, Any]] = []
        links: list[dict[str, Any]] = []
        added = _GuardianRows()
        groups: list[dict[str, Any]] = []
        renamed: list[tuple[str, str, dict[str, str]]] = []
        for found in updates:
            person: dict[str, Any] = {}
            student: dict[str, Any] = {}
            for change in found.changes:
                if change.field in _PERSON_FIELDS:
                    person[_PERSON_FIELDS[change.field]] = change.after
                elif change.field in _STUDENT_FIELDS:
                    student[_STUDENT_FIELDS[change.field]] = change.after
                elif isinstance(change.after, ClassPath):
                    student["class_id"] = self.units.class_id_of(change.after, self._add_unit)
            if person:
                persons.append({"id": found.student_id, **person})
            # the student's own row is touched by every change, so that an open page sees that it has moved on
            students.append({"id": found.student_id, **student})
            for guardian in found.guardians:
                if guardian.stored is None:
                    positions[found.student_id] = positions.get(found.student_id, 0) + 1
                    self._add_guardian(added, found.student_id, guardian.after, positions[found.student_id])
                else:
                    after = guardian.after
                    contact = {"name": after.name, "phone": after.phone, "backup_phone": after.backup_phone}
                    persons.append({"id": guardian.stored.person_id, **contact})
                    links.append({"id": guardian.stored.id, "relation": after.relation})
            groups.extend(self._group(found.student_id, group) for group in sorted(found.groups))
            if "name" in person or "student_no" in student:
                number = student.get("student_no") or numbers[found.student_id]
                renamed.append((found.student_id, found.name, _codes(number)))
        self._update(Person, persons)
        self._update(Student, students)
        self._update(Guardian, links)
        self._insert(Person, added.persons)
        self._insert(Guardian, added.links)
        self._insert(SpecialGroupMember, groups)
        search_index.index_people(session, renamed)

    def _update(self, kind: type[Record], rows: Iterable[dict[str, Any]]) -> None:
        """Change the columns named in each row, one statement for all rows that name the same ones."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            alike.setdefault(tuple(row), []).append({f"new_{name}": value for name, value in row.items()})
        table = kind.metadata.tables[kind.__tablename__]
        for names, values in alike.items():
            columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "id"}
            changed = update(table).where(table.c.id == bindparam("new_id")).values(**columns, **self._touched)
            self._work.session.execute(changed, values)

    def _insert(self, kind: type[Record], rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._work.session.execute(insert(kind.metadata.tables[kind.__tablename__]), rows)


def _codes(number: str | None) -> dict[str, str]:
    return {"student_no": number} if number else {}


class _GuardianRows:
    """Rows of guardians to be added: the persons, and the links to their students."""

    def __init__(self) -> None:
        self.persons: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
