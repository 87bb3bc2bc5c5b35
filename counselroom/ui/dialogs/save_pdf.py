"""Asks before a filled form is written into a file that anybody can open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.printing.definitions import Audience
from counselroom.services.print_making import PrintRequest
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.printing.making import save_copy
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label


class SavePdfDialog(EntryDialog):
    """Reason, then place; the copy gets a number and a line in the print log."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, _("Save this form as a PDF that is not encrypted?"), parent)
        self.content.addWidget(
            Label(
                _("Whoever gets the file can read it. It is logged like a print and gets a copy number."),
                "body",
                wrap=True,
            )
        )
        self._reason = QLineEdit(str(arguments.get("why") or ""))
        self._field = Field(pgettext("print", "Reason"), self._reason, _("Kept in the audit log."), icons=room.icons)
        self.content.addWidget(self._field)
        self._keep = self.add_button(Button(pgettext("print", "Do not save")))
        self._act = self.add_button(Button(pgettext("print", "Choose a place and save"), "primary"))
        self._keep.clicked.connect(self.reject)
        self._act.clicked.connect(self._save)
        self._reason.textEdited.connect(self.touched)
        self._reason.returnPressed.connect(self._save)

    def state(self) -> dict[str, Any]:
        """Return the reason."""
        return {"reason": self._reason.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the reason."""
        self._reason.setText(str(state.get("reason") or ""))

    def first(self) -> QWidget:
        """Return the field of the reason."""
        return self._reason

    def _save(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            self._field.set_error(_("Please say why."))
            self._reason.setFocus()
            return
        self._field.set_error("")
        kind = FileKind(_("PDF files"), ("*.pdf",))
        title = pgettext("print", "Save a PDF")
        path = self.room.files.save_file(self, title, str(self.arguments.get("file_name") or "F.pdf"), kind)
        if path is None:
            return
        room, actor, request = self.room, self.room.actor.because(reason), self._request()
        self._act.setEnabled(False)
        room.tasks.job(
            lambda job: save_copy(room, job, actor, request, path),
            lambda _done: self._saved(path.name),
            on_failed=self._failed,
            reads=False,
        )

    def _request(self) -> PrintRequest:
        asked = self.arguments
        return PrintRequest(
            str(asked["form"]),
            str(asked["entity_id"]),
            Audience(str(asked["audience"])),
            str(asked.get("recipient") or ""),
            str(asked.get("purpose") or ""),
            frozenset(asked.get("ticked") or ()),
        )

    def _saved(self, name: str) -> None:
        self.finish()
        self.room.messages.say(_("Saved {file}.").format(file=name))

    def _failed(self, error: BaseException) -> None:
        self._act.setEnabled(True)
        self.refuse(error)
