"""Words of tiers, follow-up tasks, the waiting list and duty (SYS-04, SYS-05, SYS-22, SYS-34)."""

from __future__ import annotations

from enum import StrEnum


class CareTier(StrEnum):
    """The three tiers of SYS-22."""

    KEY_CONCERN = "key_concern"
    KEY_INTERVENTION = "key_intervention"
    GROUP_SUPPORT = "group_support"


class TierSubtype(StrEnum):
    """What within a tier; the follow-up rules ask for it."""

    STUDY_UNDER_TREATMENT = "study_under_treatment"
    HOSPITAL_OR_HOME = "hospital_or_home"
    SCREEN2_SEVERE = "screen2_severe"
    SCREEN2_MODERATE_MILD = "screen2_moderate_mild"
    ACUTE_STRESS = "acute_stress"
    SEVERE_BLOW = "severe_blow"
    SCREEN3 = "screen3"
    AFFECTED = "affected"
    GROUP_OR_LONG_TERM = "group_or_long_term"


class TierState(StrEnum):
    """States of a tier record; `changed` was replaced by another one."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    ENDED = "ended"
    REJECTED = "rejected"


class TierChange(StrEnum):
    """What a tier record does to what was before."""

    NEW = "new"
    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    SAME = "same"


class FollowUpOrigin(StrEnum):
    """Why a follow-up task exists (`follow_up_plan.origin`)."""

    TIER = "tier"
    CRISIS = "crisis"
    RETURN = "return"
    CLOSURE = "closure"
    HAND = "hand"


class TaskState(StrEnum):
    """States of a follow-up task; `ended` was closed because its reason is gone or another task took its place."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    WAIVED = "waived"
    ENDED = "ended"


class FollowUpMode(StrEnum):
    """How a follow-up was done."""

    TALK = "talk"
    VISIT = "visit"
    COUNSELLING = "counselling"
    PHONE_PARENT = "phone_parent"
    PEER_INQUIRY = "peer_inquiry"


class WaitingState(StrEnum):
    """States of an entry of 待安排."""

    WAITING = "waiting"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"


class DutyChannel(StrEnum):
    """What a person on duty looks after."""

    ROOM = "room"
    HOTLINE = "hotline"
    ONLINE = "online"
    MAILBOX = "mailbox"
