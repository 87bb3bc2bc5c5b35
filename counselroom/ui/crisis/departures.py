"""Where a 专案 leads: to its papers, to assessment and referral, to whoever is called, to what its menu offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from counselroom.i18n import pgettext
from counselroom.services.crisis_page import CrisisPage as CrisisCase
from counselroom.ui.crisis.people_model import ContactFace
from counselroom.ui.crisis.steps import next_step
from counselroom.ui.ways import Ways

Entry = tuple[str, Callable[[], object], bool]
_DIALOGS = {"F-46": "guardian_notice", "F-56": "crisis_report", "F-45": "guard"}
"""What is typed before a paper is printed."""


class Departures:
    """The ways out of a 专案."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways

    def open_dialog(self, key: str, case: CrisisCase) -> None:
        """Open a dialog of this 专案."""
        self._ways.open_dialog(key, event=case.event.id)

    def open_paper(self, case: CrisisCase) -> None:
        """Open the paper that the next item asks for."""
        step = next_step(case)
        if step is None:
            return
        student_id = case.event.data.student_id
        match step.document:
            case "F-42":
                self._begin_assessment(case)
            case "F-50":
                if case.referrals:
                    self._ways.open_page("referral", referral=case.referrals[-1][0])
                else:
                    self._begin_referral(case)
            case "F-54":
                self._ways.open_page("print_preview", form="F-54", entity="student", entity_id=student_id)
            case document:
                self.open_dialog(_DIALOGS.get(document or "", "crisis_papers"), case)

    def open_assessment(self, case: CrisisCase) -> None:
        """Open the assessment of this 专案, or begin one."""
        if case.event.assessment_id:
            self._ways.open_page("assessment", assessment=case.event.assessment_id)
        else:
            self._begin_assessment(case)

    def open_contact(self, case: CrisisCase, face: ContactFace) -> None:
        """Write down an attempt to reach somebody, while the 专案 is open."""
        if case.event.closed_at is None:
            self._ways.open_dialog(
                "contact_attempt",
                event=case.event.id,
                role=face.role.value,
                name=face.name,
                phone=face.phone,
                person=face.person_id,
            )

    def open_menu(self, case: CrisisCase, owner: QWidget, place: QPoint) -> None:
        """Show what else can be done, at a place of the screen."""
        menu = QMenu(owner)
        for words, do, enabled in self._entries(case):
            action = menu.addAction(words)
            action.setEnabled(enabled)
            action.triggered.connect(lambda _checked=False, do=do: do())
        menu.popup(place)

    def _entries(self, case: CrisisCase) -> tuple[Entry, ...]:
        event, ways = case.event, self._ways
        is_open = event.closed_at is None

        def dialog(key: str) -> Callable[[], object]:
            return lambda: self.open_dialog(key, case)

        return (
            (pgettext("crisis", "Change level or state"), dialog("crisis_level"), is_open),
            (pgettext("crisis", "Add an item"), dialog("crisis_item"), is_open),
            (pgettext("crisis", "Notice to the guardian"), dialog("guardian_notice"), True),
            (pgettext("crisis", "Written report"), dialog("crisis_report"), True),
            (pgettext("crisis", "Refer"), lambda: self._begin_referral(case), is_open),
            (
                pgettext("crisis", "Risk assessment"),
                lambda: self.open_assessment(case),
                bool(event.assessment_id) or is_open,
            ),
            (
                pgettext("crisis", "Student record"),
                lambda: ways.open_page("student_record", student=event.data.student_id),
                True,
            ),
            (pgettext("crisis", "Close"), dialog("close_crisis"), is_open),
            (
                pgettext("crisis", "Begun by mistake"),
                lambda: ways.open_dialog("close_crisis", event=event.id, mistake=True),
                is_open,
            ),
        )

    def _begin_assessment(self, case: CrisisCase) -> None:
        event = case.event
        self._ways.open_page(
            "assessment", student=event.data.student_id, source_entity="crisis_event", source_id=event.id
        )

    def _begin_referral(self, case: CrisisCase) -> None:
        self._ways.open_page("referral", student=case.event.data.student_id, event=case.event.id)
