"""Reads a whole roster: finds its heading, reads its rows, and reports rows that say the same student twice.

A student is known by the number; without one by name, class and birth date together. Other rows are refused, since
importing them a second time would double the student.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, islice

from counselroom.rules.roster_columns import LINES_SEARCHED, ColumnMapping, Heading, Line, find_heading
from counselroom.rules.roster_problems import Problem, RefusedRow, RowProblem
from counselroom.rules.roster_rows import RosterStudent, RowReader
from counselroom.rules.roster_words import RosterWords

MOST_NEAR_DUPLICATES = 1_000
"""More are counted, not listed: such a list is no help."""


class NearKind(StrEnum):
    """Why two students may be the same person. A namesake is not rare, so that people decide and not the program."""

    SAME_NAME_AND_CLASS = "same_name_and_class"
    ONE_CHARACTER = "one_character"
    """The same name, and numbers that differ in one character."""
    SAME_NAME_AND_BIRTH_DATE = "same_name_and_birth_date"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a student: of a row of the file (`student_id` empty) or of the vault (`row` 0)."""

    row: int
    student_id: str
    number: str
    name: str
    class_key: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two students that may be one."""

    kind: NearKind
    one: Known
    other: Known


@dataclass(frozen=True)
class RosterReading:
    """What a roster says.

    Attributes:
        heading: its heading and columns.
        students: rows that can be imported.
        refused: rows that can't, with reasons.
        problems: what was reported about rows that can.
        skipped: lines that are neither, such as totals.
    """

    heading: Heading
    students: tuple[RosterStudent, ...]
    refused: tuple[RefusedRow, ...]
    problems: tuple[RowProblem, ...]
    skipped: int


def read_roster(
    lines: Iterable[Line], words: RosterWords, today: date, mapping: ColumnMapping | None = None
) -> RosterReading | None:
    """Read a roster; None when no heading with a column of names is found.

    Args:
        lines: number and cells of every line that is not blank, in order; read once, never held as a whole.
        words: names of columns and values.
        today: no birth date is later.
        mapping: the user's corrections of the columns.
    """
    rest: Iterator[Line] = iter(lines)
    first = list(islice(rest, LINES_SEARCHED))
    heading = find_heading(first, words, mapping)
    if heading is None or not heading.has_names:
        return None
    below = heading.lines[-1] if heading.lines else 0
    reader = RowReader(heading, words, today)
    refused: list[RefusedRow] = []
    students: list[RosterStudent] = []
    seen: dict[object, int] = {}
    for number, cells in chain(first, rest):
        if number <= below:
            continue
        found = reader.read(number, cells)
        if isinstance(found, RosterStudent):
            clash = _clash(found, seen)
            if clash is None:
                students.append(found)
            else:
                refused.append(RefusedRow(found.row, found.name, (clash,)))
        elif found is not None:
            refused.append(found)
    return RosterReading(heading, tuple(students), tuple(refused), tuple(reader.problems), reader.skipped)


def _clash(student: RosterStudent, seen: dict[object, int]) -> RowProblem | None:
    """Return how a row repeats an earlier one, and remember it. The first row of a student counts.

    A row without a number also repeats a row with one, if name, class and birth date are the same: it would find that
    student in the vault.
    """
    if student.number:
        if (earlier := seen.get(student.number)) is not None:
            return RowProblem(student.row, Problem.DUPLICATE_NUMBER, None, earlier)
        seen[student.number] = student.row
        if student.identity is not None:
            if (earlier := seen.get(("unnumbered", student.identity))) is not None:
                return RowProblem(student.row, Problem.DUPLICATE_STUDENT, None, earlier)
            seen.setdefault(student.identity, student.row)
        return None
    if (earlier := seen.get(student.identity)) is not None:
        return RowProblem(student.row, Problem.DUPLICATE_STUDENT, None, earlier)
    seen[student.identity] = student.row
    seen["unnumbered", student.identity] = student.row
    return None


def near_duplicates(new: Iterable[Known], known: Iterable[Known]) -> tuple[tuple[NearDuplicate, ...], int]:
    """Return pairs in which a student of `new` may be another of `new` or `known`, and how many pairs there are.

    Only namesakes are compared, each by an index, so that 50,000 rows with the same name cost no more than others. A
    student is paired once a kind, with the first that matches; `MOST_NEAR_DUPLICATES` pairs are listed at most.
    """
    index: dict[tuple[object, ...], Known] = {}
    found: list[NearDuplicate] = []
    count = 0
    for student in known:
        for _kind, key in _keys(student):
            index.setdefault(key, student)
    for student in new:
        matched: set[NearKind] = set()
        for kind, key in _keys(student):
            other = index.setdefault(key, student)
            same = other is student or (other.number == student.number and other.number != "")
            if same or kind in matched:
                continue
            matched.add(kind)
            count += 1
            if len(found) < MOST_NEAR_DUPLICATES:
                found.append(NearDuplicate(kind, student, other))
    return tuple(found), count


def _keys(student: Known) -> Iterator[tuple[NearKind, tuple[object, ...]]]:
    if student.class_key:
        yield NearKind.SAME_NAME_AND_CLASS, (student.name, "class", student.class_key)
    if student.birth_date is not None:
        yield NearKind.SAME_NAME_AND_BIRTH_DATE, (student.name, "born", student.birth_date)
    for at in range(len(student.number)):
        yield NearKind.ONE_CHARACTER, (student.name, at, student.number[:at], student.number[at + 1 :])
