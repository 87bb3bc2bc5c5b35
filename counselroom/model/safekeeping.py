"""The vault's own tables: audit, deeds, drafts, attachments, search. Written by `vault`, read by services."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import ADMINISTRATIVE, IDENTITY, OTHERS, SESSION_TEXT, Base, Json, Moment, Record, word
from counselroom.rules.secrecy import Secrecy


class VaultMeta(Base):
    """Facts about the vault itself: `vault_id`, `generation`, `created_at`, `max_seen_utc`."""

    __tablename__ = "vault_meta"

    key: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    value: Mapped[str] = mapped_column(info=ADMINISTRATIVE)


class AuditRow(Base):
    """One line of the audit log: who did or read what, never what it said. Chained by HMAC (R-15)."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_entity", "entity", "entity_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=ADMINISTRATIVE)
    at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    actor_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    roles: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    action: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    reason: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    digest: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    generation: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    epoch: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    deed_id: Mapped[str | None] = mapped_column(
        ForeignKey("deed.id", deferrable=True, initially="DEFERRED"), info=ADMINISTRATIVE
    )
    """Deferred: the row of a deed is written before the deed, and neither can be committed without the other."""
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary, info=ADMINISTRATIVE)
    hash: Mapped[bytes] = mapped_column(LargeBinary, info=ADMINISTRATIVE)


class AuditEpoch(Base):
    """A stretch of the audit log under one key; a sealed epoch keeps its key wrapped under the current root."""

    __tablename__ = "audit_epoch"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=ADMINISTRATIVE)
    started_seq: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    sealed_seq: Mapped[int | None] = mapped_column(info=ADMINISTRATIVE)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary, info=ADMINISTRATIVE)


class DeedGate(Base):
    """Always empty: an open deed refers to it by a deferred foreign key, so that no COMMIT can leave one open."""

    __tablename__ = "deed_gate"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=ADMINISTRATIVE)


class Deed(Base):
    """One of the four lawful deeds on a protected row: amend, redact, reassign, destroy."""

    __tablename__ = "deed"
    __table_args__ = (Index("ix_deed_entity", "entity", "entity_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    kind: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    audit_seq: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    reason: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    open_token: Mapped[int | None] = mapped_column(
        ForeignKey("deed_gate.id", deferrable=True, initially="DEFERRED"), info=ADMINISTRATIVE
    )


class Draft(Base):
    """The unfinished state of one page or dialog of one account."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_account_place", "account_id", "place", unique=True),
        Index("ix_draft_entity", "entity", "entity_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), info=ADMINISTRATIVE)
    place: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    state: Mapped[dict[str, Any]] = mapped_column(Json, info=SESSION_TEXT)
    saved_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)


class DraftVersion(Base):
    """An earlier state of a draft."""

    __tablename__ = "draft_version"

    id: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"), index=True, info=ADMINISTRATIVE)
    state: Mapped[dict[str, Any]] = mapped_column(Json, info=SESSION_TEXT)
    saved_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)


class Attachment(Record):
    """A scan, photo or recording kept inside the vault."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_entity", "entity", "entity_id"),)

    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    subject_person: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    name: Mapped[str] = mapped_column(info=OTHERS)
    media_type: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    size: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    sha256: Mapped[str] = mapped_column(info=ADMINISTRATIVE)


class AttachmentChunk(Base):
    """A piece of an attachment."""

    __tablename__ = "attachment_chunk"

    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True, info=ADMINISTRATIVE)
    seq: Mapped[int] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    data: Mapped[bytes] = mapped_column(LargeBinary, info=OTHERS)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, info=ADMINISTRATIVE)


class SearchEntry(Base):
    """What a hit of the full-text index stands for, with all that access needs to filter before counting."""

    __tablename__ = "search_entry"
    __table_args__ = (Index("ix_search_entry_entity", "entity", "entity_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    subject_person: Mapped[str | None] = mapped_column(index=True, info=IDENTITY)
    owner: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    secrecy: Mapped[Secrecy] = mapped_column(word(Secrecy), info=ADMINISTRATIVE)
    restricted: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)
    occurred_on: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    title: Mapped[str] = mapped_column(info=IDENTITY)


class SearchName(Base):
    """A way to find a person: name, pinyin, initials, number or code."""

    __tablename__ = "search_name"
    __table_args__ = (Index("ix_search_name_reading", "reading", "person_id"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, info=IDENTITY)
    kind: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    reading: Mapped[str] = mapped_column(primary_key=True, info=IDENTITY)
