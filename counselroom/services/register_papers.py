"""What a register gives the printer: one row as a sheet, or a list of rows with its sums by person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.base import canonical_json
from counselroom.printing import list_form
from counselroom.printing.form_values import FormValue
from counselroom.rules.access import Subject
from counselroom.rules.registers import RegisterState
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import Work
from counselroom.services.form_parts import term_name
from counselroom.services.register_definitions import Register, RegisterField, printable, register_named
from counselroom.services.register_progress import progress_of
from counselroom.services.register_rows import (
    RowFilter,
    RowView,
    load_row,
    names_of,
    row_subject,
    rows_of,
    sums_of,
    view_of,
)

LIST = "register"
"""What stands for a list of rows where a row has `register_row`."""


@dataclass(frozen=True)
class Paper:
    """A row or a list as a form takes it.

    Attributes:
        register: the register.
        access: what the gate is asked about.
        person_id: the student it is about, or None.
        academic_year: it belongs to, or None.
        term: key of its term, or None.
        values: the answers by linkId.
    """

    register: Register
    access: Subject
    person_id: str | None
    academic_year: str | None
    term: str | None
    values: Mapping[str, FormValue]


def list_key(register: Register, wanted: RowFilter, owner: str) -> str:
    """Return what the printer is told to print a list: the filter itself.

    Args:
        register: the register.
        wanted: the filter.
        owner: who prints; a list of the highest secrecy holds only the rows this person keeps.
    """
    secret = {"owner": owner} if register.secrecy is Secrecy.S3 else {}
    return canonical_json({"register": register.key, **asdict(wanted), "with_void": False, **secret})


def is_list_key(entity_id: str) -> bool:
    """Tell whether a list is meant and not a row."""
    return entity_id.startswith("{")


def paper_of(work: Work, entity_id: str) -> Paper:
    """Return a row (by its id) or a list (by its `list_key`) for the printer.

    Raises:
        UserError: there is no such row or register, or nothing to print.
    """
    return _list(work, json.loads(entity_id)) if is_list_key(entity_id) else _sheet(work, entity_id)


def _sheet(work: Work, row_id: str) -> Paper:
    row = load_row(work, row_id)
    register = register_named(row.register)
    if register.is_list:
        raise UserError(_("This register is printed as a list."), _("Nothing was printed."))
    if row.voided_at is not None:
        raise UserError(_("This row is void already."), _("Nothing was printed."))
    view = view_of(register, row, names_of(work, [row.subject_person]))
    values = _values(register, view)
    return Paper(register, row_subject(row), row.subject_person, row.academic_year, row.term, values)


def _list(work: Work, asked: Mapping[str, Any]) -> Paper:
    register = register_named(str(asked["register"]))
    wanted = RowFilter(**{key: value for key, value in asked.items() if key != "register"})
    secret = register.secrecy is Secrecy.S3
    subject = Subject(
        LIST, register.key, register.secrecy, (wanted.owner or None) if secret else None, restricted=secret
    )
    rows = [row for row in rows_of(work, register, wanted) if row.state is RegisterState.FILED]
    if secret:
        rows = [row for row in rows if row.owner == wanted.owner]
    if not rows:
        raise UserError(_("No filed row fits these filters."), _("Nothing was printed."))
    values: dict[str, FormValue] = {}
    if register.is_list:
        values[register.rows] = [_values(register, row) for row in rows]
    else:
        values[list_form.ROWS] = [{list_form.NUMBER: str(n), **row.texts} for n, row in enumerate(rows, start=1)]
        values[list_form.PERIOD] = _period(wanted, rows)
        values[list_form.COUNT] = _count(register, rows)
    if register.summary:
        values[register.summary] = _summary(work, register, wanted, rows)
    terms = {(row.academic_year, row.term) for row in rows}
    year, term = next(iter(terms)) if len(terms) == 1 else (None, None)
    years = {row.academic_year for row in rows}
    return Paper(register, subject, None, year or (next(iter(years)) if len(years) == 1 else None), term, values)


def _period(wanted: RowFilter, rows: Sequence[RowView]) -> str:
    """Return the time the list was asked for, or the days of its rows."""
    days = f"{rows[0].occurred_on:%Y-%m-%d} 至 {rows[-1].occurred_on:%Y-%m-%d}"
    if not wanted.academic_year:
        return days
    return f"{wanted.academic_year} 学年{term_name(wanted.term or None) or ''}（{days}）"


def _count(register: Register, rows: Sequence[RowView]) -> str:
    parts = [f"{len(rows)} 条"]
    for link_id, total in sums_of(register, rows).sums.items():
        asked = register.field(link_id)
        parts.append(f"{asked.label} {total} {asked.unit}".rstrip())
    return "，".join(parts)


def _values(register: Register, row: RowView) -> dict[str, FormValue]:
    values = {each.link_id: _answer(each, row.data) for each in register.fields}
    if register.about_student:
        values[register.person] = row.subject_name
    return values


def _answer(asked: RegisterField, data: Mapping[str, Any]) -> FormValue:
    return printable(asked, data.get(asked.link_id))


def _summary(work: Work, register: Register, wanted: RowFilter, rows: Sequence[RowView]) -> list[Mapping[str, object]]:
    if register.target is not None:
        return _years(work, register, wanted, rows)
    people: dict[str, list[RowView]] = {}
    for row in rows:
        people.setdefault(row.texts.get(register.person, ""), []).append(row)
    return [{register.person: name, **sums_of(register, people[name]).sums} for name in sorted(people) if name]


def _years(work: Work, register: Register, wanted: RowFilter, rows: Sequence[RowView]) -> list[Mapping[str, object]]:
    """Return what each person of the list has done in each of its years, of what the year asks for.

    A year counts as a whole, whatever term or words the list was asked for.
    """
    found: list[Mapping[str, object]] = []
    target, people = register.target, {row.texts.get(register.person, "") for row in rows}
    years = sorted({row.academic_year for row in rows if row.academic_year})
    for year in years if target is not None else ():
        whole = rows_of(work, register, RowFilter(academic_year=year, owner=wanted.owner))
        for each in progress_of(register, whole):
            if each.person in people and target is not None:
                note = "，".join(word for word in (each.group, year if len(years) > 1 else "", each.instead) if word)
                found.append(
                    {
                        register.person: each.person,
                        target.field: each.done,
                        "required": "—" if each.required is None else each.required,
                        "missing": "—" if each.required is None else each.missing,
                        "note": note,
                    }
                )
    return found
