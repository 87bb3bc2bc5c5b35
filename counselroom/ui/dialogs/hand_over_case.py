"""Hands a counselling case over to another counsellor; asked once, because only the new one can give it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.case_pages import CasePage, case_page
from counselroom.services.cases import CaseView, hand_over_case
from counselroom.services.changes import Done
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.room import Room
from counselroom.ui.widgets.label import Label


class HandOverCaseDialog(FormDialog):
    """The case `case`."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Hand this case over?"), parent)
        self._case = str(arguments.get("case") or "")
        self._page: CasePage | None = None
        self._wanted = ""
        self.form.addWidget(
            Label(_("From then on only the new counsellor reads and writes it, all notes included."), "body", wrap=True)
        )
        self.add_box("counsellor", pgettext("case page", "New counsellor"), ())
        self.add_text("reason", pgettext("case page", "Reason"), _("Kept in the log."), _("needed"))
        self.finish_form(parent, pgettext("case page", "Keep the case"))
        self.give_button = self.add_work(pgettext("case page", "Hand over"), "primary", self.give)
        self.give_button.setEnabled(False)
        room.tasks.query(self, lambda: case_page(room.actor, room.desk, self._case), self._show, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the choice of the counsellor."""
        return self.fields["counsellor"].editor

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before; the counsellor when the list is there."""
        super().restore(state)
        self._wanted = str(state.get("counsellor") or "")

    def give(self) -> None:
        """Hand it over."""
        page = self._page
        if page is None or not self.needs("reason", _("Please say why the case is handed over.")):
            return
        room, person, reason, case = self.room, self.text("counsellor"), self.text("reason"), page.case
        self.do(lambda: hand_over_case(room.actor, room.desk, case.id, person, reason, case.seen), self._given)

    def _given(self, _done: Done[CaseView]) -> None:
        self.finish()
        self.room.messages.say(_("The case was handed over."))
        self.room.ways.back()

    def _show(self, page: CasePage) -> None:
        untouched = not self.has_text()
        self._page = page
        self.about.setText(page.case.code)
        box = self.fields["counsellor"].editor
        assert isinstance(box, QComboBox)  # noqa: S101 - made above
        for person, name in page.colleagues:
            box.addItem(name, person)
        box.setCurrentIndex(max(0, box.findData(self._wanted)))
        self.give_button.setEnabled(bool(page.colleagues))
        if untouched:
            self.settle()
