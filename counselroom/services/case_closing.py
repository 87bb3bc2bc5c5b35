"""Closing a counselling case, with what follows for the client (SYS-13, FR-27), and opening it again."""

from __future__ import annotations

from datetime import date, datetime

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import CaseFile
from counselroom.model.people import Student
from counselroom.rules.access import Action, Actor
from counselroom.rules.counselling import CaseStatus, CloseReason
from counselroom.services import access
from counselroom.services.case_rows import WORKED_ON, CaseView, case_view, open_case_of, refuse_unsigned
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import case_subject, load_case, moved_on
from counselroom.services.triggers import Event, Happened, fire


def close_case(
    actor: Actor,
    desk: Desk,
    case_id: str,
    reason: CloseReason,
    summary: str,
    on: date,
    seen: datetime | None = None,
) -> Done[CaseView]:
    """Close a case; the follow-ups of a closed case begin on that day.

    Raises:
        AccessDenied: only its counsellor closes it.
        UserError: no summary, a day to come or before the case began, a note that waits for the signature, the case is
            closed already, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.WRITE, case_subject(row), work)
        _refuse_moved_on(row, seen)
        if row.status not in WORKED_ON:
            raise UserError(_("This case is closed already."), _("Nothing was changed."))
        if not summary.strip():
            raise UserError(_("A case is closed with a summary."), _("Nothing was changed."))
        if not row.opened_on <= on <= work.now.date():
            raise UserError(_("The day lies before the case began, or in the future."), _("Nothing was changed."))
        refuse_unsigned(work, row.id)
        row.status, row.closed_on = CaseStatus.CLOSED, on
        row.close_reason, row.close_summary = reason, summary.strip()
        work.touch(row, actor)
        _tell(work, actor, row, Happened.CASE_CLOSED, on)
        return Done(case_view(work, row), work.changes())


def reopen_case(actor: Actor, desk: Desk, case_id: str, seen: datetime | None = None) -> Done[CaseView]:
    """Go on with a closed case; what followed from its closing ends.

    Raises:
        AccessDenied: only its counsellor may.
        UserError: it is not closed, the client has another open case with the actor, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_case(work, case_id)
        access.allow(actor, Action.WRITE, case_subject(row), work)
        _refuse_moved_on(row, seen)
        if row.status is not CaseStatus.CLOSED:
            raise UserError(_("Only a closed case can be reopened."), _("Nothing was changed."))
        if open_case_of(work, row.client_id, row.counsellor_id) is not None:
            raise UserError(_("This client has an open case with you already."), _("Nothing was changed."))
        row.status = CaseStatus.ACTIVE
        row.closed_on = row.close_reason = row.close_summary = None
        work.touch(row, actor)
        _tell(work, actor, row, Happened.CASE_REOPENED, work.now.date())
        return Done(case_view(work, row), work.changes())


def _refuse_moved_on(row: CaseFile, seen: datetime | None) -> None:
    if seen is not None and row.updated_at != seen:
        raise moved_on()


def _tell(work: Work, actor: Actor, row: CaseFile, what: Happened, on: date) -> None:
    """Tell it of a student only: the follow-up rules are about students, not about parents and colleagues."""
    if work.session.get(Student, row.client_id) is not None:
        fire(work, actor, Event(what, row.client_id, row.id, row.counsellor_id, on))
