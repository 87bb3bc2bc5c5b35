"""Matters with a deadline as a table: two lines, what is left, a bar as long as the time that is left, one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import chip_size, paint_chip
from counselroom.ui.widgets.chip_face import ChipFace, near, overdue
from counselroom.ui.widgets.clock_row import ClockFace
from counselroom.ui.widgets.clock_text import clock_text, is_near
from counselroom.ui.widgets.list_cell import ListCell
from counselroom.ui.widgets.list_roles import ListRole
from counselroom.ui.widgets.list_table import ListTable

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SIDE = 16
BAR = 6
FACE = int(ListRole.CURRENT) + 100
"""Role of the `MatterFace` of a row."""


@dataclass(frozen=True)
class MatterFace:
    """A row.

    Attributes:
        key: by which the page knows it.
        clock: name, owner, what is left, due time.
        grace: for what is to be done at once: how long that may take; None for a matter with a time.
        verb: on its button.
    """

    key: str
    clock: ClockFace
    grace: timedelta | None
    verb: str

    def is_late(self) -> bool:
        """Tell whether its time is over."""
        return -self.clock.left > self.grace if self.grace is not None else self.clock.left < timedelta(0)

    def chip(self) -> ChipFace | None:
        """Return how it stands where that is worth a chip."""
        if self.is_late():
            return overdue(clock_text(self.clock.left))
        if self.grace is not None:
            return near(pgettext("clock", "at once"))
        return near(clock_text(self.clock.left)) if is_near(self.clock.left, self.clock.allowed) else None

    def share(self) -> float | None:
        """Return how much of the time is left, from 0 to 1; None where no bar is drawn."""
        if self.is_late() or self.grace is not None or not self.clock.allowed:
            return None
        return min(1.0, max(0.0, self.clock.left / self.clock.allowed))

    def text(self) -> str:
        """Return the whole row in words."""
        chip = self.chip()
        left = chip.text if chip else clock_text(self.clock.left)
        return "，".join(part for part in (self.clock.name, self.clock.owner, left, self.clock.due) if part)


class MatterModel(QAbstractTableModel):
    """One column of rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[MatterFace] = []

    def show(self, rows: Sequence[MatterFace]) -> None:
        """Show rows; where they are the same matters as before only their clocks move."""
        if [row.key for row in rows] == [row.key for row in self._rows]:
            self._rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def key_at(self, row: int) -> str:
        """Return the key of a row; empty when there is none."""
        return self._rows[row].key if 0 <= row < len(self._rows) else ""

    def row_of(self, key: str) -> int:
        """Return the row of a key, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return one."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the face of a row, or its words."""
        row = self._rows[index.row()]
        if role == FACE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.text()
        return row.verb if role == ListRole.ACTION else None


class _MatterCell(ListCell):
    """Paints a row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of a row."""
        del option
        face = index.data(FACE)
        return QSize(200, row_height(self._icons, with_bar=isinstance(face, MatterFace) and face.share() is not None))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, two lines, bar, button and hairline."""
        theme = self._icons.theme
        face = index.data(FACE)
        rect = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("accent_soft"))
        elif index.row() == self._hover.hovered_row():
            painter.fillRect(rect, theme.colour("hover"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if isinstance(face, MatterFace):
            button = self.action_rect(rect, index)
            painter.setFont(theme.font("base"))
            painter.setPen(theme.colour("accent"))
            painter.drawText(button, Qt.AlignmentFlag.AlignCenter, face.verb)
            self._paint_lines(painter, rect.adjusted(SIDE, 8, button.left() - rect.right() - 6, -8), face)
        painter.restore()

    def _paint_lines(self, painter: QPainter, box: QRect, face: MatterFace) -> None:
        theme = self._icons.theme
        base, caption = (QFontMetrics(theme.font(name)).height() for name in ("base", "caption"))
        first = QRect(box.left(), box.top(), box.width(), base + 4)
        second = QRect(box.left(), first.bottom() + 2, box.width(), caption + 2)
        chip = face.chip()
        if chip is not None:
            size = chip_size(theme, chip)
            place = QRect(QPoint(first.right() - size.width() + 1, first.center().y() - size.height() // 2), size)
            paint_chip(painter, place, chip, self._icons)
            taken = size.width()
        else:
            words = clock_text(face.clock.left)
            painter.setFont(theme.font("base", bold=True))
            painter.setPen(theme.colour("ink"))
            painter.drawText(first, _RIGHT, words)
            taken = painter.fontMetrics().horizontalAdvance(words)
        painter.setFont(theme.font("base"))
        painter.setPen(theme.colour("ink"))
        _draw(painter, first.adjusted(0, 0, -taken - 10, 0), face.clock.name)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(second, _RIGHT, face.clock.due)
        taken = painter.fontMetrics().horizontalAdvance(face.clock.due)
        _draw(painter, second.adjusted(0, 0, -taken - 10, 0), face.clock.owner)
        share = face.share()
        if share is not None:
            track = QRectF(box.left(), second.bottom() + 5, box.width(), BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("line"))
            painter.drawRoundedRect(track, BAR / 2, BAR / 2)
            painter.setBrush(theme.colour("accent" if chip is None else "amber"))
            track.setWidth(max(BAR, track.width() * share))
            painter.drawRoundedRect(track, BAR / 2, BAR / 2)


_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def _draw(painter: QPainter, place: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def row_height(icons: Icons, *, with_bar: bool) -> int:
    """Return the height of a row in pixels."""
    theme = icons.theme
    lines = sum(QFontMetrics(theme.font(name)).height() for name in ("base", "caption"))
    return lines + (BAR + 30 if with_bar else 24)


class MatterTable(ListTable):
    """The list of matters; a row without a bar is lower."""

    def __init__(self, icons: Icons, name: str, model: MatterModel, parent: QWidget | None = None) -> None:
        self._icons = icons
        super().__init__(icons, name, parent)
        self._cell = _MatterCell(icons, self, self)
        self.setItemDelegate(self._cell)
        self.horizontalHeader().hide()
        self.setModel(model)
        model.modelReset.connect(self._fit_rows)
        model.dataChanged.connect(self._fit_rows)

    def _fit(self) -> None:
        super()._fit()
        self._fit_rows()

    def _fit_rows(self) -> None:
        model, rows = self.model(), self.verticalHeader()
        heights = {with_bar: row_height(self._icons, with_bar=with_bar) for with_bar in (False, True)}
        for row in range(model.rowCount() if model is not None else 0):
            face = model.index(row, 0).data(FACE)
            wanted = heights[isinstance(face, MatterFace) and face.share() is not None]
            if rows.sectionSize(row) != wanted:
                rows.resizeSection(row, wanted)
