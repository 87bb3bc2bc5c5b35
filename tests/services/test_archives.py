"""Archives and their card: one for each student, and a filed card never changes again (R-09)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, OperationalError

from counselroom.errors import UserError
from counselroom.model.archive import ArchiveCard, ArchiveItem
from counselroom.rules.archive import ArchiveState, CollectionSource, FamilyStructure, OpenReason
from counselroom.rules.people import SpecialGroup
from counselroom.services import students
from counselroom.services.archives import (
    CardData,
    FamilyMember,
    MajorEvent,
    archive_of,
    card,
    file_card,
    open_archive,
    save_card,
)
from counselroom.services.desk import AccessDenied
from tests.services.world import World

PROTECTED = (IntegrityError, OperationalError)
FULL = CardData(
    family_members=(
        FamilyMember("父亲", "欧阳建国", "45", "货车司机", "初中", "13811112222"),
        FamilyMember("母", "单氏"),
    ),
    family_structure=FamilyStructure.LEFT_BEHIND,
    economic="一般",
    living="与祖母同住",
    caretaker="祖母",
    health_history="无",
    medication="无用药",
    major_events=(MajorEvent("2024", "转学"), MajorEvent("2025-03", "祖父去世")),
    study_status="中等",
    interests="画画",
    self_description="安静",
    teacher_description="守纪律",
    friendships="有两位好友",
    teacher_observation="近来沉默",
    home_visit_summary="家中整洁",
    special_groups=frozenset({SpecialGroup.LEFT_BEHIND, SpecialGroup.POVERTY_REGISTERED}),
    source=CollectionSource.HOME_VISIT,
    collected_on=date(2026, 9, 20),
    collected_by="班主任",
    suggestion="每周谈心一次",
)


def test_a_student_has_one_archive_for_life(world: World) -> None:
    assert archive_of(world.me, world.desk, world.students[0]) is None
    done = open_archive(world.me, world.desk, world.students[0], OpenReason.COUNSELLING)
    archive = done.value
    assert (archive.archive_no, archive.student_id) == ("QH-2026-2027-DA-0001", world.students[0])
    assert (archive.opened_on, archive.state) == (world.clock.moment.date(), ArchiveState.OPEN)
    assert done.changes.changed == {("psych_archive", archive.id)}
    again = open_archive(world.me, world.desk, world.students[0], OpenReason.TIER)
    assert again.value == archive
    assert again.changes.changed == frozenset()
    assert archive_of(world.archivist, world.desk, world.students[0]) == archive
    assert world.sql("SELECT open_reason FROM psych_archive") == [("counselling",)]
    other = open_archive(world.me, world.desk, world.students[1], OpenReason.CENSUS).value
    assert other.archive_no == "QH-2026-2027-DA-0002"


def test_nobody_else_gets_an_archive(world: World) -> None:
    for person_id in ("none", world.me.person_id):
        with pytest.raises(UserError):
            open_archive(world.me, world.desk, person_id, OpenReason.COUNSELLING)
    assert world.sql("SELECT count(*) FROM psych_archive") == [(0,)]
    assert world.sql("SELECT count(*) FROM number_series WHERE series LIKE 'DA%'") == [(0,)]


def test_every_field_of_a_card_comes_back(world: World) -> None:
    for item in fields(CardData):
        assert getattr(FULL, item.name) != getattr(CardData(), item.name), item.name
    done_card = world.card(FULL)
    assert done_card.data == FULL
    assert card(world.me, world.desk, done_card.archive_id) == done_card
    assert (done_card.student_id, done_card.filed_at) == (world.students[0], None)
    empty = save_card(world.me, world.desk, done_card.archive_id, CardData())
    assert empty.value.data == CardData()
    assert empty.value.id == done_card.id
    assert empty.changes.changed == {("archive_card", done_card.id)}


def test_an_archive_may_have_no_card_yet(world: World) -> None:
    archive = open_archive(world.me, world.desk, world.students[0], OpenReason.COUNSELLING).value
    assert card(world.me, world.desk, archive.id) is None
    with pytest.raises(UserError):
        save_card(world.me, world.desk, "none", CardData())


def test_a_card_belongs_to_the_term_in_which_it_was_collected(world: World) -> None:
    collected = world.card(replace(FULL, collected_on=date(2026, 5, 6)))
    assert world.sql("SELECT academic_year, term FROM archive_card") == [("2025-2026", None)]
    save_card(world.me, world.desk, collected.archive_id, FULL)
    assert world.sql("SELECT academic_year, term FROM archive_card") == [("2026-2027", "2026-2027-1")]
    save_card(world.me, world.desk, collected.archive_id, replace(FULL, collected_on=None))
    assert world.sql("SELECT academic_year, term FROM archive_card") == [("2026-2027", "2026-2027-1")]


def test_filing_locks_the_card_and_lists_it_in_the_archive(world: World) -> None:
    typed = world.card(FULL)
    done = file_card(world.archivist, world.desk, typed.id)
    assert done.value.filed_at is not None
    assert done.changes.changed == {("archive_card", typed.id)}
    ((filed_by, digest),) = world.sql("SELECT filed_by, content_hash FROM archive_card")
    assert filed_by == world.archivist.account_id
    assert [row.digest for row in world.audit() if row.action == "file"] == [
        world.desk.vault.audit.digest({"content_hash": digest})
    ]
    items = world.sql("SELECT archive_id, kind, entity, entity_id, dated_on, filed_by, filed_at FROM archive_item")
    assert [item[:6] for item in items] == [
        (typed.archive_id, "card", "archive_card", typed.id, "2026-09-20", world.archivist.account_id)
    ]
    assert items[0][6] is not None
    before = world.dump()
    for call in (
        lambda: save_card(world.me, world.desk, typed.archive_id, CardData()),
        lambda: file_card(world.archivist, world.desk, typed.id),
        lambda: file_card(world.archivist, world.desk, "none"),
    ):
        with pytest.raises(UserError) as caught:
            call()
        assert caught.value.safe
    assert world.dump() == before


def test_the_hash_changes_with_every_field_that_is_filed(world: World) -> None:
    cards = {item.name: replace(FULL, **{item.name: getattr(CardData(), item.name)}) for item in fields(CardData)}
    hashes = {}
    for name, data in {"full": FULL, "again": FULL, **cards}.items():
        student = students.add_student(world.me, world.desk, students.StudentData(name)).value
        archive = open_archive(world.me, world.desk, student.id, OpenReason.CENSUS).value
        file_card(world.me, world.desk, save_card(world.me, world.desk, archive.id, data).value.id)
        ((hashes[name],),) = world.sql(
            "SELECT content_hash FROM archive_card WHERE archive_id = :archive", archive=archive.id
        )
    assert hashes.pop("full") == hashes.pop("again")
    ((full,), *_rest) = world.sql("SELECT content_hash FROM archive_card ORDER BY created_at")
    assert len({full, *hashes.values()}) == len(fields(CardData)) + 1


def test_filing_is_for_the_director_and_the_archive_manager(world: World) -> None:
    typed = world.card()
    with pytest.raises(AccessDenied):
        file_card(world.colleague, world.desk, typed.id)
    assert world.sql("SELECT filed_at FROM archive_card") == [(None,)]
    file_card(world.director, world.desk, typed.id)


def test_the_archive_manager_types_in_no_card(world: World) -> None:
    archive = world.card()
    with pytest.raises(AccessDenied):
        save_card(world.archivist, world.desk, archive.archive_id, CardData())
    with pytest.raises(AccessDenied):
        open_archive(world.archivist, world.desk, world.students[1], OpenReason.CENSUS)


@pytest.mark.parametrize("column", ["interests", "special_groups", "filed_at", "suggestion", "updated_by"])
def test_a_filed_card_refuses_every_change(world: World, column: str) -> None:
    typed = world.card(FULL)
    file_card(world.me, world.desk, typed.id)
    value: Any = {"special_groups": [], "filed_at": None}.get(column, "x")
    before = world.dump()
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(update(ArchiveCard).values({column: value}))
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        setattr(opened.get_one(ArchiveCard, typed.id), column, value)
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(delete(ArchiveCard))
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(update(ArchiveItem).values(title="换掉"))
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(delete(ArchiveItem))
    assert world.dump() == before
