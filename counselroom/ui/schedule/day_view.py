"""One day as a table, or the word that nothing is booked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.schedule import Entry, Schedule
from counselroom.ui.masking import Face
from counselroom.ui.schedule.day_table import DayTable
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState


class DayView(QWidget):
    """The table of a day.

    Attributes:
        table: the appointments.
    """

    def __init__(self, icons: Icons, book: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = DayTable(icons)
        self._book = Button(pgettext("calendar", "Book"))
        self._book.clicked.connect(book)
        self._nothing = EmptyState(
            icons,
            "mdi6.calendar-blank-outline",
            _("No appointments on this day."),
            _("Ctrl Shift N books."),
            self._book,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self._nothing)
        column.addStretch(0)

    def show_day(self, found: Schedule, shown: Sequence[Entry], face: Face, zone: tzinfo | None) -> None:
        """Show these appointments of a day."""
        self.table.show_day(found, tuple(shown), face, zone)
        self.table.setVisible(bool(shown))
        self._nothing.setVisible(not shown)

    def first(self) -> QWidget:
        """Return what takes the keyboard: the table, or the button that books."""
        return self.table if not self.table.isHidden() else self._book
