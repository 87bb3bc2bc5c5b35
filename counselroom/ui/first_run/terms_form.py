"""The two terms of an academic year as dates: begin, end, and the last day for new appointments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QGridLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.school_calendar import academic_year_of
from counselroom.services.school import TermDates
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.inset import inset
from counselroom.ui.widgets.label import Label

_USUAL = (((9, 1), (1, 20), (1, 8)), ((2, 22), (7, 5), (6, 25)))
"""Begin, end and stop day of the first and second term, for a start."""


class TermsForm(QWidget):
    """Dates of both terms of the year that a day lies in.

    Attributes:
        changed: a date was changed.
    """

    changed = Signal()

    def __init__(self, icons: Icons, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.year = academic_year_of(today)
        first = int(self.year[:4])
        self._line = ErrorLine(icons.theme)
        self._dates: list[tuple[QDateEdit, QDateEdit, QDateEdit]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        labels = (pgettext("term", "begins"), pgettext("term", "ends"), pgettext("term", "last day for appointments"))
        for number, usual in enumerate(_USUAL, start=1):
            edits = []
            for column, (words, (month, day)) in enumerate(zip(labels, usual, strict=True)):
                edit = QDateEdit(QDate(first if month > 7 else first + 1, month, day))
                edit.setDisplayFormat("yyyy-MM-dd")
                edit.setMinimumWidth(136)
                inset(edit)
                field = Field(words, edit, icons=icons)
                name = pgettext("term", "Term {number} {what}").format(number=number, what=words)
                edit.setAccessibleName(name)
                edit.dateChanged.connect(lambda _date: self._look())
                grid.addWidget(field, number, column + 1)
                edits.append(edit)
            title = Label(pgettext("term", "Term {number}").format(number=number), "label")
            grid.addWidget(title, number, 0)
            self._dates.append((edits[0], edits[1], edits[2]))
        grid.addWidget(self._line, len(_USUAL) + 1, 0, 1, 4)
        grid.setColumnStretch(4, 1)
        self._look()

    def terms(self) -> tuple[TermDates, ...]:
        """Return the dates of both terms."""
        return tuple(
            TermDates(number, _date(begin), _date(end), _date(stop))
            for number, (begin, end, stop) in enumerate(self._dates, start=1)
        )

    def edits(self) -> tuple[QDateEdit, ...]:
        """Return the six fields in reading order."""
        return tuple(edit for row in self._dates for edit in row)

    def error(self) -> str:
        """Return what is wrong with the dates; empty when they fit."""
        terms = self.terms()
        for term in terms:
            if not term.starts_on < term.ends_on:
                return _("Term {number} must end after it begins.").format(number=term.number)
            if not term.starts_on <= term.appointment_stop_on <= term.ends_on:
                return _("The last day for appointments of term {number} lies outside the term.").format(
                    number=term.number
                )
        if terms[1].starts_on <= terms[0].ends_on:
            return _("The second term must begin after the first has ended.")
        first = int(self.year[:4])
        if terms[0].starts_on.year not in (first, first + 1) or terms[1].ends_on.year > first + 1:
            return _("These dates do not lie in the academic year {year}.").format(year=self.year)
        return ""

    def state(self) -> list[str]:
        """Return all dates, for keeping."""
        return [_date(edit).isoformat() for edit in self.edits()]

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the dates kept under `dates`; nonsense is left out."""
        for edit, text in zip(self.edits(), state.get("dates") or (), strict=False):
            day = QDate.fromString(str(text), "yyyy-MM-dd")
            if day.isValid():
                edit.setDate(day)

    def _look(self) -> None:
        if len(self._dates) == len(_USUAL):
            self._line.say(self.error(), "error")
            self.changed.emit()


def _date(edit: QDateEdit) -> date:
    found = edit.date()
    return date(found.year(), found.month(), found.day())
