"""Opens a counselling case for a student, with its goals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.cases import CaseView, open_case
from counselroom.services.changes import Done
from counselroom.services.students import StudentView, student
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.room import Room


class OpenCaseDialog(FormDialog):
    """A case for `student`, with the reader as its counsellor."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Open a counselling case"), parent)
        self._student = str(arguments.get("student") or "")
        self.add_text("goals", pgettext("case page", "Goals"), _("One goal a line; they can be written later too."))
        self.finish_form(parent, pgettext("case page", "Do not open"))
        self.add_work(pgettext("case page", "Open the case"), "primary", self.open_it)
        room.tasks.query(self, lambda: student(room.actor, room.desk, self._student), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the goals."""
        return self.fields["goals"].editor

    def open_it(self) -> None:
        """Open the case."""
        room, student_id = self.room, self._student
        goals = tuple(line.strip() for line in self.text("goals").split("\n") if line.strip())
        self.do(lambda: open_case(room.actor, room.desk, student_id, goals), self._opened)

    def _opened(self, done: Done[CaseView]) -> None:
        self.finish()
        self.room.messages.say(_("Case {code} was opened.").format(code=done.value.code))
        self.room.ways.open_page("case", case=done.value.id)

    def _show(self, view: StudentView) -> None:
        self.say_about(view.data.name, view.data.student_no, view.class_name or "")
