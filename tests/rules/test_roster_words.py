"""How the words of a roster are read from their file: a small file, made out within each test."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.rules.roster_words import Field, RosterWords, fold, heading_of

DATA: dict[str, Any] = {
    "columns": {"number": ["学号", "Student No"], "name": ["姓名", "学生 基本信息"], "unused": ["序号＊"]},
    "values": {
        "gender": {"male": ["男", "Ｍ"], "female": ["女 生"]},
        "relation": {"father": ["父亲", "Dad"], "mother": ["母亲"]},
        "status": {"enrolled": ["在读"], "on_leave": ["休学 中"]},
        "special_group": {"left_behind": ["留守"], "orphan": ["孤儿", "事实无人抚养"], "migrant": ["随迁子女"]},
    },
    "marks": {
        "yes": ["是", "Ｙ"],
        "no": ["否", "No"],
        "not": ["非", "不"],
        "whole_only": ["学生", "Grade："],
        "other_people": ["父", "母"],
        "yes_no_heading": ["是否", "是否属于", "是不是"],
        "total": ["合计", "总计"],
        "footer": ["制表 人", "注："],
    },
    "unnamed_guardian": {"father": "父亲", "other": "家长"},
}


def test_every_word_is_read_and_folded_as_cells_are() -> None:
    assert RosterWords.of(DATA) == RosterWords(
        columns={
            "学号": Field.NUMBER,
            "studentno": Field.NUMBER,
            "姓名": Field.NAME,
            "学生": Field.NAME,
            "序号": Field.UNUSED,
        },
        genders={"男": Gender.MALE, "m": Gender.MALE, "女生": Gender.FEMALE},
        relations={"父亲": Relation.FATHER, "dad": Relation.FATHER, "母亲": Relation.MOTHER},
        statuses={"在读": StudentStatus.ENROLLED, "休学中": StudentStatus.ON_LEAVE},
        groups=(
            ("事实无人抚养", SpecialGroup.ORPHAN),
            ("随迁子女", SpecialGroup.MIGRANT),
            ("留守", SpecialGroup.LEFT_BEHIND),
            ("孤儿", SpecialGroup.ORPHAN),
        ),
        yes=frozenset({"是", "y"}),
        no=frozenset({"否", "no"}),
        negations=("非", "不"),
        whole_only=frozenset({"学生", "grade"}),
        other_people=("父", "母"),
        yes_no_headings=("是否属于", "是不是", "是否"),
        totals=("合计", "总计"),
        footers=("制表人", "注:"),
        unnamed_guardian={"father": "父亲", "other": "家长"},
    )


@pytest.mark.parametrize(
    "path",
    [
        *((part,) for part in DATA),
        *(("values", part) for part in DATA["values"]),
        *(("marks", part) for part in DATA["marks"]),
    ],
)
def test_a_file_that_lacks_a_part_is_refused(path: tuple[str, ...]) -> None:
    data = copy.deepcopy(DATA)
    place = data
    for part in path[:-1]:
        place = place[part]
    del place[path[-1]]
    with pytest.raises(KeyError, match=path[-1]):
        RosterWords.of(data)


@pytest.mark.parametrize(
    ("table", "unknown"),
    [(("columns",), "shoe_size"), *((("values", part), "unheard_of") for part in DATA["values"])],
)
def test_a_word_for_something_unknown_is_refused(table: tuple[str, ...], unknown: str) -> None:
    data = copy.deepcopy(DATA)
    place = data
    for part in table:
        place = place[part]
    place[unknown] = ["新词"]
    with pytest.raises(ValueError, match=unknown):
        RosterWords.of(data)


@pytest.mark.parametrize(
    ("table", "name", "word"),
    [
        (("columns",), "name", "【必填】学号"),
        (("values", "gender"), "female", " 男"),
        (("values", "relation"), "mother", "ＤＡＤ"),
        (("values", "status"), "on_leave", "在 读"),
    ],
)
def test_a_word_that_means_two_things_is_refused(table: tuple[str, ...], name: str, word: str) -> None:
    data = copy.deepcopy(DATA)
    place = data
    for part in table:
        place = place[part]
    place[name].append(word)
    with pytest.raises(ValueError, match=rf"\Athe word {word} stands for two things\Z"):
        RosterWords.of(data)


def test_a_word_that_is_said_twice_for_one_thing_is_no_harm() -> None:
    data = copy.deepcopy(DATA)
    data["values"]["gender"]["male"].append("m")
    assert RosterWords.of(data) == RosterWords.of(DATA)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("", ""), (" 男 ", "男"), ("Ｓｔｕｄｅｎｔ　Ｎｏ", "studentno"), ("１２Ａ\n班", "12a班"), ("STRASSE", "strasse")],
)
def test_texts_are_folded_before_they_are_compared(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("＊ 姓名：", "姓名"),
        ("姓名(必填)", "姓名"),
        ("（学生）姓名【全称】", "姓名"),
        ("(姓名)", "姓名"),
        ("家长/监护人", "家长监护人"),
        ("学生基本信息", "学生"),
        ("联系情况资料", "联系"),
        ("Student-No.", "studentno"),
        ("", ""),
    ],
)
def test_headings_lose_marks_brackets_and_filling(text: str, heading: str) -> None:
    assert heading_of(text) == heading
