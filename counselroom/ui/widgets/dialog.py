"""The base of all dialogs: a framed sheet over the covered window, at most 640 wide."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.scrim import Scrim

WIDEST = 640


class Dialog(QDialog):
    """Title, content, a row of buttons. Esc rejects; the keyboard goes back where it came from.

    Attributes:
        content: the column between title and buttons.
        icons: maker of icons, for subclasses.
    """

    def __init__(self, icons: Icons, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.icons = icons
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setModal(True)
        self.setMaximumWidth(WIDEST)
        self.setMinimumWidth(360)
        # The window's title is read out by screen readers and shown in the task bar: the question, never a name.
        self.setWindowTitle(title)
        self._title = Label(title, "dialog_title", wrap=True)
        self._scrim: Scrim | None = None
        self._origin: QWidget | None = None
        self.content = QVBoxLayout()
        self.content.setSpacing(8)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(self.content, 1)
        self._below = QVBoxLayout()
        column.addLayout(self._below)
        column.addSpacing(8)
        column.addLayout(self._buttons)

    def add_button(self, button: Button) -> Button:
        """Add a button at the right end of the row and return it."""
        self._buttons.addWidget(button)
        return button

    def add_below(self, line: QWidget) -> None:
        """Put a line between the content and the buttons."""
        self._below.addWidget(line)

    def add_note(self, note: QWidget) -> None:
        """Put a remark at the left end of the row of buttons."""
        self._buttons.insertWidget(0, note)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Cover the window behind and stand in its middle."""
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None and not event.spontaneous():
            window = parent.window()
            self._origin = window.focusWidget()
            if self._scrim is None:
                self._scrim = Scrim(self.icons.theme, window)
            self.resize(min(self.sizeHint().width(), window.width()), min(self.height(), window.height()))
            self._stand_in_the_middle()

    def fit_again(self) -> None:
        """Take the size of what is shown now, as when a list turned out to be empty."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.resize(self.width(), self.sizeHint().height())
        self._stand_in_the_middle()

    def _stand_in_the_middle(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            centre = window.mapToGlobal(window.rect().center())
            self.move(centre.x() - self.width() // 2, centre.y() - self.height() // 2)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Uncover the window and give the keyboard back."""
        super().hideEvent(event)
        if event.spontaneous():
            return
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None
        if self._origin is not None:
            self._origin.setFocus(Qt.FocusReason.OtherFocusReason)
            self._origin = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press the button that has the keyboard, and nothing else."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, Button):
                focus.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the sheet with its border."""
        del event
        theme = self.icons.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("line2"), 1))
        radius = theme.pixels("radius.dialog")
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
