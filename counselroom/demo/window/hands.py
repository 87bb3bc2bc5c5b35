"""The hands of the demonstration: they see the window and press its keys, as a counsellor does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import TypeVar

from PySide6.QtCore import QEvent, QMessageLogContext, QObject, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QWidget

from counselroom.demo.stage import CheckFailed
from counselroom.i18n import _
from counselroom.ui.room import Room
from counselroom.ui.widgets.question import Question

_Answer = TypeVar("_Answer")
_PATIENCE = 30.0
"""Seconds after which something that should come does not come any more."""
_ROUNDS = 4
"""What was asked for may ask for more when it arrives: a page for its list, the list for its first row."""


def application_without_screen() -> QApplication:
    """Return the application of this process; a new one paints into memory, alike on every machine."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_tell_developer)
    application = QApplication(["counselroom"])
    application.setQuitOnLastWindowClosed(False)
    return application


def _tell_developer(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt warns of, but for what holds of every window without a screen."""
    del context
    if "This plugin does not support" not in message and kind is not QtMsgType.QtDebugMsg:
        print(f"  Qt: {message}", file=sys.stderr)  # noqa: T201 - nobody but a developer plays the demonstration


def until(held: Callable[[], bool], what: str) -> None:
    """Let the window work until something holds. Raises CheckFailed when it does not come."""
    end = monotonic() + _PATIENCE
    while not held():
        if monotonic() > end:
            raise CheckFailed(_("The window did not get so far: {what}.").format(what=what))
        QApplication.processEvents()
        sleep(0.001)


def pause(seconds: float) -> None:
    """Let the hands lie still while the window goes on."""
    end = monotonic() + seconds
    until(lambda: monotonic() >= end, "pause")


def rest(room: Room) -> None:
    """Wait until what was asked for on both lanes, and what was asked for because of it, has arrived."""
    for _round in range(_ROUNDS):
        arrived: list[None] = []
        owner = QObject()
        room.tasks.query(owner, lambda: None, arrived.append)
        room.tasks.job(lambda _job: None, arrived.append)
        until(partial(_are_both, arrived), "rest")
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def _are_both(arrived: list[None]) -> bool:
    return len(arrived) == 2


def answer(room: Room, work: Callable[[], _Answer]) -> _Answer:
    """Return what a service says, asked on the lane on which the window asks."""
    found: list[_Answer] = []
    owner = QObject()
    room.tasks.query(owner, work, found.append)
    until(lambda: bool(found), "answer")
    return found[0]


def put_away(window: QWidget) -> None:
    """Delete a window now: without a running event loop Qt keeps what shall be deleted later."""
    window.hide()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def focused() -> QWidget:
    """Return what has the keyboard. Raises CheckFailed when nothing has."""
    focus = QApplication.focusWidget() or _after_activation()
    if focus is None:
        raise CheckFailed(_("Nothing in the window has the keyboard."))
    return focus


def _after_activation() -> QWidget | None:
    """Without a window manager nobody makes the window active again when a dialog has closed."""
    above = QApplication.activeModalWidget()
    windows = [above] if above else [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    for window in windows:
        window.activateWindow()
        QApplication.processEvents()
        if QApplication.focusWidget() is not None:
            break
    return QApplication.focusWidget() or (windows[0] if windows else None)


def type_in(text: str) -> None:
    """Type into what has the keyboard: Latin letters by key, Chinese as an input method commits it."""
    if text.isascii():
        QTest.keyClicks(focused(), text)
        return
    commit = QInputMethodEvent()
    commit.setCommitString(text)
    QApplication.sendEvent(focused(), commit)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key: the window gets it, as from a keyboard, and gives it to what has the focus."""
    window = focused().window().windowHandle()
    assert window is not None  # noqa: S101 - what has the keyboard is shown
    QTest.keyClick(window, key, modifier)
    QApplication.processEvents()


def type_over(text: str) -> None:
    """Type into a field instead of what stands in it."""
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    type_in(text)


def tab_to(name: str) -> None:
    """Press Tab until something whose name begins so has the keyboard. Raises CheckFailed when it never comes."""
    for _step in range(80):
        focus = focused()
        text = focus.text() if isinstance(focus, QAbstractButton) else ""
        if focus.accessibleName().startswith(name) or text.startswith(name):
            return
        press(Qt.Key.Key_Tab)
    raise CheckFailed(_("Tab never led to “{name}”.").format(name=name))


def turn(room: Room, name: str) -> None:
    """Go to the views beside each other of which one has this name by Tab, and to that view by the arrows.

    Raises:
        CheckFailed: there is no such view.
    """
    for _step in range(80):
        focus = focused()
        group = focus.group() if isinstance(focus, QAbstractButton) else None
        names = [] if group is None else [button.text() for button in group.buttons()]
        if name in names:
            for key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                for _button in names:
                    if focused().accessibleName() != name:
                        press(key)
            press(Qt.Key.Key_Space)
            rest(room)
            return
        press(Qt.Key.Key_Tab)
    raise CheckFailed(_("Tab never led to “{name}”.").format(name=name))


def do(room: Room, name: str) -> None:
    """Go to the button of this name by Tab, press it, and wait for what it does."""
    tab_to(name)
    press(Qt.Key.Key_Return)
    rest(room)


def write(name: str, text: str) -> None:
    """Go to the field of this name by Tab and type into it."""
    tab_to(name)
    type_in(text)


def find(room: Room, text: str, entry: str) -> None:
    """Search by Ctrl K, go down to the entry of this title, and take it. Raises CheckFailed when there is none."""
    press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    type_in(text)
    rest(room)
    seen: set[str] = set()
    while (here := focused().accessibleDescription()) not in seen:
        if here == entry or here.startswith(f"{entry}，"):
            press(Qt.Key.Key_Return)
            rest(room)
            return
        seen.add(here)
        press(Qt.Key.Key_Down)
    raise CheckFailed(_("The search for “{text}” did not find “{entry}”.").format(text=text, entry=entry))


def row(text: str) -> None:
    """Go down the list that has the keyboard to the row that shows `text`. Raises CheckFailed when none does."""
    view = focused()
    press(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _step in range(500):
        shown = row_words(view)
        if any(text in words for words in shown):
            return
        at = _current_row(view)
        press(Qt.Key.Key_Down)
        if _current_row(view) == at:
            break
    raise CheckFailed(_("No row of the list shows “{text}”.").format(text=text))


def row_words(view: QWidget) -> tuple[str, ...]:
    """Return what the current row of a list shows, cell by cell."""
    if not isinstance(view, QAbstractItemView):
        raise CheckFailed(_("The keyboard is not on a list."))
    cell = view.currentIndex().siblingAtColumn(0)
    words: list[str] = []
    while cell.isValid():
        words.append(str(cell.data() or ""))
        cell = cell.siblingAtColumn(cell.column() + 1)
    return tuple(words)


def _current_row(view: QWidget) -> int:
    return view.currentIndex().row() if isinstance(view, QAbstractItemView) else -1


def pick(name: str, choice: str) -> None:
    """Go to the box of this name by Tab and down to a choice. Raises CheckFailed when it is not offered."""
    tab_to(name)
    box = focused()
    press(Qt.Key.Key_Home)
    while isinstance(box, QComboBox) and choice not in box.currentText():
        at = box.currentIndex()
        press(Qt.Key.Key_Down)
        if box.currentIndex() == at:
            raise CheckFailed(_("“{name}” does not offer “{choice}”.").format(name=name, choice=choice))


def question() -> Question | None:
    """Return what the window asks before a step that cannot be taken back, or None."""
    asked = (each for each in QApplication.topLevelWidgets() if isinstance(each, Question) and each.isVisible())
    return next(asked, None)


def agree(room: Room) -> None:
    """Answer the question that is asked with the verb that does it. Raises CheckFailed when nothing is asked."""
    asked = question()
    if asked is None:
        raise CheckFailed(_("The window asked nothing before a step that cannot be taken back."))
    do(room, asked.act_button.text())
