"""Makes ready, while the user reads the first page, what the next pages would let the window wait for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from counselroom.services.forms import all_forms
from counselroom.ui.room import Room

_WORKS: tuple[Callable[[], object], ...] = (all_forms, lambda: import_module("pypinyin"))


def warm(room: Room) -> None:
    """Read all forms and the readings of characters as jobs; a failure is met again, with its page, by who needs them."""
    for work in _WORKS:
        room.tasks.job(lambda _job, work=work: work(), lambda _made: None, reads=False, on_failed=lambda _error: None)
