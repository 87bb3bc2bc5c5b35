"""The school's parameters: definitions are data, a value set by the school replaces the default (R-17)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import cast

from sqlalchemy import select

from counselroom import resources
from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.model.office import Parameter
from counselroom.model.school import School
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.parameters import ParameterDefinition, Value
from counselroom.rules.school import SchoolType
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work


@dataclass(frozen=True)
class ParameterInForce:
    """A definition with the value that holds."""

    definition: ParameterDefinition
    value: Value
    is_default: bool


@cache
def _definitions() -> dict[str, ParameterDefinition]:
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


def _definition(key: str) -> ParameterDefinition:
    try:
        return _definitions()[key]
    except KeyError:
        message = f"unknown parameter {key}"
        raise Bug(message) from None


def _in_force(work: Work, definition: ParameterDefinition) -> ParameterInForce:
    stored = work.session.get(Parameter, definition.key)
    if stored is not None:
        return ParameterInForce(definition, cast("Value", stored.value), is_default=False)
    school_type = work.session.scalar(select(School.school_type)) or SchoolType.SENIOR
    return ParameterInForce(definition, definition.default_for(school_type), is_default=True)


def number(work: Work, key: str) -> int:
    """Return the whole number that holds for a parameter now."""
    value = _in_force(work, _definition(key)).value
    if not isinstance(value, int):
        message = f"parameter {key} is not a number"
        raise Bug(message)
    return value


def list_parameters(actor: Actor, desk: Desk) -> tuple[ParameterInForce, ...]:
    """Return all parameters with the values that hold, in the order of the file."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("parameter"), work)
        return tuple(_in_force(work, definition) for definition in _definitions().values())


def set_parameter(actor: Actor, desk: Desk, key: str, value: Value | None) -> Done[ParameterInForce]:
    """Set a parameter for everything that is new from now on; None returns to the default (R-17).

    Raises:
        UserError: the value is outside the limits of the definition.
        AccessDenied: the actor does not direct the room.
    """
    definition = _definition(key)
    if value is not None and not definition.accepts(value):
        raise UserError(
            _("“{title}” cannot have this value.").format(title=definition.title),
            _("The old value still holds."),
            _("Allowed: {limits}.").format(
                limits=" / ".join(definition.choices) or f"{definition.smallest}-{definition.largest}"
            ),
        )
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("parameter", key), work)
        before = _in_force(work, definition)
        row = work.session.get(Parameter, key)
        if value is None:
            if row is not None:
                work.session.delete(row)
        elif row is None:
            work.session.add(Parameter(key=key, value=value, changed_at=work.now, changed_by=actor.account_id))
        else:
            row.value, row.changed_at, row.changed_by = value, work.now, actor.account_id
        work.audit(actor, "set_parameter", "parameter", key, digest=f"{before.value}>{value}")
        work.changed("parameter", key)
        work.session.flush()
        undo = Undo(
            _("“{title}” was changed.").format(title=definition.title),
            "set_parameter",
            {"key": key, "value": None if before.is_default else before.value},
        )
        return Done(_in_force(work, definition), work.changes(undo))
