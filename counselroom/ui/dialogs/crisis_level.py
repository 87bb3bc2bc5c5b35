"""Raises or lowers the level of a 专案 with its reason, and leads it on to its next state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis import may_become
from counselroom.rules.crisis_words import CrisisLevel, CrisisState
from counselroom.services.changes import Done
from counselroom.services.crisis import edit_event, set_event_state
from counselroom.services.crisis_log import add_line
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_views import level_word, state_word
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button

_ENDS = (CrisisState.CLOSED, CrisisState.FALSE_ALARM)


class CrisisLevelDialog(CrisisForm):
    """Opened for {event}. Both choices begin as it stands."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room,
            arguments,
            pgettext("crisis", "Change level or state"),
            pgettext("crisis", "Change"),
            parent,
            keep=pgettext("crisis", "Leave as it is"),
        )
        self._level = self.choice(
            "level", pgettext("crisis", "Level"), [(level.value, level_word(level)) for level in CrisisLevel]
        )
        self._state = self.choice("state", pgettext("crisis", "State"), ())
        self.beside("level", "state")
        self._reason = self.text(
            "reason",
            pgettext("crisis", "Reason"),
            _("Goes into the log. Lower a level only after a new assessment."),
            lines=2,
        )
        self._assess = Button(pgettext("crisis", "New assessment"), "text", size="compact")
        self._assess.clicked.connect(self._to_assessment)
        self.add_note(self._assess)
        self.act_button.setEnabled(False)
        self.read()

    def first(self) -> QWidget:
        """Return the level."""
        return self._level

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was chosen before; the states that may follow are known only once it was read."""
        super().restore(state)
        if self._state.findData(state.get("state")) < 0 and state.get("state"):
            self._typed = dict(state)

    def fill(self, page: CrisisPage) -> None:
        """Show where it stands and what may follow."""
        event = page.event
        follows = [state for state in CrisisState if state not in _ENDS and may_become(event.state, state)]
        states = [event.state, *follows]
        self.refill("state", [(state.value, state_word(state)) for state in states])
        self.offer("level", event.data.level.value)
        self.put("state", event.state.value)
        self.act_button.setEnabled(event.closed_at is None)

    def act(self) -> None:
        """Change what was chosen; the reason goes into the log."""
        page, room = self.page, self.room
        if page is None:
            return
        event = page.event
        level, state, reason = CrisisLevel(self.value("level")), CrisisState(self.value("state")), self.value("reason")
        if level is event.data.level and state is event.state:
            self.tell(_("It stands so already."))
            return
        if level is not event.data.level and self.lacks("reason", _("Please say why; it stays in the record.")):
            return

        def work() -> Done[None]:
            done: Done[None] | None = None
            if reason:
                done = add_line(room.actor, room.desk, event.id, reason)
            if level is not event.data.level:
                done = edit_event(room.actor, room.desk, event.id, replace(event.data, level=level))
            if state is not event.state:
                done = set_event_state(room.actor, room.desk, event.id, state)
            assert done is not None  # noqa: S101 - one of the two has changed
            return done

        said = _("The level is now: {level}.").format(level=level_word(level))
        if level is event.data.level:
            said = _("It is now: {state}.").format(state=state_word(state))
        self.change(work, said)

    def _to_assessment(self) -> None:
        if self.page is not None:
            event = self.page.event
            self.reject()
            self.room.ways.open_page(
                "assessment", student=event.data.student_id, source_entity="crisis_event", source_id=event.id
            )
