"""Clashes, lengths and states of appointments (SYS-05)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from counselroom.rules.appointment import Clash, ClashFound, LengthHint, Slot, clashes, length_hint, may_become
from counselroom.rules.counselling import AppointmentState
from tests.rules.tables import steps

CHINA = timezone(timedelta(hours=8))
TWO = datetime(2026, 11, 23, 14, 0, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


def slot(
    starts_at: datetime = TWO,
    minutes: int = 50,
    counsellor: str = "c1",
    client: str = "s1",
    room: str | None = "r1",
    appointment: str = "",
) -> Slot:
    return Slot(starts_at, starts_at + minutes * MINUTE, counsellor, client, room, appointment)


TAKEN = slot(appointment="taken")
ALL_THREE = (
    ClashFound(Clash.COUNSELLOR, "taken"),
    ClashFound(Clash.ROOM, "taken"),
    ClashFound(Clash.CLIENT, "taken"),
)


def test_the_same_time_clashes_in_everything_shared() -> None:
    assert clashes(slot(), (TAKEN,)) == ALL_THREE


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        (slot(counsellor="c1", client="s2", room="r2"), (Clash.COUNSELLOR,)),
        (slot(counsellor="c2", client="s2", room="r1"), (Clash.ROOM,)),
        (slot(counsellor="c2", client="s1", room="r2"), (Clash.CLIENT,)),
        (slot(counsellor="c1", client="s2", room="r1"), (Clash.COUNSELLOR, Clash.ROOM)),
        (slot(counsellor="c2", client="s1", room="r1"), (Clash.ROOM, Clash.CLIENT)),
        (slot(counsellor="c2", client="s2", room="r2"), ()),
        (slot(counsellor="c2", client="s2", room=None), ()),
    ],
)
def test_each_kind_of_clash_by_itself(wanted: Slot, kinds: tuple[Clash, ...]) -> None:
    assert tuple(found.kind for found in clashes(wanted, (TAKEN,))) == kinds


def test_two_without_a_room_do_not_share_one() -> None:
    elsewhere = slot(counsellor="c2", client="s2", room=None, appointment="taken")
    assert clashes(slot(room=None), (elsewhere,)) == ()
    assert clashes(slot(room="r1"), (elsewhere,)) == ()


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        (TWO - 50 * MINUTE, TWO, False),  # ends as the other begins
        (TWO - 50 * MINUTE, TWO + INSTANT, True),
        (TWO + 50 * MINUTE, TWO + 100 * MINUTE, False),  # begins as the other ends
        (TWO + 50 * MINUTE - INSTANT, TWO + 100 * MINUTE, True),
        (TWO, TWO + 50 * MINUTE, True),
        (TWO + 10 * MINUTE, TWO + 20 * MINUTE, True),  # within
        (TWO - 10 * MINUTE, TWO + 90 * MINUTE, True),  # around
        (TWO - 90 * MINUTE, TWO - 30 * MINUTE, False),
        (TWO + 90 * MINUTE, TWO + 120 * MINUTE, False),
        (TWO + timedelta(days=1), TWO + timedelta(days=1, minutes=50), False),
    ],
)
def test_touching_times_do_not_clash_and_overlapping_ones_do(starts: datetime, ends: datetime, clash: bool) -> None:
    wanted = Slot(starts, ends, "c1", "s1", "r1")
    assert clashes(wanted, (TAKEN,)) == (ALL_THREE if clash else ())


def test_the_same_hour_on_another_clock_clashes() -> None:
    utc = TWO.astimezone(timezone(timedelta(0)))
    assert clashes(slot(starts_at=utc), (TAKEN,)) == ALL_THREE
    assert clashes(slot(starts_at=utc + 50 * MINUTE), (TAKEN,)) == ()


def test_an_appointment_does_not_clash_with_its_own_earlier_time() -> None:
    assert clashes(slot(starts_at=TWO + 10 * MINUTE, appointment="taken"), (TAKEN,)) == ()
    assert clashes(slot(starts_at=TWO + 10 * MINUTE, appointment="another"), (TAKEN,)) == ALL_THREE


def test_two_new_slots_without_an_id_are_two() -> None:
    new = slot(appointment="")
    assert [found.appointment_id for found in clashes(slot(), (new,))] == ["", "", ""]


def test_every_clash_is_told_in_the_order_of_the_calendar() -> None:
    first = slot(appointment="a", client="s2", room="r2")
    own = slot(appointment="own")
    apart = slot(appointment="b", counsellor="c9", client="s9", room="r9")
    later = slot(starts_at=TWO + timedelta(hours=3), appointment="c")
    last = slot(starts_at=TWO + 49 * MINUTE, appointment="d", counsellor="c2", room="r2")
    assert clashes(slot(appointment="own"), (first, own, apart, later, last)) == (
        ClashFound(Clash.COUNSELLOR, "a"),
        ClashFound(Clash.CLIENT, "d"),
    )


def test_nothing_taken_nothing_clashes() -> None:
    assert clashes(slot(), ()) == ()


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (59, 0), (60, 1), (2999, 49), (3000, 50), (3059, 50), (3600, 60), (90061, 1501)]
)
def test_a_slot_is_measured_in_whole_minutes(seconds: int, minutes: int) -> None:
    length = Slot(TWO, TWO + timedelta(seconds=seconds), "c", "s", None).minutes
    assert length == minutes
    assert isinstance(length, int)


@pytest.mark.parametrize(
    ("minutes", "hint"),
    [
        (0, LengthHint.SHORT),
        (44, LengthHint.SHORT),
        (45, None),
        (46, None),
        (50, None),
        (59, None),
        (60, None),
        (61, LengthHint.LONG),
        (180, LengthHint.LONG),
    ],
)
def test_a_session_as_short_or_long_as_the_school_allows_needs_no_hint(minutes: int, hint: LengthHint | None) -> None:
    assert length_hint(minutes, shortest=45, longest=60) is hint


def test_R17_the_lengths_come_from_the_school_and_have_no_default() -> None:
    assert length_hint(40, shortest=40, longest=40) is None
    assert length_hint(40, shortest=41, longest=90) is LengthHint.SHORT
    assert length_hint(40, shortest=10, longest=39) is LengthHint.LONG
    with pytest.raises(TypeError):
        length_hint(50)  # type: ignore[call-arg] # what the test forbids


STEPS = """
requested    confirmed cancelled
confirmed    checked_in no_show cancelled
checked_in   completed confirmed
completed
no_show      confirmed
cancelled    confirmed
"""


@pytest.mark.parametrize("now", AppointmentState)
@pytest.mark.parametrize("then", AppointmentState)
def test_every_step_from_state_to_state(now: AppointmentState, then: AppointmentState) -> None:
    assert may_become(now, then) is (then in steps(STEPS, AppointmentState)[now])


@pytest.mark.parametrize("state", AppointmentState)
def test_only_an_agreed_or_held_appointment_keeps_its_time_busy(state: AppointmentState) -> None:
    busy = {"confirmed", "checked_in", "completed"}
    assert state.holds_the_slot is (state.value in busy)
