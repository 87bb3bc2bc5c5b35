"""Closes a 专案, or closes one that was begun by mistake. What stands in the way is said before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis import CloseObstacle
from counselroom.services.crisis import close_as_mistaken, close_event
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.words import block_word
from counselroom.ui.room import Room

OVER, MISTAKE = "over", "mistake"


class CloseCrisisDialog(CrisisForm):
    """Opened for {event}; `mistake` begins with 误启动."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room,
            arguments,
            pgettext("crisis", "Close this crisis case?"),
            pgettext("crisis", "Close it"),
            parent,
            keep=pgettext("crisis", "Leave it open"),
        )
        self._how = self.choice(
            "how",
            pgettext("crisis", "How it ends"),
            ((OVER, pgettext("crisis", "it is over")), (MISTAKE, pgettext("crisis", "it was begun by mistake"))),
        )
        if arguments.get("mistake"):
            self.put("how", MISTAKE)
        self._blocks = self.note("", "meta_strong")
        self._outcome = self.text("outcome", pgettext("crisis", "Outcome"), needed=_("needed"))
        self._reason = self.text(
            "reason", pgettext("crisis", "Why it was a mistake"), needed=_("stays in the record"), lines=2
        )
        self.note(
            _("A closed crisis case is read only. The follow-ups begin by themselves; corrections can be added."),
            "hint",
        )
        self._how.currentIndexChanged.connect(lambda _index: self._show_kind())
        self._show_kind()
        self.read()

    def first(self) -> QWidget:
        """Return the field that is asked for."""
        return self._reason if self.value("how") == MISTAKE else self._outcome

    def fill(self, page: CrisisPage) -> None:
        """Say what stands in the way."""
        del page
        self._show_kind()

    def act(self) -> None:
        """Close it."""
        room, event_id = self.room, str(self.arguments.get("event") or "")
        if self.value("how") == MISTAKE:
            reason = self.value("reason")
            if not self.lacks("reason", _("Please say why; it stays in the record.")):
                self.change(
                    lambda: close_as_mistaken(room.actor, room.desk, event_id, reason),
                    _("Closed as begun by mistake; it stays in the record."),
                )
            return
        outcome = self.value("outcome")
        if not self.lacks("outcome", _("Please write what came of it.")):
            self.change(lambda: close_event(room.actor, room.desk, event_id, outcome), _("The crisis case is closed."))

    def _show_kind(self) -> None:
        mistake = self.value("how") == MISTAKE
        self.fields["outcome"].setVisible(not mistake)
        self.fields["reason"].setVisible(mistake)
        blocks = self.page.event.blocks if self.page else ()
        if mistake:
            blocks = tuple(block for block in blocks if block is CloseObstacle.GUARD_RUNNING)
        self._blocks.setText("\n".join(f"· {block_word(block)}" for block in blocks))
        self._blocks.setVisible(bool(blocks))
        self.act_button.setEnabled(self.page is not None and not blocks)
