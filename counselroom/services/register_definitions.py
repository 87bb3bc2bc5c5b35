"""The registers of the program as lists and dialogs need them: plain data, made from the definitions in `forms/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.conditions import applies
from counselroom.printing.definitions import Column, Form, Item
from counselroom.printing.definitions import Register as Head
from counselroom.printing.form_values import FormValue
from counselroom.rules.secrecy import Secrecy
from counselroom.services import forms

DEEP = 4
"""How far conditions may hang on each other."""


@dataclass(frozen=True)
class Choice:
    """An answer to choose; `other` lets words of one's own stand for it."""

    code: str
    text: str
    other: bool = False


@dataclass(frozen=True)
class RegisterField:
    """What is asked for in a row.

    Attributes:
        link_id: its name in the data.
        label: its name for the user.
        type: `text note date time int choice choices bool person table`.
        required: a row is not filed without it, as far as it applies.
        most: the greatest number, or None.
        unit: stands after a number.
        choices: of a choice.
        columns: of a table.
        is_conditional: whether it applies only to some rows (`applying`).
    """

    link_id: str
    label: str
    type: str
    required: bool = False
    most: int | None = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[RegisterField, ...] = ()
    is_conditional: bool = False


@dataclass(frozen=True)
class YearTarget:
    """What a school year asks of each person.

    Attributes:
        field: the number that is summed.
        by: the choice that says what a person is.
        required: the sum a year asks for, by the code of that choice.
        instead_for: codes for which something else counts instead.
        instead_count: how many rows of that kind are enough.
        instead_text: what it is, in words.
    """

    field: str
    by: str
    required: Mapping[str, int]
    instead_for: tuple[str, ...] = ()
    instead_count: int = 0
    instead_text: str = ""


@dataclass(frozen=True)
class Register:
    """A register.

    Attributes:
        key: the number of its form; a school's own copy has the key of the original.
        form_id: the form in use.
        title: its name in the list of registers.
        icon: `mdi6.` name.
        secrecy: how secret its rows are.
        fields: what is asked for, in the order of the form.
        shown: linkIds of the columns of the list.
        sort: the field the list is sorted by at first, or the day.
        newest_first: whether the greatest comes first.
        counted: linkIds of the numbers that are summed.
        date: linkId of the day of a row; empty for the day of entry.
        person: linkId of the field that names a person; empty for none.
        about_student: that field names a student, to whose record the row belongs.
        rows: linkId of the table the rows stand in on paper; empty when each row is a sheet of its own.
        summary: linkId of the table of sums by person on paper; empty for none.
        next_page: page to which a filed row leads; empty for none.
        target: what a school year asks of each person, or None.
    """

    key: str
    form_id: str
    title: str
    icon: str
    secrecy: Secrecy
    fields: tuple[RegisterField, ...]
    shown: tuple[str, ...]
    sort: str
    newest_first: bool
    counted: tuple[str, ...]
    date: str
    person: str
    about_student: bool
    rows: str
    summary: str
    next_page: str = ""
    target: YearTarget | None = None

    @property
    def is_list(self) -> bool:
        """Tell whether the paper is one list of rows; else each row is a sheet."""
        return bool(self.rows)

    def field(self, link_id: str) -> RegisterField:
        """Return a field. Raises KeyError when there is none."""
        return {field.link_id: field for field in self.fields}[link_id]


def registers() -> tuple[Register, ...]:
    """Return all registers in the order of their numbers; a school's copy takes the place of the original."""
    found: dict[str, Register] = {}
    for form in sorted(forms.all_forms().values(), key=lambda form: form.id):
        if form.definition.register_head is not None:
            register = _register(form, form.definition.register_head)
            found[register.key] = register
    return tuple(found.values())


def register_named(key: str) -> Register:
    """Return a register. Raises UserError when the program has none of this number."""
    for register in registers():
        if register.key == key:
            return register
    raise UserError(
        _("This program has no register {form}.").format(form=key),
        _("Its rows are kept."),
        _("Please bring the form back, or use the version of the program that has it."),
    )


