"""What a command answers: for a person and for a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """The result of a command.

    Attributes:
        text: for a person, translated, may have several lines.
        data: for `--json`.
        held: False when the command ran but what it checked does not hold (exit code 1).
    """

    text: str
    data: Mapping[str, Any]
    held: bool = True
