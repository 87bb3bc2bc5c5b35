"""Redrawing a part of the window only while somebody can see it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from counselroom.ui.masking import Masking


class Redrawing(QObject):
    """Draws `part` anew when the masking changes: at once while it is shown, else just before it is shown again.

    F8 covers a name within one frame although a dozen pages are open behind the one that is seen.
    """

    def __init__(self, part: QWidget, masking: Masking, redraw: Callable[[], object]) -> None:
        super().__init__(part)
        self._part = part
        self._redraw = redraw
        self._is_stale = False
        masking.changed.connect(self._look)
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Draw before the first painting."""
        del watched
        if self._is_stale and event.type() == QEvent.Type.Show:
            self._is_stale = False
            self._redraw()
        return False

    def _look(self) -> None:
        if self._part.isVisible():
            self._redraw()
        else:
            self._is_stale = True
