"""Series of appointments in a real vault: what is skipped, one or the rest moved, undone as a whole; any calendar."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from counselroom.errors import UserError
from counselroom.rules.counselling import AppointmentState, CancelledBy
from counselroom.rules.school import DayKind
from counselroom.rules.series import Every, Skipped
from counselroom.services.appointment_series import (
    Repeats,
    SeriesView,
    book_series,
    cancel_following,
    move_following,
    plan_series,
)
from counselroom.services.appointments import (
    AppointmentClash,
    AppointmentView,
    Booking,
    book_appointment,
    cancel_appointment,
    list_appointments,
    move_appointment,
    set_appointment_state,
)
from counselroom.services.changes import Undo
from counselroom.services.school import mark_day
from counselroom.services.undo import take_back
from counselroom.services.waiting import WaitingData, add_waiting, list_waiting
from tests.conftest import CHINA, HandClock
from tests.faults.scale import count
from tests.services.world import MORNING, World, opened_world

TUESDAY = 1
"""Days from the world's Monday morning."""


def started(world: World, times: int = 4, every: Every = Every.WEEK, **changes: object) -> SeriesView:
    return book_series(world.me, world.desk, world.booking(TUESDAY, 14, **changes), Repeats(every, times=times)).value


def all_of(world: World) -> dict[str, AppointmentView]:
    found = list_appointments(world.me, world.desk, MORNING - timedelta(days=9), MORNING + timedelta(days=300))
    return {view.id: view for view in found}


def when(view: AppointmentView) -> str:
    return f"{view.starts_at.astimezone(CHINA):%m-%d %H:%M}"


def test_what_is_skipped_is_told_before_and_after(world: World) -> None:
    mark_day(world.me, world.desk, date(2026, 10, 20), DayKind.HOLIDAY, "运动会")
    other = world.booking(TUESDAY + 14, 14, client_id=world.students[1], room_id=None)
    book_appointment(world.me, world.desk, other)
    booking, repeats = world.booking(TUESDAY, 14), Repeats(Every.WEEK, times=4)
    planned = plan_series(world.me, world.desk, booking, repeats)
    assert [place.skipped for place in planned] == [None, Skipped.NO_SCHOOL, Skipped.TAKEN, None]
    view = book_series(world.me, world.desk, booking, repeats).value
    assert [place.nth for place in view.skipped] == [2, 3]
    assert [(each.series_nth, when(each)) for each in view.appointments] == [(1, "10-13 14:00"), (4, "11-03 14:00")]


def test_a_series_ends_when_appointments_stop(world: World) -> None:
    view = book_series(world.me, world.desk, world.booking(TUESDAY, 14), Repeats(Every.TWO_WEEKS)).value
    assert view.appointments[-1].starts_at.date() <= date(2027, 1, 8)
    assert {each.starts_at.weekday() for each in view.appointments} == {1}


def test_a_series_without_a_single_free_place_is_refused(world: World) -> None:
    started(world, 2)
    with pytest.raises(UserError, match="这些时间都不能"):
        started(world, 2, client_id=world.students[1])
    assert len(all_of(world)) == 2


def test_booking_a_series_is_taken_back_as_a_whole_and_comes_back(world: World) -> None:
    entry = add_waiting(world.me, world.desk, WaitingData(world.students[0])).value
    booking = replace(world.booking(TUESDAY, 14), waiting_id=entry.id)
    done = book_series(world.me, world.desk, booking, Repeats(Every.WEEK, times=3))
    assert list_waiting(world.me, world.desk) == ()
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert {view.state for view in all_of(world).values()} == {AppointmentState.CANCELLED}
    assert [each.id for each in list_waiting(world.me, world.desk)] == [entry.id]
    take_back(world.me, world.desk, back.changes.undo)
    assert {view.state for view in all_of(world).values()} == {AppointmentState.CONFIRMED}
    assert list_waiting(world.me, world.desk) == ()


def test_this_and_all_that_follow_are_moved_and_put_back(world: World) -> None:
    view = started(world)
    second = view.appointments[1]
    start = world.at(TUESDAY + 8, 15, 30)
    done = move_following(world.me, world.desk, second.id, start, start + timedelta(minutes=45), None, second.seen)
    rows = all_of(world)
    assert [when(rows[each.id]) for each in view.appointments] == [
        "10-13 14:00", "10-21 15:30", "10-28 15:30", "11-04 15:30",
    ]  # fmt: skip
    assert rows[second.id].room_name is None
    assert done.changes.undo is not None
    again = take_back(world.me, world.desk, done.changes.undo)
    assert [when(all_of(world)[each.id]) for each in view.appointments] == [when(each) for each in view.appointments]
    assert all_of(world)[second.id].room_name is not None
    take_back(world.me, world.desk, again.changes.undo)
    assert when(all_of(world)[second.id]) == "10-21 15:30"


