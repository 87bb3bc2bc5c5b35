"""The unlock page: who, the passphrase or a recovery sheet, and one sentence when it does not open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.pages.hills import HillsPage
from counselroom.ui.theme.svg_icon import svg_pixmap
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.passphrase_edit import PassphraseEdit
from counselroom.ui.widgets.variant import set_variant
from counselroom.vault.keys.unlocking import Credential, Passphrase, Sheet

_WIDTH = 420


class UnlockPage(HillsPage):
    """The card of the locked window.

    Attributes:
        submitted: carries the `Credential` to try.
        restore_wanted: restore a backup instead.

    Args:
        theme: the look.
        now: the clock.
        logins: the login names of the vault, none of them a person's unless somebody chose it so.
    """

    submitted = Signal(object)
    restore_wanted = Signal()
    lowest_with_clock = 620

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], logins: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, now, "clock_unlock", parent)
        self._with_sheet = False
        self._busy = False
        self._sentence = ""
        self._user = QComboBox()
        self._user.addItems(list(logins))
        self._user_label = Label(pgettext("unlock", "User"), "label")
        self._user_label.setBuddy(self._user)
        self._user.setAccessibleName(self._user_label.text())
        self._secret = PassphraseEdit(theme, "key-outline")
        self._secret_label = Label("", "label")
        self._secret_label.setBuddy(self._secret)
        self._show_button = Button(pgettext("unlock", "Show"), "text", size="compact")
        self._show_button.setCheckable(True)
        self._line = ErrorLine(theme)
        self._unlock = Button(pgettext("unlock", "Unlock"), "primary", size="large")
        self._unlock.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._opening = Label(_("Opening the vault…"), "hint")
        self._other = Button("", "text", size="compact")
        self._restore = Button(_("Restore from a backup"), "text", size="compact")
        self._mark = QLabel()
        self._mark.setProperty("kind", "mark")
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._unlock.clicked.connect(self._submit)
        self._secret.returnPressed.connect(self._submit)
        self._secret.caps_lock_seen.connect(self._tell_caps_lock)
        self._show_button.toggled.connect(self._show_secret)
        self._restore.clicked.connect(self.restore_wanted)
        self._other.clicked.connect(lambda: self.use_sheet(not self._with_sheet))
        theme.changed.connect(self._dress_mark)
        self._dress_mark()
        self.use_sheet(wanted=False)
        self.set_busy(busy=False)

    def _lay_out(self) -> None:
        self._card = card = QFrame()
        card.setProperty("kind", "panel")
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(Label(_("Counselling Room"), "record_title"))
        names.addWidget(Label(_("Works offline, everything encrypted"), "meta"))
        head.addLayout(names, 1)
        column.addLayout(head)
        column.addSpacing(24)
        column.addWidget(self._user_label)
        column.addSpacing(4)
        column.addWidget(self._user)
        column.addSpacing(16)
        labels = QHBoxLayout()
        labels.addWidget(self._secret_label, 1)
        labels.addWidget(self._show_button)
        column.addLayout(labels)
        column.addSpacing(4)
        column.addWidget(self._secret)
        column.addWidget(self._line)
        column.addSpacing(16)
        column.addWidget(self._unlock)
        column.addWidget(self._bar)
        column.addWidget(self._opening)
        column.addSpacing(16)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        rule.setFixedHeight(1)
        column.addWidget(rule)
        column.addSpacing(8)
        ways = QHBoxLayout()
        ways.addWidget(self._other)
        ways.addStretch(1)
        ways.addWidget(self._restore)
        column.addLayout(ways)
        column.addSpacing(4)
        column.addWidget(
            Label(
                _("The passphrase is checked on this computer only. Without it or a sheet nobody can open the vault."),
                "hint",
                wrap=True,
            )
        )
        self.column.addSpacing(24)
        self.column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addStretch(5)
        # Reading order: who, secret, go, then what is needed rarely.
        order = (self._user, self._secret, self._unlock, self._show_button, self._other, self._restore)
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def sentence(self) -> str:
        """Return the error or hint below the field."""
        return self._line.text()

    def inform(self, sentence: str) -> None:
        """Say something that is no error, until something else is to be said."""
        self._say(sentence, is_error=False)

    def use_sheet(self, wanted: bool) -> None:
        """Ask for the digits of a recovery sheet instead of the passphrase, or the other way round."""
        self._with_sheet = wanted
        self._secret.clear()
        self._user.setVisible(not wanted)
        self._user_label.setVisible(not wanted)
        self._secret_label.setText(_("48 digits of a recovery sheet") if wanted else pgettext("unlock", "Passphrase"))
        self._secret.setAccessibleName(self._secret_label.text())
        self._other.setText(_("Unlock with the passphrase") if wanted else _("Unlock with a recovery sheet"))
        self._show_button.setChecked(wanted)
        self._show_secret(shown=wanted)
        self._say("", is_error=False)
        self._secret.setFocus()

    def set_busy(self, busy: bool) -> None:
        """Show that the vault is being opened; nothing can be typed meanwhile."""
        self._busy = busy
        for widget in (self._user, self._secret, self._other, self._show_button, self._restore):
            widget.setEnabled(not busy)
        self._unlock.setVisible(not busy)
        self._bar.setVisible(busy)
        self._opening.setVisible(busy)
        self._fit_card()

    def refuse(self, sentence: str, wait: int) -> None:
        """Say why it did not open. What was typed stays and is selected."""
        self.set_busy(busy=False)
        self._sentence = sentence
        self.count_down(wait)
        self._secret.setFocus()
        self._secret.selectAll()

    def count_down(self, seconds: int) -> None:
        """Say how long the next try has to wait."""
        self._unlock.setEnabled(not seconds)
        self._say(f"{self._sentence}{waiting_sentence(seconds)}", is_error=True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Begin in the field."""
        super().showEvent(event)
        self._fit_card()  # in the look of the window, which the page has only now
        self._secret.setFocus()

    def _submit(self) -> None:
        text = self._secret.text()
        if not text or self._busy or not self._unlock.isEnabled():
            return
        credential: Credential = Sheet(text) if self._with_sheet else Passphrase(text, self._user.currentText())
        self.set_busy(busy=True)
        self.submitted.emit(credential)

    def _show_secret(self, shown: bool) -> None:
        self._secret.show_text(shown=shown)
        self._show_button.setText(pgettext("unlock", "Hide") if shown else pgettext("unlock", "Show"))

    def _tell_caps_lock(self, on: bool) -> None:
        if not self._sentence:
            self._say(_("Caps lock is on") if on else "", is_error=False)

    def _say(self, text: str, *, is_error: bool) -> None:
        if not is_error:
            self._sentence = ""
        self._line.say(text, "error" if is_error else "hint")
        self._secret.setAccessibleDescription(text)
        set_variant(self._secret, "error", "true" if is_error and text else "false")
        self._fit_card()

    def _fit_card(self) -> None:
        """Give the card the height its wrapped lines need, which a centred widget is not asked for."""
        layout = self._card.layout()
        assert layout is not None  # noqa: S101 - made with the card
        layout.invalidate()
        self._card.setFixedHeight(layout.totalHeightForWidth(_WIDTH))

    def _dress_mark(self) -> None:
        pixmap = svg_pixmap("tea-outline", self.theme.colour("on_accent"), 24, self.devicePixelRatioF())
        self._mark.setPixmap(pixmap)
        self._mark.setFixedSize(44, 44)
        self._fit_card()


def waiting_sentence(seconds: int) -> str:
    """Return how long to wait, in words; nothing for 0."""
    if not seconds:
        return ""
    return _("Please wait {seconds} seconds; the time grows with each try.").format(seconds=seconds)
