"""A month to choose a day from: painted, moved in by arrow keys, its days also told in words."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.schedule.grid_layout import monday_of
from counselroom.ui.schedule.words import short_day, weekday_word
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import Label

_ROW, _LOW_ROW = 26, 22
_WEEKS = 6


class MonthDays(QWidget):
    """Six weeks of days.

    Attributes:
        chosen: a day was chosen.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = _ROW
        self._today = today
        self._day = today
        self._shown = today.replace(day=1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(pgettext("calendar", "Month"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a row of names and six weeks."""
        return QSize(210, self._row * (_WEEKS + 1))

    def set_low(self, low: bool) -> None:
        """Stand closer where the window is low."""
        self._row = _LOW_ROW if low else _ROW
        self.updateGeometry()
        self.update()

    def shown(self) -> date:
        """Return the first day of the month that is shown."""
        return self._shown

    def show_day(self, day: date, today: date) -> None:
        """Mark a day with its week."""
        self._day, self._today, self._shown = day, today, day.replace(day=1)
        self.setAccessibleDescription(f"{short_day(day)} {weekday_word(day)}")
        self.update()

    def turn(self, months: int) -> None:
        """Show another month without choosing a day."""
        number = self._shown.year * 12 + self._shown.month - 1 + months
        self._shown = date(number // 12, number % 12 + 1, 1)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the day beside."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.chosen.emit(self._day + timedelta(days=steps[Qt.Key(event.key())]))
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the day under the mouse."""
        row = int(event.position().y() // self._row) - 1
        column = int(event.position().x() * 7 // max(1, self.width()))
        if 0 <= row < _WEEKS and 0 <= column < 7:
            self.chosen.emit(self._first() + timedelta(days=row * 7 + column))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the days."""
        del event
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("ink3"))
        for column in range(7):
            name = weekday_word(date(2024, 1, 1) + timedelta(days=column))
            painter.drawText(self._place(-1, column), Qt.AlignmentFlag.AlignCenter, name[-1:])
        first, week = self._first(), monday_of(self._day)
        for number in range(_WEEKS * 7):
            day = first + timedelta(days=number)
            place = self._place(number // 7, number % 7)
            is_day, is_week = day == self._day, monday_of(day) == week
            if is_week:
                painter.fillRect(place.adjusted(0, 2, 1, -2), theme.colour("accent_soft"))
            if is_day:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent"))
                painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 4, 4)
            ink = "on_accent" if is_day else "ink" if day.month == self._shown.month else "ink3"
            painter.setPen(theme.colour(ink))
            painter.setFont(theme.font("caption", bold=day == self._today))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(day.day))
            if is_day and self.hasFocus():
                painter.setPen(QPen(theme.colour("ink"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 4, 4)

    def _first(self) -> date:
        return monday_of(self._shown)

    def _place(self, row: int, column: int) -> QRect:
        left, right = self.width() * column // 7, self.width() * (column + 1) // 7
        return QRect(left, (row + 1) * self._row, right - left, self._row)


class MonthPanel(QFrame):
    """The month with its name and the arrows.

    Attributes:
        chosen: a day was chosen.
        days: the days.
    """

    chosen = Signal(object)

    def __init__(self, icons: Icons, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.days = MonthDays(icons.theme, today)
        self.days.chosen.connect(self.chosen)
        self._title = Label("", "section")
        before = IconButton(icons.named("mdi6.chevron-left"), _("Month before"))
        after = IconButton(icons.named("mdi6.chevron-right"), _("Month after"))
        before.clicked.connect(lambda: self._turn(-1))
        after.clicked.connect(lambda: self._turn(1))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        head.addWidget(before)
        head.addWidget(after)
        column = QVBoxLayout(self)
        column.setContentsMargins(13, 5, 9, 8)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.days)
        self.show_day(today, today)

    def show_day(self, day: date, today: date) -> None:
        """Mark a day."""
        self.days.show_day(day, today)
        self._name()

    def _turn(self, months: int) -> None:
        self.days.turn(months)
        self._name()

    def _name(self) -> None:
        shown = self.days.shown()
        self._title.setText(pgettext("calendar", "{year}-{month}").format(year=shown.year, month=shown.month))
