"""The schema of a vault: tables, full-text index, triggers, version.

A new vault gets the newest schema at once; an older one is brought here by `counselroom.vault.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model import Base
from counselroom.vault.protection import TRIGGERS_FILE
from counselroom.vault.search_index import CREATE_SEARCH_TEXT

SCHEMA_VERSION: Final = "0005"
"""The newest version: the revision of the last migration."""
_SAFETY_COPY: Final = "records.version-{version}.db"
CREATE_VERSION_TABLE: Final = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


class SchemaTooNew(UserError):
    """The vault was written by a newer version of the program."""


def create_schema(connection: Connection) -> None:
    """Create everything in an empty database, in the caller's transaction."""
    Base.metadata.create_all(connection)
    connection.exec_driver_sql(CREATE_SEARCH_TEXT)
    connection.exec_driver_sql(CREATE_VERSION_TABLE)
    connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (SCHEMA_VERSION,))
    create_triggers(connection)


def trigger_statements() -> list[str]:
    """Return the statements of `triggers.sql`, one for each trigger."""
    statements = []
    pending = ""
    for line in TRIGGERS_FILE.read_text(encoding="utf-8").splitlines():
        if pending or not (line.startswith("--") or not line):
            pending += line + "\n"
        if pending and dbapi2.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements


def create_triggers(connection: Connection) -> None:
    """Create the triggers of all protected tables that exist already, in the caller's transaction.

    In the middle of a chain of migrations a table of a later version is still missing.
    """
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    for statement in trigger_statements():
        table = statement.partition(" ON ")[2].split(maxsplit=1)[0]
        if table in tables:
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Drop every trigger, in the caller's transaction."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    for name in list(found):
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def read_version(connection: dbapi2.Connection) -> str:
    """Return the schema version of an open database, by plain SQL: Alembic takes 0.4 s to import."""
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(version)


def migrate_if_due(connection: dbapi2.Connection, path: Path, key: str) -> bool:
    """Bring an older vault to the newest schema.

    Args:
        connection: an open connection in no transaction; only read from, and usable as before afterwards.
        path: the database file.
        key: its raw key, for the connection on which the migration runs.

    Returns:
        True when anything was changed.

    Raises:
        SchemaTooNew: the vault was written by a newer program; nothing is changed.
        MigrationFailed: a step failed; the vault has the version before that step, with all its rows.
    """
    version = read_version(connection)
    if version == SCHEMA_VERSION:
        return False
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            _("This vault was last used with a newer version of this program."),
            _("Nothing in it was changed."),
            _("Please install that version or a newer one here, then open the vault again."),
        )
    from counselroom.vault.migrations.runner import migrate  # late, for Alembic's sake

    migrate(path, key)
    return True


def safety_copy(folder: Path, version: str) -> Path:
    """Return where the encrypted copy of the database of an older `version` lies after a migration."""
    return folder / _SAFETY_COPY.format(version=version)


def forget_safety_copies(folder: Path) -> None:
    """Delete the copies made before migrations: they hold what was destroyed since, under the key of that time."""
    for copy in folder.glob(_SAFETY_COPY.format(version="*") + "*"):
        copy.unlink()
