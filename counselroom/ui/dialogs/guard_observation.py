"""Writes down what those on guard saw in their period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.guard_24h import observe
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text


class GuardObservationDialog(CrisisForm):
    """Opened for {event}: one field and the time."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room, arguments, pgettext("crisis", "Write down an observation"), pgettext("crisis", "Write down"), parent
        )
        self._said = self.text(
            "said", pgettext("crisis", "What was seen"), _("Mood, food, sleep, medicine, words and behaviour.")
        )
        self.line("at", pgettext("crisis", "When"), moment_text(room.now(), room.now()))
        self._at_first = self.value("at")
        self.act_button.setEnabled(False)
        self.read()

    def first(self) -> QWidget:
        """Return what was seen."""
        return self._said

    def fill(self, page: CrisisPage) -> None:
        """Say when no guard runs."""
        running = any(guard.ended_at is None for guard in page.guards)
        self.act_button.setEnabled(running)
        if not running:
            self.tell(_("No guard is running."))

    def act(self) -> None:
        """Write it down."""
        if self.lacks("said", _("An observation needs its words.")):
            return
        at = None if self.value("at") == self._at_first else self.moment("at")
        if at is None and self.value("at") != self._at_first:
            return
        guard = next((one for one in (self.page.guards if self.page else ()) if one.ended_at is None), None)
        if guard is not None:
            room, said = self.room, self.value("said")
            self.change(lambda: observe(room.actor, room.desk, guard.id, said, at), _("Written down."))
