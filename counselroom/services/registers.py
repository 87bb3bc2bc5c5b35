"""Registers: rows that are kept, listed and counted by a definition in `forms/` (SYS-18, SYS-39, SYS-47 and more).

A draft is edited; a filed row never changes again: it is voided with a reason, and written anew where it was wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.base import canonical_json
from counselroom.model.people import Student
from counselroom.model.registers import RegisterRow
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.registers import RegisterState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, forms, report_rows
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.register_definitions import Register, register_named, registers
from counselroom.services.register_entries import EntryRefused, kept_answers
from counselroom.services.register_progress import Progress, progress_of
from counselroom.services.register_rows import (
    ENTITY,
    RowFilter,
    RowView,
    Sums,
    list_subject,
    load_row,
    names_of,
    readable_rows,
    row_subject,
    sums_of,
    view_of,
)
from counselroom.services.rows import moved_on
from counselroom.vault import search_index
from counselroom.vault.search_index import IndexEntry

SHOWN_AT_MOST: Final = 2_000
"""Rows a list shows; the sums are of all."""


@dataclass(frozen=True)
class RegisterCount:
    """A register in the list of registers, with the number of its rows that count."""

    register: Register
    rows: int


@dataclass(frozen=True)
class RowList:
    """Rows of a register.

    Attributes:
        register: what it asks for.
        total: how many rows there are.
        rows: the newest of them, in the order of their days.
        sums: over all of them.
        years: the academic years in which the register has rows, the newest first.
        open: ids of the rows that wait for what follows from them, as a report for its assessment.
        progress: what each person has done in the year that is asked for, or in the newest, of what a year asks for.
    """

    register: Register
    total: int
    rows: tuple[RowView, ...]
    sums: Sums
    years: tuple[str, ...]
    open: frozenset[str] = frozenset()
    progress: tuple[Progress, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Sums of a register as a whole, by term, by academic year, and by the person the rows name."""

    whole: Sums
    by_term: Mapping[str, Sums] = field(default_factory=dict)
    by_year: Mapping[str, Sums] = field(default_factory=dict)
    by_person: Mapping[str, Sums] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """What is entered into a register.

    Attributes:
        data: the answers by linkId, as JSON values.
        student_id: the student it is about, in a register about students.
    """

    data: Mapping[str, Any]
    student_id: str | None = None


def list_registers(actor: Actor, desk: Desk) -> tuple[RegisterCount, ...]:
    """Return all registers with the number of rows that count; rows of others' secret registers are not counted."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("register"), work)
        query = select(RegisterRow.register, func.count()).where(
            RegisterRow.voided_at.is_(None),
            (RegisterRow.secrecy != Secrecy.S3) | (RegisterRow.owner == actor.person_id),
        )
        counts = {row[0]: row[1] for row in work.session.execute(query.group_by(RegisterRow.register))}
        return tuple(RegisterCount(register, counts.get(register.key, 0)) for register in registers())


def list_rows(actor: Actor, desk: Desk, key: str, wanted: RowFilter | None = None) -> RowList:
    """Return the rows of a register that the actor may read, with their sums.

    Being shown the rows of a register of level S2 or S3 leaves an audit row (R-01).
    """
    with desk.look() as work:
        register = register_named(key)
        access.allow(actor, Action.READ, list_subject(register), work)
        found = readable_rows(actor, work, register, wanted or RowFilter())
        if found and register.secrecy.leaves_a_trace:
            work.audit(actor, Action.READ, "register", key)
        years = work.session.scalars(
            select(RegisterRow.academic_year)
            .where(RegisterRow.register == key, RegisterRow.academic_year.is_not(None))
            .distinct()
            .order_by(RegisterRow.academic_year.desc())
        )
        named = tuple(year for year in years if year is not None)
        shown = tuple(found[-SHOWN_AT_MOST:])
        progress: tuple[Progress, ...] = ()
        if register.target is not None and named:
            year = wanted.academic_year if wanted is not None else ""
            whole = readable_rows(actor, work, register, RowFilter(academic_year=year or named[0]))
            progress = progress_of(register, whole)
        waiting = report_rows.open_rows(work, key)
        return RowList(register, len(found), shown, sums_of(register, found), named, waiting, progress)


def count_rows(actor: Actor, desk: Desk, key: str, wanted: RowFilter | None = None) -> Counts:
    """Return the sums of a register by field, by term, by year and by person; drafts and voided rows don't count."""
    with desk.look() as work:
        register = register_named(key)
        access.allow(actor, Action.READ, list_subject(register), work)
        rows = readable_rows(actor, work, register, wanted or RowFilter())

        def by(name: Callable[[RowView], str]) -> dict[str, Sums]:
            groups: dict[str, list[RowView]] = {}
            for row in rows:
                groups.setdefault(name(row), []).append(row)
            return {group: sums_of(register, groups[group]) for group in sorted(groups) if group}

        return Counts(
            sums_of(register, rows),
            by(lambda row: row.term or ""),
            by(lambda row: row.academic_year or ""),
            by(lambda row: row.texts.get(register.person, "")),
        )


