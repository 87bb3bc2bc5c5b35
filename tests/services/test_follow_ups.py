"""Follow-up tasks: the board, what becomes of a task, and that nothing is lost between days, terms and rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counselroom import resources
from counselroom.errors import UserError
from counselroom.rules.care_words import FollowUpMode, FollowUpOrigin, TaskState, TierSubtype
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.follow_up import Situation
from counselroom.rules.school import DayKind
from counselroom.rules.timeline import EntryKind
from counselroom.services import follow_up_plans, follow_ups, parameters, school
from counselroom.services.desk import AccessDenied
from counselroom.services.follow_up_files import RulesRefused
from counselroom.services.timeline import timeline
from counselroom.services.undo import take_back
from tests.services.care_support import TODAY, confirmed, pass_days, stored
from tests.services.world import NAMES, STAFF, World

DATA = follow_ups.FollowUpData(
    TODAY, FollowUpMode.TALK, RiskLevel.MILD, mood="平稳", change="睡眠好转", measures="继续"
)


def first_task(world: World, rule: str = "FR-11") -> follow_ups.TaskView:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    return next(task for task in follow_ups.tasks_of(world.me, world.desk, world.students[0]) if task.rule == rule)


def test_the_board_has_what_is_due_the_most_overdue_first(world: World) -> None:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    pass_days(world, 3)
    board = follow_ups.board(world.me, world.desk)
    assert [(task.rule, task.due_on.day, task.days_over) for task in board if task.rule == "FR-11"] == [
        ("FR-11", 12, 3),
        ("FR-11", 13, 2),
        ("FR-11", 14, 1),
        ("FR-11", 15, 0),
    ]
    assert [task.due_on for task in board] == sorted(task.due_on for task in board)
    assert sum(task.rule == "FR-10" for task in board) == 1
    task = board[0]
    assert (task.student_name, task.class_name, task.owner_name) == (NAMES[0], "初二（3）班", STAFF[0])
    assert (task.task, task.who) == ("谈心，并与咨询室互通情况", "学院或班级指定的专人")
    assert (task.is_safety, task.is_locked, task.origin) == (True, False, FollowUpOrigin.TIER)
    assert len(follow_ups.board(world.me, world.desk, TODAY + timedelta(days=6))) > len(board)
    assert follow_ups.board(world.me, world.desk, owner_id=world.colleague.person_id) == ()
    assert len(follow_ups.board(world.me, world.desk, limit=2)) == 2


def test_done_keeps_what_was_found_and_can_be_undone(world: World) -> None:
    task = first_task(world)
    done = follow_ups.finish_task(world.me, world.desk, task.id, DATA, task.seen)
    assert (done.value.task.state, done.value.wants_assessment) == (TaskState.DONE, False)
    assert done.changes.changed == {("follow_up_task", task.id), ("follow_up_record", done.value.record_id)}
    (record,) = follow_ups.records_of(world.me, world.desk, world.students[0])
    assert (record.data, record.task_id, record.counsellor_name) == (DATA, task.id, STAFF[0])
    assert world.audit()[-1].entity == "follow_up_record"
    with pytest.raises(UserError):
        follow_ups.finish_task(world.me, world.desk, task.id, DATA)
    (entry,) = (
        each for each in timeline(world.me, world.desk, world.students[0]).entries if each.kind is EntryKind.FOLLOW_UP
    )
    assert entry.text == "睡眠好转；继续"
    before = [row for row in stored(world) if row[0] == "FR-11"]
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo).value
    assert (back.state, back.nth, back.due_on) == (TaskState.OPEN, task.nth, task.due_on)
    assert [row for row in stored(world) if row[0] == "FR-11"] == [
        (rule, nth, due, "open") for rule, nth, due, _state in before
    ]
    assert follow_ups.records_of(world.me, world.desk, world.students[0]) == ()
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


@pytest.mark.parametrize(
    ("risk", "wanted"),
    [(RiskLevel.NONE, False), (RiskLevel.MILD, False), (RiskLevel.MODERATE, True), (RiskLevel.SEVERE, True)],
)
def test_a_risk_that_rises_asks_for_the_assessment(world: World, risk: RiskLevel, wanted: bool) -> None:
    data = follow_ups.FollowUpData(TODAY, FollowUpMode.VISIT, risk)
    done = follow_ups.finish_task(world.me, world.desk, first_task(world).id, data)
    assert done.value.wants_assessment is wanted


def test_what_was_found_is_not_a_colleagues_to_read(world: World) -> None:
    task = first_task(world)
    follow_ups.finish_task(world.me, world.desk, task.id, DATA)
    assert follow_ups.records_of(world.colleague, world.desk, world.students[0]) == ()
    (entry,) = (
        each
        for each in timeline(world.colleague, world.desk, world.students[0]).entries
        if each.kind is EntryKind.FOLLOW_UP
    )
    assert (entry.readable, entry.text) == (False, "")
    with pytest.raises(AccessDenied):
        follow_ups.reopen_task(world.colleague, world.desk, task.id)


def test_a_follow_up_is_not_done_tomorrow(world: World) -> None:
    task = first_task(world)
    with pytest.raises(UserError):
        follow_ups.finish_task(
            world.me, world.desk, task.id, follow_ups.FollowUpData(TODAY + timedelta(days=1), FollowUpMode.TALK)
        )


def test_missed_needs_a_reason_and_its_day_over(world: World) -> None:
    task = first_task(world)
    with pytest.raises(UserError):
        follow_ups.miss_task(world.me, world.desk, task.id, "  ")
    with pytest.raises(UserError):
        follow_ups.miss_task(world.me, world.desk, task.id, "学生请假")
    pass_days(world, 1)
    done = follow_ups.miss_task(world.me, world.desk, task.id, " 学生请假 ")
    assert (done.value.state, done.value.close_reason, done.value.days_over) == (TaskState.MISSED, "学生请假", 0)
    assert done.changes.undo is not None
    assert take_back(world.me, world.desk, done.changes.undo).value.days_over == 1


def test_r_08_only_the_director_waives_and_one_at_a_time(world: World) -> None:
    task = first_task(world)
    with pytest.raises(AccessDenied):
        follow_ups.waive_task(world.colleague, world.desk, task.id, "理由")
    with pytest.raises(UserError):
        follow_ups.waive_task(world.me, world.desk, task.id, "")
    open_before = len(stored(world, "state = 'open'"))
    done = follow_ups.waive_task(world.me, world.desk, task.id, "当日住院")
    assert done.value.state is TaskState.WAIVED
    assert len(stored(world, "state = 'open'")) == open_before - 1


def test_r_08_the_year_after_a_high_risk_return_is_not_ended_early(world: World) -> None:
    done = follow_up_plans.begin_plan(
        world.me, world.desk, world.students[0], Situation.RETURNED_HIGH_RISK, TODAY, FollowUpOrigin.RETURN
    )
    assert {task.rule for task in done.value} == {"FR-23", "FR-24", "FR-25"}
    assert all(task.is_locked for task in done.value)
    for task in done.value:
        with pytest.raises(UserError):
            follow_up_plans.end_plan(world.me, world.desk, task.id, "提前结束")
    pass_days(world, 366)
    assert follow_up_plans.end_plan(world.me, world.desk, done.value[0].id, "满期").value > 0


def test_a_plan_is_begun_once_and_ended_by_the_director(world: World) -> None:
    begin = (world.students[0], Situation.CRISIS_OVER, TODAY, FollowUpOrigin.CRISIS, "e1")
    (task,) = follow_up_plans.begin_plan(world.me, world.desk, *begin).value
    with pytest.raises(UserError):
        follow_up_plans.begin_plan(world.me, world.desk, *begin)
    with pytest.raises(AccessDenied):
        follow_up_plans.end_plan(world.colleague, world.desk, task.id, "理由")
    with pytest.raises(UserError):
        follow_up_plans.end_plan(world.me, world.desk, task.id, " ")
    follow_ups.finish_task(world.me, world.desk, task.id, DATA)
    assert follow_up_plans.end_plan(world.me, world.desk, task.id, "转由医院").value == 0
    pass_days(world, 80)
    assert follow_up_plans.go_on(world.me, world.desk).value.made == 0
    assert [row[3] for row in stored(world)] == ["done", "ended"]


def test_a_tier_s_follow_up_ends_with_the_tier_only(world: World) -> None:
    with pytest.raises(UserError):
        follow_up_plans.end_plan(world.me, world.desk, first_task(world).id, "理由")


def test_days_that_passed_while_the_program_was_closed_are_not_lost(world: World) -> None:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    pass_days(world, 45)
    assert follow_up_plans.go_on(world.me, world.desk).value.made > 30
    days = [date.fromisoformat(row[2]) for row in stored(world, "rule = 'FR-11'")]
    assert days == [TODAY + timedelta(days=number) for number in range(len(days))]
    assert days[-1] >= TODAY + timedelta(days=45 + 14)
    assert follow_up_plans.go_on(world.me, world.desk).value.made == 0


@pytest.mark.parametrize(("at_once", "students", "pieces"), [(1, 250, 3), (1000, 2, 2), (1000, 250, 1), (1, 1, 4)])
def test_going_on_works_in_pieces(
    world: World, monkeypatch: pytest.MonkeyPatch, at_once: int, students: int, pieces: int
) -> None:
    for number, subtype in enumerate((TierSubtype.ACUTE_STRESS, TierSubtype.SCREEN2_MODERATE_MILD)):
        confirmed(world, student_id=world.students[number], subtype=subtype)
    begin = (world.students[2], Situation.CRISIS_OVER, TODAY, FollowUpOrigin.CRISIS, "e1")
    follow_up_plans.begin_plan(world.me, world.desk, *begin)
    monkeypatch.setattr(follow_up_plans, "_AT_ONCE", at_once)
    monkeypatch.setattr(follow_up_plans, "_STUDENTS", students)
    pass_days(world, 80)
    after: str | None = ""
    made = rounds = 0
    while after is not None:
        done = follow_up_plans.go_on(world.me, world.desk, after).value
        made, after, rounds = made + done.made, done.after, rounds + 1
    assert rounds == pieces
    assert made > 40
    assert len({row[0] for row in world.sql("SELECT student_id FROM follow_up_task WHERE nth > 1")}) == 3
    assert follow_up_plans.go_on(world.me, world.desk).value.made == 0


def test_r_17_new_numbers_hold_for_new_tasks_only(world: World) -> None:
    begin = (world.students[0], Situation.RETURNED, TODAY, FollowUpOrigin.RETURN)
    follow_up_plans.begin_plan(world.me, world.desk, *begin, "a")
    parameters.set_parameter(world.me, world.desk, "return_assess_days", 3)
    follow_up_plans.begin_plan(world.me, world.desk, *begin, "b")
    assert [row[2] for row in stored(world, "rule = 'FR-22'")] == ["2026-10-19", "2026-10-15"]


def test_a_school_s_own_rules_hold_for_what_comes(world: World) -> None:
    confirmed(world)
    source = resources.read_text("resources/follow_up_rules.toml").replace('per = "week"', 'per = "day"', 1)
    with pytest.raises(AccessDenied):
        follow_up_plans.use_school_rules(world.colleague, world.desk, source, "own.toml")
    with pytest.raises(RulesRefused):
        follow_up_plans.use_school_rules(world.me, world.desk, "x", "own.toml")
    before = stored(world, "rule = 'FR-07'")
    follow_up_plans.use_school_rules(world.me, world.desk, source, "own.toml")
    assert next(rule for rule in follow_up_plans.rules(world.me, world.desk) if rule.key == "FR-07").per == "day"
    pass_days(world, 7)
    follow_up_plans.go_on(world.me, world.desk)
    after = stored(world, "rule = 'FR-07'")
    assert after[: len(before)] == before
    assert len(after) - len(before) > 3


def test_a_holiday_marked_later_moves_no_task(world: World) -> None:
    confirmed(world)
    before = stored(world)
    school.mark_day(world.me, world.desk, date(2026, 10, 16), DayKind.HOLIDAY, "校庆")
    follow_up_plans.go_on(world.me, world.desk)
    assert set(before) <= set(stored(world))


def test_a_task_by_hand_and_its_undo(world: World) -> None:
    done = follow_ups.add_task(
        world.me, world.desk, world.students[0], "到医院复诊", TODAY + timedelta(days=3), rule="FR-03"
    )
    assert (done.value.rule, done.value.who, done.value.origin) == ("FR-03", "医院", FollowUpOrigin.HAND)
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert stored(world) == []
    task = first_task(world)
    with pytest.raises(UserError):
        follow_ups.withdraw_task(world.me, world.desk, task.id)
    for wrong in (
        {"task": " "},
        {"due_on": TODAY - timedelta(days=1)},
        {"student_id": "nobody"},
        {"rule": "FR-07"},
        {"rule": "FR-99"},
    ):
        fields = {"student_id": world.students[0], "task": "x", "due_on": TODAY, "rule": ""} | wrong
        with pytest.raises(UserError):
            follow_ups.add_task(world.me, world.desk, **fields)  # type: ignore[arg-type]


def test_only_open_tasks_of_a_student(world: World) -> None:
    task = first_task(world)
    follow_ups.waive_task(world.me, world.desk, task.id, "理由")
    everything = follow_ups.tasks_of(world.me, world.desk, world.students[0])
    only_open = follow_ups.tasks_of(world.me, world.desk, world.students[0], only_open=True)
    assert {each.id for each in everything} - {each.id for each in only_open} == {task.id}
    assert follow_ups.tasks_of(world.me, world.desk, world.students[1]) == ()
