"""The words each type of school uses."""

from __future__ import annotations

import tomllib
from dataclasses import fields

import pytest

from counselroom import resources
from counselroom.rules.school import SchoolType, Vocabulary, unit_order

SHIPPED = tomllib.loads(resources.read_text("resources/schools.toml"))


def test_every_type_of_school_has_its_words_and_no_other() -> None:
    assert set(SHIPPED) == {school.value for school in SchoolType}


@pytest.mark.parametrize("school", SchoolType)
def test_the_words_of_a_school_are_complete(school: SchoolType) -> None:
    entry = SHIPPED[school.value]
    assert set(entry) == {field.name for field in fields(Vocabulary)} | {"title"}
    assert all(entry[name].strip() for name in ("title", "unit", "class_teacher", "student_no"))
    assert len(set(entry["grades"])) == len(entry["grades"])
    assert len(entry["warning_network"]) in (3, 4)


def test_a_university_has_colleges_and_four_levels_of_warning() -> None:
    university = SHIPPED["university"]
    assert (university["unit"], university["class_teacher"]) == ("二级学院", "辅导员")
    assert len(university["warning_network"]) == 4


@pytest.mark.parametrize(("school", "grades"), [("primary", 6), ("junior", 3), ("senior", 3)])
def test_a_school_has_grades_and_class_teachers(school: str, grades: int) -> None:
    assert len(SHIPPED[school]["grades"]) == grades
    assert (SHIPPED[school]["unit"], SHIPPED[school]["class_teacher"]) == ("年级", "班主任")


def test_grades_and_classes_sort_as_a_school_counts_them() -> None:
    names = ["九年级", "七年级", "十二年级", "八年级", "十年级"]
    assert sorted(names, key=unit_order) == ["七年级", "八年级", "九年级", "十年级", "十二年级"]
    classes = ["初二（10）班", "初二（2）班", "初一（3）班", "高一（1）班"]
    assert sorted(classes, key=unit_order) == ["初一（3）班", "初二（2）班", "初二（10）班", "高一（1）班"]
    assert sorted(["2班", "10班", "1班"], key=unit_order) == ["1班", "2班", "10班"]
    assert sorted(["二十三班", "三班"], key=unit_order) == ["三班", "二十三班"]
