"""The field for a passphrase or the digits of a sheet: hidden, without an input method, with its own drawn icons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from counselroom.ui.theme.svg_icon import svg_pixmap
from counselroom.ui.theme.theme import Theme

_SIZE = 20


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
        self._leading = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        for picture in self.findChildren(QToolButton):  # the action is a picture only
            picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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

    def _dress(self) -> None:
        ratio = self.devicePixelRatioF()
        self._leading.setIcon(QIcon(svg_pixmap(self._icon, self._theme.colour("ink2"), _SIZE, ratio)))
