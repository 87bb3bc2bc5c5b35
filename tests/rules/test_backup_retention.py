from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.backup_retention import (
    CLOCK_TOLERANCE,
    KEEP_AT_LEAST,
    EmptyPolicy,
    Held,
    KeepPolicy,
    PrunePlan,
    StoredBackup,
    plan_pruning,
)

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=CHINA)
VAULT = "a" * 32


def a_backup(name: str, at: datetime, generation: int = 0, *, verified: bool = False, **other: object) -> StoredBackup:
    fields = {"vault_id": VAULT, "genuine": True} | other
    return StoredBackup(name=name, generation=generation, created_at=at, verified=verified, **fields)  # type: ignore[arg-type] # plain keyword arguments


def daily(days: int, *, end: datetime = NOW) -> list[StoredBackup]:
    """One backup a day, oldest first, named by its date, the newest verified."""
    history = []
    for back in reversed(range(days)):
        at = end - timedelta(days=back)
        history.append(a_backup(at.date().isoformat(), at, generation=days - back, verified=back == 0))
    return history


def plan(
    backups: list[StoredBackup], policy: KeepPolicy | None = None, *, now: datetime = NOW, clock_went_back: bool = False
) -> PrunePlan:
    return plan_pruning(backups, policy or KeepPolicy(), vault_id=VAULT, now=now, clock_went_back=clock_went_back)


def test_two_and_a_half_years_of_days_leave_the_named_days() -> None:
    found = plan(daily(900))
    assert found.held is None
    assert found.keep == (
        # seven days, the newest of which is also that of its week, month and year
        *(f"2026-11-{day}" for day in (22, 21, 20, 19, 18, 17, 16)),
        # the Sundays of four weeks more
        *("2026-11-15", "2026-11-08", "2026-11-01"),
        *("2026-10-31", "2026-10-25"),
        # the last days of eleven months more
        *("2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30", "2026-03-31"),
        *("2026-02-28", "2026-01-31", "2025-12-31"),
        # the last day of the third year
        "2024-12-31",
    )
    assert len(found.delete) + len(found.keep) == 900
    assert found.delete[:2] == ("2024-06-06", "2024-06-07")
    assert found.delete == tuple(sorted(found.delete))


def test_the_defaults_are_seven_five_twelve_three() -> None:
    assert KeepPolicy() == KeepPolicy(daily=7, weekly=5, monthly=12, yearly=3)
    assert KEEP_AT_LEAST == 3
    assert timedelta(minutes=5) == CLOCK_TOLERANCE


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (KeepPolicy(4, 0, 0, 0), ["2026-11-22", "2026-11-21", "2026-11-20", "2026-11-19"]),
        (KeepPolicy(0, 4, 0, 0), ["2026-11-22", "2026-11-21", "2026-11-20", "2026-11-15", "2026-11-08", "2026-11-01"]),
        (KeepPolicy(0, 0, 3, 0), ["2026-11-22", "2026-11-21", "2026-11-20", "2026-10-31", "2026-09-30"]),
        (KeepPolicy(0, 0, 0, 2), ["2026-11-22", "2026-11-21", "2026-11-20", "2025-12-31"]),
        (KeepPolicy(1, 0, 0, 0), ["2026-11-22", "2026-11-21", "2026-11-20"]),
    ],
)
def test_each_count_alone_and_never_fewer_than_three(policy: KeepPolicy, kept: list[str]) -> None:
    assert list(plan(daily(500), policy).keep) == kept


def test_of_several_in_a_day_the_newest_stays() -> None:
    backups = [
        a_backup("early", NOW - timedelta(days=1, hours=5), 1),
        a_backup("late", NOW - timedelta(days=1, hours=1), 2),
        a_backup("noon", NOW - timedelta(hours=6), 3),
        a_backup("two", NOW - timedelta(hours=4), 4),
        a_backup("four", NOW - timedelta(hours=2), 5),
        a_backup("six", NOW, 6, verified=True),
    ]
    found = plan(backups, KeepPolicy(2, 0, 0, 0))
    assert found.keep == ("six", "four", "two", "late")
    assert found.delete == ("early", "noon")


def test_days_without_a_backup_use_up_nothing() -> None:
    backups = [a_backup(f"n{n}", NOW - timedelta(days=40 * n), 10 - n, verified=n == 0) for n in range(6)]
    assert plan(backups, KeepPolicy(5, 0, 0, 0)).delete == ("n5",)