def read_row(actor: Actor, desk: Desk, row_id: str) -> tuple[Register, RowView]:
    """Return one row with its register; opening one of level S2 or S3 leaves an audit row.

    Raises:
        UserError: there is no such row, or the program has no such register.
    """
    with desk.look() as work:
        row = load_row(work, row_id)
        subject = row_subject(row)
        access.allow(actor, Action.READ, subject, work)
        if row.secrecy is Secrecy.S2:  # of S3 the gate itself leaves a trace
            work.audit(actor, Action.READ, ENTITY, row.id)
        register = register_named(row.register)
        return register, view_of(register, row, names_of(work, [row.subject_person]))


def add_row(actor: Actor, desk: Desk, key: str, entry: Entry, *, file: bool) -> Done[RowView]:
    """Enter a row; filed, it stays as it is, else it is a draft that can be edited.

    Raises:
        EntryRefused: an answer can't be kept, or something required is missing in a row to be filed.
        UserError: the program has no such register, or the school no such student.
    """
    with desk.change() as work:
        register = register_named(key)
        subject = Subject(ENTITY, secrecy=register.secrecy, owner=actor.person_id)
        access.allow(actor, Action.WRITE, subject, work)
        row = _new(work, actor, register, entry, file=file)
        sentence = _("The row was entered.") if file else _("The row was kept as a draft.")
        undo = Undo(sentence, "void_row", {"row_id": row.id, "reason": _("Entered by mistake"), "seen": row.updated_at})
        return Done(_view(work, register, row), work.changes(undo))


def edit_row(
    actor: Actor, desk: Desk, row_id: str, entry: Entry, *, file: bool = False, seen: datetime | None = None
) -> Done[RowView]:
    """Change a draft, or file it.

    Raises:
        EntryRefused: as for `add_row`.
        UserError: the row is filed or void, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_row(work, row_id)
        access.allow(actor, Action.WRITE, row_subject(row), work)
        _refuse_moved_on(row, seen)
        if row.state is RegisterState.FILED or row.voided_at is not None:
            raise UserError(
                _("This row is filed and does not change any more."),
                _("Nothing was changed."),
                _("Void it with a reason and enter it anew."),
            )
        register = register_named(row.register)
        before = Entry(dict(row.data), row.subject_person)
        _fill(work, actor, register, row, entry, file=file)
        undo = None
        if not file:
            undo = Undo(
                _("The draft was changed."), "edit_row", {"row_id": row_id, "entry": before, "seen": row.updated_at}
            )
        return Done(_view(work, register, row), work.changes(undo))


def correct_row(actor: Actor, desk: Desk, row_id: str, entry: Entry, reason: str) -> Done[RowView]:
    """Void a filed row with the reason and file the right one in its place; both stay in the register.

    Raises:
        EntryRefused: as for `add_row`.
        UserError: the row is void already, or there is no reason.
    """
    with desk.change() as work:
        row = load_row(work, row_id)
        access.allow(actor, Action.WRITE, row_subject(row), work)
        _void(work, actor, row, reason)
        register = register_named(row.register)
        right = _new(work, actor, register, entry, file=True)
        return Done(_view(work, register, right), work.changes())


def void_row(actor: Actor, desk: Desk, row_id: str, reason: str, seen: datetime | None = None) -> Done[None]:
    """Void a row with a reason; it stays in the register, does not count and is not found by search.

    Raises:
        UserError: the row is void already, there is no reason, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_row(work, row_id)
        access.allow(actor, Action.WRITE, row_subject(row), work)
        _refuse_moved_on(row, seen)
        _void(work, actor, row, reason)
        undo = Undo(_("The row was voided."), "unvoid_row", {"row_id": row_id, "seen": row.updated_at})
        return Done(None, work.changes(undo))


