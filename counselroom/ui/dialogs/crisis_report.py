"""The written report of a 专案 (F-56), with the fields the rules fix, filled in from what was written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_papers import ReportData, approve_report
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.papers import REPORT, default_report, issue_report_now, preview
from counselroom.ui.crisis.words import due_text, when_text
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button

_KEYS = ("persons", "course", "cause", "nature", "measures", "help_needed", "other", "enclosures")


class CrisisReportDialog(CrisisForm):
    """Opened for {event}. Issued, it shows what was written; the director approves it."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room, arguments, pgettext("crisis", "Written report"), pgettext("crisis", "Issue and preview"), parent
        )
        self._state = self.note("", "hint")
        self.line("persons", pgettext("crisis", "Persons"))
        self.text("course", pgettext("crisis", "Course of events"), lines=4)
        self.text("measures", pgettext("crisis", "Measures taken"), lines=3)
        self.line("cause", pgettext("crisis", "Cause, as far as it is known"))
        self.line("nature", pgettext("crisis", "First judgement of its nature"))
        self.beside("cause", "nature")
        self.line("help_needed", pgettext("crisis", "Help that is needed"))
        self.line("other", pgettext("crisis", "Other matters"))
        self.beside("help_needed", "other")
        self.line("enclosures", pgettext("crisis", "Enclosures"))
        self._show = Button(pgettext("crisis", "Preview"), "text", size="compact")
        self._show.clicked.connect(self._preview)
        self.add_note(self._show)
        self._show.hide()
        self.act_button.setEnabled(False)
        self.read()

    def first(self) -> QWidget:
        """Return the course of events."""
        return self.fields["course"].editor

    def fill(self, page: CrisisPage) -> None:
        """Fill in what the 专案 knows, or what was issued."""
        report = page.reports[-1] if page.reports else None
        data = report.data if report else default_report(page, self.room.now())
        for key in _KEYS:
            self.offer(key, getattr(data, key) or "")
        issued = report.issued_at if report else None
        for key in _KEYS:
            self.fields[key].editor.setReadOnly(issued is not None)  # type: ignore[attr-defined]  # lines and texts
        due = report.due_at if report else next(
            (step.due_at for step in page.event.steps if step.item == "CK-E-13"), None
        )  # fmt: skip
        self._show.setVisible(issued is not None)
        if report is not None and issued is not None:
            said = _("Issued {when}; its words stay as they are.").format(when=when_text(issued, self.room.now()))
            if report.approved_at is not None:
                said += _("Approved {when}.").format(when=when_text(report.approved_at, self.room.now()))
            self._state.setText(said)
            self.act_button.setText(pgettext("crisis", "Approve"))
            self.act_button.setEnabled(report.approved_at is None)
        else:
            self._state.setText(due_text(due, page.event.now))
            self.act_button.setEnabled(page.event.closed_at is None)

    def act(self) -> None:
        """Issue it and show the sheet, or approve it."""
        page, room = self.page, self.room
        if page is None:
            return
        report = page.reports[-1] if page.reports else None
        if report is not None and report.issued_at is not None:
            self.change(lambda: approve_report(room.actor, room.desk, report.id), _("The report is approved."))
            return
        if self.lacks("persons", _("Please say who is concerned.")) or self.lacks(
            "course", _("Please say what happened.")
        ):
            return
        if self.lacks("measures", _("Please say what was done.")):
            return
        data = ReportData(**{key: self.value(key) or None for key in _KEYS})  # type: ignore[arg-type]  # checked above
        self.change(
            lambda: issue_report_now(room, page, data),
            then=lambda view: preview(room, REPORT, "crisis_report", view.id),
        )

    def _preview(self) -> None:
        if self.page is not None and self.page.reports:
            report_id = self.page.reports[-1].id
            self.finish()
            preview(self.room, REPORT, "crisis_report", report_id)
