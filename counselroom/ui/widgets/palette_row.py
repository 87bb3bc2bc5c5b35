"""Paints the rows of the palette: headings and entries, matched letters bold."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import chip_size, paint_chip
from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup, Words
from counselroom.ui.widgets.palette_model import ROW

Index = QModelIndex | QPersistentModelIndex
SIDE = 16
TITLE = 48
READING = 124
DETAIL = 268


class PaletteRow(QStyledItemDelegate):
    """Paints one row."""

    def __init__(self, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._icons = icons

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return 28 for a heading and 44 for an entry, at the standard text scale."""
        del option
        theme = self._icons.theme
        heading = isinstance(index.data(ROW), PaletteGroup)
        return QSize(0, theme.pixels("height.compact_control") if heading else theme.pixels("height.row") + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a heading or an entry."""
        rect = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        row = index.data(ROW)
        painter.save()
        if isinstance(row, PaletteGroup):
            self._paint_heading(painter, rect, row)
        elif isinstance(row, PaletteEntry):
            self._paint_entry(painter, rect, row, selected=selected)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, group: PaletteGroup) -> None:
        theme = self._icons.theme
        painter.fillRect(rect, theme.colour("sunk"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(rect.topLeft(), rect.topRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(rect.adjusted(SIDE, 0, -SIDE, 0), Qt.AlignmentFlag.AlignVCenter, group.title)

    def _paint_entry(self, painter: QPainter, rect: QRect, entry: PaletteEntry, *, selected: bool) -> None:
        theme = self._icons.theme
        if selected:
            painter.fillRect(rect, theme.colour("accent_soft"))
        if entry.icon:
            box = QRect(rect.left() + SIDE, rect.center().y() - 9, 20, 20)
            self._icons.paint(painter, box, entry.icon, "accent" if selected else "ink2")
        right = self._paint_right(painter, rect, entry, selected=selected)
        scale = theme.pixels("size.base") / 14
        end = self._paint_words(
            painter, rect, TITLE, right, entry.title, "base", "ink", strong=entry.strong or selected
        )
        if entry.reading:
            start = max(round(READING * scale), end + 12)
            end = self._paint_words(painter, rect, start, right, entry.reading, "secondary", "ink2", strong=False)
        if entry.detail:
            start = max(round(DETAIL * scale), end + 12) if entry.reading else end + 12
            self._paint_words(painter, rect, start, right, ((entry.detail, False),), "base", "ink2", strong=False)

    def _paint_words(
        self, painter: QPainter, rect: QRect, left: int, right: int, words: Words, size: str, tone: str, *, strong: bool
    ) -> int:
        """Paint pieces one after the other from `left` and return where they end; matched ones in accent and bold."""
        theme = self._icons.theme
        for piece, matched in words:
            painter.setFont(theme.font(size, bold=strong or matched))
            painter.setPen(theme.colour("accent" if matched else tone))
            place = QRect(rect.left() + left, rect.top(), max(0, right - left), rect.height())
            text = painter.fontMetrics().elidedText(piece, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            left += painter.fontMetrics().horizontalAdvance(text)
        return left

    def _paint_right(self, painter: QPainter, rect: QRect, entry: PaletteEntry, *, selected: bool) -> int:
        """Paint chip, key and text from the right end and return where the rest may go to."""
        theme = self._icons.theme
        right = rect.width() - SIDE
        keys = "Enter" if selected and not entry.keys and not entry.right else entry.keys
        painter.setFont(theme.font("caption"))
        if keys:
            width = painter.fontMetrics().horizontalAdvance(keys) + 12
            height = theme.pixels("size.caption") + 8
            box = QRect(rect.left() + right - width, rect.center().y() - height // 2, width, height)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.setBrush(theme.colour("sunk"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(theme.colour("ink2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
            right -= width + 12
        if entry.right:
            painter.setFont(theme.font("secondary"))
            painter.setPen(theme.colour("ink2"))
            width = painter.fontMetrics().horizontalAdvance(entry.right)
            place = QRect(rect.left() + right - width, rect.top(), width + 1, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, entry.right)
            right -= width + 12
        if entry.chip is not None:
            size = chip_size(theme, entry.chip)
            place = QRect(
                rect.left() + right - size.width(),
                rect.center().y() - size.height() // 2 + 1,
                size.width(),
                size.height(),
            )
            paint_chip(painter, place, entry.chip, self._icons)
            right -= size.width() + 12
        return right
