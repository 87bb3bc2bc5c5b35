"""F-42, F-43, F-44, F-46 and F-56: blank and filled, read back from the PDF, with the longest texts (R-19)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.disclosure import DisclosureClass
from counselroom.rules.people import Relation
from counselroom.services import crisis_papers, forms, print_offers, prints, students
from counselroom.services.bindings import disclosure_classes
from tests.printing.pdf import bare, text_of
from tests.services.crisis_support import begin, crisis_records
from tests.services.world import GUARDIAN, NAMES, World

KIND = {
    "F-42": "crisis_assessment",
    "F-43": "crisis_event",
    "F-44": "crisis_event",
    "F-46": "guardian_notice",
    "F-56": "crisis_report",
}
READERS = [(form_id, audience) for form_id in KIND for audience in forms.all_forms()[form_id].definition.form.audiences]
LONG = "，" + "经过逐条写明，时间、地点、人物、说法都记下，不作评论" * 12 + "止"
SAYS = {
    "F-42": ("近两周明显低落", "建议专业机构进一步评估，校内专人陪护", "与母亲关系好", "初步评估意见"),
    "F-43": ("Z2026-001", "课间同学告诉班主任", "已陪同到辅导室", "校领导", "同意到校", "24"),
    "F-44": ("确认学生安全，初步评估", "电话联系监护人", "林老师；学生在辅导室，安全", "先救命，后流程"),
    "F-46": ("孩子今天情绪低落", "请今天四点前到校", "沿此线撕下", "配合意见", "同意到校"),
    "F-56": ("上午发现", "陪护并通知", "性质初判", "Z2026-001"),
}


def printed(world: World, form_id: str, entity_id: str, audience: Audience) -> str:
    made = prints.print_form(world.me, world.desk, prints.PrintRequest(form_id, entity_id, audience, saved=False))
    return bare(text_of(made.value.pdf))


@pytest.mark.parametrize("form_id", KIND)
def test_a_blank_form_has_its_places_and_no_person(form_id: str) -> None:
    text = bare(text_of(prints.print_blank(form_id)))
    form = forms.all_forms()[form_id]
    audience = form.definition.form.audiences[0]
    for item in form.definition.item:
        if audience in item.audiences:
            assert bare(item.label) in text, item.label
    assert "签名" in text
    assert NAMES[0] not in text


@pytest.mark.parametrize(("form_id", "audience"), READERS)
def test_a_filled_form_says_what_the_record_says(world: World, form_id: str, audience: Audience) -> None:
    text = printed(world, form_id, crisis_records(world)[KIND[form_id]], audience)
    assert NAMES[0] in text
    for words in SAYS[form_id][: None if form_id != "F-43" else 5]:
        assert bare(words) in text, words


@pytest.mark.parametrize("form_id", KIND)
def test_the_longest_texts_come_through_whole(world: World, form_id: str) -> None:
    audience = forms.all_forms()[form_id].definition.form.audiences[0]
    text = printed(world, form_id, crisis_records(world, LONG)[KIND[form_id]], audience)
    assert text.count("止") >= {"F-42": 2, "F-43": 3, "F-44": 1, "F-46": 3, "F-56": 4}[form_id]


def test_no_reader_outside_gets_a_word_of_counselling() -> None:
    """R-02: only facts of the event leave the room, by the fields themselves."""
    classes = disclosure_classes()
    for form_id in KIND:
        for item in forms.all_forms()[form_id].definition.item:
            outside = set(item.audiences) - {Audience.ROOM, Audience.ARCHIVE}
            if outside and item.bind is not None:
                assert classes[item.bind] in {
                    DisclosureClass.IDENTITY,
                    DisclosureClass.CONTACT,
                    DisclosureClass.EVENT_FACT,
                    DisclosureClass.ADMINISTRATIVE,
                }, item.link_id


def test_a_notice_goes_out_only_once_it_is_issued(world: World) -> None:
    event_id = begin(world)
    data = crisis_papers.NoticeData(GUARDIAN, "孩子今天情绪低落", "请到校")
    notice = crisis_papers.write_notice(world.me, world.desk, event_id, data).value
    with pytest.raises(UserError):
        printed(world, "F-46", notice.id, Audience.GUARDIAN)
    assert "请到校" in printed(world, "F-46", notice.id, Audience.ROOM)
    crisis_papers.issue_notice(world.me, world.desk, notice.id)
    assert "请到校" in printed(world, "F-46", notice.id, Audience.GUARDIAN)
    assert world.sql("SELECT count(*) FROM print_log WHERE form_id = 'F-46'") == [(2,)]


def test_the_forms_speak_of_no_illness() -> None:
    for form_id in KIND:
        source = Path("forms", f"{form_id}.toml")
        text = forms.all_forms()[form_id].source
        assert source.name == f"{form_id}.toml"
        assert not re.search(r"患者|确诊|抑郁症", text)


def test_what_can_be_printed_is_offered(world: World) -> None:
    found = crisis_records(world)
    offers = print_offers.offers_about(world.me, world.desk, "student", world.students[0]).offers
    of_the_case = dict.fromkeys(("F-45", "F-47", "F-48", "F-49", "F-55", "F-80"), "crisis_event") | KIND
    assert {(offer.form_id, offer.entity_id) for offer in offers} == {
        (each, found[kind]) for each, kind in of_the_case.items()
    }
    by_notice = print_offers.offers_about(world.me, world.desk, "guardian_notice", found["guardian_notice"])
    assert by_notice.person_id == world.students[0]
    rows = print_offers.batch_rows(world.me, world.desk, "F-46", world.people.class_id)
    assert [row.entity_id for row in rows] == [found["guardian_notice"]]


def test_the_notice_names_the_guardian_it_goes_to(world: World) -> None:
    student = world.students[0]
    mother = students.add_guardian(
        world.me, world.desk, student, "王母", Relation.MOTHER, "13900001111", None, None
    ).value
    event_id = begin(world)
    data = crisis_papers.NoticeData("王母", "孩子今天情绪低落", "请到校", guardian_id=mother.id)
    notice = crisis_papers.write_notice(world.me, world.desk, event_id, data).value
    text = printed(world, "F-46", notice.id, Audience.ROOM)
    assert "13900001111" in text
    assert "母亲" in text
    assert "13811112222" not in text
