"""One's own counselling cases: what waits comes first, and nothing of another counsellor's is in it (R-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counselroom.rules.counselling import AppointmentState
from counselroom.services import appointments, sessions
from counselroom.services.case_lists import case_list
from tests.services.world import World


def test_a_case_tells_what_waits_and_what_comes(world: World) -> None:
    quiet, busy = world.case(student=0), world.case(student=1)
    draft = sessions.start_note(world.me, world.desk, busy, world.draft("开始写")).value
    coming = appointments.book_appointment(world.me, world.desk, world.booking(days=2)).value
    lines = case_list(world.me, world.desk).lines
    assert [line.id for line in lines] == [busy, quiet]
    assert lines[0].unsigned == (draft.id,)
    assert (lines[0].sessions, lines[0].last_on) == (1, draft.held_on)
    assert (lines[1].next_at, lines[1].unsigned, lines[1].class_name) == (coming.starts_at, (), "初二（3）班")


def test_a_session_without_a_note_is_told(world: World) -> None:
    case_id = world.case()
    row = appointments.book_appointment(world.me, world.desk, world.booking(days=0, hour=10)).value
    world.clock.moment += timedelta(hours=4)
    for state in (AppointmentState.CHECKED_IN, AppointmentState.COMPLETED):
        appointments.set_appointment_state(world.me, world.desk, row.id, state)
    (line,) = case_list(world.me, world.desk).lines
    assert (line.without_note, line.next_at) == ((row.id,), None)
    sessions.start_note(world.me, world.desk, case_id, world.draft("补写"), row.id)
    assert case_list(world.me, world.desk).lines[0].without_note == ()


def test_a_long_list_begins_with_what_waits_and_tells_how_many_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = world.case(student=0)
    sessions.start_note(world.me, world.desk, waiting, world.draft("开始写"))
    world.clock.moment += timedelta(days=1)
    for student in (1, 2):
        world.case(student=student)
    monkeypatch.setattr("counselroom.services.case_lists.LISTED_AT_MOST", 2)
    found = case_list(world.me, world.desk)
    assert (found.total, len(found.lines), found.lines[0].id) == (3, 2, waiting)
    assert case_list(world.me, world.desk, closed=True).total == 0


def test_r_01_the_list_holds_nothing_of_another_counsellor(world: World) -> None:
    theirs = world.case(world.colleague)
    sessions.start_note(world.colleague, world.desk, theirs, world.draft("别人的"))
    assert case_list(world.me, world.desk).lines == ()
    assert [line.id for line in case_list(world.colleague, world.desk).lines] == [theirs]
