"""专案: what comes next, what a step needs, the seven duties (R-05), closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from counselroom.rules.crisis import (
    CloseObstacle,
    Step,
    StepObstacle,
    can_start,
    clocks_that_begin,
    deadline_of,
    duties,
    in_order,
    may_become,
    next_step,
    obstacles_to_closing,
    obstacles_to_doing,
    obstacles_to_skipping,
    silently_late,
)
from counselroom.rules.crisis_plan import ClockStart
from counselroom.rules.crisis_words import CrisisState, Duty, StepState

CHINA = timezone(timedelta(hours=8))
FOUND = datetime(2026, 11, 22, 10, 20, tzinfo=CHINA)
GRACE = timedelta(minutes=30)
HOUR = timedelta(hours=1)


def step(item: str, hours: int | None = None, position: int = 0, **fields: object) -> Step:
    limit = None if hours is None else hours * 60
    base = Step(
        item,
        item,
        position,
        StepState.OPEN,
        limit_minutes=limit,
        runs_from=None if limit is None else FOUND,
        due=deadline_of(FOUND, limit),
    )
    return replace(base, **fields)  # type: ignore[arg-type]  # fields of Step by name


def done(found: Step, after: timedelta = HOUR, late: str | None = None) -> Step:
    return replace(found, state=StepState.DONE, done_at=FOUND + after, late_reason=late)


def skipped(found: Step, reason: str = "没有发生") -> Step:
    return replace(found, state=StepState.NOT_APPLICABLE, done_at=FOUND, skip_reason=reason)


def names(steps: tuple[Step, ...]) -> list[str]:
    return [one.item for one in steps]


def test_overdue_first_then_the_earliest_due_then_the_plan() -> None:
    steps = [step("later", 24, 1), step("soon", 4, 2), step("over", 1, 9), step("none", None, 3), step("also", 4, 0)]
    assert names(in_order(steps, FOUND + 2 * HOUR, GRACE)) == ["over", "also", "soon", "later", "none"]
    assert names(in_order(steps, FOUND, GRACE))[0] == "over"


def test_an_overdue_step_comes_before_one_at_once_whose_grace_runs() -> None:
    at_once = step("at once", 0, 0, runs_from=FOUND + 5 * HOUR, due=FOUND + 5 * HOUR)
    over = step("over", 4, 9)
    assert next_step([at_once, over], FOUND + 5 * HOUR, GRACE) == over
    assert next_step([at_once, step("x", 24)], FOUND + 5 * HOUR, GRACE) == at_once


def test_what_waits_is_not_named() -> None:
    first, second = step("first", 24, 1), step("second", 1, 0, waits_for=("first",))
    assert next_step([first, second], FOUND, GRACE) == first
    assert not can_start(second, [first, second])
    assert next_step([done(first), second], FOUND, GRACE) == second
    assert next_step([skipped(first), second], FOUND, GRACE) == second
    assert next_step([done(first), done(second)], FOUND, GRACE) is None


def test_a_limit_that_counts_from_others_begins_when_the_last_is_settled() -> None:
    waiting = step("w", None, limit_minutes=60, clock=ClockStart.READY, waits_for=("a", "b"))
    a, b = step("a"), step("b")
    assert clocks_that_begin([a, b, waiting]) == {}
    assert clocks_that_begin([done(a), b, waiting]) == {}
    assert clocks_that_begin([done(a, 3 * HOUR), done(b, HOUR), waiting]) == {"w": FOUND + 3 * HOUR}
    assert clocks_that_begin([done(a), skipped(b), waiting]) == {"w": FOUND + HOUR}
    assert clocks_that_begin([done(a), done(b), replace(waiting, runs_from=FOUND)]) == {}
    assert clocks_that_begin([done(a), done(b), replace(waiting, limit_minutes=None)]) == {}


def do(found: Step, after: timedelta, steps: list[Step] | None = None, **fields: object) -> tuple[StepObstacle, ...]:
    values: dict[str, object] = {
        "found_at": FOUND,
        "done_at": FOUND + after,
        "now": FOUND + 30 * HOUR,
        "grace": GRACE,
        "done_by": "林老师",
        "late_reason": None,
    }
    return obstacles_to_doing(found, steps or [found], **(values | fields))  # type: ignore[arg-type]


def test_what_a_step_needs() -> None:
    plain = step("a", 24)
    assert do(plain, HOUR) == ()
    assert do(plain, 24 * HOUR) == ()
    assert do(plain, 25 * HOUR) == (StepObstacle.NO_LATE_REASON,)
    assert do(plain, 25 * HOUR, late_reason="电话不通") == ()
    assert do(plain, 25 * HOUR, late_reason="  ") == (StepObstacle.NO_LATE_REASON,)
    assert do(plain, HOUR, done_by=" ") == (StepObstacle.NOBODY,)
    assert do(plain, -HOUR) == (StepObstacle.BEFORE_FOUND,)
    assert do(plain, HOUR, now=FOUND) == (StepObstacle.IN_FUTURE,)
    assert do(done(plain), HOUR) == (StepObstacle.SETTLED,)
    waits = step("b", waits_for=("a",))
    assert do(waits, HOUR, [plain, waits]) == (StepObstacle.WAITS,)
    assert do(waits, HOUR, [done(plain), waits]) == ()


def test_what_is_done_at_once_has_its_grace() -> None:
    at_once = step("a", 0)
    assert do(at_once, GRACE) == ()
    assert do(at_once, GRACE + timedelta(seconds=1)) == (StepObstacle.NO_LATE_REASON,)


def test_nothing_is_skipped_without_a_reason() -> None:
    plain = step("a", 24)
    assert obstacles_to_skipping(plain, [plain], " ") == (StepObstacle.NO_SKIP_REASON,)
    assert obstacles_to_skipping(plain, [plain], None) == (StepObstacle.NO_SKIP_REASON,)
    assert obstacles_to_skipping(plain, [plain], "没有现场") == ()
    assert obstacles_to_skipping(done(plain), [plain], "x") == (StepObstacle.SETTLED,)
    waits = step("b", waits_for=("a",))
    assert obstacles_to_skipping(waits, [plain, waits], "x") == (StepObstacle.WAITS,)


SEVEN = [done(step(duty.value, 24, number, duty=duty)) for number, duty in enumerate(Duty)]


def test_r05_each_of_the_seven_has_a_time_or_a_reason() -> None:
    assert all(fact.is_shown for fact in duties(SEVEN))
    assert [fact.duty for fact in duties(SEVEN)] == list(Duty)
    assert [fact.is_shown for fact in duties(SEVEN[1:])] == [False] + [True] * 6
    assert all(fact.is_shown for fact in duties([skipped(SEVEN[0]), *SEVEN[1:]]))
    assert not all(fact.is_shown for fact in duties([skipped(SEVEN[0], ""), *SEVEN[1:]]))
    assert not all(fact.is_shown for fact in duties([replace(SEVEN[0], state=StepState.OPEN), *SEVEN[1:]]))


def test_r05_nothing_is_late_in_silence() -> None:
    late = done(step("x", 24), 25 * HOUR)
    assert silently_late([late, done(late, HOUR)], GRACE) == (late,)
    assert silently_late([replace(late, late_reason="等待医院")], GRACE) == ()
    assert silently_late([skipped(late)], GRACE) == ()


def close(steps: list[Step], state: CrisisState = CrisisState.FOLLOW_UP, **fields: object) -> set[CloseObstacle]:
    values: dict[str, object] = {
        "guard_running": False,
        "unexplained_gaps": False,
        "outcome": "平稳",
        "grace": GRACE,
    }
    return set(obstacles_to_closing(state, steps, **(values | fields)))  # type: ignore[arg-type]


def test_what_stands_in_the_way_of_closing() -> None:
    assert close(SEVEN) == set()
    assert close([*SEVEN, step("open")]) == {CloseObstacle.OPEN_STEPS}
    assert close(SEVEN[1:]) == {CloseObstacle.DUTY_MISSING}
    assert close([*SEVEN, done(step("x", 1), 2 * HOUR)]) == {CloseObstacle.SILENTLY_LATE}
    assert close(SEVEN, guard_running=True) == {CloseObstacle.GUARD_RUNNING}
    assert close(SEVEN, unexplained_gaps=True) == {CloseObstacle.GUARD_GAP}
    assert close(SEVEN, outcome=" ") == {CloseObstacle.NO_OUTCOME}
    assert close(SEVEN, CrisisState.RESPONDING) == {CloseObstacle.NOT_SETTLED_DOWN}
    assert close(SEVEN, CrisisState.CLOSED) == {CloseObstacle.NOT_SETTLED_DOWN}


@pytest.mark.parametrize(
    ("now", "then", "allowed"),
    [
        (CrisisState.REPORTED, CrisisState.RESPONDING, True),
        (CrisisState.REPORTED, CrisisState.CLOSED, False),
        (CrisisState.RESPONDING, CrisisState.STABILISED, True),
        (CrisisState.RESPONDING, CrisisState.CLOSED, False),
        (CrisisState.STABILISED, CrisisState.RESPONDING, True),
        (CrisisState.FOLLOW_UP, CrisisState.CLOSED, True),
        (CrisisState.RESPONDING, CrisisState.FALSE_ALARM, True),
        (CrisisState.FOLLOW_UP, CrisisState.FALSE_ALARM, True),
        (CrisisState.CLOSED, CrisisState.FALSE_ALARM, False),
        (CrisisState.FALSE_ALARM, CrisisState.FALSE_ALARM, False),
        (CrisisState.CLOSED, CrisisState.RESPONDING, False),
    ],
)
def test_the_states_of_a_case(now: CrisisState, then: CrisisState, allowed: bool) -> None:
    assert may_become(now, then) is allowed
