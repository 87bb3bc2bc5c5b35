"""Hands the guard over: both sign on paper, the time and what is to be known stand here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.guard_24h import GuardView, hand_over
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text


class GuardHandoverDialog(CrisisForm):
    """Opened for {event}: whose shift, to whom, what is to be known."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("crisis", "Hand over"), pgettext("crisis", "Hand over"), parent)
        self.choice("shift", pgettext("crisis", "Whose shift"), ())
        self._to = self.line("to", pgettext("crisis", "To whom"), needed=_("needed"))
        self.beside("shift", "to")
        self.line("at", pgettext("crisis", "When"), moment_text(room.now(), room.now()))
        self.text("note", pgettext("crisis", "To be known"), _("Medicine, food, sleep, what to look after."), lines=3)
        self._at_first = self.value("at")
        self.act_button.setEnabled(False)
        self.read()

    def first(self) -> QWidget:
        """Return to whom."""
        return self._to

    def fill(self, page: CrisisPage) -> None:
        """Offer who is there and who comes."""
        guard = self._guard()
        there = [
            (one.id, one.shift.name)
            for one in (guard.shifts if guard else ())
            if one.shift.handed_over_at is None and one.shift.starts_at <= page.event.now
        ]
        self.refill("shift", there)
        if guard and guard.next_names:
            self.offer("to", pgettext("list", ", ").join(guard.next_names))
        self.act_button.setEnabled(bool(self.value("shift")))
        if not self.value("shift"):
            self.tell(_("Nobody is on guard whose shift could be handed over."))

    def act(self) -> None:
        """Note the handover."""
        if self.lacks("to", _("Please say to whom.")):
            return
        at = None if self.value("at") == self._at_first else self.moment("at")
        if at is None and self.value("at") != self._at_first:
            return
        room, shift, to, note = self.room, self.value("shift"), self.value("to"), self.value("note")
        self.change(lambda: hand_over(room.actor, room.desk, shift, to, note, at), _("Handed over."))

    def _guard(self) -> GuardView | None:
        guards = self.page.guards if self.page else ()
        return next((guard for guard in guards if guard.ended_at is None), None)
