"""What holds for every page and every dialog: they are found in the two tables, those still to come too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from counselroom import resources
from counselroom.ui.dialogs.table import DIALOGS
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.table import PAGES
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode
from tests.conftest import HandClock
from tests.services.world import World
from tests.ui import looks
from tests.ui.examples import arguments_for
from tests.ui.fields import fields_of, text_in, type_into
from tests.ui.rooms import window_on

Opened = tuple[MainWindow, Room, World]
PAGE_KEYS = [page.key for page in PAGES]
DIALOG_KEYS = [dialog.key for dialog in DIALOGS]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def rest(room: Room, qtbot: QtBot) -> None:
    """Wait until what was asked for on both lanes, and what was asked for because of it, has arrived.

    An event loop of its own, not `qtbot.waitUntil`: that looks every 10 ms only, and this is waited for thousands of
    times.
    """
    del qtbot
    for _round in range(4):
        loop, owner = QEventLoop(), QObject()
        missing = ["query", "job"]

        def arrived(_value: None, loop: QEventLoop = loop, missing: list[str] = missing) -> None:
            missing.pop()
            if not missing:
                loop.quit()

        room.tasks.query(owner, lambda: None, arrived)
        room.tasks.job(lambda _job: None, arrived)
        QTimer.singleShot(20_000, owner, loop.quit)
        loop.exec()
        assert not missing, "what was asked for never came"
        looks.settle()


def go(opened: Opened, key: str, qtbot: QtBot) -> QWidget:
    """Open a page or dialog for its example and return it."""
    window, room, world = opened
    rest(room, qtbot)  # the examples write on this thread: the lane must be idle
    if key in PAGE_KEYS:
        window.go_to(key, arguments_for(key, world))
        shown: QWidget = window.page()
    else:
        window.dialogs.open(key, arguments_for(key, world))
        assert window.dialogs.dialog is not None
        shown = window.dialogs.dialog
    rest(room, qtbot)
    return shown


@pytest.mark.parametrize("key", PAGE_KEYS + DIALOG_KEYS)
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_it_looks_right_at_every_size(opened: Opened, key: str, mode: Mode, theme: Theme, qtbot: QtBot) -> None:
    window, room, _world = opened
    theme.set_mode(mode)
    found: list[str] = []
    for width, height in looks.SIZES:
        window.resize(width, height)
        shown = go(opened, key, qtbot)
        root = window if key in PAGE_KEYS else shown
        found += [f"{width}x{height}: {fault}" for fault in looks.faults(root)]
        if window.dialogs.dialog is not None:
            inside = window.frameGeometry().size()
            size = window.dialogs.dialog.size()
            if size.width() > inside.width() or size.height() > inside.height():
                found.append(f"{width}x{height}: the dialog is {size}")
            window.dialogs.dialog.finish()
        rest(room, qtbot)
    assert found == []


@pytest.mark.parametrize("key", PAGE_KEYS)
def test_it_has_help(key: str) -> None:
    assert resources.read_text(f"resources/help/{key}.md").strip()


@pytest.mark.parametrize("key", PAGE_KEYS + DIALOG_KEYS)
def test_what_was_typed_is_there_after_a_lock(opened: Opened, key: str, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, _world = opened
    shown = go(opened, key, qtbot)
    places = [place for place, field in enumerate(fields_of(shown)) if not text_in(field)]
    for place in places:
        fields = fields_of(shown)
        if place < len(fields):
            type_into(fields[place])
            rest(room, qtbot)
    before = [text_in(field) for field in fields_of(shown)]
    window.cover()
    kept = window.state()
    again = MainWindow(room)
    qtbot.addWidget(again)
    again.resize(1440, 900)
    again.show()
    if window.dialogs.dialog is not None:
        window.dialogs.dialog.finish()
    again.restore(kept)
    rest(room, qtbot)
    if key in PAGE_KEYS:
        back: QWidget = again.page()
        assert again.page().key == key
    else:
        assert again.dialogs.dialog is not None, "the dialog was not opened again"
        back = again.dialogs.dialog
    assert [text_in(field) for field in fields_of(back)] == before
    if again.dialogs.dialog is not None:
        again.dialogs.dialog.finish()
    again.autosave.close()


def reached_by_tab(root: QWidget, most: int) -> set[QWidget]:
    reached: set[QWidget] = set()
    for _step in range(most):
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus)
        QTest.keyClick(focus or root, Qt.Key.Key_Tab)
    return reached


def wants_tab(widget: QWidget) -> bool:
    kinds = QAbstractButton | QLineEdit | QComboBox | QAbstractItemView | QTextEdit | QPlainTextEdit
    return (
        isinstance(widget, kinds)
        and widget.isEnabled()
        and not widget.objectName().startswith("qt_")
        and type(widget).__name__ not in {"QHeaderView", "QComboBoxListView", "QTableCornerButton"}
        and widget.visibleRegion().boundingRect().isValid()
    )


@pytest.mark.parametrize("key", PAGE_KEYS + DIALOG_KEYS)
def test_every_control_has_a_name_and_is_reached_by_tab(opened: Opened, key: str, qtbot: QtBot) -> None:
    window, _room, _world = opened
    shown = go(opened, key, qtbot)
    controls = [widget for widget in looks.shown(shown) if wants_tab(widget)]
    nameless = [
        looks.describe(widget)
        for widget in controls
        if not (widget.accessibleName() or looks.text_of(widget) or isinstance(widget, QLineEdit | QComboBox))
        or (isinstance(widget, QLineEdit | QComboBox) and not widget.accessibleName())
    ]
    assert nameless == []
    start = window.dialogs.dialog.first() if window.dialogs.dialog is not None else window.page().first()
    start.setFocus()
    reached = reached_by_tab(shown, 2 * len(controls) + 60)
    # One button of an exclusive group, one item of a list has the keyboard; arrows go on from there.
    missed = [looks.describe(widget) for widget in controls if widget not in reached and not _in_group(widget, reached)]
    assert missed == []


def _in_group(widget: QWidget, reached: set[QWidget]) -> bool:
    parent = widget.parentWidget()
    exclusive = isinstance(widget, QAbstractButton) and (widget.autoExclusive() or widget.group() is not None)
    return exclusive and any(other.parentWidget() is parent for other in reached)


@pytest.mark.parametrize("key", PAGE_KEYS)
def test_f6_goes_through_its_panels(opened: Opened, key: str, qtbot: QtBot) -> None:
    window, _room, _world = opened
    go(opened, key, qtbot)
    panels = [panel for panel in window.page().panels() if panel.isVisible()]
    assert panels, "a page names what F6 goes through"
    met: list[bool] = []
    for _panel in panels:
        QTest.keyClick(window, Qt.Key.Key_F6)
        focus = window.focusWidget()
        met.append(focus is not None and any(panel is focus or panel.isAncestorOf(focus) for panel in panels))
    assert all(met)


def test_states_are_json(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    for key in PAGE_KEYS:
        go(opened, key, qtbot)
    state: dict[str, Any] = window.state()
    assert json.loads(json.dumps(state)) == state
