"""One row of every table, filled from the model itself, so that a new table or column is in every test at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, Integer, LargeBinary, Table, insert
from sqlalchemy.orm import Session

from counselroom.model import Base
from counselroom.model.base import Json, Moment
from counselroom.vault import deeds
from counselroom.vault.audit import AuditLog
from counselroom.vault.protection import PROTECTED
from tests.vault.storage import NOW, audit_event

KEY = bytes([7]) * 32
STAMPS = ("signed_at", "filed_at", "issued_at")
"""Columns that say from when on a row is protected."""
MARK = "𬱖甲乙"
"""Stands in every text of the sample rows."""


def value_of(column: Column[Any], row_id: str, *, frozen: bool = True) -> Any:
    """Return a plausible value for a column of the row `row_id`."""
    kind = column.type
    if column.name in STAMPS:
        return NOW if frozen else None
    if column.name in ("id", "key", "hash", "version_num"):
        return row_id
    if column.foreign_keys:
        (target,) = column.foreign_keys
        return None if target.column.table is column.table else sample_id(target.column.table.name)
    if column.name in ("voided_at", "voided_by", "void_reason", "withdrawn_at"):
        return None
    if isinstance(kind, Moment):
        return NOW
    if isinstance(kind, Date):
        return date(2026, 11, 2)
    if isinstance(kind, Enum):
        return kind.enum_class(kind.enums[0]) if kind.enum_class else kind.enums[0]
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, LargeBinary):
        return MARK.encode()
    if isinstance(kind, Json):
        return {"a": f"{MARK} {column.name}"}
    return f"{MARK} {column.name} {row_id}"


def sample_id(table: str) -> str:
    """Return the id of the sample row of a table; a student is a person with the same id."""
    return "student" if table in ("person", "student") else table


def row_of(table: Table, row_id: str | None = None, *, frozen: bool = True) -> dict[str, Any]:
    """Return the values of a sample row."""
    row_id = row_id or sample_id(table.name)
    row = {column.name: value_of(column, row_id, frozen=frozen) for column in table.columns}
    if table.name in ("amendment", "archive_item", "draft", "attachment", "search_entry"):
        row |= {"entity": "session_record", "entity_id": "session_record"}
    if table.name == "referral":
        row["state"] = "issued" if frozen else "assessed"
    if table.name == "register_row":
        row["state"] = "filed" if frozen else "draft"
    if table.name in SETTLED:
        row |= SETTLED[table.name][0 if frozen else 1]
    if table.name == "search_entry":
        row |= {"id": 1, "occurred_on": "2026-11-02"}
    return row


SETTLED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "crisis_step": ({"state": "done"}, {"state": "open"}),
    "follow_up_task": ({"state": "done"}, {"state": "open"}),
    "tier_record": ({"state": "ended"}, {"state": "proposed"}),
    "guard_period": ({}, {"ended_at": None}),
    "guard_shift": ({}, {"handed_over_at": None}),
}
"""What makes a row of these tables protected, and what leaves it open."""

LEFT_OUT = frozenset({"audit_log", "audit_epoch", "deed", "deed_gate", "amendment"})
"""Tables whose rows come about through the log and the deeds."""


def fill(session: Session) -> AuditLog:
    """Insert one row into every table of an empty database and return the log."""
    log = AuditLog(KEY, 1, 1)
    log.start(session, audit_event())
    fill_tables(session, log)
    return log


def fill_tables(session: Session, log: AuditLog) -> None:
    """Insert one row into every table; the log has begun already."""
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT_OUT:
            session.execute(insert(table).values(row_of(table)))
    with deeds.amend(session, log, audit_event(entity_id="session_record"), new_id=lambda: "deed"):
        session.execute(insert(Base.metadata.tables["amendment"]).values(row_of(Base.metadata.tables["amendment"])))


def protected_ids() -> dict[str, tuple[str, Any]]:
    """Return the key column and the key of the sample row of every protected table."""
    keys: dict[str, tuple[str, Any]] = {name: ("id", sample_id(name)) for name in PROTECTED}
    return keys | {"audit_log": ("seq", 1), "audit_epoch": ("epoch", 1), "deed": ("id", "deed")}


def other_than(value: Any, column: Column[Any]) -> Any:
    """Return another stored value of the same kind."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return value + b"x"
    if isinstance(value, datetime) or value is None:
        return "2027-01-01T00:00:00.000000Z+00:00"
    if isinstance(column.type, Enum):
        return next(word for word in column.type.enums if word != value)
    return f"{value}x"
