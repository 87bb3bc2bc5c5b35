"""What a form is about: every path of a kind of record is answered, also when little is known."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import update

from counselroom.errors import UserError
from counselroom.model.people import Guardian, Student
from counselroom.model.school import OrgUnit
from counselroom.printing.definitions import Audience
from counselroom.rules.archive import ArchiveItemKind, Carrier
from counselroom.rules.counselling import ClientType, Mode, RiskLevel
from counselroom.rules.disclosure import DisclosureClass
from counselroom.rules.people import Relation
from counselroom.rules.secrecy import Secrecy
from counselroom.services import bindings, forms
from counselroom.services.appointments import book_appointment
from counselroom.services.archive_index import PAPER, NewItem, add_items
from counselroom.services.archive_rows import ItemData
from counselroom.services.archives import file_card
from counselroom.services.form_subjects import FormSubject, load_subject
from counselroom.services.referrals import approve_excerpt, issue_referral
from counselroom.services.sessions import start_note
from counselroom.services.students import StudentData, add_guardian, add_student, order_guardians
from tests.services.care_support import care_records
from tests.services.crisis_support import crisis_records
from tests.services.test_archives import FULL
from tests.services.world import GUARDIAN, NAMES, World

KINDS = (
    "appointment", "session", "card", "archive", "referral", "crisis_assessment", "crisis_event", "guardian_notice",
    "crisis_report", "follow_up", "follow_up_plan", "statistics", "consent",
    "appointment_list", "audit_log",
)  # fmt: skip
PREFIXES = {kind: ("student.", "guardian.", "room.", f"{kind}.") for kind in KINDS}
PREFIXES["session"] += ("case.",)
PREFIXES["crisis_assessment"] += ("assessment.",)
PREFIXES["crisis_event"] += ("event.",)
PREFIXES["guardian_notice"] += ("event.", "notice.")
PREFIXES["follow_up"] += ("case.",)
PREFIXES["follow_up_plan"] += ("plan.",)
PREFIXES["statistics"] = ("room.", "statistics.")
PREFIXES["audit_log"] = ("audit.",)
PREFIXES["appointment_list"] = ("room.", "bookings.")
PREFIXES["crisis_report"] += ("event.", "report.")


def load(world: World, kind: str, entity_id: str) -> FormSubject:
    with world.desk.look() as work:
        return load_subject(work, kind, entity_id)


def records(world: World) -> dict[str, str]:
    draft = world.draft(
        sections={"content": "要点", "risk_action": "已告知"},
        mode=Mode.ONLINE,
        place="沙盘室",
        risk_level=RiskLevel.SEVERE,
        next_at=world.at(7, 14, 30),
    )
    typed = world.card(FULL)
    paper = NewItem(
        ArchiveItemKind.OTHER, PAPER, "", ItemData("家访记录", date(2026, 9, 25), "陈老师", 2, Carrier.PAPER)
    )
    add_items(world.me, world.desk, typed.archive_id, [paper])
    return {
        "appointment": book_appointment(world.me, world.desk, world.booking()).value.id,
        "session": start_note(world.me, world.desk, world.case(), draft).value.id,
        "card": typed.id,
        "consent": world.consent().id,
        "archive": typed.archive_id,
        "referral": world.referral(),
        "appointment_list": "2026-10-12_2026-10-18",
        "audit_log": "{}",
        **crisis_records(world),
        **care_records(world),
    }


def test_every_path_of_a_kind_is_answered_and_no_other(shared: World) -> None:
    found = records(shared)
    answered: set[str] = set()
    for kind in KINDS:
        values = load(shared, kind, found[kind]).values
        assert set(values) == {path for path in bindings.COLUMNS if path.startswith(PREFIXES[kind])}
        answered |= set(values)
    assert answered == set(bindings.COLUMNS)


def expect(subject: FormSubject, **values: Any) -> None:
    prefix = values.pop("prefix")
    assert {name: subject.values[f"{prefix}.{name}"] for name in values} == values


def test_each_answer_is_its_own(world: World) -> None:
    """A swapped column would print one thing under the name of another."""
    found = records(world)
    appointment = load(world, "appointment", found["appointment"])
    expect(
        appointment,
        prefix="student",
        name=NAMES[0],
        student_no="20250301",
        gender="女",
        birth_date=date(2012, 5, 1),
        class_name="初二（3）班",
        grade="初二年级",
        dorm="3-201",
        phone="13900000001",
        address="青禾市云岭路 7 号",
        ethnicity="汉族",
        political_status="共青团员",
    )
    expect(
        appointment,
        prefix="guardian",
        name=GUARDIAN,
        relation="父亲",
        phone="13811112222",
        backup_phone="13833334444",
        address="青禾市南湖路 9 号",
    )
    expect(
        appointment,
        prefix="appointment",
        number="YY-2026-001",
        starts_on=date(2026, 10, 13),
        time_span="14:00-14:50",
        minutes=50,
        place="个别咨询室",
        counsellor="林老师",
        mode="face",
    )
    expect(appointment, prefix="room", name="心理辅导室", reschedule_phone="0000-1234567")
    session = load(world, "session", found["session"])
    expect(
        session,
        prefix="session",
        seq=1,
        date=date(2026, 10, 12),
        start=time(8),
        end=time(8, 50),
        minutes=50,
        mode="online",
        place="沙盘室",
        risk_level="severe",
        next_time="2026-10-19 14:30",
        counsellor="林老师",
    )
    expect(session, prefix="session.section", content="要点", risk_action="已告知", analysis=None)
    assert session.values["case.code"] == "GA-2026-001"
    card = load(world, "card", found["card"])
    expect(
        card,
        prefix="card",
        archive_no="QH-2026-2027-DA-0001",
        family_structure="left_behind",
        special_groups=("left_behind", "poverty_registered"),
        source="home_visit",
        collected_on=FULL.collected_on,
        medication=FULL.medication,
        suggestion=FULL.suggestion,
        collected_by=FULL.collected_by,
    )
    assert card.values["card.major_events"] == [
        {"date": "2024", "description": "转学"},
        {"date": "2025-03", "description": "祖父去世"},
    ]
    members: Any = card.values["card.family_members"]
    assert members[0]["occupation"] == "货车司机"
    referral = load(world, "referral", found["referral"])
    expect(
        referral,
        prefix="referral",
        number="ZJ-2026-001",
        to_kind="hospital",
        to_name="青禾市第三医院",
        reason="持续失眠",
        summary="近一月情绪低落",
        urgency="normal",
        client_consent="pending",
        guardian_consent="agreed",
        supervisor_opinion="同意转介",
        issued_on=None,
        issued_by=None,
        risk=None,
    )


def test_a_subject_is_as_the_access_rules_see_it(world: World) -> None:
    found = records(world)
    secrecies = {"follow_up": Secrecy.S3, "follow_up_plan": Secrecy.S2}
    secrecies |= {"appointment_list": Secrecy.S2, "statistics": Secrecy.S1, "audit_log": Secrecy.S3}
    for kind, entity_id in found.items():
        subject = load(world, kind, entity_id)
        if kind in secrecies:
            assert (subject.access.entity_id, subject.access.secrecy) == (entity_id, secrecies[kind])
            assert subject.person_id == (world.students[1] if kind.startswith("follow_up") else None)
            continue
        assert subject.person_id == world.students[0]
        assert (subject.academic_year, subject.term) == ("2026-2027", "第一学期")
        of_event = kind in ("crisis_event", "guardian_notice", "crisis_report")
        assert subject.access.entity_id == (found["crisis_event"] if of_event else entity_id)
        assert subject.access.secrecy is (Secrecy.S2 if of_event or kind in ("appointment", "consent") else Secrecy.S3)
        assert subject.access.owner == (None if kind in ("card", "archive", "consent") else world.me.person_id)
    assert load(world, "session", found["session"]).number == "GA-2026-001-01"
    assert load(world, "session", found["session"]).access.case_id is not None
    assert not load(world, "card", found["card"]).access.filed
    file_card(world.me, world.desk, found["card"])
    assert load(world, "card", found["card"]).access.filed
    assert load(world, "card", found["card"]).number == "QH-2026-2027-DA-0001"


def test_an_issued_referral_says_who_and_when(world: World) -> None:
    referral_id = world.referral(session_excerpt="摘录", risk=RiskLevel.MILD)
    before = load(world, "referral", referral_id)
    assert (before.director_agreed, before.not_ready_for) == (False, {Audience.HOSPITAL})
    approve_excerpt(world.me, world.desk, referral_id)
    issue_referral(world.me, world.desk, referral_id)
    after = load(world, "referral", referral_id)
    assert (after.director_agreed, after.not_ready_for) == (True, frozenset())
    expect(
        after,
        prefix="referral",
        issued_on=date(2026, 10, 12),
        issued_by="林老师",
        risk="mild",
        session_excerpt="摘录",
    )


def test_little_is_known_of_a_client_who_is_no_student(world: World) -> None:
    booking = world.booking(client_id=world.colleague.person_id, client_type=ClientType.STAFF, room_id=None)
    subject = load(world, "appointment", book_appointment(world.me, world.desk, booking).value.id)
    assert subject.values["student.name"] == "周老师"
    assert subject.values["appointment.place"] is None
    given = {path for path, value in subject.values.items() if value and path.startswith(("student.", "guardian."))}
    assert given == {"student.name"}


def test_a_student_may_have_no_class_and_a_class_no_grade(world: World) -> None:
    bare = add_student(world.me, world.desk, StudentData("某某")).value
    first = book_appointment(world.me, world.desk, world.booking(client_id=bare.id, hour=9)).value.id
    assert load(world, "appointment", first).values["student.class_name"] is None
    with world.desk.vault.change() as opened:
        opened.execute(update(OrgUnit).where(OrgUnit.id == world.people.class_id).values(parent_id=None))
        opened.execute(update(Student).where(Student.id == bare.id).values(class_id=world.people.class_id))
    values = load(world, "appointment", first).values
    assert (values["student.class_name"], values["student.grade"]) == ("初二（3）班", None)
    assert values["student.class_with_grade"] == "初二（3）班"


def test_a_class_that_is_only_a_number_is_told_with_its_grade(world: World) -> None:
    first = book_appointment(world.me, world.desk, world.booking()).value.id
    with world.desk.vault.change() as opened:
        opened.execute(update(OrgUnit).where(OrgUnit.id == world.people.class_id).values(name="3班"))
    values = load(world, "appointment", first).values
    told = [values[f"student.{path}"] for path in ("class_name", "grade", "class_with_grade")]
    assert told == ["3班", "初二年级", "初二年级3班"]


def test_a_bare_card_and_note_answer_with_nothing(world: World) -> None:
    card = load(world, "card", world.card().id)
    assert card.values["card.family_structure"] is None
    assert card.values["card.source"] is None
    note = start_note(world.me, world.desk, world.case(), world.draft(risk_level=None)).value
    values = load(world, "session", note.id).values
    assert (values["session.risk_level"], values["session.next_time"]) == (None, None)
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM school")
    assert load(world, "session", note.id).values["room.name"] is None


def test_in_the_holidays_there_is_no_term(world: World) -> None:
    booking = world.booking(days=110)
    subject = load(world, "appointment", book_appointment(world.me, world.desk, booking).value.id)
    assert (subject.academic_year, subject.term) == ("2026-2027", None)


def test_the_guardian_called_first_is_printed(world: World) -> None:
    mother = add_guardian(world.me, world.desk, world.students[0], "单氏", Relation.MOTHER).value
    appointment = book_appointment(world.me, world.desk, world.booking()).value.id
    assert load(world, "appointment", appointment).values["guardian.name"] == GUARDIAN
    (father,) = (row[0] for row in world.sql("SELECT id FROM guardian WHERE relation = 'father'"))
    order_guardians(world.me, world.desk, world.students[0], (mother.id, father))
    assert load(world, "appointment", appointment).values["guardian.name"] == "单氏"
    with world.desk.vault.change() as opened:
        opened.execute(update(Guardian).where(Guardian.id == mother.id).values(voided_at=world.clock.now()))
    assert load(world, "appointment", appointment).values["guardian.name"] == GUARDIAN


def test_no_other_record_is_printed(shared: World) -> None:
    for kind in (*KINDS, "account"):
        with pytest.raises(UserError):
            load(shared, kind, "none")


# Bindings and forms.


def test_the_class_of_a_path_is_its_columns() -> None:
    classes = bindings.disclosure_classes()
    assert set(classes) == set(bindings.COLUMNS)
    assert classes["referral.session_excerpt"] is DisclosureClass.SESSION_TEXT
    assert classes["card.medication"] is DisclosureClass.ILLNESS
    assert classes["card.family_members"] is DisclosureClass.OTHERS
    assert classes["student.name"] is DisclosureClass.IDENTITY
    assert classes["guardian.phone"] is DisclosureClass.CONTACT
    assert {classes[f"session.section.{section}"] for section in bindings.SECTIONS} == {DisclosureClass.SESSION_TEXT}


def test_every_section_of_the_template_can_be_printed() -> None:
    notes = {item.link_id for item in forms.all_forms()["F-11"].definition.item if item.type == "note"}
    assert notes == set(bindings.SECTIONS)


def test_a_definition_is_kept_once_by_its_hash(world: World) -> None:
    with world.desk.change() as work:
        first, second = forms.remember(work, "F-11"), forms.remember(work, "F-11")
        other = forms.remember(work, "F-06")
    form = forms.all_forms()["F-11"]
    assert first == second == form.sha256 != other
    kept = world.sql("SELECT form_id, version, source FROM form_in_use WHERE hash = :hash", hash=first)
    assert kept == [("F-11", form.definition.form.version, form.source)]
    assert world.sql("SELECT count(*) FROM form_in_use") == [(2,)]
    assert set(forms.all_forms()) >= {"F-06", "F-11", "F-19", "F-50"}
