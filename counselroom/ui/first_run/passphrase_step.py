"""口令: an offered phrase of six words or one's own, typed twice, and the login name shown while locked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.ui.first_run.step import Step
from counselroom.ui.first_run.strength import Strength
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.passphrase_edit import PassphraseEdit
from counselroom.ui.widgets.segmented import Segmented
from counselroom.vault.keys.passphrase import SHORTEST, normalised, offer
from counselroom.vault.keys.slots import DEFAULT_LOGIN, require_login

OFFERED = "offered"
OWN = "own"


class PassphraseStep(Step):
    """A passphrase that was chosen, judged and typed a second time."""

    def __init__(
        self,
        icons: Icons,
        entropy: Callable[[int], bytes],
        title: str,
        lead: str,
        verb: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("passphrase", title, lead, parent)
        self._icons = icons
        self._entropy = entropy
        self._verb = verb
        self._busy = ""
        self._phrase = ""
        self._kind = Segmented(
            ((OFFERED, pgettext("passphrase", "Six offered words")), (OWN, pgettext("passphrase", "One of my own")))
        )
        self._words = Label("", "record_title", wrap=True)
        self._another = Button(pgettext("passphrase", "Another offer"), size="compact")
        self._own = PassphraseEdit(icons.theme, "key-outline")
        self._again = PassphraseEdit(icons.theme, "key-outline")
        self._show = Button(pgettext("unlock", "Show"), "text", size="compact")
        self._show.setCheckable(True)
        self._strength = Strength()
        self._login = QLineEdit(DEFAULT_LOGIN)
        self._login.setMaximumWidth(320)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._doing = Label("", "hint", wrap=True)
        self.cancel_button = Button(pgettext("progress", "Cancel"), "text", size="compact")
        self.cancel_button.hide()
        self._line = ErrorLine(icons.theme)
        self._lay_out()
        self._kind.changed.connect(lambda _key: self._turn())
        self._another.clicked.connect(self.offer_another)
        self._show.toggled.connect(self._show_text)
        self._own.textChanged.connect(self._strength.set_text)
        self._strength.judged.connect(self.changed)
        self._again.textChanged.connect(lambda _text: self._retyped())
        self._again_field.left.connect(self._compare)
        self._login_field.left.connect(self._check_login)
        self._login.textChanged.connect(lambda _text: self._login_typed())
        for edit in (self._own, self._again):
            edit.caps_lock_seen.connect(self._tell_caps_lock)
        self.offer_another()
        self._turn()

    def _lay_out(self) -> None:
        icons = self._icons
        self._offer_panel = QFrame()
        self._offer_panel.setProperty("kind", "panel")
        inner = QVBoxLayout(self._offer_panel)
        inner.setContentsMargins(16, 14, 16, 14)
        inner.setSpacing(8)
        inner.addWidget(self._words)
        inner.addWidget(
            Label(
                _("Write it down on paper, keep it with you until you know it by heart, then destroy the paper."),
                "hint",
                wrap=True,
            )
        )
        inner.addWidget(self._another, 0, Qt.AlignmentFlag.AlignLeft)
        self._own_field = Field(
            pgettext("unlock", "Passphrase"),
            self._own,
            _("At least {count} characters; a sentence only you would say is best. Input methods are off here.").format(
                count=SHORTEST
            ),
            icons=icons,
        )
        self._again_field = Field(_("The same again"), self._again, icons=icons)
        again_hint = _("Input methods are off in this field: letters, digits and spaces are typed directly.")
        self._again_field.set_hint(again_hint)
        self._login_field = Field(
            _("Login name"),
            self._login,
            _("It is seen before unlocking, so it should name nobody."),
            icons=icons,
        )
        below = QWidget()
        for widget in (below, self._strength):
            widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        tail = QHBoxLayout(below)
        tail.setContentsMargins(0, 0, 0, 0)
        tail.addStretch(1)
        tail.addWidget(self._show)
        column = self.column
        column.setSpacing(14)
        column.addWidget(self._kind, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._offer_panel)
        column.addWidget(self._own_field)
        column.addWidget(self._strength)
        column.addWidget(self._again_field)
        column.addWidget(below)
        column.addWidget(self._login_field)
        column.addWidget(self._line)
        column.addWidget(self._bar)
        column.addWidget(self._doing)
        column.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._offer_panel, self._own_field, self._again_field, self._login_field, below):
            widget.setMaximumWidth(640)
        self._strength.setMaximumWidth(560)

    def offer_another(self) -> None:
        """Offer another phrase."""
        self._phrase = offer(self._entropy)
        self._words.setText(self._phrase)
        self._again.clear()
        self.changed.emit()

    def offered(self) -> str:
        """Return the phrase that is offered."""
        return self._phrase

    def passphrase(self) -> str:
        """Return the passphrase to be used."""
        return self._phrase if self._kind.current() == OFFERED else self._own.text()

    def login(self) -> str:
        """Return the login name."""
        return self._login.text()

    def strength(self) -> str:
        """Return the strength of one's own in words."""
        return self._strength.word()

    def sentence(self) -> str:
        """Return what went wrong."""
        return self._line.text()

    def missing(self) -> str:
        """Return what has to be typed yet."""
        if self._kind.current() == OWN and not self._strength.accepted():
            return _("Please type a passphrase that is long and not easy to guess.")
        if not self._is_the_same():
            return _("Please type the passphrase once more.")
        return self._login_error()

    def is_busy(self) -> bool:
        """Tell whether a vault is being made with it."""
        return bool(self._busy)

    def next_words(self) -> str:
        """Return what the button does."""
        return self._verb or super().next_words()

    def set_busy(self, sentence: str, *, can_cancel: bool = False) -> None:
        """Show that work goes on, in words; an empty text ends it."""
        self._busy = sentence
        self.cancel_button.setVisible(bool(sentence) and can_cancel)
        self._bar.setVisible(bool(sentence))
        self._doing.setText(sentence)
        self._doing.setVisible(bool(sentence))
        for widget in (self._kind, self._another, self._own, self._again, self._login, self._show):
            widget.setEnabled(not sentence)
        if sentence:
            self._line.say("")
        self.changed.emit()

    def set_progress(self, done: int, whole: int) -> None:
        """Show how far the work is."""
        self._bar.setRange(0, 1000 if whole else 0)
        self._bar.setValue(round(1000 * done / whole) if whole else 0)

    def refuse(self, sentence: str) -> None:
        """Say why the work failed."""
        self.set_busy("")
        self._line.say(sentence, "error")
        self.first().setFocus()

    def forget(self) -> None:
        """Take the typed texts out of the fields."""
        for edit in (self._own, self._again):
            edit.clear()
        self._phrase = ""
        self._words.setText("")

    def first(self) -> QWidget:
        """Return the field to type in."""
        return self._again if self._kind.current() == OFFERED else self._own

    def state(self) -> dict[str, Any]:
        """Return the login name; nothing secret."""
        return {"login": self._login.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the login name of before."""
        if state.get("login"):
            self._login.setText(str(state["login"]))

    def use(self, kind: str) -> None:
        """Turn to the offered phrase or to one's own."""
        self._kind.set_current(kind)
        self._turn()

    def _turn(self) -> None:
        offered = self._kind.current() == OFFERED
        self._offer_panel.setVisible(offered)
        self._own_field.setHidden(offered)
        self._strength.setHidden(offered)
        self._again.clear()
        label = _("Type the six words here") if offered else _("The same again")
        self._again_field.label.setText(label)
        self._again.setAccessibleName(label)
        self.set_busy("")
        self.changed.emit()

    def _is_the_same(self) -> bool:
        typed, wanted = self._again.text(), self.passphrase()
        if self._kind.current() == OFFERED:
            typed = " ".join(unicodedata.normalize("NFKC", typed).split())
        return bool(wanted) and normalised(typed) == normalised(wanted)

    def _retyped(self) -> None:
        if self._is_the_same():
            self._again_field.set_error("")
        self._line.say("")
        self.changed.emit()

    def _compare(self) -> None:
        wrong = bool(self._again.text()) and not self._is_the_same()
        self._again_field.set_error(_("This is not the same; please compare letter by letter.") if wrong else "")

    def _login_error(self) -> str:
        try:
            require_login(self._login.text())
        except UserError as error:
            return error.sentence()
        return ""

    def _login_typed(self) -> None:
        if not self._login_error():
            self._login_field.set_error("")
        self.changed.emit()
        self.touched.emit()

    def _check_login(self) -> None:
        self._login_field.set_error(self._login_error())

    def _show_text(self, shown: bool) -> None:
        for edit in (self._own, self._again):
            edit.show_text(shown=shown)
        self._show.setText(pgettext("unlock", "Hide") if shown else pgettext("unlock", "Show"))

    def _tell_caps_lock(self, on: bool) -> None:
        if not self._busy:
            self._line.say(_("Caps lock is on") if on else "", "hint")
