"""Words of crisis assessments, 专案, steps, contacts and guardianship (SYS-25 to SYS-29, SYS-36)."""

from __future__ import annotations

from enum import StrEnum


class CrisisLevel(StrEnum):
    """`crisis_level`: how serious it is (SYS-25)."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Ideation(StrEnum):
    """How far thoughts of suicide have gone."""

    NONE = "none"
    PASSIVE = "passive"
    ACTIVE = "active"
    PLAN = "plan"
    ATTEMPT = "attempt"


class AssessmentSource(StrEnum):
    """Where the sign came from."""

    SELF = "self"
    TEACHER = "teacher"
    PEER = "peer"
    GUARDIAN = "guardian"
    SESSION = "session"
    APPOINTMENT = "appointment"
    HOTLINE = "hotline"
    LETTER = "letter"
    SCREENING = "screening"
    WARNING = "warning"
    SWEEP = "sweep"
    OTHER = "other"


class CrisisKind(StrEnum):
    """`crisis_event.type` of SYS-26."""

    IDEATION = "ideation"
    SELF_HARM = "self_harm"
    ATTEMPT = "attempt"
    COMPLETED = "completed"
    HARM_OTHERS = "harm_others"
    GROUP = "group"
    STRESS = "stress"
    OTHER = "other"


class CrisisState(StrEnum):
    """States of SYS-26."""

    REPORTED = "reported"
    ASSESSING = "assessing"
    RESPONDING = "responding"
    STABILISED = "stabilised"
    POSTVENTION = "postvention"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"


class Duty(StrEnum):
    """The seven things every 专案 must show with a time or a reason (R-05)."""

    FOUND = "found"
    REPORT = "report"
    GUARD = "guard"
    NOTIFY = "notify"
    BLOCK = "block"
    RESCUE = "rescue"
    HANDLE = "handle"


class StepState(StrEnum):
    """States of an item of a checklist."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


class LogKind(StrEnum):
    """What a line of the 经过记录 tells."""

    NOTE = "note"
    OBSERVATION = "observation"
    """What those on guard saw in their period."""
    STEP = "step"
    CONTACT = "contact"
    GUARD = "guard"
    PAPER = "paper"
    STATE = "state"


class ContactRole(StrEnum):
    """Whom one tries to reach."""

    GUARDIAN = "guardian"
    SCHOOL_LEADER = "school_leader"
    CLASS_TEACHER = "class_teacher"
    STUDENT_OFFICE = "student_office"
    COLLEGE = "college"
    SECURITY = "security"
    CLINIC = "clinic"
    POLICE = "police"
    HOSPITAL = "hospital"
    BUREAU = "bureau"
    HOTLINE = "hotline"
    OTHER = "other"


class ContactPurpose(StrEnum):
    """What one wants of them."""

    REPORT = "report"
    NOTIFY = "notify"
    AUTHORISE = "authorise"
    RESCUE = "rescue"
    FOLLOW = "follow"


class ContactMode(StrEnum):
    """How."""

    PHONE = "phone"
    FACE = "face"
    LETTER = "letter"
    MESSAGE = "message"


class ContactOutcome(StrEnum):
    """What came of it."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    MESSAGE_LEFT = "message_left"
    REFUSED = "refused"


class GuardEnd(StrEnum):
    """Why the guard over a student ended (SYS-28)."""

    PARENT_TOOK_OVER = "parent_took_over"
    HOSPITAL = "hospital"
    LEVEL_LOWERED = "level_lowered"
    OTHER = "other"


class WatcherRole(StrEnum):
    """Who stands guard. Students may help, never alone."""

    TEACHER = "teacher"
    COUNSELLOR = "counsellor"
    LEADER = "leader"
    DORM_STAFF = "dorm_staff"
    SECURITY = "security"
    CLINIC = "clinic"
    GUARDIAN = "guardian"
    STUDENT = "student"
    OTHER = "other"
