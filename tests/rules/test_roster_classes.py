"""Which grade and class a text means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.roster_cells import Cell
from counselroom.rules.roster_classes import ClassPath, class_of, grade_of


@pytest.mark.parametrize(
    ("text", "grade", "name"),
    [
        ("七年级1班", "七年级", "1班"),
        ("七年级（1）班", "七年级", "1班"),
        ("７年级０１班", "七年级", "1班"),
        ("七(1)班", "七年级", "1班"),
        ("七1班", "七年级", "1班"),
        ("7.1班", "七年级", "1班"),
        ("7-12", "七年级", "12班"),
        ("三（二）班", "三年级", "2班"),
        ("三年级二班", "三年级", "2班"),
        ("三年级第二班", "三年级", "2班"),
        ("小学三年级2班", "三年级", "2班"),
        ("高二（3）班", "高二", "3班"),
        ("高二年级3班", "高二", "3班"),
        ("高2 (3) 班", "高二", "3班"),
        ("初三十二班", "初三", "12班"),
        ("大一1班", "大一", "1班"),
        ("2024级软件工程2班", "2024级", "软件工程2班"),
        ("2024级软件工程二班", "2024级", "软件工程2班"),
        ("初2024级3班", "初2024级", "3班"),
        ("2025届3班", "2025届", "3班"),
        ("七年级", "七年级", ""),
        ("", "", ""),
        ("1班", "", "1班"),
        ("01班", "", "1班"),
        ("一班", "", "1班"),
        ("十二班", "", "12班"),
        ("二十班", "", "20班"),
        ("二十一班", "", "21班"),
        ("1", "", "1班"),
        (1.0, "", "1班"),
        ("701班", "", "701班"),
        ("心理2601", "", "心理2601"),
        ("初一班", "", "初1班"),
        ("火箭班", "", "火箭班"),
        ("实验一班", "", "实验1班"),
        ("七年级（特色）1班", "七年级", "特色1班"),
    ],
)
def test_classes(text: Cell, grade: str, name: str) -> None:
    assert class_of(text) == ClassPath("", grade, name)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("7", "七年级"),
        (7.0, "七年级"),
        ("七", "七年级"),
        ("（七）年级", "七年级"),
        ("高1", "高一"),
        ("初一年级", "初一"),
        ("2024", "2024级"),
        ("2024级", "2024级"),
        ("2024届", "2024届"),
        ("预科", "预科"),
        ("", ""),
    ],
)
def test_grades(text: Cell, grade: str) -> None:
    assert grade_of(text) == grade


def test_the_columns_come_together() -> None:
    assert class_of("2班", "八年级") == ClassPath("", "八年级", "2班")
    assert class_of("七年级2班", "八年级") == ClassPath("", "七年级", "2班")
    assert class_of("2班", 2024.0, "示例 学院", "软件工程") == ClassPath("示例学院", "2024级", "软件工程2班")
    assert class_of("心理2601", "", "示例学院", "应用心理") == ClassPath("示例学院", "", "心理2601")
    assert class_of("", "七年级") == ClassPath("", "七年级", "")


def test_a_path_told_in_part_fits_the_whole() -> None:
    whole = ClassPath("示例学院", "2024级", "2班")
    assert ClassPath("", "", "2班").fits(whole)
    assert ClassPath("示例学院", "", "2班").fits(whole)
    assert not ClassPath("", "2025级", "2班").fits(whole)
    assert not ClassPath("另一学院", "", "2班").fits(whole)
    assert not ClassPath("", "", "3班").fits(whole)
    assert ClassPath("", "2025级", "3班").completed_by(whole) == ClassPath("示例学院", "2025级", "3班")
    assert whole.label == "示例学院2024级2班"


def test_the_year_of_entry_stands_in_the_name_of_a_grade() -> None:
    assert ClassPath("", "2024级", "1班").entry_year == 2024
    assert ClassPath("", "高2024级", "1班").entry_year == 2024
    assert ClassPath("", "2024届", "1班").entry_year is None
    assert ClassPath("", "七年级", "1班").entry_year is None


@settings(deadline=None)
@given(
    st.sampled_from("一二三四五六七八九"),
    st.integers(1, 60),
    st.sampled_from(["{}年级{}班", "{}年级（{}）班", "{}({})班"]),
)
def test_every_way_of_writing_a_class_is_the_same_class(grade: str, number: int, form: str) -> None:
    assert class_of(form.format(grade, number)) == ClassPath("", f"{grade}年级", f"{number}班")


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="七八一二十0１2３年级班高初（）()第.- 软工", max_size=12))
def test_any_text_is_read_to_plain_digits_without_spaces(text: str) -> None:
    assert not set(class_of(text, text).label) & set(" １３（）()")
