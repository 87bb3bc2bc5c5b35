"""What a change tells: kinds and ids of exactly the rows that changed, and a way back that can be taken."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Role
from counselroom.rules.archive import ArchiveItemKind, OpenReason
from counselroom.rules.counselling import AppointmentState, CancelledBy, Urgency
from counselroom.rules.people import Relation, SpecialGroup, StudentStatus
from counselroom.rules.school import DayKind, SchoolType, UnitKind
from counselroom.rules.series import Every
from counselroom.services import (
    accounts,
    appointment_edits,
    appointment_series,
    appointments,
    archive_index,
    archives,
    cases,
    consents,
    crisis,
    crisis_steps,
    different_persons,
    duty,
    duty_weeks,
    follow_ups,
    guardians,
    paper_heads,
    parameters,
    referrals,
    registers,
    school,
    scratch_notes,
    sessions,
    students,
    tiers,
    undo,
    units,
    waiting,
)
from counselroom.services.archive_rows import ItemData
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import AccessDenied
from counselroom.services.register_definitions import register_named
from tests.services import care_support
from tests.services.crisis_support import begin, event_data, step_named
from tests.services.register_rows_support import entry_for, filed
from tests.services.world import World

DAY = date(2026, 10, 12)
WEEKLY = appointment_series.Repeats(Every.WEEK, times=3)
Change = Callable[[World], Done[Any]]
CHANGES: dict[str, Change] = {
    "book": lambda world: appointments.book_appointment(world.me, world.desk, world.booking()),
    "move": lambda world: appointments.move_appointment(
        world.me, world.desk, booked(world), world.at(5, 9), world.at(5, 10), None
    ),
    "cancel": lambda world: appointments.cancel_appointment(
        world.me, world.desk, booked(world), CancelledBy.CLIENT, "生病"
    ),
    "arrive": lambda world: appointments.set_appointment_state(
        world.me, world.desk, booked(world), AppointmentState.CHECKED_IN
    ),
    "begin_crisis": lambda world: crisis.start_event(world.me, world.desk, event_data(world)),
    "finish_step": lambda world: crisis_steps.complete_step(
        world.me, world.desk, step_named(world, begin(world), "CK-E-10").id
    ),
    "tell_apart": lambda world: different_persons.tell_apart(
        world.me, world.desk, world.students[0], world.students[1]
    ),
    "restrict": lambda world: cases.restrict_case(world.me, world.desk, world.case(), restricted=True),
    "parameter": lambda world: parameters.set_parameter(world.me, world.desk, "small_cell", 9),
    "paper head": lambda world: paper_heads.set_paper_head(
        world.me, world.desk, paper_heads.PaperHead(prefix="青中心辅")
    ),
    "school": lambda world: school.set_school_profile(
        world.me, world.desk, school.SchoolProfile("另一校", "L", SchoolType.SENIOR, "心理室")
    ),
    "rename": lambda world: accounts.rename_account(world.me, world.desk, world.colleague.account_id, "周岚"),
    "roles": lambda world: accounts.set_roles(
        world.me, world.desk, world.colleague.account_id, frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER})
    ),
    "year": lambda world: school.set_academic_year(world.me, world.desk, "2026-2027", other_terms()),
    "mark": lambda world: school.mark_day(world.me, world.desk, marked(world), DayKind.HOLIDAY, "校庆"),
    "mark_anew": lambda world: school.mark_day(world.me, world.desk, date(2026, 12, 31), DayKind.EXAM, "月考"),
    "unmark": lambda world: school.unmark_day(world.me, world.desk, marked(world), DayKind.HOLIDAY),
    "add_room": lambda world: school.add_room(world.me, world.desk, f"房间{len(world.audit())}"),
    "room": lambda world: school.set_room(world.me, world.desk, world.people.rooms[0], "一号室", active=False),
    "add_unit": lambda world: school.add_unit(world.me, world.desk, UnitKind.CLASS, f"班级{len(world.audit())}"),
    "unit": lambda world: units.set_unit(world.me, world.desk, world.people.class_id, "初二（30）班", active=True),
    "student": lambda world: students.edit_student(
        world.me, world.desk, world.students[0], students.StudentData("某某")
    ),
    "status": lambda world: students.set_status(world.me, world.desk, world.students[0], StudentStatus.GRADUATED, DAY),
    "order": lambda world: students.order_guardians(world.me, world.desk, world.students[0], turned(world)),
    "edit_guardian": lambda world: guardians.edit_guardian(
        world.me, world.desk, turned(world)[0], "单某", Relation.GRANDPARENT, "13800001111"
    ),
    "remove_guardian": lambda world: guardians.remove_guardian(world.me, world.desk, turned(world)[0]),
    "restore_guardian": lambda world: guardians.restore_guardian(world.me, world.desk, removed(world)),
    "groups": lambda world: students.set_special_groups(
        world.me, world.desk, world.students[0], frozenset({SpecialGroup.ORPHAN}), DAY
    ),
    "goals": lambda world: cases.set_goals(world.me, world.desk, world.case(), ("能安睡",)),
    "pause": lambda world: cases.pause_case(world.me, world.desk, world.case(), paused=True),
    "open_case": lambda world: cases.open_case(world.me, world.desk, world.students[1]),
    "archive": lambda world: archives.open_archive(world.me, world.desk, world.students[1], OpenReason.CENSUS),
    "consent": lambda world: consents.withdraw_consent(world.me, world.desk, world.consent().id),
    "note": lambda world: sessions.start_note(world.me, world.desk, world.case(), world.draft("一")),
    "discard_note": lambda world: sessions.discard_note(world.me, world.desk, draft_of(world)),
    "bring_note_back": lambda world: sessions.bring_note_back(world.me, world.desk, discarded(world)),
    "referral": lambda world: referrals.issue_referral(world.me, world.desk, world.referral()),
    "tier": lambda world: tiers.propose_tier(
        world.me, world.desk, care_support.tier_data(world, student_id=world.students[1])
    ),
    "hand_over_tier": lambda world: tiers.hand_over_tier(
        world.me, world.desk, care_support.confirmed(world, student_id=world.students[2]).id, world.colleague.person_id
    ),
    "task": lambda world: follow_ups.add_task(world.me, world.desk, world.students[0], "到医院复诊", DAY),
    "book_series": lambda world: appointment_series.book_series(world.me, world.desk, world.booking(), WEEKLY),
    "move_following": lambda world: appointment_series.move_following(
        world.me, world.desk, series(world), world.at(9, 9), world.at(9, 10), None
    ),
    "cancel_following": lambda world: appointment_series.cancel_following(
        world.me, world.desk, series(world), CancelledBy.CLIENT, "毕业"
    ),
    "edit_appointment": lambda world: appointment_edits.edit_appointment(
        world.me, world.desk, booked(world), world.booking(6, 9, urgency=Urgency.SOON)
    ),
    "copy_duty": lambda world: duty_weeks.copy_last_week(world.me, world.desk, shift(world, 14) and date(2026, 11, 2)),
    "void_duty": lambda world: duty_weeks.void_shifts(world.me, world.desk, (shift(world, 15),)),
    "urgency": lambda world: appointments.set_urgency(world.me, world.desk, booked(world), Urgency.SOON),
    "walk_in": lambda world: appointments.walk_in(world.me, world.desk, world.students[2]),
    "wait": lambda world: waiting.add_waiting(world.me, world.desk, waiting.WaitingData(world.students[2])),
    "wait_no_more": lambda world: waiting.withdraw_waiting(world.me, world.desk, waits(world), "转校外"),
    "shift": lambda world: duty.set_shift(world.me, world.desk, day_shift(world, 1)),
    "change_shift": lambda world: duty.set_shift(world.me, world.desk, day_shift(world, 3), shift(world, 2)),
    "remove_shift": lambda world: duty.remove_shift(world.me, world.desk, shift(world, 4)),
    "restore_shift": lambda world: duty.restore_shift(world.me, world.desk, removed_shift(world)),
    "scratch": lambda world: scratch_notes.write_scratch(world.me, world.desk, "一"),
    "change_scratch": lambda world: scratch_notes.change_scratch(world.me, world.desk, scratch(world), "二"),
    "give_scratch": lambda world: scratch_notes.give_scratch(world.me, world.desk, scratch(world), world.students[0]),
    "drop_scratch": lambda world: scratch_notes.drop_scratch(world.me, world.desk, scratch(world)),
    "edit_item": lambda world: archive_index.edit_item(
        world.me, world.desk, index_line(world), ItemData("家访记录二", date(2026, 10, 1), pages=3)
    ),
    "take_out_item": lambda world: archive_index.take_out_item(world.me, world.desk, index_line(world)),
    "edit_row": lambda world: registers.edit_row(
        world.me, world.desk, drafted_row(world), entry_for(register_named("F-61"), world, 2)
    ),
    "void_row": lambda world: registers.void_row(world.me, world.desk, filed(world, "F-61").id, "录错了"),
    "unvoid_row": lambda world: registers.unvoid_row(world.me, world.desk, voided_row(world)),
    "waive": lambda world: follow_ups.waive_task(world.me, world.desk, one_task(world), "住院"),
}


def draft_of(world: World) -> str:
    return sessions.begin_note(world.me, world.desk, world.students[2], world.draft("一")).value.id


def discarded(world: World) -> str:
    note = draft_of(world)
    sessions.discard_note(world.me, world.desk, note)
    return note


def index_line(world: World) -> str:
    archive = world.card().archive_id
    paper = ItemData("家访记录", date(2026, 10, 1), pages=2)
    new = archive_index.NewItem(ArchiveItemKind.OTHER, archive_index.PAPER, "", paper)
    archive_index.add_items(world.me, world.desk, archive, [new])
    return archive_index.volume(world.me, world.desk, world.students[0]).lines[-1].id


def series(world: World) -> str:
    booked_now = appointment_series.book_series(world.me, world.desk, world.booking(7), WEEKLY)
    return booked_now.value.appointments[1].id


def drafted_row(world: World) -> str:
    entry = entry_for(register_named("F-61"), world)
    return registers.add_row(world.me, world.desk, "F-61", entry, file=False).value.id


def voided_row(world: World) -> str:
    row = filed(world, "F-61").id
    registers.void_row(world.me, world.desk, row, "录错了")
    return row


def waits(world: World) -> str:
    return waiting.add_waiting(world.me, world.desk, waiting.WaitingData(world.students[1])).value.id


def day_shift(world: World, days: int) -> duty.ShiftData:
    return duty.ShiftData(world.at(days, 8), world.at(days, 12), world.me.person_id)


def shift(world: World, days: int) -> str:
    return duty.set_shift(world.me, world.desk, day_shift(world, days)).value.id


def removed_shift(world: World) -> str:
    shift_id = shift(world, 6)
    duty.remove_shift(world.me, world.desk, shift_id)
    return shift_id


def scratch(world: World) -> str:
    return scratch_notes.write_scratch(world.me, world.desk, "一").value.id


def one_task(world: World) -> str:
    return follow_ups.add_task(world.me, world.desk, world.students[1], "到医院复诊", DAY).value.id


def other_terms() -> tuple[school.TermDates, ...]:
    return (
        school.TermDates(1, DAY, date(2027, 1, 9), date(2027, 1, 8)),
        school.TermDates(2, date(2027, 2, 22), date(2027, 7, 6), date(2027, 6, 25)),
    )


def marked(world: World) -> date:
    day = date(2026, 10, 1)
    school.mark_day(world.me, world.desk, day, DayKind.HOLIDAY, "国庆")
    return day


def booked(world: World) -> str:
    return appointments.book_appointment(world.me, world.desk, world.booking()).value.id


def turned(world: World) -> tuple[str, ...]:
    students.add_guardian(world.me, world.desk, world.students[0], "单氏", Relation.MOTHER)
    return tuple(view.id for view in reversed(students.list_guardians(world.me, world.desk, world.students[0])))


def removed(world: World) -> str:
    gone = turned(world)[0]
    guardians.remove_guardian(world.me, world.desk, gone)
    return gone


UNSPOKEN = {"vault_meta", "audit_epoch", "number_series", "form_in_use", "search_entry", "search_name"}
"""Tables of the vault's own, which no page shows as rows."""
SPOKEN_FOR_BY = {"special_group_member": "student", "crisis_step": "crisis_event", "crisis_log": "crisis_event"}
"""Rows that are told of as the one they belong to."""


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_change_names_the_kinds_that_changed_and_no_other(world: World, name: str) -> None:
    """The rows are compared as they stand before and after the one change."""
    before: dict[str, Any] = {}
    desk = world.desk
    original = type(desk).change

    def remember(self: Any) -> Any:
        before.update(world.dump())
        return original(self)

    type(desk).change = remember  # type: ignore[method-assign]  # the last change opened is the one looked at
    try:
        done = CHANGES[name](world)
    finally:
        type(desk).change = original  # type: ignore[method-assign]
    after = world.dump()
    touched = {table for table in after if after[table] != before[table]} - UNSPOKEN
    assert {kind for kind, _id in done.changes.changed} == {SPOKEN_FOR_BY.get(table, table) for table in touched}


