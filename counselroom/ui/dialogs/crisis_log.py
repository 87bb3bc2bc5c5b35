"""Adds a line to the 经过记录 of a 专案; it is never changed, only followed by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.crisis_log import add_line
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.room import Room


class CrisisLogDialog(CrisisForm):
    """One field; the time is that of writing."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("crisis", "Add to the log"), pgettext("crisis", "Add"), parent)
        self._said = self.text(
            "said", pgettext("crisis", "What happened"), _("The time is added. Nothing is changed later."), lines=4
        )

    def first(self) -> QWidget:
        """Return the field."""
        return self._said

    def act(self) -> None:
        """Add the line."""
        if self.lacks("said", _("A line needs its words.")):
            return
        room, event_id, said = self.room, str(self.arguments.get("event") or ""), self.value("said")
        self.change(lambda: add_line(room.actor, room.desk, event_id, said), _("Added to the log."))
