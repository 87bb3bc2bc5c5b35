"""值班表: a week by half-days; Enter puts somebody on duty or changes the shift."""

from __future__ import annotations

from datetime import date, tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from counselroom.i18n import pgettext
from counselroom.rules.care_words import DutyChannel
from counselroom.services.duty import ShiftView
from counselroom.services.schedule import Schedule
from counselroom.ui.schedule.grid_layout import minute_of
from counselroom.ui.schedule.words import duty_word, span_text, weekday_word
from counselroom.ui.theme.icons import Icons

HALVES = (("08:00", "12:00"), ("13:30", "17:30"), ("18:00", "21:00"))
"""When a new shift of each row is proposed."""
_NOON, _EVENING = 12 * 60 + 30, 17 * 60 + 30


class DutyTable(QTableWidget):
    """Morning, afternoon and evening as rows, days as columns; a cell can hold several shifts.

    Attributes:
        shift_wanted: a shift is to be changed; carries it and its day.
        new_wanted: somebody is to be put on duty; carries day, from and to.
        remove_wanted: carries the shift.
    """

    shift_wanted = Signal(object, object)
    new_wanted = Signal(object, str, str)
    remove_wanted = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(len(HALVES), 7, parent)
        self._theme = icons.theme
        self._days: tuple[date, ...] = ()
        self._cells: dict[tuple[int, int], list[ShiftView]] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(pgettext("calendar", "Duty of the week"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionsClickable(False)
        self.cellDoubleClicked.connect(lambda _row, _column: self._open())

    def show_week(self, found: Schedule, zone: tzinfo | None) -> None:
        """Show the shifts of a week."""
        self._days = tuple(day.on for day in found.days)
        self._cells = {}
        for shift in found.shifts:
            begins = shift.data.starts_at.astimezone(zone)
            if begins.date() in self._days:
                place = (half_of(minute_of(begins)), self._days.index(begins.date()))
                self._cells.setdefault(place, []).append(shift)
        self.setVerticalHeaderLabels(
            [pgettext("duty", "Morning"), pgettext("duty", "Afternoon"), pgettext("duty", "Evening")]
        )
        self.setHorizontalHeaderLabels([f"{weekday_word(day)} {day.day}" for day in self._days])
        for row in range(len(HALVES)):
            for column, day in enumerate(found.days):
                shifts = self._cells.get((row, column), [])
                item = QTableWidgetItem("\n".join(_told(shift, zone) for shift in shifts))
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                item.setForeground(self._theme.colour("ink"))
                item.setBackground(self._theme.colour("surface" if day.is_school_day else "sunk"))
                self.setItem(row, column, item)
        if self.currentRow() < 0:
            self.setCurrentCell(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter changes or adds, Insert or + adds one more, Del removes."""
        key = event.key()
        shifts = self._here()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self._new()
        elif key == Qt.Key.Key_Delete and shifts:
            self.remove_wanted.emit(shifts[-1])
        else:
            super().keyPressEvent(event)

    def add(self) -> None:
        """Put one more on duty in the cell of the keyboard."""
        self._new()

    def _here(self) -> list[ShiftView]:
        return self._cells.get((self.currentRow(), self.currentColumn()), [])

    def _open(self) -> None:
        shifts = self._here()
        if shifts:
            self.shift_wanted.emit(shifts[0], self._days[self.currentColumn()])
        else:
            self._new()

    def _new(self) -> None:
        if self._days and self.currentColumn() >= 0:
            begin, end = HALVES[max(0, self.currentRow())]
            self.new_wanted.emit(self._days[self.currentColumn()], begin, end)


def half_of(minute: int) -> int:
    """Return the row of a shift that begins at a minute of the day."""
    return 0 if minute < _NOON else 1 if minute < _EVENING else 2


def _told(shift: ShiftView, zone: tzinfo | None) -> str:
    span = span_text(shift.data.starts_at.astimezone(zone), shift.data.ends_at.astimezone(zone))
    where = "" if shift.data.channel is DutyChannel.ROOM else f" {duty_word(shift.data.channel)}"
    who = shift.who
    if shift.data.substitute_id:
        who = pgettext("duty", "{name} (substitute)").format(name=who)
    return f"{who}{where}\n{span}"
