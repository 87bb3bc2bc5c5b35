"""Asks before the figures are written into an Excel file that anybody can open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.services.statistics import ExportedStatistics, export_statistics
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label


class StatisticsExportDialog(EntryDialog):
    """Reason, then place; opened for the days {first, last}."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, _("Export the figures as an Excel table that is not encrypted?"), parent)
        self.content.addWidget(
            Label(
                _("No name is in it, and small counts are hidden. The export is logged with your reason."),
                "body",
                wrap=True,
            )
        )
        self._reason = QLineEdit()
        self._field = Field(
            pgettext("register", "What for"), self._reason, _("Kept in the audit log."), _("needed"), icons=room.icons
        )
        self.content.addWidget(self._field)
        self._keep = self.add_button(Button(pgettext("register", "Do not export")))
        self._act = self.add_button(Button(pgettext("register", "Choose a place and export"), "primary"))
        self._keep.clicked.connect(self.reject)
        self._act.clicked.connect(self._export)
        self._reason.returnPressed.connect(self._export)
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

    def _export(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            self._field.set_error(_("Please say why."))
            self._reason.setFocus()
            return
        self._field.set_error("")
        first, last = (date.fromisoformat(str(self.arguments[key])) for key in ("first", "last"))
        title = pgettext("statistics", "Statistics")
        kind = FileKind(_("Excel tables"), ("*.xlsx",))
        name = f"{title}-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"
        path = self.room.files.save_file(self, pgettext("register", "Export a table"), name, kind)
        if path is None:
            return
        room, actor = self.room, self.room.actor.because(reason)
        self._act.setEnabled(False)
        room.tasks.job(
            lambda job: _save(export_statistics(actor, room.desk, first, last, job), path),
            self._exported,
            on_failed=self._not_exported,
        )

    def _exported(self, name: str) -> None:
        self.finish()
        self.room.messages.say(_("The figures were saved in {file}.").format(file=name))

    def _not_exported(self, error: BaseException) -> None:
        self._act.setEnabled(True)
        self.refuse(error)


def _save(exported: ExportedStatistics, path: Path) -> str:
    try:
        path.write_bytes(exported.content)
    except OSError:
        raise UserError(
            _("The table could not be written to this place."),
            _("Nothing in the vault was changed."),
            _("Please choose another place."),
        ) from None
    return path.name
