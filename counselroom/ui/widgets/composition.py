"""Whether an input method is composing: Esc and Enter belong to it then, and to nobody else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

_ITS_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down)


class Composition(QObject):
    """Watches an editor; while something is being composed the keys of the input method go no further.

    Most input methods take these keys before Qt sees them. Some on X11 do not.
    """

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self._active = False
        editor.installEventFilter(self)

    def is_active(self) -> bool:
        """Tell whether characters stand there that are not typed yet."""
        return self._active

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note the state of the composition and swallow its keys."""
        if isinstance(event, QInputMethodEvent):
            self._active = bool(event.preeditString())
        elif event.type() == QEvent.Type.FocusOut:
            self._active = False
        elif isinstance(event, QKeyEvent) and self._active and event.key() in _ITS_KEYS:
            event.accept()
            return True
        return super().eventFilter(watched, event)
