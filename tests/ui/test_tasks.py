"""Work goes to the lanes and its results come back on the thread of the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from counselroom.errors import UserError
from counselroom.services import drafts
from counselroom.services.changes import ChangeSet, Done
from counselroom.ui.changes import ChangeBus
from counselroom.ui.tasks import Tasks
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step
from tests.conftest import HandClock
from tests.services.world import MORNING, World, opened_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened_world(Path(tmp_path_factory.mktemp("tasks")) / "vault", HandClock(MORNING)) as world:
        yield world


class Setting:
    def __init__(self, world: World) -> None:
        self.bus = ChangeBus()
        self.failures: list[BaseException] = []
        self.tasks = Tasks(world.desk.vault, self.bus, self.failures.append)


@pytest.fixture
def setting(world: World, qtbot: QtBot) -> Iterator[Setting]:
    setting = Setting(world)
    yield setting
    setting.tasks.close()


def test_a_result_arrives_on_the_thread_of_the_window(setting: Setting, qtbot: QtBot) -> None:
    owner = QObject()
    seen: list[tuple[int, int]] = []
    setting.tasks.query(owner, threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != threading.get_ident()
    assert seen[0][1] == threading.get_ident()


def test_a_change_is_published_before_its_own_answer(setting: Setting, world: World, qtbot: QtBot) -> None:
    heard: list[str] = []
    setting.bus.changed.connect(lambda changes: heard.append("bus" if changes.concerns("draft") else "wrong"))
    setting.tasks.change(
        lambda: drafts.save_draft(world.me, world.desk, "here", {"text": "一"}), lambda done: heard.append("answer")
    )
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["bus", "answer"]


def test_a_change_of_nothing_is_not_published(setting: Setting) -> None:
    heard: list[object] = []
    setting.bus.changed.connect(heard.append)
    setting.bus.publish(ChangeSet())
    assert heard == []


def test_a_failure_goes_to_who_asked_for_it_or_to_everybodys_handler(setting: Setting, qtbot: QtBot) -> None:
    def refuse() -> Done[None]:
        raise UserError("不行。")

    mine: list[BaseException] = []
    setting.tasks.change(refuse, on_failed=mine.append)
    setting.tasks.change(refuse, lambda done: mine.append(AssertionError("no answer")))
    qtbot.waitUntil(lambda: bool(setting.failures))
    assert [str(error) for error in mine] == ["不行。"]
    assert [str(error) for error in setting.failures] == ["不行。"]


def test_a_result_for_a_destroyed_widget_is_dropped(setting: Setting, qtbot: QtBot) -> None:
    gate = threading.Event()
    owner, there, seen = QLabel(), QObject(), list[str]()
    setting.tasks.query(owner, gate.wait, lambda found: seen.append("gone"))
    delete(owner)
    gate.set()
    setting.tasks.query(there, lambda: 1, lambda found: seen.append("there"))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["there"]


def test_a_newer_query_of_the_same_key_replaces_the_older(setting: Setting, qtbot: QtBot) -> None:
    owner, seen = QObject(), list[int]()
    for number in range(20):
        setting.tasks.query(owner, lambda number=number: number, seen.append, key="typing")
    qtbot.waitUntil(lambda: 19 in seen)
    assert seen[-1] == 19
    assert len(seen) < 20


def test_a_job_tells_its_progress_and_its_result(setting: Setting, qtbot: QtBot) -> None:
    steps: list[tuple[object, ...]] = []
    seen: list[str] = []

    def work(job: Job[str]) -> str:
        job.progress(Step.COPY, 1, 2)
        return "done"

    setting.tasks.job(work, seen.append, progress=lambda *step: steps.append((*step, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert steps == [(Step.COPY, 1, 2, threading.get_ident())]


def test_a_cancelled_job_fails_with_cancelled(setting: Setting, qtbot: QtBot) -> None:
    started = threading.Event()

    def work(job: Job[None]) -> None:
        started.set()
        while not job.is_cancelled():
            pass
        raise Cancelled

    failed: list[BaseException] = []
    job = setting.tasks.job(work, lambda done: None, on_failed=failed.append, reads=False)
    assert started.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], Cancelled)


def test_nothing_arrives_after_closing(setting: Setting, qtbot: QtBot) -> None:
    seen: list[int] = []
    setting.tasks.change(lambda: 1, seen.append)
    assert setting.tasks.close()
    qtbot.wait(20)
    assert seen == []


def test_a_closed_window_asks_for_nothing(setting: Setting, qtbot: QtBot) -> None:
    assert setting.tasks.close()
    asked: list[str] = []
    setting.tasks.query(QObject(), lambda: "read", asked.append)
    qtbot.wait(20)
    assert asked == []
