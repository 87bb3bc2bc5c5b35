"""Migrations: an old vault gets exactly the schema of a new one, keeps every row, or stays as it was."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from counselroom.vault.audit import audit_keys, verify_chain
from counselroom.vault.engine import BEGIN_TO_WRITE, engine_over
from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.migrations.runner import VERSIONS, MigrationFailed, NoRoomForCopy, migrate
from counselroom.vault.opening import create_database, guard, open_database
from counselroom.vault.schema import (
    SCHEMA_VERSION,
    SchemaTooNew,
    create_schema,
    create_triggers,
    forget_safety_copies,
    migrate_if_due,
    read_version,
    safety_copy,
)
from counselroom.vault.vault import Passphrase, Sheet, unlock_vault
from tests.data import old_vaults
from tests.data.make_vault_v1 import FOLDER, PASSPHRASE, ROOT, SHEET, schema_0001
from tests.vault.storage import NOW

KEY = RootKey(ROOT).database_key()
OF_0004 = (
    "crisis_assessment", "crisis_event", "crisis_step", "crisis_log", "contact_attempt", "guard_period", "guard_shift",
    "guardian_notice", "crisis_report", "tier_record", "follow_up_task", "follow_up_record", "scratch_note",
    "waiting_entry", "duty_shift", "referral_supplement",
)  # fmt: skip
"""The tables that came with this version."""
OF_0005 = ("appointment_series", "different_persons")
COLUMNS_OF_0005 = {
    "appointment": {"series_id": None, "series_nth": None},
    "case_file": {"closed_on": None, "close_reason": None, "close_summary": None},
    "session_record": {"topics": "[]"},
    "archive_item": {"author": None, "pages": None, "carrier": None, "remark": None},
}
"""What came with this version, and what an old row has there."""
STORED = sorted(FOLDER.parent.glob("vault_v*"))


class Anchors:
    """An anchor store that has nothing."""

    def load(self, vault_id: str) -> None:
        return None

    def save(self, vault_id: str, anchor: object) -> None:
        pass


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the stored database of the first schema."""
    path = tmp_path / "records.db"
    shutil.copy(FOLDER / "records.db", path)
    return path


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A copy of the stored database of version 0002."""
    path = tmp_path / "second" / "records.db"
    path.parent.mkdir()
    shutil.copy(old_vaults.folder_of(2) / "records.db", path)
    return path


@pytest.fixture
def third(tmp_path: Path) -> Path:
    """A copy of the stored database of version 0003."""
    path = tmp_path / "third" / "records.db"
    path.parent.mkdir()
    shutil.copy(old_vaults.folder_of(3) / "records.db", path)
    return path


@pytest.fixture
def fourth(tmp_path: Path) -> Path:
    """A copy of the stored database of version 0004."""
    path = tmp_path / "fourth" / "records.db"
    path.parent.mkdir()
    shutil.copy(old_vaults.folder_of(4) / "records.db", path)
    return path


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    with closing(open_database(path, KEY, mode="rw", guarded=False)) as raw:
        yield raw


def schema_of(raw: Any) -> dict[str, Any]:
    """Return all that can be known of a schema but the way its tables are written."""
    found: dict[str, Any] = {
        "triggers": dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()),
        "virtual": raw.execute("SELECT sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall(),
        "names": sorted(raw.execute("SELECT type, name, tbl_name FROM sqlite_master").fetchall()),
    }
    for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        indexes = raw.execute(f'PRAGMA index_list("{table}")').fetchall()
        found[table] = (
            raw.execute(f'PRAGMA table_xinfo("{table}")').fetchall(),
            sorted(raw.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()),
            sorted(one[1:] for one in indexes),
            {one[1]: raw.execute(f'PRAGMA index_xinfo("{one[1]}")').fetchall() for one in indexes},
            _constraints(raw, table),
        )
    return found


def _constraints(raw: Any, table: str) -> list[str]:
    (sql,) = raw.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    parts = " ".join(sql.split()).replace('"', "").split("CONSTRAINT ")[1:]
    return sorted(part.rstrip(" ,)") for part in parts)


def rows_of(raw: Any) -> dict[str, list[Any]]:
    """Return all rows of all tables but those of the full-text index and the version."""
    tables = raw.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall()
    names = [name for (name,) in tables if name not in ("alembic_version", "sqlite_schema")]
    found = {}
    for name in names:
        cursor = raw.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        found[name] = sorted((dict(zip(columns, row, strict=True)) for row in cursor), key=repr)
    return found


def without_0005(rows: dict[str, list[Any]]) -> None:
    """Take away what version 0005 added to older rows, and see that it was what it should be."""
    assert [rows.pop(name) for name in OF_0005] == [[]] * len(OF_0005)
    for table, columns in COLUMNS_OF_0005.items():
        for row in rows[table]:
            assert {name: row.pop(name) for name in columns} == columns


def test_a_migrated_schema_is_the_new_one(old: Path, tmp_path: Path) -> None:
    migrate(old, KEY)
    with closing(create_database(tmp_path / "fresh.db", KEY)) as fresh, opened(old) as migrated:
        with engine_over(fresh, BEGIN_TO_WRITE).begin() as connection:
            create_schema(connection)
        assert read_version(migrated) == read_version(fresh) == SCHEMA_VERSION
        assert schema_of(migrated) == schema_of(fresh)


def test_the_first_schema_is_the_stored_one(old: Path, tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "first.db", KEY)) as first, opened(old) as stored:
        with engine_over(first, BEGIN_TO_WRITE).begin() as connection:
            schema_0001(connection)
        assert schema_of(stored) == schema_of(first)


def test_a_schema_of_version_2_becomes_the_new_one(second: Path, tmp_path: Path) -> None:
    migrate(second, KEY)
    with closing(create_database(tmp_path / "fresh.db", KEY)) as fresh, opened(second) as migrated:
        with engine_over(fresh, BEGIN_TO_WRITE).begin() as connection:
            create_schema(connection)
        assert schema_of(migrated) == schema_of(fresh)


def test_the_schema_of_version_2_is_the_stored_one(second: Path, tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "literal.db", KEY)) as literal, opened(second) as stored:
        with engine_over(literal, BEGIN_TO_WRITE).begin() as connection:
            old_vaults.create_schema_of(2, connection)
        assert schema_of(stored) == schema_of(literal)
        assert read_version(stored) == "0002"


def test_every_row_of_version_2_comes_along(second: Path) -> None:
    with opened(second) as raw:
        before = rows_of(raw)
        assert sum(map(len, before.values())) >= 40
    migrate(second, KEY)
    with opened(second) as raw:
        after = rows_of(raw)
        assert [after.pop(name) for name in ("register_row", *OF_0004)] == [[]] * (1 + len(OF_0004))
        without_0005(after)
        assert after == before
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert safety_copy(second.parent, "0002").exists()


def test_a_schema_of_version_3_becomes_the_new_one(third: Path, tmp_path: Path) -> None:
    migrate(third, KEY)
    with closing(create_database(tmp_path / "fresh.db", KEY)) as fresh, opened(third) as migrated:
        with engine_over(fresh, BEGIN_TO_WRITE).begin() as connection:
            create_schema(connection)
        assert schema_of(migrated) == schema_of(fresh)


def test_the_schema_of_version_3_is_the_stored_one(third: Path, tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "literal.db", KEY)) as literal, opened(third) as stored:
        with engine_over(literal, BEGIN_TO_WRITE).begin() as connection:
            old_vaults.create_schema_of(3, connection)
        assert schema_of(stored) == schema_of(literal)
        assert read_version(stored) == "0003"


def test_every_row_of_version_3_comes_along(third: Path) -> None:
    with opened(third) as raw:
        before = rows_of(raw)
        assert len(before["register_row"]) == 1
    migrate(third, KEY)
    with opened(third) as raw:
        after = rows_of(raw)
        assert [after.pop(name) for name in OF_0004] == [[]] * len(OF_0004)
        without_0005(after)
        assert after == before
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert safety_copy(third.parent, "0003").exists()


def test_a_schema_of_version_4_becomes_the_new_one(fourth: Path, tmp_path: Path) -> None:
    migrate(fourth, KEY)
    with closing(create_database(tmp_path / "fresh.db", KEY)) as fresh, opened(fourth) as migrated:
        with engine_over(fresh, BEGIN_TO_WRITE).begin() as connection:
            create_schema(connection)
        assert schema_of(migrated) == schema_of(fresh)


def test_the_schema_of_version_4_is_the_stored_one(fourth: Path, tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "literal.db", KEY)) as literal, opened(fourth) as stored:
        with engine_over(literal, BEGIN_TO_WRITE).begin() as connection:
            old_vaults.create_schema_of(4, connection)
        assert schema_of(stored) == schema_of(literal)
        assert read_version(stored) == "0004"


def test_every_row_of_version_4_comes_along(fourth: Path) -> None:
    with opened(fourth) as raw:
        before = rows_of(raw)
        assert sum(len(before[name]) for name in OF_0004) >= len(OF_0004)
    migrate(fourth, KEY)
    with opened(fourth) as raw:
        after = rows_of(raw)
        without_0005(after)
        assert after == before
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert safety_copy(fourth.parent, "0004").exists()


def test_every_row_comes_along(old: Path) -> None:
    with opened(old) as raw:
        before = rows_of(raw)
        assert sum(map(len, before.values())) >= 40
    migrate(old, KEY)
    with opened(old) as raw:
        after = rows_of(raw)
        assert {row["purpose"] for row in after["print_log"]} == {None}
        for row in after["print_log"]:
            del row["purpose"]
        assert [after.pop(name) for name in ("register_row", *OF_0004)] == [[]] * (1 + len(OF_0004))
        without_0005(after)
        assert after == before
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("folder", STORED, ids=lambda folder: folder.name)
@pytest.mark.parametrize(
    "credential", [Passphrase(PASSPHRASE, None), Sheet(encode(SHEET))], ids=["passphrase", "sheet"]
)
def test_every_stored_vault_opens(tmp_path: Path, folder: Path, credential: Passphrase | Sheet) -> None:
    copy = tmp_path / "vault"
    shutil.copytree(folder, copy)
    with opened(copy / "records.db") as raw:
        before = {name: len(rows) for name, rows in rows_of(raw).items()}
    vault = unlock_vault(copy, credential, anchors=Anchors(), now=lambda: NOW)
    assert vault.read_only is None
    with vault.reading() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == SCHEMA_VERSION
        after = {name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in before}
        assert {name for name in before if after[name] != before[name]} == {"audit_log"}
        assert verify_chain(session, audit_keys(session, vault.root)).ok
    vault.close()


def test_the_rules_hold_in_a_migrated_vault(old: Path) -> None:
    migrate(old, KEY)
    with opened(old) as raw:
        guard(raw)
        for statement in ("DELETE FROM print_log", "UPDATE print_log SET purpose = 'x'", "DELETE FROM session_record"):
            with pytest.raises(Exception, match="protected: "):
                raw.execute(statement)


def test_a_copy_of_the_old_database_is_kept_until_it_is_forgotten(old: Path) -> None:
    content = old.read_bytes()
    migrate(old, KEY)
    copy = safety_copy(old.parent, "0001")
    assert copy.read_bytes() == content
    assert b"session_record" not in content
    with opened(copy) as raw:
        assert read_version(raw) == "0001"
    forget_safety_copies(old.parent)
    assert not copy.exists()
    assert old.exists()


def test_nothing_is_done_when_nothing_is_due(old: Path) -> None:
    migrate(old, KEY)
    forget_safety_copies(old.parent)
    with opened(old) as raw:
        assert not migrate_if_due(raw, old, KEY)
    assert not safety_copy(old.parent, SCHEMA_VERSION).exists()


def test_the_open_connection_goes_on_after_a_migration(old: Path) -> None:
    with closing(open_database(old, KEY, mode="rw")) as raw:
        assert migrate_if_due(raw, old, KEY)
        assert read_version(raw) == SCHEMA_VERSION
        raw.execute("SELECT purpose FROM print_log").fetchall()


def test_a_newer_vault_is_refused_and_left_alone(old: Path) -> None:
    with opened(old) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '0999'")
    content = old.read_bytes()
    with closing(open_database(old, KEY, mode="ro")) as raw, pytest.raises(SchemaTooNew) as refused:
        migrate_if_due(raw, old, KEY)
    assert "更新版本" in refused.value.sentence()
    assert old.read_bytes() == content


def test_without_room_for_the_copy_nothing_is_changed(old: Path) -> None:
    content = old.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, limits[1]))
    try:
        with pytest.raises(NoRoomForCopy):
            migrate(old, KEY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert old.read_bytes() == content
    assert sorted(path.name for path in old.parent.iterdir()) == ["records.db"]


def test_a_reader_in_the_way_of_the_copy_changes_nothing(old: Path) -> None:
    with opened(old) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM consent").fetchall()
        with opened(old) as writer:
            writer.execute("UPDATE vault_meta SET value = 'x' WHERE key = 'max_seen_utc'")
            with pytest.raises(NoRoomForCopy):
                migrate(old, KEY)
            assert read_version(writer) == "0001"


STEPS = {
    "wrong SQL": 'op.execute("DELETE FROM draft_version")\n    op.execute("UPDATE nothing SET x = 1")',
    "a lost row": 'op.execute("DELETE FROM session_record")',
    "a row too many": "op.execute(\"INSERT INTO vault_meta VALUES ('one', 'more')\")",
    "a lost table": 'op.execute("DROP TABLE draft_version")',
    "a broken reference": "op.execute(\"UPDATE student SET class_id = 'nowhere'\")",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_changes_nothing(old: Path, tmp_path: Path, step: str) -> None:
    versions = tmp_path / "steps" / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "v0006_bad.py").write_text(
        "from alembic import op\nrevision = '0006'\ndown_revision = '0005'\n"
        f"def upgrade():\n    op.execute('CREATE TABLE extra (x)')\n    {STEPS[step]}\n"
    )
    migrate(old, KEY)
    with opened(old) as raw:
        schema, rows = schema_of(raw), rows_of(raw)
    with pytest.raises(MigrationFailed):
        migrate(old, KEY, versions)
    with opened(old) as raw:
        assert read_version(raw) == SCHEMA_VERSION
        assert schema_of(raw) == schema
        assert rows_of(raw) == rows


def test_a_table_that_others_refer_to_can_be_made_anew(old: Path, tmp_path: Path) -> None:
    """With foreign keys on, dropping it would take the rows that refer to it along."""
    versions = tmp_path / "steps" / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "v0006_draft.py").write_text(
        "from alembic import op\nrevision = '0006'\ndown_revision = '0005'\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE draft_new (id VARCHAR PRIMARY KEY, state TEXT)')\n"
        "    op.execute('INSERT INTO draft_new SELECT id, state FROM draft')\n"
        "    op.execute('DROP TABLE draft')\n"
        "    op.execute('ALTER TABLE draft_new RENAME TO draft')\n"
    )
    migrate(old, KEY, versions)
    with opened(old) as raw:
        assert read_version(raw) == "0006"
        assert len(raw.execute("SELECT * FROM draft_version").fetchall()) == 1


def test_steps_before_a_failing_one_stay_done(old: Path, tmp_path: Path) -> None:
    versions = tmp_path / "steps" / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "v0006_bad.py").write_text(
        "revision = '0006'\ndown_revision = '0005'\nfrom alembic import op\ndef upgrade():\n    op.execute('no SQL')\n"
    )
    with pytest.raises(MigrationFailed):
        migrate(old, KEY, versions)
    with opened(old) as raw:
        assert read_version(raw) == SCHEMA_VERSION
    assert safety_copy(old.parent, "0001").exists()


def test_triggers_wait_for_tables_of_a_later_step(tmp_path: Path) -> None:
    with closing(create_database(tmp_path / "part.db", KEY)) as raw:
        with engine_over(raw, BEGIN_TO_WRITE).begin() as connection:
            connection.exec_driver_sql("CREATE TABLE deed_gate (id INTEGER PRIMARY KEY)")
            create_triggers(connection)
        assert raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall() == [
            ("protect_deed_gate_insert",)
        ]


def test_every_step_follows_the_one_before() -> None:
    names = sorted(path.name for path in VERSIONS.glob("v*.py"))
    assert [name[1:5] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert names[-1][1:5] == SCHEMA_VERSION


def test_alembic_is_not_imported_before_a_step_is_due() -> None:
    code = "import sys, counselroom.vault.vault, counselroom.vault.schema; assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
