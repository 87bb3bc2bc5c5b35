"""Redrawing a part of the window only while somebody can see it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from counselroom.ui.masking import DrawnFaces, Masking


class Redrawing(QObject):
    """Draws `part` anew when the masking changes: at once while it is shown, else just before it is shown again.

    F8 covers a name within one frame although a dozen pages are open behind the one that is seen. With `faces`, what
    was drawn with the present face already is left as it is.
    """

    def __init__(
        self, part: QWidget, masking: Masking, redraw: Callable[[], object], faces: DrawnFaces | None = None
    ) -> None:
        super().__init__(part)
        self._faces = faces
        self._part = part
        self._redraw = redraw
        self._is_stale = False
        masking.changed.connect(self._look)
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Draw before the first painting."""
        del watched
        if self._is_stale and event.type() == QEvent.Type.Show:
            self._draw()
        return False

    def _look(self) -> None:
        if self._faces is not None and self._faces.are_current():
            self._is_stale = False
        elif self._part.isVisible():
            self._draw()
        else:
            self._is_stale = True

    def _draw(self) -> None:
        self._is_stale = False
        if self._faces is not None:
            self._faces.begin()
        self._redraw()
