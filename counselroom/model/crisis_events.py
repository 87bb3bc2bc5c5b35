"""Crisis assessments, 专案 with their steps and log, contacts, guardianship and papers (SYS-25 to SYS-29, SYS-36)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import (
    ADMINISTRATIVE,
    CARE_POINT,
    CONTACT,
    EVENT_FACT,
    IDENTITY,
    OTHERS,
    SESSION_TEXT,
    Json,
    Moment,
    Record,
    word,
)
from counselroom.rules.crisis_words import (
    AssessmentSource,
    ContactMode,
    ContactOutcome,
    ContactPurpose,
    ContactRole,
    CrisisKind,
    CrisisLevel,
    CrisisState,
    Duty,
    GuardEnd,
    Ideation,
    LogKind,
    StepState,
    WatcherRole,
)


class CrisisAssessment(Record):
    """The assessment of a risk (F-42). Signed, it never changes again; a second person's review is added once."""

    __tablename__ = "crisis_assessment"
    __table_args__ = (Index("ix_crisis_assessment_source", "source_entity", "source_id"),)

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=IDENTITY)
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), info=ADMINISTRATIVE)
    """The counselling case it came out of; one out of a restricted case is as restricted as the case."""
    assessed_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    place: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    source: Mapped[AssessmentSource] = mapped_column(word(AssessmentSource), info=ADMINISTRATIVE)
    source_entity: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    source_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """The record that asked for it; it can't be closed before the assessment is signed (triggers §3.G)."""
    criteria: Mapped[list[str]] = mapped_column(Json, info=SESSION_TEXT)
    """Keys of `resources/criteria.toml` that are met."""
    own_criterion: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    """What C22 stands for here."""
    life_events: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    emotion: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    somatic: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    cognition: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    behaviour: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    coping_fails: Mapped[bool] = mapped_column(info=SESSION_TEXT)
    ideation: Mapped[Ideation] = mapped_column(word(Ideation), info=SESSION_TEXT)
    plan_means: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    history: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    protective: Mapped[str | None] = mapped_column(info=SESSION_TEXT)
    target_of_harm: Mapped[str | None] = mapped_column(info=OTHERS)
    level: Mapped[CrisisLevel | None] = mapped_column(word(CrisisLevel), info=EVENT_FACT)
    in_school_manageable: Mapped[bool] = mapped_column(info=EVENT_FACT)
    opinion: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    """The written opinion of the room, which the leading group may read: facts and what to do, no illness."""
    advice: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    reassess_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    signed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    signed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    content_hash: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    reviewed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)


class CrisisEvent(Record):
    """A 专案. When it was found and begun never changes, because all its deadlines count from there."""

    __tablename__ = "crisis_event"
    __table_args__ = (
        Index("ix_crisis_event_open", "found_at", sqlite_where=text("closed_at IS NULL AND voided_at IS NULL")),
    )

    code: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    """`Z2026-003`."""
    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=IDENTITY)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"), info=ADMINISTRATIVE)
    assessment_id: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """No foreign key: the assessment may be destroyed before."""
    counsellor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=ADMINISTRATIVE)
    deputy_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    occurred_at: Mapped[datetime | None] = mapped_column(Moment, info=EVENT_FACT)
    found_at: Mapped[datetime] = mapped_column(Moment, info=EVENT_FACT)
    found_by: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    place: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    kind: Mapped[CrisisKind] = mapped_column(word(CrisisKind), info=EVENT_FACT)
    level: Mapped[CrisisLevel] = mapped_column(word(CrisisLevel), info=EVENT_FACT)
    facts: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    measures: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    commander: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    care_point: Mapped[str | None] = mapped_column(info=CARE_POINT)
    """What the class teacher is told: written for that reader."""
    state: Mapped[CrisisState] = mapped_column(word(CrisisState), info=ADMINISTRATIVE)
    plan: Mapped[list[dict[str, str]]] = mapped_column(Json, info=ADMINISTRATIVE)
    """Key, version and hash of each checklist that was hung on, in order."""
    restricted: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)
    started_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    started_by: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    closed_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    close_reason: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    outcome: Mapped[str | None] = mapped_column(info=EVENT_FACT)


class CrisisStep(Record):
    """An item of a checklist of a 专案, with the plan's words as they were when it was hung on (R-17).

    Its deadline is set once and never moves. Settled, the row only can be voided, when an undo sets an open copy in
    its place.
    """

    __tablename__ = "crisis_step"
    __table_args__ = (
        Index("ix_crisis_step_open_due", "due_at", sqlite_where=text("state = 'open' AND voided_at IS NULL")),
    )

    event_id: Mapped[str] = mapped_column(ForeignKey("crisis_event.id"), index=True, info=ADMINISTRATIVE)
    checklist: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """`CK-E`; empty for an item added by hand."""
    item: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """Its key in the checklist."""
    position: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    stage: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    title: Mapped[str] = mapped_column(info=EVENT_FACT)
    detail: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    duty: Mapped[Duty | None] = mapped_column(word(Duty), info=ADMINISTRATIVE)
    document: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    """The form this item opens, `F-46`."""
    evidence_needed: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)
    waits_for: Mapped[list[str]] = mapped_column(Json, info=ADMINISTRATIVE)
    """Keys of the items that must be settled before this one can start."""
    limit_minutes: Mapped[int | None] = mapped_column(info=ADMINISTRATIVE)
    owner_role: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True, info=ADMINISTRATIVE)
    runs_from_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    due_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    clock_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    """What the machine's clocks said when the deadline was set (R-20)."""
    clock_boot: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    clock_ms: Mapped[int | None] = mapped_column(info=ADMINISTRATIVE)
    """Milliseconds since the start of the machine, sleep included."""
    state: Mapped[StepState] = mapped_column(word(StepState), info=ADMINISTRATIVE)
    done_at: Mapped[datetime | None] = mapped_column(Moment, info=EVENT_FACT)
    done_by: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    note: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    late_reason: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    skip_reason: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    recorded_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    recorded_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)


