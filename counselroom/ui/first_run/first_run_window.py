"""The first run once there is a vault: sheets, school, roster, first backup. Stands where the main window will stand.

A lock or the end of the program leaves it like any window: the step and what was typed are kept in the vault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.changes import Done
from counselroom.services.drafts import discard_draft
from counselroom.services.first_run import PLACE
from counselroom.services.recovery_sheets import Sheets
from counselroom.ui.autosave import Autosave
from counselroom.ui.first_run.backup_step import BackupStep
from counselroom.ui.first_run.roster_step import RosterStep
from counselroom.ui.first_run.school_step import SchoolStep
from counselroom.ui.first_run.sheets_step import SheetsStep
from counselroom.ui.first_run.step import Step
from counselroom.ui.first_run.steps import number_of, step_names
from counselroom.ui.first_run.wizard import Wizard, resumable_note
from counselroom.ui.room import Room
from counselroom.vault.lanes import Priority


class FirstRunWindow(QWidget):
    """Steps 3 to 6.

    Attributes:
        lock_wanted: lock now.
        ended: all steps are done; carries the room, whose person has a name and roles now.
        autosave: saves the step and what was typed.
    """

    lock_wanted = Signal()
    ended = Signal(object)

    def __init__(
        self, room: Room, kept: Mapping[str, Any], sheets: Sheets | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.room = room
        self.sheets = SheetsStep(room, sheets)
        self.school = SchoolStep(room)
        self.roster = RosterStep(room)
        self.backup = BackupStep(room)
        self._steps: tuple[Step, ...] = (self.sheets, self.school, self.roster, self.backup)
        self.wizard = Wizard(room.icons, pgettext("wizard", "First use"), step_names(), resumable_note())
        self.autosave = Autosave(room, self.state, self, PLACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.wizard)
        self.wizard.hold(*self._steps)
        for step in self._steps:
            step.touched.connect(self.autosave.touch)
            step.finished.connect(self._go_on)
            step.skipped.connect(self._go_on)
        self.wizard.back_wanted.connect(self._go_back)
        room.messages.failed.connect(lambda _text: self.wizard.look())
        for step in self._steps:
            step.restore(kept.get(step.key) or {})
        self._show(next((step for step in self._steps if step.key == kept.get("step")), self.sheets))

    def page(self) -> Step:
        """Return the step that is shown."""
        return self.wizard.step()

    def state(self) -> dict[str, Any]:
        """Return the step reached and what was typed in each; nothing secret."""
        return {"step": self.wizard.step().key, **{step.key: step.state() for step in self._steps}}

    def cover(self) -> None:
        """Nothing of it has to be noted before it is hidden: it has no dialogs."""

    def _show(self, step: Step) -> None:
        # Behind the sheets there is nothing to go back to: the vault is made, and its digits are on paper only.
        at = self._steps.index(step)
        self.wizard.show_step(number_of(step.key), step, can_go_back=at > 1)

    def _go_on(self) -> None:
        at = self._steps.index(self.wizard.step())
        if self.wizard.step() is self.school:
            self.room = replace(self.room, actor=self.school.actor, user_name=self.school.person)
        if at + 1 < len(self._steps):
            self._show(self._steps[at + 1])
            # As urgent as the save of a lock: with less it could come after that one and undo what was typed since.
            self.autosave.save(Priority.LOCK)
            return
        room = self.room
        self.autosave.end()
        room.tasks.change(lambda: discard_draft(room.actor, room.desk, PLACE), self._end)

    def _go_back(self) -> None:
        at = self._steps.index(self.wizard.step())
        if at > 1:
            self._show(self._steps[at - 1])

    def _end(self, _done: Done[bool]) -> None:
        self.ended.emit(self.room)
