"""A calendar in a real vault that Hypothesis plays at random, with a plain model of what must be there beside it.

What may be refused is worked out from the model and not asked of the rules. After each step the rows of the vault are
compared with it, column by column. There are few people, rooms and times, so that most bookings meet another one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from counselroom.errors import UserError
from counselroom.rules.appointment import Clash
from counselroom.rules.counselling import AppointmentState, CancelledBy
from counselroom.rules.school import DayKind
from counselroom.rules.series import Every
from counselroom.services.appointment_edits import appointment_details, edit_appointment
from counselroom.services.appointment_series import Repeats, book_series, cancel_following, move_following
from counselroom.services.appointments import (
    AppointmentClash,
    Booking,
    book_appointment,
    cancel_appointment,
    list_appointments,
    move_appointment,
    set_appointment_state,
    walk_in,
)
from counselroom.services.changes import Done, Undo
from counselroom.services.parameter_values import definitions
from counselroom.services.school import mark_day
from counselroom.services.undo import take_back
from tests.conftest import HandClock
from tests.services.world import World, opened_world

MONDAY = date(2026, 10, 12)
STOP = date(2027, 1, 8)
"""The last day with appointments in the term of the world."""
NEIGHBOURS = {
    name: tuple(ZoneInfo(zone) for zone in zones)
    for name, zones in {
        "no change": ("Asia/Shanghai", "Asia/Tokyo"),
        "on 25 October": ("Europe/Berlin", "Europe/Helsinki"),
        "on 1 November": ("America/New_York", "America/Chicago"),
    }.items()
}
"""Zones one hour apart, by when their clocks change."""
DISTANCE = {Every.WEEK: 7, Every.TWO_WEEKS: 14}
HOLDING = frozenset({AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN, AppointmentState.COMPLETED})
FOLLOWS = {
    AppointmentState.CONFIRMED: {AppointmentState.CHECKED_IN, AppointmentState.NO_SHOW},
    AppointmentState.CHECKED_IN: {AppointmentState.COMPLETED, AppointmentState.CONFIRMED},
    AppointmentState.NO_SHOW: {AppointmentState.CONFIRMED},
    AppointmentState.CANCELLED: {AppointmentState.CONFIRMED},
}

DAY = st.sampled_from([1, 1, 2, 8, 85])
"""From the Monday: two days of one week, one of the next, and one in the last week with appointments."""
HALF = st.integers(0, 3)
"""Half hours from eight o'clock."""
LENGTH = st.sampled_from([45, 60, 75])
ODD_LENGTH = st.sampled_from([45, 60, 75, 45, 60, 75, 0, 13 * 60])
WHO = st.integers(0, 1)
ROOM = st.sampled_from([0, 1, None])
NUMBER = st.integers(0, 999)
Wish = tuple[int, int, int, int, int, int | None]
"""Day, half hour, minutes, counsellor, client and room."""
WISHES = st.lists(
    st.tuples(st.sampled_from([1, 1, 2, 8]), HALF, ODD_LENGTH, WHO, WHO, ROOM), min_size=2, max_size=4
)  # fmt: skip
"""Several at a time, so that a calendar is soon crowded."""

Rhythm = tuple[int, int, int, Every, int | None, int | None, int, int, int | None]
"""Day, half hour, minutes, distance, how often, for how many weeks, counsellor, client and room."""
SERIES = st.tuples(
    DAY,
    HALF,
    LENGTH,
    st.sampled_from([Every.WEEK, Every.WEEK, Every.TWO_WEEKS]),
    st.sampled_from([2, 3, 4, None]),
    st.sampled_from([None, 3]),
    WHO,
    WHO,
    ROOM,
)


