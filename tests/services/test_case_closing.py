"""A case is paused, handed over, closed and opened again; what follows from closing follows by itself (FR-27)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Role
from counselroom.rules.care_words import TaskState
from counselroom.rules.counselling import CaseStatus, CloseReason
from counselroom.services import cases, search, sessions
from counselroom.services.case_closing import close_case, reopen_case
from counselroom.services.desk import AccessDenied
from tests.services.world import MORNING, World

TODAY = MORNING.date()


def tasks_of(world: World, case_id: str) -> list[tuple[str, str]]:
    return [
        (str(rule), str(state))
        for rule, state in world.sql(
            "SELECT rule, state FROM follow_up_task WHERE origin = 'closure' AND origin_id = :case", case=case_id
        )
    ]


def test_closing_a_case_begins_its_follow_up_and_reopening_ends_it(world: World) -> None:
    case_id = world.case()
    world.note("最后一次", case_id=case_id)
    view = close_case(world.me, world.desk, case_id, CloseReason.GOALS_MET, " 目标达成 ", TODAY).value
    assert (view.status, view.closed_on, view.close_reason, view.close_summary) == (
        CaseStatus.CLOSED,
        TODAY,
        CloseReason.GOALS_MET,
        "目标达成",
    )
    assert ("FR-27", TaskState.OPEN.value) in tasks_of(world, case_id)
    again = reopen_case(world.me, world.desk, case_id, view.seen).value
    assert (again.status, again.closed_on, again.close_reason, again.close_summary) == (
        CaseStatus.ACTIVE,
        None,
        None,
        "",
    )
    assert {state for _rule, state in tasks_of(world, case_id)} == {TaskState.ENDED.value}


@pytest.mark.parametrize(
    ("summary", "on"),
    [("", TODAY), ("小结", TODAY + timedelta(days=1)), ("小结", date(2026, 10, 11))],
)
def test_a_case_is_not_closed_without_a_summary_or_on_a_day_that_cannot_be(
    world: World, summary: str, on: date
) -> None:
    case_id = world.case()
    with pytest.raises(UserError):
        close_case(world.me, world.desk, case_id, CloseReason.OTHER, summary, on)
    assert cases.case(world.me, world.desk, case_id).status is CaseStatus.OPEN


def test_a_note_that_waits_for_the_signature_keeps_the_case_open_and_here(world: World) -> None:
    case_id = world.case()
    sessions.start_note(world.me, world.desk, case_id, world.draft("没写完"))
    with pytest.raises(UserError):
        close_case(world.me, world.desk, case_id, CloseReason.GOALS_MET, "小结", TODAY)
    with pytest.raises(UserError):
        cases.hand_over_case(world.me, world.desk, case_id, world.colleague.person_id, "调岗")


def test_only_its_counsellor_closes_and_reopens_it_once(world: World) -> None:
    case_id = world.case()
    with pytest.raises(AccessDenied):
        close_case(world.colleague, world.desk, case_id, CloseReason.GOALS_MET, "小结", TODAY)
    with pytest.raises(UserError):
        reopen_case(world.me, world.desk, case_id)
    seen = cases.case(world.me, world.desk, case_id).seen
    close_case(world.me, world.desk, case_id, CloseReason.GOALS_MET, "小结", TODAY, seen)
    with pytest.raises(UserError):
        close_case(world.me, world.desk, case_id, CloseReason.GOALS_MET, "小结", TODAY)
    with pytest.raises(UserError):
        cases.pause_case(world.me, world.desk, case_id, paused=True)
    with pytest.raises(UserError):
        reopen_case(world.me, world.desk, case_id, seen)
    world.case()
    with pytest.raises(UserError):
        reopen_case(world.me, world.desk, case_id)


def test_a_case_is_handed_over_with_its_notes(world: World) -> None:
    case_id = world.case()
    note = world.note("沙盘里的小屋", case_id=case_id)
    with pytest.raises(UserError):
        cases.hand_over_case(world.me, world.desk, case_id, world.colleague.person_id, " ")
    with pytest.raises(UserError):
        cases.hand_over_case(world.me, world.desk, case_id, world.me.person_id, "调岗")
    cases.hand_over_case(world.me, world.desk, case_id, world.colleague.person_id, "调岗")
    assert sessions.session(world.colleague, world.desk, note).signed_at is not None
    assert [hit.entity_id for hit in search.search_text(world.colleague, world.desk, "小屋").hits] == [note]
    with pytest.raises(AccessDenied):
        cases.case(replace(world.me, roles=frozenset({Role.COUNSELLOR})), world.desk, case_id)


def test_nobody_has_two_open_cases_of_a_client_by_a_hand_over(world: World) -> None:
    case_id = world.case()
    world.case(world.colleague)
    with pytest.raises(UserError):
        cases.hand_over_case(world.me, world.desk, case_id, world.colleague.person_id, "调岗")
