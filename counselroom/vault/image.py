"""What the image in a backup is: its summary, and copying a database into another key.

All functions take the driver's connection, not SQLAlchemy's: the backup interface belongs to the driver, and an image
may be of an older schema than the mapped one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2

from counselroom.errors import Bug
from counselroom.vault.opening import create_database

_PAGES_AT_ONCE = 256  # one MiB between two looks at `step`


@dataclass(frozen=True)
class Summary:
    """What a header says about its image, as counted in the image itself.

    Attributes:
        vault_id: id of the vault.
        generation: its generation.
        audit_seq: number of the newest audit row, 0 when there is none.
        audit_hash: its hash, 64 hex digits.
        rows: rows of all tables together.
    """

    vault_id: str
    generation: int
    audit_seq: int
    audit_hash: str
    rows: int


def tables(connection: dbapi2.Connection) -> list[str]:
    """Return the names of the tables that hold rows, sorted; an index of its own kind is counted by its own tables."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [name for (name,) in found]


def count_rows(connection: dbapi2.Connection, table: str) -> int:
    """Return the number of rows of a table named by `tables`."""
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - a name from the schema
    return int(count)


def digest_tables(connection: dbapi2.Connection) -> dict[str, str]:
    """Return the SHA-256 (hex) of the content of every table, so that two databases are compared row by row.

    The order of rows doesn't count; the type of a value does (`1` is not `'1'`).
    """
    digests = {}
    for table in tables(connection):
        rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name from the schema
        content = hashlib.sha256(repr([column[0] for column in rows.description]).encode())
        for row in sorted(hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest() for row in rows):
            content.update(row)
        digests[table] = content.hexdigest()
    return digests


def summarise(connection: dbapi2.Connection) -> Summary:
    """Count and read what a header says; in one read transaction of the caller, so that it is of one moment."""
    meta = dict(connection.execute("SELECT key, value FROM vault_meta"))
    head = connection.execute("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1").fetchone() or (0, bytes(32))
    return Summary(
        vault_id=str(meta["vault_id"]),
        generation=int(meta["generation"]),
        audit_seq=int(head[0]),
        audit_hash=bytes(head[1]).hex(),
        rows=sum(count_rows(connection, table) for table in tables(connection)),
    )


def copy_database(source: dbapi2.Connection, target: Path, key: str, step: Callable[[int, int], None]) -> None:
    """Copy a database into a new file under another key, `journal_mode` DELETE. The caller makes it durable.

    Args:
        source: an open connection; when it holds a read transaction, the copy is of that moment and writers don't
            make it start again.
        target: the new file; it must not exist.
        key: 64 hex digits.
        step: called with pages done and pages in all; may raise to cancel.

    Raises:
        dbapi2.Error: the disk is full or failing, or the source can't be read.
        DatabaseExists: the file is there.
    """
    with closing(create_database(target, key)) as image:
        # No journal, for a copy that is cut off is thrown away; no syncing, for the caller does it once.
        _set_journal(image, "off")
        image.execute("PRAGMA synchronous = OFF")
        source.backup(image, pages=_PAGES_AT_ONCE, progress=lambda _code, rest, whole: step(whole - rest, whole))
        _set_journal(image, "delete")


def _set_journal(connection: dbapi2.Connection, mode: str) -> None:
    (answer,) = connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
    if answer != mode:
        message = f"the journal stayed {answer}"
        raise Bug(message)
