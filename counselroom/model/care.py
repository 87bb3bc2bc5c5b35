"""Tiers and follow-up (SYS-22, SYS-34)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import (
    ADMINISTRATIVE,
    CARE_POINT,
    IDENTITY,
    OTHERS,
    SESSION_TEXT,
    Json,
    Moment,
    Record,
    word,
)
from counselroom.rules.care_words import (
    CareTier,
    FollowUpMode,
    FollowUpOrigin,
    TaskState,
    TierChange,
    TierState,
    TierSubtype,
)
from counselroom.rules.counselling import RiskLevel


class TierRecord(Record):
    """That a student is in a tier: proposed, confirmed, replaced by another record, ended."""

    __tablename__ = "tier_record"
    __table_args__ = (Index("ix_tier_record_student_state", "student_id", "state"),)

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), info=IDENTITY)
    tier: Mapped[CareTier] = mapped_column(word(CareTier), info=SESSION_TEXT)
    subtype: Mapped[TierSubtype] = mapped_column(word(TierSubtype), info=SESSION_TEXT)
    change: Mapped[TierChange] = mapped_column(word(TierChange), info=ADMINISTRATIVE)
    previous_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """The record it replaces, which may be destroyed before it."""
    event_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """The 专案 it came out of, which may be destroyed before it."""
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=ADMINISTRATIVE)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    """The person in class or college who looks after the student."""
    contact_name: Mapped[str | None] = mapped_column(info=IDENTITY)
    evidence: Mapped[list[dict[str, str]]] = mapped_column(Json, info=SESSION_TEXT)
    """`kind` (interview, observation, hospital, scale, other), `note` and where it lies; a scale alone never does."""
    reason: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    rules: Mapped[list[str]] = mapped_column(Json, info=ADMINISTRATIVE)
    """Keys of the follow-up rules that hold for it."""
    state: Mapped[TierState] = mapped_column(word(TierState), info=ADMINISTRATIVE)
    proposed_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    proposed_by: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    decided_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    decided_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    effective_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    review_due_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    ended_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    ended_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    end_reason: Mapped[str | None] = mapped_column(info=SESSION_TEXT)


class FollowUpTask(Record):
    """One thing to do for a student by a day, made from a rule. Its due day never moves; settled, it stays."""

    __tablename__ = "follow_up_task"
    __table_args__ = (
        Index("ix_follow_up_task_student_due", "student_id", "due_on"),
        Index("ix_follow_up_task_origin", "origin", "origin_id"),
        Index(
            "ix_follow_up_task_open_owner_due",
            "owner_id",
            "due_on",
            sqlite_where=text("state = 'open' AND voided_at IS NULL"),
        ),
        Index("ix_follow_up_task_open_due", "due_on", sqlite_where=text("state = 'open' AND voided_at IS NULL")),
    )

    rule: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """`FR-20`; empty for a task made by hand."""
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), info=IDENTITY)
    origin: Mapped[FollowUpOrigin] = mapped_column(word(FollowUpOrigin), info=ADMINISTRATIVE)
    origin_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """Id of the tier record, 专案, case or return it comes from."""
    task: Mapped[str] = mapped_column(info=CARE_POINT)
    """What to do, in the words of the rule when the task was made (R-17)."""
    owner_role: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    nth: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    """Which one in the series of its rule and origin, from 1."""
    opens_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    due_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    is_safety: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)
    """Whether it goes on in holidays."""
    state: Mapped[TaskState] = mapped_column(word(TaskState), info=ADMINISTRATIVE)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    closed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    close_reason: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    replaced_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """The task that took its place, which may be destroyed before it."""


class FollowUpRecord(Record):
    """What was found in a follow-up (F-51): only ever added, corrected beside it."""

    __tablename__ = "follow_up_record"

    task_id: Mapped[str | None] = mapped_column(ForeignKey("follow_up_task.id"), index=True, info=ADMINISTRATIVE)
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=IDENTITY)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    done_by: Mapped[str | None] = mapped_column(info=IDENTITY)
    held_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    mode: Mapped[FollowUpMode] = mapped_column(word(FollowUpMode), info=ADMINISTRATIVE)
    mood: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    sleep: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    study: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    social: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    family: Mapped[str | None] = mapped_column(info=OTHERS)
    peers_say: Mapped[str | None] = mapped_column(info=OTHERS)
    risk: Mapped[RiskLevel] = mapped_column(word(RiskLevel), info=SESSION_TEXT)
    change: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    measures: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    tier_change_wanted: Mapped[bool] = mapped_column(info=SESSION_TEXT)
    next_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
