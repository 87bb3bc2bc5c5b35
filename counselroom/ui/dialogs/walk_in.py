"""登记来访: somebody knocks at the door. A name and Enter, and they are written down as here; Enter again, the note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.appointments import AppointmentView, walk_in
from counselroom.services.changes import Done
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.schedule.client_field import ClientField
from counselroom.ui.schedule.words import span_text
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label


class WalkInDialog(EntryDialog):
    """One field. Enter takes the first that fits and writes the visit down; then Enter opens the note."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Somebody is at the door"), parent)
        self._visit: AppointmentView | None = None
        self._is_busy = False
        self._who = ClientField(room, pgettext("walk in", "Who comes"), _("Enter writes it down: here, from now on."))
        self._who.entered.connect(self.save)
        self._who.touched.connect(self.touched)
        self._done = Label("", "body", wrap=True)
        self._done.hide()
        self.content.addWidget(self._who)
        self.content.addWidget(self._done)
        self.setMinimumWidth(480)
        self._cancel = self.add_button(Button(pgettext("walk in", "Close")))
        self._cancel.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("walk in", "Write down"), "primary", key="Enter"))
        self.save_button.clicked.connect(self.save)
        self.note_button = self.add_button(Button(pgettext("walk in", "Write the note"), "primary", key="Enter"))
        self.note_button.clicked.connect(self._open_note)
        self.note_button.hide()
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._act)

    def first(self) -> QWidget:
        """Return the field of the name."""
        return self._who.line

    def state(self) -> dict[str, Any]:
        """Return what was typed; nothing once it is written down."""
        return self._who.state() if self._visit is None else {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._who.restore(state)

    def save(self) -> None:
        """Write the visit down."""
        client, room = self._who.client(), self.room
        if client is None:
            self._who.field.set_error(_("Please choose who comes."))
            self._who.line.setFocus()
            return
        if self._is_busy or self._visit is not None:
            return
        self._is_busy = True
        room.tasks.change(
            lambda: walk_in(room.actor, room.desk, client.id, name=client.name, client_type=client.client_type),
            self._saved,
            on_failed=self._not_saved,
        )

    def _saved(self, done: Done[AppointmentView]) -> None:
        self._visit = done.value
        self.settle()
        self.finished_well.emit()
        view = done.value
        self.tell("")
        self.room.messages.say(_("The visit was written down."), done.changes.undo)
        self._done.setText(
            _("Written down as here, {span}. Enter opens the note, Esc closes.").format(
                span=span_text(view.starts_at, view.ends_at)
            )
        )
        self._who.setEnabled(False)
        self._done.show()
        self.save_button.hide()
        self.note_button.show()
        self.note_button.setFocus()

    def _not_saved(self, error: BaseException) -> None:
        self._is_busy = False
        self.refuse(error)

    def _act(self) -> None:
        if self._visit is None:
            self.save()
        else:
            self._open_note()

    def _open_note(self) -> None:
        visit = self._visit
        if visit is not None:
            self.accept()
            self.room.ways.open_page("note", appointment=visit.id)