def test_a_week_is_that_of_its_own_year() -> None:
    """2026-W53 ends on 2027-01-03: Friday 1 January belongs to the old year's week, not to week 53 of 2027."""
    end = datetime(2027, 1, 3, 12, tzinfo=CHINA)
    found = plan(daily(8, end=end), KeepPolicy(0, 2, 0, 0), now=end)
    assert found.keep == ("2027-01-03", "2027-01-02", "2027-01-01", "2026-12-27")


def test_the_same_week_number_of_two_years_is_two_weeks() -> None:
    backups = [a_backup(str(n), NOW - timedelta(days=364 * n), 10 - n, verified=n == 0) for n in range(5)]
    assert NOW.isocalendar().week == (NOW - timedelta(days=364)).isocalendar().week
    assert plan(backups, KeepPolicy(0, 4, 0, 0)).delete == ("4",)


def test_the_same_month_of_two_years_is_two_months() -> None:
    backups = [a_backup(str(n), NOW - timedelta(days=365 * n), 10 - n, verified=n == 0) for n in range(5)]
    assert plan(backups, KeepPolicy(0, 0, 4, 0)).delete == ("4",)


def test_the_day_is_that_of_the_place_where_the_backup_was_made() -> None:
    """00:30 in China is the day before in UTC; both backups are of one Chinese day."""
    backups = [
        a_backup("old", datetime(2026, 11, 1, 12, tzinfo=CHINA), 1),
        a_backup("a", datetime(2026, 11, 22, 0, 30, tzinfo=CHINA), 2),
        a_backup("b", datetime(2026, 11, 22, 9, 0, tzinfo=CHINA), 3),
        a_backup("c", datetime(2026, 11, 22, 10, 0, tzinfo=CHINA), 4),
        a_backup("d", NOW, 5, verified=True),
    ]
    assert plan(backups, KeepPolicy(2, 0, 0, 0)).delete == ("a",)


def test_generation_orders_before_time_and_name_last() -> None:
    """After a restore the generation is higher although an hour was lost; same second: the name decides."""
    same = NOW - timedelta(hours=1)
    backups = [
        a_backup("g1", same, 1),
        a_backup("g3", same - timedelta(hours=5), 3),
        a_backup("g2b", same, 2),
        a_backup("g2a", same, 2),
        a_backup("g4", NOW, 4, verified=True),
    ]
    found = plan(backups, KeepPolicy(1, 0, 0, 0))
    assert found.keep == ("g4", "g3", "g2b")
    assert found.delete == ("g1", "g2a")


def test_files_of_others_and_files_not_proved_are_never_named() -> None:
    strangers = [
        a_backup("other vault", NOW - timedelta(days=300), 1, vault_id="b" * 32),
        a_backup("forged", NOW - timedelta(days=301), 1, genuine=False),
        a_backup("forged newest", NOW, 999, genuine=False, verified=True),
    ]
    found = plan(strangers + daily(100), KeepPolicy(1, 0, 0, 0))
    assert not {"other vault", "forged", "forged newest"} & {*found.delete, *found.keep}
    assert len(found.delete) == 97


def test_three_are_never_fewer() -> None:
    assert plan(daily(3), KeepPolicy(1, 0, 0, 0)).held is Held.TOO_FEW
    assert plan(daily(3), KeepPolicy(1, 0, 0, 0)).keep == ("2026-11-22", "2026-11-21", "2026-11-20")
    assert plan(daily(4), KeepPolicy(1, 0, 0, 0)) == PrunePlan(
        ("2026-11-19",), ("2026-11-22", "2026-11-21", "2026-11-20"), None
    )
    assert plan([]) == PrunePlan((), (), Held.TOO_FEW)


def test_nothing_goes_before_the_newest_was_read_back() -> None:
    history = daily(50)
    history[-1] = a_backup("newest", NOW, 50)
    history[-2] = a_backup("before", NOW - timedelta(days=1), 49, verified=True)
    found = plan(history)
    assert (found.held, found.delete, len(found.keep)) == (Held.NEWEST_NOT_VERIFIED, (), 50)


def test_nothing_goes_after_the_clock_went_back() -> None:
    found = plan(daily(50), clock_went_back=True)
    assert (found.held, found.delete, len(found.keep)) == (Held.CLOCK_WENT_BACK, (), 50)


