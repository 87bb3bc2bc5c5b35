"""Printing filled forms: who gets it, which copy it is, what stands in the log, and what can never be on the page."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from sqlalchemy import Boolean, delete, update
from sqlalchemy.exc import IntegrityError, OperationalError

from counselroom.errors import Bug, UserError
from counselroom.model.office import PrintLog
from counselroom.printing.audiences import AudienceRefused, ceilings, optional_items
from counselroom.printing.definitions import Audience, Form
from counselroom.rules.archive import ArchiveItemKind, OpenReason
from counselroom.rules.counselling import CancelledBy, ConsentKind, RiskLevel
from counselroom.rules.disclosure import DisclosureClass
from counselroom.rules.people import Relation, SpecialGroup
from counselroom.rules.printing import PrintState
from counselroom.services import forms
from counselroom.services.appointments import book_appointment, cancel_appointment
from counselroom.services.archive_index import PAPER, NewItem, add_items
from counselroom.services.archive_rows import ItemData
from counselroom.services.archives import CardData, FamilyMember, MajorEvent, open_archive, save_card
from counselroom.services.bindings import COLUMNS, SECTIONS, disclosure_classes
from counselroom.services.cases import open_case
from counselroom.services.consents import ConsentData, record_consent
from counselroom.services.desk import AccessDenied
from counselroom.services.form_subjects import load_subject
from counselroom.services.plan_files import shipped_criteria
from counselroom.services.prints import PrintRequest, answers, list_prints, print_blank, print_form, void_print
from counselroom.services.referrals import approve_excerpt, issue_referral
from counselroom.services.register_definitions import registers
from counselroom.services.sessions import start_note
from counselroom.services.students import StudentData, add_guardian, add_student
from tests.services.care_support import planted_care
from tests.services.crisis_support import planted_crisis
from tests.services.register_rows_support import paper_id
from tests.services.world import NAMES, World


def text_of(pdf: bytes, folder: Path) -> str:
    """Return all text of a PDF and of its metadata, without the breaks of lines."""
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    page = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True).stdout
    return (page + info).decode().replace("\n", "").replace("\f", "")


def request(form_id: str, entity_id: str, audience: Audience = Audience.ROOM, **changes: object) -> PrintRequest:
    return PrintRequest(form_id, entity_id, audience, **changes)  # type: ignore[arg-type]  # keywords of the request


def log_of(world: World) -> list[tuple[object, ...]]:
    return world.sql("SELECT form_id, audience, recipient, purpose, copy_no, state FROM print_log ORDER BY printed_at")


# The log.


def test_a_print_is_numbered_logged_and_audited(world: World, tmp_path: Path) -> None:
    note_id = world.note("会谈要点")
    done = print_form(world.me, world.desk, request("F-11", note_id))
    printed = done.value
    assert done.changes.changed == {("print_log", printed.print_id)}
    assert printed.pdf.startswith(b"%PDF-")
    assert (printed.pages, printed.copy_no, printed.warnings) == (1, 1, ())
    assert printed.file_name == "F-11-个别咨询记录表-20261012.pdf"
    row = world.sql(
        "SELECT printed_by, form_hash, entity, entity_id, subject_person, secrecy, copies, sha256 FROM print_log"
    )
    assert row == [
        (
            world.me.account_id,
            forms.all_forms()["F-11"].sha256,
            "session_record",
            note_id,
            world.students[0],
            "S3",
            1,
            hashlib.sha256(printed.pdf).hexdigest(),
        )
    ]
    assert world.audit()[-1].action == "print"
    assert world.audit()[-1].entity_id == note_id
    words = text_of(printed.pdf, tmp_path)
    assert "会谈要点" in words
    assert "青禾市示例中学心理辅导室" in words
    assert "GA-2026-001-01" in words
    assert "林老师" in words


def test_copies_are_counted_for_each_record_and_form_voided_ones_too(world: World) -> None:
    first, second = world.note("一"), world.note("二", student=1)
    numbers = [print_form(world.me, world.desk, request("F-11", entity)).value.copy_no for entity in (first, second)]
    assert numbers == [1, 1]
    again = print_form(world.me, world.desk, request("F-11", first, Audience.ARCHIVE, saved=True)).value
    assert again.copy_no == 2
    done = void_print(world.me, world.desk, again.print_id)
    assert done.changes.changed == {("print_log", again.print_id)}
    assert print_form(world.me, world.desk, request("F-11", first)).value.copy_no == 3
    lines = list_prints(world.me, world.desk, "F-11", first)
    assert [(line.copy_no, line.state, line.audience) for line in lines] == [
        (1, PrintState.PRINTED, "room"),
        (2, PrintState.VOIDED, "archive"),
        (3, PrintState.PRINTED, "room"),
    ]
    assert [line.print_id for line in lines][1] == again.print_id
    assert lines[0].form_id == "F-11"


def test_saving_is_told_from_printing(world: World) -> None:
    note_id = world.note("一")
    print_form(world.me, world.desk, request("F-11", note_id, saved=True))
    assert [line.state for line in list_prints(world.me, world.desk, "F-11", note_id)] == [PrintState.SAVED]


def test_a_print_is_voided_once_and_by_who_may_print_it(world: World) -> None:
    printed = print_form(world.me, world.desk, request("F-11", world.note("一"))).value
    with pytest.raises(AccessDenied):
        void_print(world.colleague, world.desk, printed.print_id)
    void_print(world.me, world.desk, printed.print_id)
    for print_id in (printed.print_id, "none"):
        with pytest.raises(UserError):
            void_print(world.me, world.desk, print_id)


def test_a_line_of_the_log_is_neither_changed_nor_deleted(world: World) -> None:
    print_form(world.me, world.desk, request("F-11", world.note("一")))
    before = world.dump()
    protected = (IntegrityError, OperationalError)
    with pytest.raises(protected), world.desk.vault.change() as opened:
        opened.execute(update(PrintLog).values(recipient="别人"))
    with pytest.raises(protected), world.desk.vault.change() as opened:
        opened.execute(delete(PrintLog))
    assert world.dump() == before


def test_what_is_secret_has_a_recipient_and_a_purpose(world: World, tmp_path: Path) -> None:
    note_id = world.note("一")
    printed = print_form(world.me, world.desk, request("F-11", note_id)).value
    asked = request("F-11", note_id, recipient=" 档案柜 ", purpose=" 学期归档 ")
    second = print_form(world.me, world.desk, asked).value
    assert [row[2:4] for row in log_of(world)] == [("本校心理辅导室", "咨询室存档"), ("档案柜", "学期归档")]
    assert "本校心理辅导室" in text_of(printed.pdf, tmp_path)
    assert "学期归档" in text_of(second.pdf, tmp_path)


def test_an_appointment_slip_has_neither(world: World, tmp_path: Path) -> None:
    booked = book_appointment(world.me, world.desk, world.booking()).value
    asked = request("F-06", booked.id, Audience.CLIENT, recipient=NAMES[0], purpose="按时来")
    printed = print_form(world.me, world.desk, asked).value
    assert log_of(world) == [("F-06", "client", None, None, 1, "printed")]
    words = text_of(printed.pdf, tmp_path)
    assert NAMES[0] not in words
    assert "YY-2026-001" in words
    assert "14:00-14:50" in words
    assert "0000-1234567" in words


def test_a_school_without_a_profile_leaves_its_line_empty(world: World) -> None:
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM school")
    assert print_form(world.me, world.desk, request("F-11", world.note("一"))).value.pages == 1


# Refusals leave nothing, not even a number.


def test_a_refused_print_leaves_nothing(world: World) -> None:
    note_id, referral_id = world.note("一"), world.referral(session_excerpt="摘录一句")
    before = world.dump()
    wrong: list[tuple[PrintRequest, type[Exception]]] = [
        (request("F-11", note_id, Audience.HOSPITAL), AudienceRefused),
        (request("F-11", note_id, Audience.CLASS_TEACHER), AudienceRefused),
        (request("F-99", note_id), UserError),
        (request("F-11", "none"), UserError),
        (request("F-06", "none"), UserError),
        (request("F-19", "none"), UserError),
        (request("F-50", "none"), UserError),
        (request("F-50", referral_id, Audience.HOSPITAL), UserError),
        (request("F-50", referral_id, ticked=frozenset({"session_excerpt"})), Bug),
    ]
    for asked, failure in wrong:
        with pytest.raises(failure):
            print_form(world.me, world.desk, asked)
    for form_id in ("F-99", "F-11"):
        with pytest.raises(UserError):
            list_prints(world.me, world.desk, form_id, "none")
    assert {name: rows for name, rows in world.dump().items() if name != "form_in_use"} == {
        name: rows for name, rows in before.items() if name != "form_in_use"
    }


def test_a_referral_goes_to_the_hospital_only_when_it_is_issued(world: World, tmp_path: Path) -> None:
    referral_id = world.referral()
    asked = request("F-50", referral_id, Audience.HOSPITAL)
    with pytest.raises(UserError) as caught:
        print_form(world.me, world.desk, asked)
    assert caught.value.next_step
    print_form(world.me, world.desk, request("F-50", referral_id))
    issue_referral(world.me, world.desk, referral_id)
    printed = print_form(world.me, world.desk, asked).value
    assert printed.copy_no == 2
    assert "持续失眠" in text_of(printed.pdf, tmp_path)
    assert log_of(world)[-1][:4] == ("F-50", "hospital", "医疗机构", "转介就诊")


@pytest.mark.parametrize("ticked", [False, True])
@pytest.mark.parametrize("agreed", [False, True])
def test_the_excerpt_needs_the_tick_and_the_director(world: World, tmp_path: Path, ticked: bool, agreed: bool) -> None:
    referral_id = world.referral(session_excerpt="她说最怕夜晚")
    if agreed:
        approve_excerpt(world.me, world.desk, referral_id)
    issue_referral(world.me, world.desk, referral_id)
    ticks = frozenset({"session_excerpt"} if ticked else ())
    asked = request("F-50", referral_id, Audience.HOSPITAL, ticked=ticks)
    if ticked and not agreed:
        with pytest.raises(UserError) as caught:
            print_form(world.me, world.desk, asked)
        assert "夜晚" not in caught.value.sentence()
        assert log_of(world) == []
        return
    printed = print_form(world.me, world.desk, asked).value
    assert ("她说最怕夜晚" in text_of(printed.pdf, tmp_path)) is (ticked and agreed)
    for audience in (Audience.GUARDIAN, Audience.ROOM):
        other = print_form(world.me, world.desk, request("F-50", referral_id, audience)).value
        assert "她说最怕夜晚" not in text_of(other.pdf, tmp_path)


def test_the_same_print_twice_differs_in_its_copy_number_only(world: World, tmp_path: Path) -> None:
    note_id = world.note("一")
    first, second = (print_form(world.me, world.desk, request("F-11", note_id)).value for _ in "12")
    assert first.print_id != second.print_id
    assert text_of(first.pdf, tmp_path) != text_of(second.pdf, tmp_path)


# Blank forms.


def test_every_form_is_printed_blank_for_every_reader(tmp_path: Path) -> None:
    for form in forms.all_forms().values():
        for audience in form.definition.form.audiences:
            assert form.title in text_of(print_blank(form.id, audience, "青禾市示例中学"), tmp_path)
    with pytest.raises(UserError) as caught:
        print_blank("F-99")
    assert caught.value.next_step
    with pytest.raises(AudienceRefused):
        print_blank("F-11", Audience.PEER)
    assert print_blank("F-11") == print_blank("F-11", forms.all_forms()["F-11"].definition.form.audiences[0])


# R-02 by planted markers: what a class of information says never reaches a reader whose ceiling forbids it.


@dataclass(frozen=True)
class Planted:
    """Records in which every text says its own path."""

    world: World
    entities: Mapping[str, str]
    markers: Mapping[str, str]
    hidden: tuple[str, ...]

    def entity_of(self, form: Form) -> str:
        """Return what the form is printed from."""
        subject = form.definition.form.subject
        return self.entities[form.id if subject == "register" else subject]


def marker(number: int) -> str:
    return f"QX{number:03d}Z"


@pytest.fixture(scope="module")
def planted(shared: World) -> Planted:
    markers: dict[str, str] = {}

    def plant(path: str) -> str:
        assert path not in markers
        markers[path] = marker(len(markers))
        return markers[path]

    world = shared
    student = add_student(
        world.me,
        world.desk,
        StudentData(
            name=plant("student.name"),
            student_no=plant("student.student_no"),
            class_id=world.people.class_id,
            phone=plant("student.phone"),
            address=plant("student.address"),
            dorm=plant("student.dorm"),
            ethnicity=plant("student.ethnicity"),
            political_status=plant("student.political_status"),
        ),
    ).value
    contacts = tuple(plant(f"guardian.{name}") for name in ("phone", "backup_phone", "address"))
    add_guardian(world.me, world.desk, student.id, plant("guardian.name"), Relation.MOTHER, *contacts)
    booking = world.booking(client_id=student.id, issue_brief=plant("appointment.issue_brief"))
    booked = book_appointment(world.me, world.desk, booking).value
    cancel_appointment(world.me, world.desk, booked.id, CancelledBy.CLIENT, plant("appointment.cancel_reason"))
    case = open_case(world.me, world.desk, student.id, (plant("case.goals"),)).value
    draft = world.draft(
        sections={section: plant(f"session.section.{section}") for section in SECTIONS},
        place=plant("session.place"),
        consent_exception=plant("session.consent_exception"),
        risk_level=RiskLevel.NONE,
    )
    note = start_note(world.me, world.desk, case.id, draft).value
    of_card = tuple(item.name for item in fields(CardData) if item.type == "str | None")
    members = (FamilyMember("父", plant("card.family_members"), "40", "", "", ""),)
    events = (MajorEvent("2024", plant("card.major_events")),)
    archive = open_archive(world.me, world.desk, student.id, OpenReason.COUNSELLING).value
    data = CardData(family_members=members, major_events=events, **{name: plant(f"card.{name}") for name in of_card})
    card = save_card(world.me, world.desk, archive.id, data).value
    paper = ItemData(plant("archive.items"), world.clock.now().date(), pages=1)
    add_items(world.me, world.desk, archive.id, [NewItem(ArchiveItemKind.OTHER, PAPER, "", paper)])
    of_referral = ("to_name", "reason", "summary", "done_so_far", "accompanied_by", "emergency_basis")
    of_referral += ("supervisor_opinion", "session_excerpt")
    referral_id = world.referral(
        student_id=student.id, case_id=case.id, **{name: plant(f"referral.{name}") for name in of_referral}
    )
    approve_excerpt(world.me, world.desk, referral_id)
    issue_referral(world.me, world.desk, referral_id)
    entities = {"appointment": booked.id, "session": note.id, "card": card.id, "referral": referral_id}
    entities["archive"] = archive.id
    entities["audit_log"] = "{}"
    # A week without a booking: the register of appointments tells the room why one was cancelled.
    entities["appointment_list"] = "2025-03-03_2025-03-09"
    signed = ConsentData(student.id, ConsentKind.SERVICE, "F-08 v1", "签字人", "父亲", world.clock.now())
    entities["consent"] = record_consent(world.me, world.desk, signed).value.id
    entities |= planted_crisis(world, student.id, plant)
    entities |= planted_care(world, student.id, plant)
    entities |= {register.key: paper_id(world, register.key) for register in registers()}
    hidden = tuple(path for path in markers if path not in disclosure_classes())
    return Planted(world, entities, markers, hidden)


def ticks_of(form: Form, audience: Audience) -> set[frozenset[str]]:
    """Return the print without ticks, and the one with every tick that can be set."""
    return {frozenset(), frozenset(item.link_id for item in optional_items(form, audience))}


CASES = [
    (form.id, audience, ticked)
    for form in forms.all_forms().values()
    for audience in form.definition.form.audiences
    for ticked in sorted(ticks_of(form, audience), key=len)
]


@pytest.mark.parametrize(("form_id", "audience", "ticked"), CASES)
def test_a_reader_never_sees_more_than_the_ceiling(
    planted: Planted, tmp_path: Path, form_id: str, audience: Audience, ticked: frozenset[str]
) -> None:
    form = forms.all_forms()[form_id]
    entity_id = planted.entity_of(form)
    asked = request(form_id, entity_id, audience, ticked=ticked)
    printed = print_form(planted.world.me.because("核对"), planted.world.desk, asked).value
    words = text_of(printed.pdf, tmp_path) + printed.file_name
    seen = {path for path, mark in planted.markers.items() if mark in words}
    assert not seen & set(planted.hidden)
    ceiling = ceilings()[audience]
    for path in seen:
        kind = disclosure_classes()[path]
        assert kind in ceiling.ever or (ticked and kind in ceiling.on_tick), path
    bound = {
        item.bind
        for item in form.definition.item
        if item.bind in planted.markers and audience in item.audiences and (not item.optional or item.link_id in ticked)
    }
    assert seen == bound
    if form_id == "F-06":
        assert seen == set()


def test_every_class_of_information_was_planted(planted: Planted) -> None:
    classes = {disclosure_classes()[path] for path in planted.markers if path in disclosure_classes()}
    never_bound = {DisclosureClass.RAW_SCORE}
    assert classes == set(DisclosureClass) - never_bound
    assert set(planted.hidden) == {
        "appointment.issue_brief",
        "appointment.cancel_reason",
        "case.goals",
        "session.consent_exception",
    }


@pytest.mark.parametrize("audience", [Audience.CLASS_TEACHER, Audience.COLLEGE, Audience.PEER])
def test_no_shipped_form_is_printed_for_a_reader_of_r02(planted: Planted, audience: Audience) -> None:
    for form in forms.all_forms().values():
        if form.id == "F-54" and audience is not Audience.PEER:
            # The task card is made for them; what may stand on it is tried above.
            continue
        with pytest.raises(AudienceRefused):
            print_form(
                planted.world.me.because("核对"),
                planted.world.desk,
                request(form.id, planted.entity_of(form), audience),
            )


# Answers.


def test_every_bind_of_every_form_is_answered(planted: Planted) -> None:
    with planted.world.desk.look() as work:
        for form in forms.all_forms().values():
            subject = load_subject(work, form.definition.form.subject, planted.entity_of(form))
            found = answers(form, subject)
            bound = {item.link_id: item.bind for item in form.definition.item if item.bind is not None}
            kept = {item.link_id for item in form.definition.item if item.disclosure is not None}
            assert set(found) == set(bound) | kept
            for link_id, path in bound.items():
                assert found[link_id] == subject.values[path]
                if path in planted.markers and not path.endswith(("family_members", "major_events", ".items")):
                    assert found[link_id] == planted.markers[path]


def test_a_form_bound_to_another_kind_of_record_is_a_bug(planted: Planted) -> None:
    with planted.world.desk.look() as work:
        subject = load_subject(work, "appointment", planted.entities["appointment"])
    with pytest.raises(Bug):
        answers(forms.all_forms()["F-11"], subject)


def codes_of(path: str) -> set[str]:
    """Return every code that the column behind a path can hold."""
    kind = COLUMNS[path].property.columns[0].type
    if path == "card.special_groups":
        return {str(group) for group in SpecialGroup}
    if path == "assessment.criteria":
        return {criterion.key for criterion in shipped_criteria()}
    if isinstance(kind, Boolean):
        return {"yes", "no"}
    return {str(word) for word in kind.enums}


@pytest.mark.parametrize("form_id", list(forms.all_forms()))
def test_every_code_has_its_words_on_the_form(form_id: str) -> None:
    """A code of ours must not stand on paper as it is in the vault."""
    for item in forms.all_forms()[form_id].definition.item:
        if item.bind is not None and item.options:
            assert codes_of(item.bind) <= {option.code for option in item.options}, item.bind
