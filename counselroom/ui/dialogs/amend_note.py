"""追加更正: sets a correction beside a signed note; both stay visible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.note_files import all_templates
from counselroom.services.sessions import SessionView, amend_note
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.room import Room
from counselroom.ui.widgets.label import Label


class AmendNoteDialog(FormDialog):
    """A correction of the note `session`."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Add a correction"), parent)
        self._session = str(arguments.get("session") or "")
        self.form.addWidget(
            Label(_("What was signed stays as it is; the correction stands below it."), "body", wrap=True)
        )
        headings = {part.section: part.text for template in reversed(all_templates()) for part in template.headings}
        options = [("", pgettext("amend", "the whole note")), *headings.items()]
        self.add_box("section", pgettext("amend", "Belongs to"), options)
        self.add_text("text", pgettext("amend", "Correction"), "", _("needed"))
        self.add_line("reason", pgettext("amend", "Reason"), _("Why it is corrected."), _("needed"))
        self.finish_form(parent, pgettext("amend", "Do not add"))
        self.add_work(pgettext("amend", "Add the correction"), "primary", self.add)

    def first(self) -> QWidget:
        """Return the text."""
        return self.fields["text"].editor

    def add(self) -> None:
        """Set it beside the note; that cannot be taken back, only corrected again."""
        if not self.needs("text", _("Please write the correction.")) or not self.needs("reason", _("Please say why.")):
            return
        room, session_id, section = self.room, self._session, self.text("section") or None
        text, reason = self.text("text"), self.text("reason")
        self.do(lambda: amend_note(room.actor, room.desk, session_id, text, reason, section), self._added)

    def _added(self, _done: Done[SessionView]) -> None:
        self.finish()
        self.room.messages.say(_("The correction was added."))
