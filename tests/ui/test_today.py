"""今日 through the real window: the day by keys, what is masked, small windows, clocks, quick notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from counselroom.rules.counselling import AppointmentState
from counselroom.services import appointments, duty, follow_ups, scratch_notes, sessions
from counselroom.services.undo import take_back
from counselroom.ui.dialogs.give_scratch import GiveScratchDialog
from counselroom.ui.dialogs.scratch import ScratchDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.today import TodayPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import TextScale
from counselroom.ui.today.clock_table import FACE
from counselroom.ui.today.lists import ShortTable
from counselroom.ui.today.time_watch import Passed
from tests.conftest import HandClock
from tests.services.crisis_support import begin
from tests.services.register_rows_support import filed
from tests.services.world import MORNING, World
from tests.ui import looks
from tests.ui.rooms import alone, window_on

T = TypeVar("T")
Opened = tuple[MainWindow, Room, World]
HOUR = timedelta(hours=1)
_went: list[tuple[str, dict[str, Any]]] = []
"""The pages that were asked for in a test; they are other people's and not opened."""


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MORNING)


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        _went.clear()
        parts[1].ways.page_wanted.disconnect()
        parts[1].ways.page_wanted.connect(lambda page, arguments: _went.append((page, arguments)))
        yield parts


def shown(opened: Opened, qtbot: QtBot) -> TodayPage:
    """Read the page anew and return it."""
    page = opened[0].page()
    assert isinstance(page, TodayPage)
    before = page._today
    page._is_stale = True
    page._watch.tick()
    qtbot.waitUntil(lambda: page._today is not None and page._today is not before, timeout=10_000)
    looks.settle()
    return page


def plant(opened: Opened, work: Callable[[World], T]) -> T:
    _window, room, world = opened
    return alone(room, lambda: work(world))


def book(world: World, hour: int, student: int = 0, mine: bool = True) -> str:
    who = world.me if mine else world.colleague
    booking = world.booking(
        days=0, hour=hour, client_id=world.students[student], counsellor_id=who.person_id, room_id=None
    )
    return appointments.book_appointment(who, world.desk, booking).value.id


def column(table: ShortTable, number: int) -> list[str]:
    model = table.model_of_rows
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def key(widget: Any, code: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, code, modifier)


def test_the_window_opens_on_today_and_an_empty_day_says_so(opened: Opened, qtbot: QtBot) -> None:
    page = shown(opened, qtbot)
    assert page.key == "today"
    assert not page._visits.isVisible()
    assert "今天还没有预约。" in [label.text() for label in page._visit_list.findChildren(QLabel)]
    assert page.header._meta.text() == "10月12日 星期一，第一学期第 7 周"
    assert opened[0].focusWidget() is page._book


