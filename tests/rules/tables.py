"""Reads the small tables in which the tests of the rules are written."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


def steps(text: str, states: type[State]) -> dict[State, frozenset[State]]:
    """Return the states that may follow each state; every state must have its line."""
    table = {}
    for line in text.strip().splitlines():
        now, *then = line.split()
        table[states(now)] = frozenset(states(word) for word in then)
    assert set(table) == set(states)
    return table
