"""Makes ready, while the user reads the first page, what the next pages would let the window wait for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from counselroom.services.finding import warm_up
from counselroom.services.forms import all_forms
from counselroom.ui.room import Room
from counselroom.vault.lanes import Job

_WORKS: tuple[Callable[[], object], ...] = (all_forms, warm_up)


def warm(room: Room) -> None:
    """Read all forms and the readings of characters as jobs; who needs them meets a failure again, with its page."""
    for work in _WORKS:
        room.tasks.job(partial(_do, work), _ignore, reads=False, on_failed=_ignore)


def _do(work: Callable[[], object], _job: Job[object]) -> object:
    return work()


def _ignore(result: object) -> None:
    del result
