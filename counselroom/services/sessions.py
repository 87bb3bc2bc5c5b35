"""Session records: draft, sign, amend (SYS-08). Signed means signed: the database itself refuses a change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.counselling import Amendment, CaseFile, SessionRecord
from counselroom.rules import session as rules
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import SignObstacle
from counselroom.services import access
from counselroom.services.case_rows import new_case, open_case_of
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import consents_of, load_case, moved_on, session_subject, session_title
from counselroom.services.session_rows import FORM as FORM
from counselroom.services.session_rows import AmendmentView as AmendmentView
from counselroom.services.session_rows import NoteDraft as NoteDraft
from counselroom.services.session_rows import SessionView as SessionView
from counselroom.services.session_rows import (
    amendments_of,
    check_draft,
    fill_session,
    load_session,
    new_session,
    session_view,
    signed_content,
)
from counselroom.vault import deeds, search_index


class NotReadyToSign(UserError):
    """Something is missing before the signature.

    Attributes:
        obstacles: what is missing.
    """

    def __init__(self, obstacles: tuple[SignObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            SignObstacle.EMPTY: _("the note has no text"),
            SignObstacle.NO_SAFETY_ASSESSMENT: _("the safety assessment is missing"),
            SignObstacle.NO_CONSENT: _("there is no signed consent and no crisis exception"),
        }
        super().__init__(
            _("The note cannot be signed yet: {what}.").format(
                what=pgettext("list", "; ").join(words[item] for item in obstacles)
            ),
            _("The draft is saved."),
        )


def start_note(
    actor: Actor, desk: Desk, case_id: str, draft: NoteDraft, appointment_id: str | None = None
) -> Done[SessionView]:
    """Begin the note of a session in a case; an appointment that took place is marked completed.

    Raises:
        UserError: the session ends before it begins, or the appointment is not this client's or has a note already.
        AccessDenied: the case belongs to another counsellor.
    """
    with desk.change() as work:
        row_id = work.new_id()
        case = load_case(work, case_id)
        access.allow(actor, Action.WRITE, session_subject(row_id, case), work)
        row = new_session(work, actor, case, draft, appointment_id, row_id)
        return Done(session_view(work, row), work.changes())


def begin_note(
    actor: Actor, desk: Desk, client_id: str, draft: NoteDraft, appointment_id: str | None = None
) -> Done[SessionView]:
    """Begin the note of a client's session in the open case with the actor; without one, a case is opened by it.

    Raises:
        UserError: the session ends before it begins, or the appointment is not this client's or has a note already.
    """
    with desk.change() as work:
        row_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("session_record", row_id, Secrecy.S3, actor.person_id), work)
        case = open_case_of(work, client_id, actor.person_id) or new_case(work, actor, client_id, ())
        row = new_session(work, actor, case, draft, appointment_id, row_id)
        return Done(session_view(work, row), work.changes())


def save_note(actor: Actor, desk: Desk, session_id: str, draft: NoteDraft) -> Done[SessionView]:
    """Save the draft of a note that is not signed yet.

    Raises:
        UserError: it is signed, or ends before it begins.
    """
    with desk.change() as work:
        row, case = load_session(work, session_id)
        access.allow(actor, Action.WRITE, session_subject(row.id, case), work)
        _refuse_signed(row)
        check_draft(work, draft)
        fill_session(work, row, draft)
        work.place(row, row.held_on)
        work.touch(row, actor)
        return Done(session_view(work, row), work.changes())


def discard_note(actor: Actor, desk: Desk, session_id: str, seen: datetime | None = None) -> Done[None]:
    """Void a draft; its appointment is one without a note again.

    Raises:
        UserError: it is signed or discarded already, or has moved on since `seen`.
    """
    with desk.change() as work:
        row, case = load_session(work, session_id)
        access.allow(actor, Action.WRITE, session_subject(row.id, case), work)
        _refuse_signed(row)
        if seen is not None and row.updated_at != seen:
            raise moved_on()
        again = {"session_id": row.id, "appointment_id": row.appointment_id, "seen": work.now}
        undo = Undo(_("The draft was discarded."), "bring_note_back", again)
        row.voided_at, row.voided_by, row.appointment_id = work.now, actor.account_id, None
        work.touch(row, actor)
        return Done(None, work.changes(undo))


def bring_note_back(
    actor: Actor, desk: Desk, session_id: str, appointment_id: str | None = None, seen: datetime | None = None
) -> Done[None]:
    """Take the discarding of a draft back.

    Raises:
        UserError: it is not discarded, its appointment has another note by now, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row, case = load_session(work, session_id)
        access.allow(actor, Action.WRITE, session_subject(row.id, case), work)
        if row.voided_at is None or row.signed_at is not None or (seen is not None and row.updated_at != seen):
            raise moved_on()
        taken = select(SessionRecord.id).where(SessionRecord.appointment_id == appointment_id)
        if appointment_id is not None and work.session.scalar(taken) is not None:
            raise UserError(_("This appointment has a note already."), _("Nothing was changed."), _("Open that note."))
        row.voided_at, row.voided_by, row.appointment_id = None, None, appointment_id
        work.touch(row, actor)
        undo = Undo(_("The draft is back."), "discard_note", {"session_id": row.id, "seen": work.now})
        return Done(None, work.changes(undo))


