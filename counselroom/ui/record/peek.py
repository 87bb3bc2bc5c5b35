"""The panel beside a wide list: who the chosen student is, without opening the record."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.rows import GuardianView
from counselroom.services.students import StudentView, list_guardians, student
from counselroom.ui.masking import Face
from counselroom.ui.models.students import status_word
from counselroom.ui.record.number_button import NumberButton
from counselroom.ui.record.rows import Rows
from counselroom.ui.record.words import gender_word, relation_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.panel import Panel

WIDTH = 320


class PeekPanel(Panel):
    """Roster data and guardians of one student.

    Attributes:
        open_wanted: carries the id of the student whose record is to be opened.
        closed: the panel is not wanted any more.
    """

    open_wanted = Signal(str)
    closed = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(pgettext("students", "At a glance"), parent=parent)
        self._room = room
        self._student = ""
        self._found: tuple[StudentView, tuple[GuardianView, ...]] | None = None
        self._face = Face(masked=True)
        self._rows = Rows(room.icons)
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 12)
        column.addWidget(self._rows)
        column.addStretch(1)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 0)
        close = Button(pgettext("students", "Close"))
        close.clicked.connect(self.closed)
        self.open_button = Button(pgettext("students", "Open record"), "primary")
        self.open_button.clicked.connect(lambda: self.open_wanted.emit(self._student))
        line.addWidget(close)
        line.addStretch(1)
        line.addWidget(self.open_button)
        column.addLayout(line)
        self.set_body(body)
        self.setFixedWidth(WIDTH)

    def peek(self, student_id: str, face: Face) -> None:
        """Show a student, as far as `face` shows names."""
        self._student, self._face = student_id, face
        room = self._room

        def read() -> tuple[StudentView, tuple[GuardianView, ...]]:
            return student(room.actor, room.desk, student_id), list_guardians(room.actor, room.desk, student_id)

        room.tasks.query(self, read, self._show, key="students.peek")

    def show_as(self, face: Face) -> None:
        """Show the same student by another face."""
        self._face = face
        if self._found is not None:
            self._show(self._found)

    def _show(self, found: tuple[StudentView, tuple[GuardianView, ...]]) -> None:
        self._found = found
        view, guardians = found
        face = self._face
        self._rows.clear()
        self._rows.add_fact(pgettext("student", "Name"), face.name(view.data.name, view.data.student_no))
        self._rows.add_fact(pgettext("student", "Class"), view.class_name or "")
        self._rows.add_fact(pgettext("student", "Number"), face.number(view.data.student_no))
        self._rows.add_fact(pgettext("student", "Gender"), gender_word(view.data.gender))
        self._rows.add_fact(pgettext("student", "State"), status_word(view.status))
        for guardian in guardians:
            words = f"{relation_word(guardian.relation)}　{face.guardian(guardian.name)}"
            if guardian.phone:
                self._rows.add_with(words, NumberButton(guardian.phone, relation_word(guardian.relation)))
            else:
                self._rows.add_line("", words, _("no number"))
