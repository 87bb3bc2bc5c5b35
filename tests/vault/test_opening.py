"""The one function that opens a database: everything it refuses, and everything it sets."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlcipher3 import dbapi2

from counselroom.errors import Bug
from counselroom.vault import opening
from counselroom.vault.opening import (
    APPLICATION_ID,
    DatabaseEmpty,
    DatabaseExists,
    DatabaseForeign,
    DatabaseInaccessible,
    DatabaseMissing,
    DatabasePlaintext,
    DatabaseRefused,
    DatabaseTruncated,
    DatabaseUnreadable,
    EngineUnfit,
    beside,
    create_database,
    guard,
    open_database,
    require_engine,
    unguard,
    wal_holds_data,
)

KEY = "5b" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed database of about twenty pages, with a trigger in it."""
    database = tmp_path / "records.db"
    connection = create_database(database, KEY)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    connection.execute("CREATE TRIGGER keep BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'kept'); END")
    connection.executemany("INSERT INTO t (a) VALUES (?)", [("x" * 1000,)] * 60)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return database


def snapshot(path: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in path.parent.iterdir()}


@pytest.mark.parametrize("mode", ["rw", "ro", "immutable"])
def test_opens_and_reads(path, mode):
    connection = open_database(path, KEY, mode=mode)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (60,)
    connection.close()
    assert path.read_bytes()[:16] != b"SQLite format 3\0"


def test_immutable_touches_nothing(path):
    before = snapshot(path)
    connection = open_database(path, KEY, mode="immutable")
    connection.execute("SELECT count(*) FROM t").fetchone()
    assert snapshot(path) == before
    connection.close()
    assert snapshot(path) == before


@pytest.mark.parametrize("mode", ["ro", "immutable"])
def test_read_modes_cannot_write(path, mode):
    connection = open_database(path, KEY, mode=mode)
    with pytest.raises(dbapi2.OperationalError, match="readonly"):
        connection.execute("INSERT INTO t (a) VALUES ('y')")
    connection.close()


def test_a_reader_of_the_live_database_cannot_write(path):
    connection = open_database(path, KEY, mode="rw", query_only=True)
    with pytest.raises(dbapi2.OperationalError, match="readonly"):
        connection.execute("INSERT INTO t (a) VALUES ('y')")
    connection.close()


def test_settings(path):
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 200,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "mmap_size": 0,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "busy_timeout": 5000,
        "cache_size": -16384,
        "cipher_memory_security": "0",
        "cipher_log_level": "NONE",
        "query_only": 0,
    }
    connection = open_database(path, KEY, mode="rw")
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    connection.close()
    assert found == expected


