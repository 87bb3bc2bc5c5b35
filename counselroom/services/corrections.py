"""The deeds on signed notes: a note written under the wrong student is blanked or given to the right case.

Both need the director and a stated reason. After blanking, no page of the vault and no later backup holds the text.
"""

from __future__ import annotations

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import CaseFile, SessionRecord
from counselroom.model.safekeeping import SearchEntry
from counselroom.rules.access import Action, Actor
from counselroom.services import access
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import load_case, session_subject, session_title
from counselroom.vault import deeds


def redact_note(actor: Actor, desk: Desk, session_id: str) -> Done[None]:
    """Blank a signed note with everything that repeats it: amendments, drafts, attachments, search.

    The row stays with its number and day, so that nobody can say that it never was.

    Raises:
        AccessDenied: the actor is not the director, or stated no reason.
        UserError: there is no such note, or it is blanked already.
    """
    with desk.change() as work:
        row, case = _load(work, session_id)
        access.allow(actor, Action.REDACT, session_subject(row.id, case), work)
        event = work.event(actor, Action.REDACT, "session_record", row.id)
        deeds.redact(work.session, desk.vault.audit, event, new_id=work.new_id)
        work.changed("session_record", session_id)
        done: Done[None] = Done(None, work.changes())
    deeds.scrub(desk.vault)
    return done


def reassign_note(actor: Actor, desk: Desk, session_id: str, case_id: str) -> Done[None]:
    """Give a signed note to another case, with its amendments and attachments; the text stays as it was signed.

    Raises:
        AccessDenied: the actor's roles do not allow it, or no reason was stated.
        UserError: there is no such note or case, it lies there already, or the case is another counsellor's.
    """
    with desk.change() as work:
        row, case = _load(work, session_id)
        access.allow(actor, Action.REASSIGN, session_subject(row.id, case), work)
        target = load_case(work, case_id)
        if target.id == case.id:
            raise UserError(_("The note lies in this case already."), _("Nothing was changed."))
        if target.counsellor_id != case.counsellor_id:
            raise UserError(
                _("The note can only go to a case of the same counsellor."),
                _("Nothing was changed."),
                _("Hand the case over first."),
            )
        entry = work.session.scalar(
            select(SearchEntry).where(SearchEntry.entity == "session_record", SearchEntry.entity_id == row.id)
        )
        last = work.session.scalar(select(func.max(SessionRecord.seq)).where(SessionRecord.case_id == case_id)) or 0
        deeds.reassign(
            work.session,
            desk.vault.audit,
            work.event(actor, Action.REASSIGN, "session_record", row.id),
            {
                "case_id": target.id,
                "client_id": target.client_id,
                "seq": last + 1,
            },
            new_id=work.new_id,
        )
        if entry is not None:  # what search shows and to whom follows the case
            entry.restricted, entry.title = target.restricted, session_title(target, last + 1)
        work.changed("session_record", session_id)
        work.changed("case_file", case_id)
        return Done(None, work.changes())


def _load(work: Work, session_id: str) -> tuple[SessionRecord, CaseFile]:
    row = work.session.get(SessionRecord, session_id)
    if row is None or row.signed_at is None or row.voided_at is not None:
        raise UserError(_("There is no such signed note."), _("Nothing was changed."))
    return row, load_case(work, row.case_id)
