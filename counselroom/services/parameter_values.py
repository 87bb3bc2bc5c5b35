"""Which value of a parameter holds: the definitions are data, what the school set is in the vault (R-17)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import select

from counselroom import resources
from counselroom.errors import Bug
from counselroom.model.office import Parameter
from counselroom.model.school import School
from counselroom.rules.parameters import ParameterDefinition, Value
from counselroom.rules.school import SchoolType
from counselroom.services.desk import Work


@dataclass(frozen=True)
class ParameterInForce:
    """A definition with the value that holds."""

    definition: ParameterDefinition
    value: Value
    is_default: bool


@cache
def definitions() -> dict[str, ParameterDefinition]:
    """Return all definitions by key, in the order of the file."""
    table = tomllib.loads(resources.read_text("resources/parameters.toml"))
    return {
        key: ParameterDefinition(
            key=key,
            title=entry["title"],
            unit=entry.get("unit", ""),
            default=entry["default"],
            by_school={SchoolType(school): value for school, value in entry.get("by_school", {}).items()},
            smallest=entry.get("smallest"),
            largest=entry.get("largest"),
            choices=tuple(entry.get("choices", ())),
            source=entry["source"],
        )
        for key, entry in table.items()
    }


def definition_of(key: str) -> ParameterDefinition:
    """Return one definition. Raises Bug for an unknown key."""
    try:
        return definitions()[key]
    except KeyError:
        message = f"unknown parameter {key}"
        raise Bug(message) from None


def in_force(work: Work, definition: ParameterDefinition) -> ParameterInForce:
    """Return what holds for a parameter now: the school's value, or the default of its type of school."""
    stored = work.session.get(Parameter, definition.key)
    if stored is not None:
        return ParameterInForce(definition, cast("Value", stored.value), is_default=False)
    school_type = work.session.scalar(select(School.school_type)) or SchoolType.SENIOR
    return ParameterInForce(definition, definition.default_for(school_type), is_default=True)


def number(work: Work, key: str) -> int:
    """Return the whole number that holds for a parameter now."""
    value = in_force(work, definition_of(key)).value
    if not isinstance(value, int):
        message = f"parameter {key} is not a number"
        raise Bug(message)
    return value
