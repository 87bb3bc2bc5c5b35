"""The facts a vault keeps about itself in `vault_meta`, and the audit rows about the vault as a whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from counselroom.model.base import moment_of, moment_text
from counselroom.vault.audit import AuditEvent
from counselroom.vault.keys.slots import Slot


def read_meta(connection: Connection) -> dict[str, str]:
    """Return the facts: `vault_id`, `generation`, `created_at`, `max_seen_utc`."""
    rows = connection.execute(text("SELECT key, value FROM vault_meta"))
    return {row.key: row.value for row in rows}


def write_fact(connection: Connection, key: str, value: str) -> None:
    """Set one fact."""
    connection.execute(
        text(
            "INSERT INTO vault_meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = :value"
        ),
        {"key": key, "value": value},
    )


def see_moment(connection: Connection, now: datetime) -> None:
    """Remember `now` when it is the newest moment the vault has seen."""
    if now > moment_of(read_meta(connection)["max_seen_utc"]):
        write_fact(connection, "max_seen_utc", moment_text(now))


def vault_event(action: str, vault_id: str, slot: Slot, now: datetime, reason: str = "") -> AuditEvent:
    """Return the audit event of something done to the vault by whoever opened it with `slot`."""
    return AuditEvent(
        at=now, actor_id=slot.slot_id, roles=(), action=action, entity="vault", entity_id=vault_id, reason=reason
    )