def test_the_rest_is_not_moved_onto_a_holiday_a_stop_day_or_somebody_else(world: World) -> None:
    view = started(world)
    mark_day(world.me, world.desk, date(2026, 10, 21), DayKind.HOLIDAY, "运动会")
    book_appointment(world.me, world.desk, world.booking(TUESDAY + 9, 9, client_id=world.students[1]))
    first, before = view.appointments[0], all_of(world)
    for day, hour, expected in ((1, 14, UserError), (2, 9, AppointmentClash), (88, 9, UserError)):
        start = world.at(TUESDAY + day, hour)
        with pytest.raises(expected):
            move_following(world.me, world.desk, first.id, start, start + timedelta(minutes=50), None)
    assert all_of(world) == before


def test_what_is_in_no_series_or_over_is_not_moved_with_the_rest(world: World) -> None:
    alone = book_appointment(world.me, world.desk, world.booking(2, 9)).value
    start = world.at(3, 9)
    with pytest.raises(UserError, match="不是重复"):
        move_following(world.me, world.desk, alone.id, start, start + timedelta(minutes=50), None)
    view = started(world)
    first = view.appointments[0]
    set_appointment_state(world.me, world.desk, first.id, AppointmentState.CHECKED_IN)
    with pytest.raises(UserError):
        move_following(world.me, world.desk, first.id, start, start + timedelta(minutes=50), None)
    with pytest.raises(UserError):
        cancel_following(world.me, world.desk, first.id, CancelledBy.CLIENT, "")


def test_this_and_all_that_follow_are_cancelled_and_come_back(world: World) -> None:
    view = started(world)
    done = cancel_following(world.me, world.desk, view.appointments[2].id, CancelledBy.CLIENT, "毕业")
    assert done.value == 2
    states = [all_of(world)[each.id].state for each in view.appointments]
    assert states == [AppointmentState.CONFIRMED] * 2 + [AppointmentState.CANCELLED] * 2
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert {each.state for each in all_of(world).values()} == {AppointmentState.CONFIRMED}


def test_a_time_that_was_given_away_brings_none_of_them_back(world: World) -> None:
    view = started(world)
    done = cancel_following(world.me, world.desk, view.appointments[2].id, CancelledBy.CLIENT, "")
    book_appointment(world.me, world.desk, world.booking(TUESDAY + 21, 14, client_id=world.students[1]))
    before = all_of(world)
    assert done.changes.undo is not None
    with pytest.raises(AppointmentClash):
        take_back(world.me, world.desk, done.changes.undo)
    assert all_of(world) == before


def test_an_undo_sees_that_one_of_them_moved_on(world: World) -> None:
    view = started(world)
    first = view.appointments[0]
    done = move_following(world.me, world.desk, first.id, world.at(TUESDAY, 16), world.at(TUESDAY, 17), None)
    set_appointment_state(world.me, world.desk, first.id, AppointmentState.CHECKED_IN)
    assert done.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)
    assert when(all_of(world)[view.appointments[1].id]) == "10-20 16:00"


# The defects that users of other programs told of (they are cases of the rules too), here on real rows.


def test_one_of_a_series_is_deleted_and_the_others_do_not_disappear(world: World) -> None:
    view = started(world)
    cancel_appointment(world.me, world.desk, view.appointments[1].id, CancelledBy.CLIENT, "病假")
    rows = all_of(world)
    assert len(rows) == 4
    assert [rows[each.id].state.holds_the_slot for each in view.appointments] == [True, False, True, True]


def test_one_of_a_series_goes_to_another_day_and_its_length_is_two_times(world: World) -> None:
    view = started(world)
    start = world.at(TUESDAY + 9, 9)
    move_appointment(world.me, world.desk, view.appointments[1].id, start, start + timedelta(minutes=40), None)
    rows = all_of(world)
    assert [when(rows[each.id])[:5] for each in view.appointments] == ["10-13", "10-22", "10-27", "11-03"]
    assert rows[view.appointments[1].id].series_nth == 2


def test_one_malformed_appointment_is_refused_and_the_day_stays_whole(world: World) -> None:
    view, start = started(world), world.at(TUESDAY + 9, 9)
    before = all_of(world)
    for end in (start, start - timedelta(minutes=5), start + timedelta(hours=13)):
        with pytest.raises(UserError):
            move_following(world.me, world.desk, view.appointments[0].id, start, end, None)
        with pytest.raises(UserError):
            book_series(
                world.me, world.desk, replace(world.booking(5), starts_at=start, ends_at=end), Repeats(Every.WEEK)
            )
    assert all_of(world) == before


