"""F-45, F-47, F-48, F-49, F-55 and F-80: on one page blank, filled from the 专案, with the longest texts (R-19)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counselroom.printing.definitions import Audience
from counselroom.rules.crisis_words import ContactOutcome, ContactPurpose, ContactRole, GuardEnd, WatcherRole
from counselroom.services import crisis_log, forms, guard_24h, prints
from counselroom.services.plan_files import shipped_checklists
from tests.printing.pdf import bare, page_texts, text_of
from tests.services.crisis_support import begin, pass_time
from tests.services.world import GUARDIAN, NAMES, World

FORMS = ("F-45", "F-47", "F-48", "F-49", "F-55", "F-80")
BY_NAME = ("F-45", "F-47", "F-48", "F-49", "F-80")
"""F-55 names nobody: those who are affected stand there by code."""
LONG = "，" + "观察到的情况逐条写明，时间、地点、人物、说法都记下，不作评论" * 10 + "止"


def guarded(world: World, long: str = "") -> str:
    """Return a 专案 with a guard of two shifts, observations, a gap, and an authorisation by telephone."""
    event = begin(world, facts=f"课间同学告诉班主任{long}")
    start = world.clock.moment
    period = guard_24h.begin_guard(world.me, world.desk, event, "心理辅导室里间", start).value
    first = guard_24h.add_shift(
        world.me, world.desk, period, "林老师", WatcherRole.COUNSELLOR, start, start + timedelta(hours=2)
    ).value
    guard_24h.add_shift(world.me, world.desk, period, "周老师", WatcherRole.TEACHER, start, start + timedelta(hours=2))
    pass_time(world, 1)
    guard_24h.observe(world.me, world.desk, period, f"情绪平稳，吃了午饭{long}")
    guard_24h.hand_over(world.me, world.desk, first, "吴老师", f"注意书包{long}")
    pass_time(world, 1.5)
    data = crisis_log.ContactData(
        ContactRole.GUARDIAN, GUARDIAN, ContactOutcome.REACHED, ContactPurpose.AUTHORISE, said=f"同意先行送医{long}"
    )
    crisis_log.attempt_contact(world.me, world.desk, event, data)
    guard_24h.end_guard(
        world.me, world.desk, period, GuardEnd.PARENT_TOOK_OVER, f"父亲{GUARDIAN}", f"换班时去取药{long}"
    )
    return event


def printed(world: World, form_id: str, event: str) -> bytes:
    audience = forms.all_forms()[form_id].definition.form.audiences[0]
    request = prints.PrintRequest(form_id, event, audience, saved=False)
    return prints.print_form(world.me, world.desk, request).value.pdf


@pytest.mark.parametrize("form_id", FORMS)
def test_a_blank_one_is_one_page_with_all_its_places(form_id: str) -> None:
    pdf = prints.print_blank(form_id)
    text = bare(text_of(pdf))
    for item in forms.all_forms()[form_id].definition.item:
        if item.at[0].label != 0:
            assert bare(item.label) in text, item.label
        for column in item.columns:
            assert bare(column.label) in text, column.label
    assert len(page_texts(pdf)) == 1
    assert "签名" in text
    assert NAMES[0] not in text


@pytest.mark.parametrize("form_id", FORMS)
def test_a_filled_one_says_what_the_case_says(world: World, form_id: str) -> None:
    event = guarded(world)
    text = bare(text_of(printed(world, form_id, event)))
    assert "Z2026-001" in text
    assert (NAMES[0] in text) is (form_id in BY_NAME)
    says = {
        "F-45": (
            "心理辅导室里间",
            "情绪平稳，吃了午饭",
            "林老师",
            "周老师",
            "交给吴老师，注意书包",
            "31分钟",
            "换班时去取药",
        ),
        "F-47": (GUARDIAN, "同意先行送医", "13811112222"),
        "F-80": ("课间同学告诉班主任", GUARDIAN),
    }
    for words in says.get(form_id, ()):
        assert bare(words) in text, words


@pytest.mark.parametrize(("form_id", "times"), [("F-45", 3), ("F-47", 1), ("F-80", 1)])
def test_the_longest_texts_come_through_whole(world: World, form_id: str, times: int) -> None:
    text = bare(text_of(printed(world, form_id, guarded(world, LONG))))
    assert text.count(bare("不作评论止")) >= times


def test_what_goes_to_a_guardian_says_nothing_of_counselling() -> None:
    for form_id in FORMS:
        audiences = set(forms.all_forms()[form_id].definition.form.audiences)
        assert audiences == (
            {Audience.GUARDIAN, Audience.ROOM} if form_id == "F-80" else {Audience.ROOM, Audience.ARCHIVE}
        )


def test_the_forms_that_checklists_name_are_there() -> None:
    """Those of systems that come later (F-34 psychological sweep, F-58 evidence) are still missing."""
    named = {item.document for checklist in shipped_checklists().values() for item in checklist.items if item.document}
    assert named - set(forms.all_forms()) == {"F-34", "F-58"}
