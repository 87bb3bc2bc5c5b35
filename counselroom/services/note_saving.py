"""Storing a note that is being written: its record now and then, its draft all the time.

Each writing into a record leaves an audit row, so the record is written when the note begins, every few minutes and
when its page is left. Every pause between two keys is kept in the draft, which is encrypted as well and has versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counselroom.rules.access import Actor
from counselroom.services.changes import Done
from counselroom.services.desk import Desk
from counselroom.services.drafts import discard_draft, save_draft
from counselroom.services.sessions import (
    NoteDraft,
    SessionView,
    begin_note,
    discard_note,
    save_note,
    sign_note,
    start_note,
)

ENTITY = "session_record"


@dataclass(frozen=True)
class NoteKey:
    """Which note it is: the record once it is begun, else what it is begun for.

    Attributes:
        session: the record; empty while it is not begun.
        case: the case; empty when one is opened with the note.
        client: whose note it is.
        appointment: the appointment it is of, or empty.
    """

    session: str = ""
    case: str = ""
    client: str = ""
    appointment: str = ""


def draft_place(session_id: str) -> str:
    """Return the place of the draft of a note."""
    return f"note:{session_id}"


def store_note(actor: Actor, desk: Desk, key: NoteKey, draft: NoteDraft) -> Done[SessionView]:
    """Write the record of a note; one that is not begun is begun by it.

    Raises:
        UserError: it is signed, ends before it begins, or its appointment has a note already.
        AccessDenied: it is another counsellor's.
    """
    if key.session:
        return save_note(actor, desk, key.session, draft)
    if key.case:
        return start_note(actor, desk, key.case, draft, key.appointment or None)
    return begin_note(actor, desk, key.client, draft, key.appointment or None)


def keep_text(actor: Actor, desk: Desk, session_id: str, state: Mapping[str, Any]) -> datetime:
    """Keep what is typed as the draft of a note and return when; earlier states become versions of it."""
    return save_draft(actor, desk, draft_place(session_id), state, ENTITY, session_id).value.saved_at


def sign_text(actor: Actor, desk: Desk, key: NoteKey, draft: NoteDraft) -> Done[SessionView]:
    """Write the record of a note, sign it, and drop its draft with all versions.

    Raises:
        NotReadyToSign: text, safety assessment or consent is missing; the record is written all the same.
    """
    stored = store_note(actor, desk, key, draft).value
    done = sign_note(actor, desk, stored.id)
    discard_draft(actor, desk, draft_place(stored.id))
    return done


def discard_text(actor: Actor, desk: Desk, session_id: str) -> Done[None]:
    """Discard a note that is not signed, with what was kept beside its record.

    Raises:
        UserError: it is signed or discarded already.
        AccessDenied: it is another counsellor's.
    """
    done = discard_note(actor, desk, session_id)
    discard_draft(actor, desk, draft_place(session_id))
    return done
