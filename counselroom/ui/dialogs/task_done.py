"""Records a follow-up (F-51): how, when, what was seen, what comes next. Filled in with few keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import FollowUpMode
from counselroom.rules.counselling import RiskLevel
from counselroom.services.changes import Done
from counselroom.services.follow_up_views import TaskView
from counselroom.services.follow_ups import FollowUpData, FollowUpDone, finish_task
from counselroom.services.student_care import one_task
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.care.words import due_words, mode_word, risk_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button

_MORE = ("mood", "sleep", "study", "social", "family", "peers_say")
"""Fields of the form that are asked for only when wanted."""


class TaskDoneDialog(FormDialog):
    """The task `task` was done. The keyboard begins in what was seen; Ctrl Enter records it."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Record a follow-up"), parent)
        self._id = str(arguments.get("task") or "")
        self._view: TaskView | None = None
        self.add_choice("mode", pgettext("follow-up", "How"), [(mode.value, mode_word(mode)) for mode in FollowUpMode])
        self.add_text("change", pgettext("follow-up", "Seen and changed"), "", _("needed"))
        self.add_choice("risk", pgettext("follow-up", "Risk"), [(risk.value, risk_word(risk)) for risk in RiskLevel])
        self.add_line("measures", pgettext("follow-up", "Done about it"))
        self.add_line("held_on", pgettext("follow-up", "Day"), text=room.now().date().isoformat())
        self.add_line("next_on", pgettext("follow-up", "Next time"), _("Only if it is agreed; the rules go on anyway."))
        self.add_line("done_by", pgettext("follow-up", "Done by"), _("Empty: you."))
        labels = {
            "mood": pgettext("follow-up", "Mood"),
            "sleep": pgettext("follow-up", "Sleep"),
            "study": pgettext("follow-up", "Study"),
            "social": pgettext("follow-up", "Company"),
            "family": pgettext("follow-up", "Family"),
            "peers_say": pgettext("follow-up", "What peers say"),
        }
        self._more = Button(pgettext("follow-up", "Note more"), "text", size="compact")
        self._more.clicked.connect(self._show_more)
        self.form.addWidget(self._more)
        for name in _MORE:
            self.add_line(name, labels[name])
            self.fields[name].hide()
        self.add_choice(
            "tier_change",
            pgettext("follow-up", "Another tier wanted"),
            [("no", pgettext("follow-up", "no")), ("yes", pgettext("follow-up", "yes"))],
        )
        self.finish_form(parent, pgettext("follow-up", "Not yet"))
        self.done_button = self.add_work(pgettext("follow-up", "Record"), "primary", self.save)
        room.tasks.query(self, lambda: one_task(room.actor, room.desk, self._id), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return what was seen: all else is filled in."""
        return self.fields["change"].editor

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed; fields that were opened are open again."""
        super().restore(state)
        if any(state.get(name) for name in _MORE):
            self._show_more()

    def save(self) -> None:
        """Record it."""
        view = self._view
        if view is None or not self.needs("change", _("Please note in a few words what was seen.")):
            return
        held_on, next_on = self.day("held_on"), self.day("next_on", optional=True)
        if held_on is None or (next_on is None and self.text("next_on")):
            return
        data = FollowUpData(
            held_on=held_on,
            mode=FollowUpMode(self.text("mode")),
            risk=RiskLevel(self.text("risk")),
            done_by=self.text("done_by") or None,
            change=self.text("change"),
            measures=self.text("measures") or None,
            tier_change_wanted=self.text("tier_change") == "yes",
            next_on=next_on,
            **{name: self.text(name) or None for name in _MORE},
        )
        room = self.room
        self.do(lambda: finish_task(room.actor, room.desk, view.id, data, view.seen), self._saved)

    def _saved(self, done: Done[FollowUpDone]) -> None:
        self.finish()
        room, task = self.room, done.value.task
        room.messages.say(_("The follow-up was recorded."), done.changes.undo)
        if done.value.wants_assessment:
            # What was found asks for the risk assessment (SYS-34): it is begun with the record as its source.
            room.ways.open_page(
                "assessment",
                student=task.student_id,
                source_entity="follow_up_record",
                source_id=done.value.record_id,
            )
        elif self.text("tier_change") == "yes":
            room.ways.open_dialog("propose_tier", student=task.student_id, place=self.arguments.get("place", ""))

    def _show(self, view: TaskView) -> None:
        self._view = view
        due = _("due {day}").format(day=due_words(view.due_on, self.room.now().date()))
        self.say_about(view.student_name, view.student_no, view.class_name, f"{view.task}（{due}）")

    def _show_more(self) -> None:
        for name in _MORE:
            self.fields[name].show()
        self._more.hide()