UNDONE = [name for name in CHANGES if name not in ("open_case", "archive", "consent", "note", "referral")]


@pytest.mark.parametrize("name", UNDONE)
def test_every_undo_can_be_taken_once(world: World, name: str) -> None:
    done = CHANGES[name](world)
    found = done.changes.undo
    assert found is not None
    assert found.sentence
    log = world.audit()
    undo.take_back(world.me, world.desk, found)
    assert len(world.audit()) > len(log)
    before = world.dump()
    with pytest.raises(UserError):
        undo.take_back(world.me, world.desk, found)
    assert world.dump() == before


def test_every_undo_asks_for_access(world: World) -> None:
    stranger = replace(world.me, roles=frozenset({Role.SYS_ADMIN}))
    for name in UNDONE:
        found = CHANGES[name](fresh(world)).changes.undo
        assert found is not None
        before = world.dump()
        with pytest.raises(AccessDenied):
            undo.take_back(stranger, world.desk, found)
        assert world.dump() == before


def test_every_service_that_undoes_is_reached_by_some_change(world: World) -> None:
    named = {found.service for name in UNDONE if (found := CHANGES[name](fresh(world)).changes.undo)}
    assert named == set(undo._SERVICES)
    for service in undo._SERVICES.values():
        assert "seen" in inspect.signature(service).parameters


def fresh(world: World) -> World:
    """Free the times and cases that an earlier change took."""
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("UPDATE appointment SET state = 'cancelled'")
        opened.connection().exec_driver_sql("UPDATE case_file SET status = 'closed'")
    return world


def test_a_change_set_knows_what_it_concerns() -> None:
    changes = ChangeSet(frozenset({("student", "1"), ("guardian", "2")}))
    assert changes.concerns("student")
    assert changes.concerns("appointment", "guardian")
    assert not changes.concerns("appointment")
    assert not changes.concerns()
    assert not ChangeSet().concerns("student")
    assert Done(1).changes == ChangeSet()
