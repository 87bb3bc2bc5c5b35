"""Work in named steps: what is done, what runs with its bar, what is still to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.progress_row import FINE, RATE_AFTER
from counselroom.ui.widgets.variant import set_variant

_ICON = 20
_DONE, _RUNS, _WAITS = "mdi6.check-circle", "mdi6.progress-clock", "mdi6.circle-outline"


class StepList(QWidget):
    """Steps one below the other; only the one that runs has a bar.

    Args:
        icons: maker of the icons.
        labels: the steps in words.
        now: seconds of a clock that never goes back.
        parent: the parent widget.
    """

    def __init__(
        self, icons: Icons, labels: Sequence[str], now: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._now = now
        self._started = now()
        self._current = -1
        self._marks: list[QLabel] = []
        self._labels: list[Label] = []
        self._facts: list[ElidedLabel] = []
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._detail = ElidedLabel("", "meta")
        self._rest = Label("", "meta")
        self._under = QWidget(self)  # without a parent it would be a window of its own for a moment
        under = QVBoxLayout(self._under)
        under.setContentsMargins(0, 0, 0, 2)
        under.setSpacing(4)
        under.addWidget(self._bar)
        words = QHBoxLayout()
        words.addWidget(self._detail, 1)
        words.addWidget(self._rest)
        under.addLayout(words)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        for number, text in enumerate(labels):
            mark, label, fact = QLabel(), Label(text), ElidedLabel("", "meta")
            mark.setFixedSize(QSize(_ICON, _ICON))
            self._grid.addWidget(mark, 2 * number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, 2 * number, 1)
            self._grid.addWidget(fact, 2 * number, 2)
            self._marks.append(mark)
            self._labels.append(label)
            self._facts.append(fact)
        icons.theme.changed.connect(self._dress)
        self._place()

    def current(self) -> int:
        """Return the number of the step that runs; -1 before the first, one too many after the last."""
        return self._current

    def run(self, number: int, detail: str = "") -> None:
        """Let a step run; all before it are done."""
        if number != self._current:
            self._current = number
            self._started = self._now()
            self._bar.setRange(0, 0)
            self._rest.setText("")
            self._place()
        self._detail.setText(detail)

    def finish(self) -> None:
        """All steps are done."""
        self.run(len(self._labels))

    def set_fact(self, number: int, text: str) -> None:
        """Say something short at the right of a step."""
        self._facts[number].setText(text)

    def set_progress(self, done: int, whole: int, speed: str = "") -> None:
        """Show how much of the running step is done, with the speed in words and the time left by the rate so far."""
        if whole <= 0:
            return
        elapsed = self._now() - self._started
        self._bar.setRange(0, FINE)
        self._bar.setValue(round(FINE * done / whole))
        parts = [f"{100 * done // whole}%", speed]
        if elapsed >= RATE_AFTER and 0 < done < whole:
            parts.append(time_left(elapsed * (whole - done) / done))
        self._rest.setText(pgettext("progress", ", ").join(part for part in parts if part))

    def elapsed(self) -> float:
        """Return the seconds since the running step began."""
        return self._now() - self._started

    def _place(self) -> None:
        self._grid.removeWidget(self._under)
        runs = 0 <= self._current < len(self._labels)
        self._under.setVisible(runs)
        if runs:
            self._grid.addWidget(self._under, 2 * self._current + 1, 1, 1, 2)
            self._bar.setAccessibleName(self._labels[self._current].text())
        self._dress()

    def _dress(self) -> None:
        for number, (mark, label) in enumerate(zip(self._marks, self._labels, strict=True)):
            name, colour = (
                (_DONE, "accent")
                if number < self._current
                else (_RUNS, "accent")
                if number == self._current
                else (_WAITS, "line2")
            )
            mark.setPixmap(self._icons.pixmap(name, colour, _ICON, self.devicePixelRatioF()))
            set_variant(label, "kind", "strong" if number == self._current else "")


def time_left(seconds: float) -> str:
    """Return a rest of time in words."""
    whole = max(1, round(seconds))
    if whole < 60:
        return pgettext("progress", "about {seconds} s").format(seconds=whole)
    return pgettext("progress", "about {minutes} min").format(minutes=(whole + 59) // 60)