@pytest.mark.parametrize("size", [0, 1, 100, 4095, 4096, 8192, "half", "-page", "-byte", "+byte"])
def test_a_truncated_file_is_refused_and_left_alone(path, size):
    whole = path.stat().st_size
    sizes = {"half": whole // 8192 * 4096, "-page": whole - 4096, "-byte": whole - 1, "+byte": whole + 1}
    with path.open("r+b") as stream:
        stream.truncate(sizes.get(size, size))
    before = snapshot(path)
    with pytest.raises(DatabaseEmpty if size == 0 else DatabaseTruncated) as caught:
        open_database(path, KEY, mode="rw")
    assert caught.value.safe == "它没有被动过。"
    assert snapshot(path) == before


def test_sentences_of_empty_and_truncated(path):
    path.write_bytes(path.read_bytes()[:4096])
    with pytest.raises(DatabaseTruncated) as caught:
        open_database(path, KEY, mode="rw")
    assert caught.value.happened == "资料库的数据库不完整，缺少了一部分。"
    path.write_bytes(b"")
    with pytest.raises(DatabaseEmpty) as caught:
        open_database(path, KEY, mode="rw")
    assert caught.value.happened == "资料库的数据库文件是空的。"


def test_an_empty_file_with_a_log_is_refused_too(path):
    """SQLite would throw the log away."""
    beside(path, "-wal").write_bytes(b"x" * 4096)
    path.write_bytes(b"")
    before = snapshot(path)
    with pytest.raises(DatabaseEmpty):
        open_database(path, KEY, mode="rw")
    assert snapshot(path) == before


def test_a_missing_file_is_refused_and_none_is_made(tmp_path):
    with pytest.raises(DatabaseMissing) as caught:
        open_database(tmp_path / "records.db", KEY, mode="rw")
    assert caught.value.happened == "找不到资料库的数据库文件。"
    assert caught.value.safe == "程序没有另建新的数据库。"
    assert list(tmp_path.iterdir()) == []


def test_a_plaintext_database_is_refused(tmp_path):
    path = tmp_path / "records.db"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (a)")
    plain.execute("INSERT INTO t VALUES (1)")
    plain.commit()
    plain.close()
    before = snapshot(path)
    with pytest.raises(DatabasePlaintext) as caught:
        open_database(path, KEY, mode="rw")
    assert caught.value.happened == "资料库的数据库文件没有加密，它不是本程序写入的文件。"
    assert snapshot(path) == before


def test_a_wrong_key_opens_nothing_and_the_right_one_then_does(path):
    before = snapshot(path)
    with pytest.raises(DatabaseUnreadable) as caught:
        open_database(path, "5c" * 32, mode="rw")
    assert "5c5c" not in str(caught.value)
    assert snapshot(path) == before
    open_database(path, KEY, mode="rw").close()


def test_a_damaged_first_page_or_noise_is_refused(path):
    damaged = bytearray(path.read_bytes())
    damaged[100] ^= 1
    path.write_bytes(bytes(damaged))
    with pytest.raises(DatabaseUnreadable):
        open_database(path, KEY, mode="rw")
    path.write_bytes(b"\x5a" * 8192)
    with pytest.raises(DatabaseUnreadable):
        open_database(path, KEY, mode="immutable")


def test_another_encrypted_database_is_refused(path):
    connection = open_database(path, KEY, mode="rw", guarded=False)
    connection.execute("PRAGMA application_id = 1")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with pytest.raises(DatabaseForeign) as caught:
        open_database(path, KEY, mode="rw")
    assert caught.value.happened == "这个文件不是心理辅导室的数据库。"


@pytest.mark.parametrize("key", ["", "5b" * 31, "5b" * 33, "5B" * 32, "5b" * 31 + "zz", "5b" * 32 + "\n", "x'"])
def test_a_malformed_key_is_a_bug_and_not_shown(path, key):
    for use in (lambda: open_database(path, key, mode="rw"), lambda: create_database(path.with_name("n"), key)):
        with pytest.raises(Bug) as caught:
            use()
        assert str(caught.value) == "not a raw database key"
    assert not path.with_name("n").exists()


def test_a_folder_in_its_place_is_inaccessible(tmp_path):
    (tmp_path / "records.db").mkdir()
    with pytest.raises(DatabaseInaccessible) as caught:
        open_database(tmp_path / "records.db", KEY, mode="rw")
    assert caught.value.happened == "无法读写资料库的数据库：磁盘出错，或者没有访问权限。"


def test_a_file_that_vanishes_between_look_and_open_is_inaccessible(path, monkeypatch):
    monkeypatch.setattr(opening, "_look_at", Path.unlink)
    with pytest.raises(DatabaseInaccessible):
        open_database(path, KEY, mode="rw")
    assert not path.exists()


@pytest.mark.parametrize("failing_at", ["SELECT count", "PRAGMA application_id"])
def test_an_io_error_while_opening_is_inaccessible_and_closes(path, monkeypatch, failing_at):
    class Failing:
        closed = False

        def execute(self, statement: str) -> object:
            if statement.startswith(failing_at):
                raise dbapi2.OperationalError("disk I/O error")
            return SimpleNamespace(fetchone=lambda: ("ok",), __iter__=lambda: iter(()))

        def close(self) -> None:
            self.closed = True

    failing = Failing()
    monkeypatch.setattr(opening, "_connect", lambda *_arguments: failing)
    monkeypatch.setattr(opening, "require_engine", lambda _connection: None)
    with pytest.raises(DatabaseInaccessible):
        open_database(path, KEY, mode="rw")
    assert failing.closed


def test_a_log_with_content_is_seen(path):
    assert not wal_holds_data(path)
    beside(path, "-wal").write_bytes(b"")
    assert not wal_holds_data(path)
    beside(path, "-wal").write_bytes(b"x")
    assert wal_holds_data(path)


def test_a_half_written_end_is_completed_by_the_log(path, tmp_path):
    """A power cut during a checkpoint can leave the file torn; with its log it is whole."""
    connection = open_database(path, KEY, mode="rw")
    connection.execute("PRAGMA wal_autocheckpoint").fetchone()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t (a) VALUES (?)", [("y" * 1000,)] * 30)
    connection.execute("COMMIT")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("records.db", "records.db-wal"):
        shutil.copy(tmp_path / name, copy / name)
    connection.close()
    with (copy / "records.db").open("ab") as stream:
        stream.write(b"torn")
    connection = open_database(copy / "records.db", KEY, mode="rw")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (90,)
    connection.close()


def test_an_image_with_a_trailer_opens_in_place(path):
    with path.open("ab") as stream:
        stream.write(b"\xa5" * 4096)
    before = snapshot(path)
    connection = open_database(path, KEY, mode="immutable")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (60,)
    connection.close()
    assert snapshot(path) == before


def test_creating_refuses_what_exists(path):
    before = snapshot(path)
    with pytest.raises(DatabaseExists) as caught:
        create_database(path, KEY)
    assert caught.value.happened == "这里已经有一个数据库。"
    assert snapshot(path) == before


def test_a_created_database_is_private_and_marked(tmp_path):
    connection = create_database(tmp_path / "new.db", KEY)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600


def test_creating_closes_when_the_engine_is_unfit(tmp_path, monkeypatch):
    closed = []
    real = opening._connect

    def connect(*arguments: object) -> object:
        connection = real(*arguments)
        closed.append(connection)
        return connection

    monkeypatch.setattr(opening, "_connect", connect)
    monkeypatch.setattr(opening, "OLDEST_CIPHER", (99,))
    with pytest.raises(EngineUnfit):
        create_database(tmp_path / "new.db", KEY)
    with pytest.raises(dbapi2.ProgrammingError):
        closed[0].execute("SELECT 1")


class Engine:
    """Answers of a linked library of another version."""

    def __init__(self, cipher: str, settings: frozenset[str] = opening._PROFILE) -> None:
        self.answers = {
            "PRAGMA cipher_version": [(cipher,)] if cipher else [],
            "PRAGMA cipher_settings": [(line,) for line in settings],
        }

    def execute(self, statement: str) -> object:
        rows = self.answers[statement]

        class Rows(list):
            def fetchone(self):
                return self[0] if self else None

        return Rows(rows)


@pytest.mark.parametrize(
    ("cipher", "sqlite", "fits"),
    [
        ("4.19.0 community", "3.53.4", True),
        ("4.19", "3.53.4", True),
        ("5.0.0 community", "4.0", True),
        ("4.20.1", "3.54.0", True),
        ("4.18.9 community", "3.53.4", False),
        ("4.19.0 community", "3.53.3", False),
        ("4.19.0 community", "3.9.9", False),
        ("", "3.53.4", False),
        ("unknown", "3.53.4", False),
    ],
)
def test_version_gate(cipher, sqlite, fits, monkeypatch):
    monkeypatch.setattr(dbapi2, "sqlite_version", sqlite)
    if fits:
        require_engine(Engine(cipher))
        return
    with pytest.raises(EngineUnfit) as caught:
        require_engine(Engine(cipher))
    assert caught.value.happened == "这台电脑上的加密组件版本太旧，不能用于资料库。"
    assert caught.value.safe == "资料库没有打开。"


def test_other_settings_of_the_cipher_are_refused():
    for line in opening._PROFILE:
        with pytest.raises(EngineUnfit):
            require_engine(Engine("4.19.0", opening._PROFILE - {line}))
    with pytest.raises(EngineUnfit):
        require_engine(Engine("4.19.0", opening._PROFILE | {"PRAGMA cipher_new = 1;"}))


def test_the_linked_library_passes_the_gate():
    assert dbapi2.sqlite_version_info >= (3, 53, 4)
    connection = dbapi2.connect(":memory:")
    assert connection.execute("PRAGMA cipher_version").fetchone()[0].startswith("4.")
    connection.close()


DENIED = [
    "DROP TRIGGER keep",
    "DROP TABLE t",
    "ALTER TABLE t ADD COLUMN b",
    "ALTER TABLE t RENAME TO u",
    "CREATE TABLE u (a)",
    "CREATE INDEX i ON t (a)",
    "CREATE TRIGGER more AFTER INSERT ON t BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER more AFTER INSERT ON t BEGIN SELECT 1; END",
    "CREATE TEMP TABLE t (a)",
    "CREATE VIEW v AS SELECT 1",
    "CREATE VIRTUAL TABLE f USING fts5 (a)",
    "ATTACH ':memory:' AS other",
    "VACUUM",
    "VACUUM INTO 'copy.db'",
    "PRAGMA writable_schema = ON",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA secure_delete = OFF",
    "PRAGMA ignore_check_constraints = ON",
    f"PRAGMA rekey = \"x'{'aa' * 32}'\"",
    "PRAGMA user_version = 5",
    "PRAGMA application_id = 5",
]


@pytest.mark.parametrize("statement", DENIED)
def test_a_guarded_connection_refuses(path, statement):
    connection = open_database(path, KEY, mode="rw")
    with pytest.raises(dbapi2.DatabaseError, match=r"not authorized|authorization denied|prohibited"):
        connection.execute(statement)
    assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall() == [("keep",)]
    connection.close()
    open_database(path, KEY, mode="rw").close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t (a) VALUES ('y')",
        "UPDATE t SET a = 'z' WHERE id = 1",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA query_only = ON",
        "PRAGMA table_info(t)",
        "PRAGMA integrity_check",
        "PRAGMA cipher_integrity_check",
        "PRAGMA foreign_key_check",
        "SAVEPOINT s",
    ],
)
def test_a_guarded_connection_allows_work(path, statement):
    connection = open_database(path, KEY, mode="rw")
    connection.execute(statement).fetchall()
    connection.close()


