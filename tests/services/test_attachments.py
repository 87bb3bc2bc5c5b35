"""Scans and recordings kept with a record: read under its rules, and no recording without consent (R-14)."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import update

from counselroom.errors import UserError
from counselroom.model.safekeeping import Attachment
from counselroom.rules.counselling import ConsentKind
from counselroom.services import consents
from counselroom.services.attachments import RecordingNeedsConsent, attach_file, list_attachments, read_attachment
from counselroom.services.corrections import redact_note
from counselroom.services.desk import AccessDenied
from tests.services.world import World

PAPER = b"%PDF-1.4\n% \xe6\x89\xab\xe6\x8f\x8f\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SOUND = b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(28)


def test_a_scan_is_kept_listed_and_read_back(world: World) -> None:
    note_id = world.note("一")
    done = attach_file(world.me, world.desk, "session_record", note_id, "扫描.pdf", PAPER)
    view = done.value
    assert (view.name, view.media_type, view.size) == ("扫描.pdf", "application/pdf", len(PAPER))
    assert view.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert done.changes.changed == {("attachment", view.id)}
    second = attach_file(world.me, world.desk, "session_record", note_id, "第二页.pdf", PAPER + b"%").value
    assert list_attachments(world.me, world.desk, "session_record", note_id) == (view, second)
    assert world.sql("SELECT DISTINCT subject_person, secrecy FROM attachment") == [(world.students[0], "S3")]
    log = world.audit()
    assert read_attachment(world.me, world.desk, view.id) == PAPER
    (row,) = world.audit()[len(log) :]
    assert (row.action, row.entity, row.entity_id) == ("read", "session_record", note_id)


@pytest.mark.parametrize("entity", ["session_record", "referral", "consent", "archive_card"])
def test_each_kind_of_record_takes_attachments_under_its_own_rules(world: World, entity: str) -> None:
    record_id = {
        "session_record": lambda: world.note("一"),
        "referral": world.referral,
        "consent": lambda: world.consent().id,
        "archive_card": lambda: world.card().id,
    }[entity]()
    view = attach_file(world.me, world.desk, entity, record_id, "扫描.pdf", PAPER).value
    assert world.sql("SELECT subject_person, entity, entity_id FROM attachment") == [
        (world.students[0], entity, record_id)
    ]
    reader = world.archivist
    calls = (
        lambda: read_attachment(reader, world.desk, view.id),
        lambda: list_attachments(reader, world.desk, entity, record_id),
    )
    for call in calls:
        if entity == "consent":
            assert call()
        else:
            with pytest.raises(AccessDenied):
                call()
    with pytest.raises(AccessDenied):
        attach_file(reader, world.desk, entity, record_id, "扫描.pdf", PAPER)


def test_another_counsellor_neither_attaches_nor_reads(world: World) -> None:
    note_id = world.note("一")
    view = attach_file(world.me, world.desk, "session_record", note_id, "扫描.pdf", PAPER).value
    before = world.dump()
    for call in (
        lambda: attach_file(world.colleague, world.desk, "session_record", note_id, "扫描.pdf", PAPER),
        lambda: read_attachment(world.colleague, world.desk, view.id),
        lambda: list_attachments(world.colleague, world.desk, "session_record", note_id),
    ):
        with pytest.raises(AccessDenied):
            call()
    assert world.dump() == before


def test_a_recording_needs_the_consent_that_holds(world: World) -> None:
    note_id = world.note("一")
    world.consent(kind=ConsentKind.SERVICE)
    world.consent(student=1, kind=ConsentKind.RECORDING)

    def attach() -> None:
        attach_file(world.me, world.desk, "session_record", note_id, "录音.wav", SOUND)

    with pytest.raises(RecordingNeedsConsent) as caught:
        attach()
    assert caught.value.next_step
    assert world.sql("SELECT count(*) FROM attachment") == [(0,)]
    consent = world.consent(kind=ConsentKind.RECORDING)
    attach()
    consents.withdraw_consent(world.me, world.desk, consent.id)
    with pytest.raises(RecordingNeedsConsent):
        attach()
    assert world.sql("SELECT count(*) FROM attachment") == [(1,)]


def test_what_is_not_there_takes_nothing(world: World) -> None:
    for entity in ("session_record", "referral", "consent", "archive_card", "person"):
        with pytest.raises(UserError):
            attach_file(world.me, world.desk, entity, "none", "扫描.pdf", PAPER)
    with pytest.raises(UserError):
        read_attachment(world.me, world.desk, "none")
    view = attach_file(world.me, world.desk, "referral", world.referral(), "扫描.pdf", PAPER).value
    with world.desk.vault.change() as opened:
        opened.execute(update(Attachment).values(voided_at=world.clock.now()))
    with pytest.raises(UserError):
        read_attachment(world.me, world.desk, view.id)
    assert list_attachments(world.me, world.desk, "referral", world.sql("SELECT id FROM referral")[0][0]) == ()


def test_blanking_a_note_takes_its_scans_along(world: World) -> None:
    note_id = world.note("一")
    attach_file(world.me, world.desk, "session_record", note_id, "扫描.pdf", PAPER)
    redact_note(world.me.because("串写"), world.desk, note_id)
    assert world.sql("SELECT count(*) FROM attachment_chunk") == [(0,)]
    assert list_attachments(world.me, world.desk, "session_record", note_id) == ()
