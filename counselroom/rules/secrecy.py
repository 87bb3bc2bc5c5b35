"""Levels of secrecy (requirements §0)."""

from __future__ import annotations

from enum import StrEnum


class Secrecy(StrEnum):
    """How secret a record or a form is."""

    S0 = "S0"
    """Public: notices, duty times."""
    S1 = "S1"
    """Internal: plans, training, anonymous statistics."""
    S2 = "S2"
    """Confidential: lists, warnings, referrals, follow-ups."""
    S3 = "S3"
    """Highest: what was said in counselling, raw results, diaries."""

    @property
    def leaves_a_trace(self) -> bool:
        """Whether a print needs a recipient, a purpose and a copy number (S2 and S3)."""
        return self in (Secrecy.S2, Secrecy.S3)
