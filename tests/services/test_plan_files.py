"""Checklists and criteria: what ships is right, and a wrong one is refused with its file, line and reason."""

from __future__ import annotations

import re

import pytest

from counselroom import resources
from counselroom.rules.crisis_plan import ClockStart
from counselroom.rules.crisis_words import Duty
from counselroom.services.plan_files import (
    PlanRefused,
    limit_unit,
    read_checklist,
    read_criteria,
    shipped_checklists,
    shipped_criteria,
)

GENERAL = resources.read_text("resources/checklists/CK-E.toml")
CRITERIA = resources.read_text("resources/criteria.toml")
SMALL = """[checklist]
key = "CK-A"
title = "甲"
version = 1

[[item]]
key = "CK-A-01"
stage = "即刻处置"
title = "先做"
owner = "counsellor"
within = "crisis_oral_minutes"

[[item]]
key = "CK-A-02"
stage = "时限内"
title = "后做"
owner = "leader"
waits_for = ["CK-A-01"]
clock = "ready"
minutes = 60
"""


def test_the_seven_lists_ship() -> None:
    found = shipped_checklists()
    assert sorted(found) == [f"CK-{letter}" for letter in "ABCDEFG"]
    assert len({item.key for checklist in found.values() for item in checklist.items}) == sum(
        len(checklist.items) for checklist in found.values()
    )
    assert {item.duty for item in found["CK-E"].items} - {None} == set(Duty)
    assert {item.document for item in found["CK-E"].items} >= {"F-42", "F-43", "F-46", "F-50", "F-56"}


def test_the_clocks_of_every_case_come_from_the_parameters() -> None:
    within = {item.key: item.within for item in shipped_checklists()["CK-E"].items}
    assert within["CK-E-02"] == "crisis_oral_minutes"
    assert within["CK-E-08"] == "crisis_report_hours"
    assert within["CK-E-13"] == "crisis_written_hours"
    assert limit_unit("crisis_oral_minutes") == 1
    assert limit_unit("crisis_report_hours") == 60
    assert limit_unit("small_cell") is None
    assert limit_unit("nothing") is None


def test_the_criteria_ship() -> None:
    found = shipped_criteria()
    assert [criterion.key for criterion in found] == [f"C{number:02d}" for number in range(1, 23)]
    assert {criterion.key for criterion in found if criterion.at_once} == {"C18", "C19"}
    assert {criterion.key for criterion in found if criterion.own_words} == {"C22"}
    assert "{low_mood_days}" in found[0].text


def test_a_small_list_is_read() -> None:
    found = read_checklist(SMALL, "CK-A.toml")
    assert [item.clock for item in found.items] == [ClockStart.FOUND, ClockStart.READY]
    assert found.items[1].waits_for == ("CK-A-01",)
    assert not found.is_own
    assert read_checklist("\ufeff" + SMALL.replace("\n", "\r\n"), "x").sha256 == found.sha256


WRONG = {
    "no TOML": ("version = 1\n\n", "version = \n\n", 4, "TOML"),
    "a word too many": ('stage = "即刻处置"\n', 'stage = "即刻处置"\nstge = "x"\n', 9, "stge"),
    "nothing to do": ('title = "后做"\n', "", 13, "title"),
    "nobody known": ('owner = "leader"', 'owner = "king"', 17, "owner"),
    "twice": ('key = "CK-A-02"', 'key = "CK-A-01"', 14, "出现了两次"),
    "of another list": ('key = "CK-A-02"', 'key = "CK-B-02"', 14, "出现了两次"),
    "waits for nothing known": ('["CK-A-01"]', '["CK-A-09"]', 18, "不在这份清单里"),
    "waits for itself": ('["CK-A-01"]', '["CK-A-02"]', 18, "互相等待"),
    "two limits": ("minutes = 60", 'minutes = 60\nwithin = "crisis_report_hours"', 20, "二选一"),
    "counts from nothing": ('waits_for = ["CK-A-01"]\n', "", 18, "必须等待"),
    "no such parameter": ("crisis_oral_minutes", "crisis_oral", 11, "crisis_oral"),
    "no time": ("crisis_oral_minutes", "small_cell", 11, "small_cell"),
    "forbidden": ("先做", "作出诊断", 9, "诊断"),
    "too long": ("minutes = 60", "minutes = 999999", 20, "minutes"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_list_is_refused_with_its_line(name: str) -> None:
    before, after, line, word = WRONG[name]
    assert before in SMALL
    with pytest.raises(PlanRefused) as refused:
        read_checklist(SMALL.replace(before, after), "CK-A.toml")
    assert (refused.value.file, refused.value.line) == ("CK-A.toml", line)
    assert word in refused.value.reason
    assert "CK-A.toml" in refused.value.sentence()


def test_a_list_without_items_is_refused() -> None:
    with pytest.raises(PlanRefused) as refused:
        read_checklist(SMALL.partition("[[item]]")[0] + "item = []\n", "x.toml")
    assert refused.value.line >= 1


@pytest.mark.parametrize("duty", Duty)
def test_the_general_list_keeps_the_seven_duties(duty: Duty) -> None:
    with pytest.raises(PlanRefused, match="七步"):
        read_checklist(GENERAL.replace(f'duty = "{duty}"\n', ""), "CK-E.toml")


def own(source: str, key: str = "CK-E") -> None:
    read_checklist(source, f"{key}.school.toml", original=shipped_checklists()[key])


def test_a_school_may_edit_its_copy() -> None:
    more = """
[[item]]
key = "CK-E-17"
stage = "返校与结案"
title = "通知宿管"
owner = "class_teacher"
minutes = 120
"""
    source = GENERAL.replace("电话联系监护人", "给监护人打电话").replace("version = 1", "version = 2") + more
    found = read_checklist(source, "x", original=shipped_checklists()["CK-E"])
    assert found.is_own
    assert (found.version, len(found.items)) == (2, 17)
    assert "给监护人打电话" in {item.title for item in found.items}
    own(GENERAL.replace('detail = "逐项看过，材料归齐，签字。"\n', ""))


def item_of(key: str) -> str:
    found = re.search(rf'\[\[item\]\]\nkey = "{key}".*?(?=\n\[\[item\]\]|\Z)', GENERAL, re.DOTALL)
    assert found
    return found.group()


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (item_of("CK-E-08"), "", "每所学校都要保留"),
        ('duty = "report"\nowner = "counsellor"', 'owner = "counsellor"', "七步"),
        ('within = "crisis_written_hours"', "minutes = 60", "参数"),
        ('within = "crisis_report_hours"', "", "参数"),
        ('key = "CK-E"', 'key = "CK-A"', "编号"),
    ],
)
def test_a_copy_keeps_what_is_fixed(before: str, after: str, word: str) -> None:
    assert before in GENERAL
    source = GENERAL.replace(before, after, 1).replace('waits_for = ["CK-E-08", ', "waits_for = [")
    with pytest.raises(PlanRefused) as refused:
        own(source)
    assert word in refused.value.reason


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ('key = "C02"', 'key = "C01"', "出现了两次"),
        ("超过 {low_mood_days}", "超过 {low_mood}", "参数"),
        ("超过 {low_mood_days}", "超过 {", "参数"),
        ("长期睡眠困难", "抑郁症", "抑郁症"),
        ('text = "长期睡眠困难"\n', "", "text"),
        ("version = 1", "version = x", "TOML"),
    ],
)
def test_wrong_criteria_are_refused(before: str, after: str, word: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        read_criteria(CRITERIA.replace(before, after, 1), "criteria.toml")
    assert word in refused.value.reason
