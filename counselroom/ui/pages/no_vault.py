"""What stands in the window where there is no vault: make one, open one that is there, or restore a backup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.ui.file_chooser import FileChooser, QtFileChooser
from counselroom.ui.pages.hills import HillsPage
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.label import Label
from counselroom.vault.keys.slot_file import SlotFile

_WIDTH = 460


class NoVaultPage(HillsPage):
    """Three ways to a vault.

    Attributes:
        new_wanted: make a new vault.
        restore_wanted: make one from a backup.
        chosen: carries the folder of a vault that is there.
    """

    new_wanted = Signal()
    restore_wanted = Signal()
    chosen = Signal(object)
    lowest_with_clock = 600

    def __init__(
        self,
        theme: Theme,
        now: Callable[[], datetime],
        sentence: str = "",
        *,
        begun: bool = False,
        files: FileChooser | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, now, "clock_unlock", parent)
        self._files = files or QtFileChooser()
        self._card = QFrame()
        self._card.setProperty("kind", "panel")
        self._card.setFixedWidth(_WIDTH)
        self._line = ErrorLine(theme)
        new = pgettext("no vault", "Go on making the vault") if begun else pgettext("no vault", "Make a new vault")
        self._new = Button(new, "primary", size="large")
        self._open = Button(pgettext("no vault", "Open a vault that is there"), size="large")
        self._restore = Button(_("Restore from a backup"), size="large")
        column = QVBoxLayout(self._card)
        column.setContentsMargins(32, 28, 32, 28)
        column.setSpacing(10)
        column.addWidget(Label(_("There is no vault on this computer yet"), "record_title", wrap=True))
        column.addWidget(
            Label(
                _("A vault holds everything of the room, encrypted, on this computer. Nothing goes over the network."),
                "body",
                wrap=True,
            )
        )
        column.addWidget(self._line)
        column.addSpacing(6)
        for button in (self._new, self._open, self._restore):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column.addWidget(button)
        self.column.addSpacing(24)
        self.column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addStretch(5)
        self._new.clicked.connect(self.new_wanted)
        self._open.clicked.connect(self._ask)
        self._restore.clicked.connect(self.restore_wanted)
        theme.changed.connect(self._fit_card)
        self._say(sentence)

    def first(self) -> QWidget:
        """Return the button that most people want."""
        return self._new

    def sentence(self) -> str:
        """Return what was wrong with the folder; empty at first."""
        return self._line.text()

    def choose(self, folder: Path) -> None:
        """Take a folder, or say why it is none of a vault."""
        try:
            SlotFile.read(folder)
        except UserError as error:
            self._say(error.sentence())
            return
        self.chosen.emit(folder)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Measure in the look of the window, which the page has only now."""
        super().showEvent(event)
        self._fit_card()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press the button that has the keyboard."""
        focus = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, Button):
            focus.click()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        folder = self._files.folder(self, _("Folder of the vault"))
        if folder is not None:
            self.choose(folder)

    def _say(self, sentence: str) -> None:
        self._line.say(sentence, "error")
        self._fit_card()

    def _fit_card(self) -> None:
        """Give the card the height its wrapped lines need, which a centred widget is not asked for."""
        layout = self._card.layout()
        assert layout is not None  # noqa: S101 - made with the card
        layout.invalidate()
        self._card.setFixedHeight(layout.totalHeightForWidth(_WIDTH))
