"""The end of the user's presence as the system tells it: the session is locked or switched, the computer sleeps."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol


class Cause(StrEnum):
    """Why the room is locked; the word that goes to the log."""

    KEY = "key"
    IDLE = "idle"
    WOKE = "woke"
    SESSION_LOCKED = "session-locked"
    SCREEN_SAVER = "screen-saver"
    USER_SWITCHED = "user-switched"
    SLEEP = "sleep"
    CLOSED = "closed"


Leave = Callable[[Cause], None]
"""Told why the room must be locked; called in whatever thread noticed it."""


class SessionWatch(Protocol):
    """Tells when the session is locked or switched and when the computer is about to sleep.

    Where sleep can be held up, it is, until `stop` is called or the process ends: the room is locked before.
    """

    def start(self, leave: Leave) -> None:
        """Watch from now on; returns at once, and is silent where the system tells nothing."""
        ...

    def stop(self) -> None:
        """Watch no more, and let the computer sleep."""
        ...
