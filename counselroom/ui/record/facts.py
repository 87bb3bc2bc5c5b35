"""The left column of the record: who the student is, guardians, consents, the last accesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import ConsentKind
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services.access_log import AccessLine
from counselroom.services.rows import GuardianView
from counselroom.services.students import StudentView
from counselroom.ui.masking import Face
from counselroom.ui.models.students import status_word
from counselroom.ui.moments import day_and_time
from counselroom.ui.record.number_button import NumberButton
from counselroom.ui.record.rows import Rows
from counselroom.ui.record.words import (
    action_word,
    consent_word,
    entity_word,
    gender_word,
    group_word,
    local_day,
    relation_word,
    short_day,
    years_between,
)
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.panel import Panel

LAST_ACCESSES = 4


class FactsColumn(QWidget):
    """Four panels.

    Attributes:
        edit_wanted: the student's own data.
        guardians_wanted: the guardians and their order.
    """

    edit_wanted = Signal()
    guardians_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = Rows(icons)
        self._guardians = Rows(icons)
        self._consents = Rows(icons)
        self._accesses = Rows(icons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        edit = IconButton(icons.named("mdi6.pencil-outline"), _("Edit the student's data"))
        edit.clicked.connect(self.edit_wanted)
        guardians = Button(pgettext("guardians", "Manage"), "text", size="compact")
        guardians.clicked.connect(self.guardians_wanted)
        self._panels = []
        for title, rows, action in (
            (pgettext("record", "Facts"), self._facts, edit),
            (pgettext("record", "Guardians"), self._guardians, guardians),
            (pgettext("record", "Consents"), self._consents, None),
            (pgettext("record", "Last accesses"), self._accesses, None),
        ):
            panel = Panel(title)
            panel.set_body(rows)
            if action is not None:
                panel.set_action(action)
            column.addWidget(panel)
            self._panels.append(panel)
        self._panels[1].set_count(_("hold to show numbers"))
        column.addStretch(1)

    def show_student(
        self,
        view: StudentView,
        guardians: Sequence[GuardianView],
        entries: Sequence[TimelineEntry],
        face: Face,
        now: datetime,
    ) -> None:
        """Show the facts, as far as `face` shows them."""
        data, today = view.data, now.date()
        archive = next((entry for entry in entries if entry.entity == "psych_archive"), None)
        self._facts.clear()
        self._facts.add_fact(pgettext("student", "Gender"), gender_word(data.gender))
        birth = ""
        if data.birth_date is not None:
            born = short_day(data.birth_date, today)
            birth = _("{day} ({years} years)").format(day=born, years=years_between(data.birth_date, today))
        self._facts.add_fact(pgettext("student", "Born"), face.text(birth))
        self._facts.add_fact(pgettext("student", "Number"), face.number(data.student_no))
        self._facts.add_fact(pgettext("student", "Class"), view.class_name or "")
        self._facts.add_fact(pgettext("student", "State"), status_word(view.status))
        if data.dorm:
            self._facts.add_fact(pgettext("student", "Dorm"), face.text(data.dorm))
        if view.special_groups and not face.masked:
            words = pgettext("list", ", ").join(group_word(group) for group in sorted(view.special_groups))
            self._facts.add_fact(pgettext("student", "Groups"), words)
        if archive is not None:
            self._facts.add_fact(pgettext("student", "Archive"), face.number(archive.number))
            self._facts.add_fact(pgettext("student", "Opened"), short_day(archive.day, today))
        if data.phone:
            self._facts.add_with(
                pgettext("student", "Telephone"), _number(data.phone, pgettext("student", "the student"))
            )
        self._show_guardians(guardians, face)
        self._show_consents(entries, now)

    def show_accesses(self, lines: Sequence[AccessLine], now: datetime) -> None:
        """Show the last accesses."""
        self._accesses.clear()
        for line in lines[:LAST_ACCESSES]:
            done = pgettext("access", "refused") if line.denied else action_word(line.action)
            self._accesses.add_line("", f"{line.who} {done}{entity_word(line.entity)}", day_and_time(line.at, now))
        if not lines:
            self._accesses.add_hint(_("Nobody has opened anything yet."))

    def _show_guardians(self, guardians: Sequence[GuardianView], face: Face) -> None:
        self._guardians.clear()
        for guardian in guardians:
            relation = relation_word(guardian.relation)
            words = f"{relation}　{face.guardian(guardian.name)}"
            if guardian.phone:
                self._guardians.add_with(words, _number(guardian.phone, relation))
            else:
                self._guardians.add_line("", words, _("no number"))
        if not guardians:
            self._guardians.add_hint(_("No guardian is on file yet."))

    def _show_consents(self, entries: Sequence[TimelineEntry], now: datetime) -> None:
        self._consents.clear()
        held = [entry for entry in entries if entry.kind is EntryKind.CONSENT]
        for entry in held:
            gone = bool(entry.number)
            icon = "mdi6.circle-outline" if gone else "mdi6.check-circle-outline"
            day = entry.day if entry.at is None else local_day(entry.at, now)
            right = pgettext("consent", "withdrawn") if gone else short_day(day, now.date())
            self._consents.add_line(icon, consent_word(entry.state), right, colour="ink2" if gone else "accent")
        if not any(entry.state == ConsentKind.SERVICE and not entry.number for entry in held):
            self._consents.add_line("mdi6.circle-outline", consent_word(ConsentKind.SERVICE), _("not signed yet"))


def _number(number: str, whose: str) -> NumberButton:
    return NumberButton(number, whose)
