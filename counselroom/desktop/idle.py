"""Noticing that nobody sits at the computer any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class IdleWatch(Protocol):
    """Calls back once nobody has touched keys or mouse for a while, or the computer has slept."""

    def start(self, minutes: int, leave: Callable[[], None]) -> None:
        """Watch from now on; `leave` is called once."""
        ...

    def set_minutes(self, minutes: int) -> None:
        """Change the time while watching."""
        ...

    def stop(self) -> None:
        """Watch no more."""
        ...
