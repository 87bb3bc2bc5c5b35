"""Settles an item of a 专案: done, not applicable, or taken back. Everything is filled in but the note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import StepState
from counselroom.rules.deadlines import ClockState
from counselroom.services.attachments import attach_file
from counselroom.services.changes import Done
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_steps import StepRefused, complete_step, correct_step, reopen_step, skip_step
from counselroom.services.crisis_views import StepView
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.steps import step_of
from counselroom.ui.crisis.words import done_text, due_text, owner_word
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.vault.lanes import Job

DONE, SKIP = "done", "skip"


class CrisisStepDialog(CrisisForm):
    """One item, `step`. Settled, it shows what was written down and takes a correction or is opened again."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("crisis", "Settle an item"), pgettext("crisis", "Done"), parent)
        self._at_first = ""
        self._head = self.note("", "strong")
        self._detail = self.note("", "meta")
        self._hint = self.note("", "hint")
        self._how = self.choice(
            "how",
            pgettext("crisis", "How it stands"),
            ((DONE, pgettext("crisis", "done")), (SKIP, pgettext("crisis", "not applicable"))),
        )
        self._note = self.text("note", pgettext("crisis", "Note"), _("What is to be known about it; may be empty."))
        self.line("late", pgettext("crisis", "Why it was late"), needed=_("one line"))
        self.line("at", pgettext("crisis", "When"), moment_text(room.now(), room.now()))
        self.line("by", pgettext("crisis", "Done by"))
        self.beside("at", "by")
        self.text("skip", pgettext("crisis", "Why it does not apply"), needed=_("stays in the record"), lines=2)
        self.text("correction", pgettext("crisis", "Correction"), _("Stands beside the item; both stay visible."))
        self.line("reason", pgettext("crisis", "Reason of the correction"))
        self._attach = Button(pgettext("crisis", "Attach"), "text", room.icons.named("mdi6.paperclip"), size="compact")
        self._attach.clicked.connect(self._attach_file)
        self.add_note(self._attach)
        self._reopen = Button(pgettext("crisis", "Open again"), "text", size="compact")
        self._reopen.clicked.connect(self._open_again)
        self.add_note(self._reopen)
        self._how.currentIndexChanged.connect(lambda _index: self._show_kind())
        self._show_kind()
        self.read()

    def first(self) -> QWidget:
        """Return the note: the only thing that is not filled in."""
        return self._note

    def fill(self, page: CrisisPage) -> None:
        """Show the item with everything that is known."""
        step = self._step()
        if step is None:
            return
        self._head.setText(step.title)
        self._detail.setText(step.detail)
        self._detail.setVisible(bool(step.detail))
        self.offer("by", page.my_name)
        self.suggest("by", [name for name in dict.fromkeys((page.my_name, step.owner_name, *page.staff)) if name])
        self.offer("at", moment_text(page.event.now, self.room.now()))
        self._at_first = self.value("at")
        self._say_state(page, step)
        self._show_kind()
        if step.state is not StepState.OPEN:
            self.fields["correction"].editor.setFocus()

    def act(self) -> None:
        """Settle it as chosen, or add the correction."""
        step = self._step()
        if step is None:
            return
        room = self.room
        if step.state is not StepState.OPEN:
            text, reason = self.value("correction"), self.value("reason")
            self.change(
                lambda: correct_step(room.actor, room.desk, step.id, text, reason), _("The correction is added.")
            )
            return
        if self.value("how") == SKIP:
            why = self.value("skip")
            if not self.lacks("skip", _("Please say why; it stays in the record.")):
                self.change(lambda: skip_step(room.actor, room.desk, step.id, why))
            return
        # A time that nobody touched is the present one, to the second and by the clock that can be believed.
        at = None if self.value("at") == self._at_first else self.moment("at")
        if at is None and self.value("at") != self._at_first:
            return
        if self._is_late(step) and self.lacks("late", _("It is late: please say why in one line.")):
            return
        by, note, late = self.value("by"), self.value("note"), self.value("late")
        self.change(
            lambda: complete_step(room.actor, room.desk, step.id, done_at=at, done_by=by, note=note, late_reason=late)
        )

    def refuse(self, error: BaseException) -> None:
        """Show the field for the reason when the item turned out to be late."""
        if isinstance(error, StepRefused):
            self.fields["late"].setVisible(True)
        super().refuse(error)

    def _step(self) -> StepView | None:
        return step_of(self.page, str(self.arguments.get("step") or "")) if self.page else None

    def _is_late(self, step: StepView) -> bool:
        return step.clock.state is ClockState.OVERDUE and self.value("at") == self._at_first

    def _say_state(self, page: CrisisPage, step: StepView) -> None:
        now = page.event.now
        parts = [step.owner_name or owner_word(step.owner_role)]
        if step.state is not StepState.OPEN:
            parts += [done_text(step, now), step.done_by, step.note or step.skip_reason, step.late_reason]
        elif step.clock.left is not None:
            parts += [clock_text(step.clock.left), due_text(step.due_at, now)]
        if step.state is StepState.OPEN and not step.can_start:
            parts.append(_("Items before it are open: it cannot be settled yet."))
            self.act_button.setEnabled(False)
        if page.event.closed_at is not None and step.state is StepState.OPEN:
            self.act_button.setEnabled(False)
        if step.evidence_needed:
            parts.append(
                _("{count} papers attached").format(count=step.evidence)
                if step.evidence
                else _("A signed paper belongs to it and is not attached yet; it can follow later.")
            )
        self._hint.setText(pgettext("list", ", ").join(part for part in parts if part))

    def _show_kind(self) -> None:
        step = self._step()
        settled = step is not None and step.state is not StepState.OPEN
        closed = self.page is not None and self.page.event.closed_at is not None
        skip = self.value("how") == SKIP
        self.fields["how"].setVisible(not settled)
        for key in ("note", "at", "by"):
            self.fields[key].setVisible(not settled and not skip)
        self.fields["skip"].setVisible(not settled and skip)
        self.fields["late"].setVisible(not settled and not skip and step is not None and self._is_late(step))
        for key in ("correction", "reason"):
            self.fields[key].setVisible(settled)
        self._reopen.setVisible(settled and not closed)
        self._attach.setVisible(step is not None and not closed)
        if settled:
            self.act_button.setText(pgettext("crisis", "Add the correction"))
        else:
            self.act_button.setText(pgettext("crisis", "Not applicable") if skip else pgettext("crisis", "Done"))

    def _open_again(self) -> None:
        step, room = self._step(), self.room
        if step is not None:
            self.change(lambda: reopen_step(room.actor, room.desk, step.id, step.seen), _("The item is open again."))

    def _attach_file(self) -> None:
        step, room = self._step(), self.room
        if step is None:
            return
        path = room.files.open_file(
            self, _("Attach a paper to this item"), (FileKind(_("Pictures, PDF and documents"), ("*",)),)
        )
        if path is None:
            return

        def work(job: Job[Done[Any]]) -> Done[Any]:
            data = path.read_bytes()
            return job.change(lambda: attach_file(room.actor, room.desk, "crisis_step", step.id, path.name, data))

        room.tasks.job(work, lambda _done: self.read(), reads=False, on_failed=self.refuse)
