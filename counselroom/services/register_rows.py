"""Rows of a register as the services read them: loaded, filtered, put into words, and as the access rules see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Person
from counselroom.model.registers import RegisterRow
from counselroom.rules.access import Action, Actor, Subject, decide
from counselroom.rules.registers import RegisterState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Work
from counselroom.services.register_definitions import Register, shown_text
from counselroom.vault import search_index

ENTITY = "register_row"
_COLUMNS = (
    RegisterRow.id,
    RegisterRow.subject_person,
    RegisterRow.occurred_on,
    RegisterRow.academic_year,
    RegisterRow.term,
    RegisterRow.secrecy,
    RegisterRow.owner,
    RegisterRow.state,
    RegisterRow.data,
    RegisterRow.voided_at,
    RegisterRow.void_reason,
    RegisterRow.updated_at,
)


@dataclass(frozen=True)
class RowFilter:
    """Which rows of a register.

    Attributes:
        academic_year: such as `2026-2027`; empty for all.
        term: such as `2026-2027-1`; empty for all.
        words: every one of them stands in the row.
        with_void: the voided rows too.
        owner: only those this person keeps; empty for all.
    """

    academic_year: str = ""
    term: str = ""
    words: str = ""
    with_void: bool = False
    owner: str = ""


@dataclass(frozen=True)
class RowView:
    """A row of a register.

    Attributes:
        id: its id.
        occurred_on: the day it belongs to.
        academic_year: of that day, or None outside of the calendar.
        term: of that day, or None.
        secrecy: how secret it is.
        state: draft or filed.
        void_reason: why it was voided; None for a row that counts.
        owner: person id of who keeps it, or None.
        subject_person: the student it is about, or None.
        subject_name: that student's name; empty for none.
        data: the answers by linkId, as JSON values.
        texts: the answers in words, by linkId.
        updated_at: when it was last changed; an undo compares it.
    """

    id: str
    occurred_on: date
    academic_year: str | None
    term: str | None
    secrecy: Secrecy
    state: RegisterState
    void_reason: str | None
    owner: str | None
    subject_person: str | None
    subject_name: str
    data: Mapping[str, Any]
    texts: Mapping[str, str]
    updated_at: datetime


@dataclass(frozen=True)
class Sums:
    """How many rows there are, and the sums of the counted numbers by linkId. Drafts and voided rows don't count."""

    rows: int
    sums: Mapping[str, int] = field(default_factory=dict)


def load_row(work: Work, row_id: str) -> RegisterRow:
    """Return a row of a register within a piece of work. Raises UserError when there is none."""
    row = work.session.get(RegisterRow, row_id)
    if row is None:
        raise UserError(_("There is no such row in the register."), _("Nothing was changed."))
    return row


def row_subject(row: RegisterRow | Row[Any]) -> Subject:
    """Return a row as the access rules see it."""
    return Subject(ENTITY, row.id, row.secrecy, row.owner)


def view_subject(view: RowView) -> Subject:
    """Return a row that was loaded as the access rules see it."""
    return Subject(ENTITY, view.id, view.secrecy, view.owner)


def list_subject(register: Register) -> Subject:
    """Return the register as a whole as the access rules see it: the rows are asked about one by one."""
    return Subject("register", register.key, min(register.secrecy, Secrecy.S2))


def readable_rows(
    actor: Actor, work: Work, register: Register, wanted: RowFilter, action: Action = Action.READ
) -> list[RowView]:
    """Return the rows the actor may read (or export); each of another's secret ones leaves an audit row."""
    found = rows_of(work, register, wanted)
    if any(view.secrecy is Secrecy.S3 for view in found):
        grants = access.grants_of(actor, work)
        found = [view for view in found if decide(actor, action, view_subject(view), grants, work.now).allowed]
        for view in found:
            if view.secrecy is Secrecy.S3 and view.owner != actor.person_id:
                access.allow(actor, action, view_subject(view), work)
    return found


def rows_of(work: Work, register: Register, wanted: RowFilter) -> list[RowView]:
    """Return the rows of a register, whoever may read them, by day; inside an allowed piece of work."""
    query = select(*_COLUMNS).where(RegisterRow.register == register.key)
    if wanted.academic_year:
        query = query.where(RegisterRow.academic_year == wanted.academic_year)
    if wanted.term:
        query = query.where(RegisterRow.term == wanted.term)
    if wanted.owner:
        query = query.where(RegisterRow.owner == wanted.owner)
    if not wanted.with_void:
        query = query.where(RegisterRow.voided_at.is_(None))
    rows = work.session.execute(query.order_by(RegisterRow.occurred_on, RegisterRow.created_at, RegisterRow.id)).all()
    names = names_of(work, [row.subject_person for row in rows])
    found = [view_of(register, row, names) for row in rows]
    return matching(found, wanted.words)


def matching(rows: Sequence[RowView], words: str) -> list[RowView]:
    """Return the rows in which every word stands; all of them for no words."""
    if not words.strip():
        return list(rows)
    return [row for row in rows if search_index.contains(" ".join(row.texts.values()), words)]


def view_of(register: Register, row: RegisterRow | Row[Any], names: Mapping[str, str]) -> RowView:
    """Return a row in words; a field that the definition no longer has is kept in the data and not shown."""
    name = names.get(row.subject_person or "", "")
    texts = {each.link_id: shown_text(each, row.data.get(each.link_id)) for each in register.fields}
    if register.about_student:
        texts[register.person] = name
    return RowView(
        row.id,
        row.occurred_on,
        row.academic_year,
        row.term,
        row.secrecy,
        row.state,
        None if row.voided_at is None else row.void_reason,
        row.owner,
        row.subject_person,
        name,
        row.data,
        texts,
        row.updated_at,
    )


def names_of(work: Work, person_ids: Sequence[str | None]) -> dict[str, str]:
    """Return the names of people by id."""
    wanted = sorted({each for each in person_ids if each is not None})
    names: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found = work.session.execute(select(Person.id, Person.name).where(Person.id.in_(part)))
        names |= {row[0]: row[1] for row in found}
    return names


def sums_of(register: Register, rows: Sequence[RowView]) -> Sums:
    """Return the sums over filed rows that count."""
    filed = [row for row in rows if row.state is RegisterState.FILED and row.void_reason is None]
    numbers = {name: [row.data.get(name) for row in filed] for name in register.counted}
    return Sums(len(filed), {name: sum(each for each in numbers[name] if isinstance(each, int)) for name in numbers})
