"""今日 in one read: what of the day, of unwritten notes and of deadlines each reader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from counselroom.rules.access import Actor
from counselroom.rules.care_words import CareTier
from counselroom.rules.counselling import AppointmentState, CancelledBy, RiskLevel, Urgency
from counselroom.rules.crisis_words import GuardEnd, WatcherRole
from counselroom.rules.referral import ConsentAnswer, ReferralUrgency
from counselroom.rules.school import DayKind
from counselroom.rules.school_calendar import TermSpan, week_of_term
from counselroom.services import (
    appointments,
    cases,
    crisis,
    crisis_assessments,
    crisis_steps,
    duty,
    follow_ups,
    guard_24h,
    referrals,
    registers,
    school,
    scratch_notes,
    sessions,
)
from counselroom.services.desk import AccessDenied
from counselroom.services.register_definitions import register_named
from counselroom.services.today import Today, today
from counselroom.services.today_matters import MatterKind
from tests.services.care_support import confirmed
from tests.services.crisis_support import assessment_data, begin, pass_time, settle_all, step_named
from tests.services.register_rows_support import entry_for, filed
from tests.services.world import NAMES, STAFF, World

HOUR = timedelta(hours=1)
STATES = AppointmentState


def read(world: World, actor: Actor | None = None) -> Today:
    return today(actor or world.me, world.desk)


def book(world: World, hour: int = 14, days: int = 0, student: int = 0, actor: Actor | None = None) -> str:
    """Book an appointment of today and return its id."""
    whose = actor or world.me
    booking = world.booking(
        days=days, hour=hour, client_id=world.students[student], counsellor_id=whose.person_id, room_id=None
    )
    return appointments.book_appointment(whose, world.desk, booking).value.id


def go(world: World, appointment_id: str, *states: AppointmentState) -> None:
    for state in states:
        appointments.set_appointment_state(world.me, world.desk, appointment_id, state)


def test_an_empty_day(world: World) -> None:
    found = read(world)
    assert (found.visits, found.unsigned, found.scratch, found.tasks, found.duty) == ((), (), (), (), ())
    assert (found.matters.total, found.matters.clock_jumped, found.matters.at) == (0, False, found.matters.at)
    assert [lane.name for lane in found.lanes] == [STAFF[0], STAFF[1]]
    assert [lane.name for lane in read(world, world.colleague).lanes] == [STAFF[1], STAFF[0]]
    assert (found.term.term, found.term.week, found.term.holiday) == (1, 7, "")


def test_the_visits_of_the_day_and_of_no_other(world: World) -> None:
    book(world, 16)
    book(world, 14, student=1, actor=world.colleague)
    book(world, 14, days=1)
    gone = book(world, 11, student=2)
    appointments.cancel_appointment(world.me, world.desk, gone, CancelledBy.CLIENT, "")
    assert [(visit.client.name, visit.is_mine, visit.nth) for visit in read(world).visits] == [
        (NAMES[1], False, 0),
        (NAMES[0], True, 1),
    ]
    assert [(visit.is_mine, visit.nth) for visit in read(world, world.colleague).visits] == [(True, 1), (False, 0)]


def test_where_the_note_of_a_visit_stands(world: World) -> None:
    world.consent()
    case_id = world.case()
    visit_id = book(world, 10)
    go(world, visit_id, STATES.CHECKED_IN)
    assert (read(world).visits[0].state, read(world).visits[0].session_id) == (STATES.CHECKED_IN, "")
    note = sessions.start_note(world.me, world.desk, case_id, world.draft("谈了睡眠"), visit_id).value.id
    visit = read(world).visits[0]
    assert (visit.state, visit.session_id, visit.is_signed, visit.nth) == (STATES.COMPLETED, note, False, 1)
    sessions.sign_note(world.me, world.desk, note)
    assert read(world).visits[0].is_signed
    again = book(world, 15)
    assert [visit.nth for visit in read(world).visits] == [1, 2]
    assert read(world, world.colleague).visits[0].session_id == ""
    go(world, again, STATES.NO_SHOW)
    assert [visit.nth for visit in read(world).visits] == [1, 0]


def test_a_case_that_was_closed_does_not_count_on(world: World) -> None:
    world.note("第一次")
    book(world)
    assert read(world).visits[0].nth == 2
    with world.desk.vault.change() as session:
        session.execute(text("UPDATE case_file SET closed_on = '2026-10-12'"))
    assert read(world).visits[0].nth == 1


def test_a_crisis_wants_its_assessment(world: World) -> None:
    came = appointments.walk_in(world.me, world.desk, world.students[0], urgency=Urgency.CRISIS).value
    assert read(world).visits[0].wants_assessment
    assert not any(visit.wants_assessment for visit in read(world).visits if visit.id != came.id)


def test_what_has_no_signed_note(world: World) -> None:
    draft = sessions.start_note(world.me, world.desk, world.case(), world.draft("草稿")).value
    done, here, coming = (book(world, hour, student=1) for hour in (9, 11, 15))
    absent = book(world, 10, student=2)
    theirs = book(world, 9, student=2, actor=world.colleague)
    go(world, done, STATES.CHECKED_IN, STATES.COMPLETED)
    go(world, here, STATES.CHECKED_IN)
    go(world, absent, STATES.NO_SHOW)
    go(world, theirs, STATES.CHECKED_IN, STATES.COMPLETED)
    world.clock.moment += 2 * HOUR
    assert [note.appointment_id or note.session_id for note in read(world).unsigned] == [done, draft.id]
    world.clock.moment += 2 * HOUR
    found = read(world)
    assert [note.appointment_id or note.session_id for note in found.unsigned] == [here, done, draft.id]
    assert (found.unsigned_total, found.unsigned[0].saved_at, found.unsigned[2].saved_at) == (3, None, draft.seen)
    assert [note.appointment_id for note in read(world, world.colleague).unsigned] == [theirs]
    world.clock.moment += timedelta(days=3)
    assert coming not in {note.appointment_id for note in read(world).unsigned}
    world.clock.moment += timedelta(days=370)
    assert [note.session_id for note in read(world).unsigned] == [draft.id]


def test_quick_notes_are_their_writers_alone(world: World) -> None:
    first = scratch_notes.write_scratch(world.me, world.desk, "班主任来电").value
    second = scratch_notes.write_scratch(world.me, world.desk, "借用团辅室").value
    scratch_notes.give_scratch(world.me, world.desk, first.id, world.students[0])
    assert [line.id for line in read(world).scratch or ()] == [second.id]
    assert read(world, world.colleague).scratch_total == 0
    before = len(world.audit())
    quiet = today(world.me, world.desk, scratch=False)
    assert (quiet.scratch, quiet.scratch_total, len(world.audit())) == (None, 1, before)
    read(world)
    assert len(world.audit()) == before + 1


def test_open_steps_with_a_deadline_the_most_urgent_first(world: World) -> None:
    first = begin(world)
    pass_time(world, 1)
    begin(world, student_id=world.students[1])
    found = read(world).matters
    clocked = [step for step in crisis.event(world.me, world.desk, first).steps if step.due_at is not None]
    assert found.total == 2 * len(clocked) == len(found.first)
    assert [matter.due_at for matter in found.first] == sorted(matter.due_at for matter in found.first)
    assert {matter.code for matter in found.first} == {"Z2026-001", "Z2026-002"}
    assert not any(matter.is_typed for matter in found.first)
    step = step_named(world, first, "CK-E-01")
    crisis_steps.complete_step(world.me, world.desk, step.id, note="安全", late_reason="路上")
    assert step.id not in {matter.id for matter in read(world).matters.first}
    settle_all(world, first)
    assert {matter.code for matter in read(world).matters.first} == {"Z2026-002"}


def test_a_closed_case_has_no_deadlines_and_many_are_counted(world: World) -> None:
    mistaken = begin(world)
    crisis.close_as_mistaken(world.me, world.desk, mistaken, "同名")
    assert read(world).matters.total == 0
    for _number in range(12):
        begin(world)
    found = read(world).matters
    assert (len(found.first), found.total > 50) == (50, True)


def test_a_restricted_case_is_told_to_nobody_else(world: World) -> None:
    begin(world, restricted=True)
    case_id = world.case(student=1)
    begin(world, student_id=world.students[1], case_id=case_id)
    cases.restrict_case(world.me, world.desk, case_id, restricted=True)
    assert read(world).matters.total > 0
    for other in (world.colleague, world.archivist):
        assert (read(world, other).matters.total, read(world, other).matters.first) == (0, ())


def test_a_clock_that_was_set_is_told_and_not_believed(world: World) -> None:
    begin(world)
    booted = world.clock.since_boot
    began = world.clock.moment.timestamp()
    world.clock.since_boot = lambda: began + 600  # type: ignore[method-assign]
    world.clock.moment -= 5 * HOUR
    found = read(world)
    assert found.matters.clock_jumped
    assert timedelta(minutes=9) < found.matters.at - (world.clock.moment + 5 * HOUR) < timedelta(minutes=11)
    world.clock.moment += 5 * HOUR
    world.clock.since_boot = booted  # type: ignore[method-assign]
    assert not read(world).matters.clock_jumped


def test_a_guard_is_handed_over_or_stands_empty(world: World) -> None:
    event_id = begin(world)
    period = guard_24h.begin_guard(world.me, world.desk, event_id, "辅导室").value
    empty = next(matter for matter in read(world).matters.first if matter.kind is MatterKind.UNGUARDED)
    assert (empty.id, empty.code, empty.due_at <= read(world).now) == (period, "Z2026-001", True)
    start = world.clock.moment
    guard_24h.add_shift(world.me, world.desk, period, "林老师", WatcherRole.COUNSELLOR, start, start + 3 * HOUR)
    handover = next(matter for matter in read(world).matters.first if matter.kind is MatterKind.HANDOVER)
    assert (handover.runs_from, handover.due_at) == (start, start + 3 * HOUR)
    pass_time(world, 4)
    late = next(matter for matter in read(world).matters.first if matter.kind is MatterKind.UNGUARDED)
    assert late.due_at == start + 3 * HOUR
    guard_24h.end_guard(world.me, world.desk, period, GuardEnd.LEVEL_LOWERED, gap_reason="换班")
    kinds = {matter.kind for matter in read(world).matters.first}
    assert kinds == {MatterKind.STEP}


def test_an_emergency_referral_is_to_be_completed(world: World) -> None:
    referral_id = world.referral(
        urgency=ReferralUrgency.EMERGENCY,
        emergency_basis="立即送医",
        supervisor_opinion=None,
        guardian_consent=ConsentAnswer.PENDING,
        risk=RiskLevel.SEVERE,
    )
    assert read(world).matters.total == 0
    issued = referrals.issue_referral(world.me, world.desk, referral_id).value
    (found,) = read(world).matters.first
    assert (found.kind, found.id, found.due_at, found.code) == (
        MatterKind.REFERRAL, referral_id, issued.complete_by, issued.number,
    )  # fmt: skip
    assert read(world, world.colleague).matters.total == 0
    referrals.complete_referral(world.me, world.desk, referral_id, supervisor_opinion="同意")
    assert read(world).matters.total == 1
    referrals.complete_referral(world.me, world.desk, referral_id, guardian_consent=ConsentAnswer.REFUSED)
    assert read(world).matters.total == 0


def test_a_tier_is_to_be_reviewed(world: World) -> None:
    tier = confirmed(world)
    assert tier.review_due_on is not None
    assert read(world).matters.total == 0
    world.clock.moment += timedelta(days=23)
    (found,) = read(world).matters.first
    assert (found.kind, found.id, found.is_day) == (MatterKind.TIER_REVIEW, tier.id, True)
    assert found.due_at.date() == tier.review_due_on + timedelta(days=1)
    assert read(world, world.colleague).matters.total == 0


def test_a_report_waits_for_its_assessment_until_it_is_signed(world: World) -> None:
    """On its day; an urgent one at once. A draft asks for nothing, and one voided asks for nothing any more."""
    entry = entry_for(register_named("F-40"), world, date="2026-10-12", urgency="soon")
    drafted = registers.add_row(world.me, world.desk, "F-40", entry, file=False).value
    assert read(world).matters.total == 0
    assert registers.list_rows(world.me, world.desk, "F-40").open == frozenset()
    soon = filed(world, "F-40", date="2026-10-12", urgency="soon")
    urgent = filed(world, "F-40", date="2026-10-12", urgency="crisis")
    first, second = read(world).matters.first
    assert [(each.kind, each.id, each.is_day) for each in (first, second)] == [
        (MatterKind.REPORT, urgent.id, False), (MatterKind.REPORT, soon.id, True),
    ]  # fmt: skip
    assert (first.due_at, first.student_name) == (first.runs_from, NAMES[0])
    assert second.due_at - second.runs_from == timedelta(days=1)
    assert second.due_at.date() == date(2026, 10, 13)
    assert registers.list_rows(world.me, world.desk, "F-40").open == {soon.id, urgent.id}
    data = replace(assessment_data(world), source_entity="register_row", source_id=soon.id)
    assessed = crisis_assessments.draft_assessment(world.me, world.desk, data).value
    assert read(world).matters.total == 2, "a draft is no assessment yet"
    crisis_assessments.sign_assessment(world.me, world.desk, assessed.id)
    assert [each.id for each in read(world).matters.first if each.kind is MatterKind.REPORT] == [urgent.id]
    right = entry_for(register_named("F-40"), world, 2, date="2026-10-12", urgency="soon")
    registers.correct_row(world.me, world.desk, soon.id, right, "写错了")
    assert registers.list_rows(world.me, world.desk, "F-40").open == {urgent.id}, "it was assessed before"
    registers.void_row(world.me, world.desk, urgent.id, "录错了")
    assert registers.list_rows(world.me, world.desk, "F-40").open == frozenset()
    assert drafted.id not in {each.id for each in read(world).matters.first}
    filed(world, "F-61")
    assert registers.list_rows(world.me, world.desk, "F-61").open == frozenset()


def test_follow_ups_of_this_week(world: World) -> None:
    confirmed(world)
    sunday = date(2026, 10, 18)
    own = follow_ups.add_task(world.me, world.desk, world.students[1], "回访母亲", sunday).value
    follow_ups.add_task(world.me, world.desk, world.students[1], "下周再看", sunday + timedelta(days=1))
    found = read(world)
    due = follow_ups.board(world.me, world.desk, sunday)
    assert [line.id for line in found.tasks] == [task.id for task in due]
    assert (found.tasks_total, len(due) > 1) == (len(due), True)
    line = next(line for line in found.tasks if line.id == own.id)
    assert (line.is_typed, line.tier, line.client.name) == (True, None, NAMES[1])
    ruled = next(line for line in found.tasks if line.id != own.id)
    assert (ruled.is_typed, ruled.tier) == (False, CareTier.KEY_INTERVENTION)
    assert read(world, world.colleague).tasks_total == 0


def test_duty_and_the_day_in_the_term(world: World) -> None:
    for hour, who in ((13, world.colleague), (8, world.me)):
        start = world.at(0, hour)
        duty.set_shift(world.me, world.desk, duty.ShiftData(start, start + 4 * HOUR, who.person_id))
    start = world.at(1, 8)
    duty.set_shift(world.me, world.desk, duty.ShiftData(start, start + HOUR, world.me.person_id))
    assert [shift.name for shift in read(world).duty] == [STAFF[0], STAFF[1]]
    school.mark_day(world.me, world.desk, date(2026, 10, 12), DayKind.HOLIDAY, "校庆日")
    assert read(world).term.holiday == "校庆日"
    world.clock.moment = world.clock.moment.replace(year=2027, month=2, day=1)
    assert (read(world).term.term, read(world).term.week) == (0, 0)


@pytest.mark.parametrize(
    ("day", "week"), [(date(2026, 9, 1), 1), (date(2026, 9, 6), 1), (date(2026, 9, 7), 2), (date(2026, 10, 12), 7)]
)
def test_weeks_of_a_term_begin_on_monday(day: date, week: int) -> None:
    term = TermSpan("2026-2027", 1, date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8))
    assert week_of_term(day, term) == week


def test_a_stranger_reads_nothing(world: World) -> None:
    with pytest.raises(AccessDenied):
        read(world, Actor("nobody", "nobody", frozenset()))
