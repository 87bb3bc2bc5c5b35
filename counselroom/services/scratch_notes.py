"""随手记: a line typed from anywhere, given to a student or a record later. It is its writer's alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.day import ScratchNote
from counselroom.model.people import Person
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on


@dataclass(frozen=True)
class ScratchView:
    """A quick note.

    Attributes:
        said: what it says.
        subject_person: the student it was given to, or None.
        subject_name: that student's name, or nothing.
        entity: kind of the record it was given to, or nothing.
        entity_id: id of that record, or nothing.
        seen: when the row was last changed.
    """

    id: str
    noted_at: datetime
    said: str
    subject_person: str | None
    subject_name: str
    entity: str
    entity_id: str
    seen: datetime


def write_scratch(actor: Actor, desk: Desk, said: str, subject_person: str | None = None) -> Done[ScratchView]:
    """Write a line down at once; it may name its student already.

    Raises:
        UserError: it says nothing, or there is no such person.
    """
    if not said.strip():
        raise UserError(_("Please write something first."), _("Nothing was changed."))
    with desk.change() as work:
        row_id = work.new_id()
        access.allow(actor, Action.WRITE, Subject("scratch_note", row_id, Secrecy.S3, actor.person_id), work)
        _refuse_nobody(work, subject_person)
        row = ScratchNote(
            **work.common(actor, Secrecy.S3, work.now.date(), row_id=row_id),
            owner_id=actor.person_id,
            noted_at=work.now,
            said=said.strip(),
            subject_person=subject_person,
        )
        work.session.add(row)
        work.touch(row, actor)
        work.session.flush()
        undo = Undo(_("The note was written down."), "drop_scratch", {"note_id": row.id, "seen": work.now})
        return Done(_view(work, row), work.changes(undo))


def change_scratch(
    actor: Actor, desk: Desk, note_id: str, said: str, seen: datetime | None = None
) -> Done[ScratchView]:
    """Change what a quick note says, as long as it was not given to a record.

    Raises:
        UserError: it says nothing, was given already, or has moved on since `seen`.
    """
    if not said.strip():
        raise UserError(_("Please write something first."), _("Nothing was changed."))
    with desk.change() as work:
        row = _load(work, note_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        _refuse_given(row)
        undo = Undo(
            _("The note was changed."), "change_scratch", {"note_id": row.id, "said": row.said, "seen": work.now}
        )
        row.said = said.strip()
        work.touch(row, actor)
        return Done(_view(work, row), work.changes(undo))


def give_scratch(
    actor: Actor,
    desk: Desk,
    note_id: str,
    subject_person: str | None,
    entity: str = "",
    entity_id: str = "",
    seen: datetime | None = None,
) -> Done[ScratchView]:
    """Give a quick note to a student, or to a record of theirs; nobody and nothing takes it back to the pile.

    Raises:
        UserError: there is no such person, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = _load(work, note_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        _refuse_nobody(work, subject_person)
        undo = Undo(
            _("The note was given on."),
            "give_scratch",
            {
                "note_id": row.id,
                "subject_person": row.subject_person,
                "entity": row.entity or "",
                "entity_id": row.entity_id or "",
                "seen": work.now,
            },
        )
        row.subject_person, row.entity, row.entity_id = subject_person, entity or None, entity_id or None
        row.given_at = work.now if subject_person is not None or entity else None
        work.touch(row, actor)
        return Done(_view(work, row), work.changes(undo))


def drop_scratch(actor: Actor, desk: Desk, note_id: str, seen: datetime | None = None) -> Done[None]:
    """Take a quick note off the pile; it stays on record, void.

    Raises:
        UserError: there is none, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = _load(work, note_id, seen)
        access.allow(actor, Action.WRITE, _subject(row), work)
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, "撤销"
        work.touch(row, actor)
        undo = Undo(_("The note was removed."), "bring_scratch_back", {"note_id": row.id, "seen": work.now})
        return Done(None, work.changes(undo))


def bring_scratch_back(actor: Actor, desk: Desk, note_id: str, seen: datetime | None = None) -> Done[ScratchView]:
    """Put a removed quick note back on the pile.

    Raises:
        UserError: there is none, it lies there, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = work.session.get(ScratchNote, note_id)
        if row is None or row.voided_at is None or (seen is not None and row.updated_at != seen):
            raise moved_on()
        access.allow(actor, Action.WRITE, _subject(row), work)
        row.voided_at = row.voided_by = row.void_reason = None
        work.touch(row, actor)
        undo = Undo(_("The note is back."), "drop_scratch", {"note_id": row.id, "seen": work.now})
        return Done(_view(work, row), work.changes(undo))


def list_scratch(actor: Actor, desk: Desk, *, also_given: bool = False, limit: int = 200) -> tuple[ScratchView, ...]:
    """Return the actor's own quick notes, the newest first; those given on only if asked for."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("scratch_note", "", Secrecy.S3, actor.person_id), work)
        query = (
            select(ScratchNote)
            .where(ScratchNote.owner_id == actor.person_id, ScratchNote.voided_at.is_(None))
            .order_by(ScratchNote.noted_at.desc())
            .limit(limit)
        )
        if not also_given:
            query = query.where(ScratchNote.given_at.is_(None))
        return tuple(_view(work, row) for row in work.session.scalars(query).all())


def _load(work: Work, note_id: str, seen: datetime | None) -> ScratchNote:
    row = work.session.get(ScratchNote, note_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such note."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def _refuse_nobody(work: Work, person_id: str | None) -> None:
    if person_id is not None and work.session.get(Person, person_id) is None:
        raise UserError(_("There is no such person."), _("Nothing was changed."))


def _refuse_given(row: ScratchNote) -> None:
    if row.entity is not None:
        raise UserError(_("This note was given to a record already."), _("Nothing was changed."))


def _subject(row: ScratchNote) -> Subject:
    return Subject("scratch_note", row.id, Secrecy.S3, row.owner_id)


def _view(work: Work, row: ScratchNote) -> ScratchView:
    name = None
    if row.subject_person is not None:
        name = work.session.scalar(select(Person.name).where(Person.id == row.subject_person))
    return ScratchView(
        row.id,
        row.noted_at,
        row.said,
        row.subject_person,
        name or "",
        row.entity or "",
        row.entity_id or "",
        row.updated_at,
    )
