"""The grid of the calendar as it is seen: painted, its cells read out, one of them chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.schedule import Entry, Waiting
from counselroom.ui.masking import Face
from counselroom.ui.schedule.grid_layout import SLOT, Cell, GridLayout, minute_of
from counselroom.ui.schedule.grid_painting import HEAD, TIMES, Ghost, GridPainter, second_line
from counselroom.ui.schedule.words import short_day, span_text, state_word, weekday_word, who_comes
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.plain_text import tooltip

_LEAST_HOUR = 44
"""Pixels of an hour where the window is low; then the grid scrolls."""
_CLOCK = 30_000


class GridView(QAbstractScrollArea):
    """Days side by side, a lane for each counsellor.

    Attributes:
        chosen: the keyboard is on another cell.
    """

    chosen = Signal()

    def __init__(
        self, icons: Icons, face: Callable[[], Face], now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._face = face
        self._now = now
        self._layout: GridLayout | None = None
        self._rooms: dict[str, str] = {}
        self._duty: dict[int, str] = {}
        self._waiting: dict[str, Waiting] = {}
        self._cell = Cell(0, 0, 9 * 60)
        self._moving = ""
        self._ghost: Ghost | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(pgettext("calendar", "Calendar"))
        self.viewport().setMouseTracking(True)
        icons.theme.changed.connect(self.viewport().update)
        clock = QTimer(self)
        clock.setInterval(_CLOCK)
        clock.timeout.connect(self.viewport().update)
        clock.start()

    def show_layout(self, layout: GridLayout, duty: dict[int, str]) -> None:
        """Show other days, keeping the cell of the keyboard as far as it exists."""
        self._layout = layout
        self._duty = duty
        self._rooms = {room.id: room.name for room in layout.found.rooms}
        self._waiting = {each.id: each for each in layout.found.waiting}
        self._moving, self._ghost = "", None
        self._fit()
        self.set_cell(self._cell)

    def layout_shown(self) -> GridLayout | None:
        """Return where everything lies, or None before anything was read."""
        return self._layout

    def cell(self) -> Cell:
        """Return the cell of the keyboard."""
        return self._cell

    def set_cell(self, cell: Cell) -> None:
        """Put the keyboard on a cell; one that does not exist becomes the nearest."""
        layout = self._layout
        if layout is None:
            self._cell = cell
            return
        day = min(max(0, cell.day), len(layout.days) - 1)
        while day and layout.is_folded(day):
            day -= 1
        lane = min(max(0, cell.lane), max(0, len(layout.lanes) - 1))
        minute = min(max(cell.minute, layout.first * 60), layout.last * 60 - SLOT)
        self._cell = Cell(day, lane, minute)
        self._show_cell()
        self._say()
        self.viewport().update()
        self.chosen.emit()

    def select(self, entry_id: str) -> bool:
        """Put the keyboard on an appointment; False where it is not shown."""
        block = self._layout.block_of(entry_id) if self._layout else None
        if block is None:
            return False
        self.set_cell(Cell(block.day, block.lane, block.begins))
        return True

    def current(self) -> Entry | None:
        """Return the appointment the keyboard is on, or None."""
        block = self._layout.block_in(self._cell) if self._layout else None
        return None if block is None else block.entry

    def moment(self) -> datetime | None:
        """Return the moment of the cell of the keyboard."""
        return None if self._layout is None else self._layout.moment(self._cell)

    def counsellor(self) -> str:
        """Return whose lane the keyboard is in."""
        lanes = self._layout.lanes if self._layout else ()
        return lanes[self._cell.lane].id if self._cell.lane < len(lanes) else ""

    def spoken(self) -> str:
        """Return what a screen reader is told of the cell of the keyboard."""
        layout = self._layout
        if layout is None or not layout.lanes:
            return ""
        day, entry = layout.days[self._cell.day], self.current()
        where = f"{short_day(day)} {weekday_word(day)}，{layout.lanes[self._cell.lane].name}"
        if entry is None:
            begin = layout.moment(self._cell)
            return _("{where}, {span}, free").format(
                where=where, span=span_text(begin, begin + timedelta(minutes=SLOT))
            )
        span = span_text(entry.starts_at.astimezone(layout.zone), entry.ends_at.astimezone(layout.zone))
        words = [where, span, self._name(entry), second_line(entry), state_word(entry.state)]
        return "，".join(dict.fromkeys(word for word in words if word))

    def masking_changed(self) -> None:
        """Paint and speak all names anew."""
        self._say()
        self.viewport().update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the grid."""
        del event
        layout = self._layout
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._icons.theme.colour("surface"))
        if layout is None:
            return
        now = self._now()
        picture = GridPainter(painter, self._icons, layout, self._face(), self._rooms)
        painter.save()
        painter.setClipRect(self.viewport().rect().adjusted(0, HEAD, 0, 0))
        painter.translate(0, -self.verticalScrollBar().value())
        picture.ground()
        picture.hours(HEAD)
        picture.now_line(now)
        picture.blocks(self._moving)
        if self._ghost is not None:
            picture.ghost(self._ghost)
        elif self.hasFocus() and layout.lanes:
            block = layout.block_in(self._cell)
            place = QRectF(layout.rect(self._cell)).adjusted(2, 1, -2, -1)
            picture.ring(layout.block_rect(block) if block else place)
        painter.restore()
        picture.head(now, self._duty)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the hours into the new size."""
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show and speak the cell."""
        super().focusInEvent(event)
        self._say()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip:
            where = event.pos()  # type: ignore[attr-defined]  # a QHelpEvent
            at = self._at(where)
            block = self._layout.block_at(at.x(), at.y()) if self._layout and at else None
            text = self._told(block.entry) if block and block.entry else ""
            QToolTip.showText(self.viewport().mapToGlobal(where), tooltip(text), self.viewport())
            return True
        return super().viewportEvent(event)

    def _told(self, entry: Entry) -> str:
        zone = self._layout.zone if self._layout else None
        span = span_text(entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone))
        words = [self._name(entry), span, second_line(entry), state_word(entry.state)]
        if entry.room_id in self._rooms:
            words.append(self._rooms[entry.room_id or ""])
        if entry.absences > 1:
            words.append(_("absent {count} times in a row").format(count=entry.absences))
        return "　".join(dict.fromkeys(words))

    def _fit(self) -> None:
        layout = self._layout
        if layout is None:
            return
        hours = layout.last - layout.first
        room = self.viewport().height() - HEAD - 8
        height = max(room, hours * _LEAST_HOUR)
        layout.fit(TIMES, self.viewport().width() - TIMES, HEAD, height)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, height - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(_LEAST_HOUR)
        self.viewport().update()

    def _show_cell(self) -> None:
        layout, bar = self._layout, self.verticalScrollBar()
        if layout is None:
            return
        place = layout.rect(self._cell)
        if place.top() - bar.value() < HEAD:
            bar.setValue(place.top() - HEAD)
        elif place.bottom() - bar.value() > self.viewport().height():
            bar.setValue(place.bottom() - self.viewport().height() + 4)

    def _say(self) -> None:
        self.setAccessibleDescription(self.spoken())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _at(self, place: QPoint) -> QPoint | None:
        return None if place.y() < HEAD else place + QPoint(0, self.verticalScrollBar().value())

    def _name(self, entry: Entry) -> str:
        return who_comes(self._face(), entry.client_name, entry.client_no, entry.client_type)


def cell_of(layout: GridLayout, moment: datetime, lane: int = 0) -> Cell | None:
    """Return the cell of a moment; None where its day is not shown."""
    local = moment.astimezone(layout.zone)
    if local.date() not in layout.days:
        return None
    return Cell(layout.days.index(local.date()), lane, minute_of(local) // SLOT * SLOT)
