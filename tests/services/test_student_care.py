"""What runs for a student in one read, and the board of all follow-up tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.care_words import CareTier, TierSubtype
from counselroom.rules.follow_up import Per
from counselroom.services import follow_ups, student_care, tiers
from counselroom.services.desk import AccessDenied
from counselroom.services.follow_up_board import BoardFilter, Span, follow_up_board, more_of_board
from tests.services.care_support import TODAY, confirmed, pass_days, proposed
from tests.services.world import World


def test_the_care_of_a_student_is_read_at_once(world: World) -> None:
    nothing = student_care.student_care(world.me, world.desk, world.students[0])
    assert (nothing.tier, nothing.proposal, nothing.tasks, nothing.plan) == (None, None, (), ())
    assert (nothing.student_name, nothing.class_name) == ("欧阳若曦", "初二（3）班")
    held = confirmed(world)
    waiting = proposed(world, tier=CareTier.GROUP_SUPPORT, subtype=TierSubtype.SCREEN3)
    care = student_care.student_care(world.me, world.desk, world.students[0])
    assert care.tier is not None
    assert care.proposal is not None
    assert (care.tier.id, care.proposal.id) == (held.id, waiting.id)
    assert [line.rule for line in care.plan] == ["FR-07", "FR-08", "FR-09"]
    weekly = care.plan[0]
    assert (weekly.times, weekly.per, weekly.ends_with_tier, weekly.is_locked) == (1, Per.WEEK, True, False)
    assert weekly.next_on == min(task.due_on for task in care.tasks if task.rule == "FR-07")
    assert weekly.open == sum(task.rule == "FR-07" for task in care.tasks)
    assert {task.tier for task in care.tasks} == {CareTier.KEY_INTERVENTION}
    assert {task.student_no for task in care.tasks} == {"20250301"}
    assert student_care.one_tier(world.me, world.desk, held.id) == care.tier
    assert student_care.one_task(world.me, world.desk, care.tasks[0].id) == care.tasks[0]


def test_what_has_ended_runs_no_more(world: World) -> None:
    held = confirmed(world)
    tiers.end_tier(world.me, world.desk, held.id, "稳定")
    care = student_care.student_care(world.me, world.desk, world.students[0])
    assert (care.tier, care.tasks, care.plan) == (None, (), ())


def test_a_changed_tier_shows_the_rules_of_the_new_one_only(world: World) -> None:
    confirmed(world)
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    care = student_care.student_care(world.me, world.desk, world.students[0])
    assert [line.rule for line in care.plan] == ["FR-10", "FR-11"]


def test_who_may_not_read_care_reads_nothing(world: World) -> None:
    held = confirmed(world)
    nobody = replace(world.me, roles=frozenset())
    task = follow_ups.tasks_of(world.me, world.desk, world.students[0])[0]
    with pytest.raises(AccessDenied):
        student_care.student_care(nobody, world.desk, world.students[0])
    with pytest.raises(AccessDenied):
        student_care.one_tier(nobody, world.desk, held.id)
    with pytest.raises(AccessDenied):
        student_care.one_task(nobody, world.desk, task.id)
    with pytest.raises(AccessDenied):
        follow_up_board(nobody, world.desk, Span.WEEK, BoardFilter())
    with pytest.raises(AccessDenied):
        more_of_board(nobody, world.desk, Span.WEEK, BoardFilter(), 0)
    with pytest.raises(UserError):
        student_care.student_care(world.me, world.desk, "nobody")
    with pytest.raises(UserError):
        student_care.one_tier(world.me, world.desk, "none")


def test_the_board_sorts_by_when_it_is_due(world: World) -> None:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    follow_ups.add_task(world.me, world.desk, world.students[1], "复诊", TODAY + timedelta(days=30))
    pass_days(world, 2)  # Wednesday
    boards = {span: follow_up_board(world.me, world.desk, span, BoardFilter()) for span in Span}
    today = TODAY + timedelta(days=2)
    assert all(row.due_on < today for row in boards[Span.OVERDUE].rows)
    assert all(today <= row.due_on <= today + timedelta(days=4) for row in boards[Span.WEEK].rows)
    assert all(row.due_on > today + timedelta(days=4) for row in boards[Span.LATER].rows)
    for span, board in boards.items():
        assert board.counts == boards[Span.WEEK].counts
        assert board.counts[span] == len(board.rows) > 0
    total = sum(boards[Span.WEEK].counts.values())
    assert total == world.sql("SELECT count(*) FROM follow_up_task WHERE state = 'open'")[0][0]


def test_the_board_begins_with_what_is_most_urgent_and_goes_on_in_pieces(world: World) -> None:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    assert follow_up_board(world.me, world.desk, None, BoardFilter()).span is Span.WEEK
    pass_days(world, 2)
    board = follow_up_board(world.me, world.desk, None, BoardFilter())
    assert board.span is Span.OVERDUE
    assert board.rows
    later = follow_up_board(world.me, world.desk, Span.LATER, BoardFilter()).rows
    assert len(later) > 3
    assert follow_up_board(world.me, world.desk, Span.LATER, BoardFilter(), shown=2).rows == later[:2]
    assert more_of_board(world.me, world.desk, Span.LATER, BoardFilter(), 2) == later[2:]
    assert more_of_board(world.me, world.desk, Span.LATER, BoardFilter(class_id="none"), 0) == ()


def test_the_board_narrows(world: World) -> None:
    confirmed(world, subtype=TierSubtype.ACUTE_STRESS)
    follow_ups.add_task(world.me, world.desk, world.students[1], "复诊", TODAY)
    proposed(world, student_id=world.students[2])

    def found(**narrowed: object) -> set[str]:
        board = follow_up_board(world.me, world.desk, Span.WEEK, BoardFilter(**narrowed))  # type: ignore[arg-type]  # mixed kinds
        return {row.student_id for row in board.rows}

    assert found() == {world.students[0], world.students[1]}
    assert found(tier=CareTier.KEY_INTERVENTION) == {world.students[0]}
    assert found(tier=CareTier.GROUP_SUPPORT) == set()
    assert found(owner_id=world.me.person_id) == {world.students[0], world.students[1]}
    assert found(owner_id=world.colleague.person_id) == set()
    assert found(class_id=world.people.class_id) == {world.students[0], world.students[1]}
    assert found(class_id="none") == set()
    board = follow_up_board(world.me, world.desk, Span.WEEK, BoardFilter())
    assert board.proposals == 1
    assert [each.name for each in board.counsellors] == ["林老师"]
    assert [each.name for each in board.classes] == ["初二（3）班"]
