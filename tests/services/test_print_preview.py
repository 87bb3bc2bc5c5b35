"""The sheet before it is printed, what can be printed, and the log of what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.printing import PrintState
from counselroom.services import archives, referrals
from counselroom.services.desk import AccessDenied
from counselroom.services.print_log import print_log
from counselroom.services.print_offers import batch_rows, list_forms, offers_about
from counselroom.services.print_preview import draw, prepare
from counselroom.services.prints import PrintRequest, print_form, void_print
from tests.conftest import HandClock
from tests.printing.pdf import bare, text_of
from tests.services.world import MORNING, NAMES, World, opened_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened_world(tmp_path / "vault", HandClock(MORNING)) as found:
        yield found


def issued(world: World, **changes: object) -> str:
    referral_id = world.referral(**changes)
    referrals.issue_referral(world.me, world.desk, referral_id)
    return referral_id


def test_the_preview_is_the_page_that_is_printed(world: World) -> None:
    referral_id = issued(world)
    prepared = prepare(world.me, world.desk, "F-50", referral_id)
    assert (prepared.number, prepared.next_copy, prepared.is_secret) == ("ZJ-2026-001", 1, True)
    assert prepared.audiences[0] == ("hospital", "医疗机构")
    sheet = draw(prepared, "hospital", (), "市三院", "就诊")
    request = PrintRequest("F-50", referral_id, Audience.HOSPITAL, "市三院", "就诊")
    printed = print_form(world.me, world.desk, request).value
    assert sheet.pdf == printed.pdf
    assert sheet.file_name == printed.file_name == "F-50-学生心理转介单-20261012.pdf"
    assert prepare(world.me, world.desk, "F-50", referral_id).next_copy == 2


def test_looking_is_audited_and_not_logged_as_a_print(world: World) -> None:
    referral_id = issued(world)
    prepare(world.me, world.desk, "F-50", referral_id)
    assert [line.action for line in world.audit()][-1] == "read"
    assert print_log(world.me, world.desk).total == 0
    with pytest.raises(AccessDenied):
        prepare(world.colleague, world.desk, "F-50", referral_id)


def test_what_leaves_the_room_is_listed_with_what_may_be_ticked(world: World) -> None:
    referral_id = issued(world, session_excerpt="他说最近总睡不着")
    prepared = prepare(world.me, world.desk, "F-50", referral_id)
    sheet = draw(prepared, "hospital", (), "", "")
    optional = {item.link_id: item for item in sheet.items if item.optional}
    assert optional["session_excerpt"].needs_director
    assert not optional["session_excerpt"].may_go
    assert "睡不着" not in text_of(sheet.pdf)
    with pytest.raises(UserError, match="主任"):
        draw(prepared, "hospital", {"session_excerpt"}, "", "")
    agreed_id = world.referral(session_excerpt="他说最近总睡不着")
    referrals.approve_excerpt(world.me, world.desk, agreed_id)
    referrals.issue_referral(world.me, world.desk, agreed_id)
    again = prepare(world.me, world.desk, "F-50", agreed_id)
    ticked = draw(again, "hospital", {"session_excerpt"}, "", "")
    assert "睡不着" in bare(text_of(ticked.pdf))
    assert next(item for item in ticked.items if item.link_id == "session_excerpt").may_go


def test_the_check_names_who_signs_and_what_is_empty(world: World) -> None:
    prepared = prepare(world.me, world.desk, "F-50", issued(world))
    check = draw(prepared, "guardian", (), "", "").check
    assert any("监护人" in each for each in check.signs)
    assert check.seals
    assert "陪同人" in "".join(check.empty) or check.empty
    assert check.filled > 5
    assert "签名：" in check.pen_words


def test_names_of_other_students_in_free_text_are_shown(world: World) -> None:
    prepared = prepare(world.me, world.desk, "F-50", issued(world, reason=f"与{NAMES[2]}起争执，{NAMES[0]}两夜未睡"))
    assert draw(prepared, "hospital", (), "", "").check.others == ((NAMES[2], "转介原因"),)


def test_a_draft_does_not_go_to_the_hospital(world: World) -> None:
    prepared = prepare(world.me, world.desk, "F-50", world.referral())
    with pytest.raises(UserError, match="签发"):
        draw(prepared, "hospital", (), "", "")
    assert draw(prepared, "room", (), "", "").check.filled > 5


def test_a_blank_sheet_carries_the_schools_name_and_nothing_else(world: World) -> None:
    prepared = prepare(world.me, world.desk, "F-50")
    assert prepared.is_blank
    assert not prepared.is_secret
    sheet = draw(prepared, "hospital", {"session_excerpt"}, "", "")
    text = bare(text_of(sheet.pdf))
    assert "青禾市示例中学心理辅导室" in text
    assert not any(name in text for name in NAMES)
    assert sheet.items == ()
    assert sheet.check.signs
    assert sheet.check.empty == ()


def test_copies_made_at_once_each_have_a_number(world: World) -> None:
    request = PrintRequest("F-50", issued(world), Audience.ROOM, more_copies=1)
    first = print_form(world.me, world.desk, request).value
    second = print_form(world.me, world.desk, replace(request, more_copies=0)).value
    assert (first.copy_no, second.copy_no) == (1, 2)
    assert "第1份共2份" in bare(text_of(first.pdf))
    assert "第2份共2份" in bare(text_of(second.pdf))


def test_offers_are_what_the_reader_may_read(world: World) -> None:
    note, card, referral = world.note("一段会谈"), world.card(), issued(world)
    found = offers_about(world.me, world.desk, "student", world.students[0])
    assert {(offer.form_id, offer.entity_id) for offer in found.offers} == {
        ("F-11", note),
        ("F-19", card.id),
        ("F-20", card.archive_id),
        ("F-50", referral),
    }
    assert not any(offer.is_printed for offer in found.offers)
    done = print_form(world.me, world.desk, PrintRequest("F-11", note, Audience.ROOM)).value
    mine = {
        offer.form_id: offer.is_printed for offer in offers_about(world.me, world.desk, "referral", referral).offers
    }
    assert mine == {"F-11": True, "F-19": False, "F-20": False, "F-50": False}
    void_print(world.me, world.desk, done.print_id)
    voided = offers_about(world.me, world.desk, "session_record", note).offers
    assert not any(offer.is_printed for offer in voided)
    others = offers_about(world.colleague, world.desk, "student", world.students[0])
    # An archive has no owner; notes and referrals have.
    assert {offer.form_id for offer in others.offers} == {"F-19", "F-20"}


def test_of_a_case_only_its_own_records_are_offered(world: World) -> None:
    first, second = world.case(), world.case(world.colleague)
    note = world.note("甲", case_id=first)
    world.note("乙", world.colleague, second)
    found = offers_about(world.me, world.desk, "case_file", first).offers
    assert [offer.entity_id for offer in found if offer.form_id == "F-11"] == [note]
    for entity in ("student", "case_file", "referral", "nothing"):
        with pytest.raises(UserError, match="没有"):
            offers_about(world.me, world.desk, entity, "f" * 32)


def test_a_batch_is_of_one_class_and_of_what_may_be_printed(world: World) -> None:
    cards = [world.card(student=number) for number in range(2)]
    rows = batch_rows(world.me, world.desk, "F-19", world.people.class_id)
    assert [(row.entity_id, row.student, row.class_name) for row in rows] == [
        (cards[0].id, NAMES[0], "初二（3）班"),
        (cards[1].id, NAMES[1], "初二（3）班"),
    ]
    assert batch_rows(world.me, world.desk, "F-19", "f" * 32) == ()
    world.note("一")
    assert len(batch_rows(world.me, world.desk, "F-11")) == 1
    assert batch_rows(world.colleague, world.desk, "F-11") == ()
    with pytest.raises(UserError):
        batch_rows(world.me, world.desk, "F-00")


def test_all_forms_are_listed_with_their_readers(world: World) -> None:
    lines = {line.form_id: line for line in list_forms(world.me, world.desk)}
    assert lines["F-50"].title == "学生心理转介单"
    assert ("guardian", "监护人") in lines["F-50"].audiences
    assert list(lines) == sorted(lines)


def test_the_log_is_filtered_and_shows_a_counsellor_only_what_they_printed(world: World) -> None:
    referral = issued(world)
    card = world.card(archives.CardData(interests="画画"))
    first = print_form(world.me, world.desk, PrintRequest("F-50", referral, Audience.HOSPITAL, "市三院", "就诊")).value
    print_form(world.colleague, world.desk, PrintRequest("F-19", card.id, Audience.ARCHIVE, saved=True))
    void_print(world.me.because("卡纸"), world.desk, first.print_id)
    everything = print_log(world.me, world.desk)
    assert [(line.form_id, line.copy_no, line.state) for line in everything.lines] == [
        ("F-19", 1, PrintState.SAVED),
        ("F-50", 1, PrintState.VOIDED),
    ]
    assert everything.lines[1].recipient == "市三院"
    assert everything.lines[0].printed_by == "周老师"
    assert [line.form_id for line in print_log(world.colleague, world.desk).lines] == ["F-19"]
    assert print_log(world.director, world.desk).total == 2
    assert print_log(world.me, world.desk, query="三院").total == 1
    assert print_log(world.me, world.desk, query="转介").total == 1
    assert print_log(world.me, world.desk, query="%").total == 0
    assert print_log(world.me, world.desk, state=PrintState.SAVED).total == 1
    assert print_log(world.me, world.desk, form_id="F-19").total == 1
    assert any(line.reason == "卡纸" for line in world.audit())
