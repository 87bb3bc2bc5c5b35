"""Leave, return, transfer, withdrawal, graduation: with the day and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.people import StudentStatus
from counselroom.services.changes import Done
from counselroom.services.students import StudentView, set_status, student
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.student_form import parsed_day
from counselroom.ui.models.students import status_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label

GONE = (StudentStatus.TRANSFERRED, StudentStatus.WITHDRAWN, StudentStatus.GRADUATED)


class StudentStatusDialog(EntryDialog):
    """The state of one student; nothing of the record is lost by it, and it can be undone."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Change the state of a student"), parent)
        self._student = str(arguments.get("student") or "")
        self._view: StudentView | None = None
        self._status = QComboBox()
        for status in StudentStatus:
            self._status.addItem(status_word(status), status.value)
        self._day = QLineEdit(room.now().date().isoformat())
        self._reason = QLineEdit()
        self.content.addWidget(
            Label(_("All records stay. Who has left is found again with “{pill}”.").format(
                pill=pgettext("students", "With those who left")
            ), "body", wrap=True)
        )  # fmt: skip
        icons = room.icons
        self._status_field = Field(pgettext("status", "New state"), self._status, icons=icons)
        self._day_field = Field(pgettext("status", "Day"), self._day, _("The day it begins."), icons=icons)
        self._reason_field = Field(
            pgettext("status", "Reason"), self._reason, _("For the log, without details of illness."), icons=icons
        )
        for field in (self._status_field, self._day_field, self._reason_field):
            self.content.addWidget(field)
        self.setMinimumWidth(440)
        cancel = self.add_button(Button(pgettext("status", "Leave as it is")))
        cancel.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("status", "Change"), "primary", key="Ctrl Enter"))
        self.also_by_key(self.save_button)
        self.save_button.clicked.connect(self.save)
        self._status.activated.connect(lambda _index: self.touched.emit())
        for edit in (self._day, self._reason):
            edit.textEdited.connect(lambda _text: self.touched.emit())
        if self._student:
            room.tasks.query(
                self, lambda: student(room.actor, room.desk, self._student), self._fill, on_failed=self.refuse
            )

    def first(self) -> QWidget:
        """Return the choice of the state."""
        return self._status

    def state(self) -> dict[str, Any]:
        """Return what was chosen and typed."""
        return {"status": self._status.currentData(), "day": self._day.text(), "reason": self._reason.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was chosen and typed before."""
        self._status.setCurrentIndex(max(0, self._status.findData(state.get("status"))))
        self._day.setText(str(state.get("day") or ""))
        self._reason.setText(str(state.get("reason") or ""))

    def save(self) -> None:
        """Change the state."""
        view, day = self._view, parsed_day(self._day.text())
        if view is None:
            return
        status = StudentStatus(self._status.currentData())
        wrong = day is None or day > self.room.now().date()
        self._day_field.set_error(_("Please write a day that is not in the future, like 2026-09-01.") if wrong else "")
        if wrong:
            self._day.setFocus()
            return
        if status is view.status:
            self.tell(_("The student has this state already."))
            return
        room = self.room
        actor = room.actor.because(self._reason.text().strip())
        self.save_button.setEnabled(False)
        room.tasks.change(
            lambda: set_status(actor, room.desk, view.id, status, day if status in GONE else None, view.seen),
            self._saved,
            on_failed=self._not_saved,
        )

    def _saved(self, done: Done[StudentView]) -> None:
        self.finish()
        said = _("The student's state is now: {state}.").format(state=status_word(done.value.status))
        self.room.messages.say(said, done.changes.undo)

    def _not_saved(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.refuse(error)

    def _fill(self, view: StudentView) -> None:
        self._view = view
        if not self.has_text():
            self._status.setCurrentIndex(self._status.findData(view.status.value))
            self.settle()
