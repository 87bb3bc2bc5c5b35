"""日: the appointments of a day as a table; the equal of the grid for whoever does not see it."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState
from counselroom.services.schedule import Entry, Schedule
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.schedule.grid_painting import second_line
from counselroom.ui.schedule.words import span_text, state_chip, who_comes
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.list_table import ListTable

_WIDTHS = (118, 130, 130, 104, 104, 120, 0)


class DayTable(ListTable):
    """A row for each appointment, with its next step as an action.

    Attributes:
        cancel_wanted: Del; carries the id of the appointment.
    """

    cancel_wanted = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons, pgettext("calendar", "Appointments of the day"), parent)
        heads = (
            pgettext("calendar", "Time"),
            pgettext("calendar", "Client"),
            pgettext("calendar", "Visit"),
            pgettext("calendar", "State"),
            pgettext("calendar", "Counsellor"),
            pgettext("calendar", "Room"),
            "",
        )
        self.rows = PlainModel(heads, self)
        self.setModel(self.rows)
        header = self.horizontalHeader()
        for column, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(column, width)
        header.setSectionResizeMode(len(_WIDTHS) - 1, QHeaderView.ResizeMode.Stretch)

    def show_day(self, found: Schedule, entries: tuple[Entry, ...], face: Face, zone: tzinfo | None) -> None:
        """Show the appointments of a day."""
        names = {each.id: each.name for each in found.counsellors}
        rooms = {each.id: each.name for each in found.rooms}
        kept = self.current()
        self.rows.show(
            [
                (
                    entry.id,
                    (
                        Cell(span_text(entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone))),
                        Cell(who_comes(face, entry.client_name, entry.client_no, entry.client_type), bold=True),
                        Cell(_visit(entry)),
                        Cell(chip=state_chip(entry.state)),
                        Cell(names.get(entry.counsellor_id, "")),
                        Cell(rooms.get(entry.room_id or "", "")),
                        Cell(next_step(entry), is_action=bool(next_step(entry))),
                    ),
                )
                for entry in entries
            ]
        )
        row = self.rows.row_of(kept)
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row, 0))

    def current(self) -> str:
        """Return the id of the appointment the keyboard is on; empty when there is none."""
        return self.rows.key_at(self.currentIndex().row())

    def select(self, entry_id: str) -> None:
        """Put the keyboard on an appointment, or on the first."""
        row = max(0, self.rows.row_of(entry_id))
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(row, 0))

    def id_at(self, index: QModelIndex) -> str:
        """Return the id of the appointment of a row."""
        return self.rows.key_at(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Cancel on Del."""
        if event.key() == Qt.Key.Key_Delete and self.current():
            self.cancel_wanted.emit(self.current())
        else:
            super().keyPressEvent(event)


def _visit(entry: Entry) -> str:
    if entry.absences > 1:
        return _("absent {count} times in a row").format(count=entry.absences)
    return second_line(entry)


def next_step(entry: Entry) -> str:
    """Return the verb of the one step that follows for an appointment; empty when there is none."""
    if entry.state in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
        return pgettext("appointment", "Arrived")
    if entry.state in (AppointmentState.CHECKED_IN, AppointmentState.COMPLETED):
        return pgettext("appointment", "Open the note") if entry.has_note else pgettext("appointment", "Write the note")
    if entry.state is AppointmentState.NO_SHOW:
        return pgettext("appointment", "Book again")
    return ""
