"""An encrypted database with the schema on it, for tests of what lies inside a vault.

The settings are those of the one function that opens a vault; these tests need no keys, slots or anchors.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from counselroom.vault.audit import AuditEvent

KEY = "5b" * 32
NOW = datetime(2026, 11, 22, 5, 7, tzinfo=UTC)


def open_raw(path: Path, key: str = KEY) -> Any:
    """Return a raw connection with the settings of an opened vault."""
    raw = sqlcipher3.dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    raw.execute(f"PRAGMA key = \"x'{key}'\"")
    raw.execute("PRAGMA journal_mode = WAL")
    for setting in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "secure_delete = ON",
        "trusted_schema = OFF",
        "busy_timeout = 5000",
    ):
        raw.execute(f"PRAGMA {setting}")
    return raw


def engine_over(raw: Any, begin: str = "BEGIN IMMEDIATE") -> Engine:
    """Return an engine over one raw connection, as the vault makes it."""
    engine = create_engine(
        "sqlite://", module=sqlcipher3.dbapi2, creator=lambda: raw, poolclass=StaticPool, hide_parameters=True
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


@contextmanager
def opened(path: Path, key: str = KEY) -> Iterator[Engine]:
    """Open the database for writing and close it again."""
    raw = open_raw(path, key)
    engine = engine_over(raw)
    try:
        yield engine
    finally:
        engine.dispose()
        raw.close()


def session_on(engine: Engine | Connection) -> Session:
    """Return a session as services get one."""
    return Session(engine, expire_on_commit=False)


class Clock:
    """A clock that moves on by a second each time it is read."""

    def __init__(self) -> None:
        self._ticks = itertools.count()

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=next(self._ticks))


def audit_event(action: str = "read", **fields: Any) -> AuditEvent:
    """Return an event of an invented counsellor."""
    values: dict[str, Any] = {
        "at": NOW,
        "actor_id": "a" * 32,
        "roles": ("counsellor",),
        "action": action,
        "entity": "session_record",
        "entity_id": "e" * 32,
    }
    return AuditEvent(**(values | fields))
