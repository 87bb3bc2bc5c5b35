"""Decides about a proposed tier: confirms it, or gives it back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier, TierChange, TierState
from counselroom.services.changes import Done
from counselroom.services.student_care import one_tier
from counselroom.services.tiers import TierView, confirm_tier, reject_tier
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.care.words import change_word, evidence_word, subtype_word, tier_face
from counselroom.ui.room import Room
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.label import Label


class DecideTierDialog(FormDialog):
    """The proposal `tier` with what it is based on. Confirming makes its follow-up tasks."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Confirm this tier of care?"), parent)
        self._id = str(arguments.get("tier") or "")
        self._view: TierView | None = None
        line = QHBoxLayout()
        self._chip = Chip(room.icons, tier_face(CareTier.GROUP_SUPPORT))
        self._chip.hide()
        self._kind = Label("", "meta_strong", wrap=True)
        line.addWidget(self._chip)
        line.addWidget(self._kind, 1)
        self.form.addLayout(line)
        self._grounds = Label("", "body", wrap=True)
        self._consequence = Label("", "hint", wrap=True)
        self.form.addWidget(self._grounds)
        self.form.addWidget(self._consequence)
        today = room.now().date().isoformat()
        self.add_line("day", pgettext("tier", "Holds from"), text=today)
        self.add_line("reason", pgettext("tier", "Reason for giving it back"), _("Only needed when it is given back."))
        self.finish_form(parent, pgettext("tier", "Decide later"))
        self.reject_button = self.add_work(pgettext("tier", "Give back"), "secondary", self.give_back)
        self.confirm_button = self.add_work(pgettext("tier", "Confirm"), "primary", self.confirm)
        self.confirm_button.setEnabled(False)
        room.tasks.query(self, lambda: one_tier(room.actor, room.desk, self._id), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the day."""
        return self.fields["day"].editor

    def confirm(self) -> None:
        """Let it hold from the day on."""
        view, day = self._view, self.day("day")
        if view is None or day is None:
            return
        room = self.room
        self.do(lambda: confirm_tier(room.actor, room.desk, view.id, day, view.seen), self._confirmed)

    def give_back(self) -> None:
        """Reject it, with the reason."""
        view = self._view
        if view is None or not self.needs("reason", _("Please say why.")):
            return
        room, reason = self.room, self.text("reason")
        self.do(lambda: reject_tier(room.actor, room.desk, view.id, reason, view.seen), self._rejected)

    def _confirmed(self, done: Done[TierView]) -> None:
        self.finish()
        self.room.messages.say(
            _("The tier holds; {count} rules of follow-up have begun.").format(count=len(done.value.rules))
        )

    def _rejected(self, _done: Done[TierView]) -> None:
        self.finish()
        self.room.messages.say(_("The proposal was given back; it stays on record."))

    def _show(self, view: TierView) -> None:
        self._view = view
        covered = self.face().masked
        face = tier_face(view.data.tier)
        self._chip.set_face(face.masked() if covered else face)
        self._chip.show()
        self.say_about(view.student_name, view.student_no, "")
        words = pgettext("list", ", ")
        self._kind.setText("" if covered else f"{subtype_word(view.data.subtype)}{words}{change_word(view.change)}")
        grounds = [
            _("Based on {what}: {text}").format(what=evidence_word(each.kind), text=self.face().text(each.note))
            for each in view.data.evidence
        ]
        if view.data.reason:
            grounds.append(self.face().text(view.data.reason))
        self._grounds.setText("\n".join(grounds))
        self._consequence.setText(self._what_follows(view))
        is_open = view.state is TierState.PROPOSED
        self.confirm_button.setEnabled(is_open)
        self.reject_button.setEnabled(is_open)
        if not is_open:
            self.tell(_("This proposal was decided already."))

    def _what_follows(self, view: TierView) -> str:
        asks = "；".join(dict.fromkeys(view.asks))
        said = _("Its follow-up tasks are made at once: {rules}.").format(rules=asks)
        if not view.rules:
            said = _("No rule of follow-up begins by itself.")
        if view.change is TierChange.DOWNGRADE:
            said += _("The tier is lowered: the open tasks of the tier before end. Tasks that are done stay.")
        elif view.change is not TierChange.NEW:
            said += _("They take the place of the open tasks of the tier before.")
        return said
