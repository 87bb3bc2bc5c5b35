"""Compares a roster with the students the vault has: who is new, what changes, what stays.

An import only adds and corrects. What the roster leaves blank stays, a student it leaves out stays, and so do a
guardian and a special group: nobody is deleted by a list that somebody shortened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from counselroom.rules.people import Gender, Relation, SpecialGroup
from counselroom.rules.roster_classes import ClassPath
from counselroom.rules.roster_problems import Problem, RefusedRow, RowProblem
from counselroom.rules.roster_rows import RosterGuardian, RosterStudent
from counselroom.rules.roster_words import Field


@dataclass(frozen=True, slots=True)
class StoredGuardian:
    """A guardian in the vault; `id` is that of the link to the student."""

    id: str
    person_id: str
    name: str
    relation: Relation
    phone: str | None
    backup_phone: str | None


@dataclass(frozen=True, slots=True)
class StoredStudent:
    """A student in the vault, as far as a roster may change one."""

    id: str
    number: str
    name: str
    gender: Gender
    birth_date: date | None
    class_path: ClassPath
    phone: str | None
    backup_phone: str | None
    address: str | None
    dorm: str | None
    ethnicity: str | None
    political_status: str | None
    guardians: tuple[StoredGuardian, ...]
    groups: frozenset[SpecialGroup]
    voided: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What changes in one field; `before` is None where nothing stood."""

    field: Field
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class GuardianChange:
    """A guardian that is added (`stored` None) or corrected to `after`."""

    stored: StoredGuardian | None
    after: RosterGuardian


@dataclass(frozen=True, slots=True)
class StudentUpdate:
    """What one row changes of one student.

    Attributes:
        student_id: the student.
        row: 1-based line of the file.
        name: the name as it will be.
        changes: field by field.
        guardians: guardians added or corrected.
        groups: special groups added.
    """

    student_id: str
    row: int
    name: str
    changes: tuple[FieldChange, ...]
    guardians: tuple[GuardianChange, ...]
    groups: frozenset[SpecialGroup]


@dataclass(frozen=True)
class RosterPlan:
    """What an import would do.

    Attributes:
        new: students to be added.
        updated: students to be changed.
        unchanged: rows that say what is known.
        refused: rows that clash with the vault.
    """

    new: tuple[RosterStudent, ...]
    updated: tuple[StudentUpdate, ...]
    unchanged: int
    refused: tuple[RefusedRow, ...]

    def digest(self) -> str:
        """Return a SHA-256 of all that would be written, in hex: the same plan has the same digest."""
        hashed = hashlib.sha256()
        for student in self.new:
            hashed.update(repr(_in_order(student)).encode())
        for changed in self.updated:
            hashed.update(repr(_in_order(changed)).encode())
        return hashed.hexdigest()


def _in_order(part: RosterStudent | StudentUpdate) -> tuple[object, ...]:
    """Return the parts of a row; sets have no order of their own."""
    names = part.__slots__
    return tuple(sorted(part.groups) if name == "groups" else getattr(part, name) for name in names)


def plan_import(
    students: Iterable[RosterStudent], stored: Iterable[StoredStudent], unnamed_guardian: Mapping[str, str]
) -> RosterPlan:
    """Return what importing `students` into `stored` would do.

    A row finds its student by the number; else one without a number by name, birth date and class. `unnamed_guardian`
    says how a guardian is called whose name the roster leaves out.
    """
    index = _Index(stored)
    new: list[RosterStudent] = []
    updated: list[StudentUpdate] = []
    refused: list[RefusedRow] = []
    rows: dict[str, int] = {}
    unchanged = 0
    for student in students:
        found = index.find(student)
        if isinstance(found, StoredStudent) and found.id in rows:
            found = RowProblem(student.row, Problem.DUPLICATE_STUDENT, None, rows[found.id])
        if isinstance(found, RowProblem):
            refused.append(RefusedRow(student.row, student.name, (found,)))
        elif found is None:
            new.append(student)
        else:
            rows[found.id] = student.row
            update = _update(student, found, unnamed_guardian)
            if update is None:
                unchanged += 1
            else:
                updated.append(update)
    return RosterPlan(tuple(new), tuple(updated), unchanged, tuple(refused))


