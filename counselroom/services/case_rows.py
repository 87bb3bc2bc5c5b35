"""The rows of counselling cases: how they are opened, found and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import CaseFile, SessionRecord
from counselroom.rules.access import Actor
from counselroom.rules.counselling import CaseStatus, CloseReason
from counselroom.rules.numbering import Series
from counselroom.rules.secrecy import Secrecy
from counselroom.services import numbers
from counselroom.services.desk import Work

WORKED_ON = (CaseStatus.OPEN, CaseStatus.ACTIVE, CaseStatus.PAUSED, CaseStatus.CLOSING)
"""A client has at most one case in one of these states with the same counsellor."""


@dataclass(frozen=True)
class CaseView:
    """A case; `goals` and `close_summary` are empty for someone who may know that it exists but not what it says."""

    id: str
    code: str
    client_id: str
    counsellor_id: str
    opened_on: date
    status: CaseStatus
    goals: tuple[str, ...]
    restricted: bool
    closed_on: date | None = None
    close_reason: CloseReason | None = None
    close_summary: str = ""
    seen: datetime | None = None


def open_case_of(work: Work, client_id: str, counsellor_id: str) -> CaseFile | None:
    """Return the case of a client that a counsellor works on, or None."""
    return work.session.scalar(
        select(CaseFile).where(
            CaseFile.client_id == client_id,
            CaseFile.counsellor_id == counsellor_id,
            CaseFile.status.in_(WORKED_ON),
            CaseFile.voided_at.is_(None),
        )
    )


def new_case(work: Work, actor: Actor, client_id: str, goals: tuple[str, ...], case_id: str | None = None) -> CaseFile:
    """Add a case with the actor as its counsellor, within a piece of work that was allowed."""
    today = work.now.date()
    row = CaseFile(
        **work.common(actor, Secrecy.S3, today, row_id=case_id),
        code=numbers.next_code(work, Series.CASE, today.year),
        client_id=client_id,
        counsellor_id=actor.person_id,
        opened_on=today,
        status=CaseStatus.OPEN,
        goals=list(goals),
        restricted=False,
    )
    work.session.add(row)
    work.session.flush()
    work.changed("case_file", row.id)
    return row


def refuse_unsigned(work: Work, case_id: str) -> None:
    """Refuse to let go of a case while a note of it waits for the signature. Raises UserError."""
    waiting = select(SessionRecord.id).where(
        SessionRecord.case_id == case_id, SessionRecord.signed_at.is_(None), SessionRecord.voided_at.is_(None)
    )
    if work.session.scalar(waiting.limit(1)) is not None:
        raise UserError(
            _("A note of this case waits for the signature."),
            _("Nothing was changed."),
            _("Finish and sign it first."),
        )


def case_view(work: Work, row: CaseFile) -> CaseView:
    """Return a case with what it says."""
    del work
    return CaseView(
        row.id,
        row.code,
        row.client_id,
        row.counsellor_id,
        row.opened_on,
        row.status,
        tuple(row.goals),
        row.restricted,
        row.closed_on,
        row.close_reason,
        row.close_summary or "",
        row.updated_at,
    )


def case_outline(work: Work, row: CaseFile) -> CaseView:
    """Return that a case exists, and nothing of what it says."""
    del work
    return CaseView(row.id, row.code, "", row.counsellor_id, row.opened_on, row.status, (), row.restricted)
