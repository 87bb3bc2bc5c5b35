"""Series of appointments: their days, and 2,000 random calendars in which none is lost, left behind or doubled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from counselroom.rules.appointment import Clash, Slot, clashes, may_become
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.school_calendar import TermSpan
from counselroom.rules.school_days import SchoolDays
from counselroom.rules.series import (
    MOST,
    Every,
    Held,
    Rhythm,
    Skipped,
    at_local,
    clashes_of,
    last_day,
    move_rest,
    places,
    with_taken,
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
    assert diary.rows == before


def test_the_same_person_is_not_with_two_counsellors_at_once() -> None:
    """The same person booked at the same time with two providers."""
    diary = Diary()
    diary.start(ME, rhythm(times=3))
    second = replace(ME, counsellor_id="zhou", room_id=None)
    diary.start(second, rhythm(times=3))
    assert {place.skipped for place in diary.skipped["s1"]} == {Skipped.TAKEN}
    assert [clash.kind for clash in clashes(second, diary.taken())] == [Clash.CLIENT]


def test_another_counsellor_leaves_no_ghost_behind() -> None:
    """Changing the provider left a ghost copy of the appointment."""
    diary = Diary()
    diary.start(ME, rhythm(times=3))
    assert diary.give(("s0", 2), "zhou")
    assert len(diary.rows) == 3
    lin_again = replace(diary.rows["s0", 2].slot, counsellor_id="lin", client_id="x", room_id=None, appointment_id="")
    assert clashes(lin_again, diary.taken()) == ()


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
        self.skipped: dict[str, tuple[object, ...]] = {}

    def taken(self, *without: tuple[str, int]) -> tuple[Slot, ...]:
        return tuple(row.slot for key, row in self.rows.items() if row.state.holds_the_slot and key not in without)

    def start(self, who: Slot, wanted: Rhythm) -> str:
        series = f"s{len(self.skipped)}"
        planned = with_taken(places(wanted, self.calendar, self.zone), who, self.taken())
        self.skipped[series] = tuple(place for place in planned if place.skipped is not None)
        for place in planned:
            if place.skipped is None:
                key = (series, place.nth)
                slot = replace(
                    who, starts_at=place.starts_at, ends_at=place.ends_at, appointment_id=f"{series}-{place.nth}"
                )
                self.rows[key] = Row(slot)
        return series

    def put(self, key: tuple[str, int], slot: Slot) -> bool:
        if slot.ends_at <= slot.starts_at or clashes(slot, self.taken(key)):
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
        if not may_become(row.state, AppointmentState.CONFIRMED) or clashes(row.slot, self.taken(key)):
            return False
        self.rows[key] = replace(row, state=AppointmentState.CONFIRMED)
        return True

    def held(self, series: str) -> list[Held]:
        return [
            Held(nth, row.slot.starts_at, row.slot.ends_at, row.state is AppointmentState.CONFIRMED)
            for (name, nth), row in sorted(self.rows.items())
            if name == series
        ]

    def move_rest(self, key: tuple[str, int], to: datetime, minutes: int) -> bool:
        series, nth = key
        moved = move_rest(self.held(series), nth, to, minutes, self.zone)
        keys = [(series, each.nth) for each in moved]
        if len({self.rows[each].slot.counsellor_id for each in keys}) > 1:
            return False
        if clashes_of(moved, self.rows[key].slot, self.taken(*keys)):
            return False
        for each in moved:
            slot = replace(self.rows[series, each.nth].slot, starts_at=each.starts_at, ends_at=each.ends_at)
            self.rows[series, each.nth] = replace(self.rows[series, each.nth], slot=slot)
        return True


ZONES = st.sampled_from([CHINA, NEW_YORK, ZoneInfo("Asia/Urumqi"), ZoneInfo("Europe/Berlin")])
HOURS = st.integers(8, 11)
WEEKS = st.integers(0, 12)
WHO = st.sampled_from(["lin", "zhou"])
CLIENT = st.sampled_from(["ann", "bo", "cai"])
ROOM = st.sampled_from(["one", "two", None])


class Calendars(RuleBasedStateMachine):
    """A term of a room with two counsellors. A ledger of its own says what must be there."""

    @initialize(zone=ZONES, holidays=st.frozensets(st.dates(MONDAY, date(2027, 1, 20)), max_size=12))
    def open(self, zone: ZoneInfo, holidays: frozenset[date]) -> None:
        self.diary = Diary(replace(YEAR, holidays=YEAR.holidays | holidays), zone)
        self.ledger: dict[tuple[str, int], tuple[str, str]] = {}
        """Local day and time and counsellor that each place must have."""
        self.planned: dict[str, int] = {}

    def written(self, key: tuple[str, int]) -> tuple[str, str]:
        slot = self.diary.rows[key].slot
        return f"{slot.starts_at.astimezone(self.zone_of(key)):%m-%d %H:%M}", slot.counsellor_id

    def zone_of(self, key: tuple[str, int]) -> tzinfo:
        return self.diary.rows[key].slot.starts_at.tzinfo or CHINA

    def pick(self, number: int, *, confirmed: bool = True) -> tuple[str, int] | None:
        keys = sorted(
            key for key, row in self.diary.rows.items() if (row.state is AppointmentState.CONFIRMED) is confirmed
        )
        return keys[number % len(keys)] if keys else None

    @rule(
        week=WEEKS,
        day=st.integers(0, 4),
        hour=HOURS,
        minute=st.sampled_from([0, 30]),
        who=WHO,
        client=CLIENT,
        room=ROOM,
        every=st.sampled_from(list(Every)),
        times=st.integers(1, 8),
    )
    def start(self, week: int, day: int, hour: int, minute: int, who: str, client: str, room: str | None,
              every: Every, times: int) -> None:  # fmt: skip
        first = MONDAY + timedelta(days=7 * week + day)
        wanted = Rhythm(first, time(hour, minute), 50, every, times=times)
        slot = replace(ME, counsellor_id=who, client_id=client, room_id=room, appointment_id="new")
        before = set(self.diary.rows)
        series = self.diary.start(slot, wanted)
        self.planned[series] = len(places(wanted, self.diary.calendar, self.diary.zone))
        for key in set(self.diary.rows) - before:
            day_of = first + timedelta(days=every.days * (key[1] - 1))
            self.ledger[key] = (f"{day_of:%m-%d} {hour:02d}:{minute:02d}", who)

    @rule(number=st.integers(0, 99), days=st.integers(-7, 7), hour=HOURS, minutes=st.sampled_from([-50, 0, 45, 60]))
    def move_one(self, number: int, days: int, hour: int, minutes: int) -> None:
        key = self.pick(number)
        if key is None:
            return
        day = self.diary.rows[key].slot.starts_at.date() + timedelta(days=days)
        starts_at = at_local(day, time(hour, 0), self.diary.zone)
        if self.diary.move(key, starts_at, starts_at + timedelta(minutes=minutes)):
            self.ledger[key] = (f"{day:%m-%d} {hour:02d}:00", self.ledger[key][1])

    @rule(number=st.integers(0, 99), days=st.integers(-3, 9), hour=HOURS, minutes=st.sampled_from([45, 60]))
    def move_rest(self, number: int, days: int, hour: int, minutes: int) -> None:
        key = self.pick(number)
        if key is None:
            return
        rows = self.diary.rows
        zone = self.diary.zone
        day = rows[key].slot.starts_at.astimezone(zone).date() + timedelta(days=days)
        follow = [
            each
            for each, row in rows.items()
            if each[0] == key[0] and each[1] >= key[1] and row.state is AppointmentState.CONFIRMED
        ]
        days_of = {each: rows[each].slot.starts_at.astimezone(zone).date() + timedelta(days=days) for each in follow}
        if self.diary.move_rest(key, at_local(day, time(hour, 0), zone), minutes):
            for each in follow:
                self.ledger[each] = (f"{days_of[each]:%m-%d} {hour:02d}:00", self.ledger[each][1])

    @rule(number=st.integers(0, 99))
    def cancel(self, number: int) -> None:
        key = self.pick(number)
        if key is not None:
            self.diary.cancel(key)

    @rule(number=st.integers(0, 99))
    def come_back(self, number: int) -> None:
        key = self.pick(number, confirmed=False)
        if key is not None:
            self.diary.come_back(key)

    @rule(number=st.integers(0, 99), who=WHO)
    def give(self, number: int, who: str) -> None:
        key = self.pick(number)
        if key is not None and self.diary.give(key, who):
            self.ledger[key] = (self.ledger[key][0], who)

    @rule(day=st.dates(MONDAY, date(2027, 1, 20)))
    def a_holiday_is_marked_later(self, day: date) -> None:
        self.diary.calendar = replace(self.diary.calendar, holidays=self.diary.calendar.holidays | {day})

    @rule(zone=ZONES)
    def the_zone_changes(self, zone: ZoneInfo) -> None:
        self.diary.zone = zone

    @invariant()
    def none_is_lost_or_a_ghost(self) -> None:
        if not hasattr(self, "diary"):
            return
        assert set(self.diary.rows) == set(self.ledger)
        for series, number in self.planned.items():
            there = {nth for name, nth in self.diary.rows if name == series}
            gone = {place.nth for place in self.diary.skipped[series]}  # type: ignore[attr-defined]
            assert there | gone == set(range(1, number + 1))
            assert not there & gone
        assert {key: self.written(key) for key in self.ledger} == self.ledger

    @invariant()
    def none_is_doubled(self) -> None:
        if not hasattr(self, "diary"):
            return
        for a, b in combinations(self.diary.taken(), 2):
            if a.starts_at < b.ends_at and b.starts_at < a.ends_at:
                assert a.counsellor_id != b.counsellor_id
                assert a.client_id != b.client_id
                assert a.room_id is None or a.room_id != b.room_id


TestCalendars = Calendars.TestCase
TestCalendars.settings = settings(
    max_examples=count(ci=150, more=2000, full=2000), stateful_step_count=25, deadline=None
)
