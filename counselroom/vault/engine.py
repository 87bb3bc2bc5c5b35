"""SQLAlchemy over one connection of the vault.

Every piece here was seen to matter: without the `begin` listener a failed transaction kept its first insert, because
the driver in autocommit mode begins none; without `StaticPool` a second, unkeyed connection would be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.opening import damaged

BEGIN_TO_WRITE = "BEGIN IMMEDIATE"
BEGIN_TO_READ = "BEGIN"
_OPTION = "counselroom_begin"


def engine_over(connection: dbapi2.Connection, begin: str) -> Engine:
    """Return an engine whose transactions all run on `connection` and start with the statement `begin`.

    `engine.dispose()` closes the connection.
    """
    engine = create_engine(
        "sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool, hide_parameters=True
    )

    def start(started: Connection) -> None:
        started.exec_driver_sql(started.get_execution_options().get(_OPTION, begin))

    event.listen(engine, "begin", start)
    return engine


def for_reading(engine: Engine) -> Engine:
    """Return the same engine, its transactions not asking for the write lock."""
    return engine.execution_options(**{_OPTION: BEGIN_TO_READ})


class NotSaved(UserError):
    """The disk is full or failed while something was being written."""


_NO_WRITING = (
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    # Also what SQLCipher answers once it has met a damaged page on this connection.
    "attempt to write a readonly database",
)


@contextmanager
def damage() -> Iterator[None]:
    """Turn a damaged page into a sentence; every other failure passes.

    Raises:
        DatabaseDamaged: a page that was needed is not what was written.
    """
    try:
        yield
    except (DatabaseError, dbapi2.DatabaseError) as error:
        if _cause(error).startswith(("database disk image is malformed", "file is not a database")):
            raise damaged() from None
        raise


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turn a full or failing disk, or a damaged page, into a sentence; every other failure passes.

    Raises:
        NotSaved: instead of what SQLite or the operating system reported.
        DatabaseDamaged: see `damage`.
    """
    try:
        with damage():
            yield
    except (OperationalError, dbapi2.OperationalError) as error:
        if _cause(error).startswith(_NO_WRITING):
            raise _not_saved() from None
        raise
    except OSError:
        raise _not_saved() from None


def _cause(error: DatabaseError | dbapi2.DatabaseError) -> str:
    return str(error.orig if isinstance(error, DatabaseError) else error)


def _not_saved() -> NotSaved:
    return NotSaved(
        _("This change could not be saved: the disk is full, or it fails."),
        _("Everything saved before is safe."),
        _("Please make room on the disk or check it, then do it again."),
    )
