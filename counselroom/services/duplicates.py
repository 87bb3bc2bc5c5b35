"""Two entries that are one student: found, compared, and merged by the deed of reassignment (SYS-01).

A merge gives every row of the one entry to the other inside one transaction. What is signed or filed is given over by
a deed of its own and says afterwards what it said before; the entry that was given up stays, voided, without its
number. Which columns there are is read from the model, so that a new table is carried along by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, String, Table, delete, func, or_, select, type_coerce, update

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model import Base
from counselroom.model.archive import ArchiveCard, ArchiveItem, PsychArchive
from counselroom.model.people import DifferentPersons, Guardian, Person, SpecialGroupMember, Student
from counselroom.model.references import person_columns, subject_tables
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.archive import ArchiveState
from counselroom.rules.duplicates import Candidate, shortlist
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.student_rows import StudentView, load_student, student_view
from counselroom.vault import deeds, search_index
from counselroom.vault.protection import PROTECTED

APART = frozenset({"psych_archive", "guardian", "special_group_member", "search_name", "different_persons"})
"""Tables in which two rows may not say the same of one student: each has its own way below."""
_POLYMORPHIC = ("attachment", "access_grant", "draft")
"""Tables that name the student by table and id beside the column for the person."""
_AT_A_TIME = 500  # rows in memory
_FILLED = ("birth_date", "phone", "backup_phone", "address")
_FILLED_OF_STUDENT = ("class_id", "dorm", "ethnicity", "political_status")


@dataclass(frozen=True)
class MergeSide:
    """One of the two entries beside each other; `rows` is how many rows are about it."""

    view: StudentView
    rows: int


def candidates(actor: Actor, desk: Desk) -> tuple[int, tuple[Candidate, ...]]:
    """Return how many students there are, and what is compared of those that share something with another.

    The oldest entry first; for `rules.duplicates.likely_pairs`.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        wanted = (
            select(
                Person.id,
                Person.name,
                Student.student_no,
                Person.birth_date,
                Student.class_id,
                type_coerce(Student.created_at, String),
            )
            .join(Student, Student.id == Person.id)
            .where(Student.voided_at.is_(None))
            .execution_options(yield_per=_AT_A_TIME)
        )
        return shortlist(lambda: (Candidate(*row) for row in work.session.execute(wanted)))


