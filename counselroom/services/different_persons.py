"""Two students somebody compared and found to be two: not shown as a likely pair again (SYS-01)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from counselroom.i18n import _
from counselroom.model.people import DifferentPersons
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.duplicates import Pair, pair_of
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk
from counselroom.services.rows import moved_on
from counselroom.services.student_rows import load_student


def told_apart(actor: Actor, desk: Desk) -> frozenset[Pair]:
    """Return the pairs that were found to be two students."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        rows = work.session.execute(
            select(DifferentPersons.first_id, DifferentPersons.second_id).where(DifferentPersons.voided_at.is_(None))
        )
        return frozenset((first, second) for first, second in rows)


def tell_apart(actor: Actor, desk: Desk, one: str, other: str) -> Done[Pair]:
    """Remember that two entries are two students; can be undone.

    Raises:
        AccessDenied: the actor's roles do not allow it.
        UserError: one of the two is not there.
    """
    with desk.change() as work:
        for student_id in (one, other):
            access.allow(actor, Action.WRITE, Subject("student", student_id, Secrecy.S2), work)
            load_student(work, student_id)
        first, second = pair_of(one, other)
        row = work.session.scalar(
            select(DifferentPersons).where(DifferentPersons.first_id == first, DifferentPersons.second_id == second)
        )
        if row is None:
            common = work.common(actor, Secrecy.S2, work.now.date())
            row = DifferentPersons(first_id=first, second_id=second, **common)
            work.session.add(row)
        row.voided_at = row.voided_by = row.void_reason = None
        work.touch(row, actor)
        work.session.flush()
        work.audit(actor, Action.WRITE, row.__tablename__, row.id)
        seen = {"one": first, "other": second, "seen": work.now}
        undo = Undo(_("Two students: not shown again."), "compare_again", seen)
        return Done((first, second), work.changes(undo))


def compare_again(actor: Actor, desk: Desk, one: str, other: str, seen: datetime | None = None) -> Done[Pair]:
    """Let two students be shown as a likely pair again; nothing happens when they are.

    Raises:
        AccessDenied: the actor's roles do not allow it.
        UserError: what was found of the two has moved on since `seen`.
    """
    with desk.change() as work:
        first, second = pair_of(one, other)
        access.allow(actor, Action.WRITE, Subject("student", first, Secrecy.S2), work)
        access.allow(actor, Action.WRITE, Subject("student", second, Secrecy.S2), work)
        row = work.session.scalar(
            select(DifferentPersons).where(
                DifferentPersons.first_id == first,
                DifferentPersons.second_id == second,
                DifferentPersons.voided_at.is_(None),
            )
        )
        if seen is not None and (row is None or row.updated_at != seen):
            raise moved_on()
        if row is not None:
            row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, "撤销"
            work.touch(row, actor)
            work.audit(actor, Action.WRITE, row.__tablename__, row.id)
        return Done((first, second), work.changes())
