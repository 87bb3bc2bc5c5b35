from __future__ import annotations

import pytest

from counselroom.printing.conditions import applies
from counselroom.printing.definitions import Comparison, EnableWhen, Operator


def comparison(operator: str, answer: str | int | bool, question: str = "q") -> Comparison:
    return Comparison(question=question, operator=Operator(operator), answer=answer)


@pytest.mark.parametrize(
    ("operator", "answer", "value", "holds"),
    [
        ("exists", True, "x", True),
        ("exists", True, "", False),
        ("exists", True, None, False),
        ("exists", False, None, True),
        ("exists", False, "x", False),
        ("=", "hospital", "hospital", True),
        ("=", "hospital", "school", False),
        ("=", "hospital", None, False),
        ("=", "a", ["a", "b"], True),
        ("=", "c", ["a", "b"], False),
        ("!=", "hospital", "school", True),
        ("!=", "hospital", "hospital", False),
        ("!=", "hospital", None, False),
        (">", 3, 4, True),
        (">", 3, 3, False),
        (">=", 3, 3, True),
        ("<", 3, 2, True),
        ("<=", 3, 4, False),
        (">", 3, "4", False),
        ("=", True, True, True),
    ],
)
def test_one_comparison(operator: str, answer: str | int | bool, value: object, holds: bool) -> None:
    assert applies(EnableWhen(all=(comparison(operator, answer),)), {"q": value}) is holds


def test_all_and_any() -> None:
    both = (comparison("=", "x", "a"), comparison("=", "y", "b"))
    assert applies(EnableWhen(all=both), {"a": "x", "b": "y"})
    assert not applies(EnableWhen(all=both), {"a": "x"})
    assert applies(EnableWhen(any=both), {"a": "x"})
    assert not applies(EnableWhen(any=both), {"a": "z"})


def test_an_item_without_a_condition_always_applies() -> None:
    assert applies(None, {})
