from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from counselroom.model.base import moment_text
from counselroom.vault.check import CheckPart, CheckReport, check_vault, schema_shape
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.opening import open_database
from counselroom.vault.progress import Cancelled, Step
from counselroom.vault.state import Anchor
from counselroom.vault.vault import Sheet, unlock_vault
from tests.vault.backup_support import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    office.add_students(30, note="n" * 2000)
    yield office
    office.vault.close()


def check(office: Office) -> CheckReport:
    return check_vault(office.vault, anchors=office.anchors)


def parts(report: CheckReport) -> list[CheckPart]:
    return [finding.part for finding in report.findings]


def tamper(office: Office, *statements: str) -> None:
    """Change the database past the guard, as somebody with the key and another program would."""
    path, key = office.vault.database_file, office.vault.root.database_key()
    with closing(open_database(path, key, mode="rw", guarded=False)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA recursive_triggers = OFF")
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_sound_vault_has_no_findings(office: Office) -> None:
    seen: list[tuple[int, int]] = []
    report = check_vault(
        office.vault, anchors=office.anchors, progress=lambda step, done, whole: seen.append((done, whole))
    )
    assert report.findings == ()
    assert report.ok
    assert report.anchored
    with office.vault.reading() as session:
        assert report.audit_rows == session.execute(text("SELECT count(*) FROM audit_log")).scalar_one() > 30
    assert seen == [(number, 7) for number in range(8)]


def test_a_page_overwritten_with_random_bytes_is_found(office: Office) -> None:
    tamper(office)
    with office.vault.database_file.open("r+b") as stream:
        stream.seek(20 * 4096)
        stream.write(secrets.token_bytes(4096))
    report = check(office)
    assert CheckPart.FILE in parts(report)
    assert not report.ok
    assert report.findings[0].count == 1


def test_a_damaged_first_page_leaves_sentences_and_no_traceback(office: Office) -> None:
    tamper(office)
    with office.vault.database_file.open("r+b") as stream:
        first = stream.read(4096)
        stream.seek(0)
        stream.write(secrets.token_bytes(4096))
    report = check(office)
    assert set(parts(report)) >= {CheckPart.FILE, CheckPart.LINKS, CheckPart.SCHEMA, CheckPart.AUDIT, CheckPart.SEARCH}
    assert all(finding.sentence for finding in report.findings)
    with office.vault.database_file.open("r+b") as stream:
        stream.write(first)


def test_a_fault_in_the_structure(office: Office) -> None:
    tamper(
        office,
        "PRAGMA writable_schema = ON",
        "DELETE FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'print_log'",
    )
    assert {CheckPart.FILE, CheckPart.SCHEMA} <= set(parts(check(office)))


def test_a_row_whose_counterpart_is_missing(office: Office) -> None:
    tamper(office, "UPDATE student SET class_id = 'nowhere' WHERE rowid < 3")
    (finding,) = check(office).findings
    assert (finding.part, finding.count) == (CheckPart.LINKS, 2)
    assert "2" in finding.sentence


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER {trigger}",
        "DROP INDEX ix_print_log_entity",
        "CREATE TRIGGER mine AFTER INSERT ON parameter BEGIN DELETE FROM parameter; END",
        "ALTER TABLE parameter ADD COLUMN more TEXT",
        "CREATE TABLE more (id)",
    ],
)
def test_another_schema_is_found(office: Office, statement: str) -> None:
    with office.vault.reading() as session:
        trigger = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1")).scalar_one()
    tamper(office, statement.format(trigger=trigger))
    (finding,) = check(office).findings
    assert (finding.part, finding.count) == (CheckPart.SCHEMA, 1)


def drop_audit_triggers(office: Office) -> list[str]:
    with office.vault.reading() as session:
        rows = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'")
        ).all()
    tamper(office, *(f"DROP TRIGGER {row.name}" for row in rows))
    return [row.sql for row in rows]


def test_a_changed_audit_row_is_named(office: Office) -> None:
    triggers = drop_audit_triggers(office)
    tamper(office, "UPDATE audit_log SET actor_id = 'another' WHERE seq = 7", *triggers)
    (finding,) = check(office).findings
    assert finding.part is CheckPart.AUDIT
    assert "7" in finding.sentence


def test_a_cut_audit_log_is_found_by_the_anchor_alone(office: Office) -> None:
    with office.vault.reading() as session:
        head = session.execute(text("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1")).one()
    office.anchors.save(office.vault.vault_id, Anchor(office.vault.generation, head.seq, bytes(head.hash).hex()))
    triggers = drop_audit_triggers(office)
    tamper(office, f"DELETE FROM audit_log WHERE seq > {head.seq - 2}", *triggers)
    (finding,) = check(office).findings
    assert finding.part is CheckPart.AUDIT
    assert check_vault(office.vault).ok
    office.anchors.broken = True
    report = check(office)
    assert report.ok
    assert not report.anchored
    office.anchors.broken = False


