from __future__ import annotations

import secrets
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from counselroom.errors import Bug
from counselroom.vault import image
from counselroom.vault.image import copy_database, count_rows, digest_tables, tables
from counselroom.vault.integrity import Integrity, alongside, check_integrity
from counselroom.vault.opening import DatabaseRefused, create_database, open_database
from counselroom.vault.progress import Cancel, Cancelled, never

KEY = "5a" * 32


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "some.db"
    with closing(create_database(path, KEY)) as connection:
        connection.execute("CREATE TABLE filler (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        connection.execute("CREATE INDEX filler_text ON filler (text)")
        connection.executemany("INSERT INTO filler (text) VALUES (?)", [(f"{n:05d}" + "z" * 500,) for n in range(600)])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def opener(path: Path) -> dbapi2.Connection:
    return open_database(path, KEY, mode="immutable")


def overwrite(path: Path, page: int, content: bytes) -> None:
    with path.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(content)


def test_nothing_is_found_in_a_sound_database(database: Path) -> None:
    found = check_integrity(lambda: opener(database), never)
    assert found == Integrity()
    assert found.ok


def test_every_bad_page_is_named(database: Path) -> None:
    for page in (7, 30, 31):
        overwrite(database, page, secrets.token_bytes(4096))
    found = check_integrity(lambda: opener(database), never)
    assert found.bad_pages == (7, 30, 31)
    assert found.readable
    assert not found.ok


def test_pages_behind_the_database_do_not_count(database: Path) -> None:
    pages = database.stat().st_size // 4096
    with database.open("ab") as stream:
        stream.write(bytes(8192))
    assert check_integrity(lambda: opener(database), never, pages=pages).ok
    assert check_integrity(lambda: opener(database), never).bad_pages == (pages + 1, pages + 2)
    overwrite(database, pages, secrets.token_bytes(4096))
    assert check_integrity(lambda: opener(database), never, pages=pages).bad_pages == (pages,)


def test_a_first_page_that_cant_be_read(database: Path) -> None:
    overwrite(database, 1, secrets.token_bytes(4096))
    found = check_integrity(lambda: opener(database), never)
    assert not found.readable
    assert not found.ok


def test_a_fault_in_the_structure_that_every_hmac_confirms(database: Path) -> None:
    """An index without its rows: written by somebody with the key, or by a fault of the library."""
    connection = open_database(database, KEY, mode="rw", guarded=False)
    with closing(connection):
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'filler_text'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = check_integrity(lambda: opener(database), never)
    assert found.bad_pages == ()
    assert found.faults >= 1
    assert not found.ok


def test_a_finding_that_names_no_page_counts(database: Path) -> None:
    class Answer:
        """A connection whose cipher check complains without a page."""

        def __init__(self) -> None:
            self._real = opener(database)

        def execute(self, statement: str) -> object:
            return [("something else",)] if "cipher" in statement else self._real.execute(statement)

        def set_progress_handler(self, *arguments: object) -> None:
            self._real.set_progress_handler(*arguments)

        def close(self) -> None:
            self._real.close()

    found = check_integrity(Answer, never)  # type: ignore[arg-type] # stands for a connection
    assert (found.bad_pages, found.faults, found.ok) == ((), 1, False)


def test_stopping_between_and_within_the_checks(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Cancelled):
        check_integrity(lambda: opener(database), lambda: True)
    asked: list[int] = []

    def later() -> bool:
        asked.append(1)
        return len(asked) > 1

    monkeypatch.setattr("counselroom.vault.integrity._STEPS", 100)
    with pytest.raises(Cancelled):
        check_integrity(lambda: opener(database), later)
    assert len(asked) > 1


def test_a_check_beside_work_that_fails_is_stopped() -> None:
    stopped: list[bool] = []

    def endless(stop: Cancel) -> Integrity:
        while not stop():
            time.sleep(0.001)
        stopped.append(True)
        return Integrity()

    with pytest.raises(OSError, match="gone"), alongside(endless, never):
        raise OSError("gone")
    assert stopped == [True]


def test_what_two_checks_found_is_joined() -> None:
    both = Integrity((3, 7), 1).joined(Integrity((7, 9), 2, readable=False))
    assert both == Integrity((3, 7, 9), 3, readable=False)


def test_a_copy_is_equal_row_by_row_and_has_another_key(database: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    with closing(opener(database)) as source:
        copy_database(source, tmp_path / "copy", "77" * 32, lambda done, whole: steps.append((done, whole)))
        expected = digest_tables(source)
    assert steps[-1][0] == steps[-1][1] > 0
    with closing(open_database(tmp_path / "copy", "77" * 32, mode="immutable")) as copy:
        assert digest_tables(copy) == expected
        assert tables(copy) == ["filler"]
        assert count_rows(copy, "filler") == 600
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["copy", "some.db"]


def test_digests_see_a_changed_value_and_its_type_but_not_the_order(tmp_path: Path) -> None:
    digests = []
    for number, rows in enumerate(([("a", 1), ("b", 2)], [("b", 2), ("a", 1)], [("a", "1"), ("b", 2)], [("a", 1)])):
        with closing(create_database(tmp_path / str(number), KEY)) as connection:
            connection.execute("CREATE TABLE t (k, v)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
            digests.append(digest_tables(connection)["t"])
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_an_existing_file_is_never_copied_over(database: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with closing(opener(database)) as source, pytest.raises(DatabaseRefused):
        copy_database(source, tmp_path / "there", KEY, lambda _done, _whole: None)
    assert (tmp_path / "there").read_text() == "mine"


def test_a_journal_that_can_not_be_set_is_our_bug(database: Path, tmp_path: Path) -> None:
    with closing(open_database(database, KEY, mode="rw", guarded=False)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM filler").fetchone()
        with pytest.raises((Bug, dbapi2.OperationalError)):
            image._set_journal(connection, "delete")
    with closing(dbapi2.connect(":memory:")) as memory, pytest.raises(Bug, match="memory"):
        image._set_journal(memory, "delete")
