"""Random calendars in a real vault: none of the appointments is lost, left behind as a ghost, or doubled.

The last test breaks the rules one by one; each break is found after a few calendars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import Phase

from counselroom.rules import appointment as appointment_rules
from counselroom.rules import series as series_rules
from counselroom.rules.appointment import Clash, ClashFound, Slot
from counselroom.rules.counselling import AppointmentState
from counselroom.rules.school_days import SchoolDays
from counselroom.rules.series import Held, Place
from counselroom.services import appointment_rows, appointment_series
from counselroom.services.appointments import book_appointment, walk_in
from tests.faults.scale import count
from tests.services.calendar_play import MONDAY, play
from tests.services.world import World

MOST = 40
"""Calendars after which a broken rule must have been found; most are found in the first ten."""


def test_a_walk_in_without_a_room_is_not_cut_short_by_others_without_one(world: World) -> None:
    """Found by a random calendar: no room was taken for one that both need."""
    world.clock.moment = world.at(1, 8, 44)
    other = world.booking(1, 9, room_id=None)
    book_appointment(world.me, world.desk, other)
    view = walk_in(world.colleague, world.desk, world.students[1]).value
    assert view.ends_at - view.starts_at == timedelta(minutes=50)


def test_random_calendars() -> None:
    play(count(ci=12, more=200, full=2_000))


# Rules that are broken, each on the rows of a vault.

real_clashes, real_move_rest, real_places = appointment_rules.clashes, series_rules.move_rest, series_rules.places
real_put, real_taken = appointment_series._put, appointment_rows.taken_slots


def clashes_without(kind: Clash) -> Callable[[Slot, tuple[Slot, ...]], tuple[ClashFound, ...]]:
    return lambda wanted, taken: tuple(found for found in real_clashes(wanted, taken) if found.kind is not kind)


def clashes_shortened(wanted: Slot, taken: tuple[Slot, ...]) -> tuple[ClashFound, ...]:
    return real_clashes(replace(wanted, ends_at=wanted.ends_at - timedelta(minutes=20)), taken)


def moved_too_far(**by: int) -> Callable[..., tuple[Held, ...]]:
    def broken(held: Sequence[Held], *arguments: Any) -> tuple[Held, ...]:
        first, *rest = real_move_rest(held, *arguments)
        far = timedelta(**by)
        return (first, *(replace(each, starts_at=each.starts_at + far, ends_at=each.ends_at + far) for each in rest))

    return broken


def moved_with_the_cancelled(held: Sequence[Held], *arguments: Any) -> tuple[Held, ...]:
    return real_move_rest([replace(each, movable=True) for each in held], *arguments)


def put_and_confirmed(work: Any, actor: Any, row: Any, *arguments: Any) -> None:
    row.state = AppointmentState.CONFIRMED
    real_put(work, actor, row, *arguments)


def each_place_twice(*arguments: Any) -> tuple[Place, ...]:
    later = timedelta(hours=5)
    found = real_places(*arguments)
    return (
        *found,
        *(
            replace(one, nth=len(found) + one.nth, starts_at=one.starts_at + later, ends_at=one.ends_at + later)
            for one in found
        ),
    )


def last_place_forgotten(*arguments: Any) -> tuple[Place, ...]:
    return real_places(*arguments)[:-1]


def at_the_first_offset(day: date, at: time, zone: tzinfo) -> datetime:
    """The hours from midnight in UTC stay, and not those on the wall."""
    offset = datetime.combine(MONDAY, at, zone).utcoffset()
    assert offset is not None
    return datetime.combine(day, at, timezone(offset))


def taken_by_others_than_the_client(work: Any, who: Slot, *arguments: Any) -> tuple[Slot, ...]:
    return tuple(slot for slot in real_taken(work, who, *arguments) if slot.client_id != who.client_id)


def taken_from_the_beginning_on(work: Any, who: Slot, *arguments: Any) -> tuple[Slot, ...]:
    return tuple(slot for slot in real_taken(work, who, *arguments) if slot.starts_at >= who.starts_at)


def taken_by_the_cancelled_too(_state: AppointmentState) -> bool:
    return True


Break = tuple[object, str, object]
BOTH = ((appointment_rules, "clashes"), (series_rules, "clashes"))


def both(broken: object) -> tuple[Break, ...]:
    return tuple((module, name, broken) for module, name in BOTH)


MUTANTS: dict[str, tuple[Break, ...]] = {
    "the client's clash is dropped": both(clashes_without(Clash.CLIENT)),
    "the room's clash is dropped": both(clashes_without(Clash.ROOM)),
    "the counsellor's clash is dropped": both(clashes_without(Clash.COUNSELLOR)),
    "an overlap of 20 minutes is none": both(clashes_shortened),
    "the client's other visits are not read": (
        (appointment_rows, "taken_slots", taken_by_others_than_the_client),
        (appointment_series, "taken_slots", taken_by_others_than_the_client),
    ),
    "what began before is not read": ((appointment_rows, "taken_slots", taken_from_the_beginning_on),),
    "the rest is moved one hour too far": ((appointment_series, "move_rest", moved_too_far(hours=1)),),
    "the rest is moved one day too far": ((appointment_series, "move_rest", moved_too_far(days=1)),),
    "a holiday is booked": ((SchoolDays, "is_school_day", lambda self, day: day.weekday() < 5),),
    "a stopped day is booked": ((series_rules, "booking_stopped", lambda _day, _terms: False),),
    "a cancelled place comes back": (
        (appointment_series, "move_rest", moved_with_the_cancelled),
        (appointment_series, "_put", put_and_confirmed),
    ),
    "a cancelled visit still blocks": ((AppointmentState, "holds_the_slot", property(taken_by_the_cancelled_too)),),
    "a series has a place twice": ((appointment_series, "places", each_place_twice),),
    "a series loses its last place": ((appointment_series, "places", last_place_forgotten),),
    "the wall time moves with the clock": ((series_rules, "at_local", at_the_first_offset),),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_found_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, function, broken in MUTANTS[name]:
        monkeypatch.setattr(module, function, broken)
    with pytest.raises(AssertionError):
        play(MOST, (Phase.generate,))