def test_an_anchor_of_another_history_is_found_unless_it_was_accepted(office: Office) -> None:
    office.anchors.save(office.vault.vault_id, Anchor(1, 3, "00" * 32))
    (finding,) = check(office).findings
    assert finding.part is CheckPart.AUDIT
    office.vault.close()
    office.anchors.save(office.vault.vault_id, Anchor(1, 3, "00" * 32))
    office.vault = office.unlock()
    assert office.vault.read_only is not None
    assert CheckPart.AUDIT in parts(check(office))


def test_an_accepted_history_is_no_finding(office: Office) -> None:
    office.vault.close()
    office.anchors.save(office.vault.vault_id, Anchor(1, 3, "00" * 32))
    office.vault = unlock_vault(
        office.folder / "vault",
        Sheet(office.sheet_a),
        anchors=office.anchors,
        now=office.clock,
        accept_reason="known",
    )
    office.anchors.save(office.vault.vault_id, Anchor(1, 3, "00" * 32))
    assert check(office).ok


def test_an_audit_key_of_another_root(office: Office) -> None:
    stranger = RootKey(secrets.token_bytes(32)).wrap(bytes(32)).hex()
    with office.vault.reading() as session:
        rows = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_epoch'")
        ).all()
    tamper(
        office,
        *(f"DROP TRIGGER {row.name}" for row in rows),
        f"UPDATE audit_epoch SET wrapped_key = x'{stranger}'",
        *(row.sql for row in rows),
    )
    (finding,) = check(office).findings
    assert finding.part is CheckPart.AUDIT


def test_a_search_index_that_does_not_match(office: Office) -> None:
    tamper(
        office,
        "INSERT INTO search_text (rowid, body) VALUES (5, 'ab')",
        "INSERT INTO search_entry (id, entity, entity_id, secrecy, restricted, title)"
        " VALUES (9, 'case_file', 'x', 'S3', 0, '')",
    )
    (finding,) = check(office).findings
    assert (finding.part, finding.count) == (CheckPart.SEARCH, 2)


def test_a_damaged_attachment_is_found(office: Office) -> None:
    now = moment_text(office.clock())
    for key, content in (("whole", b"some bytes"), ("cut", b"some byte")):
        digest = hashlib.sha256(b"some bytes").hexdigest()
        piece = hashlib.sha256(content).hexdigest()
        tamper(
            office,
            "INSERT INTO attachment (id, created_at, created_by, updated_at, updated_by, secrecy, entity, entity_id,"
            f" name, media_type, size, sha256) VALUES ('{key}', '{now}', 't', '{now}', 't', 'S3', 'student', 'x',"
            f" 'n', 'text/plain', 10, '{digest}')",
            f"INSERT INTO attachment_chunk VALUES ('{key}', 0, x'{content.hex()}', x'{piece}')",
        )
    (finding,) = check(office).findings
    assert (finding.part, finding.count) == (CheckPart.ATTACHMENTS, 1)


def lose_second(folder: Path) -> None:
    (folder / "vault.keys.2").unlink()


def damage_second(folder: Path) -> None:
    (folder / "vault.keys.2").write_bytes(b"{}")


def lose_both(folder: Path) -> None:
    lose_second(folder)
    (folder / "vault.keys").unlink()


@pytest.mark.parametrize("harm", [lose_second, damage_second, lose_both])
def test_a_slot_file_that_is_not_kept_twice(office: Office, harm: Callable[[Path], None]) -> None:
    safe = office.folder / "safe"
    shutil.copytree(office.vault.folder, safe)
    harm(office.vault.folder)
    (finding,) = check(office).findings
    assert finding.part is CheckPart.KEYS


def test_a_slot_file_without_sheets(office: Office) -> None:
    slots = office.vault.slots()
    kept = tuple(slot for slot in slots.slots if not slot.kind.is_sheet)
    SlotFile(slots.vault_id, kept).write(office.vault.folder, office.vault.root)
    (finding,) = check(office).findings
    assert finding.part is CheckPart.KEYS


def test_stopping(office: Office) -> None:
    with pytest.raises(Cancelled):
        check_vault(office.vault, cancel=lambda: True)
    seen: list[Step] = []
    with pytest.raises(Cancelled):
        check_vault(
            office.vault,
            progress=lambda step, _done, _whole: seen.append(step),
            cancel=lambda: len(seen) > 2,
        )


def test_the_shape_of_a_schema_does_not_depend_on_spelling(office: Office) -> None:
    with office.vault.job_reader() as session:
        shape = schema_shape(session.connection().connection.driver_connection)
    assert "student" in shape
    assert len([value for value in shape.values() if isinstance(value, str)]) > 5  # triggers
