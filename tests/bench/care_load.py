"""What runs in a large room at once: 专案 with their clocks, tiers with their follow-up tasks, this week's bookings.

All by the services, so that every row stands as in the program: a 专案 with its steps and its tasks, a confirmed tier
with the tasks of its rules. Tiers are confirmed until there are as many tasks as wanted.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from counselroom.model.care import FollowUpTask
from counselroom.rules.care_words import CareTier, TierSubtype
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel
from counselroom.rules.tiers import Evidence, EvidenceKind
from counselroom.services import appointments, crisis
from counselroom.services.appointments import Booking
from counselroom.services.crisis_rows import EventData
from counselroom.services.tiers import TierData, confirm_tier, propose_tier
from tests.bench.rooms import Room

_TALK = Evidence(EvidenceKind.INTERVIEW, "访谈：近两周睡不好")
_KINDS = (
    (CareTier.KEY_INTERVENTION, TierSubtype.SCREEN2_MODERATE_MILD),
    (CareTier.KEY_INTERVENTION, TierSubtype.ACUTE_STRESS),
)
_BOOKINGS = 24
"""The same in every school: a week of one counsellor."""


def write_care(room: Room, events: int, tasks: int) -> None:
    """Start 专案 and confirm tiers of one student after the other, from the first on.

    Args:
        room: the room; its students are more than are needed.
        events: open 专案.
        tasks: follow-up tasks there are in the end, at least.
    """
    for number in range(events):
        _start_event(room, room.students[number])
    number = events
    while (made := _tasks(room)) < tasks:
        assert number < len(room.students), f"the students did for {made} tasks only"
        for student in room.students[number : number + 10]:
            _confirm(room, student, number)
        number += 10
    _book(room)


def _start_event(room: Room, student: str) -> None:
    found_at = room.clock.now() - timedelta(hours=1)
    data = EventData(
        student_id=student,
        found_at=found_at,
        kind=CrisisKind.IDEATION,
        level=CrisisLevel.SEVERE,
        found_by="班主任",
        place="教学楼三层",
        facts="课间同学告诉班主任",
        measures="已陪同到辅导室",
    )
    crisis.start_event(room.actor, room.desk, data)


def _confirm(room: Room, student: str, number: int) -> None:
    tier, subtype = _KINDS[number // 10 % len(_KINDS)]
    data = TierData(student_id=student, tier=tier, subtype=subtype, evidence=(_TALK,), contact_name="陈老师")
    confirm_tier(room.actor, room.desk, propose_tier(room.actor, room.desk, data).value.id)


def _tasks(room: Room) -> int:
    with room.desk.vault.reading() as session:
        return session.scalar(select(func.count()).select_from(FollowUpTask)) or 0


def _book(room: Room) -> None:
    noon = room.clock.now().replace(hour=13, minute=0, second=0, microsecond=0)  # what the examples book is before
    for number in range(_BOOKINGS):
        starts = noon + timedelta(days=number // 6, hours=number % 6)
        booking = Booking(room.students[number], room.actor.person_id, starts, starts + timedelta(minutes=50))
        appointments.book_appointment(room.actor, room.desk, booking)
