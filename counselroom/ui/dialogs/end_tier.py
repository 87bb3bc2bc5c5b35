"""Ends a tier of care, or says that it was reviewed and stays: the question that is asked once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.student_care import one_tier
from counselroom.services.tiers import TierView, end_tier, review_tier
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.care.words import tier_face
from counselroom.ui.moments import day_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.label import Label


class EndTierDialog(FormDialog):
    """The tier `tier`; ending it takes a reason and closes what is open for it."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Keep or end this tier of care?"), parent)
        self._id = str(arguments.get("tier") or "")
        self._view: TierView | None = None
        self._facts = Label("", "meta", wrap=True)
        self.form.addWidget(self._facts)
        self.form.addWidget(
            Label(
                _(
                    "Ending it closes the open follow-up tasks of this tier. What was done stays. To change to another "
                    "tier, propose that one instead: it takes the place of this."
                ),
                "body",
                wrap=True,
            )
        )
        self.add_text("reason", pgettext("tier", "Reason for the end"), _("Kept with the tier."), _("needed to end"))
        self.finish_form(parent, pgettext("tier", "Leave it"))
        self.end_button = self.add_work(pgettext("tier", "End the tier"), "danger", self.end)
        self.keep_button = self.add_work(pgettext("tier", "Reviewed, stays"), "primary", self.keep)
        for button in (self.end_button, self.keep_button):
            button.setEnabled(False)
        room.tasks.query(self, lambda: one_tier(room.actor, room.desk, self._id), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the reason."""
        return self.fields["reason"].editor

    def end(self) -> None:
        """End it."""
        view = self._view
        if view is None or not self.needs("reason", _("Please say why.")):
            return
        room, reason = self.room, self.text("reason")
        self.do(lambda: end_tier(room.actor, room.desk, view.id, reason, view.seen), self._ended)

    def keep(self) -> None:
        """Note that it was reviewed today."""
        view = self._view
        if view is None:
            return
        room = self.room
        self.do(lambda: review_tier(room.actor, room.desk, view.id, view.seen), self._kept)

    def _ended(self, _done: Done[TierView]) -> None:
        self.finish()
        self.room.messages.say(_("The tier has ended; its open follow-up tasks are closed."))

    def _kept(self, done: Done[TierView]) -> None:
        self.finish()
        day = done.value.review_due_on
        if day is not None:
            words = day_word(day, self.room.now().date())
            self.room.messages.say(_("Reviewed; the next review is due on {day}.").format(day=words))

    def _show(self, view: TierView) -> None:
        self._view = view
        today = self.room.now().date()
        tier = "" if self.face().masked else tier_face(view.data.tier).text
        self.say_about(view.student_name, view.student_no, "", tier)
        parts = []
        if view.effective_on is not None:
            parts.append(_("since {day}").format(day=day_word(view.effective_on, today)))
        if view.review_due_on is not None:
            parts.append(_("review due on {day}").format(day=day_word(view.review_due_on, today)))
        self._facts.setText(pgettext("list", ", ").join(parts))
        for button in (self.end_button, self.keep_button):
            button.setEnabled(True)
