"""Writes down one attempt to reach somebody, reached or not; those that failed count too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import ContactMode, ContactOutcome, ContactPurpose, ContactRole
from counselroom.services.crisis_log import ContactData, attempt_contact
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.words import contact_word, mode_word, outcome_word, purpose_word
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text

_REPORTED_TO = (
    ContactRole.SCHOOL_LEADER, ContactRole.STUDENT_OFFICE, ContactRole.COLLEGE, ContactRole.BUREAU,
)  # fmt: skip
_CALLED_FOR_HELP = (ContactRole.POLICE, ContactRole.HOSPITAL, ContactRole.CLINIC, ContactRole.SECURITY)


class ContactAttemptDialog(CrisisForm):
    """Opened for {event} and, from the list of contacts, {role, name, phone, person}."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room, arguments, pgettext("crisis", "Write down a contact"), pgettext("crisis", "Write down"), parent
        )
        outcomes = [(outcome.value, outcome_word(outcome)) for outcome in ContactOutcome]
        self._outcome = self.choice("outcome", pgettext("crisis", "What came of it"), outcomes)
        self.text("said", pgettext("crisis", "What was said"), _("When they come, what they agree to."), lines=2)
        self._role = self.choice(
            "role", pgettext("crisis", "Who"), [(role.value, contact_word(role)) for role in ContactRole]
        )
        self.line("name", pgettext("crisis", "Name"))
        self.line("phone", pgettext("crisis", "Number"))
        self.beside("role", "name", "phone")
        self.choice("mode", pgettext("crisis", "How"), [(mode.value, mode_word(mode)) for mode in ContactMode])
        self.choice(
            "purpose", pgettext("crisis", "What for"), [(one.value, purpose_word(one)) for one in ContactPurpose]
        )
        self.line("at", pgettext("crisis", "When"), moment_text(room.now(), room.now()))
        self.beside("mode", "purpose", "at")
        self._at_first = self.value("at")
        role = str(arguments.get("role") or ContactRole.GUARDIAN.value)
        self.put("role", role)
        self.put("name", str(arguments.get("name") or ""))
        self.put("phone", str(arguments.get("phone") or ""))
        self._choose_purpose()
        self._role.activated.connect(lambda _index: self._choose_purpose())
        self.read()

    def first(self) -> QWidget:
        """Return what came of it: who it was is known."""
        return self._outcome if self.arguments.get("name") else self._role

    def fill(self, page: CrisisPage) -> None:
        """Offer the names that are known."""
        self.suggest("name", list(dict.fromkeys(line.name for line in page.contacts)))

    def act(self) -> None:
        """Write it down."""
        if self.lacks("name", _("Please say whom you tried to reach.")):
            return
        at = None if self.value("at") == self._at_first else self.moment("at")
        if at is None and self.value("at") != self._at_first:
            return
        room, event_id = self.room, str(self.arguments.get("event") or "")
        data = ContactData(
            ContactRole(self.value("role")),
            self.value("name"),
            ContactOutcome(self.value("outcome")),
            ContactPurpose(self.value("purpose")),
            ContactMode(self.value("mode")),
            self.value("phone") or None,
            self.value("said") or None,
            str(self.arguments.get("person") or "") or None,
            at,
        )
        self.change(
            lambda: attempt_contact(room.actor, room.desk, event_id, data),
            _("Written down: {outcome}.").format(outcome=outcome_word(data.outcome)),
        )

    def _choose_purpose(self) -> None:
        role = ContactRole(self.value("role"))
        purpose = ContactPurpose.NOTIFY
        if role in _REPORTED_TO:
            purpose = ContactPurpose.REPORT
        elif role in _CALLED_FOR_HELP:
            purpose = ContactPurpose.RESCUE
        self.put("purpose", purpose.value)
