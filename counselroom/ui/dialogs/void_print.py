"""Asks why a copy is made void: torn, jammed, wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.prints import void_print
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label


class VoidPrintDialog(EntryDialog):
    """The line stays in the log, marked; its number is not given again."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        title = _("Make copy {number} of {form} void?").format(
            number=arguments.get("copy_no", ""), form=arguments.get("form", "")
        )
        super().__init__(room, arguments, title, parent)
        self.content.addWidget(
            Label(
                _("Destroy the sheet. The line stays in the print log and the number is not used again."),
                "body",
                wrap=True,
            )
        )
        self._reason = QLineEdit()
        self._field = Field(pgettext("print", "Reason"), self._reason, _("Kept in the audit log."), icons=room.icons)
        self.content.addWidget(self._field)
        self._keep = self.add_button(Button(pgettext("print log", "Keep it")))
        self._act = self.add_button(Button(pgettext("print log", "Make void"), "danger"))
        self._keep.clicked.connect(self.reject)
        self._act.clicked.connect(self._void)
        self._reason.textEdited.connect(self.touched)

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
        room, print_id = self.room, str(self.arguments["print_id"])
        actor = room.actor.because(reason)
        room.tasks.change(
            lambda: void_print(actor, room.desk, print_id), lambda _done: self.finish(), on_failed=self.refuse
        )
