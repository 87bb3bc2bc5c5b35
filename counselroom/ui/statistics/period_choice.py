"""Which period the figures are of: term, school year, month, or two days of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.statistics import Period, Periods
from counselroom.ui.widgets.inset import inset
from counselroom.ui.widgets.label import Label

TERM, YEAR, MONTH, OWN = "term", "year", "month", "own"
_SETTLES = 400
"""Milliseconds after which a typed day is taken for the last one."""


class PeriodChoice(QWidget):
    """A choice and the two days it means; changing a day makes it a period of one's own.

    Attributes:
        changed: another period was chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._periods: Periods | None = None
        self._wanted: Period | None = None
        self.kind = QComboBox()
        for key, words in (
            (TERM, pgettext("statistics", "This term")),
            (YEAR, pgettext("statistics", "This school year")),
            (MONTH, pgettext("statistics", "This month")),
            (OWN, pgettext("statistics", "Own period")),
        ):
            self.kind.addItem(words, key)
        for widget in (self.kind, self.kind.view()):
            widget.setAccessibleName(pgettext("statistics", "Period"))
        self.first = _day(pgettext("statistics", "First day"))
        self.last = _day(pgettext("statistics", "Last day"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLES)
        self._later.timeout.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.kind)
        row.addWidget(self.first)
        self._to = Label(pgettext("statistics", "to"), "meta")
        row.addWidget(self._to)
        row.addWidget(self.last)
        self.kind.activated.connect(lambda _index: self._kind_chosen())
        for edit in (self.first, self.last):
            edit.dateChanged.connect(lambda _date: self._day_chosen())

    def set_periods(self, periods: Periods) -> None:
        """Take the periods that are offered today."""
        self._periods = periods
        self._show()

    def set_days_shown(self, *, shown: bool) -> None:
        """Leave the days away where there is no room for them."""
        for widget in (self.first, self._to, self.last):
            widget.setVisible(shown)

    def period(self) -> Period | None:
        """Return the first and the last day; None until the periods are known."""
        if self._periods is None:
            return None
        return _python(self.first.date()), _python(self.last.date())

    def state(self) -> dict[str, Any]:
        """Return the choice."""
        kind = str(self.kind.currentData())
        found: dict[str, Any] = {"period": kind}
        days = self.period() or self._wanted
        if kind == OWN and days is not None:
            found |= {"first": days[0].isoformat(), "last": days[1].isoformat()}
        return found

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take a choice; two days without one are a period of one's own."""
        try:
            self._wanted = (date.fromisoformat(str(state["first"])), date.fromisoformat(str(state["last"])))
        except (KeyError, ValueError):
            self._wanted = None
        kind = str(state.get("period") or (OWN if self._wanted else TERM))
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self._show()

    def _show(self) -> None:
        if self._periods is None:
            return
        kind = self.kind.currentData()
        known = {TERM: self._periods.term, YEAR: self._periods.year, MONTH: self._periods.month}
        days = known.get(kind) or self._wanted
        if days is not None:
            for edit, day in zip((self.first, self.last), days, strict=True):
                blocked = edit.blockSignals(True)
                edit.setDate(QDate(day.year, day.month, day.day))
                edit.blockSignals(blocked)
        self.changed.emit()

    def _kind_chosen(self) -> None:
        self._later.stop()
        self._wanted = self.period() if self.kind.currentData() == OWN else None
        self._show()

    def _day_chosen(self) -> None:
        self.kind.setCurrentIndex(self.kind.findData(OWN))
        self._wanted = self.period()
        self._later.start()


def _day(name: str) -> QDateEdit:
    edit = QDateEdit()
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setMinimumWidth(130)
    inset(edit)
    edit.setAccessibleName(name)
    return edit


def _python(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
