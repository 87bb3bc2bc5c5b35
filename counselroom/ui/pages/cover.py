"""The cover: there at once when the room is locked, without a field, until the fresh process takes over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _
from counselroom.ui.pages.hills import HillsPage
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label


class Cover(HillsPage):
    """Says that the room is being locked; keys typed here go nowhere."""

    def __init__(self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(theme, now, "clock_lock", parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sentence = Label(_("Locking…"), "", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.close_button = Button(_("Close the program"))
        self.close_button.hide()
        self.column.addSpacing(40)
        self.column.addWidget(self._sentence)
        self.column.addSpacing(16)
        self.column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addStretch(5)

    def sentence(self) -> str:
        """Return what it says."""
        return self._sentence.text()

    def cannot_go_on(self, sentence: str) -> None:
        """Say that no fresh process came; everything is closed, and the program can only be closed too."""
        self._sentence.setText(sentence)
        self.close_button.show()
        self.close_button.setFocus()
