"""The order of grades: 一年级 … 九年级, 初一 … 高三, then the years of entry of a college, then whatever else."""

from __future__ import annotations

import re

_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九", start=1)}
_BEFORE = {"": 0, "小": 0, "初": 6, "高": 9}
"""Grades before the first of a stage, counted through from primary school."""
_GRADE = re.compile(r"(小|初|高)?(?:中|学)?([一二三四五六七八九])(?:年级)?$")
_ENTRY = re.compile(r"(\d{4})级?")
_LAST_OF_SCHOOL = 99


def grade_order(name: str) -> tuple[int, str]:
    """Return by what a grade is sorted; a name that says nothing about its place comes last, by itself."""
    if found := _GRADE.match(name.strip()):
        return _BEFORE[found[1] or ""] + _NUMERALS[found[2]], name
    if found := _ENTRY.match(name.strip()):
        return _LAST_OF_SCHOOL + int(found[1]), name
    return _LAST_OF_SCHOOL * _LAST_OF_SCHOOL, name
