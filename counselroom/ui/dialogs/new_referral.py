"""新建转介: for which student. A name and Enter, and the sheet of the referral opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import ClientType
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.schedule.client_field import ClientField
from counselroom.ui.widgets.button import Button


class NewReferralDialog(EntryDialog):
    """One field; Enter takes the first student that fits. Nothing is written down before the sheet is filled in."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Whom is the referral for?"), parent)
        self._who = ClientField(room, pgettext("referral", "Student"), _("Enter opens the sheet of the referral."))
        self._who.entered.connect(self.go_on)
        self._who.touched.connect(self.touched)
        self.content.addWidget(self._who)
        self.setMinimumWidth(480)
        self.add_button(Button(pgettext("referral", "Not now"))).clicked.connect(self.reject)
        self.go_button = self.add_button(Button(pgettext("referral", "Fill in"), "primary", key="Enter"))
        self.go_button.clicked.connect(self.go_on)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.go_on)

    def first(self) -> QWidget:
        """Return the field of the name."""
        return self._who.line

    def state(self) -> dict[str, Any]:
        """Return what was typed and who was chosen."""
        return self._who.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._who.restore(state)

    def go_on(self) -> None:
        """Open the sheet for the student that is chosen."""
        client = self._who.client()
        if client is None or not client.id or client.client_type is not ClientType.STUDENT:
            self._who.field.set_error(_("Please choose a student of the roster."))
            self._who.line.setFocus()
            return
        self.finish()
        self.room.ways.open_page("referral", student=client.id)
