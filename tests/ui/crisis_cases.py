"""专案 in the states the tests of the window look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from counselroom.rules.crisis_words import ContactOutcome, ContactRole, CrisisKind, WatcherRole
from counselroom.services import crisis, crisis_log, crisis_steps, guard_24h
from tests.services.crisis_support import begin, step_named
from tests.services.world import GUARDIAN, World


def has(arrived: list[None], count: int) -> Callable[[], bool]:
    """Return what tells whether so many answers have arrived."""
    return lambda: len(arrived) >= count


def running_case(world: World) -> str:
    """Return a 专案 with items done, a guard, contacts and a log."""
    event_id = begin(world, kind=CrisisKind.OTHER)
    for item in ("CK-E-01", "CK-E-02"):
        crisis_steps.complete_step(world.me, world.desk, step_named(world, event_id, item).id, note="已办")
    begin_guard(world, event_id)
    data = crisis_log.ContactData(
        ContactRole.GUARDIAN, GUARDIAN, ContactOutcome.REACHED, phone="13811112222", said="一小时内到校"
    )
    crisis_log.attempt_contact(world.me, world.desk, event_id, data)
    crisis_log.add_line(world.me, world.desk, event_id, "学生在辅导室，情绪平稳")
    return event_id


def begin_guard(world: World, event_id: str) -> str:
    """Return a running guard with two watchers for six hours."""
    now = world.clock.now()
    period = guard_24h.begin_guard(world.me, world.desk, event_id, "辅导室", now).value
    for name in ("林老师", "周老师"):
        guard_24h.add_shift(world.me, world.desk, period, name, WatcherRole.COUNSELLOR, now, now + timedelta(hours=6))
    return period


def example_event(world: World) -> dict[str, Any]:
    """Return the arguments of the page and of dialogs about a whole 专案."""
    return {"event": running_case(world)}


def example_step(world: World) -> dict[str, Any]:
    """Return the arguments of the dialog about one item."""
    return {"step": step_named(world, running_case(world), "CK-E-09").id}


def closed_case(world: World) -> str:
    """Return a 专案 that was begun by mistake and closed."""
    event_id = begin(world, kind=CrisisKind.OTHER)
    crisis.close_as_mistaken(world.me, world.desk, event_id, "核对后确认是误会")
    return event_id
