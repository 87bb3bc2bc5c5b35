"""Tab goes through every page and dialog as it is read: down a panel, never back up within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.ui import looks
from tests.ui.rooms import window_on
from tests.ui.stage import show
from tests.ui.test_every_page import DIALOG_KEYS, PAGE_KEYS, Opened, go

ROW = 40
"""Pixels by which a control may stand higher than the one before it: they are on one line."""
MOST = 120
"""Presses of Tab after which a page must have come round."""


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def in_tab_order(root: QWidget) -> list[QWidget]:
    """Press Tab from the first control of `root` until it has left it or come round; return where it has been."""
    inside = [widget for widget in looks.shown(root) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    if not inside:
        return []
    met: list[QWidget] = []
    step = root
    if root.isWindow():  # Tab goes round within a dialog: it begins where its reader begins
        step = min(inside, key=lambda widget: (_place(root, widget).top() // ROW, _place(root, widget).left()))
    while step not in inside:
        step = step.nextInFocusChain()
    step.setFocus(Qt.FocusReason.TabFocusReason)
    for _press in range(MOST):
        focus = QApplication.focusWidget()
        if focus is None or focus in met or not root.isAncestorOf(focus):
            break
        met.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    return met


def _place(root: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def _panel(root: QWidget, widget: QWidget) -> QWidget:
    """Return the panel a control stands in: columns beside each other are read one after the other."""
    above = widget.parentWidget()
    while above is not None and above is not root:
        if above.property("kind") in {"panel", "page_header"}:
            return above
        above = above.parentWidget()
    return root


def jumps(root: QWidget, order: Sequence[QWidget]) -> list[str]:
    """Return the places where the order goes back up within one panel, by more than a line."""
    found = []
    for before, after in pairwise(order):
        one, other = _place(root, before), _place(root, after)
        if _panel(root, before) is not _panel(root, after):
            continue
        if other.bottom() < one.top() - ROW and other.left() <= one.right():
            found.append(f"{looks.describe(before)} {one.getRect()} -> {looks.describe(after)} {other.getRect()}")
    return found


@pytest.mark.parametrize("key", PAGE_KEYS + DIALOG_KEYS)
def test_tab_follows_the_reading(opened: Opened, key: str, qtbot: QtBot) -> None:
    shown = go(opened, key, qtbot)
    order = in_tab_order(shown)
    assert order, "Tab reaches something"
    assert jumps(shown, order) == []


def test_a_jump_is_seen(qtbot: QtBot, icons: Icons) -> None:
    del icons
    column = QWidget()
    lines = QVBoxLayout(column)
    first, second, third = (QPushButton(word) for word in ("一", "二", "三"))
    for button in (first, second, third):
        button.setFixedHeight(60)
        lines.addWidget(button)
    show(qtbot, column)
    assert jumps(column, in_tab_order(column)) == []
    QWidget.setTabOrder(second, third)
    QWidget.setTabOrder(third, first)
    assert jumps(column, [second, third, first]) != []
