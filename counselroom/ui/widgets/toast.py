"""The toast: what was just done, with undo, for ten seconds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import ElidedLabel, Label

SECONDS = 10
MARGIN = 16


class Toast(QFrame):
    """One message at the bottom centre of `parent`; the next one takes its place.

    It stays while the mouse is over it or the keyboard is in it. Ctrl Z in it undoes; elsewhere the window's key table
    calls `undo`.

    Attributes:
        undone: the step was undone from here.
        closed: the toast went away, whatever the reason.
    """

    undone = Signal()
    closed = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        self._undo: Callable[[], None] | None = None
        self._left = SECONDS
        self._text = ElidedLabel("", "toast")
        self._seconds = Label("", "toast_seconds")
        self._button = Button(pgettext("toast", "Undo"), "text")
        self._button.clicked.connect(self.undo)
        self._close = IconButton(icons.named("mdi6.close"), pgettext("toast", "Close"), colour="surface")
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 6, 4)
        row.setSpacing(10)
        row.addWidget(icon_label(icons.named("mdi6.check"), "surface", 20))
        row.addWidget(self._text, 1)
        for widget in (self._button, self._seconds, self._close):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._second)
        icons.theme.changed.connect(self._place)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Show what was done, in the past tense, and how to undo it."""
        self._undo = undo
        self._left = SECONDS
        self._text.setText(text)
        self.setAccessibleName(text)
        self._button.setVisible(undo is not None)
        self._tell()
        self._timer.start()
        self.show()
        self._place()
        self.raise_()

    def text(self) -> str:
        """Return what it says; empty when it is gone."""
        return self._text.text() if self.isVisible() else ""

    def undo(self) -> bool:
        """Undo the step that is shown; return whether there was one."""
        if not self.isVisible() or self._undo is None:
            return False
        undo = self._undo
        self.dismiss()
        undo()
        self.undone.emit()
        return True

    def dismiss(self) -> None:
        """Take it away; the step can still be undone by Ctrl Z."""
        if self.isVisible():
            self._timer.stop()
            self._undo = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Undo on Ctrl Z and close on Esc while the keyboard is here."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay at the bottom centre when the parent changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _is_held(self) -> bool:
        focus = self.focusWidget() if self.isActiveWindow() else None
        return self.underMouse() or (focus is not None and focus.hasFocus())

    def _second(self) -> None:
        if self._is_held():
            return
        self._left -= 1
        self._tell()
        if self._left <= 0:
            self.dismiss()

    def _tell(self) -> None:
        self._seconds.setText(pgettext("toast", "{seconds} s").format(seconds=self._left))

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            room = parent.width() - 2 * MARGIN
            self.resize(min(max(self.sizeHint().width(), 360), room), self.sizeHint().height())
            self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - MARGIN)
