"""Sets a correction beside a filed archive card; both stay visible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.archive_index import Volume, volume
from counselroom.services.archives import amend_card
from counselroom.services.changes import Done
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.room import Room


class CardCorrectionDialog(FormDialog):
    """For the filed card of `student`."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, {"place": "archive", **arguments}, pgettext("dialog", "Correct the filed card"), parent)
        self._student = str(arguments.get("student") or "")
        self._card = ""
        self.add_text("text", pgettext("archive", "Correction"), _("The filed card stays as it is."), _("needed"))
        self.add_line("reason", pgettext("archive", "Reason"), "", _("needed"))
        self.finish_form(parent, pgettext("archive", "Leave it as it is"))
        self.save_button = self.add_work(pgettext("archive", "Add the correction"), "primary", self.save)
        if self._student:
            room.tasks.query(
                self, lambda: volume(room.actor, room.desk, self._student), self._show, on_failed=self.refuse
            )

    def first(self) -> QWidget:
        """Return the text."""
        return self.fields["text"].editor

    def save(self) -> None:
        """Set it beside the card."""
        if not self._card:
            return
        if not self.needs("text", _("Please write the correction.")) or not self.needs("reason", _("Please say why.")):
            return
        room, card, text, reason = self.room, self._card, self.text("text"), self.text("reason")
        self.do(lambda: amend_card(room.actor, room.desk, card, text, reason), self._added)

    def _added(self, _done: Done[None]) -> None:
        self.finish()
        self.room.messages.say(_("The correction stands beside the card."))

    def _show(self, found: Volume) -> None:
        self.say_about(found.student_name, found.student_no, found.class_name)
        if found.card is None or found.card.filed_at is None:
            self.tell(_("This card is not filed yet; simply edit it."))
        else:
            self._card = found.card.id
