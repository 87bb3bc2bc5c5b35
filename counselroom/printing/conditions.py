"""Decides whether an item applies, from the answers to other items (`enableWhen`)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping

from counselroom.printing.definitions import Comparison, EnableWhen, Operator

_ORDERED: dict[Operator, Callable[[int, int], bool]] = {
    Operator.GREATER: operator.gt,
    Operator.LESS: operator.lt,
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
}


def applies(condition: EnableWhen | None, values: Mapping[str, object]) -> bool:
    """Tell whether an item with `condition` applies to the answers `values`, by linkId. No condition: it does."""
    if condition is None:
        return True
    if condition.any:
        return any(_holds(comparison, values) for comparison in condition.any)
    return all(_holds(comparison, values) for comparison in condition.all)


def _holds(comparison: Comparison, values: Mapping[str, object]) -> bool:
    value = values.get(comparison.question)
    exists = value not in (None, "", (), [], frozenset(), set())
    if comparison.operator is Operator.EXISTS:
        return exists is bool(comparison.answer)
    if not exists:
        return False
    if comparison.operator in _ORDERED:
        return isinstance(value, int) and _ORDERED[comparison.operator](value, int(comparison.answer))
    equal = _is_answer(value, comparison.answer)
    return equal if comparison.operator is Operator.EQUAL else not equal


def _is_answer(value: object, answer: object) -> bool:
    """Of several ticked choices, one is enough."""
    if isinstance(value, Collection) and not isinstance(value, str):
        return answer in value
    return value == answer
