"""Any sequence of bookings, moves, cancellations and undos leaves nobody and no room in two places at once."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from counselroom.errors import UserError
from counselroom.rules.counselling import AppointmentState, CancelledBy
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
from counselroom.services.undo import take_back
from tests.conftest import HandClock
from tests.services.world import MORNING, World, opened_world

QUARTERS = st.integers(0, 15)
LENGTHS = st.sampled_from([15, 45, 60, 90])
INDEX = st.integers(0, 2)
COUNSELLOR = st.integers(0, 1)
ROOM = st.sampled_from([0, 1, 2, None])
HOLDING = {AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN, AppointmentState.COMPLETED}


class Calendar(RuleBasedStateMachine):
    """One morning of four hours, two counsellors, three rooms, three clients."""

    booked = Bundle("booked")
    undos = Bundle("undos")

    @initialize()
    def open(self) -> None:
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.world: World = self.stack.enter_context(opened_world(Path(folder) / "vault", HandClock(MORNING)))
        self.slots: dict[str, tuple[str, str, str | None]] = {}

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def views(self) -> dict[str, AppointmentView]:
        world = self.world
        return {view.id: view for view in list_appointments(world.me, world.desk, world.at(0, 0), world.at(9, 0))}

    def room(self, index: int | None) -> str | None:
        return None if index is None else self.world.people.rooms[index]

    def would_clash(self, wanted: tuple[str, str, str | None], quarter: int, length: int, own: str = "") -> bool:
        start = self.world.at(1, 8) + timedelta(minutes=15 * quarter)
        end = start + timedelta(minutes=length)
        for view in self.views().values():
            if view.id == own or view.state not in HOLDING or not (start < view.ends_at and view.starts_at < end):
                continue
            counsellor, client, room = self.slots[view.id]
            if wanted[0] == counsellor or wanted[1] == client or (room is not None and wanted[2] == room):
                return True
        return False

    @rule(target=booked, quarter=QUARTERS, length=LENGTHS, who=COUNSELLOR, client=INDEX, room=ROOM)
    def book(self, quarter: int, length: int, who: int, client: int, room: int | None) -> object:
        world = self.world
        counsellor = (world.me, world.colleague)[who]
        start = world.at(1, 8) + timedelta(minutes=15 * quarter)
        wanted = (counsellor.person_id, world.students[client], self.room(room))
        booking = Booking(wanted[1], wanted[0], start, start + timedelta(minutes=length), wanted[2])
        if self.would_clash(wanted, quarter, length):
            with pytest.raises(AppointmentClash):
                book_appointment(counsellor, world.desk, booking)
            return multiple()
        view = book_appointment(counsellor, world.desk, booking).value
        self.slots[view.id] = wanted
        return view.id

    @rule(target=undos, appointment=booked, quarter=QUARTERS, length=LENGTHS, room=ROOM)
    def move(self, appointment: str, quarter: int, length: int, room: int | None) -> object:
        world = self.world
        before = self.views()[appointment]
        counsellor, client, old_room = self.slots[appointment]
        wanted = (counsellor, client, self.room(room))
        start = world.at(1, 8) + timedelta(minutes=15 * quarter)
        arguments = (world.me, world.desk, appointment, start, start + timedelta(minutes=length), wanted[2])
        if before.state is not AppointmentState.CONFIRMED or self.would_clash(wanted, quarter, length, appointment):
            with pytest.raises(UserError):
                move_appointment(*arguments)
            assert self.views()[appointment] == before
            return multiple()
        done = move_appointment(*arguments)
        self.slots[appointment] = wanted
        return (done.changes.undo, before, old_room)

    @rule(target=undos, appointment=booked, state=st.sampled_from(AppointmentState))
    def change_state(self, appointment: str, state: AppointmentState) -> object:
        world = self.world
        before = self.views()[appointment]
        try:
            done = set_appointment_state(world.me, world.desk, appointment, state)
        except UserError:
            assert self.views()[appointment] == before
            return multiple()
        return (done.changes.undo, before, self.slots[appointment][2]) if done.changes.undo else multiple()

    @rule(target=undos, appointment=booked, by=st.sampled_from(CancelledBy))
    def cancel(self, appointment: str, by: CancelledBy) -> object:
        world = self.world
        before = self.views()[appointment]
        if before.state is not AppointmentState.CONFIRMED:
            with pytest.raises(UserError):
                cancel_appointment(world.me, world.desk, appointment, by, "")
            return multiple()
        done = cancel_appointment(world.me, world.desk, appointment, by, "改期")
        return (done.changes.undo, before, self.slots[appointment][2])

    @rule(undo=consumes(undos))
    def undo(self, undo: tuple[Undo, AppointmentView, str | None]) -> None:
        """Undo restores exactly what was before, or refuses with a sentence and changes nothing."""
        change, before, room = undo
        world = self.world
        now = self.views()[before.id]
        refusal: UserError | None = None
        try:
            take_back(world.me, world.desk, change)
        except UserError as error:
            refusal = error
        if refusal is not None:
            assert refusal.happened
            assert self.views()[before.id] == now
            assert now.seen != change.args["seen"] or isinstance(refusal, AppointmentClash)
            return
        assert now.seen == change.args["seen"]
        restored = self.views()[before.id]
        assert replace(restored, seen=before.seen) == before
        counsellor, client, _room = self.slots[before.id]
        self.slots[before.id] = (counsellor, client, room)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        if not hasattr(self, "slots"):
            return
        holding = [view for view in self.views().values() if view.state in HOLDING]
        for first, second in combinations(holding, 2):
            if first.starts_at < second.ends_at and second.starts_at < first.ends_at:
                one, other = self.slots[first.id], self.slots[second.id]
                assert one[0] != other[0]
                assert one[1] != other[1]
                assert one[2] is None or one[2] != other[2]


Calendar.TestCase.settings = settings(
    deadline=None, max_examples=8, stateful_step_count=15, suppress_health_check=list(HealthCheck)
)
TestCalendar = Calendar.TestCase
