"""What happened with a student, as a list: kinds of entries, what of them is open, how often something happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from counselroom.rules.counselling import AppointmentState, CaseStatus
from counselroom.rules.referral import ReferralState

OPEN_CASES = frozenset({CaseStatus.OPEN, CaseStatus.ACTIVE, CaseStatus.PAUSED, CaseStatus.CLOSING})
WAITING = frozenset({AppointmentState.REQUESTED, AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN})
REFERRAL_ENDS = frozenset({ReferralState.CLOSED, ReferralState.REFUSED})


class EntryKind(StrEnum):
    """What an entry of the timeline is."""

    APPOINTMENT = "appointment"
    CASE = "case"
    SESSION = "session"
    CONSENT = "consent"
    ARCHIVE = "archive"
    REFERRAL = "referral"
    REPLY = "reply"
    """What came back of a referral."""
    ATTACHMENT = "attachment"
    PRINT = "print"
    REGISTER = "register"
    TIER = "tier"
    FOLLOW_UP = "follow_up"
    CRISIS = "crisis"
    ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Correction:
    """A correction beside a signed record."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True)
class TimelineEntry:
    """One entry.

    Attributes:
        kind: what it is.
        entity: table of the record.
        entity_id: its id.
        day: the day of the event.
        at: its moment, where one is known.
        academic_year: to which the day belongs, or None.
        term: to which the day belongs, or None.
        owner: person id of the responsible counsellor; empty for none.
        who: that person's name, or of whoever did it.
        state: a word of the record's states or kinds.
        number: its code or number.
        seq: which session of its case, 0 for none.
        minutes: how long, 0 when that says nothing.
        text: what it says, for two lines.
        case_id: the case it belongs to; empty for none.
        signed_at: when it was signed, filed or issued.
        readable: whether the reader may open it; `text` is empty otherwise.
        tells_secrets: whether `text` comes out of a record whose reading must leave a trace.
        corrections: what was set beside it, the oldest first.
    """

    kind: EntryKind
    entity: str
    entity_id: str
    day: date
    at: datetime | None = None
    academic_year: str | None = None
    term: str | None = None
    owner: str = ""
    who: str = ""
    state: str = ""
    number: str = ""
    seq: int = 0
    minutes: int = 0
    text: str = ""
    case_id: str = ""
    signed_at: datetime | None = None
    readable: bool = True
    tells_secrets: bool = False
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class YearCounts:
    """How often something happened in one academic year."""

    academic_year: str
    sessions: int = 0
    appointments: int = 0
    referrals: int = 0


@dataclass(frozen=True)
class OpenThings:
    """What is not finished.

    Attributes:
        appointment: the next one, or None.
        unsigned: the reader's own notes that wait for the signature.
        cases: cases that are not closed.
        referrals: referrals that are not through.
    """

    appointment: TimelineEntry | None = None
    unsigned: tuple[TimelineEntry, ...] = ()
    cases: tuple[TimelineEntry, ...] = ()
    referrals: tuple[TimelineEntry, ...] = ()


def newest_first(entries: Sequence[TimelineEntry]) -> tuple[TimelineEntry, ...]:
    """Return the entries by day and, within a day, by moment; those of a day without a moment come last."""
    return tuple(
        sorted(
            entries,
            key=lambda entry: (
                entry.day,
                entry.at.timestamp() if entry.at is not None else 0.0,
                entry.kind.value,
                entry.entity_id,
            ),
            reverse=True,
        )
    )


def open_things(entries: Sequence[TimelineEntry], reader: str, now: datetime) -> OpenThings:
    """Return what of the entries is not finished at `now`; `reader` is the person id of who looks."""
    coming = [
        (entry.at, entry.entity_id, entry)
        for entry in entries
        if entry.kind is EntryKind.APPOINTMENT and entry.state in WAITING and entry.at is not None and entry.at >= now
    ]
    return OpenThings(
        min(coming, key=lambda found: found[:2])[2] if coming else None,
        tuple(
            entry
            for entry in entries
            if entry.kind is EntryKind.SESSION and entry.signed_at is None and entry.owner == reader
        ),
        tuple(entry for entry in entries if entry.kind is EntryKind.CASE and entry.state in OPEN_CASES),
        tuple(entry for entry in entries if entry.kind is EntryKind.REFERRAL and entry.state not in REFERRAL_ENDS),
    )


def counts_of(entries: Sequence[TimelineEntry], year: str) -> YearCounts:
    """Return what happened in one academic year: signed sessions, kept appointments, referrals."""
    of_year = [entry for entry in entries if entry.academic_year == year]
    return YearCounts(
        year,
        sum(entry.kind is EntryKind.SESSION and entry.signed_at is not None for entry in of_year),
        sum(entry.kind is EntryKind.APPOINTMENT and entry.state == AppointmentState.COMPLETED for entry in of_year),
        sum(entry.kind is EntryKind.REFERRAL for entry in of_year),
    )
