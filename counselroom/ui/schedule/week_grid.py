"""What can be done on the grid of the calendar, by keys and by the mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from counselroom.i18n import _
from counselroom.rules.counselling import AppointmentState
from counselroom.services.schedule import Entry
from counselroom.ui.masking import Face
from counselroom.ui.schedule.grid_layout import SLOT, STEP, Block, Cell
from counselroom.ui.schedule.grid_painting import Ghost
from counselroom.ui.schedule.grid_view import GridView
from counselroom.ui.theme.icons import Icons

WAITING_MIME = "application/x-counselroom-waiting"
_EDGE = 7
"""Pixels at the lower edge of a block by which it is made longer."""
_MOVABLE = (AppointmentState.REQUESTED, AppointmentState.CONFIRMED)


@dataclass
class _Drag:
    """What the mouse has taken hold of."""

    block: Block
    from_top: int
    begun: QPoint
    is_resize: bool
    is_moving: bool = False


class WeekGrid(GridView):
    """The grid with everything that can be done on it.

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

    def __init__(
        self, icons: Icons, face: Callable[[], Face], now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(icons, face, now, parent)
        self._drag: _Drag | None = None
        self.viewport().setAcceptDrops(True)
        self.setAcceptDrops(True)

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
        self._moving = drag.block.entry.id if drag.block.entry else ""
        self._ghost = self._dragged(drag, at or drag.begun)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        super().mouseReleaseEvent(event)
        drag, ghost, layout = self._drag, self._ghost, self._layout
        self._drag = self._ghost = None
        self._moving = ""
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
