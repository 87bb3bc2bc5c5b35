"""日程 and all booking, through the real window by keys and by the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from counselroom.rules.care_words import DutyChannel
from counselroom.rules.counselling import AppointmentState, CancelledBy
from counselroom.rules.school import DayKind
from counselroom.rules.series import Every
from counselroom.services import duty, school, waiting
from counselroom.services.appointment_series import Repeats, book_series
from counselroom.services.appointments import book_appointment, set_appointment_state
from counselroom.services.schedule import Entry, schedule
from counselroom.ui.dialogs.appointment import AppointmentDialog
from counselroom.ui.dialogs.walk_in import WalkInDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.schedule import SchedulePage
from counselroom.ui.room import Room
from counselroom.ui.schedule.grid_layout import Cell
from counselroom.ui.schedule.week_grid import WAITING_MIME
from counselroom.ui.schedule.words import parsed_day, parsed_time
from counselroom.ui.theme.icons import Icons
from tests.conftest import CHINA, HandClock
from tests.services.world import World
from tests.ui.rooms import window_on

T = TypeVar("T")
Opened = tuple[MainWindow, Room, World]
MONDAY = date(2026, 10, 12)
KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot) -> Iterator[Opened]:
    clock = HandClock(datetime(2026, 10, 12, 9, 0, tzinfo=CHINA))
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        qtbot.waitUntil(parts[0].isActiveWindow)
        yield parts


def on_lane(room: Room, work: Callable[[], T]) -> T:
    return room.tasks.change(work).result(30)


def book(opened: Opened, days: int = 1, hour: int = 14, **changes: Any) -> str:
    _window, room, world = opened
    return on_lane(room, lambda: book_appointment(world.me, world.desk, world.booking(days, hour, **changes)).value.id)


def open_page(opened: Opened, qtbot: QtBot, **arguments: str) -> SchedulePage:
    window, _room, _world = opened
    window.go_to("schedule", arguments)
    page = window.page()
    assert isinstance(page, SchedulePage)
    qtbot.waitUntil(lambda: page._found is not None, timeout=10_000)
    return page


def entries(opened: Opened, first: date = MONDAY, days: int = 60) -> list[Entry]:
    _window, room, world = opened
    return list(on_lane(room, lambda: schedule(world.me, world.desk, first, first + timedelta(days=days))).entries)


def entry_is(opened: Opened, qtbot: QtBot, entry_id: str, holds: Callable[[Entry], bool]) -> None:
    qtbot.waitUntil(lambda: any(entry.id == entry_id and holds(entry) for entry in entries(opened)), timeout=10_000)


def shown_at(page: SchedulePage, qtbot: QtBot, entry_id: str, hour: int, minute: int = 0) -> None:
    def there() -> bool:
        entry = page._entries.get(entry_id)
        if entry is None:
            return False
        return (entry.starts_at.astimezone(CHINA).hour, entry.starts_at.astimezone(CHINA).minute) == (hour, minute)

    qtbot.waitUntil(there, timeout=10_000)


def put(line: Any, text: str) -> None:
    """Write Chinese, which no key of a test can."""
    line.insert(text)
    line.textEdited.emit(line.text())


def undo(opened: Opened, qtbot: QtBot, said: str) -> None:
    """Take back what is said to be done."""
    window, _room, _world = opened
    qtbot.waitUntil(lambda: said in window._toast.text(), timeout=10_000)
    window.activateWindow()  # without a window manager nobody does it when a dialog has closed
    qtbot.waitUntil(window.isActiveWindow, timeout=10_000)
    press(window, KEY.Key_Z, CONTROL)


def press(widget: QWidget, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


# The grid by keys.


def test_a_cell_is_told_and_arrows_move_by_slot(opened: Opened, qtbot: QtBot) -> None:
    page = open_page(opened, qtbot)
    grid = page._grid
    grid.setFocus()
    grid.set_cell(Cell(0, 0, 10 * 60))
    assert grid.accessibleDescription() == "10月12日 周一，林老师，10:00–10:30，空闲"
    press(grid, KEY.Key_Down)
    press(grid, KEY.Key_Right)
    assert grid.accessibleDescription() == "10月12日 周一，周老师，10:30–11:00，空闲"
    press(grid, KEY.Key_Right)
    press(grid, KEY.Key_Up)
    assert grid.cell() == Cell(1, 0, 10 * 60)
    press(grid, KEY.Key_Left)
    assert grid.cell() == Cell(0, 1, 10 * 60)


def test_the_keyboard_goes_over_an_appointment_and_into_the_next_week(opened: Opened, qtbot: QtBot) -> None:
    entry = book(opened, 4, 14)
    page = open_page(opened, qtbot)
    grid = page._grid
    grid.setFocus()
    assert grid.select(entry)
    assert "欧阳同学" in grid.accessibleDescription()
    assert "待到" in grid.accessibleDescription()
    press(grid, KEY.Key_Down)
    assert grid.cell().minute == 15 * 60
    press(grid, KEY.Key_Up)
    assert grid.current() is not None
    press(grid, KEY.Key_Up)
    assert (grid.current(), grid.cell().minute) == (None, 13 * 60 + 30)
    press(grid, KEY.Key_Right)
    press(grid, KEY.Key_Right)
    qtbot.waitUntil(lambda: page._found is not None and page._found.days[0].on == date(2026, 10, 19), timeout=10_000)
    assert (grid.cell().day, grid.cell().lane) == (0, 0)
    press(grid, KEY.Key_PageUp)
    qtbot.waitUntil(lambda: page._found is not None and page._found.days[0].on == MONDAY, timeout=10_000)


def test_control_and_arrows_reschedule_with_undo(opened: Opened, qtbot: QtBot) -> None:
    _window, _room, world = opened
    entry = book(opened, 1, 14)
    page = open_page(opened, qtbot)
    grid = page._grid
    grid.setFocus()
    grid.select(entry)
    press(grid, KEY.Key_Down, CONTROL)
    shown_at(page, qtbot, entry, 14, 15)
    qtbot.waitUntil(lambda: grid.current() is not None and grid.current().id == entry)  # type: ignore[union-attr]
    press(grid, KEY.Key_Right, CONTROL)
    entry_is(opened, qtbot, entry, lambda found: found.counsellor_id == world.colleague.person_id)
    qtbot.waitUntil(lambda: page._entries[entry].counsellor_id == world.colleague.person_id)
    press(grid, KEY.Key_Down, CONTROL | SHIFT)
    entry_is(opened, qtbot, entry, lambda found: found.ends_at - found.starts_at == timedelta(minutes=65))
    undo(opened, qtbot, "–15:20")
    entry_is(opened, qtbot, entry, lambda found: found.ends_at - found.starts_at == timedelta(minutes=50))


def test_it_does_not_lie_over_another_and_says_over_whom(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    entry = book(opened, 1, 14)
    book(opened, 1, 15, client_id=world.students[1])
    page = open_page(opened, qtbot)
    grid = page._grid
    grid.setFocus()
    grid.select(entry)
    before = entries(opened)
    press(grid, KEY.Key_Down, CONTROL)
    assert window._toast.text() == "与单于同学重叠"
    assert entries(opened) == before


def test_what_has_begun_is_not_moved(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    entry = book(opened, 0, 10)
    on_lane(room, lambda: set_appointment_state(world.me, world.desk, entry, AppointmentState.CHECKED_IN))
    page = open_page(opened, qtbot)
    page._grid.select(entry)
    press(page._grid, KEY.Key_Down, CONTROL)
    assert "尚未进行" in window._toast.text()


def test_enter_books_in_a_free_cell_and_opens_an_appointment(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    entry = book(opened, 1, 14)
    page = open_page(opened, qtbot)
    grid = page._grid
    grid.set_cell(Cell(2, 1, 9 * 60))
    press(grid, KEY.Key_Return)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    assert dialog.arguments["counsellor"] == world.colleague.person_id
    qtbot.waitUntil(lambda: dialog.form.day.text() == "2026-10-14", timeout=10_000)
    assert dialog.form.state()["time"] == "09:00"
    dialog.finish()
    grid.select(entry)
    press(grid, KEY.Key_Return)
    assert window.dialogs.dialog is not None
    assert window.dialogs.dialog.arguments == {"appointment": entry}
    window.dialogs.dialog.finish()


def test_del_cancels_with_a_reason_and_undo(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    entry = book(opened, 1, 14)
    page = open_page(opened, qtbot)
    page._grid.select(entry)
    press(page._grid, KEY.Key_Delete)
    dialog = window.dialogs.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: getattr(dialog, "_told", None) is not None, timeout=10_000)
    put(dialog.first(), "病假")
    dialog._waits.box.setChecked(True)  # type: ignore[attr-defined]
    press(dialog.first(), KEY.Key_Return)
    entry_is(opened, qtbot, entry, lambda found: found.state is AppointmentState.CANCELLED)
    qtbot.waitUntil(lambda: page._waiting.model().rowCount() == 1, timeout=10_000)
    undo(opened, qtbot, "已取消")
    entry_is(opened, qtbot, entry, lambda found: found.state is AppointmentState.CONFIRMED)
    qtbot.waitUntil(lambda: page._waiting.model().rowCount() == 0, timeout=10_000)


# The grid by the mouse.


def centre(page: SchedulePage, entry_id: str) -> QPoint:
    layout = page._grid.layout_shown()
    assert layout is not None
    block = layout.block_of(entry_id)
    assert block is not None
    return layout.block_rect(block).center().toPoint() - QPoint(0, page._grid.verticalScrollBar().value())


def drag(page: SchedulePage, start: QPoint, end: QPoint) -> None:
    port = page._grid.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for part in (3, 2, 1):
        QTest.mouseMove(port, start + (end - start) / part)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def test_an_appointment_is_dragged_to_another_day_and_made_longer(opened: Opened, qtbot: QtBot) -> None:
    entry = book(opened, 1, 14)
    page = open_page(opened, qtbot)
    layout = page._grid.layout_shown()
    assert layout is not None
    start = centre(page, entry)
    down = layout.y(16 * 60) - layout.y(14 * 60)
    across = layout.column(3)[0] - layout.column(1)[0]
    drag(page, start, start + QPoint(across, down))
    shown_at(page, qtbot, entry, 16)
    assert page._entries[entry].starts_at.astimezone(CHINA).date() == date(2026, 10, 15)
    layout = page._grid.layout_shown()
    assert layout is not None
    block = layout.block_of(entry)
    assert block is not None
    edge = layout.block_rect(block).toRect()
    lower = QPoint(edge.center().x(), edge.bottom() - 2 - page._grid.verticalScrollBar().value())
    drag(page, lower, lower + QPoint(0, layout.y(17 * 60 + 20) - layout.y(16 * 60 + 50)))
    entry_is(opened, qtbot, entry, lambda found: found.ends_at - found.starts_at > timedelta(minutes=70))


def test_a_drop_over_another_is_refused_with_its_name(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    entry = book(opened, 1, 14)
    other = book(opened, 2, 14, client_id=world.students[1])
    page = open_page(opened, qtbot)
    before = entries(opened)
    drag(page, centre(page, entry), centre(page, other))
    assert window._toast.text() == "与单于同学重叠"
    assert entries(opened) == before


def test_somebody_who_waits_is_dropped_into_a_free_place(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    row = on_lane(room, lambda: waiting.add_waiting(world.me, world.desk, waiting.WaitingData(world.students[2])))
    page = open_page(opened, qtbot)
    qtbot.waitUntil(lambda: page._waiting.model().rowCount() == 1, timeout=10_000)
    layout = page._grid.layout_shown()
    assert layout is not None
    place = layout.rect(Cell(3, 0, 15 * 60)).center()
    data = QMimeData()
    data.setData(WAITING_MIME, row.value.id.encode())
    event = QDropEvent(
        QPointF(place), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page._grid.dropEvent(event)
    qtbot.waitUntil(lambda: len(page._entries) == 1, timeout=10_000)
    qtbot.waitUntil(lambda: page._waiting.model().rowCount() == 0, timeout=10_000)
    found = next(iter(page._entries.values()))
    assert found.client_id == world.students[2]
    assert found.starts_at.astimezone(CHINA).date() == date(2026, 10, 15)


def test_the_menu_offers_what_can_be_done(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    entry = book(opened, 0, 10)
    page = open_page(opened, qtbot)
    offered = [words for words, _icon, _do in page._steps.offered(page._entries[entry])]
    assert offered == ["打开", "已到", "未到", "取消预约", "打印预约单", "学生页"]
    on_lane(room, lambda: set_appointment_state(world.me, world.desk, entry, AppointmentState.NO_SHOW))
    offered = [words for words, _icon, _do in page._steps.offered(entries(opened)[0])]
    assert offered[1:3] == ["改回待到", "再约"]


# Two absences, masking, the other views.


def test_after_two_absences_in_a_row_one_is_asked_to_get_in_touch(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    first = book(opened, 0, 10)
    on_lane(room, lambda: set_appointment_state(world.me, world.desk, first, AppointmentState.NO_SHOW))
    second = book(opened, 1, 10)
    page = open_page(opened, qtbot)
    page._steps.set_state(page._entries[second], AppointmentState.NO_SHOW)
    qtbot.waitUntil(lambda: "连续 2 次未到" in window._toast.text(), timeout=10_000)
    undo(opened, qtbot, "连续 2 次")
    entry_is(opened, qtbot, second, lambda found: found.state is AppointmentState.CONFIRMED)


def test_names_are_masked_until_f8(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    entry = book(opened, 0, 10)
    page = open_page(opened, qtbot)
    page._grid.select(entry)
    assert "若曦" not in page._grid.accessibleDescription()
    press(window, KEY.Key_F8)
    qtbot.waitUntil(lambda: "欧阳若曦" in page._grid.accessibleDescription(), timeout=10_000)


def test_the_day_is_a_table_with_the_next_step(opened: Opened, qtbot: QtBot) -> None:
    _window, _room, _world = opened
    entry = book(opened, 0, 10)
    page = open_page(opened, qtbot, view="day")
    qtbot.waitUntil(lambda: page._table.rows.rowCount() == 1, timeout=10_000)
    page._table.setFocus()
    press(page._table, KEY.Key_Return, CONTROL)
    entry_is(opened, qtbot, entry, lambda found: found.state is AppointmentState.CHECKED_IN)
    qtbot.waitUntil(lambda: page._table.rows.index(0, 6).data() == "写记录", timeout=10_000)


def test_a_month_shows_counts_and_opens_a_day(opened: Opened, qtbot: QtBot) -> None:
    book(opened, 1, 10)
    page = open_page(opened, qtbot, view="month")
    qtbot.waitUntil(lambda: page._month.item(2, 1) is not None, timeout=10_000)
    assert page._month.item(2, 1).text() == "10月13日\n1 个预约"
    page._month.setCurrentCell(2, 1)
    press(page._month, KEY.Key_Return)
    qtbot.waitUntil(lambda: page._table.rows.rowCount() == 1, timeout=10_000)
    assert page.state()["day"] == "2026-10-13"


def test_duty_is_planned_by_half_days_and_copied(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    data = duty.ShiftData(world.at(0, 8), world.at(0, 12), world.me.person_id)
    on_lane(room, lambda: duty.set_shift(world.me, world.desk, data))
    hotline = replace(data, starts_at=world.at(1, 14), ends_at=world.at(1, 16), channel=DutyChannel.HOTLINE)
    on_lane(room, lambda: duty.set_shift(world.me, world.desk, hotline))
    page = open_page(opened, qtbot, view="duty")
    table = page._duty
    qtbot.waitUntil(lambda: table.item(0, 0) is not None and table.item(0, 0).text() != "", timeout=10_000)
    assert table.item(0, 0).text() == "林老师\n08:00–12:00"
    assert table.item(1, 1).text() == "林老师 热线\n14:00–16:00"
    table.setCurrentCell(1, 2)
    press(table, KEY.Key_Return)
    dialog = window.dialogs.dialog
    assert dialog is not None
    assert dialog.arguments == {"day": "2026-10-14", "from": "13:30", "to": "17:30"}
    qtbot.waitUntil(lambda: bool(dialog.state()["who"]), timeout=10_000)
    press(dialog, KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: table.item(1, 2).text() == "林老师\n13:30–17:30", timeout=10_000)
    page._turn(1)
    qtbot.waitUntil(lambda: table.horizontalHeaderItem(0).text() == "周一 19", timeout=10_000)
    page._copy.click()
    qtbot.waitUntil(lambda: table.item(0, 0).text() == "林老师\n08:00–12:00", timeout=10_000)
    table.setCurrentCell(0, 0)
    press(table, KEY.Key_Delete)
    qtbot.waitUntil(lambda: table.item(0, 0).text() == "", timeout=10_000)
    undo(opened, qtbot, "值班")
    qtbot.waitUntil(lambda: table.item(0, 0).text() != "", timeout=10_000)


def test_a_small_window_begins_with_the_day_and_folds_the_side_away(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.resize(1093, 550)
    page = open_page(opened, qtbot)
    assert page._view.current() == "day"
    assert page._side.isHidden()
    page._side_button.click()
    assert not page._side.isHidden()


def test_the_place_is_the_same_after_a_lock(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    page = open_page(opened, qtbot, day="2026-10-21")
    page._grid.set_cell(Cell(3, 1, 15 * 60))
    state = page.state()
    again = SchedulePage(room, "schedule")
    qtbot.addWidget(again)
    again.resize(1200, 800)
    again.show()
    again.restore(state)
    qtbot.waitUntil(lambda: again._found is not None and again._found.days[0].on == date(2026, 10, 19), timeout=10_000)
    assert again.state() == state


def test_it_prints_the_register_masked_as_it_is_shown(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page = open_page(opened, qtbot)
    wanted: list[tuple[str, Any]] = []
    room.ways.page_wanted.disconnect(window.go_to)
    room.ways.page_wanted.connect(lambda key, arguments: wanted.append((key, arguments)))
    page._print.click()
    press(window, KEY.Key_F8)
    page._print.click()
    assert [arguments["entity_id"] for _key, arguments in wanted] == [
        "2026-10-12_2026-10-18",
        "2026-10-12_2026-10-18_names",
    ]


# Dialogs.


def typed_client(dialog: Any, qtbot: QtBot, text: str) -> None:
    field = dialog.form.client if isinstance(dialog, AppointmentDialog) else dialog._who
    put(field.line, text)
    qtbot.waitUntil(lambda: field.list.isVisible() and field.list.count() > 0, timeout=10_000)


def test_a_clash_is_refused_beside_its_field(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    book(opened, 1, 14)
    window.dialogs.open("appointment", {"starts_at": "2026-10-13T14:00:00+08:00"})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    qtbot.waitUntil(lambda: dialog.form.day.text() != "", timeout=10_000)
    typed_client(dialog, qtbot, "zxm")
    press(dialog.form.client.line, KEY.Key_Return)
    press(dialog, KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool(dialog.form.fields["counsellor"].error()), timeout=10_000)
    assert dialog.form.client.field.error() == ""
    assert len(entries(opened)) == 1
    dialog.finish()


def test_a_series_tells_what_is_left_out_before_it_is_booked(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    on_lane(room, lambda: school.mark_day(world.me, world.desk, date(2026, 10, 20), DayKind.HOLIDAY, "运动会"))
    window.dialogs.open("appointment", {"starts_at": "2026-10-13T14:00:00+08:00", "student": world.students[0]})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    form = dialog.form
    qtbot.waitUntil(lambda: form.client.client() is not None, timeout=10_000)
    form._repeats.setCurrentIndex(form._repeats.findData(Every.WEEK.value))
    QTest.keyClicks(form._end, "4")
    qtbot.waitUntil(lambda: form._plan.text() != "", timeout=10_000)
    assert form._plan.text() == "共 3 次，到11月3日为止。跳过：10月20日（不上课）。"
    dialog.save()
    qtbot.waitUntil(lambda: len(entries(opened)) == 3, timeout=10_000)
    undo(opened, qtbot, "已预约 3 次")
    qtbot.waitUntil(lambda: all(e.state is AppointmentState.CANCELLED for e in entries(opened)), timeout=10_000)


def test_a_change_can_be_for_all_that_follow(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    view = on_lane(
        room, lambda: book_series(world.me, world.desk, world.booking(1, 14), Repeats(Every.WEEK, times=3))
    ).value
    window.dialogs.open("appointment", {"appointment": view.appointments[1].id})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    qtbot.waitUntil(lambda: dialog.form.day.text() != "", timeout=10_000)
    dialog.form._scope.setCurrentIndex(1)
    dialog.form._time.setText("15.30")
    dialog.save()
    qtbot.waitUntil(lambda: [e.starts_at.hour for e in entries(opened)] == [14, 15, 15], timeout=10_000)


def test_a_series_is_cancelled_from_one_on(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    view = on_lane(
        room, lambda: book_series(world.me, world.desk, world.booking(1, 14), Repeats(Every.WEEK, times=3))
    ).value
    window.dialogs.open("cancel_appointment", {"appointment": view.appointments[1].id})
    dialog: Any = window.dialogs.dialog
    qtbot.waitUntil(lambda: dialog._told is not None, timeout=10_000)
    dialog._scope.setCurrentIndex(1)
    dialog._by.setCurrentIndex(dialog._by.findData(CancelledBy.SCHOOL.value))
    dialog.save()
    states = [AppointmentState.CONFIRMED, AppointmentState.CANCELLED, AppointmentState.CANCELLED]
    qtbot.waitUntil(lambda: [e.state for e in entries(opened)] == states, timeout=10_000)


def test_who_types_before_the_proposals_come_keeps_both(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.dialogs.open("appointment", {"starts_at": "2026-10-13T14:00:00+08:00"})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    QTest.keyClicks(dialog.form.client.line, "zxm")
    qtbot.waitUntil(lambda: dialog.form.day.text() == "2026-10-13", timeout=10_000)
    assert dialog.form.client.line.text() == "zxm"
    assert dialog.has_text()
    dialog.finish()


def test_wrong_times_are_named_one_by_one(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.dialogs.open("appointment", {})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    qtbot.waitUntil(lambda: dialog.form.day.text() != "", timeout=10_000)
    dialog.form.day.setText("31-31")
    dialog.form._time.setText("25:00")
    dialog.form._minutes.setText("0")
    dialog.save()
    assert all(dialog.form.fields[name].error() for name in ("day", "time", "minutes"))
    assert dialog.form.client.field.error() == "请选择来访者。"
    dialog.finish()


def test_somebody_is_put_on_the_waiting_list_and_booked_by_enter(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    page = open_page(opened, qtbot)
    window.dialogs.open("waiting", {})
    dialog: Any = window.dialogs.dialog
    typed_client(dialog, qtbot, "zxm")
    press(dialog._who.line, KEY.Key_Return)
    put(dialog._wanted, "周五")
    press(dialog, KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page._waiting.model().rowCount() == 1, timeout=10_000)
    page._grid.set_cell(Cell(4, 0, 9 * 60))
    page._waiting.setFocus()
    press(page._waiting, KEY.Key_Return)
    booking = window.dialogs.dialog
    assert isinstance(booking, AppointmentDialog)
    qtbot.waitUntil(lambda: booking.form.client.client() is not None, timeout=10_000)
    press(booking, KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page._waiting.model().rowCount() == 0, timeout=10_000)
    assert [e.client_id for e in entries(opened)] == [world.students[2]]


def test_somebody_unknown_is_received_as_a_parent(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.dialogs.open("walk_in", {})
    dialog = window.dialogs.dialog
    assert isinstance(dialog, WalkInDialog)
    typed_client(dialog, qtbot, "赵家长")
    press(dialog._who.line, KEY.Key_Return)
    qtbot.waitUntil(lambda: len(entries(opened)) == 1, timeout=10_000)
    assert entries(opened)[0].client_name == "赵家长"
    dialog.reject()


# The budget of keys.


class Keys:
    """Counts what is pressed in the active window, typed letters apart."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.pressed = 0

    def target(self) -> QWidget:
        return QApplication.focusWidget() or QApplication.activeWindow() or self.window

    def press(self, key: Qt.Key, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        press(self.target(), key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.target(), text)


def noted(window: MainWindow, room: Room) -> list[dict[str, Any]]:
    """Return where the way to the note is written down; the page itself has its own tests."""
    wanted: list[dict[str, Any]] = []
    room.ways.page_wanted.disconnect(window.go_to)
    room.ways.page_wanted.connect(lambda key, arguments: wanted.append({"page": key, **arguments}))
    return wanted


def test_booked_arrived_and_the_note_open_within_twelve_keys(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    window.go_to("students")
    wanted = noted(window, room)
    keys = Keys(window)
    keys.press(KEY.Key_N, CONTROL | SHIFT)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, AppointmentDialog)
    qtbot.waitUntil(lambda: dialog.form.day.text() != "" and dialog.form.client.line.hasFocus(), timeout=10_000)
    keys.type("zxm")
    keys.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: dialog.form.client.client() is not None, timeout=10_000)
    keys.press(KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.dialogs.dialog is None, timeout=10_000)
    window.activateWindow()  # without a window manager nobody does it when a dialog has closed
    qtbot.waitUntil(window.isActiveWindow, timeout=10_000)
    keys.press(KEY.Key_2, ALT)
    page = window.page()
    assert isinstance(page, SchedulePage)
    qtbot.waitUntil(lambda: page._grid.current() is not None, timeout=10_000)
    entry = page._grid.current()
    assert entry is not None
    keys.press(KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page._entries[entry.id].state is AppointmentState.CHECKED_IN, timeout=10_000)
    keys.press(KEY.Key_Return, CONTROL)
    assert wanted == [{"page": "note", "appointment": entry.id}]
    assert keys.pressed == 6


