"""启动专案: begins at once and without a question; the clocks count from when it was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_plan import checklists_for
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel, Ideation
from counselroom.services.changes import Done
from counselroom.services.crisis import start_event
from counselroom.services.crisis_rows import EventData
from counselroom.services.crisis_views import level_word
from counselroom.services.students import StudentView, student
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.words import kind_word
from counselroom.ui.registers.student_editor import StudentEditor
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text
from counselroom.ui.widgets.field import Field


class StartCrisisDialog(CrisisForm):
    """Whom, when it was found, what was seen, how serious. `student` may be given."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room, arguments, pgettext("crisis", "Begin a crisis case"), pgettext("crisis", "Begin the case"), parent
        )
        self._student = StudentEditor(room)
        who = Field(
            pgettext("crisis", "Student"),
            self._student.widget,
            _("Initials are enough."),
            _("needed"),
            icons=room.icons,
        )
        self._who = who
        self.column.addWidget(who)
        self._student.on_change(self.touched.emit)
        self._kind = self.choice(
            "kind", pgettext("crisis", "What it is about"), [(kind.value, kind_word(kind)) for kind in CrisisKind]
        )
        self.choice(
            "level", pgettext("crisis", "How serious"), [(level.value, level_word(level)) for level in CrisisLevel]
        )
        self.put("level", CrisisLevel.SEVERE.value)
        self.beside("kind", "level")
        self.line(
            "found_at",
            pgettext("crisis", "Found at"),
            moment_text(room.now(), room.now()),
            _("All deadlines count from here; it stays as it is."),
        )
        self.line("found_by", pgettext("crisis", "Found by"))
        self.beside("found_at", "found_by")
        self.text(
            "facts",
            pgettext("crisis", "What was seen and said"),
            _("Facts only: the school's leaders read them."),
            lines=3,
        )
        self.line("place", pgettext("crisis", "Where"))
        self.line("measures", pgettext("crisis", "Done already"))
        self.beside("place", "measures")
        self._lists = self.note("", "hint")
        self._at_first = self.value("found_at")
        self._kind.currentIndexChanged.connect(lambda _index: self._say_lists())
        self._say_lists()
        student_id = str(arguments.get("student") or "")
        if student_id:
            room.tasks.query(
                self, lambda: student(room.actor, room.desk, student_id), self._show_student, on_failed=self.refuse
            )

    def first(self) -> QWidget:
        """Return the student, or what was seen when the student is known."""
        return self.fields["facts"].editor if self.arguments.get("student") else self._student.widget

    def state(self) -> dict[str, Any]:
        """Return the fields and the student."""
        chosen: dict[str, Any] = self._student.value() if hasattr(self, "_student") else {}
        return {**super().state(), "student": chosen}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the fields and the student of before."""
        super().restore(state)
        self._student.set_value(state.get("student"))

    def act(self) -> None:
        """Begin it: it starts, the clock runs, the toast offers to take it back."""
        room = self.room
        student_id = self._student.student_id()
        self._who.set_error("" if student_id else _("Please choose the student from the list that appears."))
        if student_id is None:
            self._student.widget.setFocus()
            return
        found_at = self.moment("found_at")
        if found_at is None:
            return
        if self.value("found_at") == self._at_first:
            found_at = min(room.now(), found_at.replace(second=0))
        data = EventData(
            student_id,
            found_at,
            CrisisKind(self.value("kind")),
            CrisisLevel(self.value("level")),
            found_by=self.value("found_by") or None,
            place=self.value("place") or None,
            facts=self.value("facts") or None,
            measures=self.value("measures") or None,
        )

        def work() -> Done[str]:
            return start_event(room.actor, room.desk, data)

        self.change(work, then=lambda event_id: room.ways.open_page("crisis", event=event_id))

    def _show_student(self, view: StudentView) -> None:
        words = "　".join(filter(None, (view.data.name, view.class_name or "", view.data.student_no or "")))
        line = self._student.widget
        if isinstance(line, QLineEdit) and not line.text():
            self._student.set_value({"words": words, "student": view.id})
            self.settle()

    def _say_lists(self) -> None:
        keys = checklists_for(CrisisKind(self.value("kind")), Ideation.NONE)
        self._lists.setText(
            _("Hangs {count} checklists. It begins at once; for ten seconds it can be taken back.").format(
                count=len(keys)
            )
        )
