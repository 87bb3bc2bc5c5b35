"""导入名册: the import of a roster in the running room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.roster_import import RosterResult
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.roster.import_view import ImportView
from counselroom.ui.widgets.button import Button


class RosterImportPage(Page):
    """File, preview, corrections; opened from 学生."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Import a roster"), parent, back=True)
        self.view = ImportView(room, self.face)
        self._import = Button(pgettext("roster", "Import"), "primary", room.icons.named("mdi6.table-arrow-right"))
        self.header.add_action(self._import)
        self.header.set_meta(_("Adds and corrects students; nobody is deleted"))
        self.body.addWidget(self.view, 1)
        self._import.clicked.connect(self.view.start_import)
        self.view.changed.connect(self._look)
        self.view.touched.connect(self.touched)
        self.view.imported.connect(self._say)
        Redrawing(self, room.masking, self.view.show_faces)
        self._look()

    def panels(self) -> Sequence[QWidget]:
        """Return the file, the tabs, the button."""
        return (self.view.first(), self.view.preview_view.tabs(), self._import)

    def state(self) -> dict[str, Any]:
        """Return file and corrections."""
        return self.view.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Read the file of before."""
        self.view.restore(state)

    def _look(self) -> None:
        self._import.setEnabled(self.view.can_import())
        if not self.view.is_busy() and self.isVisible() and QApplication.focusWidget() is None:
            self.view.first().setFocus()  # the button that worked was disabled and has lost the keyboard

    def _say(self, result: RosterResult) -> None:
        self.room.messages.say(
            _("Imported: {new} new, {updated} updated, {unchanged} unchanged, {refused} refused.").format(
                new=f"{result.new:,}",
                updated=f"{result.updated:,}",
                unchanged=f"{result.unchanged:,}",
                refused=f"{len(result.refused):,}",
            )
        )
