"""What each page and dialog is opened for in the tests that open all of them: ids of the world's rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from counselroom.rules.archive import ArchiveItemKind
from counselroom.rules.care_words import TierState
from counselroom.rules.referral import ReferralUrgency
from counselroom.services import appointments, archives, follow_ups, referrals, scratch_notes, sessions, tiers
from counselroom.services.archive_index import PAPER, NewItem, add_items
from counselroom.services.archive_rows import ItemData
from counselroom.services.case_lists import case_list
from tests.services.care_support import confirmed, proposed
from tests.services.register_rows_support import filed
from tests.services.world import World
from tests.ui.crisis_cases import example_event, example_step


def _referral_print(world: World) -> dict[str, Any]:
    return {"form": "F-50", "entity": "referral", "entity_id": world.referral(), "audience": "room"}


def _register_row(world: World) -> dict[str, Any]:
    return {"register": "F-61", "row": filed(world, "F-61").id}


def _first_task(world: World) -> dict[str, Any]:
    """The first open task of the first student, whose tier is confirmed for it."""
    if not follow_ups.tasks_of(world.me, world.desk, world.students[0], only_open=True):
        confirmed(world)
    return {"task": follow_ups.tasks_of(world.me, world.desk, world.students[0], only_open=True)[0].id}


def _tier(world: World, state: TierState) -> dict[str, Any]:
    """The tier of the first student in a state, made when there is none."""
    known = {tier.state: tier.id for tier in tiers.tiers_of(world.me, world.desk, world.students[0])}
    if state not in known:
        known[state] = (proposed if state is TierState.PROPOSED else confirmed)(world).id
    return {"tier": known[state]}


def _scratch_note(world: World) -> dict[str, Any]:
    return {"note": scratch_notes.write_scratch(world.me, world.desk, "班主任来电，放学后回电").value.id}


def _booked(world: World) -> str:
    there = appointments.list_appointments(world.me, world.desk, world.at(1, 14), world.at(1, 15))
    if there:
        return there[0].id
    return appointments.book_appointment(world.me, world.desk, world.booking()).value.id


def own_case(world: World) -> str:
    """The open case of the first student, opened when there is none."""
    mine = [line.id for line in case_list(world.me, world.desk).lines if line.client_id == world.students[0]]
    return mine[0] if mine else world.case(goals=("按时入睡",))


def _note(world: World) -> dict[str, Any]:
    """A draft with text, in the open case of the first student."""
    waiting = [each for line in case_list(world.me, world.desk).lines for each in line.unsigned]
    if not waiting:
        draft = world.draft("按约前来，准时。")
        waiting = [sessions.start_note(world.me, world.desk, own_case(world), draft).value.id]
    return {"session": waiting[0]}


def _issued(world: World, **changes: Any) -> dict[str, Any]:
    return {"referral": referrals.issue_referral(world.me, world.desk, world.referral(**changes)).value.id}


def _emergency(world: World) -> dict[str, Any]:
    return _issued(world, urgency=ReferralUrgency.EMERGENCY, emergency_basis="有自伤计划", supervisor_opinion=None)


def _archive(world: World) -> dict[str, Any]:
    if archives.archive_of(world.me, world.desk, world.students[0]) is None:
        world.consent()
        card = world.card()
        archives.file_card(world.me, world.desk, world.card(student=1).id)
        paper = ItemData("家访记录", world.clock.now().date(), "陈老师", 2)
        add_items(world.me, world.desk, card.archive_id, [NewItem(ArchiveItemKind.OTHER, PAPER, "", paper)])
    return {"student": world.students[0]}


EXAMPLES: dict[str, Callable[[World], dict[str, Any]]] = {
    "assessment": lambda world: {"student": world.students[0]},
    "appointment": lambda world: {"appointment": _booked(world)},
    "cancel_appointment": lambda world: {"appointment": _booked(world)},
    "note": _note,
    "case": lambda world: {"case": own_case(world)},
    "open_case": lambda world: {"student": world.students[2]},
    "close_case": lambda world: {"case": own_case(world)},
    "hand_over_case": lambda world: {"case": own_case(world)},
    "amend_note": lambda world: {"session": world.note("会谈要点", case_id=own_case(world))},
    "consent": lambda world: {"student": world.students[0]},
    "print_preview": _referral_print,
    "save_pdf": _referral_print,
    "give_scratch": _scratch_note,
    "guardians": lambda world: {"student": world.students[0]},
    "referral": lambda world: {"student": world.students[0]},
    "referral_completion": _emergency,
    "referral_feedback": _issued,
    "register_entry": lambda _world: {"register": "F-29"},
    "register_void": _register_row,
    "register_export": _register_row,
    "registers": _register_row,
    "archive": _archive,
    "archive_item": _archive,
    "card_correction": _archive,
    "propose_tier": lambda world: {"student": world.students[1]},
    "decide_tier": lambda world: _tier(world, TierState.PROPOSED),
    "end_tier": lambda world: _tier(world, TierState.CONFIRMED),
    "task_done": _first_task,
    "task_settle": lambda world: {**_first_task(world), "how": "missed"},
    "add_task": lambda world: {"student": world.students[0]},
    "statistics": lambda _world: {"period": "year"},
    "statistics_export": lambda _world: {"first": "2026-09-01", "last": "2027-01-20"},
    "crisis": example_event,
    "crisis_papers": example_event,
    "crisis_item": example_event,
    "crisis_level": example_event,
    "crisis_log": example_event,
    "crisis_report": example_event,
    "close_crisis": example_event,
    "contact_attempt": example_event,
    "guard": example_event,
    "guard_handover": example_event,
    "guard_observation": example_event,
    "guard_shift": example_event,
    "guardian_notice": example_event,
    "crisis_step": example_step,
    "start_crisis": lambda world: {"student": world.students[0]},
    "student_form": lambda world: {"student": world.students[0]},
    "student_record": lambda world: {"student": world.students[0]},
    "student_status": lambda world: {"student": world.students[0]},
}
"""Arguments by the key of a page or dialog; one that is not here is opened for nothing in particular."""


def arguments_for(key: str, world: World) -> dict[str, Any]:
    """Return what the page or dialog `key` is opened for."""
    return EXAMPLES[key](world) if key in EXAMPLES else {}


class _Beside(World):
    """One of many worlds in one vault: with students of its own, and visits at hours of its own."""

    number = 0

    def booking(self, days: int = 1, hour: int = 14, minute: int = 0, **changes: Any) -> appointments.Booking:
        del hour
        return super().booking(days + self.number % 12 * 7, 8 + self.number // 12, minute, **changes)


def arguments_in_one_vault(world: World, keys: Sequence[str], students: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what each of `keys` is opened for, in the vault of `world`; `students` has three for each."""
    found = {}
    for number, key in enumerate(keys):
        people = replace(world.people, students=tuple(students[3 * number : 3 * number + 3]))
        beside = _Beside(world.desk, world.clock, people)
        beside.number = number
        found[key] = arguments_for(key, beside)
    return found
