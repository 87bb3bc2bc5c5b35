"""Sets a follow-up task by hand: what, by when, who."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.follow_up import FollowUpRule
from counselroom.services.changes import Done
from counselroom.services.follow_up_plans import rules
from counselroom.services.follow_up_views import TaskView
from counselroom.services.follow_ups import add_task
from counselroom.services.student_care import StudentCare, student_care
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.room import Room

_IN_DAYS = ("1", "3", "7", "14", "30")


class AddTaskDialog(FormDialog):
    """A task for `student`; `task` and `rule` can be given."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Set a follow-up task"), parent)
        self._student = str(arguments.get("student") or "")
        self.add_line(
            "task", pgettext("follow-up", "What is to be done"), "", _("needed"), str(arguments.get("task") or "")
        )
        soon = self.add_choice(
            "soon", pgettext("follow-up", "Within"), [(days, _("{days} days").format(days=days)) for days in _IN_DAYS]
        )
        soon.set_value("7")
        self.add_line("due_on", pgettext("follow-up", "By the day"), text=self._day_in(7))
        soon.chosen.connect(self._take_soon)
        self.add_line("who", pgettext("follow-up", "Who does it"), _("Empty: you."))
        self._rule = self.add_box(
            "rule", pgettext("follow-up", "By a rule"), [("", pgettext("follow-up", "by no rule"))]
        )
        self.finish_form(parent, pgettext("follow-up", "Do not set"))
        self.save_button = self.add_work(pgettext("follow-up", "Set the task"), "primary", self.save)
        room.tasks.query(self, lambda: rules(room.actor, room.desk), self._show_rules)
        if self._student:
            room.tasks.query(
                self, lambda: student_care(room.actor, room.desk, self._student), self._show, on_failed=self.refuse
            )

    def first(self) -> QWidget:
        """Return what is to be done."""
        return self.fields["task"].editor

    def state(self) -> dict[str, Any]:
        """Return what was typed; a rule that is not offered yet is kept too."""
        return {**super().state(), "rule": self._rule.currentData() or self._wanted_rule}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._wanted_rule = str(state.get("rule") or "")
        super().restore(state)

    _wanted_rule = ""

    def save(self) -> None:
        """Set it."""
        if not self.needs("task", _("Please say what is to be done.")):
            return
        day = self.day("due_on")
        if day is None:
            return
        room, student, task = self.room, self._student, self.text("task")
        who, rule = self.text("who"), self.text("rule")
        self.do(lambda: add_task(room.actor, room.desk, student, task, day, who, rule), self._added)

    def _added(self, done: Done[TaskView]) -> None:
        self.finish()
        self.room.messages.say(_("The task was added."), done.changes.undo)

    def _day_in(self, days: int) -> str:
        return (self.room.now().date() + timedelta(days=days)).isoformat()

    def _take_soon(self) -> None:
        self.restore({**self.state(), "due_on": self._day_in(int(self.text("soon")))})

    def _show_rules(self, found: tuple[FollowUpRule, ...]) -> None:
        untouched = not self.has_text()
        wanted = self._wanted_rule or str(self.arguments.get("rule") or "")
        for rule in found:
            if not rule.makes_tasks:
                self._rule.addItem(f"{rule.key} {rule.task}", rule.key)
        self._rule.setCurrentIndex(max(0, self._rule.findData(wanted)))
        if untouched:
            self.settle()

    def _show(self, care: StudentCare) -> None:
        self.say_about(care.student_name, care.student_no, care.class_name)
