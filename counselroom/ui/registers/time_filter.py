"""Of which academic year, and of which of its terms, rows are shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox

from counselroom.i18n import pgettext


class TimeFilter(QObject):
    """Two choices that belong together.

    Attributes:
        chosen: somebody has chosen another year or term.
        year: the choice of the year.
        term: the choice of a term of that year.
    """

    chosen = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = ("", "")
        self.year, self.term = QComboBox(), QComboBox()
        names = pgettext("register", "Academic year"), pgettext("register", "Term")
        for box, name in zip((self.year, self.term), names, strict=True):
            box.setAccessibleName(name)
            box.view().setAccessibleName(name)
        self.year.activated.connect(self._year_chosen)
        self.term.activated.connect(self.chosen)

    def wanted(self) -> tuple[str, str]:
        """Return year and term, empty for all; a term has a key such as `2026-2027-1`."""
        year, term = self._wanted
        return self.year.currentData() or year, self.term.currentData() or term

    def want(self, year: str, term: str) -> None:
        """Choose these as soon as they are offered."""
        self._wanted = (year, term)

    def clear(self) -> None:
        """Offer nothing, for another register."""
        self.year.clear()
        self.term.clear()

    def fill(self, years: tuple[str, ...]) -> None:
        """Offer the years that have rows, and the terms of the one that is chosen."""
        year, term = self.wanted()
        self._wanted = ("", "")
        self.clear()
        self.year.addItem(pgettext("register", "All years"), "")
        for each in years:
            self.year.addItem(each, each)
        self.year.setCurrentIndex(max(0, self.year.findData(year)))
        self.term.addItem(pgettext("register", "All terms"), "")
        shown = self.year.currentData()
        if shown:
            self.term.addItem(pgettext("register", "First term"), f"{shown}-1")
            self.term.addItem(pgettext("register", "Second term"), f"{shown}-2")
        self.term.setCurrentIndex(max(0, self.term.findData(term)))
        self.term.setEnabled(bool(shown))

    def _year_chosen(self) -> None:
        self.term.setCurrentIndex(0)
        self.chosen.emit()
