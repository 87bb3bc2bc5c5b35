"""What belongs to the counsellor's day: quick notes, the waiting list, duty (SYS-04, SYS-05)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import ADMINISTRATIVE, IDENTITY, OTHERS, SESSION_TEXT, Moment, Record, word
from counselroom.rules.care_words import DutyChannel, WaitingState
from counselroom.rules.counselling import Channel, Mode, Urgency


class ScratchNote(Record):
    """A 随手记: one line typed from anywhere, given to a student or a case later."""

    __tablename__ = "scratch_note"
    __table_args__ = (Index("ix_scratch_note_owner_noted", "owner_id", "noted_at"),)

    owner_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    noted_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    said: Mapped[str] = mapped_column(info=SESSION_TEXT)
    subject_person: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    entity: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """The record it was given to."""
    given_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)


class WaitingEntry(Record):
    """Somebody in 待安排: wants an appointment that has no time yet."""

    __tablename__ = "waiting_entry"
    __table_args__ = (Index("ix_waiting_entry_waiting", "asked_at", sqlite_where=text("state = 'waiting'")),)

    client_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    counsellor_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    asked_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    channel: Mapped[Channel] = mapped_column(word(Channel), info=ADMINISTRATIVE)
    referrer: Mapped[str | None] = mapped_column(info=OTHERS)
    urgency: Mapped[Urgency] = mapped_column(word(Urgency), info=SESSION_TEXT)
    mode: Mapped[Mode] = mapped_column(word(Mode), info=ADMINISTRATIVE)
    minutes: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    wanted_times: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    issue_brief: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    state: Mapped[WaitingState] = mapped_column(word(WaitingState), info=ADMINISTRATIVE)
    appointment_id: Mapped[str | None] = mapped_column(ForeignKey("appointment.id"), info=ADMINISTRATIVE)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    close_reason: Mapped[str | None] = mapped_column(info=SESSION_TEXT)


class DutyShift(Record):
    """Who is on duty (值班) from when to when, and for what."""

    __tablename__ = "duty_shift"
    __table_args__ = (Index("ix_duty_shift_starts", "starts_at"),)

    on_day: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    starts_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    ends_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    channel: Mapped[DutyChannel] = mapped_column(word(DutyChannel), info=ADMINISTRATIVE)
    remark: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
