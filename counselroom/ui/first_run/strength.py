"""How strong a typed passphrase is: a bar and a word, judged beside the window."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.background import Background
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.variant import set_variant
from counselroom.vault.keys.passphrase import SHORTEST, Judgement, Weakness, judge

_QUIET = 200
"""Milliseconds after the last key."""


class Strength(QWidget):
    """Judges a text a moment after the last key.

    Attributes:
        judged: the word has changed.
    """

    judged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._judged = ""
        self._found: Judgement | None = None
        self._background = Background(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET)
        self._timer.timeout.connect(self._start)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 3)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(_("Strength of the passphrase"))
        self._word = Label("", "meta")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._bar)
        row.addWidget(self._word, 1)
        self._show()

    def set_text(self, text: str) -> None:
        """Judge another text."""
        self._text = text
        self._found = None
        if len(text) < SHORTEST:
            self._found = Judgement(0, Weakness.SHORT)
            self._timer.stop()
        else:
            self._timer.start()
        self._show()
        self.judged.emit()

    def accepted(self) -> bool:
        """Tell whether the text may be used."""
        return self._found is not None and self._found.accepted

    def word(self) -> str:
        """Return the strength in words."""
        return self._word.text()

    def _start(self) -> None:
        text = self._text
        if not self._background.run(lambda: judge(text), lambda found: self._settle(text, found), _log_only):
            self._timer.start()

    def _settle(self, text: str, found: Judgement) -> None:
        if text == self._text:
            self._found = found
            self._show()
            self.judged.emit()

    def _show(self) -> None:
        level, word = self._level()
        self._bar.setValue(level)
        set_variant(self._bar, "tone", "amber" if level < 2 else "")
        self._word.setText(word)
        self._bar.setAccessibleDescription(word)

    def _level(self) -> tuple[int, str]:
        found = self._found
        if not self._text:
            return 0, ""
        if found is None:
            return 1, pgettext("strength", "being judged")
        if found.weakness is Weakness.SHORT:
            return 1, pgettext("strength", "too short")
        if found.weakness is Weakness.LONG:
            return 1, pgettext("strength", "too long")
        if found.weakness is Weakness.GUESSABLE:
            return 1, pgettext("strength", "too easy to guess")
        return (3, pgettext("strength", "very good")) if found.score > 3 else (2, pgettext("strength", "good"))


def _log_only(error: BaseException) -> None:
    from counselroom.ui.messages import plain_sentence

    plain_sentence(error)