def unvoid_row(actor: Actor, desk: Desk, row_id: str, seen: datetime | None = None) -> Done[None]:
    """Take a voiding back.

    Raises:
        UserError: the row is not void, what it said was blanked, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = load_row(work, row_id)
        access.allow(actor, Action.WRITE, row_subject(row), work)
        _refuse_moved_on(row, seen)
        if row.voided_at is None or not row.data:
            raise moved_on()
        reason = row.void_reason or ""
        row.voided_at = row.voided_by = row.void_reason = None
        work.touch(row, actor)
        register = register_named(row.register)
        _index(work, register, row)
        undo = Undo(
            _("The row counts again."), "void_row", {"row_id": row_id, "reason": reason, "seen": row.updated_at}
        )
        return Done(None, work.changes(undo))


def _new(work: Work, actor: Actor, register: Register, entry: Entry, *, file: bool) -> RegisterRow:
    row = RegisterRow(
        **work.common(actor, register.secrecy, work.now.date()),
        register=register.key,
        form_id=register.form_id,
        form_version=0,
        form_hash="",
        occurred_on=work.now.date(),
        owner=actor.person_id,
        state=RegisterState.DRAFT,
        data={},
    )
    _fill(work, actor, register, row, entry, file=file)
    work.session.add(row)
    return row


def _fill(work: Work, actor: Actor, register: Register, row: RegisterRow, entry: Entry, *, file: bool) -> None:
    """Write the answers and the envelope around them."""
    kept = kept_answers(register, entry.data, whole=file)
    row.subject_person = row.org_unit = None
    if register.about_student:
        kept.pop(register.person, None)  # the student is named by the envelope, or a merge would not reach the name
        student = work.session.get(Student, entry.student_id) if entry.student_id else None
        if student is None or student.voided_at is not None:
            raise EntryRefused({register.person: _("Please choose a student of the school.")})
        row.subject_person, row.org_unit = student.id, student.class_id
    form = forms.all_forms()[register.form_id]
    row.form_id, row.form_version = form.id, form.definition.form.version
    row.form_hash = forms.remember(work, form.id)
    row.occurred_on = date.fromisoformat(kept[register.date]) if register.date in kept else work.now.date()
    work.place(row, row.occurred_on)
    row.data = kept
    work.touch(row, actor)
    if file:
        said = {"form_hash": row.form_hash, "subject_person": row.subject_person, "data": kept}
        digest = hashlib.sha256(canonical_json(said).encode()).hexdigest()
        access.allow(actor, Action.SIGN, row_subject(row), work, digest=work.keyed(digest))
        row.state = RegisterState.FILED
    _index(work, register, row)


def _void(work: Work, actor: Actor, row: RegisterRow, reason: str) -> None:
    if row.voided_at is not None:
        raise UserError(_("This row is void already."), _("Nothing was changed."))
    if not reason.strip():
        raise UserError(_("Voiding needs a reason; it stays with the row."), _("Nothing was changed."))
    row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, reason.strip()
    work.touch(row, actor)
    search_index.remove(work.session, ENTITY, row.id)


def _index(work: Work, register: Register, row: RegisterRow) -> None:
    view = view_of(register, row, {})
    entry = IndexEntry(
        entity=ENTITY,
        entity_id=row.id,
        subject_person=row.subject_person,
        owner=row.owner,
        secrecy=row.secrecy,
        restricted=False,
        occurred_on=row.occurred_on,
        title=f"{register.title} {row.occurred_on.isoformat()}",
    )
    search_index.index(work.session, entry, view.texts.values())


def _view(work: Work, register: Register, row: RegisterRow) -> RowView:
    return view_of(register, row, names_of(work, [row.subject_person]))


def _refuse_moved_on(row: RegisterRow, seen: datetime | None) -> None:
    if seen is not None and row.updated_at != seen:
        raise moved_on()
