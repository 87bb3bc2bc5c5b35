"""Grades stand in the order in which pupils go through them."""

from __future__ import annotations

from counselroom.rules.grades import grade_order


def test_grades_stand_in_the_order_of_school() -> None:
    names = ["九年级", "八年级", "七年级", "高一", "初三", "三年级", "高三年级", "小学一年级"]
    expected = ["小学一年级", "三年级", "七年级", "八年级", "九年级", "初三", "高一", "高三年级"]
    assert sorted(names, key=grade_order) == expected


def test_years_of_entry_and_other_names_come_behind() -> None:
    names = ["国际部", "2025级", "2024级软件工程", "高三", ""]
    assert sorted(names, key=grade_order) == ["高三", "2024级软件工程", "2025级", "", "国际部"]
