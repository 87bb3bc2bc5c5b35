"""The lock screen: the time, one field, one sentence. It stands where the room was before the lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counselroom.i18n import _
from counselroom.ui.pages.hills import HillsPage
from counselroom.ui.pages.unlock import waiting_sentence
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.passphrase_edit import PassphraseEdit
from counselroom.ui.widgets.variant import set_variant
from counselroom.vault.keys.unlocking import Passphrase

_WIDTH = 380
OTHER_USER = "Ctrl+Shift+L"


class LockScreen(HillsPage):
    """Takes the passphrase of the one who locked.

    Attributes:
        submitted: carries the `Passphrase` to try.
        other_wanted: somebody else, or a recovery sheet: the unlock page is wanted.

    Args:
        theme: the look.
        now: the clock.
        login: login name of who locked.
        notice: what is said instead of the usual sentence; empty for that.
        parent: owner.
    """

    submitted = Signal(object)
    other_wanted = Signal()

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], login: str, notice: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, now, "clock_lock", parent)
        self._login = login
        self._notice = notice
        self._refusal = ""
        self._can_try = True
        self._secret = PassphraseEdit(theme, "lock-outline")
        self._secret.setPlaceholderText(_("Type the passphrase to go on"))
        self._secret.setAccessibleName(_("Type the passphrase to go on"))
        self._line = ErrorLine(theme)
        self._sentence = Label("", "meta", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._other = Button(_("Other user or recovery sheet"), "text", key="Ctrl Shift L", size="compact")
        for widget in (self._secret, self._line):
            widget.setFixedWidth(_WIDTH)
        row = QHBoxLayout()
        row.addWidget(self._secret)
        self.column.addSpacing(48)
        self.column.addLayout(row)
        self.column.addWidget(self._line, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addSpacing(14)
        self.column.addWidget(self._sentence)
        self.column.addSpacing(10)
        self.column.addWidget(self._other, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addStretch(5)
        self._secret.returnPressed.connect(self._submit)
        self._secret.caps_lock_seen.connect(self._tell_caps_lock)
        self._other.clicked.connect(self.other_wanted)
        QShortcut(QKeySequence(OTHER_USER), self).activated.connect(self.other_wanted)
        self.set_busy(busy=False)

    def sentence(self) -> str:
        """Return what is said below the field."""
        return self._line.text() or self._sentence.text()

    def set_busy(self, busy: bool) -> None:
        """Show that the vault is being opened; nothing can be typed meanwhile."""
        self._secret.setEnabled(not busy)
        self._other.setEnabled(not busy)
        self._sentence.setText(
            _("Opening the vault…")
            if busy
            else self._notice or _("Locked. What you were doing is saved; unlocking brings you back to it.")
        )

    def refuse(self, sentence: str, wait: int) -> None:
        """Say why it did not open. What was typed stays and is selected."""
        self.set_busy(busy=False)
        self._refusal = sentence
        self.count_down(wait)
        self._secret.setFocus()
        self._secret.selectAll()

    def count_down(self, seconds: int) -> None:
        """Say how long the next try has to wait."""
        self._can_try = not seconds
        text = f"{self._refusal}{waiting_sentence(seconds)}"
        self._line.say(text, "error")
        self._secret.setAccessibleDescription(text)
        set_variant(self._secret, "error", "true")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Begin in the field: typing goes straight into it."""
        super().showEvent(event)
        self._secret.setFocus()

    def _submit(self) -> None:
        if self._secret.text() and self._can_try:
            self.set_busy(busy=True)
            self.submitted.emit(Passphrase(self._secret.text(), self._login or None))

    def _tell_caps_lock(self, on: bool) -> None:
        if not self._refusal:
            self._line.say(_("Caps lock is on") if on else "", "hint")
