"""The grid of the calendar: painted, moved in by keys and by the mouse, read out cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState
from counselroom.services.schedule import Entry, Waiting
from counselroom.ui.masking import Face
from counselroom.ui.schedule.grid_layout import SLOT, STEP, Block, Cell, GridLayout, minute_of
from counselroom.ui.schedule.grid_painting import HEAD, TIMES, Ghost, GridPainter, second_line
from counselroom.ui.schedule.words import short_day, span_text, state_word, weekday_word, who_comes
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.plain_text import tooltip

WAITING_MIME = "application/x-counselroom-waiting"
_LEAST_HOUR = 44
"""Pixels of an hour where the window is low; then the grid scrolls."""
_EDGE = 7
"""Pixels at the lower edge of a block by which it is made longer."""
_MOVABLE = (AppointmentState.REQUESTED, AppointmentState.CONFIRMED)
_CLOCK = 30_000


@dataclass
class _Drag:
    """What the mouse has taken hold of."""

    block: Block
    from_top: int
    begun: QPoint
    is_resize: bool
    is_moving: bool = False


class WeekGrid(QAbstractScrollArea):
    """Days side by side, a lane for each counsellor.

    Attributes:
        opened: an appointment is to be opened; carries its id.
        new_wanted: a free cell was chosen; carries moment and counsellor.
        stepped: the next step of an appointment is wanted; carries its id.
        moved: an appointment is to lie elsewhere; carries id, begin, end and counsellor.
        cancel_wanted: carries the id.
        menu_wanted: carries the id and where on the screen.
        placed: somebody who waits was let go on a cell; carries the id of the entry, the moment and the counsellor.
        turned: the keyboard went beyond the last or first day; carries 1 or -1.
        refused: something cannot lie there; carries the reason.
    """

    opened = Signal(str)
    new_wanted = Signal(object, str)
    stepped = Signal(str)
    moved = Signal(str, object, object, str)
    cancel_wanted = Signal(str)
    menu_wanted = Signal(str, QPoint)
    placed = Signal(str, object, str)
    turned = Signal(int)
    refused = Signal(str)
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
        self._drag: _Drag | None = None
        self._ghost: Ghost | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(pgettext("calendar", "Calendar"))
        self.viewport().setMouseTracking(True)
        self.viewport().setAcceptDrops(True)
        self.setAcceptDrops(True)
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
        self._drag = self._ghost = None
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

    # Keys.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move, open, go on, move or resize an appointment, cancel."""
        layout, key = self._layout, event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        arrows = {
            Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
        }  # fmt: skip
        if layout is None or not layout.lanes:
            super().keyPressEvent(event)
        elif key in arrows and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            across, down = arrows[Qt.Key(key)]
            if control and shift:
                self._resize_by(down * STEP)
            elif control:
                self._move_by(across, down * STEP)
            else:
                self._go(across, down)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(control=control)
        elif key == Qt.Key.Key_Delete:
            entry = self.current()
            if entry is not None:
                self.cancel_wanted.emit(entry.id)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Menu:
            self._open_menu()
        else:
            super().keyPressEvent(event)

    def _enter(self, *, control: bool) -> None:
        entry, layout = self.current(), self._layout
        if entry is not None and control:
            self.stepped.emit(entry.id)
        elif entry is not None:
            self.opened.emit(entry.id)
        elif layout is not None:
            self.new_wanted.emit(layout.moment(self._cell), self.counsellor())

    def _open_menu(self) -> None:
        layout = self._layout
        block = layout.block_in(self._cell) if layout else None
        if layout is not None and block is not None and block.entry is not None:
            corner = layout.block_rect(block).toRect().bottomLeft() - QPoint(0, self.verticalScrollBar().value())
            self.menu_wanted.emit(block.entry.id, self.viewport().mapToGlobal(corner))

    def _go(self, across: int, down: int) -> None:
        layout, cell = self._layout, self._cell
        if layout is None:
            return
        if down:
            block = layout.block_in(cell)
            minute = cell.minute
            if block is not None:
                minute = -(-block.ends // SLOT) * SLOT - SLOT if down > 0 else block.begins // SLOT * SLOT
                minute = minute + SLOT if down < 0 and minute < block.begins else minute
            self.set_cell(Cell(cell.day, cell.lane, minute // SLOT * SLOT + down * SLOT))
            return
        lane, day = cell.lane + across, cell.day
        while not 0 <= lane < len(layout.lanes) or (0 <= day < len(layout.days) and layout.is_folded(day)):
            day += across
            lane = 0 if across > 0 else len(layout.lanes) - 1
            if not 0 <= day < len(layout.days):
                self.turned.emit(across)
                return
            if not layout.is_folded(day):
                break
        self.set_cell(Cell(day, lane, cell.minute))

    def _move_by(self, across: int, minutes: int) -> None:
        entry, layout = self.current(), self._layout
        block = layout.block_in(self._cell) if layout else None
        if entry is None or layout is None or block is None or not self._is_movable(entry):
            return
        lane, day = block.lane + across, block.day
        if not 0 <= lane < len(layout.lanes):
            day, lane = day + across, (0 if across > 0 else len(layout.lanes) - 1)
        starts_at = entry.starts_at.astimezone(layout.zone)
        starts_at += timedelta(days=day - block.day, minutes=minutes)
        self._let_go(entry, starts_at, starts_at + (entry.ends_at - entry.starts_at), layout.lanes[lane].id)

    def _resize_by(self, minutes: int) -> None:
        entry, layout = self.current(), self._layout
        if entry is None or layout is None or not self._is_movable(entry):
            return
        ends_at = entry.ends_at + timedelta(minutes=minutes)
        if ends_at - entry.starts_at >= timedelta(minutes=STEP):
            self._let_go(entry, entry.starts_at, ends_at, entry.counsellor_id)

    def _is_movable(self, entry: Entry) -> bool:
        if entry.state in _MOVABLE:
            return True
        self.refused.emit(_("Only an appointment still to come can be moved."))
        return False

    def _let_go(self, entry: Entry, starts_at: datetime, ends_at: datetime, counsellor_id: str) -> None:
        layout = self._layout
        if layout is None:
            return
        other = layout.clash(entry, starts_at, ends_at, counsellor_id)
        if other is not None:
            self.refused.emit(self._overlap(other))
            return
        self.moved.emit(entry.id, starts_at, ends_at, counsellor_id)

    def _overlap(self, other: Entry) -> str:
        return _("Overlaps with {who}").format(who=self._name(other))

    # The mouse.

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the cell; take hold of an appointment."""
        layout, at = self._layout, self._at(event.position().toPoint())
        if layout is None or event.button() != Qt.MouseButton.LeftButton or at is None:
            return
        block = layout.block_at(at.x(), at.y())
        if block is not None and block.entry is not None:
            self.set_cell(Cell(block.day, block.lane, block.begins))
            place = layout.block_rect(block)
            if block.entry.state in _MOVABLE:
                is_resize = at.y() > place.bottom() - _EDGE
                self._drag = _Drag(block, at.y() - int(place.top()), event.position().toPoint(), is_resize)
            return
        cell = layout.cell_at(at.x(), at.y())
        if cell is not None:
            self.set_cell(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag, or show what a click would do."""
        layout, drag = self._layout, self._drag
        at = self._at(event.position().toPoint())
        if layout is None:
            return
        if drag is None:
            self._hover(at)
            return
        far = (event.position().toPoint() - drag.begun).manhattanLength()
        if not drag.is_moving and far < QApplication.startDragDistance():
            return
        drag.is_moving = True
        self._ghost = self._dragged(drag, at or drag.begun)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        super().mouseReleaseEvent(event)
        drag, ghost, layout = self._drag, self._ghost, self._layout
        self._drag = self._ghost = None
        self.viewport().update()
        if drag is None or ghost is None or layout is None or drag.block.entry is None:
            return
        if ghost.refusal:
            self.refused.emit(ghost.refusal)
            return
        starts_at = layout.moment(ghost.cell)
        ends_at = starts_at + timedelta(minutes=ghost.minutes)
        entry = drag.block.entry
        counsellor = layout.lanes[ghost.cell.lane].id
        if (starts_at, ends_at, counsellor) != (entry.starts_at, entry.ends_at, entry.counsellor_id):
            self._let_go(entry, starts_at, ends_at, counsellor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open an appointment, or book in a free cell."""
        if event.button() == Qt.MouseButton.LeftButton and self._at(event.position().toPoint()) is not None:
            self._drag = None
            self._enter(control=False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Open the menu of an appointment."""
        at = self._at(event.pos())
        block = self._layout.block_at(at.x(), at.y()) if self._layout and at else None
        if block is not None and block.entry is not None:
            self.set_cell(Cell(block.day, block.lane, block.begins))
            self.menu_wanted.emit(block.entry.id, event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take somebody from the waiting list."""
        if event.mimeData().hasFormat(WAITING_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Show where they would be booked."""
        ghost = self._ghost_of_waiting(event)
        self._ghost = ghost
        self.viewport().update()
        event.setAccepted(ghost is not None and not ghost.refusal)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Forget where they would be booked."""
        del event
        self._ghost = None
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Book them there."""
        ghost, layout = self._ghost_of_waiting(event), self._layout
        self._ghost = None
        self.viewport().update()
        if ghost is None or layout is None:
            return
        if ghost.refusal:
            self.refused.emit(ghost.refusal)
            return
        waiting_id = bytes(event.mimeData().data(WAITING_MIME).data()).decode()
        event.acceptProposedAction()
        self.placed.emit(waiting_id, layout.moment(ghost.cell), layout.lanes[ghost.cell.lane].id)

    def _ghost_of_waiting(self, event: QDropEvent) -> Ghost | None:
        layout, at = self._layout, self._at(event.position().toPoint())
        waiting = self._waiting.get(bytes(event.mimeData().data(WAITING_MIME).data()).decode())
        cell = layout.cell_at(at.x(), at.y(), STEP) if layout and at else None
        if layout is None or cell is None or waiting is None:
            return None
        starts_at = layout.moment(cell)
        ends_at = starts_at + timedelta(minutes=waiting.minutes)
        other = layout.clash(None, starts_at, ends_at, layout.lanes[cell.lane].id)
        words = self._face().name(waiting.client_name, waiting.client_no)
        return Ghost(cell, waiting.minutes, words, self._overlap(other) if other else "")

    def _dragged(self, drag: _Drag, at: QPoint) -> Ghost | None:
        layout, block = self._layout, drag.block
        entry = block.entry
        if layout is None or entry is None:
            return None
        minutes = block.ends - block.begins
        if drag.is_resize:
            under = layout.cell_at(layout.lane(block.day, block.lane)[0] + 4, at.y(), STEP)
            end = block.ends if under is None else under.minute + STEP
            cell, minutes = Cell(block.day, block.lane, block.begins), max(STEP, end - block.begins)
        else:
            found = layout.cell_at(at.x(), at.y() - drag.from_top + 4, STEP)
            cell = found or Cell(block.day, block.lane, block.begins)
        starts_at = layout.moment(cell)
        other = layout.clash(entry, starts_at, starts_at + timedelta(minutes=minutes), layout.lanes[cell.lane].id)
        return Ghost(cell, minutes, self._name(entry), self._overlap(other) if other else "")

    def _hover(self, at: QPoint | None) -> None:
        layout = self._layout
        block = layout.block_at(at.x(), at.y()) if layout and at else None
        shape = Qt.CursorShape.ArrowCursor
        if block is not None and block.entry is not None and layout is not None and at is not None:
            is_edge = block.entry.state in _MOVABLE and at.y() > layout.block_rect(block).bottom() - _EDGE
            shape = Qt.CursorShape.SizeVerCursor if is_edge else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)

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
        drag = self._drag
        moving = drag.block.entry.id if drag and drag.is_moving and drag.block.entry else ""
        picture.blocks(moving)
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
