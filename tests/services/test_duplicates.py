"""Merging two entries of one student: everything follows, nothing signed changes, and there is no other way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, text
from sqlalchemy.exc import DBAPIError

from counselroom.errors import UserError
from counselroom.model import Base
from counselroom.model.references import person_columns, subject_tables
from counselroom.printing.definitions import Audience
from counselroom.rules.archive import OpenReason
from counselroom.rules.people import Relation, SpecialGroup
from counselroom.services import (
    appointments,
    archives,
    attachments,
    cases,
    prints,
    search,
    sessions,
    students,
)
from counselroom.services.desk import AccessDenied
from counselroom.services.duplicates import APART, candidates, merge_sides, merge_students
from counselroom.services.timeline import timeline
from counselroom.vault.protection import PROTECTED
from tests.services.world import World

PDF = b"%PDF-1.4\n" + b"x" * 50
CONTENT = ("sections", "risk_level", "signed_at", "signed_by", "content_hash", "seq", "case_id", "held_on")


def filled(world: World, student: int) -> str:
    """Give a student a row of every kind; return the signed note."""
    case = world.case(student=student)
    world.consent(student)
    draft = world.draft(f"第{student}个学生说的话")
    note = sessions.start_note(world.me, world.desk, case, draft).value.id
    sessions.sign_note(world.me, world.desk, note)
    sessions.amend_note(world.me, world.desk, note, "更正一处", "笔误")
    sessions.start_note(world.me, world.desk, case, world.draft("没签的"))
    days = {0: 1, 1: 2, 2: 3}[student]
    booking = world.booking(days=days, client_id=world.students[student])
    appointments.book_appointment(world.me, world.desk, booking)
    card = world.card(student=student)
    archives.file_card(world.me, world.desk, card.id)
    world.referral(student_id=world.students[student])
    attachments.attach_file(world.me, world.desk, "session_record", note, "手写.pdf", PDF)
    attachments.attach_file(world.me, world.desk, "student", world.students[student], "照片.pdf", PDF)
    prints.print_form(world.me, world.desk, prints.PrintRequest("F-11", note, Audience.ROOM))
    students.add_guardian(world.me, world.desk, world.students[student], f"家长{student}", Relation.MOTHER)
    groups = frozenset({SpecialGroup.ORPHAN})
    students.set_special_groups(world.me, world.desk, world.students[student], groups, date(2026, 10, 1))
    return note


def merge(world: World, winner: int = 0, loser: int = 2) -> Any:
    actor = world.me.because("同一名学生录了两次")
    return merge_students(actor, world.desk, world.students[winner], world.students[loser])


def about(world: World, student: str) -> dict[str, int]:
    """Return how many rows of each table name a person, whatever for."""
    found: dict[str, int] = {}
    for column in person_columns():
        name = column.table.name
        (count,) = world.sql(f'SELECT count(*) FROM "{name}" WHERE "{column.name}" = :id', id=student)[0]
        if count:
            found[f"{name}.{column.name}"] = count
    return found


def test_every_row_follows_and_signed_text_stays_as_it_was(world: World) -> None:
    notes = filled(world, 0), filled(world, 2)
    wanted = ", ".join(CONTENT)
    query = f"SELECT id, {wanted} FROM session_record ORDER BY id"
    before, loser = world.sql(query), about(world, world.students[2])
    winner = about(world, world.students[0])
    amendments = world.sql("SELECT id, text, reason FROM amendment ORDER BY id")
    cards = world.sql("SELECT id, interests, content_hash FROM archive_card ORDER BY id")
    merge(world)
    after = about(world, world.students[0])
    assert world.sql(query) == before
    assert world.sql("SELECT id, text, reason FROM amendment ORDER BY id") == amendments
    assert world.sql("SELECT id, interests, content_hash FROM archive_card ORDER BY id") == cards
    # The second archive stays where it was, voided and empty: a student has one.
    assert about(world, world.students[2]) == {"psych_archive.student_id": 1}
    for name, count in loser.items():
        if not name.startswith(("psych_archive", "search_name")):
            assert after[name] == winner.get(name, 0) + count, name
    shown = timeline(world.me, world.desk, world.students[0]).entries
    assert {notes[0], notes[1]} <= {entry.entity_id for entry in shown}
    assert world.sql("SELECT count(*) FROM archive_item i JOIN psych_archive a ON a.id = i.archive_id"
                     " WHERE a.student_id = :id", id=world.students[0]) == [(2,)]  # fmt: skip
    with world.desk.vault.reading() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_the_entry_that_was_given_up_is_voided_and_found_no_more(world: World) -> None:
    note = filled(world, 2)
    number = world.sql("SELECT student_no FROM student WHERE id = :id", id=world.students[2])[0][0]
    merge(world)
    ((voided, left),) = world.sql("SELECT voided_at, student_no FROM student WHERE id = :id", id=world.students[2])
    assert voided is not None
    assert left is None
    with pytest.raises(UserError, match="没有这名学生"):
        students.student(world.me, world.desk, world.students[2])
    found = [view.id for view in students.find_people(world.me, world.desk, number)]
    assert found == [world.students[0]]
    hits = search.search_text(world.me, world.desk, "第2个学生说的话")
    assert [hit.entity_id for hit in hits.hits] == [note]
    assert world.sql("SELECT subject_person FROM search_entry WHERE entity_id = :id", id=note) == [(world.students[0],)]


def test_what_the_winner_lacks_is_filled_and_nothing_of_it_is_overwritten(world: World) -> None:
    bare = students.add_student(world.me, world.desk, students.StudentData("张晓明", dorm="1-101")).value.id
    actor = world.me.because("录了两次")
    merged = merge_students(actor, world.desk, bare, world.students[2]).value
    assert (merged.data.student_no, merged.data.birth_date) == ("20250303", date(2012, 5, 3))
    assert (merged.data.dorm, merged.data.phone) == ("1-101", "13900000003")
    kept = merge_students(actor, world.desk, bare, world.students[1]).value
    assert kept.data == merged.data


def test_guardians_and_groups_are_not_doubled(world: World) -> None:
    filled(world, 0)
    filled(world, 2)
    students.add_guardian(world.me, world.desk, world.students[2], "家长0", Relation.MOTHER)
    merge(world)
    names = [view.name for view in students.list_guardians(world.me, world.desk, world.students[0])]
    assert names[-2:] == ["家长0", "家长2"]
    assert names.count("家长0") == 1
    open_groups = world.sql(
        "SELECT count(*) FROM special_group_member WHERE student_id = :id AND ended_on IS NULL", id=world.students[0]
    )
    assert open_groups == [(1,)]


def test_the_only_archive_goes_over_whole(world: World) -> None:
    archive = archives.open_archive(world.me, world.desk, world.students[2], OpenReason.CENSUS).value
    merge(world)
    found = archives.archive_of(world.me, world.desk, world.students[0])
    assert found is not None
    assert found.archive_no == archive.archive_no


def test_the_merge_and_each_signed_row_have_their_deed(world: World) -> None:
    note = filled(world, 2)
    merge(world)
    deeds = world.sql("SELECT entity, entity_id, reason FROM deed WHERE kind = 'reassign'")
    assert ("student", world.students[2], "同一名学生录了两次") in deeds
    assert ("session_record", note, "同一名学生录了两次") in deeds
    told = {(line.entity, line.entity_id) for line in world.audit() if line.action == "reassign"}
    assert {(entity, entity_id) for entity, entity_id, _reason in deeds} <= told
    assert world.sql("SELECT count(*) FROM deed WHERE open_token IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("who", ["no reason", "colleague", "same", "unknown", "merged"])
def test_without_leave_reason_or_two_entries_nothing_changes(world: World, who: str) -> None:
    filled(world, 2)
    first, second = world.students[0], world.students[2]
    actor = world.me.because("录了两次")
    if who == "no reason":
        actor = world.me
    if who == "colleague":
        actor = world.colleague.because("录了两次")
    if who == "same":
        second = first
    if who == "unknown":
        second = "0" * 32
    if who == "merged":
        merge(world, 0, 1)
        second = world.students[1]
    before = world.dump()
    with pytest.raises(AccessDenied if who in ("no reason", "colleague") else UserError):
        merge_students(actor, world.desk, first, second)
    assert world.dump() == before


def test_a_merge_that_fails_in_the_middle_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from counselroom.services import duplicates

    filled(world, 0)
    filled(world, 2)

    def fail(*_parts: object) -> None:
        raise UserError("no", "no")

    monkeypatch.setattr(duplicates, "_close", fail)
    before = world.dump()
    with pytest.raises(UserError):
        merge(world)
    assert world.dump() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE session_record SET client_id = :winner WHERE client_id = :loser AND signed_at IS NOT NULL",
        "UPDATE amendment SET subject_person = :winner WHERE subject_person = :loser",
        "UPDATE consent SET client_id = :winner WHERE client_id = :loser",
        "UPDATE archive_card SET student_id = :winner WHERE student_id = :loser",
        "UPDATE print_log SET subject_person = :winner WHERE subject_person = :loser",
    ],
)
def test_there_is_no_way_beside_the_deed(world: World, statement: str) -> None:
    filled(world, 2)
    before = world.dump()
    with pytest.raises(DBAPIError, match="protected"), world.desk.vault.change() as session:
        session.execute(text(statement), {"winner": world.students[0], "loser": world.students[2]})
    assert world.dump() == before


def test_every_table_that_names_a_student_is_carried_along() -> None:
    """A table in which two rows of one student would collide needs its own way; a protected one lets it be given."""
    for column in person_columns():
        table = column.table
        unique = [
            constraint
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint) and column.name in constraint.columns
        ]
        if unique or column.unique or (column.primary_key and table.name != "person"):
            assert table.name in APART | {"account"}, f"{table.name}.{column.name} would collide"
    for table, column in subject_tables():
        protection = PROTECTED.get(table.name)
        if protection is not None and protection.by_deeds:
            assert column.name in protection.reassignable, table.name
    assert "register_row" in {table.name for table, _column in subject_tables()}
    assert Base.metadata.tables["account"].c.person_id.unique  # a student has no account


def test_a_restricted_case_stays_restricted(world: World) -> None:
    case = world.case(student=2)
    world.note("很重的事", case_id=case)
    cases.restrict_case(world.me, world.desk, case, restricted=True)
    merge(world)
    assert timeline(world.colleague, world.desk, world.students[0]).entries == ()
    assert {entry.kind.value for entry in timeline(world.me, world.desk, world.students[0]).entries} == {
        "case",
        "session",
    }


def test_two_entries_stand_beside_each_other(world: World) -> None:
    filled(world, 2)
    first, second = merge_sides(world.me, world.desk, world.students[0], world.students[2])
    assert (first.view.data.name, second.view.data.name) == ("欧阳若曦", "张晓明")
    assert second.rows > first.rows


def test_only_what_shares_something_is_compared_the_oldest_first(world: World) -> None:
    count, shared = candidates(world.me, world.desk)
    assert count == len(world.students)
    numbers = [student for one in shared if (student := one.student_no)]
    assert len(numbers) == len(set(numbers))
    birthday = date(2011, 3, 4)
    twice = [
        students.add_student(world.me, world.desk, students.StudentData(name, birth_date=birthday)).value.id
        for name in ("钟离慎之", "钟离 慎之")
    ]
    count, found = candidates(world.me, world.desk)
    assert count == len(world.students) + 2
    assert [one.id for one in found if one.id in twice] == twice
    assert {one.id for one in found} - set(twice) == {one.id for one in shared}
    merge_students(world.me.because("两份是同一人"), world.desk, twice[0], twice[1])
    assert candidates(world.me, world.desk) == (len(world.students) + 1, shared)
