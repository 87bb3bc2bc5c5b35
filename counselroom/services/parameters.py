"""The school's parameters: listed, and changed for everything that is new (R-17)."""

from __future__ import annotations

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.office import Parameter
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.parameters import Value
from counselroom.services import access, parameter_values
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk
from counselroom.services.parameter_values import ParameterInForce
from counselroom.services.rows import moved_on


def list_parameters(actor: Actor, desk: Desk) -> tuple[ParameterInForce, ...]:
    """Return all parameters with the values that hold, in the order of the file."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("parameter"), work)
        return tuple(
            parameter_values.in_force(work, definition) for definition in parameter_values.definitions().values()
        )


def set_parameter(
    actor: Actor, desk: Desk, key: str, value: Value | None, seen: Value | None = None
) -> Done[ParameterInForce]:
    """Set a parameter for everything that is new from now on; None returns to the default (R-17).

    Args:
        actor: who sets it.
        desk: the open vault.
        key: of `resources/parameters.toml`.
        value: the new value, or None.
        seen: for an undo, the value that must still hold.

    Raises:
        UserError: the value is outside the limits of the definition, or it is no longer the one that was `seen`.
        AccessDenied: the actor does not direct the room.
    """
    definition = parameter_values.definition_of(key)
    if value is not None and not definition.accepts(value):
        raise UserError(
            _("“{title}” cannot have this value.").format(title=definition.title),
            _("The old value still holds."),
            _("Allowed: {limits}.").format(
                limits=" / ".join(definition.choices) or f"{definition.smallest}-{definition.largest}"
            ),
        )
    with desk.change() as work:
        before = parameter_values.in_force(work, definition)
        if seen is not None and before.value != seen:
            raise moved_on()
        digest = f"{before.value}>{value}"
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("parameter", key), work, digest=digest)
        row = work.session.get(Parameter, key)
        if value is None:
            if row is not None:
                work.session.delete(row)
        elif row is None:
            work.session.add(Parameter(key=key, value=value, changed_at=work.now, changed_by=actor.account_id))
        else:
            row.value, row.changed_at, row.changed_by = value, work.now, actor.account_id
        work.changed("parameter", key)
        work.session.flush()
        after = parameter_values.in_force(work, definition)
        undo = Undo(
            _("“{title}” was changed.").format(title=definition.title),
            "set_parameter",
            {"key": key, "value": None if before.is_default else before.value, "seen": after.value},
        )
        return Done(after, work.changes(undo))
