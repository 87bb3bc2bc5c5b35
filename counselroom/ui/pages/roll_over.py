"""升级: what every class becomes in the next school year, counted first, then done in one confirmed change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.access import Role
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.roll_over import RollOverCounts, RollOverPlan, propose_roll_over, roll_over, try_roll_over
from counselroom.services.student_lists import StudentRows, student_rows
from counselroom.ui.dialogs.student_form import parsed_day
from counselroom.ui.messages import plain_sentence
from counselroom.ui.models.roll_over import CLASS, COUNT, GRADE, TARGET, RollOverModel
from counselroom.ui.page import Page
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.question import Question


class RollOverPage(Page):
    """All classes with their next ones at the left, counts and the button at the right."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Next school year"), parent, back=True)
        self._may = Role.CENTER_DIRECTOR in room.actor.roles
        self._counts: RollOverCounts | None = None
        self._held: dict[str, str] = {}
        self._year = ""
        self._model = RollOverModel(self)
        self._table = ListTable(room.icons, pgettext("roll-over", "Classes"))
        self._table.setModel(self._model)
        self._table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self._table.opened.connect(self._edit)
        self._model.edited.connect(self._edited)
        self._empty = EmptyState(
            room.icons, "mdi6.account-school-outline", _("No class has students yet."), _("Read in the roster first.")
        )
        self._left_on = QLineEdit()
        self._left_field = Field(
            pgettext("roll-over", "Graduation day"), self._left_on, _("Such as 2026-07-01."), icons=room.icons
        )
        self._left_on.textEdited.connect(lambda _text: self.touched.emit())
        self._held_edit = QLineEdit()
        self._held_edit.setPlaceholderText(_("Student numbers, with a space between"))
        self._held_edit.textEdited.connect(lambda _text: self.touched.emit())
        self._held_edit.editingFinished.connect(self._find_held)
        self._held_field = Field(
            pgettext("roll-over", "Held back"),
            self._held_edit,
            _("They stay in their class. So do students on leave."),
            icons=room.icons,
        )
        self._facts = Label("", "body", wrap=True)
        self._error = ErrorLine(room.icons.theme)
        self._do = Button(pgettext("roll-over", "Move all classes"), "primary")
        self._do.clicked.connect(self._ask)
        self._lay_out()
        room.bus.changed.connect(self._look_at_changes)
        room.icons.theme.changed.connect(self._fit_columns)
        self._reload()

    def _lay_out(self) -> None:
        main = QFrame()
        main.setProperty("kind", "panel")
        column = QVBoxLayout(main)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 16, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        self._empty.hide()
        self._side = Panel(pgettext("roll-over", "What will happen"))
        inner = QFrame()
        below = QVBoxLayout(inner)
        below.setContentsMargins(16, 12, 16, 16)
        below.setSpacing(12)
        below.addWidget(self._facts)
        below.addWidget(self._left_field)
        below.addWidget(self._held_field)
        below.addWidget(
            Label(
                _("It is not taken back by a button; a student is moved back in the student's data."), "hint", wrap=True
            )
        )
        below.addWidget(self._error)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._do)
        below.addLayout(line)
        below.addStretch(1)
        self._side.set_body(inner, scroll=True)
        self._side.setFixedWidth(320)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(main, 1)
        row.addWidget(self._side)
        self.body.addLayout(row)
        self._do.setVisible(self._may)

    def panels(self) -> Sequence[QWidget]:
        """Return the table and what will happen."""
        return (self._table, self._side)

    def first(self) -> QWidget:
        """Return the table."""
        return self._table if self._table.isVisible() else self._left_on

    def state(self) -> dict[str, Any]:
        """Return what was written over and typed."""
        return {"written": self._model.written(), "left_on": self._left_on.text(), "held": self._held_edit.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was written over and typed before."""
        self._model.take_written(dict(state.get("written") or {}))
        if state.get("left_on"):
            self._left_on.setText(str(state["left_on"]))
        self._held_edit.setText(str(state.get("held") or ""))
        self._find_held()
        self._reload()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the side narrower where there is little room."""
        super().set_size_class(size, height)
        if hasattr(self, "_side"):
            scale = self.room.icons.theme.pixels("size.base") / 14
            self._side.setFixedWidth(round((320 if size > SizeClass.COMPACT else 280) * scale))
            self._fit_columns()

    def _look_at_changes(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.concerns("student", "org_unit", "academic_year"):
            self._reload()

    def _reload(self) -> None:
        room = self.room
        room.tasks.query(self, lambda: propose_roll_over(room.actor, room.desk), self._show, key="roll_over")

    def _show(self, plan: RollOverPlan) -> None:
        self._year = plan.to_year
        self.header.set_meta(_("from {year} to {next}").format(year=plan.from_year, next=plan.to_year))
        if not self._left_on.text():
            self._left_on.setText(self.room.now().date().isoformat())
        self._model.show(plan.steps)
        self._table.setVisible(bool(plan.steps))
        self._empty.setVisible(not plan.steps)
        self._fit_columns()
        self._count()

    def _edit(self, index: QModelIndex) -> None:
        self._table.edit(self._model.index(index.row(), TARGET))

    def _edited(self) -> None:
        self._count()
        self.touched.emit()

    def _find_held(self) -> None:
        """Look up the numbers of those who are held back."""
        numbers = self._held_edit.text().replace("，", " ").replace(",", " ").split()
        room = self.room
        self._held = {number: found for number, found in self._held.items() if number in numbers}
        if not numbers:
            self._held_field.set_error("")
            self._count()
            return

        def read() -> dict[str, str]:
            found: dict[str, str] = {}
            for number in numbers:
                rows: StudentRows = student_rows(room.actor, room.desk, query=number)
                found.update((number, row.id) for row in rows.rows if row.student_no == number)
            return found

        room.tasks.query(self, read, lambda found: self._take_held(found, numbers), key="roll_over.held")

    def _take_held(self, found: dict[str, str], numbers: list[str]) -> None:
        self._held = found
        missing = [number for number in numbers if number not in found]
        words = pgettext("list", ", ").join(missing)
        self._held_field.set_error(_("No student has the number {numbers}.").format(numbers=words) if missing else "")
        self._count()

    def _count(self) -> None:
        """Count what would happen, without doing it."""
        room, steps, held = self.room, self._model.steps(), frozenset(self._held.values())
        room.tasks.query(
            self,
            lambda: try_roll_over(room.actor, room.desk, steps, held),
            self._show_counts,
            key="roll_over.count",
            on_failed=self._cannot,
        )

    def _show_counts(self, counts: RollOverCounts) -> None:
        self._counts = counts
        self._error.say("", "error")
        self._do.setEnabled(counts.moved + counts.graduated > 0)
        words = _("{moved} students move up, {graduated} graduate, {stayed} stay where they are.").format(
            moved=f"{counts.moved:,}", graduated=f"{counts.graduated:,}", stayed=f"{counts.stayed:,}"
        )
        if counts.new_classes:
            words += _("{count} classes are added.").format(count=counts.new_classes)
        if not self._may:
            words += _("Only the director can do this.")
        self._facts.setText(words)

    def _cannot(self, error: BaseException) -> None:
        self._counts = None
        self._do.setEnabled(False)
        self._error.say(plain_sentence(error), "error")

    def _ask(self) -> None:
        day = parsed_day(self._left_on.text())
        self._left_field.set_error("" if day is not None else _("Please write the day like 2012-05-31."))
        if day is None or self._counts is None or self._held_field.error():
            (self._left_on if day is None else self._held_edit).setFocus()
            return
        room, steps, held = self.room, self._model.steps(), frozenset(self._held.values())
        question = Question(
            room.icons,
            _("Move all classes into {year}?").format(year=self._year),
            self._facts.text() + _("Please make a backup before."),
            pgettext("roll-over", "Move all classes"),
            pgettext("roll-over", "Look again"),
            parent=self.window(),
        )

        def do() -> None:
            self._do.setEnabled(False)
            room.tasks.change(
                lambda: roll_over(room.actor, room.desk, steps, day, held), self._done, on_failed=self._cannot
            )

        question.accepted.connect(do)
        question.open()

    def _done(self, done: Done[RollOverCounts]) -> None:
        self._model.take_written({})
        self._held_edit.clear()
        self._held = {}
        self.room.messages.say(
            _("{moved} students moved up, {graduated} graduated.").format(
                moved=f"{done.value.moved:,}", graduated=f"{done.value.graduated:,}"
            )
        )
        self._reload()

    def _fit_columns(self) -> None:
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in ((GRADE, 120), (CLASS, 160), (COUNT, 140)):
            self._table.setColumnWidth(column, round(width * scale))
