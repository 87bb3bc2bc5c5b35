"""待安排: who waits for a time; dragged into the calendar, or booked by Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier
from counselroom.rules.counselling import Urgency
from counselroom.services.schedule import Waiting
from counselroom.ui.masking import Face
from counselroom.ui.schedule.week_grid import WAITING_MIME
from counselroom.ui.schedule.words import channel_word, urgency_word
from counselroom.ui.theme.icons import Icons

_CARD = 54
_SHAPES = {
    CareTier.KEY_INTERVENTION: ("mdi6.rhombus", "plum"),
    CareTier.KEY_CONCERN: ("mdi6.triangle", "amber"),
    CareTier.GROUP_SUPPORT: ("mdi6.circle", "blue"),
}
_ROOT = QModelIndex()
_WAITING = Qt.ItemDataRole.UserRole + 1


class WaitingModel(QAbstractListModel):
    """Those who wait, in order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Waiting, ...] = ()
        self._face = Face(masked=True)

    def show(self, rows: Sequence[Waiting], face: Face) -> None:
        """Show others, or the same with other faces."""
        self.beginResetModel()
        self._rows, self._face = tuple(rows), face
        self.endResetModel()

    def waiting_at(self, row: int) -> Waiting | None:
        """Return who is in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many wait."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return name, reason and shape of a row."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._face.name(row.client_name, row.client_no)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._face.name(row.client_name, row.client_no)}，{why_waiting(row)}"
        return row if role == _WAITING else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Let rows be dragged."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Return what a dragged row is: nothing any other program understands."""
        return [WAITING_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """Return the id of the dragged row."""
        found = QMimeData()
        if indexes:
            found.setData(WAITING_MIME, self._rows[indexes[0].row()].id.encode())
        return found


def why_waiting(row: Waiting) -> str:
    """Return in a line how and when somebody wants to come."""
    words = [urgency_word(row.urgency) if row.urgency is Urgency.SOON else "", channel_word(row.channel)]
    return "，".join(word for word in (*words, row.wanted_times) if word)


class _Card(QStyledItemDelegate):
    """Paints somebody who waits as a card with a handle."""

    def __init__(self, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of a card."""
        del option, index
        return QSize(120, _CARD)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint name, reason and shape."""
        theme, row = self._icons.theme, index.data(_WAITING)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state = option.state
        place = QRectF(rect).adjusted(9, 3, -9, -3)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(theme.colour("accent" if focused else "line"), 2 if focused else 1))
        painter.setBrush(theme.colour("accent_soft" if selected else "sunk"))
        painter.drawRoundedRect(place, 6, 6)
        self._icons.paint(painter, QRect(int(place.left()) + 5, int(place.top()) + 6, 16, 16), "mdi6.drag", "ink3")
        left, width = int(place.left()) + 27, int(place.width()) - 54
        painter.setPen(theme.colour("ink"))
        painter.setFont(theme.font("secondary", bold=True))
        top = int(place.top())
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, top + 5, width, 19), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(theme.colour("ink2"))
        painter.setFont(theme.font("caption"))
        line = painter.fontMetrics().elidedText(why_waiting(row), Qt.TextElideMode.ElideRight, width + 22)
        painter.drawText(QRect(left, top + 25, width + 22, 18), Qt.AlignmentFlag.AlignVCenter, line)
        if row.tier is not None:
            shape, colour = _SHAPES[row.tier]
            self._icons.paint(painter, QRect(int(place.right()) - 22, top + 8, 12, 12), shape, colour)
        painter.restore()


class WaitingList(QListView):
    """Cards.

    Attributes:
        wanted: somebody is to be booked; carries the entry.
        dropped: somebody is to be taken off the list; carries the entry.
    """

    wanted = Signal(object)
    withdrawn = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = WaitingModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Card(icons, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(pgettext("calendar", "To be arranged"))
        self.setMinimumHeight(48)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setToolTip(_("Drag into a free place, or Enter to book; Del takes off the list."))
        icons.theme.changed.connect(self.viewport().update)
        self.doubleClicked.connect(lambda index: self.wanted.emit(self._model.waiting_at(index.row())))

    def show_waiting(self, rows: Sequence[Waiting], face: Face) -> None:
        """Show who waits."""
        row = self.currentIndex().row()
        self._model.show(rows, face)
        if rows:
            self.setCurrentIndex(self._model.index(min(max(0, row), len(rows) - 1), 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Book on Enter, take off on Del."""
        row = self._model.waiting_at(self.currentIndex().row())
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit(row)
        elif row is not None and event.key() == Qt.Key.Key_Delete:
            self.withdrawn.emit(row)
        else:
            super().keyPressEvent(event)
