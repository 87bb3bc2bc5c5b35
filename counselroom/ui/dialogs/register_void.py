"""Voids a row of a register: the reason, then undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.registers import void_row
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label


class RegisterVoidDialog(EntryDialog):
    """Asks why; `row` says which row."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, _("Void this row?"), parent)
        self.content.addWidget(
            Label(_("It stays in the register, marked as void, and does not count any more."), "body", wrap=True)
        )
        self._reason = QLineEdit()
        self._field = Field(
            pgettext("register", "Reason"), self._reason, _("Kept with the row."), _("needed"), icons=room.icons
        )
        self.content.addWidget(self._field)
        self._keep = self.add_button(Button(pgettext("register", "Leave it")))
        self._act = self.add_button(Button(pgettext("register", "Void"), "danger"))
        self._keep.clicked.connect(self.reject)
        self._act.clicked.connect(self._void)
        self._reason.returnPressed.connect(self._void)
        self._reason.textEdited.connect(lambda _text: self.touched.emit())

    def state(self) -> dict[str, Any]:
        """Return the reason."""
        return {"reason": self._reason.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the reason."""
        self._reason.setText(str(state.get("reason") or ""))

    def first(self) -> QWidget:
        """Return the field of the reason."""
        return self._reason

    def _void(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            self._field.set_error(_("Please say why."))
            self._reason.setFocus()
            return
        room, row_id = self.room, str(self.arguments["row"])
        self._act.setEnabled(False)
        room.tasks.change(
            lambda: void_row(room.actor, room.desk, row_id, reason), self._voided, on_failed=self._not_voided
        )

    def _voided(self, done: Done[None]) -> None:
        self.finish()
        self.room.messages.say(_("The row was voided."), done.changes.undo)

    def _not_voided(self, error: BaseException) -> None:
        self._act.setEnabled(True)
        self.refuse(error)
