"""The index of a volume, corrections beside a filed card, the card as it is typed in, and the list of archives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.archive import ArchiveItemKind, Carrier, OpenReason
from counselroom.rules.secrecy import Secrecy
from counselroom.services import archives, cases, undo
from counselroom.services.archive_index import (
    PAPER,
    NewItem,
    Volume,
    add_items,
    edit_item,
    file_index,
    take_out_item,
    volume,
)
from counselroom.services.archive_lists import ArchiveList, CardState, Listed, archive_list
from counselroom.services.archive_rows import ItemData, page_words
from counselroom.services.card_fields import answers_of, card_of, card_sections
from counselroom.services.desk import AccessDenied
from counselroom.services.referrals import issue_referral
from tests.services.test_archives import FULL
from tests.services.world import MORNING, World

TODAY = MORNING.date()


def looked(world: World, student: int = 0) -> Volume:
    return volume(world.me, world.desk, world.students[student])


def archive_id(world: World) -> str:
    return archives.open_archive(world.me, world.desk, world.students[0], OpenReason.COUNSELLING).value.id


def paper(title: str = "家访记录", pages: int | None = 2, days: int = 0) -> NewItem:
    data = ItemData(title, TODAY - timedelta(days=days), "陈老师", pages, Carrier.PAPER, Secrecy.S2, "原件")
    return NewItem(ArchiveItemKind.OTHER, PAPER, "", data)


def test_signed_papers_wait_and_are_added_all_at_once(world: World) -> None:
    assert looked(world).archive is None
    archive = archive_id(world)
    world.consent()
    world.note("睡眠好转")
    issue_referral(world.me, world.desk, world.referral())
    world.referral(to_name="另一家医院")  # not issued: does not wait
    waiting = looked(world).waiting
    assert [item.data.title for item in waiting] == [
        "知情同意书（辅导）",
        "转介单 ZJ-2026-001",
        "辅导记录 GA-2026-001 第 1 次",
    ]
    assert [item.data.author for item in waiting] == ["父亲", "林老师", "林老师"]
    assert add_items(world.me, world.desk, archive, waiting).value == 3
    assert add_items(world.me, world.desk, archive, waiting).value == 0
    now = looked(world)
    assert now.waiting == ()
    assert [line.kind for line in now.lines] == [
        ArchiveItemKind.CONSENT,
        ArchiveItemKind.REFERRAL,
        ArchiveItemKind.SESSION,
    ]


def test_pages_follow_one_another_with_the_card_first(world: World) -> None:
    typed = world.card(FULL)
    add_items(world.me, world.desk, typed.archive_id, [paper("甲", 3, 30), paper("乙", None, 20), paper("丙", 2)])
    archives.file_card(world.me, world.desk, typed.id)
    lines = looked(world).lines
    assert [(line.number, line.data.title, line.first_page, line.last_page) for line in lines] == [
        (1, "心理档案卡", 1, 2),
        (2, "甲", 3, 5),
        (3, "乙", 6, 6),
        (4, "丙", 7, 8),
    ]
    assert (page_words(3, 5), page_words(6, 6)) == ("3–5", "6")
    assert lines[1].data == paper("甲", 3, 30).data


def test_a_line_is_changed_taken_out_and_put_back_until_it_is_filed(world: World) -> None:
    archive = archive_id(world)
    add_items(world.me, world.desk, archive, [paper()])
    (line,) = looked(world).lines
    changed = replace(line.data, title="家访记录二", pages=4)
    done = edit_item(world.me, world.desk, line.id, changed, line.seen)
    assert looked(world).lines[0].data == changed
    assert done.changes.undo is not None
    undo.take_back(world.me, world.desk, done.changes.undo)
    assert looked(world).lines[0].data == line.data
    out = take_out_item(world.me, world.desk, line.id)
    assert looked(world).lines == ()
    assert out.changes.undo is not None
    undo.take_back(world.me, world.desk, out.changes.undo)
    with pytest.raises(UserError):
        edit_item(world.me, world.desk, line.id, changed, line.seen)  # it has moved on
    with pytest.raises(AccessDenied):
        file_index(world.colleague, world.desk, archive)
    assert file_index(world.archivist, world.desk, archive).value == 1
    for call in (
        lambda: edit_item(world.me, world.desk, line.id, changed),
        lambda: take_out_item(world.me, world.desk, line.id),
        lambda: file_index(world.me, world.desk, archive),
    ):
        with pytest.raises(UserError):
            call()


@pytest.mark.parametrize(
    "data", [ItemData(" ", TODAY), ItemData("甲", TODAY, pages=0), ItemData("甲", TODAY, pages=-1)]
)
def test_a_line_without_title_or_with_wrong_pages_is_refused(world: World, data: ItemData) -> None:
    archive = archive_id(world)
    with pytest.raises(UserError):
        add_items(world.me, world.desk, archive, [NewItem(ArchiveItemKind.OTHER, PAPER, "", data)])
    assert looked(world).lines == ()


def test_what_is_restricted_does_not_wait_for_a_colleague(world: World) -> None:
    archive_id(world)
    note = world.note("保密")
    ((case,),) = world.sql("SELECT case_id FROM session_record WHERE id = :note", note=note)
    assert len(looked(world).waiting) == 1
    cases.restrict_case(world.me, world.desk, case, restricted=True)
    assert volume(world.archivist, world.desk, world.students[0]).waiting == ()
    assert len(looked(world).waiting) == 1


def test_r_09_a_filed_card_is_corrected_beside(world: World) -> None:
    typed = world.card(FULL)
    with pytest.raises(UserError):
        archives.amend_card(world.me, world.desk, typed.id, "住址变了", "搬家")
    archives.file_card(world.me, world.desk, typed.id)
    for text, reason in ((" ", "搬家"), ("住址变了", "")):
        with pytest.raises(UserError):
            archives.amend_card(world.me, world.desk, typed.id, text, reason)
    with pytest.raises(AccessDenied):
        archives.amend_card(world.archivist, world.desk, typed.id, "住址变了", "搬家")
    archives.amend_card(world.me, world.desk, typed.id, "住址变了", "搬家")
    now = looked(world)
    assert now.card is not None
    assert now.card.data == FULL
    assert [(each.text, each.reason, each.by) for each in now.corrections] == [("住址变了", "搬家", "林老师")]


def test_who_may_not_read_a_card_is_shown_the_index_without_it(world: World) -> None:
    typed = world.card(FULL)
    seen = volume(world.archivist, world.desk, world.students[0])
    assert (seen.card, seen.may_file, seen.may_write) == (None, True, False)
    archives.file_card(world.archivist, world.desk, typed.id)
    assert volume(world.archivist, world.desk, world.students[0]).card is not None
    nobody = replace(world.me, roles=frozenset())
    with pytest.raises(AccessDenied):
        volume(nobody, world.desk, world.students[0])
    with pytest.raises(AccessDenied):
        archive_list(nobody, world.desk)
    with pytest.raises(UserError):
        volume(world.me, world.desk, "none")


def test_the_card_is_typed_in_as_the_form_has_it() -> None:
    sections = card_sections()
    assert [section.title for section in sections] == [
        "二、家庭情况",
        "三、健康与重大生活事件",
        "四、学业、性格与交往",
        "五、采集与关注建议",
    ]
    asked = {field.link_id for section in sections for field in section.fields}
    assert asked == set(answers_of(FULL))
    assert card_of(answers_of(FULL)) == FULL
    assert card_of({}) == archives.CardData()
    assert card_of({**answers_of(FULL), "family_members": [{"relation": "母亲", "age": 40}]}).family_members == (
        archives.FamilyMember("母亲", "", "40"),
    )


def rows(found: ArchiveList) -> list[tuple[str, str, CardState, int, int]]:
    return [(row.student_name, row.archive_no, row.card, row.items, row.to_file) for row in found.rows]


def test_the_list_of_archives(world: World) -> None:
    typed = world.card(FULL)
    add_items(world.me, world.desk, typed.archive_id, [paper()])
    archives.open_archive(world.me, world.desk, world.students[1], OpenReason.CENSUS)
    everything = archive_list(world.me, world.desk)
    assert rows(everything) == [
        ("欧阳若曦", "QH-2026-2027-DA-0001", CardState.TYPED, 1, 2),
        ("单于青禾", "QH-2026-2027-DA-0002", CardState.NONE, 0, 0),
    ]
    assert (everything.total, everything.archives) == (2, 2)
    assert [(year.name, year.count) for year in everything.years] == [("2026-2027", 2)]
    assert [(unit.name, unit.count) for unit in everything.classes] == [("初二（3）班", 2)]

    def names(**asked: object) -> list[str]:
        return [row.student_name for row in archive_list(world.me, world.desk, **asked).rows]  # type: ignore[arg-type]  # mixed kinds

    assert names(view=Listed.NO_CARD) == ["单于青禾"]
    assert names(view=Listed.TO_FILE) == ["欧阳若曦"]
    assert names(view=Listed.NOT_OPENED) == ["张晓明"]
    assert names(query="oy") == ["欧阳若曦"]
    assert names(query="DA-0002") == ["单于青禾"]
    assert names(year="2025-2026") == []
    assert names(class_id="none") == []
    archives.file_card(world.me, world.desk, typed.id)
    file_index(world.me, world.desk, typed.archive_id)
    assert names(view=Listed.TO_FILE) == []
    assert rows(archive_list(world.me, world.desk))[0][2:] == (CardState.FILED, 2, 0)
