"""Parameters: what holds, what a school may set, and that a change acts on new things only (R-17)."""

from __future__ import annotations

from typing import Any

import pytest

from counselroom.errors import Bug, UserError
from counselroom.rules.school import SchoolType
from counselroom.services import parameter_values
from counselroom.services.desk import AccessDenied
from counselroom.services.parameters import list_parameters, set_parameter
from counselroom.services.school import SchoolProfile, set_school_profile
from counselroom.services.undo import take_back
from tests.services.world import World

DEFINITIONS = parameter_values.definitions()


def test_every_definition_accepts_its_own_defaults() -> None:
    assert len(DEFINITIONS) >= 17
    for key, definition in DEFINITIONS.items():
        assert definition.key == key
        assert definition.title
        assert definition.source
        assert definition.accepts(definition.default)
        for school_type in SchoolType:
            assert definition.accepts(definition.default_for(school_type))
        if not isinstance(definition.default, bool | str):
            assert definition.smallest is not None
            assert definition.largest is not None


def test_an_unknown_parameter_is_a_bug() -> None:
    assert parameter_values.definition_of("session_min") is DEFINITIONS["session_min"]
    with pytest.raises(Bug):
        parameter_values.definition_of("session_mid")


def value(world: World, key: str) -> tuple[Any, bool]:
    found = {item.definition.key: item for item in list_parameters(world.colleague, world.desk)}
    return found[key].value, found[key].is_default


def test_all_are_listed_in_the_order_of_the_file(shared: World) -> None:
    found = list_parameters(shared.me, shared.desk)
    assert [item.definition.key for item in found] == list(DEFINITIONS)
    assert all(item.is_default for item in found)


def test_the_default_follows_the_type_of_school(world: World) -> None:
    assert value(world, "staff_ratio") == (1000, True)
    set_school_profile(world.me, world.desk, SchoolProfile("云岭大学", "YL", SchoolType.UNIVERSITY, "心理中心"))
    assert value(world, "staff_ratio") == (4000, True)
    assert value(world, "session_min") == (45, True)
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM school")
    assert value(world, "staff_ratio") == (1000, True)


def test_a_value_is_set_changed_and_returned_to_the_default(world: World) -> None:
    done = set_parameter(world.director, world.desk, "note_due_hours", 24)
    assert (done.value.value, done.value.is_default) == (24, False)
    assert done.changes.changed == {("parameter", "note_due_hours")}
    assert value(world, "note_due_hours") == (24, False)
    assert world.sql("SELECT changed_by FROM parameter") == [(world.director.account_id,)]
    set_parameter(world.me, world.desk, "note_due_hours", 72)
    assert world.sql("SELECT value, changed_by FROM parameter") == [("72", world.me.account_id)]
    back = set_parameter(world.me, world.desk, "note_due_hours", None)
    assert (back.value.value, back.value.is_default) == (48, True)
    set_parameter(world.me, world.desk, "note_due_hours", None)
    assert world.sql("SELECT count(*) FROM parameter") == [(0,)]
    rows = [(row.action, row.entity_id, row.digest) for row in world.audit() if row.entity == "parameter"]
    assert [row[2] for row in rows] == ["48>24", "24>72", "72>None", "48>None"]
    assert {row[:2] for row in rows} == {("manage_school", "note_due_hours")}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("session_min", 9),
        ("session_min", 121),
        ("session_min", "45"),
        ("session_min", True),
        ("guardian_consent_policy", "sometimes"),
        ("guardian_consent_policy", 1),
    ],
)
def test_a_value_outside_its_limits_is_refused(shared: World, key: str, wrong: Any) -> None:
    log = shared.audit()
    with pytest.raises(UserError) as caught:
        set_parameter(shared.me, shared.desk, key, wrong)
    assert caught.value.next_step
    assert DEFINITIONS[key].title in caught.value.happened
    assert value(shared, key) == (DEFINITIONS[key].default, True)
    assert shared.audit() == log


def test_words_are_chosen_from_the_list(world: World) -> None:
    set_parameter(world.me, world.desk, "guardian_consent_policy", "required")
    assert value(world, "guardian_consent_policy") == ("required", False)


def test_only_the_director_sets(world: World) -> None:
    for actor in (world.colleague, world.archivist):
        with pytest.raises(AccessDenied):
            set_parameter(actor, world.desk, "session_min", 30)
    assert value(world, "session_min") == (45, True)


def test_undo_returns_to_what_held_or_refuses(world: World) -> None:
    first = set_parameter(world.me, world.desk, "session_min", 30)
    second = set_parameter(world.me, world.desk, "session_min", 40)
    assert first.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, first.changes.undo)
    assert value(world, "session_min") == (40, False)
    assert second.changes.undo is not None
    take_back(world.me, world.desk, second.changes.undo)
    assert value(world, "session_min") == (30, False)
    take_back(world.me, world.desk, first.changes.undo)
    assert value(world, "session_min") == (45, True)


def test_a_word_is_no_number(world: World) -> None:
    with world.desk.look() as work:
        assert parameter_values.number(work, "session_max") == 60
        with pytest.raises(Bug):
            parameter_values.number(work, "guardian_consent_policy")
