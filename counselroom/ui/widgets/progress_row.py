"""Work that takes a while: bar, count, time left by the rate so far, cancel, on to the background."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import ElidedLabel, Label

RATE_AFTER = 1.0
"""Seconds before a rate is believed."""
BACKGROUND_AFTER = 10.0
"""Seconds after which the work may go on in the background."""
FINE = 1000


class ProgressRow(QFrame):
    """The progress of one job.

    Attributes:
        cancelled: the user wants it stopped; the page says what is removed and what stays.
        sent_to_background: the user goes on working.

    Args:
        icons: maker of the icon.
        icon_name: what kind of work.
        text: the work in words.
        now: seconds of a clock that never goes back.
        parent: the parent widget.
    """

    cancelled = Signal()
    sent_to_background = Signal()

    def __init__(
        self, icons: Icons, icon_name: str, text: str, now: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._words = text
        self._now = now
        self._started = now()
        self._text = ElidedLabel(text)
        self._rest = Label("", "meta")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(text)
        self._background = Button(pgettext("progress", "Continue in the background"), "text")
        self._background.clicked.connect(self.sent_to_background)
        self._background.hide()
        self._cancel = Button(pgettext("progress", "Cancel"), "text")
        self._cancel.clicked.connect(self.cancelled)
        head = QHBoxLayout()
        head.addWidget(self._text, 1)
        head.addWidget(self._rest)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(head)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 6, 8)
        row.setSpacing(12)
        row.addWidget(icon_label(icons.named(icon_name)), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._background)
        row.addWidget(self._cancel)

    def set_progress(self, done: int, total: int) -> None:
        """Show how much is done; a `total` of 0 means that nobody knows yet."""
        elapsed = self._now() - self._started
        self._background.setVisible(elapsed > BACKGROUND_AFTER)
        if total <= 0:
            self._bar.setRange(0, 0)
            self._rest.setText("")
            return
        self._bar.setRange(0, FINE)
        self._bar.setValue(round(FINE * done / total))
        self._text.setText(f"{self._words} {done:,} / {total:,}")
        self._rest.setText(_time_left(elapsed, done, total) if elapsed >= RATE_AFTER and done else "")

    def set_can_cancel(self, can_cancel: bool) -> None:
        """Take the cancel away from work that is one whole."""
        self._cancel.setVisible(can_cancel)

    def set_cancelling(self) -> None:
        """Show that the work is being stopped."""
        self._cancel.setEnabled(False)
        self._rest.setText(pgettext("progress", "stopping"))


def _time_left(elapsed: float, done: int, total: int) -> str:
    seconds = round(elapsed * (total - done) / done)
    if seconds < 60:
        return pgettext("progress", "about {seconds} s").format(seconds=max(1, seconds))
    return pgettext("progress", "about {minutes} min").format(minutes=(seconds + 59) // 60)
