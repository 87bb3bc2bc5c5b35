"""The only way to a database file: every check that the format itself does not make.

`PRAGMA key` answers ok to a wrong key, to an empty file and to a plaintext one, and `connect` creates what is
missing. So a file is looked at first, opened without creating, keyed before anything else, and believed only after
its schema could be read. A wrong key leaves a connection that must not be used again: it is thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

from sqlcipher3 import dbapi2

from counselroom.errors import Bug, UserError
from counselroom.i18n import _

DATABASE_NAME: Final = "records.db"
"""Name of the database in the vault's folder."""
WAL_SUFFIX: Final = "-wal"
SHM_SUFFIX: Final = "-shm"
APPLICATION_ID: Final = 0x43524442
"""`CRDB`: written into every vault, so that another SQLCipher file is not taken for one."""
PAGE: Final = 4096
"""Bytes of a page."""
CIPHER_PROFILE: Final = "sqlcipher-4"
"""Name of the page format `_PROFILE` describes."""
OLDEST_CIPHER: Final = (4, 19)
OLDEST_SQLITE: Final = (3, 53, 4)
"""Older versions can corrupt a database in WAL mode or have known holes."""

_PROFILE: Final = frozenset(
    {
        "PRAGMA kdf_iter = 256000;",
        "PRAGMA cipher_page_size = 4096;",
        "PRAGMA cipher_use_hmac = 1;",
        "PRAGMA cipher_plaintext_header_size = 0;",
        "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;",
        "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;",
    }
)
_PLAINTEXT: Final = b"SQLite format 3\0"
_KEY: Final = re.compile(r"[0-9a-f]{64}\Z")

# Set on every connection. Without recursive_triggers, INSERT OR REPLACE deletes rows past every delete trigger.
# The cache (KiB) holds what a search of 50,000 notes touches: in SQLite's own 2 MiB, each search decrypts it anew.
_SETTINGS: Final = (
    "synchronous = FULL",
    "wal_autocheckpoint = 200",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "mmap_size = 0",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "busy_timeout = 5000",
    "cache_size = -16384",
)

_SCHEMA_CHANGES: Final = ("SQLITE_ALTER_", "SQLITE_ATTACH", "SQLITE_CREATE_", "SQLITE_DETACH", "SQLITE_DROP_")
_DENIED: Final = frozenset(code for name, code in vars(dbapi2).items() if name.startswith(_SCHEMA_CHANGES))
_ADJUSTABLE: Final = frozenset(
    {
        "query_only",
        "cache_size",
        "defer_foreign_keys",
        "wal_checkpoint",
        "integrity_check",
        "quick_check",
        "foreign_key_check",
        "foreign_key_list",
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
    }
)
"""Pragmas that may be given an argument on a guarded connection."""

Mode = Literal["rw", "ro", "immutable"]


class DatabaseRefused(UserError):
    """The database file was not opened; nothing in it was changed and nothing created."""


class DatabaseMissing(DatabaseRefused):
    """There is no file."""


class DatabaseEmpty(DatabaseRefused):
    """The file has no bytes."""


class DatabasePlaintext(DatabaseRefused):
    """The file is an SQLite database that is not encrypted."""


class DatabaseTruncated(DatabaseRefused):
    """The file is shorter than its own page count, or not a whole number of pages."""


class DatabaseUnreadable(DatabaseRefused):
    """The key does not open the first page: a wrong key, or a damaged or foreign file."""


class DatabaseDamaged(DatabaseRefused):
    """A page in the middle of the file is not what was written."""


class DatabaseForeign(DatabaseRefused):
    """The key opens it, but it is not a vault's database."""


class DatabaseInaccessible(DatabaseRefused):
    """The operating system refuses access, or the medium fails."""


class DatabaseExists(DatabaseRefused):
    """A new database was to be made where a file already is."""


class EngineUnfit(UserError):
    """The installed SQLCipher is too old or works with other settings than the vault's."""


