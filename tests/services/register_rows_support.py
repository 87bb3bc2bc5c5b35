"""Rows for tests: an answer to every field of any register, made from its definition."""

from __future__ import annotations

from typing import Any

from counselroom.rules.access import Actor
from counselroom.services import registers
from counselroom.services.register_definitions import Register, RegisterField, register_named
from counselroom.services.register_papers import list_key
from counselroom.services.register_rows import RowFilter, RowView
from tests.services.world import World


def answer_to(field: RegisterField, number: int = 1) -> Any:
    """Return a plausible answer to a field."""
    match field.type:
        case "date":
            return f"2026-10-{number % 28 + 1:02d}"
        case "time":
            return "14:05"
        case "int":
            return min(number, field.most or number)
        case "bool":
            return True
        case "choice":
            return field.choices[0].code
        case "choices":
            return [choice.code for choice in field.choices[:2]]
        case "table":
            return [{column.link_id: answer_to(column, number) for column in field.columns}]
        case "person":
            return "林老师"
        case _:
            return f"{field.label}{number}"


def entry_for(register: Register, world: World, number: int = 1, **changes: Any) -> registers.Entry:
    """Return answers to all fields of a register, with some of them changed."""
    data = {field.link_id: answer_to(field, number) for field in register.fields}
    student = world.students[0] if register.about_student else None
    if student is not None:
        del data[register.person]
    return registers.Entry(data | changes, student)


def filed(world: World, key: str, number: int = 1, actor: Actor | None = None, **changes: Any) -> RowView:
    """Return a filed row."""
    entry = entry_for(register_named(key), world, number, **changes)
    return registers.add_row(actor or world.me, world.desk, key, entry, file=True).value


def paper_id(world: World, key: str) -> str:
    """Return what the form of a register is printed from: a list of one row, or the row."""
    register = register_named(key)
    row = filed(world, key)
    return list_key(register, RowFilter(), world.me.person_id) if register.is_list else row.id
