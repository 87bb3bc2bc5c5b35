"""Proposes a tier of care for a student: which, on what grounds, who in class looks after the student."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier, TierSubtype
from counselroom.rules.tiers import SUBTYPES, Evidence, EvidenceKind
from counselroom.services.changes import Done
from counselroom.services.student_care import StudentCare, student_care
from counselroom.services.tiers import TierData, TierView, propose_tier
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.care.words import evidence_word, subtype_word, tier_face
from counselroom.ui.room import Room

_GROUNDS = (EvidenceKind.INTERVIEW, EvidenceKind.OBSERVATION, EvidenceKind.HOSPITAL, EvidenceKind.SCALE)
_TIERS = (CareTier.KEY_INTERVENTION, CareTier.KEY_CONCERN, CareTier.GROUP_SUPPORT)


class ProposeTierDialog(FormDialog):
    """A tier for `student`; `event` is the crisis case it comes out of."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Propose a tier of care"), parent)
        self._student = str(arguments.get("student") or "")
        self._tier = self.add_choice(
            "tier", pgettext("tier", "Tier"), [(tier.value, tier_face(tier).text) for tier in _TIERS], 3
        )
        self._subtype = self.add_box("subtype", pgettext("tier", "Kind"), ())
        self._tier.chosen.connect(self._offer_subtypes)
        self._offer_subtypes()
        for kind in _GROUNDS:
            hint = ""
            if kind is EvidenceKind.SCALE:
                hint = _("For screening only: a scale alone never sets a tier.")
            self.add_line(f"evidence.{kind.value}", evidence_word(kind), hint)
        self.add_line("contact", pgettext("tier", "Contact in the class"))
        self.add_line("reason", pgettext("tier", "Remark"))
        self.finish_form(parent, pgettext("tier", "Do not propose"))
        self.add_work(pgettext("tier", "Propose"), "primary", self.save)
        if self._student:
            room.tasks.query(
                self, lambda: student_care(room.actor, room.desk, self._student), self._show, on_failed=self.refuse
            )

    def first(self) -> QWidget:
        """Return the choice of the tier."""
        return self._tier

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed; the kinds of the tier are offered first."""
        self._tier.set_value(str(state.get("tier") or ""))
        self._offer_subtypes()
        super().restore(state)

    def save(self) -> None:
        """Propose it, if there is something it is based on."""
        room, data = self.room, self._data()
        if not data.evidence:
            self.needs(f"evidence.{_GROUNDS[0].value}", _("Please note at least one thing this is based on."))
            return
        self.do(lambda: propose_tier(room.actor, room.desk, data), self._proposed)

    def _data(self) -> TierData:
        grounds = ((kind, self.text(f"evidence.{kind.value}")) for kind in _GROUNDS)
        return TierData(
            student_id=self._student,
            tier=CareTier(self.text("tier")),
            subtype=TierSubtype(self.text("subtype")),
            evidence=tuple(Evidence(kind, note) for kind, note in grounds if note),
            reason=self.text("reason"),
            contact_name=self.text("contact"),
            event_id=str(self.arguments["event"]) if self.arguments.get("event") else None,
        )

    def _proposed(self, done: Done[TierView]) -> None:
        self.finish()
        said = _("The tier is proposed.")
        if not done.value.may_confirm:
            said = _("The tier is proposed; the director confirms it.")
        self.room.messages.say(said, done.changes.undo)

    def _offer_subtypes(self) -> None:
        before = self._subtype.currentData()
        self._subtype.clear()
        for subtype in SUBTYPES[CareTier(self._tier.value())]:
            self._subtype.addItem(subtype_word(subtype), subtype.value)
        self._subtype.setCurrentIndex(max(0, self._subtype.findData(before)))

    def _show(self, care: StudentCare) -> None:
        now = pgettext("tier", "in no tier now")
        if care.tier is not None and not self.face().masked:
            now = _("now {tier}").format(tier=tier_face(care.tier.data.tier).text)
        elif care.tier is not None:
            now = ""
        self.say_about(care.student_name, care.student_no, care.class_name, now)
        if care.proposal is not None:
            self.tell(_("A proposal for this student waits already."))
        if care.tier is not None and not self.has_text():
            self.restore({"contact": care.tier.data.contact_name, "tier": self._tier.value()})
            self.settle()
