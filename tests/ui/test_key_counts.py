"""How many keys the worst day and the common day take, counted through the real window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from counselroom.rules.crisis_words import CrisisKind, StepState
from counselroom.services.crisis import event
from counselroom.ui.main_window import MainWindow
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.crisis_support import begin
from tests.services.world import World
from tests.ui import looks
from tests.ui.crisis_cases import has
from tests.ui.rooms import HandPrinters, alone, window_on

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


class Keyboard:
    """Presses keys where the keyboard is, and counts them; typed text is not counted."""

    def __init__(self, window: MainWindow, room: Room, qtbot: QtBot) -> None:
        self.window, self.room, self.qtbot = window, room, qtbot
        self.count = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, *, rest: bool = True) -> None:
        self.count += 1
        QTest.keyClick(self.focus(), key, modifier)
        if rest:
            self.rest()

    def focus(self) -> QWidget:
        """Return what has the keyboard; without a screen the window is not made active again after a dialog."""
        dialog = self.window.dialogs.dialog
        inside = (dialog.focusWidget() if dialog is not None else None) or self.window.focusWidget()
        return QApplication.focusWidget() or inside or self.window

    def type(self, text: str) -> None:
        for character in text:
            QTest.keyClicks(self.focus(), character)

    def rest(self) -> None:
        """Wait until what was asked for, and what was asked for because of it, has arrived."""
        for _round in range(3):
            arrived: list[None] = []
            owner = QObject()
            self.room.tasks.query(owner, lambda: None, arrived.append)
            self.room.tasks.job(lambda _job: None, arrived.append)
            self.qtbot.waitUntil(has(arrived, 2), timeout=20_000)
            looks.settle()


Opened = tuple[Keyboard, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as (window, room, world):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        yield Keyboard(window, room, qtbot), world


def two_cases(keys: Keyboard, world: World) -> str:
    """Begin a calm 专案 and an urgent one and return the urgent one."""

    def work() -> str:
        urgent = begin(world, student_id=world.students[1], found_at=world.clock.now() - timedelta(hours=2))
        begin(world, kind=CrisisKind.OTHER)
        return urgent

    keys.rest()
    return alone(keys.room, work)


@pytest.mark.parametrize("waits", [True, False])
def test_from_any_page_to_the_most_urgent_case_takes_two_keys(opened: Opened, waits: bool) -> None:
    keys, world = opened
    urgent = two_cases(keys, world)
    for page in ("students", "settings"):
        keys.window.go_to(page)
        keys.rest()
        keys.count = 0
        keys.press(Qt.Key.Key_4, ALT, rest=waits)
        keys.press(Qt.Key.Key_Return)
        keys.rest()
        assert keys.count == 2
        assert keys.window.page().key == "crisis"
        assert keys.window.page().state()["event"] == urgent


def test_the_next_step_takes_two_keys_and_the_note(opened: Opened) -> None:
    keys, world = opened
    urgent = two_cases(keys, world)
    step_id = alone(keys.room, lambda: event(world.me, world.desk, urgent).next_step)
    keys.window.go_to("crisis", {"event": urgent})
    keys.rest()
    keys.count = 0
    keys.press(Qt.Key.Key_Return)
    dialog = keys.window.dialogs.dialog
    assert dialog is not None
    assert dialog.arguments == {"step": step_id}
    keys.type("anquan")
    keys.press(Qt.Key.Key_Return, CTRL)
    assert keys.window.dialogs.dialog is not None, "it is late: the reason is asked for"
    keys.type("luoshi")
    keys.press(Qt.Key.Key_Return, CTRL)
    keys.rest()
    assert keys.count <= 4
    assert keys.window.dialogs.dialog is None
    done = {step.id: step for step in alone(keys.room, lambda: event(world.me, world.desk, urgent)).steps}
    step = done[str(step_id)]
    assert (step.state, step.note, step.late_reason, step.done_by) == (StepState.DONE, "anquan", "luoshi", "林老师")


def test_an_item_in_time_takes_two_keys_and_the_note(opened: Opened) -> None:
    keys, world = opened
    keys.rest()
    calm = alone(keys.room, lambda: begin(world, kind=CrisisKind.OTHER))
    keys.window.go_to("crisis", {"event": calm})
    keys.rest()
    keys.count = 0
    keys.press(Qt.Key.Key_Return)
    keys.type("ok")
    keys.press(Qt.Key.Key_Return, CTRL)
    keys.rest()
    assert keys.count == 2
    steps = alone(keys.room, lambda: event(world.me, world.desk, calm)).steps
    assert (steps[0].state, steps[0].note) == (StepState.DONE, "ok")
    assert keys.focus() is keys.window.page().first(), "the next one is one key away"


def test_the_notice_to_the_guardian_is_on_paper_after_three_keys(opened: Opened) -> None:
    keys, world = opened
    calm = two_cases(keys, world)
    keys.window.go_to("crisis", {"event": calm})
    keys.rest()
    keys.count = 0
    keys.press(Qt.Key.Key_P, CTRL)
    keys.press(Qt.Key.Key_Return)
    keys.qtbot.waitUntil(lambda: keys.window.page().key == "print_preview", timeout=10_000)
    keys.qtbot.waitUntil(lambda: keys.focus().accessibleName() == "打印", timeout=20_000)
    printers = keys.room.printers
    assert isinstance(printers, HandPrinters)
    keys.press(Qt.Key.Key_Return)
    keys.qtbot.waitUntil(lambda: len(printers.printed) == 2, timeout=20_000)  # one copy goes out, one stays
    keys.rest()
    assert keys.count == 3
    printed = alone(keys.room, lambda: world.sql("SELECT form_id, audience FROM print_log"))
    assert sorted(printed) == [("F-46", "guardian"), ("F-46", "room")]


def test_the_words_of_the_notice_can_be_changed_on_the_way(opened: Opened) -> None:
    keys, world = opened
    calm = two_cases(keys, world)
    keys.window.go_to("crisis", {"event": calm})
    keys.rest()
    keys.window.dialogs.open("guardian_notice", {"event": calm})
    keys.rest()
    keys.count = 0
    keys.press(Qt.Key.Key_Return)
    keys.qtbot.waitUntil(lambda: keys.window.page().key == "print_preview", timeout=10_000)
    assert keys.count == 1
    rows = alone(keys.room, lambda: world.sql("SELECT facts, issued_at FROM guardian_notice"))
    assert len(rows) == 1
    assert rows[0][0] == "课间同学告诉班主任"
    assert rows[0][1]
