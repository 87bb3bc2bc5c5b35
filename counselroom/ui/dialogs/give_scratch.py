"""归入: a quick note is given to a student, or to an open case of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.finding import FoundStudents, find_students
from counselroom.services.scratch_notes import ScratchView, drop_scratch, give_scratch, list_scratch
from counselroom.services.scratch_places import OpenRecord, open_records
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.models.plain import Cell
from counselroom.ui.room import Room
from counselroom.ui.today.lists import STRETCH, Row, ShortTable
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.composition import Composition
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label

OFFERED = 8
_ROWS_SEEN = 5


@dataclass(frozen=True)
class _Place:
    """Where the note may go."""

    student_id: str
    entity: str = ""
    entity_id: str = ""

    def key(self) -> str:
        """Return its key in the list."""
        return f"{self.student_id}:{self.entity}:{self.entity_id}"


@dataclass(frozen=True)
class _Found:
    students: FoundStudents
    records: tuple[OpenRecord, ...]


class GiveScratchDialog(EntryDialog):
    """A line to type initials into, the students who fit with their open cases below, Enter gives the note."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "To whom does this note belong?"), parent)
        self._note_id = str(arguments.get("note") or "")
        self._note: ScratchView | None = None
        self._places: dict[str, _Place] = {}
        self._said = Label("", "body", wrap=True)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Name, pinyin, initials or number"))
        self.field.textChanged.connect(self._ask)
        self.field.textEdited.connect(lambda _text: self.touched.emit())
        self.list = ShortTable(room.icons, pgettext("scratch", "Students and cases"), ("",) * 3, (150, STRETCH, 150))
        self.list.setFixedHeight(_ROWS_SEEN * room.icons.theme.pixels("height.row") + 2)
        self.list.opened.connect(lambda _index: self.give())
        self._nothing = Label("", "hint", wrap=True)
        self.content.addWidget(self._said)
        self.content.addWidget(Field(pgettext("scratch", "Student"), self.field, icons=room.icons))
        self.content.addWidget(self._nothing)
        self.content.addWidget(self.list)
        self.field.installEventFilter(self)
        # Asked before this dialog's own filter: while an input method composes, Enter belongs to it.
        self._composition = Composition(self.field)
        self.setMinimumWidth(560)
        drop = Button(pgettext("scratch", "Throw away"), "text")
        drop.clicked.connect(self._drop)
        self.add_note(drop)
        leave = self.add_button(Button(pgettext("scratch", "Leave it on the pile")))
        leave.clicked.connect(self.reject)
        self.give_button = self.add_button(Button(pgettext("scratch", "Give"), "primary", key="Enter"))
        self.give_button.clicked.connect(self.give)
        self.give_button.setEnabled(False)
        room.tasks.query(self, lambda: list_scratch(room.actor, room.desk), self._fill, on_failed=self.refuse)
        self._show(None)

    def first(self) -> QWidget:
        """Return the line."""
        return self.field

    def state(self) -> dict[str, Any]:
        """Return what was typed."""
        return {"query": self.field.text(), "cursor": self.field.cursorPosition()}

    def has_text(self) -> bool:
        """What was searched for is never kept."""
        return False

    def restore(self, state: Mapping[str, Any]) -> None:
        """Search for what was typed before a lock."""
        self.field.setText(str(state.get("query") or ""))
        self.field.setCursorPosition(int(state.get("cursor") or 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow keys move in the list while the keyboard is in the line, and Enter take."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.give()
                return True
        return super().eventFilter(watched, event)

    def give(self) -> None:
        """Give the note to the current row."""
        place, note, room = self._places.get(self.list.current_key()), self._note, self.room
        if place is None or note is None or not self.give_button.isEnabled():
            return
        self.give_button.setEnabled(False)
        room.tasks.change(
            lambda: give_scratch(
                room.actor, room.desk, note.id, place.student_id, place.entity, place.entity_id, note.seen
            ),
            self._given,
            on_failed=self._refused,
        )

    def _given(self, done: Done[ScratchView]) -> None:
        self.finish()
        self.room.messages.say(_("The note was given on."), done.changes.undo)

    def _drop(self) -> None:
        room = self.room
        room.tasks.change(
            lambda: drop_scratch(room.actor, room.desk, self._note_id), self._dropped, on_failed=self._refused
        )

    def _dropped(self, done: Done[None]) -> None:
        self.finish()
        self.room.messages.say(_("The note was removed."), done.changes.undo)

    def _refused(self, error: BaseException) -> None:
        self.give_button.setEnabled(True)
        self.refuse(error)

    def _fill(self, notes: Sequence[ScratchView]) -> None:
        self._note = next((note for note in notes if note.id == self._note_id), None)
        self._said.setText(self._note.said if self._note else "")
        if self._note is None and self._note_id:
            self.refuse(UserError(_("There is no such note."), _("Nothing was changed.")))
        self._can_give()

    def _ask(self, query: str) -> None:
        room, typed = self.room, query.strip()
        if not typed:
            self._show(None)
            return

        def look() -> _Found:
            students = find_students(room.actor, room.desk, typed, OFFERED)
            ids = [student.id for student in students.students]
            return _Found(students, open_records(room.actor, room.desk, ids) if ids else ())

        room.tasks.query(self, look, self._show, key="give_scratch")

    def _show(self, found: _Found | None) -> None:
        face = self.room.masking.face("today")
        self._places = {}
        rows: list[Row] = []
        for student in found.students.students if found is not None else ():
            place = _Place(student.id)
            shown = face.name(student.name, student.student_no)
            cells = (Cell(shown, bold=True), Cell(face.class_name(student.class_name or ""), tone="ink2"),
                     Cell(face.number(student.student_no), tone="ink2"))  # fmt: skip
            rows.append(self._row(place, cells))
            rows += [
                self._row(_Place(student.id, record.entity, record.id), _record_cells(record, shown))
                for record in (found.records if found is not None else ())
                if record.student_id == student.id
            ]
        self.list.model_of_rows.show(rows)
        if rows:
            self.list.setCurrentIndex(self.list.model_of_rows.index(0, 0))
        self._nothing.setText(
            _("Type the initials; ↑ ↓ choose, Enter gives.")
            if found is None
            else _("Nobody found. Please try pinyin initials or the number.")
            if not rows
            else ""
        )
        self._nothing.setVisible(not rows)
        self._can_give()

    def _row(self, place: _Place, cells: tuple[Cell, ...]) -> Row:
        self._places[place.key()] = place
        return place.key(), cells

    def _can_give(self) -> None:
        self.give_button.setEnabled(self._note is not None and bool(self._places))

    def _step(self, step: int) -> None:
        row = self.list.currentIndex().row() + step
        if 0 <= row < self.list.model_of_rows.rowCount():
            self.list.setCurrentIndex(self.list.model_of_rows.index(row, 0))


def _record_cells(record: OpenRecord, name: str) -> tuple[Cell, ...]:
    code = _("crisis case {code}") if record.entity == "crisis_event" else _("Case {code}")
    return (Cell(f"　{code.format(code=record.code)}"), Cell(name, tone="ink2"), Cell())