def merge_sides(actor: Actor, desk: Desk, first: str, second: str) -> tuple[MergeSide, MergeSide]:
    """Return two entries to be compared. Raises UserError when one of them is not there any more."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student"), work)
        return _side(work, first), _side(work, second)


def merge_students(actor: Actor, desk: Desk, winner_id: str, loser_id: str) -> Done[StudentView]:
    """Give everything of `loser_id` to `winner_id`; what the winner lacks is filled from the other. Not undoable.

    Raises:
        AccessDenied: the actor's roles do not allow it, or no reason was stated.
        UserError: it is the same entry twice, or one is not there.
    """
    with desk.change() as work:
        access.allow(actor, Action.REASSIGN, Subject("student", loser_id, Secrecy.S2), work)
        if winner_id == loser_id:
            raise UserError(_("Please choose two different entries."), _("Nothing was changed."))
        winner, loser = load_student(work, winner_id), load_student(work, loser_id)
        event = work.event(actor, Action.REASSIGN, "student", loser_id)
        deeds.record_merge(work.session, desk.vault.audit, event, new_id=work.new_id)
        _give_archive(work, actor, winner_id, loser_id)
        _give_guardians(work, actor, winner_id, loser_id)
        _give_groups(work, actor, winner_id, loser_id)
        _give_pairs(work, winner_id, loser_id)
        # Corrections and what else hangs on a record follow it by themselves, so records come first.
        columns = sorted(person_columns(), key=lambda column: "entity" in column.table.columns)
        for column in columns:
            if column.table.name not in APART:
                _give(work, actor, column, winner_id, loser_id)
        for name in _POLYMORPHIC:
            table = Base.metadata.tables[name]
            work.session.execute(
                update(table)
                .where(table.c.entity.in_(("student", "person")), table.c.entity_id == loser_id)
                .values(entity_id=winner_id)
            )
        work.session.expire_all()
        _close(work, actor, winner, loser)
        return Done(student_view(work, *load_student(work, winner_id)), work.changes())


def _side(work: Work, student_id: str) -> MergeSide:
    view = student_view(work, *load_student(work, student_id))
    rows = sum(
        work.session.scalar(select(func.count()).select_from(table).where(column == student_id)) or 0
        for table, column in subject_tables()
    )
    return MergeSide(view, rows)


def _give(work: Work, actor: Actor, column: Column[str], winner: str, loser: str) -> None:
    """Give the rows of one column to the winner, those of a protected table by a deed for each."""
    table = column.table
    if table.name in PROTECTED and PROTECTED[table.name].by_deeds:
        if column.name in PROTECTED[table.name].reassignable:
            for row_id in work.session.scalars(select(table.c.id).where(column == loser)).all():
                _reassign(work, actor, table.name, row_id, {column.name: winner})
        return
    if "id" in table.columns:
        for row_id in work.session.scalars(select(table.c.id).where(column == loser)).all():
            work.changed(table.name, str(row_id))
    work.session.execute(update(table).where(column == loser).values({column.name: winner}))


def _reassign(work: Work, actor: Actor, entity: str, row_id: str, columns: dict[str, str | int | None]) -> None:
    event = work.event(actor, Action.REASSIGN, entity, row_id)
    deeds.reassign(work.session, work.vault.audit, event, columns, new_id=work.new_id)
    work.changed(entity, row_id)


def _give_archive(work: Work, actor: Actor, winner: str, loser: str) -> None:
    """One archive for one student: the loser's goes over whole, or what lies in it goes into the winner's."""
    given = work.session.scalar(select(PsychArchive).where(PsychArchive.student_id == loser))
    if given is None:
        return
    kept = work.session.scalar(select(PsychArchive).where(PsychArchive.student_id == winner))
    work.touch(given, actor)
    if kept is None:
        given.student_id = winner
        work.session.flush()
        return
    kept_id, given_id = kept.id, given.id
    given.state = ArchiveState.TRANSFERRED
    given.voided_at, given.voided_by, given.void_reason = work.now, actor.account_id, actor.reason
    work.session.flush()
    cards: Table = Base.metadata.tables[ArchiveCard.__tablename__]
    items: Table = Base.metadata.tables[ArchiveItem.__tablename__]
    for row_id in work.session.scalars(select(cards.c.id).where(cards.c.archive_id == given_id)).all():
        _reassign(work, actor, cards.name, row_id, {"archive_id": kept_id, "student_id": winner})
    for row_id in work.session.scalars(select(items.c.id).where(items.c.archive_id == given_id)).all():
        _reassign(work, actor, items.name, row_id, {"archive_id": kept_id})


def _give_guardians(work: Work, actor: Actor, winner: str, loser: str) -> None:
    """Guardians follow behind those of the winner; who is there already, by name and relation, is voided."""
    known = work.session.execute(
        select(Person.name, Guardian.relation, Guardian.person_id, Guardian.position)
        .join(Person, Person.id == Guardian.person_id)
        .where(Guardian.student_id == winner)
    ).all()
    people = {row.person_id for row in known}
    said = {(row.name, row.relation) for row in known}
    position = max((row.position for row in known), default=0)
    for guardian, name in work.session.execute(
        select(Guardian, Person.name)
        .join(Person, Person.id == Guardian.person_id)
        .where(Guardian.student_id == loser)
        .order_by(Guardian.position)
    ).all():
        position += 1
        twice = guardian.person_id in people
        if (twice or (name, guardian.relation) in said) and guardian.voided_at is None:
            guardian.voided_at, guardian.voided_by, guardian.void_reason = work.now, actor.account_id, actor.reason
        if not twice:
            guardian.student_id, guardian.position = winner, position
        work.touch(guardian, actor)
    table = Base.metadata.tables[Guardian.__tablename__]
    work.session.flush()
    work.session.execute(update(table).where(table.c.person_id == loser).values(person_id=winner))


def _give_groups(work: Work, actor: Actor, winner: str, loser: str) -> None:
    """Special groups follow; one the winner is in already ends today."""
    table = SpecialGroupMember
    current = set(
        work.session.scalars(select(table.special_group).where(table.student_id == winner, table.ended_on.is_(None)))
    )
    for row in work.session.scalars(select(table).where(table.student_id == loser)).all():
        row.student_id = winner
        if row.ended_on is None and row.special_group in current:
            row.ended_on = work.now.date()
        work.touch(row, actor)
    work.session.flush()
    columns = Base.metadata.tables[table.__tablename__]
    work.session.execute(update(columns).where(columns.c.contact_person_id == loser).values(contact_person_id=winner))


def _give_pairs(work: Work, winner: str, loser: str) -> None:
    """Who was told apart from the loser is told apart from the winner; that the two are two is not true any more."""
    table = Base.metadata.tables[DifferentPersons.__tablename__]
    named = or_(table.c.first_id == loser, table.c.second_id == loser)
    rows = work.session.execute(select(table.c.id, table.c.first_id, table.c.second_id).where(named)).all()
    for row_id, first, second in rows:
        kept = tuple(sorted((winner, second if first == loser else first)))
        known = select(table.c.id).where(table.c.first_id == kept[0], table.c.second_id == kept[1])
        if kept[0] == kept[1] or work.session.scalar(known) is not None:
            work.session.execute(delete(table).where(table.c.id == row_id))
        else:
            values = {"first_id": kept[0], "second_id": kept[1]}
            work.session.execute(update(table).where(table.c.id == row_id).values(values))
        work.changed(table.name, row_id)


def _close(work: Work, actor: Actor, winner: tuple[Person, Student], loser: tuple[Person, Student]) -> None:
    """Fill what the winner lacks, void the other entry and make the winner findable by both numbers."""
    kept_person, kept = winner
    gone_person, gone = loser
    number = gone.student_no
    gone.student_no = None
    work.session.flush()  # the number is free before the winner may take it
    for name in _FILLED:
        setattr(kept_person, name, getattr(kept_person, name) or getattr(gone_person, name))
    for name in _FILLED_OF_STUDENT:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.student_no = kept.student_no or number
    for row in (gone_person, gone):
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, actor.reason
    for row in (kept_person, kept, gone_person, gone):
        work.touch(row, actor)
    work.session.flush()
    search_index.remove_person(work.session, gone_person.id)
    codes = {"student_no": kept.student_no or "", "former_no": number or ""}
    search_index.index_person(work.session, kept_person.id, kept_person.name, codes)
