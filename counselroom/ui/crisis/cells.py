"""The observation periods of a guard as a strip of cells: written down, now, missed, to come (SYS-28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.guard import Cell, CellState
from counselroom.ui.crisis.words import when_text
from counselroom.ui.theme.theme import Theme

HEIGHT, GAP, WIDEST = 22, 3, 40


def cell_word(state: CellState) -> str:
    """Return how a period stands."""
    return {
        CellState.LOGGED: pgettext("guard", "written down"),
        CellState.CURRENT: pgettext("guard", "now"),
        CellState.MISSED: pgettext("guard", "missed"),
        CellState.COMING: pgettext("guard", "to come"),
    }[state]


class CellStrip(QWidget):
    """One cell a period. Arrow keys read them out one by one; the same stands as a table in the guard's dialog.

    Attributes:
        opened: Enter or a click: write something down.
    """

    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cells: Sequence[Cell] = ()
        self._now: datetime | None = None
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(pgettext("guard", "Observation periods"))
        theme.changed.connect(self.update)

    def show_cells(self, cells: Sequence[Cell], now: datetime) -> None:
        """Show other cells."""
        self._cells, self._now = cells, now
        current = (number for number, cell in enumerate(cells) if cell.state is CellState.CURRENT)
        self._at = next(current, min(self._at, max(0, len(cells) - 1)))
        counted = [sum(cell.state is state for cell in cells) for state in (CellState.LOGGED, CellState.MISSED)]
        self.setAccessibleDescription(
            _("{logged} of {all} periods written down, {missed} missed").format(
                logged=counted[0], all=len(cells), missed=counted[1]
            )
        )
        self.update()

    def text_of(self, number: int) -> str:
        """Return a cell in words."""
        cell, now = self._cells[number], self._now
        if now is None:
            return cell_word(cell.state)
        until = f"{cell.ends_at.astimezone(now.tzinfo):%H:%M}"
        return f"{when_text(cell.starts_at, now)}–{until}　{cell_word(cell.state)}"

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the cells."""
        return QSize(240, HEIGHT + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same height."""
        return QSize(120, HEIGHT + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Walk through the cells; Enter writes something down."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._cells:
            self._at = min(max(0, self._at + step), len(self._cells) - 1)
            self.setAccessibleDescription(self.text_of(self._at))
            below = self.mapToGlobal(self._rect(self._at).bottomLeft().toPoint())
            QToolTip.showText(below, self.text_of(self._at), self)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what the cell under the mouse is."""
        for number in range(len(self._cells)):
            if self._rect(number).contains(event.position()):
                QToolTip.showText(event.globalPosition().toPoint(), self.text_of(number), self)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def _rect(self, number: int) -> QRectF:
        width = (self.width() - 4 + GAP) / max(1, len(self._cells)) - GAP
        return QRectF(2 + number * (width + GAP), 2, width, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint filled, outlined, missed and coming cells; shape says it, colour repeats it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        for number, cell in enumerate(self._cells):
            rect = self._rect(number)
            inner = rect.adjusted(0.75, 0.75, -0.75, -0.75)
            if cell.state is CellState.LOGGED:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent"))
                painter.drawRoundedRect(rect, 3, 3)
            elif cell.state is CellState.COMING:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("line"))
                painter.drawRoundedRect(rect, 3, 3)
            else:
                missed = cell.state is CellState.MISSED
                painter.setPen(QPen(theme.colour("brick" if missed else "accent"), 1.5))
                painter.setBrush(theme.colour("surface"))
                painter.drawRoundedRect(inner, 3, 3)
                if missed:
                    painter.drawLine(inner.bottomLeft(), inner.topRight())
            if self.hasFocus() and number == self._at:
                painter.setPen(QPen(theme.colour("ink"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 3, 3)