def beside(path: Path, suffix: str) -> Path:
    """Return the file that SQLite keeps beside the database `path`: `WAL_SUFFIX` or `SHM_SUFFIX`."""
    return path.with_name(path.name + suffix)


def wal_holds_data(path: Path) -> bool:
    """Return whether a write-ahead log with content lies beside the database `path`."""
    wal = beside(path, WAL_SUFFIX)
    return wal.exists() and wal.stat().st_size > 0


def keep_index(path: Path) -> Callable[[], None]:
    """Remember the index file beside the database `path`, and return what puts it back as it was.

    Reading a write-ahead log makes or rewrites its index. It holds nothing of the vault, but a vault that may not be
    changed is left as it was to the last byte.
    """
    index = beside(path, SHM_SUFFIX)
    before = index.read_bytes() if index.exists() else None

    def put_back() -> None:
        if before is None:
            index.unlink(missing_ok=True)
        else:
            index.write_bytes(before)

    return put_back


def open_database(
    path: Path, key: str, *, mode: Mode, guarded: bool = True, query_only: bool = False
) -> dbapi2.Connection:
    """Open an existing encrypted database.

    Args:
        path: the database of a vault, or a backup (image and trailer; then with mode `immutable`).
        key: raw key, 64 lower-case hex digits.
        mode: `rw`; `ro` (a write-ahead log is read, and an index file beside it made); `immutable` (a log is ignored
            and not a file touched).
        guarded: refuse changes of schema, triggers and safety settings and the attaching of files on this
            connection. Off for migrations, for rotating the key, and for nothing else.
        query_only: refuse every write on this connection; always so in the modes `ro` and `immutable`.

    Returns:
        A connection in autocommit mode, usable from any thread (by one at a time).

    Raises:
        DatabaseRefused: one of its subclasses says why.
        EngineUnfit: the linked SQLCipher is not the one this program was tested with.
        Bug: the key is not 64 hex digits.
    """
    if _KEY.match(key) is None:
        message = "not a raw database key"
        raise Bug(message)
    _look_at(path)
    options = "mode=rw" if mode == "rw" else "mode=ro" if mode == "ro" else "mode=ro&immutable=1"
    connection = _connect(path, options)
    try:
        _unlock(connection, key)
        if mode == "rw":
            connection.execute("PRAGMA journal_mode = WAL")
        _settle(connection)
    except dbapi2.OperationalError:
        connection.close()
        raise inaccessible() from None
    except BaseException:
        connection.close()
        raise
    if query_only or mode != "rw":
        connection.execute("PRAGMA query_only = ON")
    if guarded:
        guard(connection)
    return connection


def create_database(path: Path, key: str) -> dbapi2.Connection:
    """Create an empty encrypted database and return an unguarded connection to it.

    Raises:
        DatabaseExists: something is there; it is left alone.
        EngineUnfit, Bug: see `open_database`.
    """
    if _KEY.match(key) is None:
        message = "not a raw database key"
        raise Bug(message)
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise DatabaseExists(
            _("There is already a database here."),
            _("It was left untouched."),
            _("Please choose an empty folder."),
        ) from None
    connection = _connect(path, "mode=rw")
    try:
        _key(connection, key)
        require_engine(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        _settle(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def guard(connection: dbapi2.Connection) -> None:
    """Refuse changes of schema, triggers and safety settings on this connection."""
    connection.set_authorizer(_authorize)


def unguard(connection: dbapi2.Connection) -> None:
    """Allow them again."""
    connection.set_authorizer(None)


def require_engine(connection: dbapi2.Connection) -> None:
    """Refuse an SQLCipher that is too old, or that is not set to the vault's page format.

    Raises:
        EngineUnfit: with the sentence for the user.
    """
    (cipher,) = connection.execute("PRAGMA cipher_version").fetchone() or ("",)
    sqlite = dbapi2.sqlite_version  # asked of the library: with a wrong key no statement answers
    settings = {row[0] for row in connection.execute("PRAGMA cipher_settings")}
    if _version(cipher) < OLDEST_CIPHER or _version(sqlite) < OLDEST_SQLITE or settings != _PROFILE:
        raise EngineUnfit(
            _("The encryption library on this computer is too old for the vault."),
            _("The vault was not opened."),
            _("Please install the program again, so that it brings its own library."),
        )


def _version(text: str) -> tuple[int, ...]:
    """Return the numbers at the start of a version such as `4.19.0 community`."""
    match = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _look_at(path: Path) -> None:
    """Refuse by what can be seen without a key."""
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_PLAINTEXT))
            size = stream.seek(0, 2)
    except FileNotFoundError:
        raise DatabaseMissing(
            _("The vault's database is missing."),
            _("No new one was created."),
            _("Please check whether the folder was moved; otherwise restore a backup."),
        ) from None
    except OSError:
        raise inaccessible() from None
    if size == 0:
        raise DatabaseEmpty(
            _("The vault's database is empty."), _("It was left untouched."), _("Please restore the newest backup.")
        )
    if start == _PLAINTEXT:
        raise DatabasePlaintext(
            _("The vault's database is not encrypted; it is not the file this program wrote."),
            _("It was left untouched."),
            _("Please restore the newest backup."),
        )
    # With a log beside it the file itself may be unfinished: the log completes it.
    if size < PAGE or (not wal_holds_data(path) and (size < 2 * PAGE or size % PAGE)):
        raise _truncated()