def test_arrival_and_note_by_two_keys_and_undo(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    visit_id = plant(opened, lambda world: book(world, 10))
    plant(opened, lambda world: book(world, 9, student=1))
    page = shown(opened, qtbot)
    assert column(page._visits, 7) == ["登记到达", "登记到达"]
    page._visits.choose(visit_id)
    said: list[tuple[str, Any]] = []
    room.messages.done.connect(lambda sentence, undo: said.append((sentence, undo)))
    page._visits.setFocus()
    key(page._visits, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: column(page._visits, 7) == ["登记到达", "写记录"])
    assert (page._visits.current_key(), said[0][0]) == (visit_id, "已登记到达。")
    assert page._visits.model_of_rows.index(1, 6).data() == "进行中"
    opened[2].clock.moment += timedelta(seconds=2)
    key(page._visits, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert _went == [("note", {"appointment": visit_id})]
    plant(opened, lambda world: take_back(world.me, world.desk, said[0][1]))
    page = shown(opened, qtbot)
    assert column(page._visits, 7) == ["登记到达", "登记到达"]


def test_the_second_half_of_a_double_click_does_not_do_the_next_step(opened: Opened, qtbot: QtBot) -> None:
    visit_id = plant(opened, lambda world: book(world, 10))
    page = shown(opened, qtbot)
    page._steps.do_visit(visit_id)
    qtbot.waitUntil(lambda: column(page._visits, 7) == ["写记录"])
    page._steps.do_visit(visit_id)
    assert _went == []


@pytest.mark.parametrize("states", [["no_show"], ["checked_in", "completed"]])
def test_what_comes_next_after_each_state(opened: Opened, qtbot: QtBot, states: list[str]) -> None:
    def work(world: World) -> str:
        visit_id = book(world, 10)
        for state in states:
            appointments.set_appointment_state(world.me, world.desk, visit_id, AppointmentState(state))
        return visit_id

    visit_id = plant(opened, work)
    page = shown(opened, qtbot)
    page._steps.do_visit(visit_id)
    if states == ["no_show"]:
        assert column(page._visits, 7) == ["改约"]
    else:
        assert _went == [("note", {"appointment": visit_id})]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_who_does_not_come_is_marked_by_space_and_enter_and_it_can_be_undone(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    visit_id = plant(opened, lambda world: book(world, 10))
    page = shown(opened, qtbot)
    said: list[tuple[str, Any]] = []
    room.messages.done.connect(lambda sentence, undo: said.append((sentence, undo)))
    page._visits.choose(visit_id)
    page._visits.setFocus()
    key(page._visits, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["未到", "取消预约", "打开预约"]
    key(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: column(page._visits, 6) == ["未到"])
    assert said[0][0] == "已标记未到。"
    assert [words for words, _icon, _do in page._steps.offered(visit_id)] == ["改回待到", "打开预约"]
    plant(opened, lambda world: take_back(world.me, world.desk, said[0][1]))
    page = shown(opened, qtbot)
    assert column(page._visits, 6) == ["待到"]


def test_the_menu_of_a_visit_by_the_menu_key_the_right_button_and_the_visible_button(
    opened: Opened, qtbot: QtBot
) -> None:
    page = shown(opened, qtbot)
    assert not page._visit_more.isEnabled()
    assert page._steps.offered("gone") == ()
    came = plant(opened, lambda world: book(world, 9, student=1))
    plant(
        opened,
        lambda world: appointments.set_appointment_state(world.me, world.desk, came, AppointmentState.CHECKED_IN),
    )
    page = shown(opened, qtbot)
    asked: list[str] = []
    page._visits.menu_wanted.disconnect()
    page._visits.menu_wanted.connect(lambda visit, _where: asked.append(visit))
    viewport, reason = page._visits.viewport(), QContextMenuEvent.Reason
    QApplication.sendEvent(page._visits, QContextMenuEvent(reason.Keyboard, QPoint(), QPoint()))
    on_row, below = QPoint(20, 10), QPoint(20, viewport.height() - 2)
    for place in (on_row, below):
        QApplication.sendEvent(viewport, QContextMenuEvent(reason.Mouse, place, viewport.mapToGlobal(place)))
    page._visit_more.click()
    assert asked == [came] * 3
    page._steps.offered(came)[0][2]()
    qtbot.waitUntil(lambda: column(page._visits, 6) == ["待到"])


def test_enter_opens_the_student(opened: Opened, qtbot: QtBot) -> None:
    plant(opened, lambda world: book(world, 10))
    page = shown(opened, qtbot)
    page._visits.setFocus()
    key(page._visits, Qt.Key.Key_Return)
    assert _went == [("student_record", {"student": opened[2].students[0]})]


def test_names_and_quick_notes_are_covered_until_f8(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    plant(opened, lambda world: book(world, 10))
    plant(opened, lambda world: scratch_notes.write_scratch(world.me, world.desk, "张晓明的班主任来电"))
    plant(opened, lambda world: begin(world))
    page = shown(opened, qtbot)
    assert (column(page._visits, 2), column(page._scratch.table, 1)) == (["欧阳同学"], ["已遮住，按 F8 显示"])
    assert "欧阳同学" in page._matter_model.index(0, 0).data()
    assert page._ribbon._blocks[0].words == "欧阳同学"
    key(window, Qt.Key.Key_F8)
    assert (column(page._visits, 2), column(page._scratch.table, 1)) == (["欧阳若曦"], ["张晓明的班主任来电"])
    assert (page._ribbon._blocks[0].words, page.face().masked) == ("欧阳若曦", False)


def test_the_ribbon_by_keys_and_by_mouse_chooses_the_row_below(opened: Opened, qtbot: QtBot) -> None:
    first = plant(opened, lambda world: book(world, 10, student=1))
    second = plant(opened, lambda world: book(world, 14, student=2))
    theirs = plant(opened, lambda world: book(world, 11, student=0, mine=False))
    page = shown(opened, qtbot)
    ribbon = page._ribbon
    ribbon.setFocus()
    assert ribbon.current() == first
    key(ribbon, Qt.Key.Key_Right)
    assert (ribbon.current(), page._visits.current_key()) == (second, second)
    assert column(page._visits, 0) == ["10:00", "14:00"]
    key(ribbon, Qt.Key.Key_Down)
    assert (page._visits.current_key(), column(page._visits, 0)) == (theirs, ["10:00", "11:00", "14:00"])
    key(ribbon, Qt.Key.Key_Up)
    key(ribbon, Qt.Key.Key_Left)
    key(ribbon, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page._visits
    QTest.mouseClick(ribbon.viewport(), Qt.MouseButton.LeftButton, pos=ribbon.block_rect(second).center())
    assert page._visits.current_key() == second
    assert "14:00–14:50" in ribbon.accessibleDescription()
    QTest.mouseClick(ribbon.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert page._visits.current_key() == second


def test_more_than_three_lanes_scroll(opened: Opened, qtbot: QtBot) -> None:
    page = shown(opened, qtbot)
    two = page._ribbon.height()
    page._ribbon.show_day(("甲", "乙", "丙"), (), opened[2].clock.now())
    three = page._ribbon.height()
    assert (three > two, page._ribbon.verticalScrollBar().maximum()) == (True, 0)
    page._ribbon.show_day(("甲", "乙", "丙", "丁", "戊"), (), opened[2].clock.now())
    assert (page._ribbon.height(), page._ribbon.verticalScrollBar().maximum() > 0) == (three, True)


def test_notes_to_sign_and_visits_without_a_note(opened: Opened, qtbot: QtBot) -> None:
    def work(world: World) -> tuple[str, str]:
        note = sessions.start_note(world.me, world.desk, world.case(), world.draft("草稿")).value.id
        came = appointments.walk_in(world.me, world.desk, world.students[1]).value.id
        return note, came

    note, came = plant(opened, work)
    opened[2].clock.moment += 2 * HOUR
    page = shown(opened, qtbot)
    assert column(page._notes, 3) == ["写记录", "续写"]
    assert page._sections.unsigned.facts() == "2 份，签名前只有您可见"
    page._notes.setFocus()
    page._notes.choose(note)
    key(page._notes, Qt.Key.Key_Return)
    page._notes.choose(came)
    key(page._notes, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert _went == [("note", {"session": note}), ("note", {"appointment": came})]


def test_a_matter_opens_its_case_and_its_clock_runs(opened: Opened, qtbot: QtBot) -> None:
    event_id = plant(opened, begin)
    page = shown(opened, qtbot)
    faces = [page._matter_model.index(row, 0).data(FACE) for row in range(page._matter_model.rowCount())]
    at_once = next(face for face in faces if face.grace is not None)
    timed = next(face for face in faces if face.grace is None)
    assert (at_once.chip().text, at_once.share(), at_once.is_late()) == ("立即", None, False)
    assert (timed.chip(), timed.share() > 0.9) == (None, True)
    opened[2].clock.moment += HOUR
    page._watch._last = (opened[2].clock.now(), opened[2].clock.since_boot())
    page._watch.tick()
    later = page._matter_model.index(page._matter_model.row_of(timed.key), 0).data(FACE)
    assert timedelta(minutes=59) < timed.clock.left - later.clock.left < timedelta(minutes=61)
    assert page._matter_model.index(page._matter_model.row_of(at_once.key), 0).data(FACE).is_late()
    assert "已过" in page._sections.matters.facts()
    page._matters.setFocus()
    key(page._matters, Qt.Key.Key_Return)
    assert _went == [("crisis", {"event": event_id})]


def test_a_report_that_waits_leads_to_its_assessment(opened: Opened, qtbot: QtBot) -> None:
    row = plant(opened, lambda world: filed(world, "F-40", date="2026-10-12", urgency="soon"))
    page = shown(opened, qtbot)
    face = page._matter_model.index(0, 0).data(FACE)
    assert (face.clock.name, face.clock.due, face.verb) == ("评估老师的随时报告", "今天内", "去评估")
    page._matters.setCurrentIndex(page._matter_model.index(0, 0))
    page._matters.setFocus()
    key(page._matters, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    about = {"student": opened[2].students[0], "source_entity": "register_row", "source_id": row.id}
    assert _went == [("assessment", about)]


def test_only_the_most_urgent_matters_are_listed(opened: Opened, qtbot: QtBot) -> None:
    plant(opened, lambda world: [begin(world) for _number in range(8)])
    page = shown(opened, qtbot)
    assert page._matter_model.rowCount() == 50
    assert "只列最急的 50 项" in page._sections.matters.facts()


def test_a_clock_that_jumps_and_a_machine_that_slept(opened: Opened, qtbot: QtBot) -> None:
    _window, _room, world = opened
    page = shown(opened, qtbot)
    told: list[Passed] = []
    page._watch.ticked.connect(told.append)
    world.clock.moment += timedelta(seconds=30)
    page._watch.tick()
    world.clock.moment += 3 * HOUR  # asleep: clock and counter go on together
    page._watch.tick()
    assert told == [Passed.TIME, Passed.LONG]
    assert page.banner_text() == ""
    counter = world.clock.since_boot()
    page._watch._seconds = lambda: counter + 30
    world.clock.moment -= 2 * HOUR
    page._watch.tick()
    assert told[-1] is Passed.JUMP
    assert "系统时间变动过" in page.banner_text()


def test_follow_ups_of_the_week(opened: Opened, qtbot: QtBot) -> None:
    def work(world: World) -> str:
        today = world.clock.now().date()
        task = follow_ups.add_task(world.me, world.desk, world.students[1], "给母亲回电话", today).value.id
        world.clock.moment += timedelta(days=1)
        return task

    plant(opened, work)
    page = shown(opened, qtbot)
    assert (column(page._tasks, 0), column(page._tasks, 4)) == (["已过 1 天"], ["自拟的随访"])
    page._tasks.setFocus()
    key(page._tasks, Qt.Key.Key_Return)
    assert _went == [("student_record", {"student": opened[2].students[1]})]


def test_duty_stands_in_the_head_and_in_the_ribbon(opened: Opened, qtbot: QtBot) -> None:
    def work(world: World) -> None:
        for hour, who in ((8, world.me), (13, world.colleague)):
            start = world.at(0, hour)
            duty.set_shift(world.me, world.desk, duty.ShiftData(start, start + 4 * HOUR, who.person_id))

    plant(opened, work)
    page = shown(opened, qtbot)
    assert page.header._meta.text().endswith("值班：上午 林老师，下午 周老师")
    assert [block.words for block in page._ribbon._blocks] == ["值班", "值班"]


def test_a_quick_note_is_written_given_and_thrown_away_by_keys(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    page = shown(opened, qtbot)
    key(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page._scratch.field
    for words in ("班主任来电", "借用团辅室"):
        page._scratch.field.insert(words)  # QTest types Latin letters only
        key(page._scratch.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page._scratch.field.text() == "")
    qtbot.waitUntil(lambda: page._scratch.table.model_of_rows.rowCount() == 2)
    table = page._scratch.table
    table.setCurrentIndex(table.model_of_rows.index(0, 0))
    table.setFocus()
    key(table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: table.model_of_rows.rowCount() == 1)
    key(table, Qt.Key.Key_Return)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, GiveScratchDialog)
    qtbot.waitUntil(lambda: dialog._said.text() == "班主任来电")
    QTest.keyClicks(dialog.field, "zxm")
    qtbot.waitUntil(lambda: dialog.give_button.isEnabled())
    assert column(dialog.list, 0) == ["张同学"]
    key(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page._scratch.table.model_of_rows.rowCount() == 0)
    given = plant(opened, lambda world: scratch_notes.list_scratch(world.me, world.desk, also_given=True))
    assert [(note.said, note.subject_person) for note in given] == [("班主任来电", world.students[2])]


def test_a_note_is_given_to_an_open_case(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened

    def work(world: World) -> tuple[str, str, str]:
        world.case(actor=world.colleague, student=2)
        note = scratch_notes.write_scratch(world.me, world.desk, "明天第七节").value.id
        return note, begin(world, student_id=world.students[2]), world.case(student=2)

    note, event_id, case_id = plant(opened, work)
    window.dialogs.open("give_scratch", {"note": note})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, GiveScratchDialog)
    QTest.keyClicks(dialog.field, "zxm")
    qtbot.waitUntil(lambda: dialog.list.model_of_rows.rowCount() == 3 and dialog.give_button.isEnabled())
    assert column(dialog.list, 0)[1] == "　专案 Z2026-001"
    key(dialog.field, Qt.Key.Key_Down)
    key(dialog.field, Qt.Key.Key_Down)
    key(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.dialogs.dialog is None)
    (given,) = plant(opened, lambda world: scratch_notes.list_scratch(world.me, world.desk, also_given=True))
    assert (given.entity, given.entity_id, given.subject_person) == ("case_file", case_id, world.students[2])
    assert event_id


def test_ctrl_j_opens_the_line_on_any_other_page(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.go_to("students")
    key(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, ScratchDialog)
    line = dialog.first()
    assert isinstance(line, QLineEdit)
    line.insert("走廊里遇到")
    key(dialog.first(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.dialogs.dialog is None)
    notes = plant(opened, lambda world: scratch_notes.list_scratch(world.me, world.desk))
    assert [note.said for note in notes] == ["走廊里遇到"]


def test_panels_become_tabs_in_small_windows_and_the_line_stays(opened: Opened, qtbot: QtBot, theme: Theme) -> None:
    window, _room, _world = opened
    page = shown(opened, qtbot)
    page._scratch.field.setFocus()
    page._scratch.field.insert("写到一半")
    assert len(page._arrangement.tab_bars()) == 0
    for size, bars in (((1366, 688), 2), ((1093, 550), 1), ((1440, 900), 0), ((1093, 550), 1)):
        window.resize(*size)
        looks.settle()
        assert len(page._arrangement.tab_bars()) == bars
        assert page._scratch.field.text() == "写到一半"
    window.go_to("students")
    window.go_to("today")
    key(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert page._scratch.field.isVisible()
    assert page.state()["scratch"] == "写到一半"
    window.resize(1440, 900)
    theme.set_scale(TextScale.LARGEST)
    looks.settle()
    assert page._visits.isColumnHidden(1)
    assert not page._visits.isColumnHidden(7)


def test_a_page_behind_another_is_read_when_it_is_seen_again(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page = shown(opened, qtbot)
    window.go_to("students")
    room.tasks.change(lambda: scratch_notes.write_scratch(opened[2].me, opened[2].desk, "电话"), lambda _done: None)
    qtbot.waitUntil(lambda: page._is_stale)
    assert page._scratch.table.model_of_rows.rowCount() == 0
    window.go_to("today")
    qtbot.waitUntil(lambda: page._scratch.table.model_of_rows.rowCount() == 1)