def test_the_same_person_is_not_with_two_counsellors_at_once(world: World) -> None:
    started(world, 3)
    second = world.booking(TUESDAY, 14, counsellor_id=world.colleague.person_id, room_id=None)
    planned = plan_series(world.colleague, world.desk, second, Repeats(Every.WEEK, times=4))
    assert [place.skipped for place in planned] == [Skipped.TAKEN] * 3 + [None]


def test_another_counsellor_leaves_no_ghost_behind(world: World) -> None:
    view = started(world)
    one = view.appointments[1]
    done = move_appointment(
        world.me, world.desk, one.id, one.starts_at, one.ends_at, None, one.seen, world.colleague.person_id
    )
    assert done.value.counsellor_id == world.colleague.person_id
    assert len(all_of(world)) == 4
    book_appointment(world.me, world.desk, world.booking(TUESDAY + 7, 14, client_id=world.students[1]))
    assert done.changes.undo is not None
    with pytest.raises(AppointmentClash):
        take_back(world.me, world.desk, done.changes.undo)


def test_two_sessions_on_one_day_are_two_appointments(world: World) -> None:
    started(world, 2)
    book_series(world.me, world.desk, world.booking(TUESDAY, 16), Repeats(Every.WEEK, times=2))
    assert len(all_of(world)) == 4


# Any calendar, on real rows: the ledger says what must be there.

HOURS = st.integers(8, 9)
LENGTHS = st.sampled_from([45, 60])
NUMBER = st.integers(0, 99)
HOLDING = tuple(state for state in AppointmentState if state.holds_the_slot)


