"""Rows: students, refused rows with every reason, and lines that are neither."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from counselroom import resources
from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.rules.roster_classes import ClassPath
from counselroom.rules.roster_columns import find_heading
from counselroom.rules.roster_problems import Problem, RefusedRow
from counselroom.rules.roster_rows import LONGEST_CELL, LONGEST_NAME, RosterGuardian, RosterStudent, RowReader
from counselroom.rules.roster_words import RosterWords

WORDS = RosterWords.of(tomllib.loads(resources.read_text("resources/roster_columns.toml")))
TODAY = date(2026, 9, 1)


def reader(*heading: str) -> RowReader:
    found = find_heading([(1, list(heading))], WORDS)
    assert found is not None
    return RowReader(found, WORDS, TODAY)


def student(**cells: Any) -> RosterStudent:
    """Return the student of a row that has these cells besides a number and a name."""
    row = {"学号": "001", "姓名": "张三", **cells}
    found = reader(*row).read(2, list(row.values()))
    assert isinstance(found, RosterStudent)
    return found


def reported(**cells: Any) -> list[Problem]:
    row = {"学号": "001", "姓名": "张三", **cells}
    rows = reader(*row)
    assert isinstance(rows.read(2, list(row.values())), RosterStudent)
    return [problem.problem for problem in rows.problems]


def refused(**cells: Any) -> list[Problem]:
    row = {"学号": "001", "姓名": "张三", **cells}
    rows = reader(*row)
    found = rows.read(2, list(row.values()))
    assert isinstance(found, RefusedRow)
    assert rows.problems == []
    assert {problem.row for problem in found.problems} == {2}
    return [problem.problem for problem in found.problems]


def test_a_whole_row() -> None:
    found = student(
        性别="M",
        出生日期=40242.0,
        年级="七",
        班级="（1）班",
        宿舍="3-204",
        手机="139 0000 0000/13900000001",
        家庭住址="云岭路 7 号",
        民族="汉族",
        政治面貌="群众",
        学籍状态="休学",
        监护人="李 四",
        关系="祖母",
        监护人电话=13900000002.0,
        特殊群体="留守、单亲",
    )
    assert found == RosterStudent(
        row=2,
        number="001",
        name="张三",
        gender=Gender.MALE,
        birth_date=date(2010, 3, 5),
        class_path=ClassPath("", "七年级", "1班"),
        phone="13900000000",
        backup_phone="13900000001",
        address="云岭路 7 号",
        dorm="3-204",
        ethnicity="汉族",
        political_status="群众",
        status=StudentStatus.ON_LEAVE,
        guardians=(RosterGuardian("李四", Relation.GRANDPARENT, "13900000002"),),
        groups=frozenset({SpecialGroup.LEFT_BEHIND, SpecialGroup.SINGLE_PARENT}),
    )
    assert found.identity == ("张三", ClassPath("", "七年级", "1班"), date(2010, 3, 5))


def test_what_is_left_blank_says_nothing() -> None:
    found = student(性别="", 出生日期=" ", 班级="", 宿舍="/", 电话="无", 监护人="", 监护人电话="", 备注="", 学籍状态="")
    assert found.gender is Gender.UNKNOWN
    assert (found.birth_date, found.class_path, found.dorm, found.phone, found.status) == (
        None,
        ClassPath(),
        None,
        None,
        None,
    )
    assert (found.guardians, found.groups, found.identity) == ((), frozenset(), None)


def test_a_short_row_has_blanks_at_its_end() -> None:
    found = reader("学号", "姓名", "班级").read(7, ["1", "张三"])
    assert isinstance(found, RosterStudent)
    assert (found.row, found.class_path) == (7, ClassPath())


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"姓名": ""}, [Problem.NO_NAME]),
        ({"学号": 5.1e17}, [Problem.NUMBER_DAMAGED]),
        ({"学号": "=1+1"}, [Problem.NUMBER_ODD]),
        ({"学号": ""}, [Problem.NO_IDENTITY]),
        ({"学号": "无"}, [Problem.NO_IDENTITY]),
        ({"学号": "", "班级": "1班"}, [Problem.NO_IDENTITY]),
        ({"学号": "", "出生日期": "2010-1-1"}, [Problem.NO_IDENTITY]),
        ({"学号": "", "班级": "1班", "出生日期": "2010-13-1"}, [Problem.BAD_DATE, Problem.NO_IDENTITY]),
        ({"姓名": "张" * (LONGEST_NAME + 1)}, [Problem.TEXT_TOO_LONG]),
        ({"备注": "x" * (LONGEST_CELL + 1)}, [Problem.TEXT_TOO_LONG]),
        ({"学号": "无号!", "姓名": "", "班级": "1班"}, [Problem.NO_NAME, Problem.NUMBER_ODD]),
    ],
)
def test_rows_are_refused_with_every_reason(cells: dict[str, Any], problems: list[Problem]) -> None:
    assert refused(**cells) == problems


def test_a_refused_row_shows_no_more_of_a_name_than_a_name_has() -> None:
    found = reader("学号", "姓名").read(2, ["1", "张" * 5_000])
    assert isinstance(found, RefusedRow)
    assert found.name == "张" * LONGEST_NAME


def test_the_limits_themselves_are_kept() -> None:
    assert student(姓名="张" * LONGEST_NAME, 备注="x" * LONGEST_CELL).name == "张" * LONGEST_NAME


def test_name_class_and_birth_date_stand_in_for_a_number() -> None:
    assert student(学号="", 班级="1班", 出生日期="2010-1-1").identity is not None


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"出生日期": "2012年13月40日"}, [Problem.BAD_DATE]),
        ({"出生日期": "2010年3月"}, [Problem.MONTH_ONLY]),
        ({"性别": "?"}, [Problem.BAD_GENDER]),
        ({"电话": "12345"}, [Problem.ODD_PHONE]),
        ({"监护人电话": "12345"}, [Problem.ODD_PHONE]),
        ({"姓名": "张三1"}, [Problem.ODD_NAME]),
        ({"姓名": '=HYPERLINK("x")'}, [Problem.FORMULA_LIKE]),
        ({"姓名": "张?"}, [Problem.DAMAGED_NAME]),
        ({"宿舍": "=1+1"}, [Problem.FORMULA_LIKE]),
        ({"特殊群体": "爱好足球"}, [Problem.UNKNOWN_GROUP]),
        ({"备注": "爱好足球"}, []),
        ({"备注": "@sum"}, []),
        ({"学籍状态": "云游"}, [Problem.UNKNOWN_STATUS]),
        ({"是否留守": "也许"}, [Problem.UNKNOWN_GROUP]),
        ({"性别": "?", "出生日期": "x"}, [Problem.BAD_DATE, Problem.BAD_GENDER]),
    ],
)
def test_what_looks_wrong_is_reported_and_the_row_kept(cells: dict[str, Any], problems: list[Problem]) -> None:
    assert reported(**cells) == problems


def test_formula_like_texts_stay_texts() -> None:
    found = student(姓名='=HYPERLINK("x")', 电话="+13900000000", 宿舍="@SUM(A1)", 家庭住址="'=1")
    assert (found.name, found.phone, found.dorm, found.address) == (
        '=HYPERLINK("x")',
        "+13900000000",
        "@SUM(A1)",
        "'=1",
    )


def test_the_number_of_the_register_stands_in() -> None:
    assert student(学号="", 学籍号="g1x").number == "G1X"
    assert student(学号="1", 学籍号="g1x").number == "1"
    row = reader("学籍号", "姓名").read(2, ["G1", "张三"])
    assert isinstance(row, RosterStudent)
    assert row.number == "G1"


def test_the_identity_card_fills_what_its_columns_leave_blank() -> None:
    found = student(身份证号="11010519491231002X")
    assert (found.birth_date, found.gender) == (date(1949, 12, 31), Gender.FEMALE)
    assert reported(身份证号="11010519491231002X", 出生日期="1949-12-31", 性别="女") == []
    assert reported(身份证号="11010519491231002X", 出生日期="1949-12-30") == [Problem.ID_DIFFERS]
    assert reported(身份证号="11010519491231002X", 性别="男") == [Problem.ID_DIFFERS]
    assert reported(身份证号="11010519491231002X", 出生日期="1949年12月") == [Problem.MONTH_ONLY]
    kept = student(身份证号="11010519491231002X", 出生日期="1949-12-30", 性别="男")
    assert (kept.birth_date, kept.gender) == (date(1949, 12, 30), Gender.MALE)


def test_both_parents_and_a_guardian() -> None:
    found = student(父亲姓名="张大", 父亲电话="13900000001", 母亲姓名="李四", 母亲电话="13900000002/13900000003")
    assert found.guardians == (
        RosterGuardian("张大", Relation.FATHER, "13900000001"),
        RosterGuardian("李四", Relation.MOTHER, "13900000002", "13900000003"),
    )
    found = student(监护人="张大", 监护人电话="", 第二监护人="王五", 父亲姓名="张 大", 父亲电话="13900000001")
    assert found.guardians == (
        RosterGuardian("张大", Relation.FATHER, "13900000001"),
        RosterGuardian("王五", Relation.OTHER, None),
    )


def test_a_guardian_told_by_telephone_alone() -> None:
    assert student(父亲电话="13900000001").guardians == (RosterGuardian("", Relation.FATHER, "13900000001"),)
    assert student(家长电话="13900000001", 父亲姓名="张大", 父亲电话="13900000001").guardians == (
        RosterGuardian("张大", Relation.FATHER, "13900000001"),
    )
    assert student(监护人="无", 监护人电话="").guardians == ()


def test_groups_come_from_their_column_from_remarks_and_from_questions() -> None:
    cells = {"特殊群体": "单亲", "备注": "父母外出，留守", "是否残疾": "√", "是否孤儿": "否", "学困": "学困"}
    assert student(**cells).groups == {
        SpecialGroup.SINGLE_PARENT,
        SpecialGroup.LEFT_BEHIND,
        SpecialGroup.DISABLED,
        SpecialGroup.LEARNING_DIFFICULTY,
    }


NEITHER = [
    ["合计", "62人", "", ""],
    ["", "", "合 计：62", ""],
    ["", "合计", "62", ""],
    ["", "", "共计62人", ""],
    ["63", "", "", ""],
    ["制表人：示例老师", "", "", "日期：2026.9.1"],
    ["注：学号以学籍系统为准", "", "", ""],
    ["七年级1班"] * 4,
    ["", "", "", "（手机）"],
    ["", "——", "", ""],
]


@pytest.mark.parametrize("line", NEITHER)
def test_lines_that_are_no_students(line: list[str]) -> None:
    rows = reader("序号", "学号", "姓名", "电话")
    assert rows.read(9, line) is None
    assert rows.skipped == 1
    assert rows.problems == []


@pytest.mark.parametrize("line", [["1", "2026001", "", "139"], ["1", "2026001", "", ""], ["", "2026001", "", ""]])
def test_a_student_without_a_name_is_not_skipped(line: list[str]) -> None:
    assert isinstance(reader("序号", "学号", "姓名", "电话").read(9, line), RefusedRow)


def test_a_row_with_data_but_neither_name_nor_number_is_refused() -> None:
    rows = reader("学号", "姓名", "性别", "班级", "电话")
    assert isinstance(rows.read(9, ["", "", "男", "1班", "13900000000"]), RefusedRow)


def test_a_repeated_heading_is_passed_over() -> None:
    rows = reader("学号", "姓名", "班级")
    assert rows.read(9, ["学号", "姓 名", "班级"]) is None
    assert isinstance(rows.read(10, ["1", "张三", "1班"]), RosterStudent)
    assert rows.skipped == 1


def test_below_the_heading_of_another_table_nothing_is_imported() -> None:
    rows = reader("学号", "姓名", "班级")
    assert rows.read(9, ["姓名", "学号", "班级", "电话"]) is None
    found = rows.read(10, ["李四", "1", "1班"])
    assert isinstance(found, RefusedRow)
    assert Problem.OTHER_TABLE in [problem.problem for problem in found.problems]
    assert rows.read(11, ["学号", "姓名", "班级"]) is None
    assert isinstance(rows.read(12, ["2", "李四", "1班"]), RosterStudent)


def test_a_student_whose_name_begins_like_a_total_is_told_apart_by_nobody() -> None:
    assert isinstance(reader("学号", "姓名", "班级").read(2, ["1", "人一合", "1班"]), RosterStudent)
