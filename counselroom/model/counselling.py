"""Appointments, consents, cases, session records and their amendments (SYS-05, SYS-07, SYS-08)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import (
    ADMINISTRATIVE,
    EVENT_FACT,
    IDENTITY,
    LATER,
    SESSION_TEXT,
    Json,
    Moment,
    Record,
    word,
)
from counselroom.rules.counselling import (
    AppointmentState,
    CancelledBy,
    CaseStatus,
    Channel,
    ClientType,
    CloseReason,
    ConsentKind,
    Mode,
    RiskLevel,
    Urgency,
)
from counselroom.rules.series import Every


class AppointmentSeries(Record):
    """An appointment that repeats: the rhythm as it was agreed; each place is an appointment of its own."""

    __tablename__ = "appointment_series"

    client_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id"), info=ADMINISTRATIVE)
    first_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    wall_time: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """`HH:MM` on the wall of the room: a change of the region's clock does not move it."""
    minutes: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    every: Mapped[Every] = mapped_column(word(Every), info=ADMINISTRATIVE)
    until: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    times: Mapped[int | None] = mapped_column(info=ADMINISTRATIVE)


class Appointment(Record):
    """An agreed time with a counsellor in a room."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index("ix_appointment_counsellor_starts", "counsellor_id", "starts_at"),
        Index("ix_appointment_room_starts", "room_id", "starts_at"),
        Index("ix_appointment_client_starts", "client_id", "starts_at"),
        Index(
            "ix_appointment_series_place",
            "series_id",
            "series_nth",
            unique=True,
            sqlite_where=text("series_id IS NOT NULL"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    client_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=IDENTITY)
    client_type: Mapped[ClientType] = mapped_column(word(ClientType), info=ADMINISTRATIVE)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    room_id: Mapped[str | None] = mapped_column(ForeignKey("room.id"), info=ADMINISTRATIVE)
    channel: Mapped[Channel] = mapped_column(word(Channel), info=ADMINISTRATIVE)
    mode: Mapped[Mode] = mapped_column(word(Mode), info=ADMINISTRATIVE)
    urgency: Mapped[Urgency] = mapped_column(word(Urgency), info=EVENT_FACT)
    starts_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    ends_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    issue_brief: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    state: Mapped[AppointmentState] = mapped_column(word(AppointmentState), info=ADMINISTRATIVE)
    cancelled_by: Mapped[CancelledBy | None] = mapped_column(word(CancelledBy), info=ADMINISTRATIVE)
    cancel_reason: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    series_id: Mapped[str | None] = mapped_column(sort_order=LATER, info=ADMINISTRATIVE)
    series_nth: Mapped[int | None] = mapped_column(sort_order=LATER, info=ADMINISTRATIVE)
    """Its place in the series, from 1: it keeps that whatever becomes of it."""


class Consent(Record):
    """A signed paper: what the client (or guardian) agreed to, and until when."""

    __tablename__ = "consent"

    client_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    kind: Mapped[ConsentKind] = mapped_column(word(ConsentKind), info=ADMINISTRATIVE)
    text_version: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    signed_by: Mapped[str] = mapped_column(info=IDENTITY)
    signer_relation: Mapped[str] = mapped_column(info=IDENTITY)
    signed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    scope: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)


class CaseFile(Record):
    """A counselling case (个案); `restricted` hides all but its existence from everyone but its counsellor."""

    __tablename__ = "case_file"
    __table_args__ = (Index("ix_case_file_counsellor_status", "counsellor_id", "status"),)

    code: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    client_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    opened_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    status: Mapped[CaseStatus] = mapped_column(word(CaseStatus), info=ADMINISTRATIVE)
    goals: Mapped[list[str]] = mapped_column(Json, info=SESSION_TEXT)
    restricted: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)
    closed_on: Mapped[date | None] = mapped_column(sort_order=LATER, info=ADMINISTRATIVE)
    close_reason: Mapped[CloseReason | None] = mapped_column(word(CloseReason), sort_order=LATER, info=SESSION_TEXT)
    close_summary: Mapped[str | None] = mapped_column(sort_order=LATER, info=SESSION_TEXT)


class SessionRecord(Record):
    """A note of one session: ordered sections by the linkId of its template. Signed, it never changes again."""

    __tablename__ = "session_record"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index("ix_session_record_client_held", "client_id", "held_on"),
        Index("ix_session_record_unsigned", "counsellor_id", sqlite_where=text("signed_at IS NULL")),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), info=ADMINISTRATIVE)
    client_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=IDENTITY)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=ADMINISTRATIVE)
    appointment_id: Mapped[str | None] = mapped_column(ForeignKey("appointment.id"), unique=True, info=ADMINISTRATIVE)
    seq: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    held_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    starts_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    ends_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    mode: Mapped[Mode] = mapped_column(word(Mode), info=ADMINISTRATIVE)
    place: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    form_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    form_hash: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    sections: Mapped[dict[str, str]] = mapped_column(Json, info=SESSION_TEXT)
    topics: Mapped[list[str]] = mapped_column(Json, server_default=text("'[]'"), sort_order=LATER, info=SESSION_TEXT)
    """Keys of `resources/topics.toml`, for the statistics."""
    risk_level: Mapped[RiskLevel | None] = mapped_column(word(RiskLevel), info=SESSION_TEXT)
    consent_exception: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    """Why the session was held without a signed consent; allowed in a crisis only (SYS-07)."""
    next_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    signed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    signed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    content_hash: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """SHA-256 of the canonical JSON of what was signed."""


class Amendment(Record):
    """A correction set beside a signed or filed record; both stay visible (R-09)."""

    __tablename__ = "amendment"
    __table_args__ = (Index("ix_amendment_entity", "entity", "entity_id"),)

    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    subject_person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    section: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    text: Mapped[str] = mapped_column(info=SESSION_TEXT)
    reason: Mapped[str] = mapped_column(info=SESSION_TEXT)