def _connect(path: Path, options: str) -> dbapi2.Connection:
    try:
        return dbapi2.connect(
            f"{path.resolve().as_uri()}?{options}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
    except dbapi2.OperationalError:
        raise inaccessible() from None


def _key(connection: dbapi2.Connection, key: str) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    # cipher_memory_security stays off: it locks and wipes every buffer of the library, which made an import five times
    # and a search twice as slow (measured), while the rows stand in Python's memory anyway. What protects the memory
    # after work is the lock, which ends the process.
    connection.execute(f"PRAGMA key = \"x'{key}'\"")


def _unlock(connection: dbapi2.Connection, key: str) -> None:
    """Give the key and prove it by reading the schema."""
    _key(connection, key)
    require_engine(connection)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.OperationalError:
        raise
    except dbapi2.DatabaseError as error:
        # SQLite compares its own page count with the file's size and calls a shorter file malformed.
        if "malformed" in str(error):
            raise _truncated() from None
        raise DatabaseUnreadable(
            _("The vault's database can't be decrypted: its beginning is damaged, or it belongs to another vault."),
            _("It was left untouched."),
            _("Please restore the newest backup."),
        ) from None
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise foreign()


def _settle(connection: dbapi2.Connection) -> None:
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _authorize(action: int, first: Any, second: Any, _database: Any, _trigger: Any) -> int:
    """Decide on one step of a statement that is being prepared."""
    if action in _DENIED or (action == dbapi2.SQLITE_PRAGMA and second is not None and first not in _ADJUSTABLE):
        return int(dbapi2.SQLITE_DENY)
    return int(dbapi2.SQLITE_OK)


def _truncated() -> DatabaseTruncated:
    return DatabaseTruncated(
        _("The vault's database is cut off: a part of it is missing."),
        _("It was left untouched."),
        _("Please restore the newest backup."),
    )


def foreign() -> DatabaseForeign:
    """Return the error for a database that is not this vault's."""
    return DatabaseForeign(
        _("This file is not the database of a counselling room."),
        _("It was left untouched."),
        _("Please check the folder."),
    )


def inaccessible() -> DatabaseInaccessible:
    """Return the error for a disk or folder that refuses to be read or written."""
    return DatabaseInaccessible(
        _("The vault's database can't be read or written: the disk fails, or access is denied."),
        _("Nothing was changed."),
        _("Please check the disk and the permissions of the folder, then try again."),
    )


def damaged() -> DatabaseDamaged:
    """Return the refusal of a database with a page that is not what was written."""
    return DatabaseDamaged(
        _("The vault's database is damaged: a part of it is not as it was written."),
        _("It was left as it is."),
        _("Please don't go on working; restore the newest good backup, and keep the damaged vault for help."),
    )
