"""Cancels an appointment, with who and why; of a series one or this and all that follow. It can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import CancelledBy
from counselroom.services.appointment_edits import AppointmentDetails, appointment_details
from counselroom.services.appointment_series import cancel_following
from counselroom.services.appointments import cancel_appointment
from counselroom.services.changes import Done
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.schedule.client_field import PLACE
from counselroom.ui.schedule.words import cancelled_by_word, short_day, span_text, weekday_word, who_comes
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.tick_line import TickLine


class CancelAppointmentDialog(EntryDialog):
    """`appointment` among the arguments is the one."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Cancel the appointment?"), parent)
        self._appointment = str(arguments.get("appointment") or "")
        self._told: AppointmentDetails | None = None
        self._is_busy = False
        self._which = Label("", "body", wrap=True)
        self._by = QComboBox()
        for by in CancelledBy:
            self._by.addItem(cancelled_by_word(by), by.value)
        self._reason = QLineEdit()
        self._scope = QComboBox()
        self._scope.addItem(pgettext("series", "This one only"), "one")
        self._scope.addItem(pgettext("series", "This one and all that follow"), "following")
        self._waits = TickLine(_("Put the client back on the waiting list"))
        icons = room.icons
        self._scope_field = Field(pgettext("cancel", "Which"), self._scope, icons=icons)
        self.content.addWidget(self._which)
        self.content.addWidget(self._scope_field)
        self.content.addWidget(Field(pgettext("cancel", "Who cancels"), self._by, icons=icons))
        self.content.addWidget(
            Field(pgettext("cancel", "Reason"), self._reason, _("In a few words; it may stay empty."), icons=icons)
        )
        self.content.addWidget(self._waits)
        self._scope_field.hide()
        self.setMinimumWidth(440)
        keep = self.add_button(Button(pgettext("cancel", "Keep it")))
        keep.clicked.connect(self.reject)
        self.save_button = self.add_button(
            Button(pgettext("cancel", "Cancel the appointment"), "primary", key="Ctrl Enter")
        )
        self.save_button.clicked.connect(self.save)
        for box in (self._by, self._scope):
            box.activated.connect(lambda _index: self._changed())
        self._reason.textEdited.connect(lambda _text: self.touched.emit())
        self._reason.returnPressed.connect(self.save)
        self._waits.toggled.connect(lambda _on: self.touched.emit())
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.save)
        if self._appointment:
            room.tasks.query(
                self,
                lambda: appointment_details(room.actor, room.desk, self._appointment),
                self._fill,
                on_failed=self.refuse,
            )

    def first(self) -> QWidget:
        """Return the field of the reason."""
        return self._reason

    def state(self) -> dict[str, Any]:
        """Return what was chosen and typed."""
        return {
            "by": self._by.currentData(),
            "reason": self._reason.text(),
            "scope": self._scope.currentData(),
            "waits": self._waits.is_ticked(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was chosen and typed before."""
        self._by.setCurrentIndex(max(0, self._by.findData(state.get("by"))))
        self._scope.setCurrentIndex(max(0, self._scope.findData(state.get("scope"))))
        self._reason.setText(str(state.get("reason") or ""))
        self._waits.box.setChecked(bool(state.get("waits")))

    def save(self) -> None:
        """Cancel it."""
        told, room = self._told, self.room
        if told is None or self._is_busy:
            return
        self._is_busy = True
        by, reason, waits = CancelledBy(self._by.currentData()), self._reason.text(), self._waits.is_ticked()
        view, follows = told.view, self._scope.currentData() == "following"

        def work() -> Done[Any]:
            if follows:
                return cancel_following(room.actor, room.desk, view.id, by, reason, view.seen)
            return cancel_appointment(room.actor, room.desk, view.id, by, reason, view.seen, waits=waits)

        room.tasks.change(work, self._saved, on_failed=self._not_saved)

    def _saved(self, done: Done[Any]) -> None:
        self.finish()
        undo = done.changes.undo
        self.room.messages.say(undo.sentence if undo else _("The appointment was cancelled."), undo)

    def _not_saved(self, error: BaseException) -> None:
        self._is_busy = False
        self.refuse(error)

    def _fill(self, told: AppointmentDetails) -> None:
        self._told = told
        view, face = told.view, self.room.masking.face(PLACE)
        local = view.starts_at.astimezone(self.room.now().tzinfo)
        who = who_comes(face, view.client_name, view.client_no, view.client_type)
        self._which.setText(
            f"{who}　{short_day(local.date())} {weekday_word(local.date())} "
            f"{span_text(local, view.ends_at.astimezone(local.tzinfo))}"
        )
        self._scope_field.setVisible(view.series_id is not None)
        self._changed()

    def _changed(self) -> None:
        self._waits.setVisible(self._scope.currentData() == "one")
        self.touched.emit()
