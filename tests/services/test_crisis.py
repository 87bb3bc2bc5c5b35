"""专案: begun with its clocks, led on, closed; who may see it, what it leaves behind (SYS-26, SYS-27, R-05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from counselroom.errors import UserError
from counselroom.rules.crisis import CloseObstacle, StepObstacle
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel, CrisisState, Duty, GuardEnd, StepState
from counselroom.rules.deadlines import ClockState
from counselroom.services import (
    attachments,
    cases,
    crisis,
    crisis_lists,
    crisis_plans,
    crisis_steps,
    finding,
    guard_24h,
    parameters,
    search,
)
from counselroom.services.changes import Undo
from counselroom.services.desk import AccessDenied
from counselroom.services.plan_files import shipped_checklists
from counselroom.services.undo import take_back
from tests.services.crisis_support import begin, event_data, pass_time, settle_all, step_named
from tests.services.world import World


def test_a_case_begins_with_its_clocks_from_when_it_was_found(world: World) -> None:
    found_at = world.clock.moment - timedelta(hours=2)
    event_id = begin(world, found_at=found_at)
    view = crisis.event(world.me, world.desk, event_id)
    assert view.code == "Z2026-001"
    assert [entry["key"] for entry in view.plan] == ["CK-E", "CK-A"]
    due = {step.item: step.due_at for step in view.steps}
    assert due["CK-E-02"] == found_at
    assert due["CK-E-08"] == found_at + timedelta(hours=24)
    assert due["CK-E-13"] == found_at + timedelta(hours=72)
    assert due["CK-E-14"] is None
    assert {step.duty for step in view.steps} - {None} == set(Duty)
    assert view.next_step == view.steps[0].id
    clocks = {step.item: step.clock.state for step in view.steps}
    assert (clocks["CK-E-02"], clocks["CK-E-08"]) == (ClockState.OVERDUE, ClockState.RUNNING)
    assert world.sql("SELECT count(*) FROM crisis_step WHERE due_at IS NOT NULL AND clock_boot IS NULL") == [(0,)]
    assert begin(world, student_id=world.students[1]) != event_id
    assert crisis_lists.event_list(world.me, world.desk).lines[0].code == "Z2026-001"


def test_a_case_is_not_found_in_the_future_nor_about_nobody(world: World) -> None:
    with pytest.raises(UserError, match="将来"):
        begin(world, found_at=world.clock.moment + timedelta(hours=1))
    with pytest.raises(UserError, match="学生"):
        begin(world, student_id="x")
    assert crisis_lists.event_list(world.me, world.desk).lines == ()


def undo_of(world: World, event_id: str) -> Undo:
    seen = crisis.event(world.me, world.desk, event_id).seen
    return Undo("", "take_back_event", {"event_id": event_id, "seen": seen})


def test_the_beginning_is_taken_back_without_a_trace_on_the_pages(world: World) -> None:
    done = crisis.start_event(world.me, world.desk, event_data(world))
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert crisis_lists.event_list(world.me, world.desk, with_closed=True).lines == ()
    assert finding.find_codes(world.me, world.desk, "Z2026") == ()
    with pytest.raises(UserError):
        crisis.event(world.me, world.desk, done.value)
    assert crisis.event(world.me, world.desk, begin(world)).code == "Z2026-002"


def test_once_something_was_done_the_beginning_stays(world: World) -> None:
    done = crisis.start_event(world.me, world.desk, event_data(world))
    crisis_steps.complete_step(world.me, world.desk, step_named(world, done.value, "CK-E-01").id)
    assert done.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)
    crisis.close_as_mistaken(world.me, world.desk, done.value, "误听")
    view = crisis.event(world.me, world.desk, done.value)
    assert (view.state, view.close_reason) == (CrisisState.FALSE_ALARM, "误听")
    with pytest.raises(UserError):
        crisis_steps.complete_step(world.me, world.desk, view.steps[1].id)


def test_a_mistaken_beginning_needs_its_reason(world: World) -> None:
    event_id = begin(world)
    with pytest.raises(UserError):
        crisis.close_as_mistaken(world.me, world.desk, event_id, " ")


def test_a_step_is_done_with_time_person_and_note(world: World) -> None:
    event_id = begin(world)
    first = step_named(world, event_id, "CK-E-01")
    pass_time(world, 0.2)
    crisis_steps.complete_step(world.me, world.desk, first.id, note="学生在辅导室，安全")
    after = step_named(world, event_id, "CK-E-01")
    assert (after.state, after.done_by, after.note) == (StepState.DONE, "林老师", "学生在辅导室，安全")
    assert crisis.event(world.me, world.desk, event_id).state is CrisisState.ASSESSING


def test_r05_what_is_late_needs_its_reason(world: World) -> None:
    event_id = begin(world)
    pass_time(world, 25)
    step = step_named(world, event_id, "CK-E-08")
    assert step.clock.state is ClockState.OVERDUE
    with pytest.raises(crisis_steps.StepRefused) as refused:
        crisis_steps.complete_step(world.me, world.desk, step.id)
    assert refused.value.obstacles == (StepObstacle.NO_LATE_REASON,)
    crisis_steps.complete_step(world.me, world.desk, step.id, late_reason="领导外出")
    assert step_named(world, event_id, "CK-E-08").late_reason == "领导外出"


def test_r05_it_was_in_time_though_written_down_late(world: World) -> None:
    event_id = begin(world)
    at = pass_time(world, 3)
    pass_time(world, 40)
    step = step_named(world, event_id, "CK-E-08")
    crisis_steps.complete_step(world.me, world.desk, step.id, done_at=at)
    assert step_named(world, event_id, "CK-E-08").late_reason == ""


def test_what_waits_can_not_be_done_before(world: World) -> None:
    event_id = begin(world)
    with pytest.raises(crisis_steps.StepRefused) as refused:
        crisis_steps.complete_step(world.me, world.desk, step_named(world, event_id, "CK-E-14").id)
    assert refused.value.obstacles == (StepObstacle.WAITS,)
    pass_time(world, 1)
    crisis_steps.complete_step(world.me, world.desk, step_named(world, event_id, "CK-E-12").id)
    waiting = step_named(world, event_id, "CK-E-14")
    begun = step_named(world, event_id, "CK-E-12").done_at
    assert begun is not None
    assert waiting.due_at == begun + timedelta(minutes=4320)
    assert waiting.can_start


def test_a_tick_is_taken_back_and_its_deadline_stays(world: World) -> None:
    event_id = begin(world)
    before = step_named(world, event_id, "CK-E-08")
    done = crisis_steps.complete_step(world.me, world.desk, before.id, note="x")
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    after = step_named(world, event_id, "CK-E-08")
    assert (after.state, after.note, after.due_at) == (StepState.OPEN, "", before.due_at)
    assert after.id != before.id
    assert world.sql("SELECT note FROM crisis_step WHERE voided_at IS NOT NULL") == [("x",)]
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


def test_a_settled_step_is_corrected_beside_it(world: World) -> None:
    event_id = begin(world)
    step = step_named(world, event_id, "CK-E-01")
    with pytest.raises(UserError):
        crisis_steps.correct_step(world.me, world.desk, step.id, "10:40", "笔误")
    crisis_steps.complete_step(world.me, world.desk, step.id, note="10:24")
    crisis_steps.correct_step(world.me, world.desk, step.id, "应为 10:40", "笔误")
    assert step_named(world, event_id, "CK-E-01").note == "10:24"
    assert world.sql("SELECT text FROM amendment") == [("应为 10:40",)]


def test_the_clock_is_set_back_and_nothing_moves(world: World) -> None:
    event_id = begin(world)
    due = step_named(world, event_id, "CK-E-08").due_at
    world.clock.moment += timedelta(hours=6)
    begun = world.clock.since_boot()
    real = world.clock.moment
    world.clock.moment -= timedelta(days=3)
    view = crisis.event(world.me, world.desk, event_id)
    assert view.now >= view.started_at
    assert step_named(world, event_id, "CK-E-08").due_at == due
    world.clock.moment = real
    assert world.clock.since_boot() >= begun


def test_another_zone_shows_the_same_deadline(world: World) -> None:
    event_id = begin(world)
    due = step_named(world, event_id, "CK-E-08").due_at
    world.clock.moment = world.clock.moment.astimezone(ZoneInfo("Europe/London"))
    step = step_named(world, event_id, "CK-E-08")
    assert step.due_at == due
    assert step.clock.left is not None
    assert timedelta(hours=23, minutes=59) < step.clock.left < timedelta(hours=24)


def test_r17_a_changed_limit_holds_for_new_cases_only(world: World) -> None:
    old = begin(world)
    parameters.set_parameter(world.director, world.desk, "crisis_report_hours", 12)
    new = begin(world, student_id=world.students[1])
    for event_id, hours in ((old, 24), (new, 12)):
        view = crisis.event(world.me, world.desk, event_id)
        step = next(one for one in view.steps if one.item == "CK-E-08")
        assert step.due_at == view.data.found_at + timedelta(hours=hours)


def test_a_school_uses_its_own_list_for_new_cases(world: World) -> None:
    old = begin(world)
    source = shipped_checklists()["CK-E"].source.replace("电话联系监护人", "给监护人打电话")
    with pytest.raises(AccessDenied):
        crisis_plans.set_checklist(world.colleague, world.desk, "CK-E", source)
    crisis_plans.set_checklist(world.director, world.desk, "CK-E", source)
    new = begin(world, student_id=world.students[1])
    assert step_named(world, old, "CK-E-04").title == "电话联系监护人"
    assert step_named(world, new, "CK-E-04").title == "给监护人打电话"
    assert crisis.event(world.me, world.desk, new).plan[0]["own"] == "1"
    assert {one.key: one.is_own for one in crisis_plans.list_checklists(world.me, world.desk)}["CK-E"]
    crisis_plans.set_checklist(world.director, world.desk, "CK-E", None)
    assert not {one.key: one.is_own for one in crisis_plans.list_checklists(world.me, world.desk)}["CK-E"]
    with pytest.raises(UserError):
        crisis_plans.set_checklist(world.director, world.desk, "CK-Z", None)


def test_the_criteria_have_the_numbers_of_the_school(world: World) -> None:
    parameters.set_parameter(world.director, world.desk, "low_mood_days", 20)
    found = {one.key: one for one in crisis_plans.list_criteria(world.me, world.desk)}
    assert found["C01"].text == "情绪持续低落超过 20 天"
    assert found["C18"].at_once


def test_what_stands_in_the_way_of_closing_is_said(world: World) -> None:
    event_id = begin(world)
    with pytest.raises(crisis.NotReadyToClose) as refused:
        crisis.close_event(world.me, world.desk, event_id, "")
    assert set(refused.value.obstacles) == {
        CloseObstacle.OPEN_STEPS,
        CloseObstacle.DUTY_MISSING,
        CloseObstacle.NO_OUTCOME,
        CloseObstacle.NOT_SETTLED_DOWN,
    }
    settle_all(world, event_id)
    for state in (CrisisState.RESPONDING, CrisisState.STABILISED):
        crisis.set_event_state(world.me, world.desk, event_id, state)
    assert crisis.event(world.me, world.desk, event_id).blocks == ()
    crisis.close_event(world.me, world.desk, event_id, "平稳，转入随访")
    view = crisis.event(world.me, world.desk, event_id)
    assert (view.state, view.outcome, view.next_step) == (CrisisState.CLOSED, "平稳，转入随访", None)
    assert crisis_lists.event_list(world.me, world.desk).lines == ()
    assert len(crisis_lists.event_list(world.me, world.desk, with_closed=True).lines) == 1
    assert search.search_text(world.me, world.desk, "转入随访").total == 1


def test_a_running_guard_keeps_a_case_open(world: World) -> None:
    event_id = begin(world)
    period = guard_24h.begin_guard(world.me, world.desk, event_id, "辅导室").value
    assert CloseObstacle.GUARD_RUNNING in crisis.event(world.me, world.desk, event_id).blocks
    with pytest.raises(crisis.NotReadyToClose):
        crisis.close_as_mistaken(world.me, world.desk, event_id, "误听")
    guard_24h.end_guard(world.me, world.desk, period, GuardEnd.LEVEL_LOWERED, gap_reason="刚开始即解除")
    assert CloseObstacle.GUARD_RUNNING not in crisis.event(world.me, world.desk, event_id).blocks


def test_states_follow_each_other(world: World) -> None:
    event_id = begin(world)
    for state in (CrisisState.CLOSED, CrisisState.FOLLOW_UP, CrisisState.FALSE_ALARM):
        with pytest.raises(UserError):
            crisis.set_event_state(world.me, world.desk, event_id, state)
    crisis.set_event_state(world.me, world.desk, event_id, CrisisState.RESPONDING)
    assert crisis.event(world.me, world.desk, event_id).state is CrisisState.RESPONDING


def test_what_is_known_may_change_but_not_when_it_was_found(world: World) -> None:
    event_id = begin(world)
    view = crisis.event(world.me, world.desk, event_id)
    with pytest.raises(UserError):
        crisis.edit_event(
            world.me, world.desk, event_id, replace(view.data, found_at=view.data.found_at - timedelta(hours=1))
        )
    changed = replace(view.data, kind=CrisisKind.GROUP, level=CrisisLevel.MODERATE, facts="两个班的同学在场")
    crisis.edit_event(world.me, world.desk, event_id, changed, view.seen)
    after = crisis.event(world.me, world.desk, event_id)
    assert after.data == changed
    assert [entry["key"] for entry in after.plan] == ["CK-E", "CK-A", "CK-F", "CK-D"]
    with pytest.raises(UserError):
        crisis.edit_event(world.me, world.desk, event_id, changed, view.seen)


def test_an_item_of_ones_own(world: World) -> None:
    event_id = begin(world)
    with pytest.raises(UserError):
        crisis.add_step(world.me, world.desk, event_id, " ")
    with pytest.raises(UserError):
        crisis.add_step(world.me, world.desk, event_id, "通知宿管", due_at=world.clock.moment - timedelta(hours=1))
    due = world.clock.moment + timedelta(hours=3)
    crisis.add_step(world.me, world.desk, event_id, "通知宿管", due_at=due, owner_id=world.people.colleague.person_id)
    step = step_named(world, event_id, "+01")
    assert (step.title, step.owner_name) == ("通知宿管", "周老师")
    assert step.due_at is not None
    assert abs(step.due_at - due) < timedelta(minutes=1)
    crisis.hang_checklist(world.me, world.desk, event_id, "CK-D")
    crisis.hang_checklist(world.me, world.desk, event_id, "CK-D")
    assert len([one for one in crisis.event(world.me, world.desk, event_id).steps if one.checklist == "CK-D"]) == 6
    with pytest.raises(UserError):
        crisis.hang_checklist(world.me, world.desk, event_id, "CK-Z")


def test_somebody_is_named_for_a_step(world: World) -> None:
    event_id = begin(world)
    step = step_named(world, event_id, "CK-E-10")
    crisis_steps.assign_step(world.me, world.desk, step.id, world.people.colleague.person_id)
    assert step_named(world, event_id, "CK-E-10").owner_name == "周老师"
    crisis_steps.complete_step(world.me, world.desk, step.id)
    with pytest.raises(UserError):
        crisis_steps.assign_step(world.me, world.desk, step.id, None)


def test_the_room_works_on_it_together_and_reading_leaves_a_trace(world: World) -> None:
    event_id = begin(world)
    crisis.event(world.colleague, world.desk, event_id)
    assert world.audit()[-1].entity_id == event_id
    step = step_named(world, event_id, "CK-E-01")
    crisis_steps.complete_step(world.colleague, world.desk, step.id)
    assert step_named(world, event_id, "CK-E-01").done_by == "周老师"
    with pytest.raises(AccessDenied):
        crisis_steps.complete_step(world.archivist, world.desk, step_named(world, event_id, "CK-E-02").id)


def test_a_restricted_case_is_its_counsellors_alone(world: World) -> None:
    event_id = begin(world, restricted=True)
    step = step_named(world, event_id, "CK-E-01").id
    for other in (world.colleague, world.director.because("督导"), world.archivist):
        with pytest.raises(AccessDenied):
            crisis.event(other, world.desk, event_id)
        with pytest.raises(AccessDenied):
            crisis_steps.complete_step(other, world.desk, step)
        assert crisis_lists.event_list(other, world.desk).lines == ()
        assert finding.find_codes(other, world.desk, "Z2026") == ()
        assert search.search_text(other, world.desk, "课间同学").total == 0
    assert search.search_text(world.me, world.desk, "课间同学").total == 1
    assert len(finding.find_codes(world.me, world.desk, "z2026-0")) == 1


def test_the_second_counsellor_works_on_a_restricted_case(world: World) -> None:
    event_id = begin(world, restricted=True, deputy_id=world.people.colleague.person_id)
    crisis.event(world.colleague, world.desk, event_id)
    crisis_steps.complete_step(world.colleague, world.desk, step_named(world, event_id, "CK-E-01").id)


def test_a_case_out_of_a_restricted_case_is_restricted(world: World) -> None:
    case_id = world.case()
    cases.restrict_case(world.me, world.desk, case_id, restricted=True)
    event_id = begin(world, case_id=case_id)
    with pytest.raises(AccessDenied):
        crisis.event(world.colleague, world.desk, event_id)


def test_papers_are_kept_with_a_step(world: World) -> None:
    event_id = begin(world)
    step = step_named(world, event_id, "CK-E-09")
    attachments.attach_file(world.me, world.desk, "crisis_step", step.id, "签收.pdf", b"%PDF-1.4\n" + b"x" * 50)
    assert step_named(world, event_id, "CK-E-09").evidence == 1


def test_the_most_urgent_case_comes_first(world: World) -> None:
    calm = begin(world, kind=CrisisKind.OTHER)
    settle_all(world, calm)
    later = begin(world, student_id=world.students[1], kind=CrisisKind.OTHER)
    pass_time(world, 1)
    sooner = begin(world, student_id=world.students[2], kind=CrisisKind.OTHER)
    assert [line.id for line in crisis_lists.event_list(world.me, world.desk).lines] == [later, sooner, calm]
    assert crisis_lists.event_list(world.me, world.desk, student_id=world.students[2]).lines[0].id == sooner


def test_the_database_itself_keeps_the_deadline(world: World) -> None:
    event_id = begin(world)
    step = step_named(world, event_id, "CK-E-08").id
    with pytest.raises(Exception, match="protected: crisis_step"), world.desk.vault.change() as session:
        session.execute(text("UPDATE crisis_step SET due_at = '2030' WHERE id = :id"), {"id": step})


def test_after_an_attempt_those_around_are_cared_for(world: World) -> None:
    event_id = begin(world, kind=CrisisKind.SELF_HARM)
    assert [entry["key"] for entry in crisis.event(world.me, world.desk, event_id).plan] == ["CK-E", "CK-B"]
    for number in range(1, 8):
        assert all(step.checklist != "CK-D" for step in crisis.event(world.me, world.desk, event_id).steps)
        crisis_steps.skip_step(world.me, world.desk, step_named(world, event_id, f"CK-B-{number:02d}").id, "没有发生")
    assert [entry["key"] for entry in crisis.event(world.me, world.desk, event_id).plan] == ["CK-E", "CK-B", "CK-D"]
