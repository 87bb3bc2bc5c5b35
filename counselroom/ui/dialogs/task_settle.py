"""Settles a follow-up task that was not done: missed, or waived by the director, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.follow_up_views import TaskView
from counselroom.services.follow_ups import miss_task, waive_task
from counselroom.services.student_care import one_task
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.care.words import due_words
from counselroom.ui.room import Room
from counselroom.ui.widgets.label import Label


class TaskSettleDialog(FormDialog):
    """The task `task`; `how` is `missed` or `waived`."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        self._waives = arguments.get("how") == "waived"
        title = pgettext("dialog", "Waive this task?") if self._waives else pgettext("dialog", "Mark as missed?")
        super().__init__(room, arguments, title, parent)
        self._id = str(arguments.get("task") or "")
        self._view: TaskView | None = None
        said = (
            _("Only this one task is left out; the rule goes on. The director decides.")
            if self._waives
            else _("The task stays on record as missed; the rule goes on with the next one.")
        )
        self.form.addWidget(Label(said, "body", wrap=True))
        self.add_text("reason", pgettext("follow-up", "Reason"), _("Kept with the task."), _("needed"))
        self.finish_form(parent, pgettext("follow-up", "Leave it open"))
        words = pgettext("follow-up", "Waive") if self._waives else pgettext("follow-up", "Missed")
        self.settle_button = self.add_work(words, "primary", self.save)
        room.tasks.query(self, lambda: one_task(room.actor, room.desk, self._id), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the reason."""
        return self.fields["reason"].editor

    def save(self) -> None:
        """Settle it."""
        view = self._view
        if view is None or not self.needs("reason", _("Please say why.")):
            return
        room, reason, service = self.room, self.text("reason"), waive_task if self._waives else miss_task
        self.do(lambda: service(room.actor, room.desk, view.id, reason, view.seen), self._settled)

    def _settled(self, done: Done[TaskView]) -> None:
        self.finish()
        undo = done.changes.undo
        self.room.messages.say("" if undo is None else undo.sentence, undo)

    def _show(self, view: TaskView) -> None:
        self._view = view
        due = _("due {day}").format(day=due_words(view.due_on, self.room.now().date()))
        self.say_about(view.student_name, view.student_no, view.class_name, f"{view.task}（{due}）")
