"""Words and states of the psychological archive (SYS-14)."""

from __future__ import annotations

from enum import StrEnum


class ArchiveState(StrEnum):
    """States of an archive (一生一档)."""

    OPEN = "open"
    PENDING_FILING = "pending_filing"
    FILED = "filed"
    APPRAISAL = "appraisal"
    TRANSFERRED = "transferred"
    DESTROYED = "destroyed"


class OpenReason(StrEnum):
    """Why an archive was opened."""

    SCREENING = "screening"
    COUNSELLING = "counselling"
    TIER = "tier"
    SPECIAL_GROUP = "special_group"
    CENSUS = "census"
    RETURN = "return"


class ArchiveItemKind(StrEnum):
    """What lies in an archive."""

    CARD = "card"
    SESSION = "session"
    REFERRAL = "referral"
    CONSENT = "consent"
    OTHER = "other"


class Carrier(StrEnum):
    """What an item of an archive is kept on."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    BOTH = "both"


class FamilyStructure(StrEnum):
    """As the archive card has it."""

    COMPLETE = "complete"
    SINGLE = "single"
    DIVORCED = "divorced"
    RECONSTITUTED = "reconstituted"
    ORPHAN = "orphan"
    LEFT_BEHIND = "left_behind"
    OTHER = "other"


class CollectionSource(StrEnum):
    """How the card was collected."""

    INQUIRY = "inquiry"
    HOME_VISIT = "home_visit"
    TALK = "talk"
