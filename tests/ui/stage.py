"""Puts widgets on a window that is shown and active, as they are in the program."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.looks import settle


def show(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """Show `widgets` one below the other in an active window that lives as long as the test."""
    window = QWidget()
    qtbot.addWidget(window, before_close_func=lambda _widget, kept=window: None)  # qtbot itself keeps it weakly
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settle()
    return window


def without_focus() -> None:
    """Take the keyboard away from whatever has it."""
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()
    settle()