def test_a_knock_at_the_door_takes_three_keys(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    window.go_to("students")
    wanted = noted(window, room)
    keys = Keys(window)
    keys.press(KEY.Key_N, CONTROL)
    assert isinstance(window.dialogs.dialog, WalkInDialog)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.dialogs.dialog.first())  # type: ignore[union-attr]
    keys.type("zxm")
    keys.press(KEY.Key_Return)
    dialog = window.dialogs.dialog
    qtbot.waitUntil(dialog.note_button.isVisible, timeout=10_000)
    (entry,) = entries(opened)
    assert (entry.client_id, entry.state) == (world.students[2], AppointmentState.CHECKED_IN)
    keys.press(KEY.Key_Return)
    assert wanted == [{"page": "note", "appointment": entry.id}]
    assert keys.pressed == 3


@pytest.mark.parametrize(
    ("text", "expected"), [("14:30", "14:30"), ("1430", "14:30"), ("930", "09:30"), ("9", "09:00"), ("14：05", "14:05"),
    ("25", None), ("x", None), ("", None)],
)  # fmt: skip
def test_times_are_read_as_they_are_written(text: str, expected: str | None) -> None:
    found = parsed_time(text)
    assert (None if found is None else f"{found:%H:%M}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-10-13", "2026-10-13"), ("10.13", "2026-10-13"), ("1-8", "2027-01-08"), ("20", "2026-10-20"),
     ("13-40", None), ("", None)],
)  # fmt: skip
def test_days_are_read_as_they_are_written(text: str, expected: str | None) -> None:
    found = parsed_day(text, MONDAY)
    assert (None if found is None else found.isoformat()) == expected


def test_other_keys_go_on_to_the_window(opened: Opened, qtbot: QtBot) -> None:
    page = open_page(opened, qtbot)
    event = QKeyEvent(QKeyEvent.Type.KeyPress, KEY.Key_F7, Qt.KeyboardModifier.NoModifier)
    page._grid.keyPressEvent(event)
    assert not event.isAccepted()
