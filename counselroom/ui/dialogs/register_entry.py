"""Enters a row into a register, edits a draft, or corrects a filed row by voiding it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.registers import RegisterState
from counselroom.services.changes import Done
from counselroom.services.register_definitions import Register, leads_at_once, register_named
from counselroom.services.register_entries import EntryRefused
from counselroom.services.register_rows import RowView
from counselroom.services.registers import Entry, add_row, correct_row, edit_row, read_row
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.registers.form import RegisterForm
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label


class RegisterEntryDialog(EntryDialog):
    """The generic dialog of all registers; `register` says which, `row` which row (none: a new one)."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        register = register_named(str(arguments["register"]))
        super().__init__(room, arguments, register.title, parent)
        self._row_id = str(arguments.get("row") or "")
        self._view: RowView | None = None
        self._typed: Mapping[str, Any] | None = None
        self.form = RegisterForm(room, register)
        self._reason = QLineEdit()
        self._why = Field(
            pgettext("register", "Reason of the correction"),
            self._reason,
            _("The row as it was is voided with this reason and stays in the register."),
            required_when=_("needed"),
            icons=room.icons,
        )
        self._note = Label("", "hint", wrap=True)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._note)
        column.addWidget(self.form)
        column.addWidget(self._why)
        self._note.hide()
        self._why.hide()
        self.content.addWidget(FormScroll(whole, parent))
        self._close = self.add_button(Button(pgettext("register", "Close")))
        self.draft_button = self.add_button(Button(pgettext("register", "Keep as a draft")))
        self.file_button = self.add_button(Button(pgettext("register", "Enter"), "primary", key="Ctrl Enter"))
        self.next_button = self.add_button(
            Button(pgettext("register", "Enter and assess"), "primary", key="Ctrl Enter")
        )
        self.also_by_key(self.file_button, self.next_button)
        self.next_button.setVisible(bool(register.next_page))
        if register.next_page:
            self.file_button.set_kind("secondary")
        self._goes_on = False
        self._close.clicked.connect(self.reject)
        self.draft_button.clicked.connect(lambda: self._store(file=False))
        self.file_button.clicked.connect(lambda: self._store(file=True))
        self.next_button.clicked.connect(self._store_and_go_on)
        self.form.changed.connect(self.touched)
        self._reason.textEdited.connect(lambda _text: self.touched.emit())
        if self._row_id:
            room.tasks.query(
                self, lambda: read_row(room.actor, room.desk, self._row_id), self._show_row, on_failed=self.refuse
            )
        else:
            self._prefill(register)

    def first(self) -> QWidget:
        """Return the first field."""
        return self.form.first()

    def state(self) -> dict[str, Any]:
        """Return what was typed and chosen."""
        return {"answers": self.form.answers(), "reason": self._reason.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._typed = dict(state)
        self.form.show_answers(dict(state.get("answers") or {}))
        self._reason.setText(str(state.get("reason") or ""))

    def refuse(self, error: BaseException) -> None:
        """Say at the fields what is wrong with them, everything else above the buttons."""
        wrong = error.fields if isinstance(error, EntryRefused) else {}
        self.form.show_errors(wrong)
        super().refuse(error)

    def _prefill(self, register: Register) -> None:
        answers: dict[str, Any] = dict(self.arguments.get("answers") or {})
        if register.date:
            answers.setdefault(register.date, self.room.now().date().isoformat())
        student = str(self.arguments.get("student") or "")
        if register.about_student and student:
            answers[register.person] = {"words": str(self.arguments.get("name") or ""), "student": student}
        self.form.show_answers(answers)

    def _show_row(self, found: tuple[Register, RowView]) -> None:
        _register, self._view = found
        view = self._view
        self.form.show_row(view.data, view.subject_person, view.subject_name)
        if view.void_reason is not None:
            self._note.setText(_("This row is void: {reason}").format(reason=view.void_reason))
            self.form.set_read_only()
            self.draft_button.hide()
            self.file_button.hide()
            self.next_button.hide()
        elif view.state is RegisterState.FILED:
            self._note.setText(_("A filed row does not change. A correction voids it and enters the right one."))
            self.draft_button.hide()
            self.file_button.setText(pgettext("register", "Correct"))
            self.next_button.setText(pgettext("register", "Assess"))
            self._why.show()
        self._note.setVisible(bool(self._note.text()))
        self.settle()
        if self._typed is not None:  # before a lock, or a draft of this dialog: newer than what is stored
            self.restore(self._typed)

    def _store_and_go_on(self) -> None:
        """File the row and go where it leads; a filed one leads there as it is."""
        view = self._view
        if view is not None and view.state is RegisterState.FILED:
            self.finish()
            self._go_on(view)
            return
        self._goes_on = True
        self._store(file=True)

    def _go_on(self, row: RowView) -> None:
        page = self.form.register.next_page
        if page and row.subject_person is not None:
            self.room.ways.open_page(page, student=row.subject_person, source_entity="register_row", source_id=row.id)

    def _store(self, *, file: bool) -> None:
        if self._row_id and self._view is None:
            return  # what is stored has not been read yet
        room, view, entry, reason = self.room, self._view, self.form.entry(), self._reason.text().strip()
        is_correction = view is not None and view.state is RegisterState.FILED
        if is_correction and not reason:
            self._why.set_error(_("Please say why."))
            self._reason.setFocus()
            return
        self._why.set_error("")
        self.file_button.setEnabled(False)
        self.draft_button.setEnabled(False)
        work = lambda: self._change(entry, view, reason, file=file)  # noqa: E731 - one line for the lane
        room.tasks.change(work, self._stored, on_failed=self._not_stored)

    def _change(self, entry: Entry, view: RowView | None, reason: str, *, file: bool) -> Done[RowView]:
        room = self.room
        if view is None:
            return add_row(room.actor, room.desk, self.form.register.key, entry, file=file)
        if view.state is RegisterState.FILED:
            return correct_row(room.actor, room.desk, view.id, entry, reason)
        return edit_row(room.actor, room.desk, view.id, entry, file=file, seen=view.updated_at)

    def _stored(self, done: Done[RowView]) -> None:
        corrected = self._view is not None and self._view.state is RegisterState.FILED
        self.finish()
        if corrected:
            said = _("The row was corrected; the one before is void.")
        elif done.value.state is RegisterState.FILED:
            said = _("The row was entered.")
        else:
            said = _("The row was kept as a draft.")
        self.room.messages.say(said, done.changes.undo)
        row = done.value
        if row.state is RegisterState.FILED and (self._goes_on or leads_at_once(self.form.register.key, row.data)):
            self._go_on(row)

    def _not_stored(self, error: BaseException) -> None:
        self._goes_on = False
        self.file_button.setEnabled(True)
        self.draft_button.setEnabled(True)
        self.refuse(error)
