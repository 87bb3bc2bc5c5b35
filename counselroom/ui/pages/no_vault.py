"""What stands in the window where there is no vault yet: how to make one, and how to choose one that is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.ui.pages.hills import HillsPage
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.label import Label
from counselroom.vault.keys.slot_file import SlotFile

_COMMAND = "counselroom init FOLDER --school NAME --type TYPE --sheets FOLDER"


class NoVaultPage(HillsPage):
    """Says in plain words what to do.

    Attributes:
        chosen: carries the folder of a vault.
        finished: a vault was chosen, or the window was closed.
    """

    chosen = Signal(object)
    finished = Signal()
    lowest_with_clock = 560

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], sentence: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, now, "clock_unlock", parent)
        card = QFrame()
        card.setProperty("kind", "panel")
        card.setFixedWidth(520)
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 28, 32, 28)
        column.setSpacing(12)
        column.addWidget(Label(_("There is no vault on this computer yet"), "record_title", wrap=True))
        column.addWidget(
            Label(_("A vault with its two recovery sheets is made once, in a terminal:"), "body", wrap=True)
        )
        column.addWidget(Label(_COMMAND, "meta", wrap=True))
        self._line = ErrorLine(theme)
        self._choose = Button(_("Choose the folder of a vault"), "primary", size="large")
        self._choose.clicked.connect(self._ask)
        column.addWidget(self._line)
        column.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addSpacing(24)
        self.column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addStretch(5)
        self._line.say(sentence, "error")
        self._choose.setFocus()

    def sentence(self) -> str:
        """Return what was wrong with the folder; empty at first."""
        return self._line.text()

    def choose(self, folder: Path) -> None:
        """Take a folder, or say why it is none of a vault."""
        try:
            SlotFile.read(folder)
        except UserError as error:
            self._line.say(error.sentence(), "error")
            return
        self.chosen.emit(folder)
        self.finished.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Give up."""
        super().closeEvent(event)
        self.finished.emit()

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder of the vault"))
        if folder:
            self.choose(Path(folder))
