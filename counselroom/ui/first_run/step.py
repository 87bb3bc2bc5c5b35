"""One step of a wizard: a title, one sentence, its task, and when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import pgettext


class Step(QWidget):
    """The base of all steps.

    Attributes:
        key: its name where the step reached is kept.
        title: the task in a few words.
        lead: one sentence below the title.
        column: where its parts go.
        changed: what is missing, or the words of the buttons, may have changed.
        touched: something worth keeping has changed.
        finished: the work of 下一步 is done.
        skipped: the step is left out for now.
    """

    changed = Signal()
    touched = Signal()
    finished = Signal()
    skipped = Signal()

    def __init__(self, key: str, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.title = title
        self.lead = lead
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(16)
        self._is_fitted = False

    def fit(self) -> None:
        """Keep the parts together at the top; a step that wants the whole height does nothing here."""
        if not self._is_fitted:
            self._is_fitted = True
            self.column.addStretch(1)

    def missing(self) -> str:
        """Return what has to be done before the step is complete; empty when it is."""
        return ""

    def is_busy(self) -> bool:
        """Tell whether work goes on, so that no button may be pressed."""
        return False

    def next_words(self) -> str:
        """Return the verb of the button that goes on."""
        return pgettext("wizard", "Next")

    def skip_words(self) -> str:
        """Return the verb of the button that leaves the step out; empty when it must be done."""
        return ""

    def go(self) -> None:
        """Do the work of the button and emit `finished`, now or later."""
        self.finished.emit()

    def skip(self) -> None:
        """Leave the step out."""
        self.skipped.emit()

    def enter(self) -> None:
        """Be shown: the time to load what it shows."""

    def first(self) -> QWidget:
        """Return the widget that has the keyboard at the beginning."""
        return self

    def state(self) -> dict[str, Any]:
        """Return what was typed, as JSON values; never a secret."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before the program was closed or locked."""
