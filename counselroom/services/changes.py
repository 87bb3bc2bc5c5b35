"""What a change tells the rest of the program: which things changed, and how it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Undo:
    """A new, audited change that takes a change back.

    Attributes:
        sentence: what the button's toast says, translated, without a name.
        service: the key of the service in `services.undo`.
        args: its keyword arguments. `seen` is the moment the row was last changed; a row that has moved on since is
            left alone, with a sentence.
    """

    sentence: str
    service: str
    args: Mapping[str, object]


@dataclass(frozen=True)
class ChangeSet:
    """Kinds and ids of what changed; pages reload if it concerns them."""

    changed: frozenset[tuple[str, str]] = frozenset()
    undo: Undo | None = None

    def concerns(self, *kinds: str) -> bool:
        """Return whether something of one of these kinds changed."""
        return any(kind in kinds for kind, _ in self.changed)


@dataclass(frozen=True)
class Done(Generic[T]):
    """The result of a change: what the caller wanted, and what changed."""

    value: T
    changes: ChangeSet = field(default_factory=ChangeSet)
