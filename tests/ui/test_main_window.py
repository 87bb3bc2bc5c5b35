"""The unlocked window on a real vault: pages, keys, masking, search, drafts, adaptation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from counselroom import resources
from counselroom.errors import UserError
from counselroom.services import students
from counselroom.services.drafts import list_drafts
from counselroom.services.students import StudentData
from counselroom.ui.actions import KEYS, Act, label
from counselroom.ui.autosave import PLACE
from counselroom.ui.dialogs.help import HelpDialog, help_text
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.settings import SettingsPage
from counselroom.ui.pages.students import StudentsPage
from counselroom.ui.pages.table import PAGES
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass, size_class
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.tokens import TextScale
from tests.conftest import HandClock
from tests.services.world import MORNING, NAMES, World
from tests.ui.rooms import window_on

Open = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot) -> Iterator[Open]:
    with window_on(tmp_path, icons, qtbot, HandClock(MORNING)) as opened:
        opened[0].go_to("students")
        yield opened


def students_page(window: MainWindow) -> StudentsPage:
    page = window._stack._pages["students"]
    assert isinstance(page, StudentsPage)
    return page


def shown_names(window: MainWindow) -> list[str]:
    model = students_page(window)._model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def wait_for_rows(window: MainWindow, qtbot: QtBot, count: int = 3) -> None:
    qtbot.waitUntil(lambda: len(shown_names(window)) == count)


def test_the_list_is_masked_until_f8_and_masked_again(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    wait_for_rows(window, qtbot)
    assert sorted(shown_names(window)) == ["单于同学", "张同学", "欧阳同学"]
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert sorted(shown_names(window)) == sorted(NAMES)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert "张晓明" not in shown_names(window)


def every_text(window: QWidget) -> str:
    words = [widget.text() for kind in (QLabel, QAbstractButton) for widget in window.findChildren(kind)]
    names = [widget.accessibleName() + widget.toolTip() for widget in window.findChildren(QWidget)]
    return "".join([*words, *names, window.windowTitle()])


def test_no_masked_window_says_a_name(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    wait_for_rows(window, qtbot)
    assert not any(name in every_text(window) for name in NAMES)


def test_a_search_finds_by_initials_and_says_when_there_is_nothing(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    wait_for_rows(window, qtbot)
    page = students_page(window)
    qtbot.keyClicks(page._search, "zxm")
    wait_for_rows(window, qtbot, 1)
    assert shown_names(window) == ["张同学"]
    qtbot.keyClicks(page._search, "qqq")
    qtbot.waitUntil(lambda: page._empty.isVisible())
    assert "zxmqqq" in every_text(page._empty)
    assert not page._table.isVisible()


def test_a_class_filters_the_list(opened: Open, qtbot: QtBot) -> None:
    window, room, world = opened
    wait_for_rows(window, qtbot)
    room.tasks.change(lambda: students.add_student(world.me, world.desk, StudentData("无班")))
    wait_for_rows(window, qtbot, 4)
    page = students_page(window)
    qtbot.waitUntil(lambda: page._tree_model.item(0) is not None and page._tree_model.item(0).rowCount() == 1)
    page._tree.setCurrentIndex(page._tree_model.item(0).child(0).index())
    wait_for_rows(window, qtbot)


def test_a_long_list_comes_in_pieces(opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counselroom.ui.pages.students.PIECE", 40)
    window, room, world = opened
    wait_for_rows(window, qtbot)

    def many() -> None:
        for number in range(50):
            students.add_student(world.me, world.desk, StudentData("李四", student_no=f"9{number:04}"))

    room.tasks.change(many)
    page = students_page(window)
    page._search.setText("x")
    page._search.clear()
    wait_for_rows(window, qtbot, 40)
    assert page._count.text() == "53 人"
    page._table.scrollToBottom()
    wait_for_rows(window, qtbot, 53)


def test_the_palette_finds_a_student_and_opens_the_record(opened: Open, qtbot: QtBot) -> None:
    window, _room, world = opened
    wait_for_rows(window, qtbot)
    window.go_to("backup")
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window._search.palette
    qtbot.keyClicks(palette.field, "zxm")
    qtbot.waitUntil(lambda: palette.current() is not None)
    entry = palette.current()
    assert entry is not None
    assert entry.text() == "张同学，初二（3）班"
    assert entry.reading == (), "the reading tells a name that is masked"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.page().key == "student_record"
    assert window.page().state()["student"] == world.students[2]
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.page().key == "backup"


def test_ctrl_enter_in_the_palette_writes_a_note_for_the_student(opened: Open, qtbot: QtBot) -> None:
    """From the page of a note too, which has these keys for its own signature."""
    window, room, world = opened
    went: list[tuple[str, dict[str, Any]]] = []
    room.ways.page_wanted.connect(lambda page, arguments: went.append((page, dict(arguments))))
    for _again in range(2):
        window.activateWindow()
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = window._search.palette
        qtbot.keyClicks(palette.field, "zxm")
        qtbot.waitUntil(lambda shown=palette: shown.current() is not None)
        qtbot.keyClick(palette.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert not palette.isVisible()
        assert window.page().key == "note"
    assert went == [("note", {"student": world.students[2]})] * 2


def test_ctrl_enter_on_what_is_no_student_does_nothing(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    before = window.page().key
    window._open_search()
    palette = window._search.palette
    palette.field.setText("设置")
    qtbot.waitUntil(lambda: palette.current() is not None)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert palette.isVisible()
    assert window.page().key == before


def test_the_palette_finds_signed_text_codes_and_actions(opened: Open, qtbot: QtBot) -> None:
    window, room, world = opened
    made: list[str] = []
    world_case = room.tasks.change(lambda: world.note("近来失眠，早醒", student=2), made.append)
    qtbot.waitUntil(world_case.done)
    window._open_search()
    palette = window._search.palette

    def groups_for(text: str) -> list[str]:
        shown: list[list[str]] = []
        room.masking.show_on_purpose(window.page().key)
        asked = palette.show_groups
        palette.show_groups = lambda groups, nothing="": (  # type: ignore[method-assign]
            shown.append([entry.text() for group in groups for entry in group.entries]),
            asked(groups, nothing),
        )[1]
        palette.field.setText(text)
        qtbot.waitUntil(lambda: bool(shown))
        palette.show_groups = asked  # type: ignore[method-assign]
        return shown[-1]

    (hit,) = groups_for("失眠")
    assert "张晓明" in hit
    assert any("张晓明" in text for text in groups_for("GA-2026"))
    assert groups_for("caogao") == ["继续写草稿"]


def test_the_palette_goes_to_a_page(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window._open_search()
    window._search.palette.field.setText("设置")  # QTest has no Chinese keys
    qtbot.waitUntil(lambda: window._search.palette.current() is not None)
    qtbot.keyClick(window._search.palette.field, Qt.Key.Key_Return)
    assert isinstance(window.page(), SettingsPage)


def test_every_key_of_the_table_does_something_and_is_in_the_help(opened: Open, qtbot: QtBot) -> None:
    window, room, _world = opened
    wanted: list[bool] = []
    window.lock_wanted.connect(lambda: wanted.append(True))
    qtbot.keyClick(window, Qt.Key.Key_F12)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert len(wanted) == 2
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert room.icons.theme.scale is TextScale.LARGE
    assert room.settings.current.text_scale == "large"
    qtbot.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert room.icons.theme.scale is TextScale.STANDARD
    window.go_to("backup")
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.page().key == "students"
    text = help_text("students")
    for key in KEYS:
        assert key.shown() in text
        assert label(key.act) in text
    assert {key.act for key in KEYS} == set(Act)


def test_f6_goes_round_the_panels(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    wait_for_rows(window, qtbot)
    page = students_page(window)
    page._tree.setFocus()
    seen = []
    for _number in range(3):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        seen.append(window.focusWidget())
    assert seen == [page._search, page._table, page._tree]
    qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is page._table


def test_f1_opens_the_help_of_the_page(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (dialog,) = window.findChildren(HelpDialog)
    assert "首字母" in dialog.text.toPlainText()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_page_has_its_help() -> None:
    for page in PAGES:
        assert resources.read_text(f"resources/help/{page.key}.md").startswith(f"## {page.label()}")


def test_the_state_is_saved_soon_and_restored(opened: Open, qtbot: QtBot) -> None:
    window, room, world = opened
    wait_for_rows(window, qtbot)
    page = students_page(window)
    qtbot.keyClicks(page._search, "zxm")
    page._left.setChecked(True)
    wait_for_rows(window, qtbot, 1)
    page._table.setCurrentIndex(page._model.index(0, 0))
    window.autosave._quiet.setInterval(1)
    with qtbot.waitSignal(window.autosave.saved):
        window.autosave.touch()
    (draft,) = list_drafts(world.me, world.desk)
    assert draft.place == PLACE
    again = MainWindow(room)
    qtbot.addWidget(again)
    again.restore(draft.state)
    wait_for_rows(again, qtbot, 1)
    assert again.state() == window.state()
    assert students_page(again).state()["query"] == "zxm"
    assert window.autosave.save() is None
    again.autosave.close()


def test_an_older_state_that_waits_does_not_overwrite_that_of_the_lock(opened: Open, qtbot: QtBot) -> None:
    window, room, world = opened
    wait_for_rows(window, qtbot)
    may_go_on = threading.Event()
    room.tasks.change(may_go_on.wait)  # the lane is busy while both saves are asked for
    students_page(window)._search.setText("older")
    waiting = window.autosave.save()
    students_page(window)._search.setText("newer")
    window.autosave.close()
    may_go_on.set()
    assert waiting is not None
    qtbot.waitUntil(waiting.done)
    (draft,) = list_drafts(world.me, world.desk)
    assert draft.state["pages"]["students"]["query"] == "newer"


def test_what_does_not_fit_in_a_draft_any_more_is_left_out(opened: Open) -> None:
    window, _room, _world = opened
    window.restore({"page": "gone", "pages": {"gone": {}, "backup": {"place": "/nowhere"}}})
    assert window.page().key == "students"
    window.restore({})


def test_typing_without_pause_is_saved_after_three_seconds(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    saver = window.autosave
    saver._limit.setInterval(30)
    with qtbot.waitSignal(saver.saved):
        for _number in range(6):
            students_page(window)._search.insert("a")
            qtbot.wait(10)


def test_a_failure_stays_under_the_head_until_it_is_read(opened: Open, qtbot: QtBot) -> None:
    window, room, _world = opened
    room.messages.tell(UserError("盘满了。", "记录还在。"))
    assert window.page().banner_text() == "盘满了。记录还在。"
    room.messages.tell(UserError("又一次。"))
    assert window.page().banner_text() == "又一次。"
    assert window.page()._banner is not None
    button = window.page()._banner.button
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.page().banner_text() == ""


def test_undo_of_the_toast_is_a_change_of_its_own(opened: Open, qtbot: QtBot) -> None:
    window, room, world = opened
    wait_for_rows(window, qtbot)
    before = students.student(world.me, world.desk, world.students[0]).data
    edited = StudentData("改了名", student_no=before.student_no, class_id=before.class_id)
    room.tasks.change(
        lambda: students.edit_student(world.me, world.desk, world.students[0], edited),
        lambda done: room.messages.say("已修改。", done.changes.undo),
    )
    qtbot.waitUntil(lambda: "改同学" in shown_names(window))
    window.page().setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "欧阳同学" in shown_names(window))


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [
        (1600, 900, SizeClass.WIDE),
        (1599, 900, SizeClass.REGULAR),
        (1200, 640, SizeClass.REGULAR),
        (1366, 639, SizeClass.COMPACT),
        (900, 440, SizeClass.COMPACT),
        (899, 900, SizeClass.MINI),
        (1600, 439, SizeClass.MINI),
    ],
)
def test_the_classes_of_the_design(width: int, height: int, wanted: SizeClass) -> None:
    assert size_class(width, height) is wanted


def test_what_was_done_is_still_seen_on_the_next_page(opened: Open, qtbot: QtBot) -> None:
    window, room, _world = opened
    wait_for_rows(window, qtbot)
    room.messages.say("已保存。")
    for key in ("statistics", "backup", "statistics"):  # made anew, and turned back to
        window.go_to(key)
        qtbot.wait(1)
        toast = window._toast
        seen = window._stack.childAt(toast.geometry().center())
        assert seen is toast or toast.isAncestorOf(seen)


@pytest.mark.parametrize("size", [(1440, 900), (1366, 688), (1093, 550), (880, 600)])
def test_every_page_fits(opened: Open, qtbot: QtBot, size: tuple[int, int]) -> None:
    window, _room, _world = opened
    window.resize(*size)
    wait_for_rows(window, qtbot)
    assert window._rail.isVisible() is (size[0] >= 900)
    for entry in PAGES:
        window.go_to(entry.key)
        qtbot.wait(1)
        assert window.size().toTuple() == size
        for child in window.page().findChildren(QWidget):
            if child.isVisible() and child.parentWidget() is not None and isinstance(child, QAbstractButton | QLabel):
                assert child.width() >= min(child.minimumSizeHint().width(), 24), child


def test_every_control_has_a_name(opened: Open, qtbot: QtBot) -> None:
    window, _room, _world = opened
    for entry in PAGES:
        window.go_to(entry.key)
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget.parentWidget(), QLineEdit)
        and not (
            widget.accessibleName() or (isinstance(widget, QAbstractButton | QToolButton | QLabel) and widget.text())
        )
        and widget.objectName() not in ("qt_spinbox_lineedit", "qt_scrollarea_viewport")
    ]
    assert nameless == []
