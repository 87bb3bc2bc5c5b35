"""What the record page shows of a student, and what it does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Role
from counselroom.rules.counselling import ConsentKind
from counselroom.rules.people import StudentStatus
from counselroom.rules.timeline import EntryKind
from counselroom.services import (
    accounts,
    appointments,
    attachments,
    cases,
    crisis_assessments,
    prints,
    referrals,
    sessions,
    students,
)
from counselroom.services.timeline import timeline
from tests.services.crisis_support import assessment_data, begin
from tests.services.world import World

PDF = b"%PDF-1.4\n" + b"x" * 50


def kinds(world: World, actor: object = None, student: int = 0) -> list[str]:
    found = timeline(actor or world.me, world.desk, world.students[student])  # type: ignore[arg-type]
    return [entry.kind.value for entry in found.entries]


def test_everything_of_a_student_is_there_newest_first(world: World) -> None:
    world.consent()
    note = world.note("这周睡得好一些")
    sessions.amend_note(world.me, world.desk, note, "三天更正为两天", "学生自述")
    booked = appointments.book_appointment(world.me, world.desk, world.booking(days=2)).value
    world.card()
    referral = world.referral()
    attachments.attach_file(world.me, world.desk, "session_record", note, "手写.pdf", PDF)
    prints.print_form(world.me, world.desk, prints.PrintRequest("F-11", note, Audience.ROOM))
    found = timeline(world.me, world.desk, world.students[0])
    assert {entry.kind for entry in found.entries} == set(EntryKind) - {
        EntryKind.REGISTER,
        EntryKind.TIER,
        EntryKind.FOLLOW_UP,
        EntryKind.CRISIS,
        EntryKind.ASSESSMENT,
        EntryKind.REPLY,
    }
    assert [entry.day for entry in found.entries] == sorted((entry.day for entry in found.entries), reverse=True)
    (session,) = (entry for entry in found.entries if entry.kind is EntryKind.SESSION)
    assert (session.text, session.seq, session.minutes, session.who) == ("这周睡得好一些", 1, 50, "林老师")
    assert [correction.text for correction in session.corrections] == ["三天更正为两天"]
    assert session.signed_at is not None
    things = found.open_things
    assert things.appointment is not None
    assert things.appointment.entity_id == booked.id
    assert [entry.entity_id for entry in things.referrals] == [referral]
    assert len(things.cases) == 1
    assert (found.year.academic_year, found.year.sessions, found.year.referrals) == ("2026-2027", 1, 1)


def test_other_students_are_not_in_it(world: World) -> None:
    world.note("别人的事", student=1)
    appointments.book_appointment(world.me, world.desk, world.booking(client_id=world.students[1]))
    assert kinds(world) == []


def test_a_draft_is_the_writers_alone(world: World) -> None:
    case = world.case()
    sessions.start_note(world.me, world.desk, case, world.draft("还没写完"))
    assert [entry.text for entry in timeline(world.me, world.desk, world.students[0]).open_things.unsigned] == [
        "还没写完"
    ]
    assert kinds(world, world.director.because("督导")) == ["case"]


def test_another_counsellors_case_is_there_without_its_content(world: World) -> None:
    note = world.note("我们谈的事")
    cases_seen = timeline(world.colleague, world.desk, world.students[0]).entries
    assert {(entry.kind, entry.text, entry.readable) for entry in cases_seen} == {
        (EntryKind.SESSION, "", False),
        (EntryKind.CASE, "", False),
    }
    attachments.attach_file(world.me, world.desk, "session_record", note, "手写.pdf", PDF)
    prints.print_form(world.me, world.desk, prints.PrintRequest("F-11", note, Audience.ROOM))
    assert timeline(world.colleague, world.desk, world.students[0]).entries == cases_seen


def test_nobody_is_told_whom_a_restricted_case_is_about(world: World) -> None:
    case = world.case(goals=("平安",))
    note = world.note("很重的事", case_id=case)
    world.referral(case_id=case)
    attachments.attach_file(world.me, world.desk, "session_record", note, "手写.pdf", PDF)
    prints.print_form(world.me, world.desk, prints.PrintRequest("F-11", note, Audience.ROOM))
    cases.restrict_case(world.me, world.desk, case, restricted=True)
    assert sorted(kinds(world)) == ["attachment", "case", "print", "referral", "session"]
    for actor in (world.colleague, world.archivist, world.director, world.director.because("督导")):
        assert kinds(world, actor) == []
        found = timeline(actor, world.desk, world.students[0])
        assert (found.open_things.cases, found.open_things.referrals, found.year.sessions) == ((), (), 0)


def test_a_grant_opens_a_restricted_case(world: World) -> None:
    case = world.case()
    world.note("很重的事", case_id=case)
    cases.restrict_case(world.me, world.desk, case, restricted=True)
    (account,) = (
        account for account in accounts.list_accounts(world.me, world.desk) if account.id == world.colleague.account_id
    )
    accounts.grant_access(world.me.because("会诊"), world.desk, account.id, "case_file", case, 60)
    assert sorted(kinds(world, world.colleague)) == ["case", "session"]
    world.clock.moment += timedelta(minutes=61)
    assert kinds(world, world.colleague) == []


def test_the_director_reads_with_a_reason(world: World) -> None:
    world.note("我们谈的事")
    plain = timeline(world.director, world.desk, world.students[0]).entries
    assert {entry.text for entry in plain} == {""}
    because = timeline(world.director.because("督导"), world.desk, world.students[0]).entries
    assert {entry.text for entry in because} == {"", "我们谈的事"}


def test_looking_leaves_a_trace_of_the_student_and_of_each_case_that_was_read(world: World) -> None:
    note = world.note("我们谈的事")
    (case,) = world.sql("SELECT case_id FROM session_record WHERE id = :note", note=note)[0]
    before = len(world.audit())
    timeline(world.me, world.desk, world.students[0])
    told = [(line.action, line.entity, line.entity_id) for line in world.audit()[before:]]
    assert told == [("read", "student", world.students[0]), ("read", "case_file", case)]
    before = len(world.audit())
    timeline(world.colleague, world.desk, world.students[0])
    assert [line.entity for line in world.audit()[before:]] == ["student"]


def test_kinds_choose_what_is_listed_and_not_what_is_open(world: World) -> None:
    world.note("我们谈的事")
    found = timeline(world.me, world.desk, world.students[0], frozenset({EntryKind.CONSENT}))
    assert found.entries == ()
    assert len(found.open_things.cases) == 1


def test_a_graduate_is_still_read_and_a_stranger_is_not(world: World) -> None:
    world.consent(kind=ConsentKind.SERVICE)
    today = world.clock.now().date()
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.GRADUATED, today)
    assert kinds(world) == ["consent"]
    with pytest.raises(UserError, match="没有这名学生"):
        timeline(world.me, world.desk, "0" * 32)
    assert Role.COUNSELLOR in world.me.roles


def test_a_crisis_is_there_for_the_room_and_its_assessment_without_content(world: World) -> None:
    draft = crisis_assessments.draft_assessment(world.me, world.desk, assessment_data(world)).value
    assert kinds(world, world.colleague) == []
    crisis_assessments.sign_assessment(world.me, world.desk, draft.id, facts="同学报告")
    found = {entry.kind: entry for entry in timeline(world.me, world.desk, world.students[0]).entries}
    assert (found[EntryKind.CRISIS].number, found[EntryKind.CRISIS].text) == ("Z2026-001", "同学报告")
    assert found[EntryKind.ASSESSMENT].text
    assert world.audit()[-1].entity == "crisis_assessment"
    theirs = {entry.kind: entry for entry in timeline(world.colleague, world.desk, world.students[0]).entries}
    assert theirs[EntryKind.CRISIS].readable
    assert (theirs[EntryKind.ASSESSMENT].readable, theirs[EntryKind.ASSESSMENT].text) == (False, "")
    assert theirs[EntryKind.ASSESSMENT].state == ""


def test_a_restricted_crisis_is_not_there_for_others(world: World) -> None:
    begin(world, restricted=True)
    assert kinds(world) == ["crisis"]
    assert kinds(world, world.colleague) == []
    assert kinds(world, world.director.because("督导")) == []


def test_the_reply_to_a_referral_stands_at_its_day(world: World) -> None:
    row = world.referral()
    referrals.issue_referral(world.me, world.desk, row)
    data = referrals.FeedbackData(date(2026, 10, 12), "青禾市第三医院", "门诊随访", may_attend_school="可正常在校")
    referrals.record_feedback(world.me, world.desk, row, data)
    (reply,) = (
        entry for entry in timeline(world.me, world.desk, world.students[0]).entries if entry.kind is EntryKind.REPLY
    )
    assert (reply.day, reply.entity_id) == (date(2026, 10, 12), row)
    assert reply.text == "青禾市第三医院；门诊随访；可正常在校"
    theirs = [
        entry
        for entry in timeline(world.colleague, world.desk, world.students[0]).entries
        if entry.kind is EntryKind.REPLY
    ]
    assert [(entry.text, entry.readable) for entry in theirs] == [("", False)]
