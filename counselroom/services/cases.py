"""Counselling cases (个案), their counsellor and who else may see them (SYS-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import CaseFile, SessionRecord
from counselroom.model.people import Account
from counselroom.model.safekeeping import SearchEntry
from counselroom.rules.access import Action, Actor, Grant, Subject, decide
from counselroom.rules.counselling import CaseStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.case_rows import (
    WORKED_ON,
    case_outline,
    case_view,
    new_case,
    open_case_of,
    refuse_unsigned,
)
from counselroom.services.case_rows import CaseView as CaseView
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import case_subject, load_case, moved_on


def open_case(actor: Actor, desk: Desk, client_id: str, goals: tuple[str, ...] = ()) -> Done[CaseView]:
    """Open a case for a client, with the actor as its counsellor.

    Raises:
        UserError: the client has an open case with this counsellor already.
    """
    with desk.change() as work:
        case_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("case_file", case_id, Secrecy.S3, actor.person_id), work)
        if open_case_of(work, client_id, actor.person_id) is not None:
            raise UserError(_("This client has an open case with you already."), _("Nothing was changed."))
        row = new_case(work, actor, client_id, goals, case_id)
        return Done(case_view(work, row), work.changes())


def case(actor: Actor, desk: Desk, case_id: str) -> CaseView:
    """Return a case. Raises UserError when there is none, AccessDenied when it is not the actor's."""
    with desk.look() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.READ, case_subject(row), work)
        return case_view(work, row)


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
        for entry in _entries(work, row.id):
            entry.restricted = restricted
        undo = Undo(
            _("The restriction was changed."),
            "restrict_case",
            {"case_id": case_id, "restricted": before, "seen": work.now},
        )
        return Done(case_view(work, row), work.changes(undo))


def _listed(actor: Actor, work: Work, row: CaseFile, grants: tuple[Grant, ...]) -> CaseView:
    subject = case_subject(row)
    if not decide(actor, Action.READ, subject, grants, work.now).allowed:
        return case_outline(work, row)
    if row.counsellor_id != actor.person_id:
        access.allow(actor, Action.READ, subject, work)
    return case_view(work, row)


def set_goals(
    actor: Actor, desk: Desk, case_id: str, goals: tuple[str, ...], seen: datetime | None = None
) -> Done[CaseView]:
    """Write the goals of a case; empty lines are left out.

    Raises:
        AccessDenied: only its counsellor may.
        UserError: there is none, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.WRITE, case_subject(row), work)
        _refuse_moved_on(row, seen)
        before, row.goals = tuple(row.goals), [goal.strip() for goal in goals if goal.strip()]
        work.touch(row, actor)
        undo = Undo(_("The goals were changed."), "set_goals", {"case_id": case_id, "goals": before, "seen": work.now})
        return Done(case_view(work, row), work.changes(undo))


def pause_case(actor: Actor, desk: Desk, case_id: str, paused: bool, seen: datetime | None = None) -> Done[CaseView]:
    """Let a case rest, or go on with it.

    Raises:
        AccessDenied: only its counsellor may.
        UserError: there is none, it is closed, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.WRITE, case_subject(row), work)
        _refuse_moved_on(row, seen)
        if row.status not in WORKED_ON:
            raise UserError(_("This case is closed."), _("Nothing was changed."), _("Reopen it first."))
        row.status = CaseStatus.PAUSED if paused else CaseStatus.ACTIVE
        work.touch(row, actor)
        sentence = _("The case was paused.") if paused else _("The case goes on.")
        undo = Undo(sentence, "pause_case", {"case_id": case_id, "paused": not paused, "seen": work.now})
        return Done(case_view(work, row), work.changes(undo))


def hand_over_case(
    actor: Actor, desk: Desk, case_id: str, counsellor_id: str, reason: str, seen: datetime | None = None
) -> Done[CaseView]:
    """Give a case with all its notes to another counsellor; what was signed stays signed by who signed it.

    Raises:
        AccessDenied: only its counsellor may.
        UserError: no reason, a note waits for the signature, or the client has an open case there already.
    """
    if not reason.strip():
        raise UserError(_("Please say why the case is handed over."), _("Nothing was changed."))
    actor = actor.because(reason.strip())
    with desk.change() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.WRITE, case_subject(row), work)
        _refuse_moved_on(row, seen)
        refuse_unsigned(work, row.id)
        known = select(Account.id).where(Account.person_id == counsellor_id, Account.closed_at.is_(None))
        if counsellor_id == row.counsellor_id or work.session.scalar(known) is None:
            raise UserError(_("Please choose another counsellor."), _("Nothing was changed."))
        if open_case_of(work, row.client_id, counsellor_id) is not None:
            raise UserError(_("The client has an open case with this counsellor already."), _("Nothing was changed."))
        row.counsellor_id = counsellor_id
        work.touch(row, actor)
        for entry in _entries(work, row.id):
            entry.owner = counsellor_id
        return Done(case_outline(work, row), work.changes())


def _refuse_moved_on(row: CaseFile, seen: datetime | None) -> None:
    if seen is not None and row.updated_at != seen:
        raise moved_on()


def _entries(work: Work, case_id: str) -> Sequence[SearchEntry]:
    sessions = select(SessionRecord.id).where(SessionRecord.case_id == case_id)
    return work.session.scalars(
        select(SearchEntry).where(SearchEntry.entity == "session_record", SearchEntry.entity_id.in_(sessions))
    ).all()
