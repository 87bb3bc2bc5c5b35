"""A roster as a whole: the first row of a student counts, and rows that may be one student are reported."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom import resources
from counselroom.rules.roster import (
    MOST_NEAR_DUPLICATES,
    Known,
    NearKind,
    RosterReading,
    near_duplicates,
    read_roster,
)
from counselroom.rules.roster_columns import ColumnMapping
from counselroom.rules.roster_problems import Problem
from counselroom.rules.roster_words import Field, RosterWords

WORDS = RosterWords.of(tomllib.loads(resources.read_text("resources/roster_columns.toml")))
TODAY = date(2026, 9, 1)
HEAD = ["学号", "姓名", "班级", "出生日期"]


def read(*rows: Sequence[Any], mapping: ColumnMapping | None = None) -> RosterReading:
    reading = read_roster(list(enumerate(rows, start=1)), WORDS, TODAY, mapping)
    assert reading is not None
    return reading


def refusals(reading: RosterReading) -> list[tuple[int, Problem, int]]:
    return [(row.row, row.problems[0].problem, row.problems[0].other_row) for row in reading.refused]


def test_a_roster_as_an_office_makes_it() -> None:
    reading = read(
        ["某校学生花名册"] * 4,
        HEAD,
        ["001", "张　三", "七年级1班", "2010.3.5"],
        ["002", "李四", "七(1)班", "昨天"],
        ["", "", "", ""],
        HEAD,
        ["001", "张三", "七年级1班", ""],
        ["", "王五", "", ""],
        ["合计", "3人", "", ""],
    )
    assert reading.heading.lines == (2,)
    assert [(student.row, student.number, student.name) for student in reading.students] == [
        (3, "001", "张三"),
        (4, "002", "李四"),
    ]
    assert refusals(reading) == [(7, Problem.DUPLICATE_NUMBER, 3), (8, Problem.NO_IDENTITY, 0)]
    assert [(problem.row, problem.problem) for problem in reading.problems] == [(4, Problem.BAD_DATE)]
    assert reading.skipped == 3


def test_without_names_there_is_no_roster() -> None:
    assert read_roster([(1, ["1", "张三"])], WORDS, TODAY) is None
    assert read_roster([], WORDS, TODAY) is None
    assert read_roster([(1, ["1", "张三"])], WORDS, TODAY, ColumnMapping({0: Field.NUMBER}, heading_line=0)) is None


def test_a_table_without_a_heading_is_read_from_its_first_line() -> None:
    mapping = ColumnMapping({0: Field.NUMBER, 1: Field.NAME}, heading_line=0)
    assert [student.row for student in read(["1", "张三"], ["2", "李四"], mapping=mapping).students] == [1, 2]


def test_lines_behind_those_searched_are_read_too() -> None:
    reading = read(HEAD, *([f"{index}", "张三", "1班", ""] for index in range(200)))
    assert len(reading.students) == 200


def test_rows_without_a_number_repeat_by_name_class_and_birth_date() -> None:
    reading = read(
        HEAD,
        ["", "张三", "七年级1班", "2010-3-5"],
        ["", "张三", "七(1)班", "2010.3.5"],
        ["", "张三", "七年级2班", "2010-3-5"],
        ["", "张三", "七年级1班", "2010-3-6"],
        ["9", "张三", "七年级1班", "2010-3-5"],
        ["8", "李四", "七年级1班", "2010-3-5"],
        ["", "李四", "七年级1班", "2010-3-5"],
        ["7", "李四", "七年级1班", "2010-3-5"],
    )
    assert [student.row for student in reading.students] == [2, 4, 5, 7, 9]
    assert refusals(reading) == [
        (3, Problem.DUPLICATE_STUDENT, 2),
        (6, Problem.DUPLICATE_STUDENT, 2),
        (8, Problem.DUPLICATE_STUDENT, 7),
    ]


def known(row: int, number: str, name: str = "张三", class_key: str = "", born: date | None = None) -> Known:
    return Known(row, "", number, name, class_key, born)


def pairs(new: list[Known], stored: list[Known] | None = None) -> list[tuple[NearKind, int, int]]:
    found, count = near_duplicates(new, stored or [])
    assert len(found) == count
    return [(near.kind, near.one.row, near.other.row) for near in found]


def test_namesakes_that_may_be_one() -> None:
    born = date(2010, 3, 5)
    assert pairs([known(2, "100", class_key="1班"), known(3, "211", class_key="1班")]) == [
        (NearKind.SAME_NAME_AND_CLASS, 3, 2)
    ]
    assert pairs([known(2, "100", born=born), known(3, "299", born=born)]) == [
        (NearKind.SAME_NAME_AND_BIRTH_DATE, 3, 2)
    ]
    assert pairs([known(2, "2026001"), known(3, "2026011")]) == [(NearKind.ONE_CHARACTER, 3, 2)]
    assert pairs([known(2, "2026001"), known(3, "2026110")]) == []
    assert pairs([known(2, "2026001"), known(3, "202600")]) == []
    assert pairs([known(2, "1", "张三", "1班", born), known(3, "2", "李四", "1班", born)]) == []


def test_a_pair_is_reported_once_a_kind_and_against_the_vault() -> None:
    born = date(2010, 3, 5)
    stored = [Known(0, "s1", "100", "张三", "1班", born)]
    assert [kind for kind, _one, _other in pairs([known(2, "101", class_key="1班", born=born)], stored)] == [
        NearKind.SAME_NAME_AND_CLASS,
        NearKind.SAME_NAME_AND_BIRTH_DATE,
        NearKind.ONE_CHARACTER,
    ]
    assert pairs([known(2, "100", class_key="1班", born=born)], stored) == []
    assert len(pairs([known(2, "", class_key="1班"), known(3, "", class_key="1班")])) == 1


def test_fifty_thousand_namesakes_cost_no_more_than_others() -> None:
    new = [known(row, f"{row:09d}", class_key="1班") for row in range(20_000)]
    started = time.process_time()
    found, count = near_duplicates(new, [])
    assert (len(found), count) == (MOST_NEAR_DUPLICATES, 2 * 19_999)
    assert time.process_time() - started < 5


ROW = st.tuples(
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["张三", "李四"]),
    st.sampled_from(["", "七年级1班", "七年级2班"]),
    st.sampled_from(["", "2010-1-1", "2011-1-1"]),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(ROW, max_size=15))
def test_no_student_is_read_twice_and_every_row_is_accounted_for(rows: list[tuple[str, ...]]) -> None:
    reading = read(HEAD, *rows)
    numbers = [student.number for student in reading.students if student.number]
    assert len(numbers) == len(set(numbers))
    unnumbered = [student.identity for student in reading.students if not student.number]
    assert len(unnumbered) == len(set(unnumbered))
    shown = sorted([student.row for student in reading.students] + [refused.row for refused in reading.refused])
    assert shown == list(range(2, len(rows) + 2))
    for refused in reading.refused:
        for problem in refused.problems:
            assert problem.other_row < refused.row
