"""One cell of a table: text, chip or action, painted on the ground of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import chip_size, paint_chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_roles import ListRole
from counselroom.ui.widgets.plain_text import tooltip

Index = QModelIndex | QPersistentModelIndex
SIDE = 12
FIRST = 4
"""More at the left of the first column, so that it stands under the title of its panel."""
AFTER_GAP = 6


class KnowsHover(Protocol):
    """A view that knows over which row the mouse is."""

    def hovered_row(self) -> int:
        """Return the row under the mouse, or -1."""
        ...


@dataclass(frozen=True)
class CellText:
    """The text of a cell and how it stands."""

    text: str
    bold: bool
    tone: str
    after: str


class ListCell(QStyledItemDelegate):
    """Paints cells: hairline below, no vertical lines, no zebra."""

    def __init__(self, icons: Icons, view: QAbstractItemView, hover: KnowsHover) -> None:
        super().__init__(view)
        self._icons = icons
        self._hover = hover

    def action_rect(self, cell: QRect, index: Index) -> QRect:
        """Return where the action of a cell is, within the rectangle of the cell; empty when it has none."""
        words = index.data(ListRole.ACTION)
        if not words:
            return QRect()
        theme = self._icons.theme
        due = bool(index.data(ListRole.DUE))
        width = QFontMetrics(theme.font("base", bold=due)).horizontalAdvance(words) + 22
        height = theme.pixels("height.compact_control")
        return QRect(cell.right() - width - 4, cell.top() + (cell.height() - height) // 2, width, height)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that shows the whole cell, with 8 % to spare."""
        del option
        theme = self._icons.theme
        face = index.data(ListRole.CHIP)
        if isinstance(face, ChipFace):
            width = chip_size(theme, face).width()
        elif index.data(ListRole.ACTION):
            width = self.action_rect(QRect(0, 0, 400, 40), index).width()
        else:
            cell = _text_of(index)
            width = QFontMetrics(theme.font("base", bold=cell.bold)).horizontalAdvance(cell.text)
            if cell.after:
                width += QFontMetrics(theme.font("secondary")).horizontalAdvance(cell.after) + AFTER_GAP
        lead = FIRST if index.column() == 0 else 0
        return QSize(round(width * 1.08) + 2 * SIDE + lead, theme.pixels("height.row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, content and hairline."""
        theme = self._icons.theme
        rect = QRect(option.rect)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, theme.colour("accent_soft"))
        elif index.row() == self._hover.hovered_row() or index.data(ListRole.CURRENT):
            painter.fillRect(rect, theme.colour("hover"))
        pen = QPen(theme.colour("line"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(SIDE + (FIRST if index.column() == 0 else 0), 0, -SIDE, -1)
        face = index.data(ListRole.CHIP)
        if isinstance(face, ChipFace):
            size = chip_size(theme, face).boundedTo(inner.size())
            paint_chip(
                painter, QRect(QPoint(inner.left(), inner.center().y() - size.height() // 2), size), face, self._icons
            )
        elif index.data(ListRole.ACTION):
            self._paint_action(painter, self.action_rect(rect, index), index)
        else:
            self._paint_text(painter, inner, index, selected=selected)
        painter.restore()

    def _paint_action(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._icons.theme
        due = bool(index.data(ListRole.DUE))
        if due:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            radius = theme.pixels("radius.control")
            painter.drawRoundedRect(rect, radius, radius)
        painter.setFont(theme.font("base", bold=due))
        painter.setPen(theme.colour("on_accent" if due else "accent"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index.data(ListRole.ACTION)))

    def _paint_text(self, painter: QPainter, inner: QRect, index: Index, *, selected: bool) -> None:
        theme = self._icons.theme
        cell = _text_of(index)
        bold = cell.bold or (selected and index.column() == 0)
        painter.setFont(theme.font("base", bold=bold))
        painter.setPen(theme.colour(cell.tone))
        align = index.data(Qt.ItemDataRole.TextAlignmentRole)
        right = align is not None and bool(int(align) & int(Qt.AlignmentFlag.AlignRight))
        flags = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        metrics = painter.fontMetrics()
        painter.drawText(inner, flags, metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width()))
        rest = inner.adjusted(metrics.horizontalAdvance(cell.text) + AFTER_GAP, 0, 0, 0)
        if cell.after and not right and rest.width() > 0:
            painter.setFont(theme.font("secondary"))
            painter.setPen(theme.colour("ink2"))
            after = painter.fontMetrics().elidedText(cell.after, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, flags, after)

    def whole_text(self, index: Index) -> str:
        """Return everything that stands in a cell, in words."""
        face = index.data(ListRole.CHIP)
        if isinstance(face, ChipFace):
            return face.text
        cell = _text_of(index)
        return f"{cell.text} {cell.after}".strip()

    def helpEvent(  # noqa: N802 - Qt's name
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the whole text of a cell in which it does not fit; a shape alone (遮名) is not explained."""
        face = index.data(ListRole.CHIP)
        hidden = isinstance(face, ChipFace) and face.shape_only
        if event.type() == QEvent.Type.ToolTip and not hidden and not index.data(Qt.ItemDataRole.ToolTipRole):
            room = option.rect.width()
            short = room < self.sizeHint(option, index).width() / 1.08
            QToolTip.showText(event.globalPos(), tooltip(self.whole_text(index)) if short else "", view)
            return True
        return super().helpEvent(event, view, option, index)


def _text_of(index: Index) -> CellText:
    text = index.data(Qt.ItemDataRole.DisplayRole)
    return CellText(
        text="" if text is None else str(text),
        bold=bool(index.data(ListRole.BOLD)),
        tone=str(index.data(ListRole.TONE) or "ink"),
        after=str(index.data(ListRole.AFTER) or ""),
    )
