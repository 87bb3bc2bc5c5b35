"""Closes a counselling case: the question that is asked once, with what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import CloseReason
from counselroom.services.case_closing import close_case
from counselroom.services.cases import CaseView, case
from counselroom.services.changes import Done
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.note.words import reason_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.label import Label


class CloseCaseDialog(FormDialog):
    """The case `case`."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Close this case?"), parent)
        self._case = str(arguments.get("case") or "")
        self._seen: datetime | None = None
        self.form.addWidget(
            Label(
                _("Its notes stay. The follow-ups of a closed case begin by themselves; it can be reopened."),
                "body",
                wrap=True,
            )
        )
        reasons = [(reason.value, reason_word(reason)) for reason in CloseReason]
        self.add_choice("reason", pgettext("close", "Reason"), reasons, 3)
        self.add_line("day", pgettext("close", "Day"), text=room.now().date().isoformat())
        self.add_text(
            "summary",
            pgettext("close", "Summary"),
            _("What was reached, and what the client can go on with."),
            _("needed"),
        )
        self.finish_form(parent, pgettext("close", "Keep it open"))
        self.close_button = self.add_work(pgettext("close", "Close the case"), "primary", self.close_it)
        room.tasks.query(self, lambda: case(room.actor, room.desk, self._case), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the summary."""
        return self.fields["summary"].editor

    def close_it(self) -> None:
        """Close the case."""
        day = self.day("day")
        if day is None or not self.needs("summary", _("A case is closed with a summary.")):
            return
        if not self.text("reason"):
            self.tell(_("Please choose why the case is closed."))
            return
        room, seen, case_id = self.room, self._seen, self._case
        reason, summary = CloseReason(self.text("reason")), self.text("summary")
        self.do(lambda: close_case(room.actor, room.desk, case_id, reason, summary, day, seen), self._closed)

    def _closed(self, _done: Done[CaseView]) -> None:
        self.finish()
        self.room.messages.say(_("The case was closed; its follow-up has begun."))

    def _show(self, view: CaseView) -> None:
        self._seen = view.seen
        self.about.setText(view.code)