@dataclass(frozen=True)
class Visit:
    """What the model knows of one appointment; begin and end in UTC."""

    begins: datetime
    ends: datetime
    counsellor: str
    client: str
    room: str | None
    state: AppointmentState = AppointmentState.CONFIRMED
    place: tuple[str, int] | None = None
    """Its series and the number in it."""
    turn: int = 0
    """The step in which it was last changed."""

    def clashes_with(self, other: Visit) -> set[Clash]:
        """Tell what both would need at once."""
        if self.state not in HOLDING or other.state not in HOLDING:
            return set()
        if self.begins >= other.ends or other.begins >= self.ends:
            return set()
        same = {
            Clash.COUNSELLOR: self.counsellor == other.counsellor,
            Clash.CLIENT: self.client == other.client,
            Clash.ROOM: self.room is not None and self.room == other.room,
        }
        return {kind for kind, both in same.items() if both}


class Calendar(RuleBasedStateMachine):
    """Two counsellors, two clients and two rooms in two hours of a few days."""

    @initialize(
        clocks=st.sampled_from(sorted(NEIGHBOURS)),
        holiday=st.sampled_from([None, 8, 15, 22]),
        series=SERIES,
        wishes=WISHES,
    )
    def open(self, clocks: str, holiday: int | None, series: Rhythm, wishes: list[Wish]) -> None:
        self.zones = NEIGHBOURS[clocks]
        self.zone: tzinfo = self.zones[0]
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        clock = HandClock(datetime.combine(MONDAY, time(9), self.zone))
        self.world: World = self.stack.enter_context(opened_world(Path(folder) / "vault", clock))
        self.visits: dict[str, Visit] = {}
        self.holidays: set[date] = set()
        self.undos: list[tuple[Undo, Mapping[str, Visit | None], dict[str, int]]] = []
        """With each what its appointments become by it, and when they were last changed."""
        self.turn = 0
        if holiday is not None:
            self.a_holiday_is_marked(holiday)
        self.a_series_is_booked(series)
        self.some_are_booked(wishes)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            with self.stack:
                self.the_calendar_shows_all_of_them()

    # The model.

    def wall(self, day: date, half: int) -> datetime:
        return datetime.combine(day, time(8 + half // 2, half % 2 * 30), self.zone)

    def visit(self, start: datetime, minutes: int, who: int, client: int, room: int | None) -> Visit:
        begins = start.astimezone(UTC)
        counsellor = (self.world.me, self.world.colleague)[who].person_id
        ends = begins + timedelta(minutes=minutes)
        return Visit(begins, ends, counsellor, self.world.students[client], self.room(room))

    def room(self, index: int | None) -> str | None:
        return None if index is None else self.world.people.rooms[index]

    def clashes_of(self, wanted: dict[str, Visit]) -> set[Clash]:
        """Tell what stands in the way of appointments, each in the place of the one with its id, all at once."""
        others = [visit for key, visit in self.visits.items() if key not in wanted]
        found: set[Clash] = set()
        for number, one in enumerate(wanted.values()):
            for other in (*others, *list(wanted.values())[:number]):
                found |= one.clashes_with(other)
        return found

    def is_off(self, day: date) -> bool:
        return day.weekday() > 4 or day in self.holidays or day > STOP

    def local_day(self, visit: Visit) -> date:
        return visit.begins.astimezone(self.zone).date()

    def pick(self, number: int, *, in_series: bool = False) -> tuple[str, Visit] | None:
        found = [(key, visit) for key, visit in self.visits.items() if visit.place is not None or not in_series]
        return found[number % len(found)] if found else None

    def following(self, visit: Visit) -> dict[str, Visit]:
        assert visit.place is not None
        series, nth = visit.place
        return {
            key: one
            for key, one in self.visits.items()
            if one.place is not None
            and one.place[0] == series
            and one.place[1] >= nth
            and one.state is AppointmentState.CONFIRMED
        }

    def tried(self, act: Callable[[], Done[Any]], may: bool, kinds: Iterable[Clash] = ()) -> Done[Any] | None:
        """Do a step that must be refused unless it may be done and meets nobody; a refusal says whom it meets."""
        done, met = None, None
        try:
            done = act()
        except UserError as refused:
            met = refused.kinds if isinstance(refused, AppointmentClash) else frozenset()
        if done is None:
            assert not may or (met and met == set(kinds)), "refused without a cause, or told another one"
            return None
        assert may
        assert not set(kinds)
        self.turn += 1
        return done

    def wrote(self, done: Done[Any], become: dict[str, Visit], back: Mapping[str, Visit | None] | None = None) -> None:
        """Keep what a step did, and what its undo leads back to: the appointments as they were, unless told."""
        if done.changes.undo is not None:
            before: Mapping[str, Visit | None] = {key: self.visits.get(key) for key in become} if back is None else back
            self.undos.append((done.changes.undo, before, dict.fromkeys(become, self.turn)))
        for key, visit in become.items():
            self.visits[key] = replace(visit, turn=self.turn)

    # What is done to the calendar.

    @rule(wishes=WISHES)
    def some_are_booked(self, wishes: list[Wish]) -> None:
        for wish in wishes:
            self.one_is_booked(*wish)

    def one_is_booked(self, day: int, half: int, minutes: int, who: int, client: int, room: int | None) -> None:
        start = self.wall(MONDAY + timedelta(days=day), half)
        wanted = self.visit(start, minutes, who, client, room)
        booking = Booking(wanted.client, wanted.counsellor, start, start + timedelta(minutes=minutes), wanted.room)
        done = self.tried(
            lambda: book_appointment(self.world.me, self.world.desk, booking),
            0 < minutes <= 12 * 60,
            self.clashes_of({"": wanted}),
        )
        if done is not None:
            key = done.value.id
            self.wrote(done, {key: wanted}, {key: replace(wanted, state=AppointmentState.CANCELLED)})

    @rule(series=SERIES)
    def a_series_is_booked(self, series: Rhythm) -> None:
        day, half, minutes, every, times, weeks, who, client, room = series
        first = MONDAY + timedelta(days=day)
        until = None if weeks is None else first + timedelta(weeks=weeks)
        start = self.wall(first, half)
        planned, nth = {}, 0
        while (times is None or nth < times) and (on := first + timedelta(days=DISTANCE[every] * nth)) <= (
            until or STOP
        ):
            nth += 1
            wanted = self.visit(self.wall(on, half), minutes, who, client, room)
            if not self.is_off(on) and not self.clashes_of({"": wanted}):
                planned[nth] = wanted
        one = self.visit(start, minutes, who, client, room)
        booking = Booking(one.client, one.counsellor, start, start + timedelta(minutes=minutes), one.room)
        repeats = Repeats(every, until, times)
        done = self.tried(lambda: book_series(self.world.me, self.world.desk, booking, repeats), bool(planned))
        if done is None:
            return
        told = done.value
        assert [view.series_nth for view in told.appointments] == list(planned)
        assert sorted([place.nth for place in told.skipped] + list(planned)) == list(range(1, nth + 1))
        rows = {
            view.id: replace(planned[view.series_nth], place=(told.id, view.series_nth)) for view in told.appointments
        }
        gone = {key: replace(visit, state=AppointmentState.CANCELLED) for key, visit in rows.items()}
        self.wrote(done, rows, gone)

    @rule(
        number=NUMBER, days=st.integers(-1, 1), half=HALF, minutes=ODD_LENGTH, who=WHO, room=ROOM, edited=st.booleans()
    )
    def one_is_moved(
        self, number: int, days: int, half: int, minutes: int, who: int, room: int | None, edited: bool
    ) -> None:
        """To another time, room and counsellor, by dragging it or in its dialog."""
        if (found := self.pick(number)) is None:
            return
        key, visit = found
        world, start = self.world, self.wall(self.local_day(visit) + timedelta(days=days), half)
        end = start + timedelta(minutes=minutes)
        there = self.visit(start, minutes, who, 0, room)
        wanted = replace(visit, begins=there.begins, ends=there.ends, counsellor=there.counsellor, room=there.room)
        may = visit.state is AppointmentState.CONFIRMED and 0 < minutes <= 12 * 60
        may = may and (start.date() <= STOP or days == 0)

        def act() -> Done[Any]:
            if not edited:
                return move_appointment(
                    world.me, world.desk, key, start, end, wanted.room, counsellor_id=wanted.counsellor
                )
            booking = appointment_details(world.me, world.desk, key).booking
            booking = replace(
                booking, starts_at=start, ends_at=end, room_id=wanted.room, counsellor_id=wanted.counsellor
            )
            return edit_appointment(world.me, world.desk, key, booking)

        done = self.tried(act, may, self.clashes_of({key: wanted}))
        if done is not None:
            self.wrote(done, {key: wanted})

    @rule(number=NUMBER, days=st.integers(-1, 2), half=HALF, minutes=LENGTH, room=ROOM)
    def the_rest_is_moved(self, number: int, days: int, half: int, minutes: int, room: int | None) -> None:
        if (found := self.pick(number, in_series=True)) is None:
            return
        key, visit = found
        become = {}
        for each, one in self.following(visit).items():
            there = self.visit(self.wall(self.local_day(one) + timedelta(days=days), half), minutes, 0, 0, room)
            become[each] = replace(one, begins=there.begins, ends=there.ends, room=there.room)
        start = self.wall(self.local_day(visit) + timedelta(days=days), half)
        may = key in become and not any(self.is_off(self.local_day(one)) for one in become.values())
        may = may and not self.clashes_of(become)
        world, end = self.world, start + timedelta(minutes=minutes)
        done = self.tried(lambda: move_following(world.me, world.desk, key, start, end, self.room(room)), may)
        if done is not None:
            self.wrote(done, become)

    @rule(number=NUMBER, which=st.sampled_from(["one", "one of a series", "all that follow"]))
    def it_is_cancelled(self, number: int, which: str) -> None:
        if (found := self.pick(number, in_series=which != "one")) is None:
            return
        key, visit = found
        following = which == "all that follow"
        gone = self.following(visit) if following else {key: visit}
        cancel: Callable[..., Done[Any]] = cancel_following if following else cancel_appointment
        done = self.tried(
            lambda: cancel(self.world.me, self.world.desk, key, CancelledBy.CLIENT, "病假"),
            visit.state is AppointmentState.CONFIRMED,
        )
        if done is not None:
            self.wrote(done, {each: replace(one, state=AppointmentState.CANCELLED) for each, one in gone.items()})

    @rule(number=NUMBER, state=st.sampled_from([state for state in AppointmentState if state != "requested"]))
    def its_state_is_set(self, number: int, state: AppointmentState) -> None:
        if (found := self.pick(number)) is None:
            return
        key, visit = found
        wanted = replace(visit, state=state)
        may = state in FOLLOWS.get(visit.state, ()) and state is not AppointmentState.CANCELLED
        comes_back = may and visit.state not in HOLDING
        done = self.tried(
            lambda: set_appointment_state(self.world.me, self.world.desk, key, state),
            may,
            self.clashes_of({key: wanted}) if comes_back else (),
        )
        if done is not None:
            self.wrote(done, {key: wanted})

    @rule(number=NUMBER)
    def it_is_undone(self, number: int) -> None:
        """All of it, or nothing when one of them moved on or its time was given away."""
        if not self.undos:
            return
        undo, back, turns = self.undos.pop(number % len(self.undos))
        may = all(key in self.visits and self.visits[key].turn == turn for key, turn in turns.items())
        become = {key: visit for key, visit in back.items() if visit is not None}
        done = self.tried(
            lambda: take_back(self.world.me, self.world.desk, undo),
            may and not self.clashes_of(become),
        )
        if done is None:
            return
        self.wrote(done, become)
        for key in set(back) - set(become):
            del self.visits[key]

    @rule(client=WHO, room=ROOM, day=DAY, minutes=st.integers(0, 150), who=WHO)
    def somebody_comes_without_an_appointment(
        self, client: int, room: int | None, day: int, minutes: int, who: int
    ) -> None:
        """It lasts until the next appointment that it would meet."""
        world = self.world
        now = self.wall(MONDAY + timedelta(days=day), 0) + timedelta(minutes=minutes, seconds=20)
        world.clock.moment = now
        usual = definitions()["session_default"].default
        assert isinstance(usual, int)
        wanted = replace(self.visit(now.replace(second=0), usual, who, client, room), state=AppointmentState.CHECKED_IN)
        later = [
            other.begins
            for other in self.visits.values()
            if wanted.clashes_with(other) and other.begins > wanted.begins
        ]
        wanted = replace(wanted, ends=min([wanted.ends, *later]))
        actor = (world.me, world.colleague)[who]
        done = self.tried(
            lambda: walk_in(actor, world.desk, wanted.client, wanted.room), True, self.clashes_of({"": wanted})
        )
        if done is not None:
            key = done.value.id
            self.wrote(done, {key: wanted}, {key: None})

    @rule(day=st.sampled_from([1, 2, 8, 9, 15, 22]))
    def a_holiday_is_marked(self, day: int) -> None:
        """What was booked on it before stays until somebody moves it."""
        on = MONDAY + timedelta(days=day)
        mark_day(self.world.me, self.world.desk, on, DayKind.HOLIDAY, "假")
        self.holidays.add(on)

    @rule(zone=st.integers(0, 1), minutes=st.integers(-90, 60 * 24))
    def the_clock_changes(self, zone: int, minutes: int) -> None:
        """Set back or forward, or the machine is carried to the next zone."""
        self.zone = self.zones[zone]
        moment = self.world.clock.moment.astimezone(UTC) + timedelta(minutes=minutes)
        self.world.clock.moment = moment.astimezone(self.zone)

    # What must hold.

    def rows(self) -> dict[str, Visit]:
        """Return what the vault has, in plain SQL."""
        found = self.world.sql(
            "SELECT id, starts_at, ends_at, counsellor_id, client_id, room_id, state, series_id, series_nth"
            " FROM appointment WHERE voided_at IS NULL"
        )
        return {
            key: Visit(
                datetime.fromisoformat(begins.split("Z")[0]).replace(tzinfo=UTC),
                datetime.fromisoformat(ends.split("Z")[0]).replace(tzinfo=UTC),
                counsellor,
                client,
                room,
                AppointmentState(state),
                None if series is None else (series, nth),
            )
            for key, begins, ends, counsellor, client, room, state, series, nth in found
        }

    @invariant()
    def none_is_lost_a_ghost_or_doubled(self) -> None:
        if not hasattr(self, "visits"):
            return
        rows = self.rows()
        assert rows == {key: replace(visit, turn=0) for key, visit in self.visits.items()}
        assert not [pair for pair in combinations(rows.values(), 2) if pair[0].clashes_with(pair[1])]
        places = [visit.place for visit in rows.values() if visit.place is not None]
        assert len(set(places)) == len(places)

    def the_calendar_shows_all_of_them(self) -> None:
        first = datetime.combine(MONDAY - timedelta(days=9), time(), UTC)
        shown = list_appointments(self.world.me, self.world.desk, first, first + timedelta(days=300))
        rows = self.rows()
        assert sorted(view.id for view in shown) == sorted(rows)
        assert [view.starts_at for view in shown] == sorted(visit.begins for visit in rows.values())


def play(calendars: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """Play so many calendars, the same each time. Raises AssertionError for what must not be."""
    run_state_machine_as_test(
        Calendar,
        settings=settings(
            max_examples=calendars,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
