"""A vault whose migration is killed at any moment opens again, whole, and finishes the migration."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

# Loaded before the first fork, so that a child begins with the migration and not with importing.
import counselroom.vault.migrations.runner
from counselroom.vault.audit import audit_keys, verify_chain
from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.opening import open_database
from counselroom.vault.schema import SCHEMA_VERSION, read_version, trigger_statements
from counselroom.vault.vault import Sheet, unlock_vault
from tests.data.make_vault_v1 import FOLDER, ROOT, SHEET
from tests.faults.scale import count
from tests.vault.migrations.test_runner import Anchors, rows_of
from tests.vault.storage import NOW

pytestmark = pytest.mark.faults

KEY = RootKey(ROOT).database_key()
EXTRA_PRINTS = 3000
"""So that a migration takes long enough to be hit inside."""


@pytest.fixture(scope="module")
def vault_v1(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("v1") / "vault"
    shutil.copytree(FOLDER, folder)
    with closing(open_database(folder / "records.db", KEY, mode="rw")) as raw:
        row = raw.execute("SELECT * FROM print_log LIMIT 1").fetchone()
        raw.execute("BEGIN")
        raw.executemany(
            f"INSERT INTO print_log VALUES ({', '.join('?' for _ in row)})",
            [(f"p{number}", *row[1:]) for number in range(EXTRA_PRINTS)],
        )
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def unlock_in_child(folder: Path, kill_after: float | None) -> float:
    """Unlock (and so migrate) in a forked process, kill it after some seconds, and return how long it lived."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            unlock_vault(folder, Sheet(encode(SHEET)), anchors=Anchors(), now=lambda: NOW).close()
        finally:
            os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - started


def test_a_killed_migration_loses_nothing(vault_v1: Path, tmp_path: Path) -> None:
    assert counselroom.vault.migrations.runner.VERSIONS.is_dir()
    with closing(open_database(vault_v1 / "records.db", KEY, mode="ro")) as raw:
        expected = {name: len(rows) for name, rows in rows_of(raw).items() if name != "audit_log"}
    whole = tmp_path / "whole"
    shutil.copytree(vault_v1, whole)
    seconds = unlock_in_child(whole, None)
    chance = random.Random(42)
    versions = set()
    for turn in range(count(ci=12, more=60, full=100)):
        folder = tmp_path / str(turn)
        shutil.copytree(vault_v1, folder)
        unlock_in_child(folder, chance.uniform(0, seconds))
        with closing(open_database(folder / "records.db", KEY, mode="ro")) as raw:
            version = read_version(raw)
            columns = [row[1] for row in raw.execute("PRAGMA table_info(print_log)")]
            assert ("purpose" in columns) == (version >= "0002"), turn
            triggers = raw.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()
            tables = {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            known = [each for each in trigger_statements() if re.search(r"\sON\s+\"?(\w+)", each)[1] in tables]
            assert triggers == (len(known),), turn
        versions.add(version)
        vault = unlock_vault(folder, Sheet(encode(SHEET)), anchors=Anchors(), now=lambda: NOW)
        assert vault.read_only is None, turn
        with vault.reading() as session:
            found = {name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in expected}
            assert found == expected, turn
            assert verify_chain(session, audit_keys(session, vault.root)).ok, turn
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok", turn
        vault.close()
        shutil.rmtree(folder)
    assert versions <= {f"{number:04}" for number in range(1, int(SCHEMA_VERSION) + 1)}
    assert "0001" in versions, "no child was killed before the end of its migration"
