"""What each page and dialog is opened for in the tests that open all of them: ids of the world's rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.services.world import World

EXAMPLES: dict[str, Callable[[World], dict[str, Any]]] = {}
"""Arguments by the key of a page or dialog; one that is not here is opened for nothing in particular."""


def arguments_for(key: str, world: World) -> dict[str, Any]:
    """Return what the page or dialog `key` is opened for."""
    return EXAMPLES[key](world) if key in EXAMPLES else {}
