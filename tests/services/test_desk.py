"""The desk: one transaction of a service, what it stamps, and what remains of a refusal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from counselroom.errors import UserError
from counselroom.model.people import Person
from counselroom.rules.access import Action, Refusal
from counselroom.rules.people import Gender, PersonKind
from counselroom.rules.school_calendar import TermSpan
from counselroom.rules.secrecy import Secrecy
from counselroom.services import appointments, cases, sessions, students
from counselroom.services.desk import AccessDenied
from counselroom.vault.admission import ReadOnlyReason
from counselroom.vault.vault import VaultReadOnly
from tests.services.world import World


def person(world: World, work: Any, on: date, name: str = "某人") -> Person:
    common = work.common(world.me, Secrecy.S2, on)
    return Person(**common, kind=PersonKind.OTHER, name=name, gender=Gender.UNKNOWN)


def test_a_new_row_is_stamped_with_who_when_and_the_day_of_its_event(world: World) -> None:
    with world.desk.change() as work:
        row = person(world, work, date(2027, 3, 1))
        work.session.add(row)
        moment = work.now
    stored = world.sql(
        "SELECT created_by, updated_by, academic_year, term, secrecy, id FROM person WHERE name = '某人'"
    )
    assert stored == [(world.me.account_id, world.me.account_id, "2026-2027", "2026-2027-2", "S2", row.id)]
    assert row.created_at == row.updated_at == moment


def test_a_given_id_is_used(world: World) -> None:
    with world.desk.change() as work:
        assert work.common(world.me, Secrecy.S1, date(2026, 10, 1), row_id="ready")["id"] == "ready"
        first, second = (work.common(world.me, Secrecy.S1, date(2026, 10, 1))["id"] for _ in "12")
        assert first != second


@pytest.mark.parametrize(
    ("on", "place"),
    [
        (date(2026, 9, 1), ("2026-2027", "2026-2027-1")),
        (date(2027, 1, 20), ("2026-2027", "2026-2027-1")),
        (date(2027, 1, 21), ("2026-2027", None)),
        (date(2027, 2, 22), ("2026-2027", "2026-2027-2")),
        (date(2026, 8, 31), ("2026-2027", None)),
        (date(2026, 7, 31), ("2025-2026", None)),
    ],
)
def test_the_day_of_the_event_decides_year_and_term(world: World, on: date, place: tuple[str, str | None]) -> None:
    with world.desk.change() as work:
        common = work.common(world.me, Secrecy.S1, on)
        assert (common["academic_year"], common["term"]) == place


def test_late_entry_belongs_to_the_term_of_its_event(world: World) -> None:
    """R-18: a session of October that is typed in in March is one of the first term."""
    case_id = world.case()
    world.clock.moment = datetime(2027, 3, 3, 9, 0, tzinfo=world.clock.moment.tzinfo)
    note = sessions.start_note(world.me, world.desk, case_id, world.draft("补录")).value
    ((year, term, created),) = world.sql(
        "SELECT academic_year, term, created_at FROM session_record WHERE id = :id", id=note.id
    )
    assert (year, term) == ("2026-2027", "2026-2027-1")
    assert created.startswith("2027-03-03")


def test_a_moved_event_takes_its_new_term(world: World) -> None:
    booked = appointments.book_appointment(world.me, world.desk, world.booking()).value
    start = datetime(2027, 3, 1, 14, 0, tzinfo=booked.starts_at.tzinfo)
    appointments.move_appointment(world.me, world.desk, booked.id, start, start + timedelta(minutes=50), None)
    assert world.sql("SELECT term FROM appointment WHERE id = :id", id=booked.id) == [("2026-2027-2",)]
    note = sessions.start_note(world.me, world.desk, world.case(), world.draft("错写日期")).value
    later = world.draft("改正日期", starts_at=start, ends_at=start + timedelta(minutes=50))
    assert sessions.save_note(world.me, world.desk, note.id, later).value.held_on == start.date()
    assert world.sql("SELECT term FROM session_record WHERE id = :id", id=note.id) == [("2026-2027-2",)]


def test_terms_come_in_order(world: World) -> None:
    with world.desk.look() as work:
        first, second = work.terms()
    assert first == TermSpan("2026-2027", 1, date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8))
    assert second.number == 2


def test_touching_stamps_the_row_and_names_it(world: World) -> None:
    with world.desk.change() as work:
        row = work.session.get_one(Person, world.students[0])
        before = row.updated_at
        work.touch(row, world.colleague)
        work.changed("draft", "7")
        assert work.changes().changed == {("person", row.id), ("draft", "7")}
        assert row.updated_at == work.now > before
        assert row.updated_by == world.colleague.account_id


def test_an_audit_row_says_who_did_what_when_and_why(world: World) -> None:
    with world.desk.change() as work:
        number = work.audit(world.me.because("复核"), "looked", "person", "7", digest="abc")
        moment = work.now
        event = work.event(world.me, "looked", "person", "7", deed_id="d")
    row = world.audit()[-1]
    assert (row.actor_id, row.action, row.entity, row.entity_id) == (world.me.account_id, "looked", "person", "7")
    assert (row.reason, row.digest) == ("复核", "abc")
    assert number == len(world.audit())
    assert event.at == moment
    assert event.roles == ("archive_manager", "center_director", "counsellor")
    assert (event.reason, event.digest, event.deed_id) == ("", "", "d")


def write_and_fail(world: World, failure: Exception) -> None:
    with world.desk.change() as work:
        work.session.add(person(world, work, date(2026, 10, 1)))
        work.session.flush()
        work.audit(world.me, "x", "person", "")
        raise failure


def test_a_failed_change_leaves_nothing(world: World) -> None:
    before, log = world.dump(), world.audit()
    with pytest.raises(ZeroDivisionError):
        write_and_fail(world, ZeroDivisionError())
    assert world.dump() == before
    assert world.audit() == log


def test_a_refusal_is_rolled_back_and_then_written_down(world: World) -> None:
    before, log = world.dump(), world.audit()
    nosy = world.colleague.because("好奇")
    denied = AccessDenied(nosy, Action.READ, "session_record", "n1", Refusal.NOT_YOURS, "不可。")
    with pytest.raises(AccessDenied) as caught:
        write_and_fail(world, denied)
    assert caught.value is denied
    assert denied.sentence().startswith("不可。")
    assert world.dump() == before
    (row,) = world.audit()[len(log) :]
    assert (row.actor_id, row.action, row.entity, row.entity_id) == (
        world.colleague.account_id,
        "denied:read",
        "session_record",
        "n1",
    )
    assert (row.reason, row.digest) == ("好奇", "not_yours")


def test_looking_may_leave_a_trace(world: World) -> None:
    with world.desk.look() as work:
        assert work.writable
        assert work.audit(world.me, "read", "person", "7") == len(world_rows(work)) > 0


def world_rows(work: Any) -> list[Any]:
    return list(work.session.execute(text("SELECT seq FROM audit_log")))


def test_a_read_only_vault_is_looked_at_without_a_trace(world: World) -> None:
    """A vault that opened read-only shows what may be shown, and not a byte is written."""
    case_id = world.case(goals=("睡眠",))
    log = world.audit()
    world.desk.vault.read_only = next(iter(ReadOnlyReason))
    assert cases.case(world.me, world.desk, case_id).goals == ("睡眠",)
    with pytest.raises(AccessDenied):
        cases.case(world.colleague, world.desk, case_id)
    with world.desk.look() as work:
        assert not work.writable
        assert work.audit(world.me, "read", "person", "7") == -1
    with pytest.raises(VaultReadOnly):
        students.add_student(world.me, world.desk, students.StudentData("某人"))
    world.desk.vault.read_only = None
    assert world.audit() == log


def test_a_user_error_keeps_the_vault_usable(world: World) -> None:
    for _ in range(3):
        with pytest.raises(UserError):
            students.student(world.me, world.desk, "nobody")
    assert students.count_students(world.me, world.desk) == 3
