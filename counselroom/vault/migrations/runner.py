"""Takes a vault from its schema version to the newest, step by step.

Each step is one transaction on a connection of its own: foreign keys off before BEGIN (SQLite ignores the setting
later), all triggers dropped, literal SQL, triggers made anew, rows counted and foreign keys checked, COMMIT. A step
that raises, or loses a row, changes nothing. `batch_alter_table` is not used: it was seen to delete all child rows
and every trigger without a word.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlcipher3 import dbapi2

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.engine import BEGIN_TO_WRITE, disk_faults, engine_over
from counselroom.vault.opening import open_database
from counselroom.vault.schema import create_triggers, drop_triggers, read_version, safety_copy

VERSIONS: Final = Path(__file__).with_name("versions")


class MigrationFailed(UserError):
    """A step failed. The vault has the version before that step, with all its rows."""

    def __init__(self) -> None:
        super().__init__(
            _("The vault could not be brought to the form this version of the program needs."),
            _("All records are as they were, and a copy of the vault was kept."),
            _("Please go on with the previous version of the program and report this."),
        )


class NoRoomForCopy(UserError):
    """The encrypted copy that every migration begins with could not be written."""


def migrate(path: Path, key: str, versions: Path = VERSIONS) -> None:
    """Copy the database (encrypted, as it is) and take it to the newest version of `versions`.

    Args:
        path: the database file; nobody else writes to it meanwhile.
        key: its raw key, 64 hex digits.
        versions: folder of the steps.

    Raises:
        NoRoomForCopy: the copy could not be made; nothing was changed.
        NotSaved: the disk is full or fails; the steps before stay done, this one left nothing.
        MigrationFailed: a step failed; the same holds.
    """
    script = ScriptDirectory(str(versions.parent), version_locations=[str(versions)])
    with closing(open_database(path, key, mode="rw", guarded=False)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        current = read_version(raw)
        _copy(raw, path, safety_copy(path.parent, current))
        engine = engine_over(raw, BEGIN_TO_WRITE)
        steps = [step for step in script.iterate_revisions("heads", current) if step.revision != current]
        for step in reversed(steps):
            try:
                with disk_faults(), engine.begin() as connection:
                    _take(connection, step)
            except SQLAlchemyError:
                raise MigrationFailed from None


def _take(connection: Connection, step: Script) -> None:
    before = _rows(connection)
    drop_triggers(connection)
    with Operations.context(MigrationContext.configure(connection)):
        step.module.upgrade()
    create_triggers(connection)
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (step.revision,))
    after = _rows(connection)
    lost = [table for table, count in before.items() if after.get(table) != count]
    if lost or connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise MigrationFailed


def _rows(connection: Connection) -> dict[str, int]:
    """Count the rows of every table, leaving out those of the full-text index, which FTS5 arranges as it likes."""
    tables = connection.exec_driver_sql(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name != 'sqlite_schema'"
    ).scalars()
    return {
        table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()  # noqa: S608 - a table's name
        for table in list(tables)
    }


def _copy(raw: dbapi2.Connection, path: Path, copy: Path) -> None:
    """Copy the database file after everything was moved into it, and compare the two."""
    part = copy.with_name(copy.name + ".part")
    try:
        (busy, *_counts) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        done = not busy and _copied(path, part)
    except (OSError, dbapi2.OperationalError):
        done = False
    if not done:
        part.unlink(missing_ok=True)
        raise NoRoomForCopy(
            _("A new version of the program must rearrange the vault, but the copy to be made before failed."),
            _("Nothing in it was changed."),
            _("Please free some space on this disk (as much as the vault takes), then open the vault again."),
        )
    part.replace(copy)


def _copied(path: Path, part: Path) -> bool:
    shutil.copyfile(path, part)
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    return filecmp.cmp(path, part, shallow=False)
