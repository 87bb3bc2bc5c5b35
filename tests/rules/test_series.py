"""Series of appointments: their days, and 2,000 random calendars in which none is lost, left behind or doubled.

What must be there, and what may be refused, is worked out here anew and not asked of the rules; the last tests break
the rules one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from counselroom.rules import appointment, series
from counselroom.rules.appointment import Clash, ClashFound, Slot
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.school_calendar import TermSpan
from counselroom.rules.school_days import SchoolDays
from counselroom.rules.series import (
    MOST,
    Every,
    Held,
    Place,
    Rhythm,
    Skipped,
    at_local,
    last_day,
    move_rest,
    places,
)
from tests.faults.scale import count

CHINA = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
TERM = TermSpan("2026-2027", 1, date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8))
YEAR = SchoolDays((TERM,), frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)}))
MONDAY = date(2026, 9, 14)


def rhythm(first: date = MONDAY, every: Every = Every.WEEK, **more: object) -> Rhythm:
    return Rhythm(first, time(14, 0), 50, every, **more)  # type: ignore[arg-type]


def test_a_series_is_weekly_until_the_term_stops() -> None:
    found = places(rhythm(), YEAR, CHINA)
    assert [place.nth for place in found] == list(range(1, 18))
    assert found[-1].starts_at.date() == date(2027, 1, 4)
    assert [place.starts_at.date() for place in found if place.skipped] == [date(2026, 10, 5)]
    assert {place.skipped for place in found} == {None, Skipped.NO_SCHOOL}
    assert all(place.ends_at - place.starts_at == timedelta(minutes=50) for place in found)


def test_every_two_weeks_until_a_day_or_so_many_times() -> None:
    found = places(rhythm(every=Every.TWO_WEEKS, until=date(2026, 10, 26)), YEAR, CHINA)
    assert [place.starts_at.date().isoformat() for place in found] == [
        "2026-09-14",
        "2026-09-28",
        "2026-10-12",
        "2026-10-26",
    ]
    assert len(places(rhythm(times=3), YEAR, CHINA)) == 3
    assert len(places(rhythm(until=date(2030, 1, 1)), SchoolDays(), CHINA)) == MOST
    assert last_day(rhythm(), SchoolDays()) == MONDAY + timedelta(days=7 * (MOST - 1))
    assert last_day(rhythm(date(2027, 1, 12)), YEAR) == date(2027, 1, 12)


def test_after_the_stop_day_and_on_a_weekend_it_is_skipped_by_name() -> None:
    found = places(rhythm(date(2027, 1, 4), until=date(2027, 1, 25)), YEAR, CHINA)
    assert [place.skipped for place in found] == [None, Skipped.STOPPED, Skipped.STOPPED, Skipped.NO_SCHOOL]
    saturday = places(rhythm(date(2026, 10, 3), until=date(2026, 10, 17)), YEAR, CHINA)
    assert [place.skipped for place in saturday] == [Skipped.NO_SCHOOL, None, Skipped.NO_SCHOOL]


@pytest.mark.parametrize("minutes", [0, -5, 721])
def test_a_length_that_cannot_be(minutes: int) -> None:
    with pytest.raises(ValueError, match="twelve hours"):
        places(replace(rhythm(), minutes=minutes), YEAR, CHINA)


def test_the_time_on_the_wall_stays_when_the_clock_changes() -> None:
    found = places(Rhythm(date(2026, 10, 26), time(14, 0), 50, Every.WEEK, times=2), SchoolDays(), NEW_YORK)
    assert [f"{place.starts_at:%H:%M %z}" for place in found] == ["14:00 -0400", "14:00 -0500"]
    assert found[1].starts_at.timestamp() - found[0].starts_at.timestamp() == (7 * 24 + 1) * 3600
    missing = at_local(date(2026, 3, 8), time(2, 30), NEW_YORK)
    assert f"{missing:%H:%M}" == "03:30"
    twice = at_local(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert f"{twice:%z}" == "-0400"


def held_of(number: int = 4) -> list[Held]:
    return [Held(place.nth, place.starts_at, place.ends_at) for place in places(rhythm(), YEAR, CHINA)[:number]]


def test_moving_the_rest_keeps_the_distance_and_leaves_what_is_before() -> None:
    to = datetime(2026, 9, 23, 15, 30, tzinfo=CHINA)
    moved = move_rest(held_of(), 2, to, 45, CHINA)
    assert [(each.nth, each.starts_at.strftime("%m-%d %H:%M")) for each in moved] == [
        (2, "09-23 15:30"),
        (3, "09-30 15:30"),
        (4, "10-07 15:30"),
    ]
    assert {each.ends_at - each.starts_at for each in moved} == {timedelta(minutes=45)}


def test_moving_the_rest_leaves_what_is_over_or_cancelled() -> None:
    held = held_of()
    held[2] = replace(held[2], movable=False)
    assert [each.nth for each in move_rest(held, 2, held[1].starts_at, 50, CHINA)] == [2, 4]
    for wrong in (3, 9):
        with pytest.raises(ValueError, match="no such place"):
            move_rest(held, wrong, held[0].starts_at, 50, CHINA)


# The defects that users of other programs told of, each as a case of its own.

ME = Slot(datetime(2026, 9, 14, 14, tzinfo=CHINA), datetime(2026, 9, 14, 15, tzinfo=CHINA), "lin", "ann", "room")


def test_one_of_a_series_is_deleted_and_the_others_do_not_disappear() -> None:
    """A recurring event that disappeared as a whole when one of it was deleted."""
    diary = Diary()
    diary.start(ME, rhythm(times=5))
    diary.cancel(("s0", 3))
    # The fourth falls on the National Day holiday and was skipped by name from the beginning.
    assert sorted(diary.rows) == [("s0", 1), ("s0", 2), ("s0", 3), ("s0", 5)]
    assert [nth for (_series, nth), row in sorted(diary.rows.items()) if row.state.holds_the_slot] == [1, 2, 5]


def test_one_of_a_series_can_go_to_another_day_and_its_length_is_two_times() -> None:
    """A recurring event that could not be dragged to another day, with a length in minutes."""
    diary = Diary()
    diary.start(ME, rhythm(times=3))
    thursday = datetime(2026, 9, 24, 9, tzinfo=CHINA)
    diary.move(("s0", 2), thursday, thursday + timedelta(minutes=40))
    assert diary.rows["s0", 2].slot.starts_at == thursday
    assert diary.rows["s0", 2].slot.minutes == 40
    assert [diary.rows["s0", nth].slot.starts_at.date().day for nth in (1, 3)] == [14, 28]


def test_one_malformed_appointment_is_refused_and_the_day_stays_whole() -> None:
    """One malformed appointment that made a whole day unclickable."""
    diary = Diary()
    diary.start(ME, rhythm(times=2))
    before = dict(diary.rows)
    assert not diary.move(("s0", 1), ME.ends_at, ME.starts_at)
    with pytest.raises(ValueError, match="no such place"):
        diary.move_rest(("s0", 1), ME.starts_at, -50)
    with pytest.raises(ValueError, match="twelve hours"):
        diary.start(ME, replace(rhythm(), minutes=-50))
    assert diary.rows == before


def test_the_same_person_is_not_with_two_counsellors_at_once() -> None:
    """The same person booked at the same time with two providers."""
    diary = Diary()
    diary.start(ME, rhythm(times=3))
    second = replace(ME, counsellor_id="zhou", room_id=None)
    diary.start(second, rhythm(times=3))
    assert {place.skipped for place in diary.skipped["s1"]} == {Skipped.TAKEN}
    assert [clash.kind for clash in appointment.clashes(second, diary.taken())] == [Clash.CLIENT]


def test_another_counsellor_leaves_no_ghost_behind() -> None:
    """Changing the provider left a ghost copy of the appointment."""
    diary = Diary()
    diary.start(ME, rhythm(times=3))
    assert diary.give(("s0", 2), "zhou")
    assert len(diary.rows) == 3
    lin_again = replace(diary.rows["s0", 2].slot, counsellor_id="lin", client_id="x", room_id=None, appointment_id="")
    assert appointment.clashes(lin_again, diary.taken()) == ()


def test_the_rest_is_not_moved_onto_itself() -> None:
    diary = Diary()
    diary.start(ME, rhythm(times=3))
    evening = datetime(2026, 9, 14, 17, tzinfo=CHINA)
    assert diary.move(("s0", 2), evening, evening + timedelta(minutes=50))
    before = dict(diary.rows)
    assert not diary.move_rest(("s0", 1), datetime(2026, 9, 15, 9, tzinfo=CHINA), 50)
    assert diary.rows == before


def test_two_sessions_on_one_day_are_two_appointments() -> None:
    """Only one progress note per date of service."""
    diary = Diary()
    diary.start(ME, rhythm(times=1))
    diary.start(ME, Rhythm(MONDAY, time(16, 0), 50, Every.WEEK, times=1))
    assert len(diary.rows) == 2
    assert diary.skipped["s1"] == ()


# Any calendar.


@dataclass(frozen=True)
class Row:
    """One appointment of the diary."""

    slot: Slot
    state: AppointmentState = AppointmentState.CONFIRMED


class Diary:
    """Appointments kept with the rules alone, as the service keeps them in the vault."""

    def __init__(self, calendar: SchoolDays = YEAR, zone: tzinfo = CHINA) -> None:
        self.calendar = calendar
        self.zone = zone
        self.rows: dict[tuple[str, int], Row] = {}
        self.skipped: dict[str, tuple[Place, ...]] = {}

    def taken(self, *without: tuple[str, int]) -> tuple[Slot, ...]:
        return tuple(row.slot for key, row in self.rows.items() if row.state.holds_the_slot and key not in without)

    def start(self, who: Slot, wanted: Rhythm) -> str:
        name = f"s{len(self.skipped)}"
        planned = series.with_taken(series.places(wanted, self.calendar, self.zone), who, self.taken())
        self.skipped[name] = tuple(place for place in planned if place.skipped is not None)
        for place in planned:
            if place.skipped is None:
                own_id = f"{name}-{place.nth}"
                slot = replace(who, starts_at=place.starts_at, ends_at=place.ends_at, appointment_id=own_id)
                self.rows[name, place.nth] = Row(slot)
        return name

    def put(self, key: tuple[str, int], slot: Slot) -> bool:
        if slot.ends_at <= slot.starts_at or appointment.clashes(slot, self.taken(key)):
            return False
        self.rows[key] = replace(self.rows[key], slot=slot)
        return True

    def move(self, key: tuple[str, int], starts_at: datetime, ends_at: datetime) -> bool:
        return self.put(key, replace(self.rows[key].slot, starts_at=starts_at, ends_at=ends_at))

    def give(self, key: tuple[str, int], counsellor: str) -> bool:
        return self.put(key, replace(self.rows[key].slot, counsellor_id=counsellor))

    def cancel(self, key: tuple[str, int]) -> None:
        self.rows[key] = replace(self.rows[key], state=AppointmentState.CANCELLED)

    def come_back(self, key: tuple[str, int]) -> bool:
        row = self.rows[key]
        if not appointment.may_become(row.state, AppointmentState.CONFIRMED):
            return False
        if appointment.clashes(row.slot, self.taken(key)):
            return False
        self.rows[key] = replace(row, state=AppointmentState.CONFIRMED)
        return True

    def held(self, wanted: str) -> list[Held]:
        return [
            Held(nth, row.slot.starts_at, row.slot.ends_at, row.state is AppointmentState.CONFIRMED)
            for (name, nth), row in sorted(self.rows.items())
            if name == wanted
        ]

    def move_rest(self, key: tuple[str, int], to: datetime, minutes: int) -> bool:
        name, nth = key
        moved = series.move_rest(self.held(name), nth, to, minutes, self.zone)
        keys = [(name, each.nth) for each in moved]
        if len({self.rows[each].slot.counsellor_id for each in keys}) > 1:
            return False
        if series.clashes_of(moved, self.rows[key].slot, self.taken(*keys)):
            return False
        for each in moved:
            slot = replace(self.rows[name, each.nth].slot, starts_at=each.starts_at, ends_at=each.ends_at)
            self.rows[name, each.nth] = replace(self.rows[name, each.nth], slot=slot)
        return True


ZONES = st.sampled_from([CHINA, NEW_YORK, ZoneInfo("Asia/Urumqi"), ZoneInfo("Europe/Berlin")])
HOURS = st.integers(8, 9)
DAYS = st.sampled_from([0, 1, 7, 35])
"""From the Monday; few, so that calendars are crowded."""
HOLIDAYS = st.sampled_from([MONDAY + timedelta(days=day) for day in (0, 7, 8, 14, 15, 28, 42, 56)])
LENGTHS = st.sampled_from([45, 60, 75])
NUMBER = st.integers(0, 99)
WHO = st.sampled_from(["lin", "zhou"])
CLIENT = st.sampled_from(["ann", "bo", "cai"])
ROOM = st.sampled_from(["one", "two", None])
HOLDING = (AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN, AppointmentState.COMPLETED)
Key = tuple[str, int]
Wanted = tuple[int, int, int, int, str, str, str | None, Every, int]
SERIES = st.tuples(
    DAYS, HOURS, st.sampled_from([0, 30]), LENGTHS, WHO, CLIENT, ROOM, st.sampled_from(Every), st.integers(2, 8)
)  # fmt: skip


def meet(one: Slot, other: Slot) -> bool:
    """Tell whether two appointments would need somebody or a room at once."""
    apart = one.ends_at.timestamp() <= other.starts_at.timestamp() or (
        other.ends_at.timestamp() <= one.starts_at.timestamp()
    )
    same_room = one.room_id is not None and one.room_id == other.room_id
    return not apart and (one.counsellor_id == other.counsellor_id or one.client_id == other.client_id or same_room)


class Calendars(RuleBasedStateMachine):
    """A term of a room with two counsellors. A ledger of its own says what must be there."""

    @initialize(
        zone=ZONES, holidays=st.frozensets(HOLIDAYS, max_size=2), wanted=st.lists(SERIES, min_size=2, max_size=4)
    )
    def open(self, zone: ZoneInfo, holidays: frozenset[date], wanted: list[Wanted]) -> None:
        self.diary = Diary(replace(YEAR, holidays=YEAR.holidays | holidays), zone)
        self.ledger: dict[Key, Slot] = {}
        """Each place that was booked, as it must be."""
        self.cancelled: set[Key] = set()
        self.planned: dict[str, int] = {}
        for one in wanted:
            self.start(one)

    def wall(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.diary.zone)

    def day_of(self, key: Key) -> date:
        return self.ledger[key].starts_at.astimezone(self.diary.zone).date()

    def is_free(self, wanted: dict[Key, Slot]) -> bool:
        """Tell whether appointments may lie so, all at once, each in the place of the one with its key."""
        others = [slot for key, slot in self.ledger.items() if key not in self.cancelled and key not in wanted]
        return not any(
            meet(slot, other)
            for number, slot in enumerate(wanted.values())
            for other in (*others, *list(wanted.values())[:number])
        )

    def pick(self, number: int, *, cancelled: bool = False) -> Key | None:
        keys = [key for key in sorted(self.ledger) if (key in self.cancelled) is cancelled]
        return keys[number % len(keys)] if keys else None

    @rule(wanted=SERIES)
    def start(self, wanted: Wanted) -> None:
        day, hour, minute, minutes, who, client, room, every, times = wanted
        first = MONDAY + timedelta(days=day)
        slot = replace(ME, counsellor_id=who, client_id=client, room_id=room)
        name, nth, calendar = f"s{len(self.planned)}", 0, self.diary.calendar
        expected = {}
        distance = {Every.WEEK: 7, Every.TWO_WEEKS: 14}[every]
        while nth < times and (on := first + timedelta(days=distance * nth)) <= TERM.appointment_stop_on:
            nth += 1
            begins = self.wall(on, hour, minute)
            place = replace(
                slot,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=minutes),
                appointment_id=f"{name}-{nth}",
            )
            if on not in calendar.holidays and self.is_free({(name, nth): place}):
                expected[name, nth] = place
        self.planned[name] = nth
        self.ledger |= expected
        assert self.diary.start(slot, Rhythm(first, time(hour, minute), minutes, every, times=times)) == name

    @rule(number=NUMBER, days=st.integers(-7, 7), hour=HOURS, minutes=st.sampled_from([-50, 0, 45, 60]))
    def move_one(self, number: int, days: int, hour: int, minutes: int) -> None:
        key = self.pick(number)
        if key is None:
            return
        begins = self.wall(self.day_of(key) + timedelta(days=days), hour)
        ends = begins + timedelta(minutes=minutes)
        wanted = replace(self.ledger[key], starts_at=begins, ends_at=ends)
        may = minutes > 0 and self.is_free({key: wanted})
        assert self.diary.move(key, begins, ends) is may
        if may:
            self.ledger[key] = wanted

    @rule(number=NUMBER, days=st.integers(-3, 9), hour=HOURS, minutes=LENGTHS)
    def move_rest(self, number: int, days: int, hour: int, minutes: int) -> None:
        key = self.pick(number)
        if key is None:
            return
        wanted = {}
        for each, slot in sorted(self.ledger.items()):
            if each[0] == key[0] and each[1] >= key[1] and each not in self.cancelled:
                begins = self.wall(self.day_of(each) + timedelta(days=days), hour)
                wanted[each] = replace(slot, starts_at=begins, ends_at=begins + timedelta(minutes=minutes))
        # One room and one client is asked for all of a series; those given away are moved one by one.
        may = len({slot.counsellor_id for slot in wanted.values()}) == 1 and self.is_free(wanted)
        to = self.wall(self.day_of(key) + timedelta(days=days), hour)
        assert self.diary.move_rest(key, to, minutes) is may
        if may:
            self.ledger |= wanted

    @rule(number=NUMBER)
    def cancel(self, number: int) -> None:
        key = self.pick(number)
        if key is not None:
            self.diary.cancel(key)
            self.cancelled.add(key)

    @rule(number=NUMBER)
    def come_back(self, number: int) -> None:
        key = self.pick(number, cancelled=True)
        if key is None:
            return
        may = self.is_free({key: self.ledger[key]})
        assert self.diary.come_back(key) is may
        if may:
            self.cancelled.remove(key)

    @rule(number=NUMBER, who=WHO)
    def give(self, number: int, who: str) -> None:
        key = self.pick(number)
        if key is None:
            return
        wanted = replace(self.ledger[key], counsellor_id=who)
        may = self.is_free({key: wanted})
        assert self.diary.give(key, who) is may
        if may:
            self.ledger[key] = wanted

    @rule(day=HOLIDAYS)
    def a_holiday_is_marked_later(self, day: date) -> None:
        self.diary.calendar = replace(self.diary.calendar, holidays=self.diary.calendar.holidays | {day})

    @rule(zone=ZONES)
    def the_zone_changes(self, zone: ZoneInfo) -> None:
        self.diary.zone = zone

    @invariant()
    def none_is_lost_or_a_ghost(self) -> None:
        if not hasattr(self, "diary"):
            return
        # Moments are compared as such: two equal times on the wall of one zone may be an hour apart.
        assert {key: moments(row.slot) for key, row in self.diary.rows.items()} == {
            key: moments(slot) for key, slot in self.ledger.items()
        }
        assert {key for key, row in self.diary.rows.items() if row.state not in HOLDING} == self.cancelled
        for name, number in self.planned.items():
            there = [nth for series_name, nth in self.diary.rows if series_name == name]
            gone = [place.nth for place in self.diary.skipped[name]]
            assert sorted(there + gone) == list(range(1, number + 1))

    @invariant()
    def none_is_doubled(self) -> None:
        if not hasattr(self, "diary"):
            return
        holding = [row.slot for row in self.diary.rows.values() if row.state in HOLDING]
        assert not [pair for pair in combinations(holding, 2) if meet(*pair)]


def moments(slot: Slot) -> tuple[object, ...]:
    return (
        slot.starts_at.timestamp(),
        slot.ends_at.timestamp(),
        slot.counsellor_id,
        slot.client_id,
        slot.room_id,
        slot.appointment_id,
    )


def run(examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    run_state_machine_as_test(
        Calendars,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


CALENDARS = 150
"""Played every time; each broken rule is found among them."""


def test_random_calendars() -> None:
    run(count(ci=CALENDARS, more=2_000, full=2_000))


# Rules that are broken.

real_clashes, real_move_rest, real_places = appointment.clashes, series.move_rest, series.places
Clashes = Callable[[Slot, tuple[Slot, ...]], tuple[ClashFound, ...]]


def without(kind: Clash) -> Clashes:
    return lambda wanted, taken: tuple(found for found in real_clashes(wanted, taken) if found.kind is not kind)


def stretched(before: int = 0, after: int = 0) -> Clashes:
    """Clashes of a time with so many minutes more, or less, before and after it."""
    return lambda wanted, taken: real_clashes(
        replace(
            wanted,
            starts_at=wanted.starts_at - timedelta(minutes=before),
            ends_at=wanted.ends_at + timedelta(minutes=after),
        ),
        taken,
    )


def everybody_is_one(wanted: Slot, taken: tuple[Slot, ...]) -> tuple[ClashFound, ...]:
    return real_clashes(wanted, tuple(replace(slot, counsellor_id=wanted.counsellor_id) for slot in taken))


def too_far(**by: int) -> Callable[..., tuple[Held, ...]]:
    def broken(held: Sequence[Held], *arguments: Any) -> tuple[Held, ...]:
        first, *rest = real_move_rest(held, *arguments)
        far = timedelta(**by)
        return (first, *(replace(one, starts_at=one.starts_at + far, ends_at=one.ends_at + far) for one in rest))

    return broken


def with_the_cancelled(held: Sequence[Held], *arguments: Any) -> tuple[Held, ...]:
    return real_move_rest([replace(one, movable=True) for one in held], *arguments)


def of_any_length(held: Sequence[Held], nth: int, to: datetime, _minutes: int, zone: tzinfo) -> tuple[Held, ...]:
    return real_move_rest(held, nth, to, 50, zone)


def without_skipping(*arguments: Any) -> tuple[Place, ...]:
    return tuple(replace(place, skipped=None) for place in real_places(*arguments))


def twice(*arguments: Any) -> tuple[Place, ...]:
    found, later = real_places(*arguments), timedelta(hours=5)
    again = (replace(one, starts_at=one.starts_at + later, ends_at=one.ends_at + later) for one in found)
    return (*found, *(replace(one, nth=one.nth + len(found)) for one in again))


def without_the_last(*arguments: Any) -> tuple[Place, ...]:
    return real_places(*arguments)[:-1]


def at_the_first_offset(day: date, at: time, zone: tzinfo) -> datetime:
    """The hours from midnight in UTC stay, and not those on the wall."""
    offset = datetime.combine(MONDAY, at, zone).utcoffset()
    assert offset is not None
    return datetime.combine(day, at, timezone(offset))


Break = tuple[tuple[object, str, object], ...]


def clash(broken: Clashes) -> Break:
    return ((appointment, "clashes", broken), (series, "clashes", broken))


CANCELLED_HOLDS: Break = ((AppointmentState, "holds_the_slot", property(lambda _state: True)),)

MUTANTS: dict[str, Break] = {
    "the client's clash is dropped": clash(without(Clash.CLIENT)),
    "the room's clash is dropped": clash(without(Clash.ROOM)),
    "the counsellor's clash is dropped": clash(without(Clash.COUNSELLOR)),
    "an overlap of 20 minutes is none": clash(stretched(after=-20)),
    "the minute after the end is taken": clash(stretched(after=1)),
    "the rest is moved one hour too far": ((series, "move_rest", too_far(hours=1)),),
    "the rest is moved one day too far": ((series, "move_rest", too_far(days=1)),),
    "a skipped holiday is booked": ((series, "places", without_skipping),),
    "a cancelled place is moved with the rest": ((series, "move_rest", with_the_cancelled),),
    "a cancelled place still blocks": CANCELLED_HOLDS,
    "a cancelled place cannot come back": ((appointment, "may_become", lambda _now, _then: False),),
    "a series has a place twice": ((series, "places", twice),),
    "a series loses its last place": ((series, "places", without_the_last),),
    "the rest does not see what is booked": ((series, "clashes_of", lambda _moved, _who, _taken: ()),),
    "a series does not see what is booked": ((series, "with_taken", lambda planned, _who, _taken: planned),),
    "the wall time moves with the clock": ((series, "at_local", at_the_first_offset),),
}


def broken(monkeypatch: pytest.MonkeyPatch, changes: Break) -> None:
    for module, function, wrong in changes:
        monkeypatch.setattr(module, function, wrong)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_found_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each within the share of calendars that runs every time."""
    broken(monkeypatch, MUTANTS[name])
    with pytest.raises(AssertionError):
        run(CALENDARS, (Phase.generate,))


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        (test_one_of_a_series_is_deleted_and_the_others_do_not_disappear, CANCELLED_HOLDS),
        (test_one_of_a_series_can_go_to_another_day_and_its_length_is_two_times, clash(stretched(before=60 * 24 * 11))),
        (test_one_malformed_appointment_is_refused_and_the_day_stays_whole, ((series, "move_rest", of_any_length),)),
        (test_the_same_person_is_not_with_two_counsellors_at_once, clash(without(Clash.CLIENT))),
        (test_another_counsellor_leaves_no_ghost_behind, clash(everybody_is_one)),
        (test_the_rest_is_not_moved_onto_itself, ((series, "clashes_of", lambda _moved, _who, _taken: ()),)),
        (test_two_sessions_on_one_day_are_two_appointments, clash(stretched(before=60 * 12))),
    ],
)
def test_each_told_defect_is_found_out(
    case: Callable[[], None], changes: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, changes)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        case()
