"""随手记: one line from anywhere, kept with Enter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.scratch_notes import ScratchView, write_scratch
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field


class ScratchDialog(EntryDialog):
    """One line; it is given to a student or a case later."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Quick note"), parent)
        self._line = QLineEdit()
        self._line.textEdited.connect(lambda _text: self.touched.emit())
        self._line.returnPressed.connect(self.save)
        hint = _("Enter keeps it. It waits on the page Today until you give it to a student or a case.")
        self.content.addWidget(Field(pgettext("scratch", "What happened"), self._line, hint, icons=room.icons))
        self.setMinimumWidth(520)
        leave = self.add_button(Button(pgettext("scratch", "Leave it")))
        leave.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("scratch", "Keep"), "primary", key="Enter"))
        self.save_button.clicked.connect(self.save)

    def first(self) -> QWidget:
        """Return the line."""
        return self._line

    def state(self) -> dict[str, Any]:
        """Return what was typed."""
        return {"said": self._line.text(), "cursor": self._line.cursorPosition()}

    def has_text(self) -> bool:
        """Tell whether there is a word."""
        return bool(self._line.text().strip())

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._line.setText(str(state.get("said") or ""))
        self._line.setCursorPosition(int(state.get("cursor") or 0))

    def save(self) -> None:
        """Keep the line."""
        said = self._line.text().strip()
        if not said or not self.save_button.isEnabled():
            return
        room = self.room
        self.save_button.setEnabled(False)
        room.tasks.change(lambda: write_scratch(room.actor, room.desk, said), self._saved, on_failed=self._not_saved)

    def _saved(self, done: Done[ScratchView]) -> None:
        self._line.clear()
        self.finish()
        self.room.messages.say(_("The note was written down."), done.changes.undo)

    def _not_saved(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.refuse(error)
