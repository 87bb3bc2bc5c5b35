"""Two students told apart: remembered, taken back, and carried along when one of them is merged."""

from __future__ import annotations

import pytest

from counselroom.errors import UserError
from counselroom.rules.duplicates import pair_of
from counselroom.services import undo
from counselroom.services.different_persons import compare_again, tell_apart, told_apart
from counselroom.services.duplicates import merge_students
from tests.services.world import World


def test_a_pair_is_kept_once_whichever_of_the_two_is_named_first(world: World) -> None:
    one, other = world.students[:2]
    tell_apart(world.me, world.desk, one, other)
    tell_apart(world.me, world.desk, other, one)
    assert told_apart(world.me, world.desk) == {pair_of(one, other)}


def test_it_is_taken_back_and_said_again(world: World) -> None:
    one, other = world.students[:2]
    done = tell_apart(world.me, world.desk, one, other)
    assert done.changes.concerns("different_persons")
    assert done.changes.undo is not None
    undo.take_back(world.me, world.desk, done.changes.undo)
    assert told_apart(world.me, world.desk) == frozenset()
    compare_again(world.me, world.desk, one, other)  # nothing is left to take back
    tell_apart(world.me, world.desk, one, other)
    assert told_apart(world.me, world.desk) == {pair_of(one, other)}


def test_somebody_who_is_not_there_is_not_told_apart(world: World) -> None:
    with pytest.raises(UserError):
        tell_apart(world.me, world.desk, world.students[0], "0" * 32)
    assert told_apart(world.me, world.desk) == frozenset()


def test_pairs_follow_a_merge(world: World) -> None:
    first, second, third = world.students[:3]
    tell_apart(world.me, world.desk, first, third)
    tell_apart(world.me, world.desk, second, third)
    tell_apart(world.me, world.desk, first, second)
    actor = world.me.because("同一名学生录了两次")
    merge_students(actor, world.desk, first, second)
    assert told_apart(world.me, world.desk) == {pair_of(first, third)}
    merge_students(actor, world.desk, first, third)
    assert told_apart(world.me, world.desk) == frozenset()


def test_pairs_of_the_one_given_up_are_the_winners(world: World) -> None:
    first, second, third = world.students[:3]
    tell_apart(world.me, world.desk, second, third)
    merge_students(world.me.because("同一名学生录了两次"), world.desk, first, second)
    assert told_apart(world.me, world.desk) == {pair_of(first, third)}