class SeriesCalendars(RuleBasedStateMachine):
    """A term of two counsellors in a real vault; every row must lie where the ledger says, and none twice."""

    @initialize(days=st.frozensets(st.integers(0, 60), max_size=2))
    def open(self, days: frozenset[int]) -> None:
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.world: World = self.stack.enter_context(opened_world(Path(folder) / "vault", HandClock(MORNING)))
        self.ledger: dict[str, tuple[str, str, AppointmentState]] = {}
        """Local time, counsellor and state of each appointment."""
        self.series: dict[str, str] = {}
        self.undos: list[tuple[Undo, dict[str, tuple[str, str, AppointmentState]]]] = []
        for day in days:
            self.holiday(day)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def holiday(self, day: int) -> None:
        mark_day(self.world.me, self.world.desk, (MORNING + timedelta(days=day)).date(), DayKind.HOLIDAY, "假")

    def start(self, day: int, hour: int) -> datetime:
        return datetime.combine((MORNING + timedelta(days=day)).date(), time(hour), CHINA)

    def pick(self, number: int) -> AppointmentView | None:
        open_ones = [view for view in all_of(self.world).values() if view.state is AppointmentState.CONFIRMED]
        return open_ones[number % len(open_ones)] if open_ones else None

    def wrote(self, undo: Undo | None, before: dict[str, tuple[str, str, AppointmentState]]) -> None:
        if undo is not None:
            self.undos.append((undo, before))

    @rule(
        day=st.integers(0, 3), hour=HOURS, minutes=LENGTHS, every=st.sampled_from(Every),
        times=st.integers(2, 5), who=st.integers(0, 1), client=st.integers(0, 1), room=st.sampled_from([0, None]),
    )  # fmt: skip
    def book(
        self, day: int, hour: int, minutes: int, every: Every, times: int, who: int, client: int, room: int | None
    ) -> None:
        world, start = self.world, self.start(day, hour)
        counsellor = (world.me, world.colleague)[who]
        booking = Booking(
            world.students[client], counsellor.person_id, start, start + timedelta(minutes=minutes),
            None if room is None else world.people.rooms[room],
        )  # fmt: skip
        repeats = Repeats(every, times=times)
        told = plan_series(world.me, world.desk, booking, repeats)
        before = dict(self.ledger)
        try:
            done = book_series(world.me, world.desk, booking, repeats)
        except UserError:
            assert all(place.skipped for place in told)
            return
        there = {view.series_nth for view in done.value.appointments}
        assert {place.nth for place in told if place.skipped is None} == there
        assert there | {place.nth for place in done.value.skipped} == set(range(1, times + 1))
        for view in done.value.appointments:
            nth = view.series_nth or 0
            wall = start + timedelta(days=every.days * (nth - 1))
            self.ledger[view.id] = (f"{wall:%m-%d %H:%M}", counsellor.person_id, AppointmentState.CONFIRMED)
        gone = {view.id: (*self.ledger[view.id][:2], AppointmentState.CANCELLED) for view in done.value.appointments}
        self.wrote(done.changes.undo, before | gone)

    @rule(
        number=NUMBER, days=st.integers(-2, 3), hour=HOURS, minutes=st.sampled_from([0, 45, 60]), who=st.integers(0, 2)
    )
    def move_one(self, number: int, days: int, hour: int, minutes: int, who: int) -> None:
        view = self.pick(number)
        if view is None:
            return
        world = self.world
        day = view.starts_at.astimezone(CHINA).date() + timedelta(days=days)
        start = datetime.combine(day, time(hour), CHINA)
        person = (world.me.person_id, world.colleague.person_id, view.counsellor_id)[who]
        before = dict(self.ledger)
        try:
            done = move_appointment(
                world.me, world.desk, view.id, start, start + timedelta(minutes=minutes), None, view.seen, person
            )
        except UserError:
            return
        self.ledger[view.id] = (f"{start:%m-%d %H:%M}", person, AppointmentState.CONFIRMED)
        self.wrote(done.changes.undo, before)

    @rule(number=NUMBER, days=st.integers(-2, 3), hour=HOURS, minutes=LENGTHS)
    def move_the_rest(self, number: int, days: int, hour: int, minutes: int) -> None:
        view = self.pick(number)
        if view is None:
            return
        world, rows = self.world, all_of(self.world)
        follow = [
            each
            for each in rows.values()
            if each.series_id == view.series_id
            and (each.series_nth or 0) >= (view.series_nth or 0)
            and each.state is AppointmentState.CONFIRMED
        ]
        start = datetime.combine(view.starts_at.astimezone(CHINA).date() + timedelta(days=days), time(hour), CHINA)
        before = dict(self.ledger)
        try:
            done = move_following(world.me, world.desk, view.id, start, start + timedelta(minutes=minutes), None)
        except UserError:
            return
        for each in follow:
            day = each.starts_at.astimezone(CHINA).date() + timedelta(days=days)
            self.ledger[each.id] = (f"{day:%m-%d} {hour:02d}:00", *self.ledger[each.id][1:])
        self.wrote(done.changes.undo, before)

    @rule(number=NUMBER, following=st.booleans())
    def cancel(self, number: int, following: bool) -> None:
        view = self.pick(number)
        if view is None:
            return
        world, before = self.world, dict(self.ledger)
        gone = [view]
        if following:
            gone = [
                each
                for each in all_of(world).values()
                if each.series_id == view.series_id
                and (each.series_nth or 0) >= (view.series_nth or 0)
                and each.state is AppointmentState.CONFIRMED
            ]
            undo = cancel_following(world.me, world.desk, view.id, CancelledBy.CLIENT, "").changes.undo
        else:
            undo = cancel_appointment(world.me, world.desk, view.id, CancelledBy.CLIENT, "").changes.undo
        for each in gone:
            self.ledger[each.id] = (*self.ledger[each.id][:2], AppointmentState.CANCELLED)
        self.wrote(undo, before)

    @precondition(lambda self: getattr(self, "undos", None))
    @rule(number=NUMBER)
    def undo_one(self, number: int) -> None:
        """An undo does all of it or nothing."""
        undo, before = self.undos.pop(number % len(self.undos))
        rows = all_of(self.world)
        try:
            done = take_back(self.world.me, self.world.desk, undo)
        except UserError:
            assert all_of(self.world) == rows
            return
        touched = {row_id for kind, row_id in done.changes.changed if kind == "appointment"}
        for row_id in touched:
            self.ledger[row_id] = before[row_id]

    @rule(day=st.integers(20, 60))
    def a_holiday_is_marked_later(self, day: int) -> None:
        self.holiday(day)

    @rule(minutes=st.integers(-90, 60 * 24))
    def the_clock_changes(self, minutes: int) -> None:
        self.world.clock.moment = self.world.clock.moment + timedelta(minutes=minutes)

    @invariant()
    def none_is_lost_a_ghost_or_doubled(self) -> None:
        if not hasattr(self, "undos"):
            return
        rows = all_of(self.world)
        assert {row_id: (when(view), view.counsellor_id, view.state) for row_id, view in rows.items()} == self.ledger
        places = [(view.series_id, view.series_nth) for view in rows.values()]
        assert len(set(places)) == len(places)
        holding = [view for view in rows.values() if view.state in HOLDING]
        for one, other in combinations(holding, 2):
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                assert one.counsellor_id != other.counsellor_id
                assert one.client_id != other.client_id
                assert one.room_id is None or one.room_id != other.room_id


SeriesCalendars.TestCase.settings = settings(
    deadline=None,
    max_examples=count(ci=10, more=200, full=2000),
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
)
TestSeriesCalendars = SeriesCalendars.TestCase
