"""The fields of a row, made from the definition of its register: what applies is shown, the rest waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from counselroom.i18n import _
from counselroom.services.register_definitions import Register, applying
from counselroom.services.registers import Entry
from counselroom.ui.registers.editors import Editor, editor_for
from counselroom.ui.registers.student_editor import StudentEditor
from counselroom.ui.room import Room
from counselroom.ui.widgets.field import Field

_COLUMNS = 2


class RegisterForm(QWidget):
    """Two columns of fields; notes, ticks and tables take both.

    Attributes:
        changed: the user changed something.
        fields: the fields by linkId.
    """

    changed = Signal()

    def __init__(self, room: Room, register: Register) -> None:
        super().__init__()
        self.register = register
        self._editors: dict[str, Editor] = {}
        self.fields: dict[str, Field] = {}
        self._student: StudentEditor | None = None
        for asked in register.fields:
            if register.about_student and asked.link_id == register.person:
                self._student = StudentEditor(room)
                editor: Editor = self._student
            else:
                editor = editor_for(asked, room.icons)
            label = f"{asked.label}（{asked.unit}）" if asked.unit else asked.label
            when = _("needed") if asked.required else ""
            # With its parent from the beginning: shown without one, a field would be a window for a moment.
            field = Field(label, editor.widget, required_when=when, icons=room.icons, parent=self)
            self._editors[asked.link_id], self.fields[asked.link_id] = editor, field
            editor.on_change(self._changed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._shown: tuple[str, ...] = ()
        self.show_what_applies()

    def first(self) -> QWidget:
        """Return the first editor."""
        return self._editors[self.register.fields[0].link_id].widget

    def answers(self) -> dict[str, Any]:
        """Return everything that is filled in, also what does not apply at the moment."""
        return {link_id: editor.value() for link_id, editor in self._editors.items()}

    def show_answers(self, answers: Mapping[str, Any]) -> None:
        """Fill in answers."""
        for link_id, editor in self._editors.items():
            editor.set_value(answers.get(link_id))
        self.show_what_applies()

    def show_row(self, data: Mapping[str, Any], student_id: str | None, student_name: str) -> None:
        """Fill in a stored row."""
        student = {self.register.person: {"words": student_name, "student": student_id or ""}}
        self.show_answers({**data, **(student if self.register.about_student else {})})

    def entry(self) -> Entry:
        """Return what applies, as the service takes it."""
        answers = self.answers()
        student = None
        if self._student is not None:
            student = self._student.student_id()
            del answers[self.register.person]
        there = applying(self.register.key, answers)
        return Entry({link_id: value for link_id, value in answers.items() if link_id in there}, student)

    def show_errors(self, wrong: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it, and go to the first."""
        for link_id, field in self.fields.items():
            field.set_error(wrong.get(link_id, ""))
        for asked in self.register.fields:
            if asked.link_id in wrong:
                self._editors[asked.link_id].widget.setFocus()
                break

    def set_read_only(self) -> None:
        """Let nothing be changed: a row that is void."""
        for field in self.fields.values():
            field.setEnabled(False)

    def show_what_applies(self) -> None:
        """Show the fields that apply to what is filled in, by the printer's own conditions."""
        there = applying(self.register.key, self.answers())
        shown = tuple(asked.link_id for asked in self.register.fields if asked.link_id in there)
        if shown == self._shown:
            return
        self._shown = shown
        for link_id, field in self.fields.items():
            self._grid.removeWidget(field)
            field.setVisible(link_id in there)
        self._place(shown)

    def _place(self, shown: tuple[str, ...]) -> None:
        row = column = 0
        for link_id in shown:
            field, wide = self.fields[link_id], self._editors[link_id].is_wide
            if wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(field, row, column, 1, _COLUMNS if wide else 1)
            column += _COLUMNS if wide else 1
            if column >= _COLUMNS:
                row, column = row + 1, 0

    def _changed(self) -> None:
        self.show_what_applies()
        self.changed.emit()
