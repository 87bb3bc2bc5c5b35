"""What somebody would write who wants the five steps of a backup and nothing else.

`python -m tests.bench.bare_backup DATABASE FOLDER KEY`: both integrity checks of the database; an image by the backup
interface under another key, in one read transaction; a copy to FOLDER with fsync; reading it back and comparing the
hash; opening what was written, with both integrity checks and a count of all rows. Prints the seconds as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

from tests.bench.measuring import timed

_OTHER_KEY = "5a" * 32
_CHUNK = 1024 * 1024


def _open(path: Path, key: str, options: str) -> dbapi2.Connection:
    connection = dbapi2.connect(f"{path.resolve().as_uri()}?{options}", uri=True, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    return connection


def _check(path: Path, key: str, options: str) -> None:
    with closing(_open(path, key, options)) as connection:
        assert not connection.execute("PRAGMA cipher_integrity_check").fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _image(database: Path, key: str, target: Path) -> None:
    with closing(_open(database, key, "mode=ro")) as source, closing(_open(target, _OTHER_KEY, "mode=rwc")) as image:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        image.execute("PRAGMA journal_mode = OFF")
        image.execute("PRAGMA synchronous = OFF")
        source.backup(image)
        image.execute("PRAGMA journal_mode = DELETE")


def _copy(image: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with image.open("rb") as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            sink.write(chunk)
        sink.flush()
        os.fsync(sink.fileno())
        if hasattr(os, "posix_fadvise"):  # else the bytes would be read back from memory
            os.posix_fadvise(sink.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return digest.hexdigest()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _count_rows(path: Path) -> int:
    with closing(_open(path, _OTHER_KEY, "mode=ro&immutable=1")) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        return sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names)


def main(database: Path, folder: Path, key: str) -> None:
    """Back up and say how long it took."""
    image, target = folder / "image.db", folder / "backup.db"
    counts = []

    def work() -> None:
        _check(database, key, "mode=ro")
        _image(database, key, image)
        written = _copy(image, target)
        assert _hash(target) == written
        _check(target, _OTHER_KEY, "mode=ro&immutable=1")
        counts.append(_count_rows(target))

    taken = timed(work)
    print(json.dumps({"seconds": taken, "rows": counts[0]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
