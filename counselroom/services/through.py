"""How a long piece of work gets at the writing connection for a short one: a job hands it to the change lane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Through(Protocol):
    """How a short piece of work gets at the writing connection."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Do the work, wait for its result and return it."""
        ...


def here(work: Callable[[], T], /) -> T:
    """Do the work here and now."""
    return work()
