"""Reads the lines below the heading of a roster: a student, a refused row with reasons, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from counselroom.rules import roster_cells as cells_of
from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.rules.roster_cells import Cell
from counselroom.rules.roster_classes import ClassPath, class_of
from counselroom.rules.roster_columns import Heading, is_other_heading, looks_like_data, repeats
from counselroom.rules.roster_problems import REFUSING, Problem, RefusedRow, RowProblem
from counselroom.rules.roster_words import Field, RosterWords, fold

LONGEST_NAME = 60
LONGEST_CELL = 2_000
"""Characters; as many as the reader hands over of a longer cell, less one."""


@dataclass(frozen=True, slots=True)
class RosterGuardian:
    """A guardian as the roster names one; the name is empty when only a telephone is given."""

    name: str
    relation: Relation
    phone: str | None
    backup_phone: str | None = None


@dataclass(frozen=True, slots=True)
class RosterStudent:
    """A student as the roster says. What it leaves blank is None or empty and changes nothing that is stored.

    Attributes:
        row: 1-based line of the file.
        number: student number, or empty.
        name: name.
        gender: UNKNOWN when not said.
        birth_date: date of birth.
        class_path: where the class stands.
        phone: first telephone; likewise the fields that follow.
        backup_phone: second telephone.
        address: address.
        dorm: dormitory and room.
        ethnicity: 民族.
        political_status: 政治面貌.
        status: the state, or None.
        guardians: in the order in which they are called.
        groups: special groups.
    """

    row: int
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
    status: StudentStatus | None
    guardians: tuple[RosterGuardian, ...]
    groups: frozenset[SpecialGroup]

    @property
    def identity(self) -> tuple[str, ClassPath, date] | None:
        """What tells the student apart where there is no number: name, class and birth date; None if one is missing."""
        if self.birth_date is None or not self.class_path.name:
            return None
        return self.name, self.class_path, self.birth_date


class RowReader:
    """Reads rows one after the other.

    Attributes:
        problems: what was reported about rows that were read.
        skipped: how many lines were neither student nor refused: totals, notes, repeated headings.
    """

    def __init__(self, heading: Heading, words: RosterWords, today: date) -> None:
        self.problems: list[RowProblem] = []
        self.skipped = 0
        self._heading = heading
        self._positions = heading.positions()
        self._words = words
        self._today = today
        self._other_table = False
        self._kept: dict[str, str] = {}
        self._paths: dict[tuple[Cell, ...], ClassPath] = {}

    def read(self, row: int, cells: Sequence[Cell]) -> RosterStudent | RefusedRow | None:
        """Return the student of a line, the refusal, or None for a line that is neither."""
        if self._is_repeated_heading(cells):
            return None
        line = _Line(row, cells, self._positions)
        name = cells_of.name_of(line.cell(Field.NAME))
        if self._is_no_student(line, name):
            self.skipped += 1
            return None
        if not name:
            line.report(Problem.NO_NAME, Field.NAME)
        if self._other_table:
            line.report(Problem.OTHER_TABLE)
        number = self._number(line)
        self._check_lengths(line, name)
        student = self._student(line, number, name)
        if not number and student.identity is None and name:
            line.report(Problem.NO_IDENTITY)
        refusing = tuple(problem for problem in line.problems if problem.problem in REFUSING)
        if refusing:
            return RefusedRow(row, name[:LONGEST_NAME], tuple(line.problems))
        self.problems.extend(line.problems)
        return student

    def _is_repeated_heading(self, cells: Sequence[Cell]) -> bool:
        if looks_like_data(cells):
            return False
        if is_other_heading(cells, self._words):
            self._other_table = not repeats(cells, self._heading)
        elif not repeats(cells, self._heading):
            return False
        self.skipped += 1
        return True

    def _says_total(self, text: str) -> bool:
        return fold(text).startswith(self._words.totals)

    def _is_no_student(self, line: _Line, name: str) -> bool:
        """Return whether a line is a total, a title, a note, a signature or an empty line with a running number."""
        texts = [text for text in map(cells_of.text_of, line.cells) if text]
        said = set(texts)
        if not texts or self._says_total(texts[0]) or self._says_total(name):
            return True
        if len(texts) > 1 and len(said) == 1:  # a title over merged columns
            return True
        if name:
            return False
        if any(fold(text).startswith(self._words.totals + self._words.footers) for text in said):
            return True
        if not any(line.cell(field) != "" for field in self._positions if isinstance(field, Field)):
            return True  # only running numbers, or columns that are not imported
        number = self._raw_number(line)
        return len(said) <= 2 and (number == "" or not cells_of.text_of(number)[:1].isalnum())

    def _raw_number(self, line: _Line) -> Cell:
        own = line.cell(Field.NUMBER)
        return own if own != "" else line.cell(Field.REGISTRATION_NUMBER)

    def _number(self, line: _Line) -> str:
        cell = self._raw_number(line)
        if cell == "":
            return ""
        number = cells_of.number_of(cell)
        if cells_of.number_is_damaged(cell):
            line.report(Problem.NUMBER_DAMAGED, Field.NUMBER)
        elif cells_of.number_is_odd(number):
            if fold(number) in self._words.no:  # a dash or 无 in place of a number
                return ""
            line.report(Problem.NUMBER_ODD, Field.NUMBER)
        return number

    def _check_lengths(self, line: _Line, name: str) -> None:
        if len(name) > LONGEST_NAME:
            line.report(Problem.TEXT_TOO_LONG, Field.NAME)
        for meaning in self._positions:
            if isinstance(meaning, Field) and any(
                isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in line.all(meaning)
            ):
                line.report(Problem.TEXT_TOO_LONG, meaning)

    def _student(self, line: _Line, number: str, name: str) -> RosterStudent:
        if cells_of.name_is_damaged(name):
            line.report(Problem.DAMAGED_NAME, Field.NAME)
        elif cells_of.is_formula_like(name):
            line.report(Problem.FORMULA_LIKE, Field.NAME)
        elif cells_of.name_is_odd(name):
            line.report(Problem.ODD_NAME, Field.NAME)
        birth_date, gender = self._birth_and_gender(line)
        phones = self._phones(line, Field.PHONE)
        backup = self._phones(line, Field.BACKUP_PHONE)
        return RosterStudent(
            row=line.row,
            number=number,
            name=name,
            gender=gender,
            birth_date=birth_date,
            class_path=self._class_path(line),
            phone=phones.first or backup.first,
            backup_phone=phones.second or (backup.first if phones.first else backup.second),
            address=self._text(line, Field.ADDRESS),
            dorm=self._text(line, Field.DORM),
            ethnicity=self._text(line, Field.ETHNICITY),
            political_status=self._text(line, Field.POLITICAL_STATUS),
            status=self._status(line),
            guardians=self._guardians(line),
            groups=self._groups(line),
        )

    def _birth_and_gender(self, line: _Line) -> tuple[date | None, Gender]:
        found = cells_of.date_of(line.cell(Field.BIRTH_DATE), self._today)
        if found.bad:
            line.report(Problem.BAD_DATE, Field.BIRTH_DATE)
        elif found.month_only:
            line.report(Problem.MONTH_ONLY, Field.BIRTH_DATE)
        gender = cells_of.gender_of(line.cell(Field.GENDER), self._words)
        if gender is None:
            line.report(Problem.BAD_GENDER, Field.GENDER)
            gender = Gender.UNKNOWN
        says = cells_of.id_number_says(line.cell(Field.ID_NUMBER))
        if says is None:
            return found.day, gender
        born, said_gender = says
        if (found.day not in (None, born) and not found.month_only) or gender not in (Gender.UNKNOWN, said_gender):
            line.report(Problem.ID_DIFFERS, Field.ID_NUMBER)
        return found.day or born, said_gender if gender is Gender.UNKNOWN else gender

    def _class_path(self, line: _Line) -> ClassPath:
        key = tuple(line.cell(field) for field in (Field.CLASS, Field.GRADE, Field.COLLEGE, Field.MAJOR))
        if key not in self._paths:
            self._paths[key] = class_of(*key)
        return self._paths[key]

    def _text(self, line: _Line, field: Field) -> str | None:
        cell = line.cell(field)
        text = cells_of.text_of(cell)
        if not text or fold(text) in ("/", "-", "—", "无"):
            return None
        if cells_of.is_formula_like(cell):
            line.report(Problem.FORMULA_LIKE, field)
        return self._kept.setdefault(text, text)  # one object for the same word in 50,000 rows

    def _status(self, line: _Line) -> StudentStatus | None:
        cell = line.cell(Field.STATUS)
        status = cells_of.status_of(cell, self._words)
        if status is None and cells_of.text_of(cell):
            line.report(Problem.UNKNOWN_STATUS, Field.STATUS)
        return status

    def _phones(self, line: _Line, field: Field) -> cells_of.FoundPhones:
        found = cells_of.phones_of(line.cell(field))
        if found.odd:
            line.report(Problem.ODD_PHONE, field)
        return found

    def _guardians(self, line: _Line) -> tuple[RosterGuardian, ...]:
        relation = cells_of.relation_of(line.cell(Field.GUARDIAN_RELATION), self._words)
        second = cells_of.relation_of(line.cell(Field.SECOND_GUARDIAN_RELATION), self._words)
        found: list[RosterGuardian] = []
        for name_field, phone_field, kind in (
            (Field.GUARDIAN_NAME, Field.GUARDIAN_PHONE, relation),
            (Field.SECOND_GUARDIAN_NAME, Field.SECOND_GUARDIAN_PHONE, second),
            (Field.FATHER_NAME, Field.FATHER_PHONE, Relation.FATHER),
            (Field.MOTHER_NAME, Field.MOTHER_PHONE, Relation.MOTHER),
        ):
            name = cells_of.name_of(line.cell(name_field))[:LONGEST_NAME]
            name = "" if fold(name) in self._words.no else name
            phones = self._phones(line, phone_field)
            if not (name or phones.first):
                continue
            said = RosterGuardian(name, kind, phones.first, phones.second)
            # father and guardian are often the same person, told twice
            twin = next((at for at, other in enumerate(found) if _is_same(other, said)), None)
            if twin is None:
                found.append(said)
            else:
                found[twin] = _united(found[twin], said)
        return tuple(found)

    def _groups(self, line: _Line) -> frozenset[SpecialGroup]:
        groups: set[SpecialGroup] = set()
        for cell in line.all(Field.SPECIAL_GROUP):
            found, understood = cells_of.groups_of(cell, self._words)
            groups |= found
            if not understood:
                line.report(Problem.UNKNOWN_GROUP, Field.SPECIAL_GROUP)
        for cell in line.all(Field.REMARK):
            groups |= cells_of.groups_of(cell, self._words)[0]
        for meaning in self._positions:
            if isinstance(meaning, SpecialGroup):
                cell = line.cell(meaning)
                answer = cells_of.yes_or_no(cell, self._words)
                if answer is None:
                    answer = meaning in cells_of.groups_of(cell, self._words)[0]
                    if not answer:
                        line.report(Problem.UNKNOWN_GROUP, Field.SPECIAL_GROUP)
                if answer:
                    groups.add(meaning)
        return frozenset(groups)


def _is_same(one: RosterGuardian, other: RosterGuardian) -> bool:
    if one.name and other.name:
        return one.name == other.name
    return one.phone is not None and one.phone == other.phone


def _united(one: RosterGuardian, other: RosterGuardian) -> RosterGuardian:
    return RosterGuardian(
        one.name or other.name,
        other.relation if one.relation is Relation.OTHER else one.relation,
        one.phone or other.phone,
        one.backup_phone or other.backup_phone,
    )


class _Line:
    """One line with the positions of its fields, and what is reported about it."""

    def __init__(
        self, row: int, cells: Sequence[Cell], positions: Mapping[Field | SpecialGroup, Sequence[int]]
    ) -> None:
        self.row = row
        self.cells = cells
        self.problems: list[RowProblem] = []
        self._positions = positions

    def cell(self, meaning: Field | SpecialGroup) -> Cell:
        """Return the first cell of this meaning, empty when the file has no such column."""
        return next(iter(self.all(meaning)), "")

    def all(self, meaning: Field | SpecialGroup) -> list[Cell]:
        """Return all cells of this meaning; a text of spaces is empty."""
        found = [self.cells[at] for at in self._positions.get(meaning, ()) if at < len(self.cells)]
        return ["" if isinstance(cell, str) and not cell.strip() else cell for cell in found]

    def report(self, problem: Problem, field: Field | None = None) -> None:
        """Note a problem once."""
        found = RowProblem(self.row, problem, field)
        if found not in self.problems:
            self.problems.append(found)
