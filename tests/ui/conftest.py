"""The window's tests run without a screen; the platform is chosen before Qt is imported."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import gc
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from tests.ui.rooms import CHARTS


@pytest.fixture(scope="session", autouse=True)
def _chart_child_ends() -> Iterator[None]:
    yield
    CHARTS.end()


@pytest.fixture(scope="session")
def dressed_app(qapp: QApplication) -> Theme:
    """The one application, dressed once; every test gets it back in light and standard."""
    theme = Theme(parent=qapp)
    theme.apply(qapp)
    return theme


@pytest.fixture
def theme(dressed_app: Theme) -> Iterator[Theme]:
    yield dressed_app
    dressed_app.set_mode(Mode.LIGHT)
    dressed_app.set_scale(TextScale.STANDARD)


class DressingBot(QtBot):
    """Gives every window it looks after the style sheet, as the program's frame does."""

    def __init__(self, request: pytest.FixtureRequest, theme: Theme) -> None:
        super().__init__(request)
        self._theme = theme

    def addWidget(self, widget: QWidget, *, before_close_func: Callable[[QWidget], None] | None = None) -> None:
        """Look after `widget`, in the program's look."""
        if widget.parentWidget() is None:
            self._theme.dress(widget)
        super().addWidget(widget, before_close_func=before_close_func)


@pytest.fixture
def qtbot(request: pytest.FixtureRequest, dressed_app: Theme) -> QtBot:
    return DressingBot(request, dressed_app)


_TESTS_BETWEEN_COLLECTIONS = 40
_tests_run = itertools.count(1)


@pytest.fixture(autouse=True)
def garbage_of_this_thread() -> Iterator[None]:
    """Collect between the tests only, on the thread of the windows: a lane must not take a window's parts apart."""
    gc.disable()
    yield
    gc.collect(2 if next(_tests_run) % _TESTS_BETWEEN_COLLECTIONS == 0 else 0)
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_left_behind(dressed_app: Theme, qapp: QApplication, garbage_of_this_thread: None) -> Iterator[None]:
    """Put back what all windows of the process share, and fail the test that left it changed.

    The collector is put back without a word: the program itself sets it once it is unlocked.
    """
    before = _shared(qapp)
    threshold = gc.get_threshold()
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    after = _shared(qapp)
    gc.set_threshold(*threshold)
    gc.unfreeze()
    left = [name for name, value in before.items() if after[name] != value]
    if not left:
        return
    qapp.setQuitOnLastWindowClosed(before["quits"])
    qapp.clipboard().clear()
    qapp.setStyle(before["style"])
    qapp.setPalette(before["palette"])
    qapp.setFont(before["font"])
    qapp.setStyleSheet(before["sheet"])
    dressed_app.set_mode(Mode.LIGHT)
    dressed_app.set_scale(TextScale.STANDARD)
    pytest.fail(f"left changed for the tests after it: {', '.join(left)}")


def _shared(qapp: QApplication) -> dict[str, Any]:
    return {
        "sheet": qapp.styleSheet(),
        "style": qapp.style().name(),
        "palette": QPalette(qapp.palette()),
        "font": QFont(qapp.font()),
        "quits": qapp.quitOnLastWindowClosed(),
        "clipboard": qapp.clipboard().text(),
        "windows": [type(window).__name__ for window in qapp.topLevelWidgets() if window.isVisible()],
    }


@pytest.fixture(scope="session")
def all_icons(dressed_app: Theme) -> Icons:
    return Icons(dressed_app, dressed_app)


@pytest.fixture
def icons(theme: Theme, all_icons: Icons) -> Icons:
    return all_icons
