"""What a session record needs before it is signed, and what exactly is signed (SYS-07, SYS-08)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from counselroom.rules.counselling import ConsentKind, RiskLevel


class SignObstacle(StrEnum):
    """Why a note cannot be signed yet."""

    EMPTY = "empty"
    NO_SAFETY_ASSESSMENT = "no_safety_assessment"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True)
class ConsentOnFile:
    """A consent as far as the rules need it."""

    kind: ConsentKind
    signed_at: datetime | None
    withdrawn_at: datetime | None


def consent_holds(consents: tuple[ConsentOnFile, ...], kind: ConsentKind, at: datetime) -> bool:
    """Return whether a consent of this kind was signed by the day of `at` and not withdrawn by then.

    A paper is signed on a day: one signed in the course of the first session covers that session. A withdrawal acts
    from its very moment.
    """
    return any(
        consent.kind is kind
        and consent.signed_at is not None
        and consent.signed_at.astimezone(at.tzinfo).date() <= at.date()
        and (consent.withdrawn_at is None or at < consent.withdrawn_at)
        for consent in consents
    )


def obstacles_to_signing(
    sections: Mapping[str, str],
    risk_level: RiskLevel | None,
    consents: tuple[ConsentOnFile, ...],
    held_at: datetime,
    consent_exception: str | None,
) -> tuple[SignObstacle, ...]:
    """Return what is missing before a note may be signed.

    A note needs text, a safety assessment, and the client's consent to the service on the day it was held; without a
    consent only a stated crisis exception will do (SYS-07).
    """
    found = []
    if not any(text.strip() for text in sections.values()):
        found.append(SignObstacle.EMPTY)
    if risk_level is None:
        found.append(SignObstacle.NO_SAFETY_ASSESSMENT)
    if not consent_holds(consents, ConsentKind.SERVICE, held_at) and not (consent_exception or "").strip():
        found.append(SignObstacle.NO_CONSENT)
    return tuple(found)


def content_hash(content: Mapping[str, object]) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of what is signed or filed.

    Raises:
        TypeError: a value has no one text that is the same on every run, such as a set.
    """
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_day_text)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _day_text(value: object) -> str:
    """Return the ISO text of a date or datetime; `str` of anything else could differ from run to run."""
    if isinstance(value, date):
        return value.isoformat()
    message = f"no canonical text for a {type(value).__name__}"
    raise TypeError(message)