def applying(key: str, data: Mapping[str, Any]) -> frozenset[str]:
    """Return the linkIds of the fields that apply to a row with these answers: the printer's own conditions.

    An answer to a field that does not apply itself counts for nothing.
    """
    conditions = {
        field.link_id: field.enable_when for field in forms.all_forms()[register_named(key).form_id].register_fields()
    }
    found = frozenset(conditions)
    for _step in range(DEEP):
        known = {link_id: value for link_id, value in data.items() if link_id in found}
        narrower = frozenset(link_id for link_id, when in conditions.items() if applies(when, known))
        if narrower == found:
            break
        found = narrower
    return found


def leads_at_once(key: str, data: Mapping[str, Any]) -> bool:
    """Tell whether a row with these answers leads to the next page as soon as it is filed (§3.G)."""
    head = forms.all_forms()[register_named(key).form_id].definition.register_head
    return head is not None and head.next_when is not None and applies(head.next_when, data)


def counts_instead(key: str, data: Mapping[str, Any]) -> bool:
    """Tell whether a row is of the kind that counts in place of the sum a year asks for."""
    head = forms.all_forms()[register_named(key).form_id].definition.register_head
    instead = head.target.instead if head is not None and head.target is not None else None
    return instead is not None and applies(instead.when, data)


def printable(field: RegisterField, value: Any) -> FormValue:
    """Return a stored answer as the printer takes it: days and times of day are no longer text."""
    if value is None:
        return None
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type == "time":
        return time.fromisoformat(value)
    if field.type == "table":
        return [
            {column.link_id: printable(column, row.get(column.link_id)) for column in field.columns} for row in value
        ]
    answer: FormValue = value
    return answer


def shown_text(field: RegisterField, value: Any) -> str:
    """Return a stored answer in words for a list; nothing for none."""
    if value is None or value == "":
        return ""
    if field.type == "date":
        return str(value)
    if field.type == "bool":
        return "是" if value else "否"
    if field.choices:
        words = {choice.code: choice.text for choice in field.choices}
        codes = [value] if isinstance(value, str) else list(value)
        return "、".join(words.get(code, code) for code in codes)
    if field.type == "table":
        return "；".join(
            " ".join(filter(None, (shown_text(column, row.get(column.link_id)) for column in field.columns)))
            for row in value
        )
    if field.type == "int":
        return f"{value} {field.unit}".strip()
    return str(value)


def _register(form: Form, head: Head) -> Register:
    return Register(
        key=form.id.removesuffix(".school"),
        form_id=form.id,
        title=head.title or form.title,
        icon=head.icon,
        secrecy=Secrecy(head.secrecy or form.secrecy),
        fields=tuple(field_of(field) for field in form.register_fields()),
        shown=head.columns,
        sort=head.sort or head.date or head.columns[0],
        newest_first=head.newest_first,
        counted=head.counted,
        date=head.date or "",
        person=head.person or "",
        about_student=head.subject == "student",
        rows=head.rows or "",
        summary=head.summary or "",
        next_page=head.next_page,
        target=_target(head),
    )


def _target(head: Head) -> YearTarget | None:
    target = head.target
    if target is None:
        return None
    instead = target.instead
    if instead is None:
        return YearTarget(target.field, target.by, target.required)
    return YearTarget(target.field, target.by, target.required, instead.codes, instead.count, instead.text)


def field_of(field: Item | Column) -> RegisterField:
    """Return an item or a column of a definition as something that is asked for."""
    return RegisterField(
        link_id=field.link_id,
        label=field.label,
        type=str(field.type),
        required=field.required,
        most=field.max,
        unit=field.unit,
        choices=tuple(Choice(option.code, option.text, option.other) for option in field.options),
        columns=tuple(field_of(column) for column in field.columns) if isinstance(field, Item) else (),
        is_conditional=field.enable_when is not None,
    )
