"""What the demonstration plays on: a clock that it turns itself, the open vault, and the ids it remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from counselroom.demo.invented_school import InventedStudent
from counselroom.errors import UserError
from counselroom.rules.access import Actor
from counselroom.services.desk import Desk
from counselroom.vault.state import Anchor

CHINA = timezone(timedelta(hours=8))
FIRST_DAY = datetime(2026, 10, 12, 7, 50, tzinfo=CHINA)
"""A Monday in the first term."""


class CheckFailed(UserError):
    """A check of the demonstration does not hold."""


def require(held: bool, sentence: str) -> None:
    """Return when a check holds. Raises CheckFailed with its sentence otherwise."""
    if not held:
        raise CheckFailed(sentence)


class DemoClock:
    """A clock that stands still until it is turned, so that the same seed gives the same vault and papers."""

    def __init__(self, start: datetime = FIRST_DAY) -> None:
        self._now = start
        self._start = start

    def now(self) -> datetime:
        """Return the moment; each look takes a millisecond, so that rows keep their order."""
        self._now += timedelta(milliseconds=1)
        return self._now

    def turn_to(self, moment: datetime) -> None:
        """Turn the clock forward to `moment`; it never goes back."""
        self._now = max(self._now, moment)

    def since_boot(self) -> float:
        """Return the seconds since the demonstration began."""
        return (self._now - self._start).total_seconds()

    def boot_id(self) -> str:
        """Return one word for the whole demonstration."""
        return "demo"


class RememberedAnchors:
    """Anchors of the demonstration's vaults, which must not touch this machine's keychain."""

    def __init__(self) -> None:
        self._anchors: dict[str, Anchor] = {}

    def load(self, vault_id: str) -> Anchor | None:
        """Return the anchor of a vault, or None."""
        return self._anchors.get(vault_id)

    def save(self, vault_id: str, anchor: Anchor) -> None:
        """Keep the anchor of a vault."""
        self._anchors[vault_id] = anchor


@dataclass
class Stage:
    """The demonstration's state.

    Attributes:
        out: the folder everything is left in.
        clock: turned by the steps.
        students: the invented school.
        sessions: how many further session notes are written.
        few_screens: only one picture of each page and dialog, light and large.
        anchors: of the vault; a restored vault lives on another machine and has its own.
        ids: what a step leaves for a later one, by a name.
        markers: texts that must not be found in any file that was not asked for.
    """

    out: Path
    clock: DemoClock
    students: tuple[InventedStudent, ...]
    sessions: int
    seed: int
    few_screens: bool = False
    anchors: RememberedAnchors = field(default_factory=RememberedAnchors)
    ids: dict[str, str] = field(default_factory=dict)
    markers: list[str] = field(default_factory=list)
    _desk: Desk | None = None
    _actor: Actor | None = None

    def sit_down(self, desk: Desk, actor: Actor) -> None:
        """Take the open vault for the steps to come."""
        self._desk, self._actor = desk, actor

    @property
    def desk(self) -> Desk:
        """The open vault."""
        if self._desk is None:
            message = "no vault is open"
            raise CheckFailed(message)
        return self._desk

    @property
    def actor(self) -> Actor:
        """The counsellor, who is also archive manager and director, as in most schools."""
        if self._actor is None:
            message = "no vault is open"
            raise CheckFailed(message)
        return self._actor

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment `days` after the first day."""
        return FIRST_DAY.replace(hour=hour, minute=minute) + timedelta(days=days)
