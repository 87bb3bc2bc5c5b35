"""Changing a guardian that is on file, taking one away, and bringing one back (SYS-01)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Guardian, Person, Student
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.people import Relation
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import GuardianView, guardian_view, moved_on


def edit_guardian(
    actor: Actor,
    desk: Desk,
    guardian_id: str,
    name: str,
    relation: Relation,
    phone: str | None = None,
    backup_phone: str | None = None,
    address: str | None = None,
    seen: datetime | None = None,
) -> Done[GuardianView]:
    """Replace what is known of a guardian. `seen` guards an undo.

    Raises:
        UserError: no name, no such guardian, or the row has moved on since `seen`.
    """
    if not name.strip():
        raise UserError(_("The guardian needs a name."), _("Nothing was changed."))
    with desk.change() as work:
        guardian, person, student = _load(work, guardian_id)
        access.allow(actor, Action.WRITE, Subject("student", student.id, Secrecy.S1), work)
        if guardian.voided_at is not None:
            raise _none()
        _refuse_moved_on(guardian, seen)
        undo = Undo(
            _("The guardian's data were changed."),
            "edit_guardian",
            {
                "guardian_id": guardian_id,
                "name": person.name,
                "relation": guardian.relation,
                "phone": person.phone,
                "backup_phone": person.backup_phone,
                "address": person.address,
                "seen": work.now,
            },
        )
        person.name, guardian.relation = name.strip(), relation
        person.phone, person.backup_phone, person.address = phone, backup_phone, address
        for row in (person, guardian, student):
            work.touch(row, actor)
        return Done(guardian_view(guardian, person), work.changes(undo))


def remove_guardian(actor: Actor, desk: Desk, guardian_id: str, seen: datetime | None = None) -> Done[None]:
    """Take a guardian off the student's list; the row stays, voided, and can be brought back.

    Raises:
        UserError: no such guardian, or the row has moved on since `seen`.
    """
    with desk.change() as work:
        guardian, _person, student = _load(work, guardian_id)
        access.allow(actor, Action.WRITE, Subject("student", student.id, Secrecy.S1), work)
        if guardian.voided_at is not None:
            raise _none()
        _refuse_moved_on(guardian, seen)
        guardian.voided_at, guardian.voided_by = work.now, actor.account_id
        guardian.void_reason = "removed"
        for row in (guardian, student):
            work.touch(row, actor)
        undo = Undo(
            _("The guardian was taken off the list."),
            "restore_guardian",
            {"guardian_id": guardian_id, "seen": work.now},
        )
        return Done(None, work.changes(undo))


def restore_guardian(actor: Actor, desk: Desk, guardian_id: str, seen: datetime | None = None) -> Done[None]:
    """Bring a guardian back that was taken off the list, to the same place in the order.

    Raises:
        UserError: no such guardian, it is on the list, or the row has moved on since `seen`.
    """
    with desk.change() as work:
        guardian, _person, student = _load(work, guardian_id)
        access.allow(actor, Action.WRITE, Subject("student", student.id, Secrecy.S1), work)
        if guardian.voided_at is None:
            raise _none()
        _refuse_moved_on(guardian, seen)
        guardian.voided_at, guardian.voided_by, guardian.void_reason = None, None, None
        for row in (guardian, student):
            work.touch(row, actor)
        undo = Undo(
            _("The guardian is on the list again."), "remove_guardian", {"guardian_id": guardian_id, "seen": work.now}
        )
        return Done(None, work.changes(undo))


def _load(work: Work, guardian_id: str) -> tuple[Guardian, Person, Student]:
    found = work.session.execute(
        select(Guardian, Person, Student)
        .join(Person, Person.id == Guardian.person_id)
        .join(Student, Student.id == Guardian.student_id)
        .where(Guardian.id == guardian_id, Student.voided_at.is_(None))
    ).one_or_none()
    if found is None:
        raise _none()
    return found[0], found[1], found[2]


def _none() -> UserError:
    return UserError(_("There is no such guardian."), _("Nothing was changed."))


def _refuse_moved_on(row: Guardian, seen: datetime | None) -> None:
    if seen is not None and row.updated_at != seen:
        raise moved_on()
