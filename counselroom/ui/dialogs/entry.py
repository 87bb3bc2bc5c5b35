"""The base of all dialogs with fields: kept over a lock, its text never lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.dialog import Dialog
from counselroom.ui.widgets.error_line import ErrorLine


class EntryDialog(Dialog):
    """A dialog in which something is typed.

    The window opens it from the table of dialogs, saves its state while it is typed in, opens it again after a lock,
    and keeps the text of one that was closed without saving as a draft.

    Attributes:
        room: the tools.
        arguments: what it was opened for, JSON values.
        touched: something that was typed has changed.
        finished_well: the work is done and the draft may go.
    """

    touched = Signal()
    finished_well = Signal()

    def __init__(self, room: Room, arguments: Mapping[str, Any], title: str, parent: QWidget | None = None) -> None:
        super().__init__(room.icons, title, parent)
        self.room = room
        self.arguments = dict(arguments)
        self._untouched: dict[str, Any] | None = None
        self._error = ErrorLine(room.icons.theme)
        self.add_below(self._error)

    def state(self) -> dict[str, Any]:
        """Return what was typed, as JSON values."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before; what does not fit any more is left out."""

    def first(self) -> QWidget:
        """Return the widget that has the keyboard at the beginning."""
        return self

    def settle(self) -> None:
        """Note that everything is filled in as it was stored: what differs from now on was typed.

        The window calls it after the dialog was made; who fills fields from a query calls it once more.
        """
        self._untouched = self.state()

    def has_text(self) -> bool:
        """Tell whether something was typed that is not stored."""
        return self._untouched is not None and self.state() != self._untouched

    def also_by_key(self, *buttons: Button) -> None:
        """Let Ctrl Enter press the one of these buttons that is shown, from every field."""

        def press() -> None:
            for button in buttons:
                if button.isVisible():
                    button.click()
                    return

        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(press)

    def finish(self) -> None:
        """Close after the work was done; there is nothing left to keep."""
        self.settle()
        self.finished_well.emit()
        self.accept()

    def refuse(self, error: BaseException) -> None:
        """Say why it was not done; everything typed stays."""
        self.tell(plain_sentence(error))

    def tell(self, sentence: str) -> None:
        """Show a sentence above the buttons; an empty one takes it away."""
        self._error.say(sentence, "error")
