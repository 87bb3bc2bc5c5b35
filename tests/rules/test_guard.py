"""Guard over a student: gaps, who is there, the cells of the strip (SYS-28, R-06)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.crisis_words import WatcherRole
from counselroom.rules.guard import (
    CellState,
    EndObstacle,
    Gap,
    Shift,
    ShiftObstacle,
    cells,
    coverage,
    gap_minutes,
    gaps,
    next_handover,
    obstacles_to_ending,
    obstacles_to_shift,
    on_guard,
)

CHINA = timezone(timedelta(hours=8))
T = datetime(2026, 11, 22, 10, 0, tzinfo=CHINA)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(hours: float) -> datetime:
    return T + hours * HOUR


def shift(begin: float, end: float, name: str = "甲", role: WatcherRole = WatcherRole.TEACHER) -> Shift:
    return Shift(name, role, at(begin), at(end))


def test_r06_shifts_without_a_gap() -> None:
    shifts = [shift(0, 4), shift(4, 8), shift(8, 24)]
    assert gaps(T, at(24), shifts) == ()
    assert coverage(T, at(24), shifts) == 1.0


def test_r06_every_gap_is_found_with_its_minutes() -> None:
    shifts = [shift(0.5, 4), shift(5, 8)]
    found = gaps(T, at(10), shifts)
    assert found == (Gap(T, at(0.5)), Gap(at(4), at(5)), Gap(at(8), at(10)))
    assert gap_minutes(found) == 30 + 60 + 120
    assert coverage(T, at(10), shifts) == 1 - 3.5 / 10


def test_a_gap_of_seconds_is_a_minute_on_paper() -> None:
    assert Gap(T, T + timedelta(seconds=1)).minutes == 1
    assert Gap(T, T + MINUTE).minutes == 1
    assert Gap(T, T + MINUTE + timedelta(seconds=1)).minutes == 2


def test_who_left_early_leaves_a_gap() -> None:
    early = replace(shift(0, 4), handed_over_at=at(3))
    assert gaps(T, at(4), [early]) == (Gap(at(3), at(4)),)
    late = replace(shift(0, 4), handed_over_at=at(5))
    assert gaps(T, at(5), [late]) == ()


def test_a_student_alone_is_nobody() -> None:
    student = shift(0, 2, role=WatcherRole.STUDENT)
    assert gaps(T, at(2), [student]) == (Gap(T, at(2)),)
    assert gaps(T, at(2), [student, shift(0, 2)]) == ()


def test_two_are_wanted() -> None:
    assert gaps(T, at(2), [shift(0, 2), shift(1, 2, "乙")], watchers=2) == (Gap(T, at(1)),)


def test_an_empty_shift_covers_nothing() -> None:
    assert gaps(T, at(1), [shift(1, 0)]) == (Gap(T, at(1)),)
    assert gaps(T, T, []) == ()
    assert coverage(T, T, []) == 1.0


def test_who_is_there_and_who_comes() -> None:
    a, b, c = shift(0, 4), shift(2, 6, "乙"), shift(4, 8, "丙")
    assert on_guard([b, a, c], at(3)) == (a, b)
    assert on_guard([a], at(4)) == ()
    assert next_handover([a, b, c], at(3)) == (at(4), (b, c))
    assert next_handover([a], at(5)) is None
    assert next_handover([a], at(3)) == (at(4), ())


def states(found: tuple[object, ...]) -> str:
    short = {CellState.LOGGED: "x", CellState.CURRENT: "o", CellState.MISSED: "!", CellState.COMING: "."}
    return "".join(short[cell.state] for cell in found)  # type: ignore[attr-defined]


def test_the_strip_has_a_cell_for_each_period_of_the_plan() -> None:
    two = 2 * HOUR
    assert states(cells(T, None, two, [], T)) == "o" + "." * 11
    assert states(cells(T, None, two, [at(1), at(3)], at(7))) == "xx!o" + "." * 8
    assert states(cells(T, None, two, [at(6.5)], at(7))) == "!!!x" + "." * 8
    assert states(cells(T, None, two, [], at(25))) == "!" * 12 + "o"
    assert states(cells(T, at(5), two, [at(1)], at(9))) == "x!!"
    assert len(cells(T, None, HOUR, [], T)) == 24


def test_what_a_shift_needs() -> None:
    assert obstacles_to_shift(shift(0, 4), T, period_ended=False) == ()
    assert obstacles_to_shift(shift(4, 4), T, period_ended=False) == (ShiftObstacle.EMPTY,)
    assert obstacles_to_shift(shift(0, 12), T, period_ended=False) == ()
    assert obstacles_to_shift(shift(0, 12.1), T, period_ended=False) == (ShiftObstacle.TOO_LONG,)
    assert obstacles_to_shift(shift(-1, 4), T, period_ended=False) == (ShiftObstacle.BEFORE_PERIOD,)
    assert obstacles_to_shift(shift(0, 4, " "), T, period_ended=False) == (ShiftObstacle.NOBODY,)
    assert obstacles_to_shift(shift(0, 4), T, period_ended=True) == (ShiftObstacle.PERIOD_OVER,)


def end(shifts: list[Shift], hours: float = 4, **fields: object) -> tuple[EndObstacle, ...]:
    values: dict[str, object] = {
        "is_over": False,
        "ended_at": at(hours),
        "now": at(5),
        "needs_taker": True,
        "handed_to": "母亲",
        "gap_reason": None,
    }
    return obstacles_to_ending(T, shifts, **(values | fields))  # type: ignore[arg-type]


def test_r06_a_guard_does_not_end_over_a_gap_in_silence() -> None:
    assert end([shift(0, 4)]) == ()
    assert end([shift(0, 3)]) == (EndObstacle.GAP_UNEXPLAINED,)
    assert end([shift(0, 3)], gap_reason="交接时同去办公室") == ()
    assert end([shift(0, 4)], handed_to=" ") == (EndObstacle.NOBODY_TAKES_OVER,)
    assert end([shift(0, 4)], handed_to=None, needs_taker=False) == ()
    assert end([shift(0, 9)], 6) == (EndObstacle.IN_FUTURE,)
    assert end([shift(0, 4)], -1) == (EndObstacle.BEFORE_START,)
    assert end([shift(0, 4)], is_over=True) == (EndObstacle.OVER,)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 600), st.integers(1, 300)), max_size=12), st.integers(0, 600), st.integers(1, 2)
)
def test_gaps_are_the_minutes_in_which_nobody_stands(times: list[tuple[int, int]], length: int, watchers: int) -> None:
    shifts = [Shift("甲", WatcherRole.TEACHER, T + a * MINUTE, T + (a + n) * MINUTE) for a, n in times]
    found = gaps(T, T + length * MINUTE, shifts, watchers)
    missing = [m for m in range(length) if sum(a <= m < a + n for a, n in times) < watchers]
    assert gap_minutes(found) == len(missing)
    assert all(a.ends_at < b.starts_at for a, b in itertools.pairwise(found))