def sign_note(actor: Actor, desk: Desk, session_id: str) -> Done[SessionView]:
    """Sign a note: it is hashed, locked in the database and found by search from now on.

    Raises:
        NotReadyToSign: text, safety assessment or consent is missing (SYS-07).
        UserError: it is signed already.
        AccessDenied: only the counsellor of the case signs.
    """
    with desk.change() as work:
        row, case = load_session(work, session_id)
        obstacles = rules.obstacles_to_signing(
            row.sections,
            row.risk_level,
            consents_of(work, row.client_id),
            row.starts_at,
            row.consent_exception,
        )
        digest = rules.content_hash(signed_content(work, row))
        access.allow(actor, Action.SIGN, session_subject(row.id, case), work, digest=work.keyed(digest))
        _refuse_signed(row)
        if obstacles:
            raise NotReadyToSign(obstacles)
        row.signed_at, row.signed_by, row.content_hash = work.now, actor.account_id, digest
        work.touch(row, actor)
        work.session.flush()
        _index(work, row, case)
        return Done(session_view(work, row), work.changes())


def amend_note(
    actor: Actor, desk: Desk, session_id: str, text: str, reason: str, section: str | None = None
) -> Done[SessionView]:
    """Set a correction beside a signed note; both stay visible (R-09).

    Raises:
        UserError: the note is not signed (edit it) or blanked, or text or reason is empty.
    """
    if not text.strip() or not reason.strip():
        raise UserError(_("A correction needs its text and its reason."), _("The signed note is unchanged."))
    with desk.change() as work:
        row, case = load_session(work, session_id)
        access.allow(actor, Action.AMEND, session_subject(row.id, case), work)
        if row.signed_at is None:
            raise UserError(_("This note is not signed yet; simply edit it."), _("Nothing was changed."))
        if row.voided_at is not None:
            raise UserError(_("This note was blanked; nothing can be set beside it."), _("Nothing was changed."))
        amendment = Amendment(
            **work.common(actor, Secrecy.S3, row.held_on),
            entity="session_record",
            entity_id=row.id,
            subject_person=row.client_id,
            section=section,
            text=text.strip(),
            reason=reason.strip(),
        )
        with deeds.amend(
            work.session,
            work.vault.audit,
            work.event(
                actor,
                "amend",
                "session_record",
                row.id,
                digest=work.keyed(rules.content_hash({"text": amendment.text})),
            ),
            new_id=work.new_id,
        ):
            work.session.add(amendment)
        work.changed("session_record", row.id)
        work.session.flush()
        _index(work, row, case)
        return Done(session_view(work, row), work.changes())


def session(actor: Actor, desk: Desk, session_id: str) -> SessionView:
    """Return one session record; reading it leaves an audit row.

    Raises:
        UserError: there is none.
        AccessDenied: it is another counsellor's and no reason was stated.
    """
    with desk.look() as work:
        row, case = load_session(work, session_id)
        access.allow(actor, Action.READ, session_subject(row.id, case), work)
        return session_view(work, row)


def list_sessions(actor: Actor, desk: Desk, case_id: str) -> tuple[SessionView, ...]:
    """Return the session records of a case in order; reading them leaves one audit row for the case."""
    with desk.look() as work:
        case = load_case(work, case_id)
        access.allow(actor, Action.READ, session_subject("", case), work)
        rows = work.session.scalars(
            select(SessionRecord).where(SessionRecord.case_id == case_id).order_by(SessionRecord.seq)
        ).all()
        return tuple(session_view(work, row) for row in rows)


def list_unsigned(actor: Actor, desk: Desk) -> tuple[tuple[str, str, int], ...]:
    """Return (session id, case code, number in the case) of the actor's notes that wait for the signature."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("session_record", "", Secrecy.S2), work)
        rows = work.session.execute(
            select(SessionRecord.id, CaseFile.code, SessionRecord.seq)
            .join(CaseFile, CaseFile.id == SessionRecord.case_id)
            .where(
                SessionRecord.signed_at.is_(None),
                SessionRecord.voided_at.is_(None),
                SessionRecord.counsellor_id == actor.person_id,
            )
            .order_by(SessionRecord.starts_at)
        )
        return tuple((row_id, code, seq) for row_id, code, seq in rows)


def _refuse_signed(row: SessionRecord) -> None:
    if row.signed_at is not None:
        raise UserError(
            _("This note is signed and can no longer be edited."),
            _("The signed note is unchanged."),
            _("Add a correction beside it."),
        )
    if row.voided_at is not None:
        raise UserError(_("This draft was discarded."), _("Nothing was changed."))


def _index(work: Work, row: SessionRecord, case: CaseFile) -> None:
    """Make the signed text and its amendments findable; drafts are not."""
    search_index.index(
        work.session,
        search_index.IndexEntry(
            entity="session_record",
            entity_id=row.id,
            subject_person=row.client_id,
            owner=row.counsellor_id,
            secrecy=Secrecy.S3,
            restricted=case.restricted,
            occurred_on=row.held_on,
            title=session_title(case, row.seq),
        ),
        (*row.sections.values(), *(amendment.text for amendment in amendments_of(work, row.id))),
    )
