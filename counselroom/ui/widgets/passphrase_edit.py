"""The field for a passphrase or the digits of a sheet: hidden, without an input method, with its own drawn icons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.ui.theme.svg_icon import svg_pixmap
from counselroom.ui.theme.theme import Theme

_SIZE = 20
_LEFT = 9
_GAP = 6
"""Pixels left of the picture and between it and the text."""


class PassphraseEdit(QLineEdit):
    """A line for a secret.

    Attributes:
        caps_lock_seen: whether the last letter typed says that caps lock is on.
    """

    caps_lock_seen = Signal(bool)

    def __init__(self, theme: Theme, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setTextMargins(_SIZE + _GAP, 0, 0, 0)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMaxLength(1024)
        self.show_text(shown=False)
        theme.changed.connect(self._dress)
        self._dress()

    def show_text(self, *, shown: bool) -> None:
        """Show or hide what is typed; an input method stays away from both."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhPreferLatin
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Tell by a letter whether caps lock is on: Qt does not know."""
        letter = event.text()
        if len(letter) == 1 and letter.isalpha() and letter.isascii():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock_seen.emit(letter.isupper() != shifted)
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture; Qt's own way would be a button that does nothing and has no name."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawPixmap(_LEFT, (self.height() - _SIZE) // 2, self._picture)
        painter.end()

    def _dress(self) -> None:
        self._picture = svg_pixmap(self._icon, self._theme.colour("ink2"), _SIZE, self.devicePixelRatioF())
        self.update()
