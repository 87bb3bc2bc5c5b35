"""Adds to a 专案: a whole checklist, or an item of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.crisis import add_step, hang_checklist
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.room import Room

OWN = ""


class CrisisItemDialog(CrisisForm):
    """Opened for {event}; begins with an item of one's own."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("crisis", "Add to the plan"), pgettext("crisis", "Add"), parent)
        self._what = self.choice(
            "list", pgettext("crisis", "What"), ((OWN, pgettext("crisis", "an item of one's own")),)
        )
        self._words = self.line("title", pgettext("crisis", "What is to be done"), needed=_("needed"))
        self.line("due", pgettext("crisis", "By when"), hint=_("May be empty, such as 16:30."))
        self._hint = self.note("", "hint")
        self._what.currentIndexChanged.connect(lambda _index: self._show_kind())
        self._show_kind()
        self.read()

    def first(self) -> QWidget:
        """Return what is to be done."""
        return self._words

    def fill(self, page: CrisisPage) -> None:
        """Offer the checklists that do not hang yet."""
        chosen = self.value("list")
        while self._what.count() > 1:
            self._what.removeItem(1)
        for key, title in page.lists:
            self._what.addItem(f"{key} {title}", key)
        self.put("list", chosen)
        self._show_kind()

    def act(self) -> None:
        """Add it."""
        room, event_id, key = self.room, str(self.arguments.get("event") or ""), self.value("list")
        if key:
            self.change(lambda: hang_checklist(room.actor, room.desk, event_id, key), _("The checklist is added."))
            return
        if self.lacks("title", _("An item needs its words.")):
            return
        due = None
        if self.value("due"):
            due = self.moment("due")
            if due is None:
                return
            if due <= room.now() and len(self.value("due")) <= len("23:59"):
                due += timedelta(days=1)  # an hour that is over today is meant for tomorrow
        title = self.value("title")
        self.change(lambda: add_step(room.actor, room.desk, event_id, title, due), _("The item is added."))

    def _show_kind(self) -> None:
        own = not self.value("list")
        self.fields["title"].setVisible(own)
        self.fields["due"].setVisible(own)
        self._hint.setVisible(not own)
        self._hint.setText(_("Its deadlines count from when the crisis was found; late items ask for a reason."))
