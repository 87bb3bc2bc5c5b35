"""The codes of a form's choices are the words of the column behind it: a code that differs is never ticked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Boolean, Enum

from counselroom import resources
from counselroom.rules.people import SpecialGroup
from counselroom.services.bindings import COLUMNS
from counselroom.services.plan_files import shipped_criteria


def items(value: object) -> Iterator[dict[str, Any]]:
    """Yield every item with choices, however deep it lies."""
    if isinstance(value, dict):
        if "linkId" in value and "options" in value:
            yield value
        for inner in value.values():
            yield from items(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from items(inner)


def bound_choices() -> Iterator[tuple[str, str, str, set[str]]]:
    for name in resources.names("forms", ".toml"):
        form = tomllib.loads(resources.read_text(name))
        for item in items(form):
            if "bind" in item:
                codes = {option["code"] if isinstance(option, dict) else option for option in item["options"]}
                yield form["form"]["id"], item["linkId"], item["bind"], codes


def words_of(path: str) -> set[str] | None:
    kind = COLUMNS[path].property.columns[0].type
    if isinstance(kind, Enum):
        return set(kind.enums)
    if isinstance(kind, Boolean):
        return {"yes", "no"}
    if path == "assessment.criteria":
        return {criterion.key for criterion in shipped_criteria()}
    return {group.value for group in SpecialGroup} if path == "card.special_groups" else None


def test_there_are_choices_to_look_at() -> None:
    assert {("F-50", "urgency"), ("F-11", "risk_level")} <= {(form, item) for form, item, _, _ in bound_choices()}


@pytest.mark.parametrize(("form", "item", "path", "codes"), list(bound_choices()))
def test_the_codes_of_a_choice_are_the_words_of_its_column(form: str, item: str, path: str, codes: set[str]) -> None:
    words = words_of(path)
    assert words is not None, f"{path} is no column of words"
    assert codes == words
