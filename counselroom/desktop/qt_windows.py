"""Hearing what a user does at the level of windows.

A filter on the application would be asked about every event of every object, thousands at the opening of a page, each
at the price of a call into Python.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid


class WindowFilter(QObject):
    """Keeps an event filter on the windows that can hear keys and the mouse.

    The window with the keyboard is followed at once, also into dialogs, menus and lists of choices; others that are
    opened beside it are found by `look`.
    """

    def __init__(self, application: QGuiApplication, listener: QObject, *, composing: bool = False) -> None:
        """Take the application and the object whose `eventFilter` is to be asked; it owns this one.

        Args:
            application: the one application.
            listener: it is asked.
            composing: also ask about what goes to the editor itself: an input method tells a window nothing.
        """
        super().__init__(listener)
        self._application = application
        self._listener = listener
        self._composing = composing
        self._editor: QObject | None = None
        self._is_on = False

    def start(self) -> None:
        """Filter from now on."""
        if not self._is_on:
            self._is_on = True
            self._application.focusWindowChanged.connect(self._follow)
            if self._composing:
                self._application.focusObjectChanged.connect(self._follow_editor)
                self._follow_editor(self._application.focusObject())
        self.look()

    def look(self) -> None:
        """Take windows that were opened without the keyboard."""
        for window in self._application.topLevelWindows():
            self._follow(window)

    def stop(self) -> None:
        """Filter no more."""
        if not self._is_on:
            return
        self._is_on = False
        self._application.focusWindowChanged.disconnect(self._follow)
        if self._composing:
            self._application.focusObjectChanged.disconnect(self._follow_editor)
            self._follow_editor(None)
        for window in self._application.topLevelWindows():
            window.removeEventFilter(self._listener)

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self._listener)  # a second time changes nothing

    def _follow_editor(self, editor: QObject | None) -> None:
        if self._editor is not None and isValid(self._editor):
            self._editor.removeEventFilter(self._listener)
        self._editor = editor
        if editor is not None:
            editor.installEventFilter(self._listener)
