"""Toast, banner, empty state, progress, clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode
from counselroom.ui.widgets.banner import Banner, BannerTone
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.clock_row import ClockFace, ClockRow
from counselroom.ui.widgets.clock_text import clock_text, is_near
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.ui.widgets.toast import SECONDS, Toast
from tests.ui.looks import colour_at, colours_of, settle
from tests.ui.stage import show


def toast_on(qtbot: QtBot, icons: Icons) -> tuple[Toast, QWidget, QLineEdit]:
    edit = QLineEdit()
    window = show(qtbot, edit)
    window.resize(700, 300)
    edit.setFocus()
    return Toast(icons, window), window, edit


def tick(toast: Toast, seconds: int) -> None:
    for _second in range(seconds):
        toast._timer.timeout.emit()


def test_a_toast_says_what_was_done_and_undoes_it(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    toast, _window, _edit = toast_on(qtbot, icons)
    done: list[str] = []
    toast.say("预约已改到周五 14:00", lambda: done.append("undone"))
    settle()
    assert toast.text() == "预约已改到周五 14:00"
    with qtbot.waitSignals([toast.undone, toast.closed], timeout=500):
        qtbot.mouseClick(toast.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert toast.text() == ""
    assert toast.undo() is False


def test_a_toast_is_at_the_bottom_centre_in_inverse_colours(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    toast, window, _edit = toast_on(qtbot, icons)
    for mode in Mode:
        theme.set_mode(mode)
        toast.say("预约已改到周五 14:00", lambda: None)
        settle()
        assert colours_of(toast).most_common(1)[0][0] == theme.colour("ink").name()
    window.resize(900, 400)
    settle()
    assert abs(toast.geometry().center().x() - 450) <= 1
    assert toast.geometry().bottom() < 400 - 8


def test_a_toast_goes_after_ten_seconds_and_waits_for_keyboard_and_mouse(
    theme: Theme, icons: Icons, qtbot: QtBot
) -> None:
    toast, _window, edit = toast_on(qtbot, icons)
    toast.say("已登记到达", lambda: None)
    settle()
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)  # wherever the pointer of this machine is
    tick(toast, SECONDS - 1)
    assert toast.isVisible()
    toast.findChild(Button).setFocus()
    tick(toast, 30)
    assert toast.isVisible()
    edit.setFocus()
    assert edit.hasFocus()
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    tick(toast, 30)
    assert toast.isVisible()
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    with qtbot.waitSignal(toast.closed, timeout=500):
        tick(toast, 1)
    assert not toast.isVisible()


def test_the_next_toast_takes_the_place_of_the_last(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    toast, _window, _edit = toast_on(qtbot, icons)
    done: list[int] = []
    toast.say("第一件", lambda: done.append(1))
    settle()
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    tick(toast, 5)
    toast.say("第二件", lambda: done.append(2))
    tick(toast, SECONDS - 1)
    assert toast.undo() is True
    assert done == [2]
    toast.say("不能撤销的事")
    assert not toast.findChild(Button).isVisible()
    assert toast.undo() is False


def test_keys_within_the_toast(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    toast, _window, _edit = toast_on(qtbot, icons)
    done: list[int] = []
    toast.say("已登记到达", lambda: done.append(1))
    button = toast.findChild(Button)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done == [1]
    toast.say("已登记到达", lambda: done.append(2))
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_A)
    assert toast.isVisible()
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert not toast.isVisible()
    assert done == [1]


def test_ctrl_z_in_a_field_is_the_fields(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    toast, _window, edit = toast_on(qtbot, icons)
    done: list[int] = []
    toast.say("已登记到达", lambda: done.append(1))
    qtbot.keyClicks(edit, "abc")
    qtbot.keyClick(edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done == []
    assert edit.text() == ""


# ----- banner and empty state -----


@pytest.mark.parametrize("tone", ["amber", "accent", "slate", "brick"])
def test_a_banner_has_the_ground_and_border_of_its_tone(
    theme: Theme, icons: Icons, qtbot: QtBot, tone: BannerTone
) -> None:
    banner = Banner(icons, "mdi6.alert-circle-outline", "U 盘已拔出。", tone, Button("重新备份"))
    window = show(qtbot, banner)
    for mode in Mode:
        theme.set_mode(mode)
        settle()
        assert colours_of(banner).most_common(1)[0][0] == theme.colour(f"{tone}_soft").name()
        assert colour_at(window, banner.x() + 40, banner.y()) == theme.colour(f"{tone}_line").name()
    banner.set_text("U 盘又插上了。")
    assert banner.accessibleName() == "U 盘又插上了。"
    assert banner.button is not None


def test_a_long_banner_grows_instead_of_cutting(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    banner = Banner(icons, "mdi6.alert-outline", "这份备份不能用，本机资料和昨天的备份都在。" * 4)
    window = show(qtbot, banner)
    window.resize(360, 400)
    settle()
    text = banner.findChildren(QLabel)[-1]
    assert text.heightForWidth(text.width()) <= text.height()


def test_an_empty_state_says_what_to_do(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    empty = EmptyState(
        icons, "mdi6.calendar-blank-outline", "今天还没有预约", "有人来访，按 Ctrl N", Button("新建预约")
    )
    show(qtbot, empty)
    words = [label.text() for label in empty.findChildren(QLabel) if label.isVisible() and label.text()]
    assert words == ["今天还没有预约", "有人来访，按 Ctrl N"]
    empty.set_sentence("没有找到")
    words = [label.text() for label in empty.findChildren(QLabel) if label.isVisible() and label.text()]
    assert words == ["没有找到"]
    assert empty.button is not None


# ----- progress -----


def test_progress_tells_count_rate_and_when_it_may_go_on_alone(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    seconds = [0.0]
    row = ProgressRow(icons, "mdi6.file-import-outline", "导入名册", lambda: seconds[0])
    show(qtbot, row)
    bar, (background, cancel) = row.findChild(QProgressBar), row.findChildren(Button)
    assert bar.maximum() == 0

    def words() -> list[str]:
        return [label.text() for label in row.findChildren(QLabel) if label.text()]

    seconds[0] = 0.5
    row.set_progress(10, 1248)
    assert words() == ["导入名册 10 / 1,248"]
    seconds[0] = 11.2
    row.set_progress(812, 1248)
    assert words() == ["导入名册 812 / 1,248", "约剩 6 秒"]
    assert bar.value() == 651
    assert background.isVisible()
    seconds[0] = 300
    row.set_progress(1000, 1248)
    assert words()[1] == "约剩 2 分"
    with qtbot.waitSignal(row.sent_to_background, timeout=500):
        qtbot.mouseClick(background, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(row.cancelled, timeout=500):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    row.set_cancelling()
    assert words()[1] == "正在停止"
    assert not cancel.isEnabled()
    row.set_progress(0, 0)
    assert bar.maximum() == 0


# ----- clocks -----


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=44), "剩 1 天 20 小时"),
        (timedelta(days=2), "剩 2 天"),
        (timedelta(hours=2, minutes=14, seconds=59), "剩 2 小时 14 分"),
        (timedelta(hours=2), "剩 2 小时"),
        (timedelta(minutes=28), "剩 28 分"),
        (timedelta(minutes=1), "剩 1 分"),
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(0), "不到 1 分"),
        (-timedelta(seconds=5), "已过 1 分"),
        (-timedelta(minutes=40), "已过 40 分"),
        (-timedelta(hours=2, minutes=50), "已过 2 小时"),
        (-timedelta(days=1, hours=3), "已过 1 天"),
    ],
)
def test_clocks_in_words(left: timedelta, words: str) -> None:
    assert clock_text(left) == words


@pytest.mark.parametrize(
    ("left", "allowed", "near"),
    [
        (60, 600, True),
        (61, 244, True),
        (61, 243, False),
        (150, 600, True),
        (151, 600, False),
        (-1, 600, False),
        (0, 0, True),
    ],
)
def test_a_clock_is_near_its_end_at_a_quarter_or_an_hour(left: int, allowed: int, near: bool) -> None:
    assert is_near(timedelta(minutes=left), timedelta(minutes=allowed)) is near


def clock(left: timedelta) -> ClockFace:
    return ClockFace("复学两周回访", "个案 2026-001", left, timedelta(hours=6), "今天 16:20 前")


def test_a_clock_shows_the_time_left_as_a_length(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    row = ClockRow(icons, clock(timedelta(hours=3)))
    window = show(qtbot, row)
    window.resize(400, 100)
    settle()
    bar, chip = row.findChild(QProgressBar), row.findChild(Chip)
    assert bar.value() == 500
    assert not chip.isVisible()
    place = bar.mapTo(window, bar.rect().topLeft())
    middle = place.y() + bar.height() // 2
    assert bar.height() == 6
    assert colour_at(window, place.x() + bar.width() // 2 - 6, middle) == theme.colour("accent").name()
    assert colour_at(window, place.x() + bar.width() // 2 + 6, middle) == theme.colour("line").name()
    row.show_clock(clock(timedelta(minutes=28)))
    settle()
    assert chip.isVisible()
    assert chip.face().tone == "amber"
    assert colour_at(window, place.x() + 5, middle) == theme.colour("amber").name()
    row.show_clock(clock(-timedelta(hours=2)))
    settle()
    assert not bar.isVisible()
    assert chip.face().tone == "brick"
    assert row.text() == "复学两周回访，个案 2026-001，已过 2 小时，今天 16:20 前"


def test_a_clock_without_allowed_time_does_not_divide(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    face = ClockFace("交接", "", timedelta(minutes=5), timedelta(0), "")
    row = ClockRow(icons, face)
    show(qtbot, row)
    assert row.findChild(QProgressBar).value() == 0
    assert row.text() == "交接，剩 5 分"
