"""Psychological archives, their card and their items (SYS-14)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import (
    ADMINISTRATIVE,
    CARE_POINT,
    IDENTITY,
    ILLNESS,
    LATER,
    OTHERS,
    SESSION_TEXT,
    Json,
    Moment,
    Record,
    word,
)
from counselroom.rules.archive import (
    ArchiveItemKind,
    ArchiveState,
    Carrier,
    CollectionSource,
    FamilyStructure,
    OpenReason,
)


class PsychArchive(Record):
    """One file per student."""

    __tablename__ = "psych_archive"

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), unique=True, info=IDENTITY)
    archive_no: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    opened_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    open_reason: Mapped[OpenReason] = mapped_column(word(OpenReason), info=ADMINISTRATIVE)
    state: Mapped[ArchiveState] = mapped_column(word(ArchiveState), info=ADMINISTRATIVE)


class ArchiveCard(Record):
    """The card (F-19): collected on paper by the class teacher and typed in; filed, it never changes again."""

    __tablename__ = "archive_card"

    archive_id: Mapped[str] = mapped_column(ForeignKey("psych_archive.id"), index=True, info=ADMINISTRATIVE)
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=IDENTITY)
    family_members: Mapped[list[dict[str, str]]] = mapped_column(Json, info=OTHERS)
    family_structure: Mapped[FamilyStructure | None] = mapped_column(word(FamilyStructure), info=OTHERS)
    economic: Mapped[str | None] = mapped_column(info=OTHERS)
    living: Mapped[str | None] = mapped_column(info=OTHERS)
    caretaker: Mapped[str | None] = mapped_column(info=OTHERS)
    health_history: Mapped[str | None] = mapped_column(info=ILLNESS)
    medication: Mapped[str | None] = mapped_column(info=ILLNESS)
    major_events: Mapped[list[dict[str, str]]] = mapped_column(Json, info=OTHERS)
    """What happened in the family and around: room and archive only, like everything about other people."""
    study_status: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    interests: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    self_description: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    teacher_description: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    friendships: Mapped[str | None] = mapped_column(info=OTHERS)
    teacher_observation: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    home_visit_summary: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    special_groups: Mapped[list[str]] = mapped_column(Json, info=OTHERS)
    source: Mapped[CollectionSource | None] = mapped_column(word(CollectionSource), info=ADMINISTRATIVE)
    collected_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    collected_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    suggestion: Mapped[str | None] = mapped_column(info=CARE_POINT)
    filed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    filed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    content_hash: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)


class ArchiveItem(Record):
    """A paper or record that lies in an archive; the index of a volume (F-20) lists them."""

    __tablename__ = "archive_item"
    __table_args__ = (Index("ix_archive_item_entity", "entity", "entity_id"),)

    archive_id: Mapped[str] = mapped_column(ForeignKey("psych_archive.id"), index=True, info=ADMINISTRATIVE)
    kind: Mapped[ArchiveItemKind] = mapped_column(word(ArchiveItemKind), info=ADMINISTRATIVE)
    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    title: Mapped[str] = mapped_column(info=SESSION_TEXT)
    dated_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    author: Mapped[str | None] = mapped_column(sort_order=LATER, info=ADMINISTRATIVE)
    pages: Mapped[int | None] = mapped_column(sort_order=LATER, info=ADMINISTRATIVE)
    carrier: Mapped[Carrier | None] = mapped_column(word(Carrier), sort_order=LATER, info=ADMINISTRATIVE)
    remark: Mapped[str | None] = mapped_column(sort_order=LATER, info=ADMINISTRATIVE)
    filed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    filed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
