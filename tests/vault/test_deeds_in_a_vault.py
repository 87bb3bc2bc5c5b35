"""The deeds in a real, guarded vault: after one, neither the vault's files nor a new backup hold the text."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text, true
from sqlalchemy.exc import DatabaseError, IntegrityError

from counselroom.model import Base
from counselroom.rules.secrecy import Secrecy
from counselroom.vault import deeds, search_index
from counselroom.vault.backup import write_backup
from counselroom.vault.lanes import ChangeLane, JobLane
from counselroom.vault.vault import Vault
from tests.vault.pages import pages_with
from tests.vault.sample_rows import fill_tables, row_of
from tests.vault.storage import audit_event
from tests.vault.vaults import Place, require_sound

SECRET = "𬱖说不出口的秘密𠀀"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    vault = Place(tmp_path).unlock()
    with vault.change() as session:
        fill_tables(session, vault.audit)
    note = Base.metadata.tables["session_record"]
    with vault.change() as session:
        values = row_of(note, "secret") | {"seq": 9, "appointment_id": None, "sections": {"a": SECRET * 50}}
        session.execute(insert(note).values(values))
        entry = search_index.IndexEntry(
            "session_record", "secret", None, None, Secrecy.S3, False, date(2026, 11, 2), SECRET
        )
        search_index.index(session, entry, [SECRET * 50])
    yield vault
    vault.close()


@pytest.mark.parametrize("deed", [deeds.redact, deeds.destroy])
def test_neither_the_vault_nor_a_new_backup_holds_the_text(
    vault: Vault, tmp_path: Path, deed: Callable[..., str]
) -> None:
    numbers = itertools.count()
    with vault.change() as session:
        event = audit_event(entity="session_record", entity_id="secret", reason="R-04")
        deed(session, vault.audit, event, new_id=lambda: f"x{next(numbers)}")
    assert deeds.scrub(vault)
    for part in ("说不出口", "𠀀", "𬱖说"):
        assert pages_with(vault.database_file, vault.root.database_key(), part) == 0
    receipt = write_backup(vault, tmp_path, name="x", now=vault.now, entropy=secrets.token_bytes)
    key = vault.root.backup_database_key(bytes.fromhex(receipt.header.salt))
    assert pages_with(receipt.path, key, "CREATE TABLE") > 0
    for part in ("说不出口", "𠀀", "𬱖说"):
        assert pages_with(receipt.path, key, part) == 0
    with vault.reading() as session:
        assert search_index.search(session, "秘密", true()).total == 0
    require_sound(vault)


def test_a_job_scrubs_through_the_change_lane(vault: Vault) -> None:
    numbers = itertools.count()
    lane = ChangeLane()
    jobs = JobLane(vault, lane)

    def blank() -> None:
        with vault.change() as session:
            event = audit_event(entity="session_record", entity_id="secret", reason="R-04")
            deeds.redact(session, vault.audit, event, new_id=lambda: f"x{next(numbers)}")

    lane.change(blank).result(20)
    assert jobs.job(lambda job: deeds.scrub(vault, job.change), reads=False).future.result(20)
    assert jobs.close()
    lane.close()
    assert pages_with(vault.database_file, vault.root.database_key(), "说不出口") == 0


def test_before_a_deed_both_hold_it(vault: Vault, tmp_path: Path) -> None:
    """The control."""
    assert pages_with(vault.database_file, vault.root.database_key(), "说不出口") > 0
    receipt = write_backup(vault, tmp_path, name="x", now=vault.now, entropy=secrets.token_bytes)
    key = vault.root.backup_database_key(bytes.fromhex(receipt.header.salt))
    assert pages_with(receipt.path, key, "说不出口") > 0


def test_a_change_whose_commit_fails_leaves_the_vault_usable(vault: Vault) -> None:
    with pytest.raises(IntegrityError), vault.change() as session:  # noqa: PT012 - COMMIT raises
        vault.audit.append(session, audit_event("destroy", deed_id="never opened"))
        session.execute(text("UPDATE room SET name = 'changed'"))
    with vault.change() as session:
        assert session.execute(text("SELECT count(*) FROM room WHERE name = 'changed'")).scalar_one() == 0
    require_sound(vault)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE session_record",
        "DROP TRIGGER protect_session_record_update",
        "ALTER TABLE session_record RENAME TO x",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = '' WHERE name = 'protect_session_record_update'",
        "DELETE FROM sqlite_schema WHERE type = 'trigger'",
        "ATTACH ':memory:' AS other",
        "INSERT OR REPLACE INTO session_record SELECT * FROM session_record",
        "UPDATE session_record SET sections = '{}'",
        "DELETE FROM audit_log",
    ],
)
def test_no_statement_on_the_vaults_own_connection_gets_around(vault: Vault, statement: str) -> None:
    def stored() -> list[Any]:
        with vault.reading() as session:
            rows = session.execute(text("SELECT * FROM session_record UNION ALL SELECT * FROM session_record"))
            return [tuple(row) for row in rows]

    before = stored()
    with pytest.raises(DatabaseError), vault.change() as session:
        session.execute(text(statement))
    assert stored() == before
    require_sound(vault)
