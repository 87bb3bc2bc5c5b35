"""What a cell says: names, numbers, dates, telephones, groups."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom import resources
from counselroom.rules import roster_cells as cells
from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.rules.roster_cells import FoundDate, FoundPhones
from counselroom.rules.roster_words import RosterWords

TODAY = date(2026, 9, 1)
WORDS = RosterWords.of(tomllib.loads(resources.read_text("resources/roster_columns.toml")))


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张  三", "张三"),
        ("张　三", "张三"),
        (" 吕　𬱖丁 ", "吕𬱖丁"),
        ("张\u200b三\ufeff", "张三"),
        ("欧阳 若 曦", "欧阳若曦"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("John  Smith", "John Smith"),
        ("张 Mary", "张 Mary"),
        ("张\n三", "张三"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        (7.0, "7"),
        (0.5, "0.5"),
        ("", ""),
    ],
)
def test_names(cell: cells.Cell, name: str) -> None:
    assert cells.name_of(cell) == name


@pytest.mark.parametrize("name", ["张三1", "（无学号）张三", "=1+1", "张三;李四", "-张三", "@张三"])
def test_names_that_are_odd(name: str) -> None:
    assert cells.name_is_odd(name)
    assert not cells.name_is_odd("买买提·艾力")


@pytest.mark.parametrize("name", ["张?", "张□", "张\ufffd", "张\ue123", "张\U000f0001"])
def test_names_that_lost_a_character(name: str) -> None:
    assert cells.name_is_damaged(name)
    assert not cells.name_is_damaged("张𬱖")


@pytest.mark.parametrize("text", ["=1+1", "+8613900000000", "-x", "@SUM(A1)", "'=1", "＝1", " =x"])
def test_formula_like_texts(text: str) -> None:
    assert cells.is_formula_like(text)
    assert not cells.is_formula_like("1=1")
    assert not cells.is_formula_like(-1.0)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("00012", "00012"),
        ("２０２６００１", "2026001"),
        (20260001.0, "20260001"),
        ("20260001.0", "20260001"),
        ("20260001.00", "20260001"),
        ("2026 00 01", "20260001"),
        ("'0001", "0001"),
        ("‘0001", "0001"),
        ('="0001"', "0001"),
        ("g202600001x", "G202600001X"),
        ("510101201003051234", "510101201003051234"),
        ("20.50", "20.50"),
    ],
)
def test_numbers_keep_their_zeros_and_lose_what_is_none_of_theirs(cell: cells.Cell, number: str) -> None:
    assert cells.number_of(cell) == number


@settings(deadline=None)
@given(st.integers(0, 10**15 - 1))
def test_a_number_survives_a_spreadsheet(number: int) -> None:
    for cell in (str(number), float(number), f"{number}.0", f"'{number}", f'="{number}"', f" {number}\u3000"):
        assert cells.number_of(cell) == str(number)
        assert not cells.number_is_damaged(cell)


@pytest.mark.parametrize("cell", [1e15, 5.101012010030513e17, 2026.5, -7.0, "5.10101E+17", "2E17", "２.02Ｅ+17"])
def test_numbers_that_lost_digits(cell: cells.Cell) -> None:
    assert cells.number_is_damaged(cell)
    assert not cells.number_is_damaged(float(10**15 - 1))
    assert not cells.number_is_damaged("2026E1A")


@pytest.mark.parametrize("number", ["", "无", "学号", "1 2", "1" * 41, "=1+1", "1\x00"])
def test_what_is_no_number(number: str) -> None:
    assert cells.number_is_odd(number)


@pytest.mark.parametrize("number", ["1", "2026-01", "G1X", "高2026001", "1" * 40, "A/1", "1#2", "1.2_3"])
def test_what_may_be_a_number(number: str) -> None:
    assert not cells.number_is_odd(number)


@pytest.mark.parametrize(
    ("cell", "gender"),
    [
        ("男", Gender.MALE),
        (" 女生", Gender.FEMALE),
        ("M", Gender.MALE),
        ("Female", Gender.FEMALE),
        ("１", Gender.MALE),
        (2.0, Gender.FEMALE),
        ("", Gender.UNKNOWN),
        ("?", None),
        (0.0, None),
    ],
)
def test_genders(cell: cells.Cell, gender: Gender | None) -> None:
    assert cells.gender_of(cell, WORDS) is gender


def test_relations_and_states() -> None:
    assert cells.relation_of("父 亲", WORDS) is Relation.FATHER
    assert cells.relation_of("奶奶", WORDS) is Relation.GRANDPARENT
    assert cells.relation_of("邻居", WORDS) is Relation.OTHER
    assert cells.status_of("休学", WORDS) is StudentStatus.ON_LEAVE
    assert cells.status_of("", WORDS) is cells.status_of("?", WORDS) is None


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("是", True), ("√", True), (1.0, True), ("否", False), ("", False), ("不是", False), ("?", None)],
)
def test_answers(cell: cells.Cell, answer: bool | None) -> None:
    assert cells.yes_or_no(cell, WORDS) is answer


@pytest.mark.parametrize(
    ("cell", "groups", "understood"),
    [
        ("留守", {SpecialGroup.LEFT_BEHIND}, True),
        (
            "留守、单亲；建档立卡",
            {SpecialGroup.LEFT_BEHIND, SpecialGroup.SINGLE_PARENT, SpecialGroup.POVERTY_REGISTERED},
            True,
        ),
        ("父母离异，家庭困难", {SpecialGroup.DIVORCED, SpecialGroup.POVERTY_REGISTERED}, True),
        ("学习困难", {SpecialGroup.LEARNING_DIFFICULTY}, True),
        ("非留守，单亲", {SpecialGroup.SINGLE_PARENT}, True),
        ("不属于留守", {SpecialGroup.LEFT_BEHIND}, True),
        ("无残疾", set(), False),
        ("无", set(), True),
        ("／", set(), True),
        ("", set(), True),
        ("爱好足球", set(), False),
        ("留守留守", {SpecialGroup.LEFT_BEHIND}, True),
    ],
)
def test_groups(cell: str, groups: set[SpecialGroup], understood: bool) -> None:
    assert cells.groups_of(cell, WORDS) == (groups, understood)


@pytest.mark.parametrize(
    "cell",
    [
        "2010-3-5",
        "2010.3.5",
        "2010/03/05",
        "2010年3月5日",
        "2010年03月05号",
        "二〇一〇年3月5日",
        "2010 3 5",
        "２０１０－３－５",
        "20100305",
        20100305.0,
        40242.0,
        40242.77,
        "40242",
        "2010-03-05 00:00:00",
        "2010-03-05T18:30:00",
        "'2010-3-5",
        "2010．3．5",
    ],
)
def test_dates(cell: cells.Cell) -> None:
    assert cells.date_of(cell, TODAY) == FoundDate(date(2010, 3, 5))


@pytest.mark.parametrize("cell", ["2010年3月", "2010-3", "2010.03", "2010/3", "201003", 201003.0, 2010.3, "2010.3"])
def test_a_month_is_taken_as_its_first_day(cell: cells.Cell) -> None:
    assert cells.date_of(cell, TODAY) == FoundDate(date(2010, 3, 1), month_only=True)


@pytest.mark.parametrize(
    "cell",
    [
        "2012年13月40日",
        "9" * 400,
        1e-05,
        "2010-2-30",
        "昨天",
        "2010",
        2010.0,
        2010.1,
        2010.13,
        "1899-1-1",
        "2027-1-1",
        73000.0,
        123456789.0,
        "3/5/2010",
        "2010-3-5-1",
        "20101301",
        0.5,
    ],
)
def test_what_is_no_date(cell: cells.Cell) -> None:
    assert cells.date_of(cell, TODAY) == FoundDate(bad=True)


@pytest.mark.parametrize("cell", ["", " ", "/", "无", "-"])
def test_no_date_is_no_fault(cell: str) -> None:
    assert cells.date_of(cell, TODAY) == FoundDate()


DAYS = st.dates(date(1920, 1, 1), TODAY)


@settings(deadline=None)
@given(DAYS)
def test_every_date_is_read_in_every_form(day: date) -> None:
    forms: list[cells.Cell] = [
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        float(f"{day:%Y%m%d}"),
        float((day - date(1899, 12, 30)).days),
        f"{day.isoformat()} 08:00:00",
    ]
    assert {cells.date_of(form, TODAY) for form in forms} == {FoundDate(day)}
    assert cells.date_of(day.isoformat(), day - timedelta(days=1)).bad


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("13900000000", FoundPhones("13900000000")),
        (13900000000.0, FoundPhones("13900000000")),
        ("13900000000.0", FoundPhones("13900000000")),
        ("139 0000-0000", FoundPhones("13900000000")),
        ("+86 139 0000 0000", FoundPhones("13900000000")),
        ("008613900000000", FoundPhones("13900000000")),
        ("１３９００００００００", FoundPhones("13900000000")),
        ("13900000000/13900000001", FoundPhones("13900000000", "13900000001")),
        ("13900000000、13900000001", FoundPhones("13900000000", "13900000001")),
        ("13900000000 13900000001", FoundPhones("13900000000", "13900000001")),
        ("13900000000或13900000001", FoundPhones("13900000000", "13900000001")),
        ("13900000000;13900000001;13900000002", FoundPhones("13900000000", "13900000001", odd=True)),
        ("028-87654321", FoundPhones("028-87654321")),
        ("87654321转801", FoundPhones("87654321转801")),
        ("12345", FoundPhones("12345", odd=True)),
        ("+13900000000", FoundPhones("+13900000000", odd=True)),
        ("=CMD", FoundPhones("=CMD", odd=True)),
        ("", FoundPhones()),
        ("无", FoundPhones()),
        ("///", FoundPhones()),
    ],
)
def test_phones(cell: cells.Cell, found: FoundPhones) -> None:
    assert cells.phones_of(cell) == found


def test_the_number_of_an_identity_card_holds_birth_date_and_gender() -> None:
    assert cells.id_number_says("11010519491231002X") == (date(1949, 12, 31), Gender.FEMALE)
    assert cells.id_number_says("440308199901101512") == (date(1999, 1, 10), Gender.MALE)
    assert cells.id_number_says("110105194912310021") is None
    assert cells.id_number_says("1101051949123100") is None
    assert cells.id_number_says(440308199901101512.0) is None
    assert cells.id_number_says("110105199913310016") is None


CELLS = st.one_of(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False))


@settings(deadline=None, max_examples=300)
@given(CELLS)
def test_any_cell_can_be_asked_anything(cell: cells.Cell) -> None:
    name = cells.name_of(cell)
    assert cells.name_of(name) == name
    cells.name_is_odd(name)
    cells.number_is_odd(cells.number_of(cell))
    cells.number_is_damaged(cell)
    cells.gender_of(cell, WORDS)
    cells.groups_of(cell, WORDS)
    cells.yes_or_no(cell, WORDS)
    cells.id_number_says(cell)
    found = cells.date_of(cell, TODAY)
    assert found.day is None or date(1920, 1, 1) <= found.day <= TODAY
    phones = cells.phones_of(cell)
    assert phones.first is not None or phones.second is None
