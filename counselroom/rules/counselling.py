"""Words and states of appointments, consents, cases and sessions (SYS-05, SYS-07, SYS-08)."""

from __future__ import annotations

from enum import StrEnum


class ClientType(StrEnum):
    """Who is counselled."""

    STUDENT = "student"
    STAFF = "staff"
    PARENT = "parent"


class Channel(StrEnum):
    """How an appointment was asked for."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    LETTER = "letter"
    TEACHER_RECOMMENDATION = "teacher_rec"
    PARENT_RECOMMENDATION = "parent_rec"
    ONLINE_NOTE = "online_note"
    WALK_IN = "walk_in"


class Mode(StrEnum):
    """How client and counsellor meet."""

    FACE = "face"
    PHONE = "phone"
    ONLINE = "online"
    LETTER = "letter"


class Urgency(StrEnum):
    """How soon. `crisis` never waits in a queue but opens the risk assessment."""

    NORMAL = "normal"
    SOON = "soon"
    CRISIS = "crisis"


class AppointmentState(StrEnum):
    """States of SYS-05."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"

    @property
    def holds_the_slot(self) -> bool:
        """Whether an appointment in this state keeps its counsellor, room and client busy."""
        return self in (AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN, AppointmentState.COMPLETED)


class CancelledBy(StrEnum):
    """Who cancelled."""

    CLIENT = "client"
    COUNSELLOR = "counsellor"
    SCHOOL = "school"


class ConsentKind(StrEnum):
    """What is consented to (SYS-07)."""

    SERVICE = "service"
    RECORDING = "recording"
    CASE_USE = "case_use"
    GUARDIAN = "guardian"
    TREATMENT = "treatment"
    SCREENING = "screening"


class CaseStatus(StrEnum):
    """States of a counselling case."""

    OPEN = "open"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    ARCHIVED = "archived"


class CloseReason(StrEnum):
    """Why a case was closed (SYS-13)."""

    GOALS_MET = "goals_met"
    CLIENT_ENDED = "client_ended"
    REFERRED = "referred"
    LEFT_SCHOOL = "left_school"
    NO_CONTACT = "no_contact"
    OTHER = "other"


class RiskLevel(StrEnum):
    """`crisis_level`, with `none` for a session in which no risk was seen."""

    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