class CrisisLog(Record):
    """A line of the 经过记录: only ever added. Steps, contacts and papers stand in it by their own rows, said once."""

    __tablename__ = "crisis_log"
    __table_args__ = (Index("ix_crisis_log_event_at", "event_id", "at"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("crisis_event.id"), info=ADMINISTRATIVE)
    at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    kind: Mapped[LogKind] = mapped_column(word(LogKind), info=ADMINISTRATIVE)
    said: Mapped[str] = mapped_column(info=EVENT_FACT)
    told_by: Mapped[str | None] = mapped_column(info=EVENT_FACT)


class ContactAttempt(Record):
    """One attempt to reach somebody; those that failed count too."""

    __tablename__ = "contact_attempt"
    __table_args__ = (Index("ix_contact_attempt_event_at", "event_id", "at"),)

    event_id: Mapped[str] = mapped_column(ForeignKey("crisis_event.id"), info=ADMINISTRATIVE)
    at: Mapped[datetime] = mapped_column(Moment, info=EVENT_FACT)
    role: Mapped[ContactRole] = mapped_column(word(ContactRole), info=EVENT_FACT)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    name: Mapped[str] = mapped_column(info=IDENTITY)
    phone: Mapped[str | None] = mapped_column(info=CONTACT)
    purpose: Mapped[ContactPurpose] = mapped_column(word(ContactPurpose), info=EVENT_FACT)
    mode: Mapped[ContactMode] = mapped_column(word(ContactMode), info=EVENT_FACT)
    outcome: Mapped[ContactOutcome] = mapped_column(word(ContactOutcome), info=EVENT_FACT)
    said: Mapped[str | None] = mapped_column(info=EVENT_FACT)


class GuardPeriod(Record):
    """The time in which a student is never alone; ended, it stays as it was."""

    __tablename__ = "guard_period"

    event_id: Mapped[str] = mapped_column(ForeignKey("crisis_event.id"), index=True, info=ADMINISTRATIVE)
    starts_at: Mapped[datetime] = mapped_column(Moment, info=EVENT_FACT)
    place: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    reason: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    ended_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    end_reason: Mapped[GuardEnd | None] = mapped_column(word(GuardEnd), info=EVENT_FACT)
    handed_to: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    """Who took the student over, as signed."""
    gap_reason: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    """Why nobody was there for some minutes, where the shifts show a gap (R-06)."""


class GuardShift(Record):
    """One person's shift in a guard period. Handed over, it stays as it was."""

    __tablename__ = "guard_shift"

    period_id: Mapped[str] = mapped_column(ForeignKey("guard_period.id"), index=True, info=ADMINISTRATIVE)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    name: Mapped[str] = mapped_column(info=IDENTITY)
    role: Mapped[WatcherRole] = mapped_column(word(WatcherRole), info=EVENT_FACT)
    starts_at: Mapped[datetime] = mapped_column(Moment, info=EVENT_FACT)
    ends_at: Mapped[datetime] = mapped_column(Moment, info=EVENT_FACT)
    handed_over_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    handed_over_to: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    handover_note: Mapped[str | None] = mapped_column(info=EVENT_FACT)


class GuardianNotice(Record):
    """The notice to a guardian (F-46). Issued, only the reply is added to it, once."""

    __tablename__ = "guardian_notice"

    event_id: Mapped[str] = mapped_column(ForeignKey("crisis_event.id"), index=True, info=ADMINISTRATIVE)
    guardian_id: Mapped[str | None] = mapped_column(ForeignKey("guardian.id"), info=ADMINISTRATIVE)
    addressee: Mapped[str] = mapped_column(info=IDENTITY)
    facts: Mapped[str] = mapped_column(info=EVENT_FACT)
    request: Mapped[str] = mapped_column(info=EVENT_FACT)
    contact_person: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    mode: Mapped[ContactMode] = mapped_column(word(ContactMode), info=EVENT_FACT)
    issued_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    issued_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    content_hash: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    reply: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    expected_at: Mapped[datetime | None] = mapped_column(Moment, info=EVENT_FACT)
    arrived_at: Mapped[datetime | None] = mapped_column(Moment, info=EVENT_FACT)
    receipt_at: Mapped[datetime | None] = mapped_column(Moment, info=EVENT_FACT)
    """When the signed slip came back."""


class CrisisReport(Record):
    """The written report of a 专案 (F-56), with the fields the rules fix. Issued, only its approval is added."""

    __tablename__ = "crisis_report"

    event_id: Mapped[str] = mapped_column(ForeignKey("crisis_event.id"), index=True, info=ADMINISTRATIVE)
    persons: Mapped[str] = mapped_column(info=EVENT_FACT)
    course: Mapped[str] = mapped_column(info=EVENT_FACT)
    cause: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    nature: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    measures: Mapped[str] = mapped_column(info=EVENT_FACT)
    help_needed: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    other: Mapped[str | None] = mapped_column(info=EVENT_FACT)
    enclosures: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    due_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    issued_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    issued_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    content_hash: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    approved_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    approved_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
