"""What `[register]` of a form says must fit its items."""

from __future__ import annotations

from collections.abc import Iterator

from counselroom.i18n import _
from counselroom.printing.definitions import Column, Definition, Item, ItemType, Register, fields_of

Location = tuple[str | int, ...]
Wrong = tuple[Location, str]
_COLUMN_ONLY_IN_REGISTERS = frozenset({"choice", "choices", "bool", "person"})
_NOT_KEPT = frozenset({ItemType.SIGNATURE, ItemType.COMPUTED})


def register_fault(definition: Definition) -> Wrong | None:
    """Return the place and the reason of the first thing that is wrong, or None."""
    return next(_faults(definition), None)


def _faults(definition: Definition) -> Iterator[Wrong]:
    register = definition.register_head
    if register is not None and register.rows is not None:
        table = next((item for item in definition.item if item.link_id == register.rows), None)
        if table is None or table.type is not ItemType.TABLE or table.disclosure is None:
            yield ("register", "rows"), _("the rows of a register are a table with a class of its own.")
            return
    yield from _column_faults(definition)
    if register is None:
        return
    fields = {field.link_id: field for field in fields_of(definition)}
    if not fields:
        yield ("register",), _("the register has nothing that could be kept.")
        return
    for number, item in enumerate(definition.item):
        if register.rows is None and item.link_id in fields and item.type in _NOT_KEPT:
            yield ("item", number, "type"), _("a signature or a computed answer is not kept in a register.")
    yield from _name_faults(register, fields)
    if register.summary is not None:
        summary = next((item for item in definition.item if item.link_id == register.summary), None)
        if (
            summary is None
            or summary.disclosure is None
            or register.rows is None
            or register.person not in {column.link_id for column in summary.columns}
        ):
            yield ("register", "summary"), _("a summary is a table of persons with a class of its own.")
    yield from _target_faults(register, fields)
    if register.secrecy is not None and register.secrecy < definition.form.secrecy:
        yield ("register", "secrecy"), _("the secrecy may not be lowered.")


def _target_faults(register: Register, fields: dict[str, Item | Column]) -> Iterator[Wrong]:
    target = register.target
    if target is None:
        return
    by = fields.get(target.by)
    if target.field not in register.counted or register.person is None or by is None or by.type != "choice":
        yield ("register", "target"), _("what a year asks for is a counted number of persons, by a choice.")
        return
    named = set(target.required) | (set(target.instead.codes) if target.instead is not None else set())
    for code in sorted(named - {option.code for option in by.options}):
        yield ("register", "target"), _("the choice {item} has no answer {code}.").format(item=target.by, code=code)
    if target.instead is not None:
        when = target.instead.when
        for comparison in (*when.all, *when.any):
            if comparison.question not in fields:
                yield ("register", "target"), _("there is no field {item}.").format(item=comparison.question)


def _name_faults(register: Register, fields: dict[str, Item | Column]) -> Iterator[Wrong]:
    named: list[tuple[str, str]] = [("columns", name) for name in register.columns]
    named += [("counted", name) for name in register.counted]
    named += [(key, name) for key in ("sort", "date", "person") if (name := getattr(register, key)) is not None]
    for key, name in named:
        if name not in fields:
            yield ("register", key), _("there is no field {item}.").format(item=name)
            return
    if len(set(register.columns)) != len(register.columns):
        yield ("register", "columns"), _("a field is shown twice.")
    if any(fields[name].type == "table" for name in register.columns):
        yield ("register", "columns"), _("a table is not shown in a column.")
    if any(fields[name].type != "int" for name in register.counted):
        yield ("register", "counted"), _("only numbers are counted.")
    if register.date is not None and (fields[register.date].type != "date" or not fields[register.date].required):
        yield ("register", "date"), _("the day of a row is a date that must be given.")
    if register.person is not None and fields[register.person].type != "person":
        yield ("register", "person"), _("this field does not name a person.")
    if register.subject == "student" and (register.person is None or not fields[register.person].required):
        yield ("register", "subject"), _("a row about a student needs a field that names the student.")


def _column_faults(definition: Definition) -> Iterator[Wrong]:
    """A table's columns ask with options and conditions only where they are the fields of a register."""
    rows = definition.register_head.rows if definition.register_head is not None else None
    for number, item in enumerate(definition.item):
        place = ("item", number, "columns")
        others = {column.link_id for column in item.columns}
        for column in item.columns:
            if (column.type in ("choice", "choices")) != bool(column.options):
                yield place, _("options belong to a choice, and a choice needs them.")
            if len({option.code for option in column.options}) != len(column.options):
                yield place, _("two options have the same code.")
            if item.link_id != rows and (column.type in _COLUMN_ONLY_IN_REGISTERS or column.enable_when is not None):
                yield place, _("only the rows of a register ask for this.")
            condition = column.enable_when
            if condition is None:
                continue
            if bool(condition.all) == bool(condition.any):
                yield place, _("a condition is one comparison, or all or any of several.")
            for comparison in (*condition.all, *condition.any):
                if comparison.question not in others - {column.link_id}:
                    yield place, _("there is no other item {item}.").format(item=comparison.question)
