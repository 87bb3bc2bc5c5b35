"""Counselling cases (个案), their counsellor and who else may see them (SYS-08)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import CaseFile, SessionRecord
from counselroom.model.safekeeping import SearchEntry
from counselroom.rules.access import Action, Actor, Grant, Subject, decide
from counselroom.rules.counselling import CaseStatus
from counselroom.rules.numbering import Series
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, numbers
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import case_subject, load_case, moved_on


@dataclass(frozen=True)
class CaseView:
    """A case; `goals` is empty for someone who may know that it exists but not what it says."""

    id: str
    code: str
    client_id: str
    counsellor_id: str
    opened_on: date
    status: CaseStatus
    goals: tuple[str, ...]
    restricted: bool


def open_case(actor: Actor, desk: Desk, client_id: str, goals: tuple[str, ...] = ()) -> Done[CaseView]:
    """Open a case for a client, with the actor as its counsellor.

    Raises:
        UserError: the client has an open case with this counsellor already.
    """
    with desk.change() as work:
        case_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("case_file", case_id, Secrecy.S3, actor.person_id), work)
        twin = select(CaseFile.id).where(
            CaseFile.client_id == client_id,
            CaseFile.counsellor_id == actor.person_id,
            CaseFile.status.in_([CaseStatus.OPEN, CaseStatus.ACTIVE, CaseStatus.PAUSED]),
        )
        if work.session.scalar(twin) is not None:
            raise UserError(_("This client has an open case with you already."), _("Nothing was changed."))
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
        work.changed("case_file", row.id)
        return Done(_view(row), work.changes())


def case(actor: Actor, desk: Desk, case_id: str) -> CaseView:
    """Return a case. Raises UserError when there is none, AccessDenied when it is not the actor's."""
    with desk.look() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.READ, case_subject(row), work)
        return _view(row)


def list_cases(actor: Actor, desk: Desk, status: CaseStatus | None = None) -> tuple[CaseView, ...]:
    """Return the cases; of those the actor may not read only the code and the state are told.

    A case that is another counsellor's is told only to whom it may be, and each one leaves its audit row (R-01).
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("case_file", secrecy=Secrecy.S2), work)
        query = select(CaseFile).where(CaseFile.voided_at.is_(None)).order_by(CaseFile.code)
        if status is not None:
            query = query.where(CaseFile.status == status)
        grants = access.grants_of(actor, work)
        return tuple(_listed(actor, work, row, grants) for row in work.session.scalars(query).all())


def restrict_case(
    actor: Actor, desk: Desk, case_id: str, restricted: bool, seen: datetime | None = None
) -> Done[CaseView]:
    """Restrict a case to its counsellor and to people with a grant, or open it to the room's rules again.

    Raises:
        AccessDenied: only its counsellor may.
        UserError: there is none, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.WRITE, case_subject(row), work)
        if seen is not None and row.updated_at != seen:
            raise moved_on()
        before, row.restricted = row.restricted, restricted
        work.touch(row, actor)
        sessions = select(SessionRecord.id).where(SessionRecord.case_id == row.id)
        for entry in work.session.scalars(
            select(SearchEntry).where(SearchEntry.entity == "session_record", SearchEntry.entity_id.in_(sessions))
        ):
            entry.restricted = restricted
        undo = Undo(
            _("The restriction was changed."),
            "restrict_case",
            {"case_id": case_id, "restricted": before, "seen": work.now},
        )
        return Done(_view(row), work.changes(undo))


def _listed(actor: Actor, work: Work, row: CaseFile, grants: tuple[Grant, ...]) -> CaseView:
    subject = case_subject(row)
    if not decide(actor, Action.READ, subject, grants, work.now).allowed:
        return _outline(row)
    if row.counsellor_id != actor.person_id:
        access.allow(actor, Action.READ, subject, work)
    return _view(row)


def _view(row: CaseFile) -> CaseView:
    return CaseView(
        row.id,
        row.code,
        row.client_id,
        row.counsellor_id,
        row.opened_on,
        row.status,
        tuple(row.goals),
        row.restricted,
    )


def _outline(row: CaseFile) -> CaseView:
    return CaseView(row.id, row.code, "", row.counsellor_id, row.opened_on, row.status, (), row.restricted)
