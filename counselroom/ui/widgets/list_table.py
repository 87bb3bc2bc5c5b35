"""The table of all lists: rows with hairlines, chips, one action at the right, a ring around the row in focus."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.list_cell import ListCell
from counselroom.ui.widgets.list_roles import ListRole


class RowHeight(Enum):
    """行高: how far rows are from each other, in pixels more than the standard."""

    COMPACT = -6
    STANDARD = 0
    ROOMY = 4


class ListTable(QTableView):
    """A table of rows.

    Attributes:
        opened: Enter or a double click: open this row.
        acted: the action of this row was clicked, or Ctrl Enter pressed on the row.
        marked: Space: peek at or tick this row.
        resized: it has another width: time to share the columns anew.
    """

    opened = Signal(QModelIndex)
    acted = Signal(QModelIndex)
    marked = Signal(QModelIndex)
    resized = Signal()

    def __init__(self, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = icons.theme
        self._hovered = -1
        self._spacing = RowHeight.STANDARD
        self._cell = ListCell(icons, self, self)
        self.setAccessibleName(name)
        self.setItemDelegate(self._cell)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)  # Fusion would make the head of a selected column bold
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        self._theme.changed.connect(self._fit)
        self._fit()

    def hovered_row(self) -> int:
        """Return the row under the mouse, or -1."""
        return self._hovered

    def set_row_height(self, height: RowHeight) -> None:
        """Set how far rows are from each other."""
        self._spacing = height
        self._fit()

    def act(self, row: int) -> None:
        """Do the action of a row, if it has one."""
        model = self.model()
        for column in range(model.columnCount() if model is not None else 0):
            index = model.index(row, column)
            if index.data(ListRole.ACTION):
                self.acted.emit(index)
                return

    def row_rect(self, row: int) -> QRect:
        """Return where a row is in the viewport."""
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Tell of another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens, Ctrl Enter acts, Space marks, arrows move."""
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.act(index.row())
            else:
                self.opened.emit(index)
        elif index.isValid() and event.key() == Qt.Key.Key_Space:
            self.marked.emit(index)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the row, unless it was its action that was clicked twice."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._is_on_action(event, index):
            self.opened.emit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Do the action that was clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton and self._is_on_action(event, index):
            self.acted.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the mouse with the row's ground, and show a hand over an action."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._set_hovered(index.row())
        hand = index.isValid() and self._is_on_action(event, index)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Forget the row under the mouse."""
        super().leaveEvent(event)
        self._set_hovered(-1)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the rows, then the ring around the current one when the keyboard is here."""
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(self.row_rect(index.row()).adjusted(1, 1, -1, -2))

    def _is_on_action(self, event: QMouseEvent, index: QModelIndex) -> bool:
        return self._cell.action_rect(self.visualRect(index), index).contains(event.position().toPoint())

    def _set_hovered(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def _fit(self) -> None:
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(16)
        rows.setDefaultSectionSize(self._theme.pixels("height.row") + self._spacing.value)
        self.horizontalHeader().setFixedHeight(self._theme.pixels("height.table_header"))
        self.viewport().update()
