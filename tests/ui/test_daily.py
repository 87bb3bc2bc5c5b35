"""What is done once a day: follow-up tasks go on, in pieces, and not where the vault is only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from counselroom.rules.care_words import TierSubtype
from counselroom.services import follow_up_plans
from counselroom.ui.daily import DailyWork
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.care_support import confirmed, pass_days
from tests.services.world import World, opened_world
from tests.ui.rooms import alone, room_in


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, clock: HandClock) -> Iterator[tuple[Room, World]]:
    with opened_world(tmp_path / "vault", clock) as world:
        room = room_in(world, icons, tmp_path)
        yield room, world
        room.tasks.close()


def tasks(room: Room, world: World) -> int:
    return int(alone(room, lambda: world.sql("SELECT count(*) FROM follow_up_task WHERE rule = 'FR-11'"))[0][0])


def test_each_new_day_the_tasks_go_on(
    opened: tuple[Room, World], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, world = opened
    monkeypatch.setattr(follow_up_plans, "_STUDENTS", 1)  # a piece for each student
    for student in world.students[:2]:
        alone(room, lambda student=student: confirmed(world, student_id=student, subtype=TierSubtype.ACUTE_STRESS))
    daily = DailyWork(room)
    first = tasks(room, world)
    pass_days(world, 3)
    daily.look()
    qtbot.waitUntil(lambda: tasks(room, world) == first + 6)  # FR-11 asks for one each day and student
    daily.look()  # the same day: nothing more
    pass_days(world, 1)
    daily.look()
    qtbot.waitUntil(lambda: tasks(room, world) == first + 8)


def test_it_leaves_alone_who_may_not_and_what_is_only_read(opened: tuple[Room, World], qtbot: QtBot) -> None:
    room, world = opened
    alone(room, lambda: confirmed(world, subtype=TierSubtype.ACUTE_STRESS))
    before = tasks(room, world)
    pass_days(world, 3)
    said: list[str] = []
    room.messages.failed.connect(said.append)
    object.__setattr__(room, "actor", world.archivist)
    DailyWork(room).look()
    alone(room, lambda: None)
    qtbot.wait(20)
    assert (tasks(room, world), said) == (before, [])


def test_after_a_lock_it_does_nothing(opened: tuple[Room, World], qtbot: QtBot) -> None:
    """Its first look comes a while after the unlocking, and a lock may have come before."""
    room, _world = opened
    work = DailyWork(room)
    room.tasks.close()
    work.look()
    assert work._done_on is None
