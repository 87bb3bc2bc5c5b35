"""The audit log as it is read, verified and taken out."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Action
from counselroom.services import audit_extract
from counselroom.services.audit_extract import (
    AuditFilter,
    AuditSound,
    audit_choices,
    audit_lines,
    export_audit,
    verify_audit,
)
from counselroom.services.audit_words import action_word, entity_word
from counselroom.services.desk import AccessDenied
from counselroom.services.parameters import set_parameter
from counselroom.vault.audit import AuditFault, AuditHead, AuditVerdict
from tests.services.world import MORNING, World


def test_the_newest_rows_come_first_and_in_words(world: World) -> None:
    world.note("近来失眠")
    page = audit_lines(world.director, world.desk, AuditFilter(), limit=5)
    assert len(page.lines) == 5
    assert page.total > 5
    assert [line.seq for line in page.lines] == sorted((line.seq for line in page.lines), reverse=True)
    first = page.lines[0]
    assert (first.who, first.action, first.subject) == ("郑主任", "查看留痕", "留痕")
    assert "近来失眠" not in str(audit_lines(world.director, world.desk, AuditFilter(), limit=1000))
    more = audit_lines(world.director, world.desk, AuditFilter(), offset=2, limit=1)
    assert more.lines[0].seq == first.seq  # two rows further down, and two were written meanwhile


def test_rows_are_filtered_by_day_person_and_action(world: World) -> None:
    world.note("甲")
    world.clock.moment += timedelta(days=3)
    set_parameter(world.me, world.desk, "small_cell", 7)
    today = (MORNING + timedelta(days=3)).date()

    def total(**wanted: object) -> int:
        return audit_lines(world.director, world.desk, AuditFilter(**wanted)).total  # type: ignore[arg-type] # keywords

    assert total(first=today) < total(last=today)
    assert total(first=today, actor_id=world.me.account_id) == 1
    assert total(action="manage_school", first=today) == 1
    assert total(last=today - timedelta(days=400)) == 0
    choices = audit_choices(world.director, world.desk)
    assert (world.me.account_id, "林老师") in choices.people
    assert ("manage_school", "修改学校设置") in choices.actions


def test_the_chain_is_verified(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = verify_audit(world.director, world.desk)
    assert sound.bad_seq is None
    assert sound.rows == len(world.audit())
    bad = AuditVerdict(4, AuditHead(4, "00"), AuditFault.FORGED, 5)
    monkeypatch.setattr(audit_extract, "verify_chain", lambda session, keys: bad)
    assert verify_audit(world.director, world.desk) == AuditSound(4, 5)


def test_an_extract_is_taken_out_for_a_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError):
        export_audit(world.director, world.desk, AuditFilter())
    director = world.director.because("=教育局检查")
    content = export_audit(director, world.desk, AuditFilter())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "留痕" in words
    assert "林老师" in words
    assert ("read_audit", "export", "=教育局检查") in [(row.action, row.entity_id, row.reason) for row in world.audit()]
    with pytest.raises(UserError):
        export_audit(director, world.desk, AuditFilter(action="nothing"))
    monkeypatch.setattr(audit_extract, "MOST", 3)
    with pytest.raises(UserError):
        export_audit(director, world.desk, AuditFilter())


def test_only_the_director_reads_it(world: World) -> None:
    for call in (
        lambda: audit_lines(world.colleague, world.desk, AuditFilter()),
        lambda: audit_choices(world.colleague, world.desk),
        lambda: verify_audit(world.colleague, world.desk),
        lambda: export_audit(world.colleague.because("试"), world.desk, AuditFilter()),
    ):
        with pytest.raises(AccessDenied):
            call()


def test_every_action_and_record_has_words() -> None:
    assert all(action_word(action) != "其他" for action in Action if action is not Action.KEEP_DRAFT)
    assert action_word("denied:read") == "被拒绝：查看"
    assert (action_word("new"), entity_word("new")) == ("其他", "其他")
    assert entity_word("student") == "学生"


def test_a_note_about_a_backup_shows_its_place(world: World) -> None:
    with world.desk.change() as work:
        work.audit(world.me.because('{"bytes": 5, "place": "示例U盘A"}'), "backup_verified", "backup", "a.crbackup")
        work.audit(world.me.because("[1]"), "backup_proved", "backup", "a.crbackup")
    lines = audit_lines(world.director, world.desk, AuditFilter(), limit=3).lines
    assert [line.reason for line in lines[1:]] == ["[1]", "示例U盘A"]
