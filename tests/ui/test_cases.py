"""The page 个案: 专案 with the most urgent first, filters, empty states, masking, the clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counselroom.rules.crisis_words import CrisisKind
from counselroom.services.crisis_lists import event_list
from counselroom.ui.dialogs.start_crisis import StartCrisisDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.cases import CasesPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.crisis_support import begin
from tests.services.world import World
from tests.ui import looks
from tests.ui.crisis_cases import closed_case, has
from tests.ui.rooms import alone, window_on

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        yield parts


def rest(opened: Opened, qtbot: QtBot) -> None:
    for _round in range(3):
        arrived: list[None] = []
        owner = QObject()
        opened[1].tasks.query(owner, lambda: None, arrived.append)
        qtbot.waitUntil(has(arrived, 1), timeout=20_000)
        looks.settle()


def page_of(opened: Opened, qtbot: QtBot) -> CasesPage:
    opened[0].go_to("cases")
    rest(opened, qtbot)
    page = opened[0].page()
    assert isinstance(page, CasesPage)
    return page


def cells(page: CasesPage, row: int) -> list[str]:
    model = page.first().model()  # type: ignore[attr-defined]  # a table
    return [str(model.index(row, column).data() or "") for column in range(model.columnCount())]


def test_the_most_urgent_comes_first_and_is_chosen(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    rest(opened, qtbot)

    def work() -> None:
        begin(world, kind=CrisisKind.OTHER)
        begin(world, student_id=world.students[1], found_at=world.clock.now() - timedelta(hours=2))

    alone(opened[1], work)
    page = page_of(opened, qtbot)
    assert cells(page, 0)[0] == "Z2026-002"
    assert page.first().currentIndex().row() == 0  # type: ignore[attr-defined]  # a table
    assert cells(page, 0)[5].startswith("已过 2 小时")
    assert cells(page, 1)[5].startswith("立即")


def test_names_and_levels_are_masked_until_f8(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    rest(opened, qtbot)
    alone(opened[1], lambda: begin(world))
    page = page_of(opened, qtbot)
    assert cells(page, 0)[1] == "欧阳同学"
    QTest.keyClick(opened[0], Qt.Key.Key_F8)
    looks.settle()
    assert cells(page, 0)[1] == "欧阳若曦"


def test_without_an_open_case_it_begins_with_counselling(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    rest(opened, qtbot)
    closed = alone(opened[1], lambda: closed_case(world))
    page = page_of(opened, qtbot)
    assert page.state()["view"] == ""
    assert not page._table.isVisible()
    page.restore({"view": "crisis"})
    rest(opened, qtbot)
    assert page._empty.isVisible()
    page.restore({"view": "crisis", "closed": True})
    rest(opened, qtbot)
    assert page._model.event_at(0) == closed


def test_ctrl_e_writes_a_note_for_the_client_of_the_chosen_counselling_case(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    rest(opened, qtbot)
    alone(room, lambda: (world.case(), begin(world, student_id=world.students[1])))
    page = page_of(opened, qtbot)
    assert page.current_student() is None, "the chosen row is a crisis case"
    page.restore({"view": "counselling"})
    rest(opened, qtbot)
    assert page.current_student() == world.students[0]
    window.activateWindow()
    QTest.keyClick(page.first(), Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert window.page().key == "note"


def test_a_case_is_begun_without_a_question_and_taken_back(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page_of(opened, qtbot)
    room.ways.open_dialog("start_crisis", student=world.students[0])
    rest(opened, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, StartCrisisDialog)
    dialog.put("facts", "课间同学告诉班主任")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(opened, qtbot)
    assert window.page().key == "crisis"
    assert len(alone(room, lambda: event_list(world.me, world.desk)).lines) == 1
    assert window._toast.text() == "专案 Z2026-001 已启动。"
    window._toast.undo()
    rest(opened, qtbot)
    assert alone(room, lambda: event_list(world.me, world.desk)).lines == ()
    assert window.page().key == "cases"


def test_a_student_is_asked_for(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    room.ways.open_dialog("start_crisis")
    rest(opened, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, StartCrisisDialog)
    dialog.act()
    assert dialog._who.error()
    dialog.finish()


def test_a_clock_that_was_set_is_told(opened: Opened, qtbot: QtBot, clock: HandClock) -> None:
    world = opened[2]
    rest(opened, qtbot)
    alone(opened[1], lambda: begin(world, kind=CrisisKind.OTHER))
    page = page_of(opened, qtbot)
    assert page.banner_text() == ""
    page._time._offset -= timedelta(minutes=30)  # the hand clock drives counter and clock alike
    page._tick()
    assert page._time.has_jumped() or page.banner_text()
