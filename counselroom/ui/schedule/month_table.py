"""月: a month at a glance, with how many appointments each day has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.schedule import DayCount
from counselroom.ui.schedule.words import short_day, weekday_word
from counselroom.ui.theme.icons import Icons


class MonthTable(QTableWidget):
    """Weeks as rows, days as cells.

    Attributes:
        opened: a day is to be looked at.
    """

    opened = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(6, 7, parent)
        self._theme = icons.theme
        self._days: list[date] = []
        self._counts: tuple[DayCount, ...] = ()
        self._month = 0
        self._today = date.min
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(pgettext("calendar", "Month"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setMinimumSectionSize(52)
        self.cellDoubleClicked.connect(lambda _row, _column: self._open())
        icons.theme.changed.connect(self._redress)

    def _redress(self) -> None:
        self.show_month(self._counts, self._month, self._today)

    def show_month(self, counts: Sequence[DayCount], month: int, today: date) -> None:
        """Show six weeks of days; those of other months are paler, today is bold."""
        self._counts, self._month, self._today = tuple(counts), month, today
        self._days = [each.day.on for each in counts]
        if not self._days:
            return
        self.setHorizontalHeaderLabels([weekday_word(day) for day in self._days[:7]])
        for number, each in enumerate(self._counts):
            item = QTableWidgetItem(_told(each))
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            is_here = each.day.on.month == month
            item.setForeground(self._theme.colour("ink" if is_here and each.day.is_school_day else "ink3"))
            item.setBackground(self._theme.colour("surface" if each.day.is_school_day else "sunk"))
            font = self._theme.font("secondary", bold=each.day.on == today)
            item.setFont(font)
            spoken = _told(each).replace("\n", "，")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{weekday_word(each.day.on)} {spoken}")
            self.setItem(number // 7, number % 7, item)

    def select(self, day: date) -> None:
        """Put the keyboard on a day."""
        if day in self._days:
            number = self._days.index(day)
            self.setCurrentCell(number // 7, number % 7)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the day on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        number = self.currentRow() * 7 + self.currentColumn()
        if 0 <= number < len(self._days):
            self.opened.emit(self._days[number])


def _told(each: DayCount) -> str:
    lines = [short_day(each.day.on)]
    lines += [label for _kind, label in each.day.marks]
    if each.visits:
        lines.append(_("{count} appointments").format(count=each.visits))
    if each.absences:
        lines.append(_("{count} did not come").format(count=each.absences))
    return "\n".join(lines)
