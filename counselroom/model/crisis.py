"""Referrals and what comes back (SYS-32)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import (
    ADMINISTRATIVE,
    CARE_POINT,
    EVENT_FACT,
    IDENTITY,
    ILLNESS,
    SESSION_TEXT,
    Moment,
    Record,
    word,
)
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.referral import ConsentAnswer, ReferralState, ReferralTarget, ReferralUrgency


class Referral(Record):
    """A student is sent to someone who can do more. Issued, its text never changes again; its state goes on."""

    __tablename__ = "referral"

    number: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=IDENTITY)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), info=ADMINISTRATIVE)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    to_kind: Mapped[ReferralTarget] = mapped_column(word(ReferralTarget), info=EVENT_FACT)
    to_name: Mapped[str] = mapped_column(info=EVENT_FACT)
    reason: Mapped[str] = mapped_column(info=EVENT_FACT)
    summary: Mapped[str] = mapped_column(info=EVENT_FACT)
    done_so_far: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    risk: Mapped[RiskLevel | None] = mapped_column(word(RiskLevel), info=EVENT_FACT)
    urgency: Mapped[ReferralUrgency] = mapped_column(word(ReferralUrgency), info=EVENT_FACT)
    accompanied_by: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    client_consent: Mapped[ConsentAnswer] = mapped_column(word(ConsentAnswer), info=EVENT_FACT)
    guardian_consent: Mapped[ConsentAnswer] = mapped_column(word(ConsentAnswer), info=EVENT_FACT)
    emergency_basis: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    supervisor_opinion: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    session_excerpt: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    excerpt_approved_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    state: Mapped[ReferralState] = mapped_column(word(ReferralState), info=ADMINISTRATIVE)
    issued_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    issued_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    complete_by: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    content_hash: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)


class ReferralFeedback(Record):
    """The reply slip of a referral."""

    __tablename__ = "referral_feedback"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"), index=True, info=ADMINISTRATIVE)
    received_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    institution: Mapped[str] = mapped_column(info=EVENT_FACT)
    seen_on: Mapped[date | None] = mapped_column(info=EVENT_FACT)
    recommendation: Mapped[str] = mapped_column(info=ILLNESS)
    may_attend_school: Mapped[str | None] = mapped_column(info=CARE_POINT)
    next_visit_on: Mapped[date | None] = mapped_column(info=EVENT_FACT)


class ReferralSupplement(Record):
    """What an emergency referral left out and is added afterwards (R-13); the issued referral itself never changes."""

    __tablename__ = "referral_supplement"

    referral_id: Mapped[str] = mapped_column(ForeignKey("referral.id"), index=True, info=ADMINISTRATIVE)
    supervisor_opinion: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    guardian_consent: Mapped[ConsentAnswer | None] = mapped_column(word(ConsentAnswer), info=EVENT_FACT)
    given_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    """When the opinion or consent was given."""
    late_reason: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    """Why it came after the time allowed."""
