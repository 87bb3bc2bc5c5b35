"""The plan of the school: which checklists hold, and a school's own copy of one (SYS-27, R-17)."""

from __future__ import annotations

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.office import Parameter
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.crisis_criteria import Criterion
from counselroom.rules.crisis_plan import Checklist
from counselroom.services import access, parameter_values
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.plan_files import limit_unit, read_checklist, shipped_checklists, shipped_criteria

_PREFIX = "checklist:"
"""Before the key of a checklist, among the parameters: that is where the school's own text is kept."""


def list_checklists(actor: Actor, desk: Desk) -> tuple[Checklist, ...]:
    """Return the checklists that hold, the school's own copies in the place of those that ship."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("parameter"), work)
        return tuple(checklist(work, key) for key in shipped_checklists())


def set_checklist(actor: Actor, desk: Desk, key: str, source: str | None) -> Done[Checklist]:
    """Take a school's own copy of a checklist for every 专案 begun from now on; None returns to the shipped one.

    Raises:
        PlanRefused: with the line that is wrong; what held before still holds.
        UserError: there is no such checklist.
        AccessDenied: the actor does not direct the room.
    """
    original = shipped_checklists().get(key)
    if original is None:
        raise UserError(_("There is no such checklist."), _("Nothing was changed."))
    new = original if source is None else read_checklist(source, f"{key}.school.toml", original=original)
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("parameter", _PREFIX + key), work, digest=new.sha256)
        row = work.session.get(Parameter, _PREFIX + key)
        if row is not None:
            work.session.delete(row)
            work.session.flush()
        if source is not None:
            work.session.add(
                Parameter(key=_PREFIX + key, value=new.source, changed_at=work.now, changed_by=actor.account_id)
            )
        work.changed("parameter", _PREFIX + key)
        return Done(new, work.changes())


def list_criteria(actor: Actor, desk: Desk) -> tuple[Criterion, ...]:
    """Return C01 to C22 with the school's numbers in their words."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("parameter"), work)
        return criteria(work)


def checklist(work: Work, key: str) -> Checklist:
    """Return the checklist that holds now."""
    original = shipped_checklists()[key]
    row = work.session.get(Parameter, _PREFIX + key)
    return original if row is None else read_checklist(str(row.value), f"{key}.school.toml", original=original)


def criteria(work: Work) -> tuple[Criterion, ...]:
    """Return the criteria with the school's numbers."""
    numbers = {key: parameter_values.number(work, key) for key in ("low_mood_days", "life_event_months")}
    return tuple(
        Criterion(one.key, one.text.format_map(numbers), one.at_once, one.own_words, one.group)
        for one in shipped_criteria()
    )


def minutes_of(work: Work, within: str, minutes: int | None) -> int | None:
    """Return the minutes of a limit as the parameters stand now (R-17); None for none."""
    if not within:
        return minutes
    return parameter_values.number(work, within) * (limit_unit(within) or 1)
