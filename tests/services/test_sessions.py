"""Session records: what is missing before a signature, what is signed, and what can still be said afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from counselroom.errors import UserError
from counselroom.model.counselling import Amendment, SessionRecord
from counselroom.rules.counselling import AppointmentState, CancelledBy, CaseStatus, ConsentKind, Mode, RiskLevel
from counselroom.rules.session import SignObstacle
from counselroom.services import cases, consents, search
from counselroom.services.appointments import book_appointment, cancel_appointment
from counselroom.services.sessions import (
    NotReadyToSign,
    SessionView,
    amend_note,
    bring_note_back,
    discard_note,
    list_sessions,
    list_unsigned,
    save_note,
    session,
    sign_note,
    start_note,
)
from counselroom.services.undo import take_back
from counselroom.vault import deeds
from tests.services.world import World

PROTECTED = (IntegrityError, OperationalError)


def start(world: World, case_id: str, **changes: Any) -> SessionView:
    return start_note(world.me, world.desk, case_id, world.draft("会谈要点", **changes)).value


def test_a_started_note_is_kept_as_it_was_written(world: World) -> None:
    case_id = world.case()
    draft = replace(
        world.draft("会谈要点"),
        mode=Mode.PHONE,
        place="个别咨询室",
        risk_level=RiskLevel.MODERATE,
        consent_exception="危机",
        next_at=world.at(7, 14),
    )
    done = start_note(world.me, world.desk, case_id, draft)
    view = done.value
    assert view.draft == draft
    assert (view.case_id, view.client_id, view.counsellor_id) == (case_id, world.students[0], world.me.person_id)
    assert (view.seq, view.held_on, view.signed_at, view.content_hash, view.amendments) == (
        1,
        draft.starts_at.date(),
        None,
        None,
        (),
    )
    assert done.changes.changed == {("session_record", view.id), ("case_file", case_id)}
    assert cases.case(world.me, world.desk, case_id).status is CaseStatus.ACTIVE
    assert session(world.me, world.desk, view.id) == view
    ((form_id, form_hash, secrecy),) = world.sql("SELECT form_id, form_hash, secrecy FROM session_record")
    assert (form_id, secrecy) == ("F-11", "S3")
    assert world.sql("SELECT form_id FROM form_in_use WHERE hash = :hash", hash=form_hash) == [("F-11",)]


def test_notes_are_counted_in_each_case(world: World) -> None:
    first, second = world.case(), world.case(student=1)
    counted = [start(world, case_id).seq for case_id in (first, second, first, first)]
    assert counted == [1, 1, 2, 3]
    views = list_sessions(world.me, world.desk, first)
    assert [view.seq for view in views] == [1, 2, 3]
    assert list_sessions(world.me, world.desk, second)[0].client_id == world.students[1]
    unsigned = list_unsigned(world.me, world.desk)
    assert [(code, seq) for _id, code, seq in unsigned].count(("GA-2026-002", 1)) == 1
    assert len(unsigned) == 4


def test_a_second_note_leaves_the_state_of_the_case_alone(world: World) -> None:
    case_id = world.case()
    start(world, case_id)
    done = start_note(world.me, world.desk, case_id, world.draft())
    assert ("case_file", case_id) not in done.changes.changed


def test_reading_a_case_leaves_one_row(world: World) -> None:
    case_id = world.case()
    start(world, case_id)
    start(world, case_id)
    log = world.audit()
    list_sessions(world.me, world.desk, case_id)
    (row,) = world.audit()[len(log) :]
    assert (row.action, row.entity, row.entity_id) == ("read", "session_record", "")


def test_a_session_ends_after_it_begins(world: World) -> None:
    case_id = world.case()
    for minutes in (0, -1):
        end = world.at(0, 8) + timedelta(minutes=minutes)
        with pytest.raises(UserError):
            start(world, case_id, ends_at=end)
    note = start(world, case_id)
    with pytest.raises(UserError):
        save_note(world.me, world.desk, note.id, world.draft("会谈要点", ends_at=world.at(0, 8)))
    assert session(world.me, world.desk, note.id) == note


# Appointments.


def test_a_note_completes_its_appointment_once(world: World) -> None:
    booked = book_appointment(world.me, world.desk, world.booking()).value
    case_id = world.case()
    done = start_note(world.me, world.desk, case_id, world.draft(), booked.id)
    assert ("appointment", booked.id) in done.changes.changed
    assert world.sql("SELECT state FROM appointment") == [(AppointmentState.COMPLETED,)]
    before = world.dump()
    with pytest.raises(UserError):
        start_note(world.me, world.desk, case_id, world.draft(), booked.id)
    assert world.dump() == before


def test_a_note_takes_only_an_appointment_of_its_own_client(world: World) -> None:
    booked = book_appointment(world.me, world.desk, world.booking(client_id=world.students[1])).value
    before = world.dump()
    case_id = world.case()
    for appointment_id in (booked.id, "none"):
        with pytest.raises(UserError):
            start_note(world.me, world.desk, case_id, world.draft(), appointment_id)
    assert world.dump()["appointment"] == before["appointment"]
    assert world.sql("SELECT count(*) FROM session_record") == [(0,)]


def test_a_cancelled_appointment_stays_cancelled(world: World) -> None:
    booked = book_appointment(world.me, world.desk, world.booking()).value
    cancel_appointment(world.me, world.desk, booked.id, CancelledBy.CLIENT, "")
    done = start_note(world.me, world.desk, world.case(), world.draft(), booked.id)
    assert ("appointment", booked.id) not in done.changes.changed
    assert world.sql("SELECT state FROM appointment") == [(AppointmentState.CANCELLED,)]


# Signing.


@pytest.mark.parametrize(
    ("has_text", "has_level", "has_consent", "has_exception"), list(product([True, False], repeat=4))
)
def test_what_is_missing_is_named_all_of_it(
    shared: World, has_text: bool, has_level: bool, has_consent: bool, has_exception: bool
) -> None:
    student = 1 if has_consent else 2
    case_id = shared.sql("SELECT id FROM case_file WHERE client_id = :id", id=shared.students[student])
    if has_consent and not case_id:
        shared.consent(student)
    case = case_id[0][0] if case_id else shared.case(student=student)
    draft = shared.draft(
        "会谈要点" if has_text else "",
        sections={"content": "会谈要点" if has_text else " \n", "homework": ""},
        risk_level=RiskLevel.NONE if has_level else None,
        consent_exception="危机例外" if has_exception else " ",
    )
    note = start_note(shared.me, shared.desk, case, draft).value
    missing = set()
    if not has_text:
        missing.add(SignObstacle.EMPTY)
    if not has_level:
        missing.add(SignObstacle.NO_SAFETY_ASSESSMENT)
    if not has_consent and not has_exception:
        missing.add(SignObstacle.NO_CONSENT)
    if not missing:
        assert sign_note(shared.me, shared.desk, note.id).value.signed_at is not None
        return
    log = shared.audit()
    with pytest.raises(NotReadyToSign) as caught:
        sign_note(shared.me, shared.desk, note.id)
    assert set(caught.value.obstacles) == missing
    assert len(caught.value.obstacles) == len(missing)
    assert caught.value.safe
    assert shared.audit() == log
    assert shared.sql("SELECT signed_at FROM session_record WHERE id = :id", id=note.id) == [(None,)]


@pytest.mark.parametrize("kind", [kind for kind in ConsentKind if kind is not ConsentKind.SERVICE])
def test_only_the_consent_to_the_service_counts(shared: World, kind: ConsentKind) -> None:
    shared.consent(0, kind)
    found = shared.sql("SELECT id FROM case_file WHERE client_id = :id", id=shared.students[0])
    case_id = found[0][0] if found else shared.case()
    with pytest.raises(NotReadyToSign):
        sign_note(shared.me, shared.desk, start(shared, case_id).id)


def test_a_withdrawn_consent_locks_later_sessions_at_once(world: World) -> None:
    consent = world.consent()
    case_id = world.case()
    earlier = start(world, case_id)
    consents.withdraw_consent(world.me, world.desk, consent.id)
    later = start(world, case_id, starts_at=world.at(0, 10), ends_at=world.at(0, 11))
    assert sign_note(world.me, world.desk, earlier.id).value.signed_at is not None
    with pytest.raises(NotReadyToSign) as caught:
        sign_note(world.me, world.desk, later.id)
    assert caught.value.obstacles == (SignObstacle.NO_CONSENT,)


def test_a_signature_says_who_when_and_what(world: World) -> None:
    world.consent()
    note = start(world, world.case())
    done = sign_note(world.me, world.desk, note.id)
    signed = done.value
    assert signed.signed_at is not None
    assert signed.content_hash is not None
    assert len(signed.content_hash) == 64
    assert world.sql("SELECT signed_by, content_hash FROM session_record") == [
        (world.me.account_id, signed.content_hash)
    ]
    assert done.changes.changed == {("session_record", note.id)}
    assert list_unsigned(world.me, world.desk) == ()
    before = world.dump()
    with pytest.raises(UserError) as caught:
        sign_note(world.me, world.desk, note.id)
    assert caught.value.next_step
    assert world.dump() == before


CHANGES: dict[str, dict[str, Any]] = {
    "same": {},
    "sections": {"sections": {"content": "会谈要点。"}},
    "section": {"sections": {"analysis": "会谈要点"}},
    "mode": {"mode": Mode.ONLINE},
    "place": {"place": "沙盘室"},
    "risk": {"risk_level": RiskLevel.SEVERE},
    "exception": {"consent_exception": "危机例外"},
}


def test_the_hash_changes_with_everything_that_is_signed(world: World) -> None:
    hashes = {}
    base = world.draft("会谈要点")
    changes = CHANGES | {
        "starts": {"starts_at": base.starts_at + timedelta(minutes=1)},
        "ends": {"ends_at": base.ends_at + timedelta(minutes=1)},
        "next": {"next_at": world.at(7, 14)},
    }
    world.consent()
    case_id = world.case()
    for name, change in changes.items():
        note = start_note(world.me, world.desk, case_id, replace(base, **change)).value
        with world.desk.vault.change() as opened:  # the same number, so that only the one thing differs
            opened.execute(update(SessionRecord).where(SessionRecord.id == note.id).values(seq=100))
        hashes[name] = sign_note(world.me, world.desk, note.id).value.content_hash
        free_number(world, note.id)
    second = start_note(world.me, world.desk, case_id, base).value
    hashes["seq"] = sign_note(world.me, world.desk, second.id).value.content_hash
    world.consent(1)
    other = start_note(world.me, world.desk, world.case(student=1), base).value
    with world.desk.vault.change() as opened:
        opened.execute(update(SessionRecord).where(SessionRecord.id == other.id).values(seq=100))
    hashes["client"] = sign_note(world.me, world.desk, other.id).value.content_hash
    assert len(set(hashes.values())) == len(hashes)


def free_number(world: World, session_id: str) -> None:
    """Give a signed note another number by the lawful deed, so that the next can be signed under the old one."""
    with world.desk.change() as work:
        number = work.session.execute(text("SELECT max(seq) + 101 FROM session_record")).scalar_one()
        event = work.event(world.me.because("测试"), "reassign", "session_record", session_id)
        deeds.reassign(work.session, world.desk.vault.audit, event, {"seq": number}, new_id=work.new_id)


def test_the_same_content_has_the_same_hash(world: World) -> None:
    world.consent()
    case_id = world.case()
    hashes = []
    for _ in range(2):
        note = start(world, case_id)
        with world.desk.vault.change() as opened:
            opened.execute(update(SessionRecord).where(SessionRecord.id == note.id).values(seq=100))
        hashes.append(sign_note(world.me, world.desk, note.id).value.content_hash)
        free_number(world, note.id)
    assert hashes[0] == hashes[1]


# After the signature.


def test_a_draft_can_be_saved_until_it_is_signed(world: World) -> None:
    world.consent()
    note = start(world, world.case())
    draft = replace(note.draft, sections={"content": "改过"}, risk_level=RiskLevel.NONE, place="沙盘室")
    done = save_note(world.me, world.desk, note.id, draft)
    assert done.value.draft == draft
    assert done.changes.changed == {("session_record", note.id)}
    assert done.value.seen > note.seen
    assert session(world.me, world.desk, note.id).draft == draft
    sign_note(world.me, world.desk, note.id)
    before = world.dump()
    with pytest.raises(UserError) as caught:
        save_note(world.me, world.desk, note.id, note.draft)
    assert caught.value.next_step
    assert world.dump() == before


@pytest.mark.parametrize("column", ["sections", "risk_level", "signed_at", "seq", "updated_by", "place", "voided_at"])
def test_a_signed_note_refuses_every_change_through_the_orm_and_core(shared: World, column: str) -> None:
    found = shared.sql("SELECT id FROM session_record WHERE signed_at IS NOT NULL")
    note_id = found[0][0] if found else shared.note("会谈要点")
    value: Any = {
        "sections": {"content": "换掉"},
        "risk_level": RiskLevel.SEVERE,
        "signed_at": None,
        "seq": 77,
        "voided_at": shared.at(1, 8),
    }.get(column, "x")
    before = shared.dump()
    with pytest.raises(PROTECTED), shared.desk.vault.change() as opened:
        opened.execute(update(SessionRecord).where(SessionRecord.id == note_id).values({column: value}))
    with pytest.raises(PROTECTED), shared.desk.vault.change() as opened:
        setattr(opened.get_one(SessionRecord, note_id), column, value)
    assert shared.dump() == before


def test_a_signed_note_and_its_amendment_cannot_be_deleted(world: World) -> None:
    note_id = world.note("会谈要点")
    amend_note(world.me, world.desk, note_id, "应为周二", "笔误")
    before = world.dump()
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(delete(SessionRecord).where(SessionRecord.id == note_id))
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.delete(opened.get_one(SessionRecord, note_id))
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(delete(Amendment))
    with pytest.raises(PROTECTED), world.desk.vault.change() as opened:
        opened.execute(update(Amendment).values(text="换掉"))
    assert world.dump() == before


def test_amendments_are_set_beside_in_order_and_never_change_the_note(world: World) -> None:
    note_id = world.note("会谈要点")
    before = session(world.me, world.desk, note_id)
    done = amend_note(world.me, world.desk, note_id, " 应为周二 ", " 笔误 ", "content")
    assert done.changes.changed == {("session_record", note_id)}
    second = amend_note(world.me, world.desk, note_id, "补记家长来电", "遗漏").value
    assert [(item.text, item.reason, item.section, item.by) for item in second.amendments] == [
        ("应为周二", "笔误", "content", world.me.account_id),
        ("补记家长来电", "遗漏", None, world.me.account_id),
    ]
    assert second.amendments[0] == done.value.amendments[0]
    assert replace(second, amendments=()) == before
    deeds = world.sql("SELECT kind, entity, entity_id, reason, open_token FROM deed")
    assert deeds == [("amend", "session_record", note_id, "", None)] * 2
    digests = [row.digest for row in world.audit() if row.action == "amend" and row.digest]
    assert len(set(digests)) == 2
    assert world.sql("SELECT DISTINCT subject_person, secrecy FROM amendment") == [(world.students[0], "S3")]


@pytest.mark.parametrize(("words", "reason"), [("", "笔误"), (" \n", "笔误"), ("更正", ""), ("更正", " ")])
def test_an_amendment_needs_text_and_reason(world: World, words: str, reason: str) -> None:
    note_id = world.note("会谈要点")
    with pytest.raises(UserError) as caught:
        amend_note(world.me, world.desk, note_id, words, reason)
    assert caught.value.safe
    assert session(world.me, world.desk, note_id).amendments == ()


def test_a_draft_is_edited_and_not_amended(world: World) -> None:
    note = start(world, world.case())
    with pytest.raises(UserError):
        amend_note(world.me, world.desk, note.id, "更正", "笔误")
    assert world.sql("SELECT count(*) FROM amendment") == [(0,)]


# Search.


def test_search_finds_signed_text_and_amendments_and_never_drafts(world: World) -> None:
    def total(query: str) -> int:
        return search.search_text(world.me, world.desk, query).total

    world.consent()
    note = start(world, world.case(), sections={"content": "近来失眠", "homework": "写睡眠日记"})
    assert total("失眠") == 0
    sign_note(world.me, world.desk, note.id)
    assert (total("失眠"), total("日记"), total("失眠 日记"), total("逃学")) == (1, 1, 1, 0)
    (hit,) = search.search_text(world.me, world.desk, "失眠").hits
    assert (hit.entity, hit.entity_id, hit.title, hit.occurred_on) == (
        "session_record",
        note.id,
        "GA-2026-001 #1",
        note.held_on,
    )
    amend_note(world.me, world.desk, note.id, "其实是逃学", "补记")
    assert (total("失眠"), total("逃学")) == (1, 1)


def test_what_is_not_there_is_said(world: World) -> None:
    for call in (
        lambda: session(world.me, world.desk, "none"),
        lambda: sign_note(world.me, world.desk, "none"),
        lambda: list_sessions(world.me, world.desk, "none"),
        lambda: start_note(world.me, world.desk, "none", world.draft()),
    ):
        with pytest.raises(UserError):
            call()


def test_a_discarded_draft_frees_its_appointment_and_comes_back_to_it(world: World) -> None:
    appointment = book_appointment(world.me, world.desk, world.booking()).value.id
    case_id = world.case()
    note = start_note(world.me, world.desk, case_id, world.draft("会谈要点"), appointment).value
    undo = discard_note(world.me, world.desk, note.id).changes.undo
    assert undo is not None
    assert list_unsigned(world.me, world.desk) == ()
    with pytest.raises(UserError, match="丢弃"):
        save_note(world.me, world.desk, note.id, world.draft("别的"))
    other = start_note(world.me, world.desk, case_id, world.draft("另写"), appointment).value
    with pytest.raises(UserError, match="已有"):
        take_back(world.me, world.desk, undo)
    discard_note(world.me, world.desk, other.id)
    take_back(world.me, world.desk, undo)
    assert [row[0] for row in list_unsigned(world.me, world.desk)] == [note.id]
    with pytest.raises(UserError):
        start_note(world.me, world.desk, case_id, world.draft("再写"), appointment)


def test_a_signed_note_is_not_discarded(world: World) -> None:
    signed = world.note("会谈要点")
    with pytest.raises(UserError):
        discard_note(world.me, world.desk, signed)
    with pytest.raises(UserError):
        bring_note_back(world.me, world.desk, signed)