class _Index:
    """Finds the stored student a row means."""

    def __init__(self, stored: Iterable[StoredStudent]) -> None:
        self._by_number: dict[str, StoredStudent] = {}
        self._by_person: dict[tuple[str, date], list[StoredStudent]] = {}
        for student in stored:
            if student.number:
                self._by_number[student.number] = student
            if student.birth_date is not None and not student.voided:
                self._by_person.setdefault((student.name, student.birth_date), []).append(student)

    def find(self, row: RosterStudent) -> StoredStudent | RowProblem | None:
        if row.number in self._by_number:
            found = self._by_number[row.number]
            if found.voided:
                return RowProblem(row.row, Problem.VOIDED_STUDENT, Field.NUMBER)
            return RowProblem(row.row, Problem.NUMBER_OF_ANOTHER, Field.NUMBER) if _is_another(row, found) else found
        if row.birth_date is None or not row.class_path.name:
            return None
        namesakes = self._by_person.get((row.name, row.birth_date), [])
        fitting = [
            student
            for student in namesakes
            if student.class_path.name
            and row.class_path.fits(student.class_path)
            and not (row.number and student.number)
        ]
        if len(fitting) > 1:
            return RowProblem(row.row, Problem.AMBIGUOUS)
        return fitting[0] if fitting else None


def _is_another(row: RosterStudent, stored: StoredStudent) -> bool:
    """Return whether a row with the number of `stored` clearly means somebody else.

    Schools give numbers anew. To rename a record would give one student's notes to another, which is worse than a
    refused row: so the birth date has to be the same, or, where one is missing, more than half of the name; a surname
    in common proves nothing.
    """
    if row.name == stored.name:
        return False
    if row.birth_date is not None and stored.birth_date is not None:
        return row.birth_date != stored.birth_date
    common = len(set(row.name) & set(stored.name))
    return 2 * common <= max(len(row.name), len(stored.name))


def _update(row: RosterStudent, stored: StoredStudent, unnamed: Mapping[str, str]) -> StudentUpdate | None:
    path = row.class_path.completed_by(stored.class_path)
    said: tuple[tuple[Field, object, object], ...] = (
        (Field.NUMBER, stored.number, row.number),
        (Field.NAME, stored.name, row.name),
        (Field.GENDER, stored.gender, None if row.gender is Gender.UNKNOWN else row.gender),
        (Field.BIRTH_DATE, stored.birth_date, row.birth_date),
        (Field.CLASS, stored.class_path, path if row.class_path.name else None),
        (Field.PHONE, stored.phone, row.phone),
        (Field.BACKUP_PHONE, stored.backup_phone, row.backup_phone),
        (Field.ADDRESS, stored.address, row.address),
        (Field.DORM, stored.dorm, row.dorm),
        (Field.ETHNICITY, stored.ethnicity, row.ethnicity),
        (Field.POLITICAL_STATUS, stored.political_status, row.political_status),
    )
    changes = tuple(
        FieldChange(field, before or None, after) for field, before, after in said if after and before != after
    )
    guardians = guardian_changes(row.guardians, stored.guardians, unnamed)
    groups = row.groups - stored.groups
    if not (changes or guardians or groups):
        return None
    return StudentUpdate(stored.id, row.row, row.name, changes, guardians, groups)


def guardian_changes(
    said: Iterable[RosterGuardian], stored: Iterable[StoredGuardian], unnamed: Mapping[str, str]
) -> tuple[GuardianChange, ...]:
    """Return which guardians are added or corrected: found by name, else by telephone or relation where safe."""
    free = list(stored)
    left: list[RosterGuardian] = []
    changes: list[GuardianChange] = []
    for guardian in said:
        namesake = next((known for known in free if guardian.name and known.name == guardian.name), None)
        if namesake is None:
            left.append(guardian)
        else:
            free.remove(namesake)
            changes.extend(_corrected(guardian, namesake))
    for guardian in left:
        known = next((known for known in free if _is_same_guardian(guardian, known, unnamed)), None)
        if known is None:
            name = guardian.name or unnamed.get(guardian.relation, unnamed[Relation.OTHER])
            added = RosterGuardian(name, guardian.relation, guardian.phone, guardian.backup_phone)
            changes.append(GuardianChange(None, added))
        else:
            free.remove(known)
            changes.extend(_corrected(guardian, known))
    return tuple(changes)


def _is_same_guardian(said: RosterGuardian, known: StoredGuardian, unnamed: Mapping[str, str]) -> bool:
    """Return whether two guardians of different names are one: parents may share a telephone, so that is not enough."""
    nameless = not said.name or known.name in unnamed.values()
    same_relation = said.relation is known.relation and said.relation in (Relation.FATHER, Relation.MOTHER)
    same_phone = said.phone is not None and said.phone == known.phone
    return (same_phone and (nameless or same_relation)) or (nameless and same_relation)


def _corrected(said: RosterGuardian, known: StoredGuardian) -> list[GuardianChange]:
    after = RosterGuardian(
        said.name or known.name,
        known.relation if said.relation is Relation.OTHER else said.relation,
        said.phone or known.phone,
        said.backup_phone or known.backup_phone,
    )
    same = after == RosterGuardian(known.name, known.relation, known.phone, known.backup_phone)
    return [] if same else [GuardianChange(known, after)]
