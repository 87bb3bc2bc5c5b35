"""Agrees on the next shift of a guard, so that no minute is left open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import WatcherRole
from counselroom.services.changes import Done
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.guard_24h import GuardView, add_shift
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.words import watcher_word
from counselroom.ui.dialogs.guard import SHIFT, split_names
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text


class GuardShiftDialog(CrisisForm):
    """Opened for {event}; it begins where the shifts end."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("crisis", "Add a shift"), pgettext("crisis", "Add"), parent)
        self._names = self.line(
            "names", pgettext("crisis", "Who"), hint=_("Names with a comma between."), needed=_("needed")
        )
        self.choice("role", pgettext("crisis", "They are"), [(role.value, watcher_word(role)) for role in WatcherRole])
        self.line("from", pgettext("crisis", "From"))
        self.line("to", pgettext("crisis", "Until"))
        self.beside("from", "to")
        self._hint = self.note("", "hint")
        self.act_button.setEnabled(False)
        self.read()

    def first(self) -> QWidget:
        """Return who."""
        return self._names

    def fill(self, page: CrisisPage) -> None:
        """Begin where the shifts end."""
        guard = self._guard()
        if guard is None:
            self._hint.setText(_("No guard is running."))
            return
        now = page.event.now
        begin = next((gap.starts_at for gap in guard.gaps if gap.ends_at > now), None)
        begin = begin or max((one.shift.until for one in guard.shifts), default=guard.starts_at)
        self.offer("from", moment_text(begin, self.room.now()))
        self.offer("to", moment_text(begin + SHIFT, self.room.now()))
        self._hint.setText(_("At least {count} at a time, of the same sex where possible.").format(count=page.watchers))
        self.act_button.setEnabled(True)

    def act(self) -> None:
        """Add a shift for each name."""
        guard, room = self._guard(), self.room
        if guard is None or self.lacks("names", _("Please say who.")):
            return
        begin, end = self.moment("from"), self.moment("to")
        if begin is None or end is None:
            return
        begin = max(begin, guard.starts_at) if (guard.starts_at - begin).total_seconds() < 60 else begin
        role, names = WatcherRole(self.value("role")), split_names(self.value("names"))

        def work() -> Done[str]:
            *others, last = names
            for name in others:
                add_shift(room.actor, room.desk, guard.id, name, role, begin, end)
            return add_shift(room.actor, room.desk, guard.id, last, role, begin, end)

        self.change(work, _("The shift is added."))

    def _guard(self) -> GuardView | None:
        guards = self.page.guards if self.page else ()
        return next((guard for guard in guards if guard.ended_at is None), None)
