"""Parameters of the school (requirements §3.0, R-17): definitions with their defaults, and what value holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from counselroom.rules.school import SchoolType

Value: TypeAlias = int | str | bool


@dataclass(frozen=True)
class ParameterDefinition:
    """A parameter as `resources/parameters.toml` defines it.

    Attributes:
        key: such as `session_min`.
        title: in Chinese.
        unit: such as `分钟`, may be empty.
        default: for every school type without one of its own.
        by_school: defaults of single school types.
        smallest: the least value a school may set, for numbers.
        largest: the greatest value a school may set, for numbers.
        choices: the allowed words, for words.
        source: where the requirement comes from.
    """

    key: str
    title: str
    unit: str
    default: Value
    by_school: Mapping[SchoolType, Value]
    smallest: int | None
    largest: int | None
    choices: tuple[str, ...]
    source: str

    def default_for(self, school_type: SchoolType) -> Value:
        """Return the default of a type of school."""
        return self.by_school.get(school_type, self.default)

    def accepts(self, value: object) -> bool:
        """Return whether a school may set this value: same kind as the default, within its limits."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, int):
            return (
                isinstance(value, int)
                and (self.smallest is None or value >= self.smallest)
                and (self.largest is None or value <= self.largest)
            )
        return isinstance(value, str) and (not self.choices or value in self.choices)
