"""Deadlines: near, over, at once, and what the machine's clocks may do without moving one (R-20)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.deadlines import Clock, ClockReading, ClockState, clock, is_late, present

CHINA = timezone(timedelta(hours=8))
T = datetime(2026, 11, 22, 10, 20, tzinfo=CHINA)
GRACE = timedelta(minutes=30)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("allowed", "passed", "state"),
    [
        (24 * HOUR, timedelta(0), ClockState.RUNNING),
        (24 * HOUR, 18 * HOUR - SECOND, ClockState.RUNNING),
        (24 * HOUR, 18 * HOUR, ClockState.NEAR),
        (24 * HOUR, 24 * HOUR, ClockState.NEAR),
        (24 * HOUR, 24 * HOUR + SECOND, ClockState.OVERDUE),
        (3 * HOUR, 2 * HOUR - SECOND, ClockState.RUNNING),
        (3 * HOUR, 2 * HOUR, ClockState.NEAR),
        (HOUR, timedelta(0), ClockState.NEAR),
        (timedelta(0), timedelta(0), ClockState.AT_ONCE),
        (timedelta(0), GRACE, ClockState.AT_ONCE),
        (timedelta(0), GRACE + SECOND, ClockState.OVERDUE),
    ],
)
def test_how_a_deadline_stands(allowed: timedelta, passed: timedelta, state: ClockState) -> None:
    found = clock(T, T + allowed, T + passed, GRACE)
    assert found.state is state
    assert found.left == allowed - passed
    assert is_late(T, T + allowed, T + passed, GRACE) is (state is ClockState.OVERDUE)


def test_what_is_left_is_a_share() -> None:
    assert clock(T, T + 4 * HOUR, T + HOUR, GRACE).share == 0.75
    assert clock(T, T + 4 * HOUR, T - HOUR, GRACE).share == 1.0
    assert clock(T, T + 4 * HOUR, T + 9 * HOUR, GRACE).share == 0.0


def test_without_a_limit_nothing_counts() -> None:
    assert clock(T, None, T, GRACE) == clock(None, None, T, GRACE) == Clock(ClockState.NONE)
    assert not is_late(None, None, T, GRACE)


STAMP = ClockReading(T, "a", 5_000)


def test_the_counter_is_right_whatever_was_done_to_the_clock() -> None:
    """Set back, set on, another zone: the same start of the machine knows how long it has been."""
    for shown in (T - 48 * HOUR, T + 48 * HOUR, T + 2 * HOUR):
        found = present(ClockReading(shown, "a", 5_000 + 2 * 3_600_000), STAMP, None)
        assert found.at == T + 2 * HOUR
        assert found.jumped is (shown != T + 2 * HOUR)


def test_sleep_counts() -> None:
    assert present(ClockReading(T + 9 * HOUR, "a", 5_000 + 9 * 3_600_000), STAMP, None).at == T + 9 * HOUR


def test_after_days_closed_and_a_new_start_the_clock_counts() -> None:
    found = present(ClockReading(T + 72 * HOUR, "b", 10), STAMP, T + HOUR)
    assert (found.at, found.jumped) == (T + 72 * HOUR, False)


def test_after_a_new_start_with_a_clock_set_back_time_does_not_go_back() -> None:
    found = present(ClockReading(T - 72 * HOUR, "b", 10), STAMP, T + HOUR)
    assert (found.at, found.jumped) == (T + HOUR, True)
    found = present(ClockReading(T + HOUR - SECOND, "b", 10), STAMP, T + HOUR)
    assert (found.at, found.jumped) == (T + HOUR, False)


def test_a_counter_that_went_back_is_not_believed() -> None:
    assert present(ClockReading(T + HOUR, "a", 4_000), STAMP, None).at == T + HOUR


def test_without_a_stamp_the_clock_counts() -> None:
    assert present(ClockReading(T, "a", 1), None, None).at == T


def test_another_zone_shows_the_same_moment() -> None:
    found = present(ClockReading((T + HOUR).astimezone(UTC), "a", 5_000 + 3_600_000), STAMP, None)
    assert found.at == T + HOUR
    assert found.at.utcoffset() == timedelta(0)
    assert not found.jumped


@settings(deadline=None)
@given(
    passed=st.integers(0, 10**9),
    shift=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    zone=st.integers(-12, 14),
)
def test_no_setting_of_the_clock_moves_what_is_left(passed: int, shift: timedelta, zone: int) -> None:
    due = T + 24 * HOUR
    true = T + timedelta(milliseconds=passed)
    shown = (true + shift).astimezone(timezone(timedelta(hours=zone)))
    now = present(ClockReading(shown, "a", 5_000 + passed), STAMP, None).at
    assert clock(T, due, now, GRACE).left == due - true
