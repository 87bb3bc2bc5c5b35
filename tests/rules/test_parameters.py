"""What a school may set, and the shipped definitions (R-17)."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from counselroom import resources
from counselroom.rules.parameters import ParameterDefinition, Value
from counselroom.rules.school import SchoolType


def definition(
    default: Value,
    smallest: int | None = None,
    largest: int | None = None,
    choices: tuple[str, ...] = (),
    by_school: dict[SchoolType, Value] | None = None,
) -> ParameterDefinition:
    return ParameterDefinition("key", "题目", "", default, by_school or {}, smallest, largest, choices, "source")


@pytest.mark.parametrize(
    ("value", "accepted"),
    [(9, False), (10, True), (11, True), (59, True), (60, True), (61, False), (-10, False), (0, False)],
)
def test_a_number_lies_within_its_limits_both_included(value: int, accepted: bool) -> None:
    assert definition(45, 10, 60).accepts(value) is accepted


@pytest.mark.parametrize(("value", "accepted"), [(-(10**9), True), (60, True), (61, False)])
def test_without_a_least_value_only_the_greatest_counts(value: int, accepted: bool) -> None:
    assert definition(45, None, 60).accepts(value) is accepted


@pytest.mark.parametrize(("value", "accepted"), [(9, False), (10, True), (10**9, True)])
def test_without_a_greatest_value_only_the_least_counts(value: int, accepted: bool) -> None:
    assert definition(45, 10, None).accepts(value) is accepted


def test_a_limit_of_nought_is_a_limit() -> None:
    assert definition(5, 0, None).accepts(0)
    assert not definition(5, 0, None).accepts(-1)
    assert definition(-5, None, 0).accepts(0)
    assert not definition(-5, None, 0).accepts(1)


@pytest.mark.parametrize("value", [True, False, "45", 45.0, None, [45]])
def test_a_number_is_nothing_but_a_whole_number(value: object) -> None:
    assert not definition(45).accepts(value)


@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_are_accepted_for_yes_and_no(value: bool) -> None:
    assert definition(True).accepts(value)
    assert definition(False).accepts(value)


@pytest.mark.parametrize("value", [1, 0, "true", "", None])
def test_yes_and_no_are_nothing_else(value: object) -> None:
    assert not definition(False).accepts(value)
    assert not definition(True).accepts(value)


@pytest.mark.parametrize(
    ("value", "accepted"),
    [("notify", True), ("required", True), ("maybe", False), ("", False), (1, False), (True, False), (None, False)],
)
def test_a_word_is_one_of_its_choices(value: object, accepted: bool) -> None:
    assert definition("notify", choices=("notify", "required")).accepts(value) is accepted


@pytest.mark.parametrize(("value", "accepted"), [("anything", True), ("", True), (7, False), (None, False)])
def test_a_word_without_choices_is_any_word(value: object, accepted: bool) -> None:
    assert definition("word").accepts(value) is accepted


def test_a_type_of_school_has_its_own_default() -> None:
    ratio = definition(1000, by_school={SchoolType.UNIVERSITY: 4000, SchoolType.SPECIAL: 0})
    assert ratio.default_for(SchoolType.UNIVERSITY) == 4000
    assert ratio.default_for(SchoolType.SPECIAL) == 0
    assert ratio.default_for(SchoolType.PRIMARY) == 1000


# ----- the shipped definitions -----

SHIPPED = tomllib.loads(resources.read_text("resources/parameters.toml"))


def shipped(key: str) -> ParameterDefinition:
    entry = SHIPPED[key]
    return ParameterDefinition(
        key,
        entry["title"],
        entry.get("unit", ""),
        entry["default"],
        {SchoolType(school): value for school, value in entry.get("by_school", {}).items()},
        entry.get("smallest"),
        entry.get("largest"),
        tuple(entry.get("choices", ())),
        entry["source"],
    )


@pytest.mark.parametrize("key", SHIPPED)
def test_R17_every_shipped_default_is_one_a_school_could_set(key: str) -> None:
    parameter = shipped(key)
    assert parameter.accepts(parameter.default)
    for school in SchoolType:
        assert parameter.accepts(parameter.default_for(school))


@pytest.mark.parametrize("key", SHIPPED)
def test_R17_every_shipped_number_has_limits_and_every_word_choices(key: str) -> None:
    parameter = shipped(key)
    if isinstance(parameter.default, str):
        assert len(set(parameter.choices)) == len(parameter.choices) > 1
    elif not isinstance(parameter.default, bool):
        assert parameter.smallest is not None
        assert parameter.largest is not None
        assert parameter.smallest < parameter.largest


@pytest.mark.parametrize("key", SHIPPED)
def test_R17_every_shipped_parameter_says_what_it_is_and_where_it_comes_from(key: str) -> None:
    known = {"title", "unit", "default", "by_school", "smallest", "largest", "choices", "source"}
    assert set(SHIPPED[key]) <= known
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", key)
    assert re.search(r"[一-鿿]", SHIPPED[key]["title"])
    assert re.match(r"P\.|SYS-\d\d|F?R-\d\d", SHIPPED[key]["source"])


def test_R17_shipped_titles_are_all_different() -> None:
    assert len({entry["title"] for entry in SHIPPED.values()}) == len(SHIPPED)


@pytest.mark.parametrize(
    ("key", "school", "value"),
    [
        ("session_min", SchoolType.SENIOR, 45),
        ("session_max", SchoolType.SENIOR, 60),
        ("session_default", SchoolType.PRIMARY, 50),
        ("note_due_hours", SchoolType.PRIMARY, 48),
        ("minor_age", SchoolType.PRIMARY, 18),
        ("referral_completion_days", SchoolType.JUNIOR, 3),
        ("referral_reminder_first_days", SchoolType.JUNIOR, 7),
        ("referral_reminder_second_days", SchoolType.JUNIOR, 30),
        ("retention_years_student", SchoolType.JUNIOR, 6),
        ("small_cell", SchoolType.JUNIOR, 5),
        ("staff_ratio", SchoolType.PRIMARY, 1000),
        ("staff_ratio", SchoolType.UNIVERSITY, 4000),
        ("budget_per_student", SchoolType.VOCATIONAL, 10),
        ("budget_per_student", SchoolType.UNIVERSITY, 15),
        ("guardian_consent_policy", SchoolType.PRIMARY, "notify"),
    ],
)
def test_R17_the_defaults_are_those_of_the_regulations(key: str, school: SchoolType, value: Value) -> None:
    assert shipped(key).default_for(school) == value


def test_R17_the_default_length_lies_between_the_shortest_and_the_longest() -> None:
    shortest, default, longest = (SHIPPED[f"session_{word}"]["default"] for word in ("min", "default", "max"))
    assert shortest <= default <= longest


def test_R17_every_parameter_the_services_ask_for_is_defined() -> None:
    services = Path(resources.__file__).parent / "services"
    asked = {
        node.args[1].value
        for path in services.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "parameter_values.number"
        and isinstance(node.args[1], ast.Constant)
    }
    assert {"session_min", "session_max", "referral_completion_days"} <= asked, "the call has another name now"
    assert asked <= set(SHIPPED)
