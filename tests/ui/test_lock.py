"""The lock: covered at once, everything saved, the vault closed, a fresh process, the same place again."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.qt_idle import QtIdleWatch
from counselroom.desktop.relauncher import Handover
from counselroom.desktop.session import Cause, Leave
from counselroom.services.desk import Desk
from counselroom.services.drafts import list_drafts
from counselroom.ui.dialogs.help import HelpDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.lock_screen import LockScreen
from counselroom.ui.pages.unlock import UnlockPage
from counselroom.ui.program import Program
from counselroom.ui.room import Opened, Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.vault.exclusive import hold
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Credential, Passphrase
from tests.conftest import HandClock, counting_ids
from tests.services.world import MORNING, open_again, opened_copy, template
from tests.ui.rooms import FakeRelauncher, HandIdle, room_in

SECRET = "right"


class HandSession:
    """A session watch that a test lets speak."""

    def __init__(self) -> None:
        self.leave: Leave | None = None

    def start(self, leave: Leave) -> None:
        self.leave = leave

    def stop(self) -> None:
        self.leave = None


class HandCapture:
    """Notes which window is kept out of recordings."""

    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    def set_blocked(self, window: int, *, blocked: bool) -> bool:
        self.told.append((window, blocked))
        return True


@dataclass
class Setting:
    """A program on a closed vault whose passphrase is `right`."""

    program: Program
    relauncher: FakeRelauncher
    idle: HandIdle
    folder: Path
    clock: HandClock
    rooms: list[Room]
    session: HandSession
    capture: HandCapture


def make(
    theme: Theme,
    icons: Icons,
    folder: Path,
    clock: HandClock,
    after_lock: Handover | None = None,
    *,
    works: bool = True,
) -> Setting:
    people = template().people
    rooms: list[Room] = []

    def open_room(credential: Credential) -> Opened:
        if not (isinstance(credential, Passphrase) and credential.text == SECRET):
            raise WrongSecret
        desk = Desk(open_again(folder, clock), clock, counting_ids())
        drafts = {draft.place: draft.state for draft in list_drafts(people.me, desk)}
        return Opened(desk, people.me, "林老师", drafts.get("window"), ())

    def make_room(opened: Opened) -> Room:
        from tests.services.world import World

        rooms.append(room_in(World(opened.desk, clock, people), icons, folder.parent))
        return rooms[-1]

    relauncher, idle, session, capture = FakeRelauncher(works=works), HandIdle(), HandSession(), HandCapture()
    program = Program(
        theme,
        folder,
        ["用户 1"],
        open_room=open_room,
        make_room=make_room,
        settings=SettingsFile(folder.parent / "window.json"),
        relauncher=relauncher,
        idle=idle,
        now=clock.now,
        session=session,
        capture=capture,
        after_lock=after_lock,
    )
    return Setting(program, relauncher, idle, folder, clock, rooms, session, capture)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened_copy(tmp_path / "vault", HandClock(MORNING)) as vault:
        return vault.folder


@pytest.fixture
def setting(theme: Theme, icons: Icons, folder: Path, qtbot: QtBot) -> Iterator[Setting]:
    setting = make(theme, icons, folder, HandClock(MORNING))
    yield from run(setting, qtbot)


def run(setting: Setting, qtbot: QtBot) -> Iterator[Setting]:
    # pytest-qt closes the widgets of a test before its fixtures: that must not start closing the program in order.
    qtbot.addWidget(setting.program.frame, before_close_func=lambda frame: setattr(frame, "may_close", True))
    setting.program.show()
    yield setting
    setting.program.frame.may_close = True
    if setting.program.window is not None and not setting.relauncher.told and setting.idle.leave is not None:
        setting.program.window.autosave.close()
    for room in setting.rooms:
        room.tasks.close()
        room.desk.vault.close()
    setting.program._keys.stop()


def unlock(setting: Setting, qtbot: QtBot, text: str = SECRET) -> MainWindow:
    page = setting.program.frame.stack.currentWidget()
    assert isinstance(page, UnlockPage | LockScreen)
    (field,) = page.findChildren(QLineEdit)
    with qtbot.waitSignal(setting.program.entered, timeout=20_000):
        field.setText(text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert setting.program.window is not None
    return setting.program.window


def test_f12_covers_at_once_saves_closes_and_hands_over(setting: Setting, qtbot: QtBot) -> None:
    window = unlock(setting, qtbot)
    qtbot.keyClicks(window.page().findChildren(QLineEdit)[0], "zxm")
    QGuiApplication.clipboard().setText("张晓明")
    # The offscreen platform never says so.
    setting.program.clipboard.owns = lambda mode=None: True  # type: ignore[method-assign]
    begin = time.perf_counter()
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        qtbot.keyClick(window, Qt.Key.Key_F12)
        took = time.perf_counter() - begin
        assert setting.program.frame.stack.currentWidget() is setting.program._cover
        assert setting.program._cover.findChildren(QLineEdit) == []
    assert took < 0.2
    assert QGuiApplication.clipboard().text() == ""
    (told,) = setting.relauncher.told
    assert (told.vault, told.login) == (str(setting.folder), "用户 1")
    hold(setting.folder).release()  # nobody holds the vault any more
    vault = open_again(setting.folder, setting.clock)
    (draft,) = list_drafts(template().people.me, Desk(vault, setting.clock, counting_ids()))
    assert draft.state["pages"]["today"]["scratch"] == "zxm"
    vault.close()


def test_the_process_that_draws_charts_ends_with_the_lock(setting: Setting, qtbot: QtBot) -> None:
    unlock(setting, qtbot)
    charts = setting.rooms[0].charts
    charts.start()
    child = charts._child
    assert child is not None
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        setting.program.lock()
    assert child.returncode is not None
    assert charts._child is None


def test_the_same_place_and_text_come_back_masked(theme: Theme, icons: Icons, folder: Path, qtbot: QtBot) -> None:
    clock = HandClock(MORNING)
    first = make(theme, icons, folder, clock)
    steps = run(first, qtbot)
    next(steps)
    window = unlock(first, qtbot)
    window.go_to("settings")
    window.go_to("students")
    qtbot.keyClicks(window.page().findChildren(QLineEdit)[0], "zxm")
    window._mask()
    before = window.state()
    with qtbot.waitSignal(first.program.finished, timeout=10_000):
        first.program.lock()
    next(steps, None)
    second = make(theme, icons, folder, clock, after_lock=first.relauncher.told[0])
    steps = run(second, qtbot)
    next(steps)
    assert isinstance(second.program.frame.stack.currentWidget(), LockScreen)
    again = unlock(second, qtbot)
    assert again.state() == before
    assert again.page().face().masked
    next(steps, None)


def test_keys_typed_under_the_cover_go_nowhere(setting: Setting, qtbot: QtBot) -> None:
    window = unlock(setting, qtbot)
    gate = threading.Event()
    setting.relauncher.start = lambda handover: gate.wait(5)  # type: ignore[method-assign] - a slow start
    search = window.page().findChildren(QLineEdit)[0]
    setting.program.lock()
    qtbot.keyClicks(setting.program.frame.focusWidget() or setting.program._cover, "the rest of a sentence")
    assert search.text() == ""
    qtbot.keyClick(setting.program._cover, Qt.Key.Key_F12)
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        gate.set()


def test_an_open_dialog_is_hidden_and_f12_works_in_it(setting: Setting, qtbot: QtBot) -> None:
    window = unlock(setting, qtbot)
    window._help()
    (dialog,) = window.findChildren(HelpDialog)
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
        QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_F12)
    assert not dialog.isVisible()
    assert len(setting.relauncher.told) == 1


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_f12_works_in_a_menu(setting: Setting, qtbot: QtBot) -> None:
    window = unlock(setting, qtbot)
    menu = QMenu(window)
    menu.addAction("eins")
    menu.popup(window.mapToGlobal(window.rect().center()))
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is not setting.program.frame.windowHandle())
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        QTest.keyClick(menu.windowHandle(), Qt.Key.Key_F12)
    assert not menu.isVisible()
    assert len(setting.relauncher.told) == 1


def test_idle_time_locks(setting: Setting, qtbot: QtBot) -> None:
    unlock(setting, qtbot)
    assert setting.idle.minutes == 5
    assert setting.idle.leave is not None
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        setting.idle.leave()


def test_closing_the_window_closes_the_vault_and_starts_nothing(setting: Setting, qtbot: QtBot) -> None:
    unlock(setting, qtbot)
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        setting.program.frame.close()
    assert setting.relauncher.told == []
    hold(setting.folder).release()


def test_closing_the_locked_window_ends_the_program(setting: Setting, qtbot: QtBot) -> None:
    with qtbot.waitSignal(setting.program.finished):
        setting.program.frame.close()


def test_a_process_that_does_not_come_leaves_the_cover_with_a_sentence(
    theme: Theme, icons: Icons, folder: Path, qtbot: QtBot
) -> None:
    setting = make(theme, icons, folder, HandClock(MORNING), works=False)
    steps = run(setting, qtbot)
    next(steps)
    unlock(setting, qtbot)
    setting.program.lock()
    qtbot.waitUntil(lambda: setting.program._cover.close_button.isVisible(), timeout=10_000)
    assert "没能重新启动" in setting.program._cover.sentence()
    hold(setting.folder).release()
    with qtbot.waitSignal(setting.program.finished):
        qtbot.mouseClick(setting.program._cover.close_button, Qt.MouseButton.LeftButton)
    next(steps, None)


def test_an_exchange_that_fails_is_told_even_where_no_process_comes(
    theme: Theme, icons: Icons, folder: Path, qtbot: QtBot
) -> None:
    setting = make(theme, icons, folder, HandClock(MORNING), works=False)
    steps = run(setting, qtbot)
    next(steps)
    unlock(setting, qtbot)
    setting.program.exchange(folder.with_name("there is none"))
    qtbot.waitUntil(lambda: setting.program._cover.close_button.isVisible(), timeout=10_000)
    assert "两个资料库都没有变化" in setting.program._cover.sentence()
    assert "没能重新启动" in setting.program._cover.sentence()
    assert "两个资料库都没有变化" in setting.relauncher.told[0].notice
    next(steps, None)


def test_a_notice_stands_on_the_unlock_page_too(theme: Theme, icons: Icons, folder: Path, qtbot: QtBot) -> None:
    told = Handover(str(folder), "", 10, 20, 1093, 640, maximized=False, notice="备份已恢复。")
    setting = make(theme, icons, folder, HandClock(MORNING), after_lock=told)
    steps = run(setting, qtbot)
    next(steps)
    page = setting.program.frame.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    assert page.sentence() == "备份已恢复。"
    assert unlock(setting, qtbot).page().banner_text() == "备份已恢复。"
    next(steps, None)


def test_a_wrong_passphrase_is_told_on_the_page(setting: Setting, qtbot: QtBot) -> None:
    page = setting.program.frame.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    (field,) = page.findChildren(QLineEdit)
    field.setText("wrong")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "口令不对" in page.sentence())


def test_somebody_else_gets_the_unlock_page(theme: Theme, icons: Icons, folder: Path, qtbot: QtBot) -> None:
    told = Handover(str(folder), "用户 1", 10, 20, 1093, 640, maximized=False)
    setting = make(theme, icons, folder, HandClock(MORNING), after_lock=told)
    steps = run(setting, qtbot)
    next(steps)
    frame = setting.program.frame
    assert (frame.width(), frame.height()) == (1093, 640)
    qtbot.waitUntil(frame.isActiveWindow)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(frame.stack.currentWidget(), Qt.Key.Key_L, keys)
    assert isinstance(frame.stack.currentWidget(), UnlockPage)
    next(steps, None)


def test_the_end_of_the_session_locks_and_the_log_says_why(
    setting: Setting, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    unlock(setting, qtbot)
    assert setting.session.leave is not None
    caplog.set_level(logging.INFO, logger="counselroom")
    with qtbot.waitSignal(setting.program.finished, timeout=10_000):
        thread = threading.Thread(target=setting.session.leave, args=(Cause.SLEEP,))  # as from the thread of a bus
        thread.start()
        thread.join()
    assert "locking: sleep" in [record.getMessage() for record in caplog.records]
    assert setting.session.leave is None, "the computer may sleep once everything is closed"


def test_the_window_is_kept_out_of_recordings_unless_that_is_switched_off(setting: Setting, qtbot: QtBot) -> None:
    unlock(setting, qtbot)
    handle = int(setting.program.frame.winId())
    assert setting.capture.told == [(handle, True)]
    setting.program.block_capture(blocked=False)
    assert setting.capture.told[1:] == [(handle, False)]


def test_a_changed_clock_is_told_on_the_page(setting: Setting, qtbot: QtBot) -> None:
    setting.program.tell_of_clock()  # locked: nobody is there to be told
    window = unlock(setting, qtbot)
    setting.program.tell_of_clock()
    assert any("系统时间变动过" in label.text() for label in window.findChildren(QLabel))


def test_the_watch_tells_a_clock_that_was_set(qtbot: QtBot) -> None:
    application, seconds, wall = QApplication.instance(), Seconds(), Seconds()
    assert isinstance(application, QApplication)
    watch = QtIdleWatch(application, seconds, wall)
    jumps: list[None] = []
    watch.clock_jumped.connect(lambda: jumps.append(None))
    watch.start(30, lambda: pytest.fail("a set clock is no reason to lock"))
    for passed, shown, heard in ((1, 1, 0), (1, 100, 0), (1, 122, 1), (1, 1, 1), (1, -3600, 2), (1, 1, 2)):
        seconds.value += passed
        wall.value += shown
        watch.look()
        assert len(jumps) == heard
    watch.stop()


def test_garbage_is_collected_when_nobody_touches_anything(setting: Setting, qtbot: QtBot) -> None:
    class Ring:
        def __init__(self) -> None:
            self.me = self

    application, seconds = QApplication.instance(), Seconds()
    assert isinstance(application, QApplication)
    unlock(setting, qtbot)
    seconds.value = 1.0
    watch = QtIdleWatch(application, seconds, seconds)
    watch.rested.connect(setting.program.tidy)
    rests: list[float] = []
    watch.rested.connect(lambda: rests.append(seconds.value))
    watch.start(30, lambda: pytest.fail("it is not time to lock"))
    there = weakref.ref(Ring())
    for _second in range(60):
        seconds.value += 1
        watch.look()
        assert (there() is None) is (seconds.value >= 21)
    assert rests == [21.0]
    watch.stop()


def test_the_title_names_nobody(setting: Setting, qtbot: QtBot) -> None:
    unlock(setting, qtbot)
    assert setting.program.frame.windowTitle() == "辅导室工作台"


class Seconds:
    def __init__(self) -> None:
        self.value = 0.0

    def __call__(self) -> float:
        return self.value


def _press_a_key(editor: QLineEdit) -> None:
    QTest.keyClick(editor.window().windowHandle(), Qt.Key.Key_A)


def _compose(editor: QLineEdit) -> None:
    QApplication.sendEvent(QGuiApplication.focusObject(), QInputMethodEvent("zx", []))


def _move_the_mouse(editor: QLineEdit) -> None:
    QTest.mouseMove(editor.window().windowHandle(), QPoint(20, 10))


@pytest.mark.parametrize("touch", [_press_a_key, _compose, _move_the_mouse])
def test_the_watch_locks_after_its_minutes_and_after_sleep(
    qtbot: QtBot, touch: Callable[[QLineEdit], None], theme: Theme
) -> None:
    application, seconds, editor = QApplication.instance(), Seconds(), QLineEdit()
    assert isinstance(application, QApplication)
    qtbot.addWidget(editor)
    editor.show()
    editor.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus)
    watch, left = QtIdleWatch(application, seconds, seconds), list[float]()
    for pauses in ([59.0, 59.0], [61.0]):
        left.clear()
        watch.start(2, lambda: left.append(seconds.value))
        for pause in pauses:
            assert left == []
            seconds.value += pause
            watch.look()
        if len(pauses) == 2:
            assert left == []
            touch(editor)
            seconds.value += 59
            watch.look()
            assert left == []
            seconds.value += 59
            watch.look()
            seconds.value += 3
            watch.look()
        assert len(left) == 1
        watch.stop()
