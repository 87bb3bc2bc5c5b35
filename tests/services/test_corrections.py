"""A note under the wrong student: blanked so that nothing holds its text, or given to the right case."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.services import backups, cases, drafts, prints, search
from counselroom.services.corrections import reassign_note, redact_note
from counselroom.services.desk import AccessDenied
from counselroom.services.sessions import amend_note, list_sessions, session, start_note
from counselroom.vault.keys.unlocking import Sheet
from counselroom.vault.restore import restore_backup
from counselroom.vault.vault import unlock_vault
from tests.conftest import MemoryAnchors
from tests.services.world import World, template
from tests.vault.pages import pages_with

TEXT = "她说夜里总梦见坠楼"
AMENDED = "其实是上周三的梦"
REASON = "串写到别的学生"


def written(world: World) -> tuple[str, str]:
    """Return (case, note) of a signed note that is repeated in every place that repeats a note."""
    case_id = world.case()
    note_id = world.note(TEXT, case_id=case_id)
    amend_note(world.me, world.desk, note_id, AMENDED, "补记")
    for words in (TEXT, TEXT + AMENDED):
        drafts.save_draft(world.me, world.desk, "note", {"content": words}, "session_record", note_id)
    return case_id, note_id


def anywhere(world: World, words: str) -> int:
    """Count the decrypted pages on which the words can be read."""
    vault = world.desk.vault
    return pages_with(vault.database_file, vault.root.database_key(), words)


def printed(world: World, note_id: str, tmp_path: Path) -> str:
    request = prints.PrintRequest("F-11", note_id, Audience.ROOM)
    pdf = prints.print_form(world.me, world.desk, request).value.pdf
    (tmp_path / "note.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", str(tmp_path / "note.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode().replace("\n", "")


def test_after_blanking_nothing_holds_the_text(world: World, tmp_path: Path) -> None:
    _case, note_id = written(world)
    assert anywhere(world, TEXT) > 0
    assert anywhere(world, AMENDED) > 0
    assert search.search_text(world.me, world.desk, "坠楼").total == 1
    assert TEXT in printed(world, note_id, tmp_path)
    done = redact_note(world.me.because(REASON), world.desk, note_id)
    assert ("session_record", note_id) in done.changes.changed
    assert anywhere(world, TEXT) == 0
    assert anywhere(world, AMENDED) == 0
    for query in ("坠楼", "上周", "梦"):
        assert search.search_text(world.me, world.desk, query).total == 0
    assert drafts.list_drafts(world.me, world.desk) == ()
    assert drafts.draft_versions(world.me, world.desk, "note") == ()
    page = printed(world, note_id, tmp_path)
    assert TEXT not in page
    assert AMENDED not in page
    assert "GA-2026-001" in page


def test_a_backup_made_afterwards_holds_none_of_it(world: World, tmp_path: Path) -> None:
    _case, note_id = written(world)
    redact_note(world.me.because(REASON), world.desk, note_id)
    made = backups.make_backup(world.me, world.desk, tmp_path, entropy=random.Random(3).randbytes).value
    restored = tmp_path / "restored"
    restore_backup(
        made.path,
        restored,
        sheet=template().sheet_a,
        login=None,
        now=world.clock.now,
        entropy=random.Random(4).randbytes,
        anchors=None,
    )
    vault = unlock_vault(restored, Sheet(template().sheet_a), anchors=MemoryAnchors(), now=world.clock.now)
    key = vault.root.database_key()
    vault.close()
    assert pages_with(restored / "records.db", key, TEXT) == 0
    assert pages_with(restored / "records.db", key, note_id) > 0


def test_the_row_stays_with_its_number_and_its_deed(world: World) -> None:
    case_id, note_id = written(world)
    before = session(world.me, world.desk, note_id)
    redact_note(world.me.because(REASON), world.desk, note_id)
    (view,) = list_sessions(world.me, world.desk, case_id)
    assert (view.seq, view.held_on, view.signed_at, view.content_hash) == (
        before.seq,
        before.held_on,
        before.signed_at,
        before.content_hash,
    )
    assert (view.draft.sections, view.draft.risk_level, view.draft.consent_exception) == ({}, None, None)
    assert [(item.text, item.reason) for item in view.amendments] == [("", "")]
    ((voided_by, void_reason),) = world.sql("SELECT voided_by, void_reason FROM session_record")
    assert (voided_by, void_reason) == (world.me.account_id, REASON)
    deeds = world.sql("SELECT kind, entity, reason FROM deed WHERE kind = 'redact' ORDER BY entity")
    assert deeds == [("redact", "amendment", REASON), ("redact", "session_record", REASON)]
    assert [row.action for row in world.audit()].count("redact") == 3


def test_a_blanked_note_takes_no_further_deed(world: World) -> None:
    case_id, note_id = written(world)
    other = world.case(student=1)
    redact_note(world.me.because(REASON), world.desk, note_id)
    before = world.dump()
    for call in (
        lambda: redact_note(world.me.because(REASON), world.desk, note_id),
        lambda: reassign_note(world.me.because(REASON), world.desk, note_id, other),
        lambda: amend_note(world.me, world.desk, note_id, TEXT, "补记"),
    ):
        with pytest.raises(UserError):
            call()
    assert world.dump() == before
    assert case_id != other


def test_only_the_director_with_a_reason_blanks(world: World) -> None:
    _case, note_id = written(world)
    before = world.dump()
    for actor in (world.me, world.director.because(" "), world.colleague.because(REASON), world.archivist.because("a")):
        with pytest.raises(AccessDenied):
            redact_note(actor, world.desk, note_id)
    assert world.dump() == before
    redact_note(world.director.because(REASON), world.desk, note_id)


def test_an_unsigned_note_is_edited_and_not_blanked(world: World) -> None:
    draft = start_note(world.me, world.desk, world.case(), world.draft(TEXT)).value
    for note_id in (draft.id, "none"):
        with pytest.raises(UserError):
            redact_note(world.me.because(REASON), world.desk, note_id)
        with pytest.raises(UserError):
            reassign_note(world.me.because(REASON), world.desk, note_id, draft.case_id)


# Giving it to the right case.


def test_a_note_is_given_to_the_right_case_with_all_that_hangs_on_it(world: World) -> None:
    wrong, note_id = written(world)
    right = world.case(student=1)
    world.note("第一次", case_id=right)
    before = session(world.me, world.desk, note_id)
    done = reassign_note(world.me.because(REASON), world.desk, note_id, right)
    assert done.changes.changed == {("session_record", note_id), ("case_file", right)}
    after = session(world.me, world.desk, note_id)
    assert (after.case_id, after.client_id, after.seq) == (right, world.students[1], 2)
    assert (after.draft, after.signed_at, after.content_hash, after.amendments) == (
        before.draft,
        before.signed_at,
        before.content_hash,
        before.amendments,
    )
    assert list_sessions(world.me, world.desk, wrong) == ()
    assert world.sql("SELECT subject_person FROM amendment") == [(world.students[1],)]
    (hit,) = search.search_text(world.me, world.desk, "坠楼").hits
    assert (hit.subject_person, hit.title) == (world.students[1], "GA-2026-002 #2")
    assert {row[0] for row in world.sql("SELECT reason FROM deed WHERE kind = 'reassign'")} == {REASON}


def test_search_takes_the_restriction_of_the_new_case(world: World) -> None:
    _wrong, note_id = written(world)
    right = world.case(student=1)
    cases.restrict_case(world.me, world.desk, right, restricted=True)
    director = world.director.because("督导")
    assert search.search_text(director, world.desk, "坠楼").total == 1
    reassign_note(world.me.because(REASON), world.desk, note_id, right)
    assert search.search_text(director, world.desk, "坠楼").total == 0
    assert search.search_text(world.me, world.desk, "坠楼").total == 1


def test_a_note_goes_to_no_impossible_case(world: World) -> None:
    case_id, note_id = written(world)
    others = world.case(world.colleague, 1)
    before = world.dump()
    for target in (case_id, others, "none"):
        with pytest.raises(UserError) as caught:
            reassign_note(world.me.because(REASON), world.desk, note_id, target)
        assert not isinstance(caught.value, AccessDenied)
    for actor in (world.me, world.colleague.because(REASON)):
        with pytest.raises(AccessDenied):
            reassign_note(actor, world.desk, note_id, others)
    assert world.dump() == before


def test_the_archive_manager_may_give_a_note_to_the_right_case(world: World) -> None:
    _wrong, note_id = written(world)
    right = world.case(student=1)
    reassign_note(world.archivist.because(REASON), world.desk, note_id, right)
    assert session(world.me, world.desk, note_id).case_id == right


def test_a_note_that_search_has_lost_goes_to_its_case_all_the_same(world: World) -> None:
    _wrong, note_id = written(world)
    right = world.case(student=1)
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM search_entry")
    reassign_note(world.me.because(REASON), world.desk, note_id, right)
    assert session(world.me, world.desk, note_id).case_id == right
    assert world.sql("SELECT count(*) FROM search_entry") == [(0,)]