def test_replacing_a_row_does_not_get_past_the_triggers(path):
    connection = open_database(path, KEY, mode="rw")
    with pytest.raises(dbapi2.IntegrityError, match="kept"):
        connection.execute("INSERT OR REPLACE INTO t (id, a) VALUES (1, 'y')")
    connection.close()


def test_the_guard_can_be_lifted_and_set_again(path):
    connection = open_database(path, KEY, mode="rw", guarded=False)
    connection.execute("CREATE TABLE u (a)")
    guard(connection)
    with pytest.raises(dbapi2.DatabaseError, match="not authorized"):
        connection.execute("DROP TABLE u")
    unguard(connection)
    connection.execute("DROP TABLE u")
    connection.close()


def test_usable_from_another_thread(path):
    import threading

    connection = open_database(path, KEY, mode="rw")
    found = []
    thread = threading.Thread(target=lambda: found.append(connection.execute("SELECT 1").fetchone()))
    thread.start()
    thread.join()
    connection.close()
    assert found == [(1,)]


def test_nothing_is_written_to_standard_error(path):
    """SQLCipher logs a wrong key to standard error unless it is told not to."""
    code = (
        "import sys; from pathlib import Path\n"
        "from counselroom.vault.opening import DatabaseRefused, open_database\n"
        "try: open_database(Path(sys.argv[1]), '5c' * 32, mode='rw')\n"
        "except DatabaseRefused: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_every_refusal_is_one_kind():
    for kind in (
        DatabaseMissing,
        DatabaseEmpty,
        DatabasePlaintext,
        DatabaseTruncated,
        DatabaseUnreadable,
        DatabaseForeign,
        DatabaseInaccessible,
        DatabaseExists,
    ):
        assert issubclass(kind, DatabaseRefused)
