"""Finding the heading and guessing what each column holds."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from counselroom import resources
from counselroom.rules.people import Gender, SpecialGroup
from counselroom.rules.roster_columns import (
    LINES_SEARCHED,
    ColumnMapping,
    Heading,
    Line,
    find_heading,
    is_other_heading,
    looks_like_data,
    repeats,
)
from counselroom.rules.roster_words import Field, RosterWords, fold, heading_of

DATA = tomllib.loads(resources.read_text("resources/roster_columns.toml"))
WORDS = RosterWords.of(DATA)


def table(*rows: Any) -> list[Line]:
    return [(number, list(row)) for number, row in enumerate(rows, start=1) if any(row)]


def found(*rows: Any, mapping: ColumnMapping | None = None) -> Heading:
    heading = find_heading(table(*rows), WORDS, mapping)
    assert heading is not None
    return heading


def meanings(heading: Heading) -> list[Any]:
    return [column.meaning for column in heading.columns]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("学 号", Field.NUMBER),
        ("姓  名*", Field.NAME),
        ("学生姓名", Field.NAME),
        ("学生性别", Field.GENDER),
        ("出生年月日（YYYY-MM-DD）", Field.BIRTH_DATE),
        ("Date of Birth", Field.BIRTH_DATE),
        ("班　别", Field.CLASS),
        ("联系电话（手机）", Field.PHONE),
        ("父亲电话", Field.FATHER_PHONE),
        ("班主任电话", Field.UNUSED),
        ("姓名拼音", Field.UNUSED),
        ("家庭成员姓名", Field.GUARDIAN_NAME),
        ("（姓名）", Field.NAME),
        ("留守情况", SpecialGroup.LEFT_BEHIND),
        ("是否留守儿童", SpecialGroup.LEFT_BEHIND),
        ("单亲家庭", SpecialGroup.SINGLE_PARENT),
        ("是否属于建档立卡", SpecialGroup.POVERTY_REGISTERED),
    ],
)
def test_headings_that_are_sure(heading: str, meaning: Field) -> None:
    assert WORDS.meaning_of(heading) == (meaning, True)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("联系电话1", Field.PHONE), ("新班级名称（秋季）", Field.CLASS), ("父亲姓名全称", Field.FATHER_NAME)],
)
def test_headings_that_are_guessed(heading: str, meaning: Field) -> None:
    assert WORDS.meaning_of(heading) == (meaning, False)


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "*",
        "家长签收意见",
        "父亲文化程度",
        "出生地",
        "特殊体质",
        "监护人出生日期",
        "本班班主任性别",
        "学生来源",
        "示例中学2026—2027学年第一学期学生花名册",
    ],
)
def test_headings_that_mean_nothing_here(heading: str) -> None:
    assert WORDS.meaning_of(heading) == (None, False)


def test_a_question_about_something_else_is_not_kept() -> None:
    assert WORDS.meaning_of("是否有过敏史") == (Field.UNUSED, False)
    assert WORDS.meaning_of("是否住校") == (Field.UNUSED, True)


def test_texts_are_compared_folded() -> None:
    assert fold(" Ｍ ale") == "male"
    assert heading_of("监护人 基本信息／姓名（必填）*") == "监护人姓名"


def test_a_word_has_one_meaning() -> None:
    double = {**DATA, "values": {**DATA["values"], "gender": {"male": ["男"], "female": ["男 "]}}}
    with pytest.raises(ValueError, match="男"):
        RosterWords.of(double)
    assert WORDS.genders["男"] is Gender.MALE


def test_a_heading_in_the_first_line() -> None:
    heading = found(["学号", "姓名", "班级"], ["1", "张三", "1班"])
    assert heading.lines == (1,)
    assert meanings(heading) == [Field.NUMBER, Field.NAME, Field.CLASS]
    assert [column.heading for column in heading.columns] == ["学号", "姓名", "班级"]
    assert all(column.sure for column in heading.columns)


def test_titles_and_blank_lines_above_are_seen_through() -> None:
    heading = found(
        ["示例中学学生花名册"] * 4,
        ["制表人：示例老师", "", "日期：2026.9.1"],
        [],
        ["序号", "学 号", "姓  名", "性别"],
        [1.0, 202600001.0, "张三", "男"],
    )
    assert heading.lines == (4,)
    assert meanings(heading) == [Field.UNUSED, Field.NUMBER, Field.NAME, Field.GENDER]


@pytest.mark.parametrize(
    "upper",
    [["学号", "姓名", "父亲", "", "母亲", ""], ["学号", "姓名", "父亲", "父亲", "母亲", "母亲"]],
    ids=["blank", "merged"],
)
@pytest.mark.parametrize(
    "lower", [["", "", "姓名", "电话", "姓名", "电话"], ["学号", "姓名", "姓名", "电话", "姓名", "电话"]]
)
def test_a_heading_in_two_lines(upper: list[str], lower: list[str]) -> None:
    heading = found(["名册"], upper, lower, ["1", "张三", "张大", "139", "李四", "138"])
    assert heading.lines == (2, 3)
    assert meanings(heading) == [
        Field.NUMBER,
        Field.NAME,
        Field.FATHER_NAME,
        Field.FATHER_PHONE,
        Field.MOTHER_NAME,
        Field.MOTHER_PHONE,
    ]
    assert heading.columns[3].heading == "父亲 电话"


def test_a_group_above_names_below() -> None:
    heading = found(
        ["学生信息", "学生信息", "监护人信息", "监护人信息", "监护人信息"],
        ["学号", "姓名", "姓名", "联系电话", "学历层级"],
        ["1", "张三", "张大", "139", "x"],
    )
    assert heading.lines == (1, 2)
    assert meanings(heading) == [Field.NUMBER, Field.NAME, Field.GUARDIAN_NAME, Field.GUARDIAN_PHONE, None]


def test_an_explanation_below_does_not_change_the_meaning() -> None:
    heading = found(
        ["学号", "姓名", "父亲", "", "备注"], ["", "（汉字）", "姓名", "电话", "（可不填）"], ["1", "张三", "张大"]
    )
    assert heading.lines == (1, 2)
    assert meanings(heading) == [Field.NUMBER, Field.NAME, Field.FATHER_NAME, Field.FATHER_PHONE, Field.REMARK]


def test_a_line_of_data_is_no_second_line() -> None:
    assert found(["学号", "姓名", "监护人", ""], ["G1", "张三", "李四", "父亲"]).lines == (1,)
    assert found(["姓名", "班级", "出生日期"], ["张三", "1班", "2010-1-1"]).lines == (1,)


def test_the_line_with_most_known_columns_counts() -> None:
    heading = found(["姓名", "电话"], ["示例老师", "139"], ["学号", "姓名", "班级"], ["1", "张三", "1班"])
    assert heading.lines == (3,)


@pytest.mark.parametrize(
    "rows", [[["张三", "1"], ["李四", "2"]], [["学号", "班级"], ["1", "1班"]], [["姓名"], ["张三"]], []]
)
def test_without_names_and_a_second_column_there_is_no_heading(rows: list[list[str]]) -> None:
    assert find_heading(table(*rows), WORDS) is None


def test_the_heading_is_looked_for_among_the_first_lines() -> None:
    blank = [["说明", "x"]] * (LINES_SEARCHED - 1)
    assert found(*blank, ["学号", "姓名"]).lines == (LINES_SEARCHED,)


def test_a_telephone_behind_a_guardian_is_the_guardians() -> None:
    assert meanings(found(["学号", "姓名", "监护人", "关系", "联系电话"]))[-1] is Field.GUARDIAN_PHONE
    assert meanings(found(["学号", "姓名", "联系电话", "监护人"]))[2] is Field.PHONE
    assert meanings(found(["学号", "姓名", "监护人", "学生电话"]))[-1] is Field.PHONE
    assert meanings(found(["学号", "姓名", "家长", "家长电话", "电话"]))[-2:] == [Field.GUARDIAN_PHONE, Field.PHONE]
    assert meanings(found(["电话", "姓名", "学号"]))[0] is Field.PHONE


def test_a_repeated_heading_is_the_second_of_its_kind_or_nothing() -> None:
    heading = found(["学号", "姓名", "监护人", "电话", "监护人", "电话", "班级", "班级", "备注", "备注"])
    assert meanings(heading) == [
        Field.NUMBER,
        Field.NAME,
        Field.GUARDIAN_NAME,
        Field.GUARDIAN_PHONE,
        Field.SECOND_GUARDIAN_NAME,
        Field.SECOND_GUARDIAN_PHONE,
        Field.CLASS,
        None,
        Field.REMARK,
        Field.REMARK,
    ]
    assert heading.positions()[Field.REMARK] == [8, 9]
    assert not heading.side_by_side
    assert meanings(found(["姓名", "学号", "留守", "是否留守"]))[2:] == [SpecialGroup.LEFT_BEHIND, None]


def test_a_sure_heading_goes_before_a_guessed_one() -> None:
    assert meanings(found(["学号", "原班级名称", "姓名", "班级"]))[1] is None


def test_two_tables_side_by_side_are_noticed() -> None:
    assert found(["学号", "姓名", "", "学号", "姓名"], ["1", "张三", "", "2", "李四"]).side_by_side
    assert not found(["学号", "姓名", "姓名"], ["1", "张三", "李四"]).side_by_side


def test_the_user_corrects_columns() -> None:
    rows = [["编码", "称呼", "班级"], ["1", "张三", "1班"]]
    assert find_heading(table(*rows), WORDS) is None
    mapping = ColumnMapping({0: Field.NUMBER, 1: Field.NAME, 2: None}, heading_line=1)
    heading = found(*rows, mapping=mapping)
    assert meanings(heading) == [Field.NUMBER, Field.NAME, None]
    assert heading.columns[1].sure
    assert heading.lines == (1,)


def test_the_user_says_where_the_heading_is() -> None:
    rows = [["学号", "姓名", "性别"], ["学号", "姓名", "班级"], ["1", "张三", "1班"]]
    assert found(*rows, mapping=ColumnMapping(heading_line=2)).lines == (2,)
    assert find_heading(table(*rows), WORDS, ColumnMapping(heading_line=9)) is None


def test_a_table_without_a_heading_needs_a_mapping() -> None:
    rows = [["1", "张三"], ["2", "李四", "x"]]
    heading = found(*rows, mapping=ColumnMapping({1: Field.NAME}, heading_line=0))
    assert (heading.lines, meanings(heading), heading.has_names) == ((), [None, Field.NAME, None], True)
    assert not found(*rows, mapping=ColumnMapping(heading_line=0)).has_names


def test_the_heading_may_come_again() -> None:
    heading = found(["学号", "姓名", "父亲", ""], ["", "", "姓名", "电话"], ["1", "张三", "a", "1"])
    assert repeats(["学号", "姓名", "父亲", ""], heading)
    assert repeats(["", "", "姓名", "电话"], heading)
    assert not repeats(["G1", "张三", "张大", "x"], heading)
    assert not repeats(["", "", "", ""], heading)


def test_another_heading_is_noticed() -> None:
    assert is_other_heading(["姓名", "学号", "班级"], WORDS)
    assert not is_other_heading(["张三", "学号", "班级"], WORDS)
    assert not is_other_heading(["姓名", "学号", 1.0], WORDS)
    assert looks_like_data(["x", 1.0])
    assert looks_like_data([" 1班", "x"])
    assert not looks_like_data(["姓名", ""])