def test_a_backup_from_the_future_tells_that_the_clock_went_back() -> None:
    history = daily(50)
    edge = NOW - CLOCK_TOLERANCE
    assert plan(history, now=edge).held is None
    assert plan(history, now=edge - timedelta(seconds=1)).held is Held.CLOCK_WENT_BACK


def test_a_newest_backup_older_than_another_tells_that_the_clock_went_back() -> None:
    history = daily(50)
    equal = [*history, a_backup("newest", NOW, 99, verified=True)]
    assert plan(equal).held is None
    behind = [*history, a_backup("newest", NOW - timedelta(seconds=1), 99, verified=True)]
    assert plan(behind).held is Held.CLOCK_WENT_BACK


def test_a_clock_that_was_wrong_once_and_is_right_again_doesnt_stop_pruning_for_ever() -> None:
    history = daily(50)
    history.insert(20, a_backup("wrong", NOW - timedelta(days=400), 21))
    assert plan(history).held is None


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (-1, 5, 5, 5), (7, 5, 12, -3)])
def test_a_policy_that_keeps_nothing_is_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(EmptyPolicy):
        KeepPolicy(*counts)


def test_one_year_alone_is_a_policy() -> None:
    assert KeepPolicy(0, 0, 0, 1).yearly == 1


def test_a_backup_is_neither_verified_nor_anything_else_by_default() -> None:
    assert StoredBackup("n", VAULT, 1, NOW, genuine=True).verified is False


moments = st.datetimes(datetime(2023, 1, 1), datetime(2027, 1, 1), timezones=st.sampled_from([UTC, CHINA]))  # noqa: DTZ001 - hypothesis adds the zones
stored = st.builds(
    StoredBackup,
    name=st.integers(0, 10_000).map(str),
    vault_id=st.sampled_from([VAULT, VAULT, VAULT, "b" * 32]),
    generation=st.integers(0, 60),
    created_at=moments,
    genuine=st.sampled_from([True, True, True, False]),
    verified=st.booleans(),
)
policies = st.tuples(*[st.integers(0, 4)] * 4).filter(any).map(lambda counts: KeepPolicy(*counts))


@st.composite
def histories(draw: st.DrawFn) -> list[StoredBackup]:
    """Random files, among them a plausible life of this vault: rising generations, mostly rising times."""
    files = draw(st.lists(stored, max_size=12, unique_by=lambda backup: backup.name))
    at, generation = draw(moments), draw(st.integers(0, 60))
    for index in range(draw(st.integers(0, 25))):
        at += timedelta(hours=draw(st.sampled_from([-30, 1, 5, 24, 24, 170, 800])))
        generation += draw(st.integers(0, 3))
        files.append(a_backup(f"life{index}", at, generation, verified=draw(st.booleans())))
    return draw(st.permutations(files))


@given(histories(), policies, moments, st.booleans())
@settings(deadline=None, max_examples={"": 500, "more": 2000, "full": 5000}[os.environ.get("FAULTS", "")])
def test_the_promises_hold_for_every_history(
    files: list[StoredBackup], policy: KeepPolicy, now: datetime, clock_went_back: bool
) -> None:
    found = plan(files, policy, now=now, clock_went_back=clock_went_back)
    ours = {backup.name: backup for backup in files if backup.genuine and backup.vault_id == VAULT}
    assert {*found.delete, *found.keep} == ours.keys()
    assert not {*found.delete} & {*found.keep}
    assert (found.held is None) == bool(found.delete) or found.held is None
    if not found.delete:
        return
    assert not clock_went_back
    assert len(found.keep) >= 3
    newest = max(ours.values(), key=lambda backup: (backup.generation, backup.created_at, backup.name))
    assert newest.verified
    assert newest.name == found.keep[0]
    assert newest.created_at == max(backup.created_at for backup in ours.values()) <= now + CLOCK_TOLERANCE
    for days, period in (
        (policy.daily, lambda day: day),
        (policy.weekly, lambda day: day.isocalendar()[:2]),
        (policy.monthly, lambda day: (day.year, day.month)),
        (policy.yearly, lambda day: day.year),
    ):
        kept_periods = {period(ours[name].created_at.date()) for name in found.keep}
        all_periods = {period(backup.created_at.date()) for backup in ours.values()}
        assert len(kept_periods) >= min(days, len(all_periods))
    again = plan([ours[name] for name in found.keep], policy, now=now)
    assert again.delete == ()  # pruning twice deletes nothing more
