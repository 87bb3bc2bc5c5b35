"""Classes of information: what a column says about a person, and hence who may ever see it on paper (R-02)."""

from __future__ import annotations

from enum import StrEnum


class DisclosureClass(StrEnum):
    """The class every mapped column carries; `resources/audiences.toml` says which audience may see which."""

    IDENTITY = "identity"
    """Who it is: name, number, class, birth date."""
    CONTACT = "contact"
    """How to reach the student or the guardian: telephone, address."""
    CARE_POINT = "care_point"
    """A sentence written for a reader outside the room: what to do, when, how to report."""
    EVENT_FACT = "event_fact"
    """A fact about a crisis or referral that the responsible people must know."""
    SESSION_TEXT = "session_text"
    """What was said or thought in counselling."""
    RAW_SCORE = "raw_score"
    """A score or answer of a scale."""
    ILLNESS = "illness"
    """Health and illness, as told or as a hospital wrote."""
    OTHERS = "others"
    """About other people than the subject: family members, classmates."""
    ADMINISTRATIVE = "administrative"
    """Numbers, dates and states of the paperwork that say nothing about a person."""
