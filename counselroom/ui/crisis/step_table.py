"""The checklist on screen: state, owner, clock with its bar, due time, papers, one action."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.crisis.step_model import ACT, CLOCK, DUE, OWNER, PAPERS, TITLE, StepModel
from counselroom.ui.crisis.step_roles import StepRole
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import chip_size, paint_chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_cell import SIDE, Index, ListCell
from counselroom.ui.widgets.list_roles import ListRole
from counselroom.ui.widgets.list_table import ListTable

BAR, BAR_GAP = 56, 8
MARK = 20


class StepCell(ListCell):
    """Adds to the cells of every list: a mark before the title, a bar before the clock, headings of stages."""

    def __init__(self, icons: Icons, table: StepTable) -> None:
        super().__init__(icons, table, table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a heading, or a cell of an item."""
        theme, rect = self._icons.theme, QRect(option.rect)
        painter.save()
        if index.data(StepRole.HEADING):
            painter.fillRect(rect, theme.colour("sunk"))
            self._hairline(painter, rect)
            painter.setFont(theme.font("secondary", bold=True))
            painter.setPen(theme.colour("ink2"))
            painter.drawText(rect.adjusted(16, 0, -SIDE, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data() or ""))
            painter.restore()
            return
        ground = index.sibling(index.row(), TITLE).data(StepRole.NEXT)
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and self._table.hasFocus()
        if selected or ground:
            painter.fillRect(rect, theme.colour("hover" if selected and not ground else ground))
        elif index.row() == self._hover.hovered_row():
            painter.fillRect(rect, theme.colour("hover"))
        self._hairline(painter, rect)
        if index.column() == TITLE:
            self._paint_title(painter, rect, index)
        elif index.column() == CLOCK:
            self._paint_clock(painter, rect.adjusted(SIDE, 0, -4, -1), index)
        elif index.column() == PAPERS:
            self._paint_papers(painter, rect, index)
        elif index.column() == ACT and index.data(ListRole.ACTION):
            self._paint_action(painter, self.action_rect(rect, index), index)
        else:
            self._paint_text(painter, rect.adjusted(SIDE, 0, -SIDE, -1), index, selected=False)
        painter.restore()

    def _hairline(self, painter: QPainter, rect: QRect) -> None:
        pen = QPen(self._icons.theme.colour("line"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_title(self, painter: QPainter, rect: QRect, index: Index) -> None:
        mark = QRect(rect.left() + 16, rect.center().y() - MARK // 2, MARK, MARK)
        self._icons.paint(painter, mark, str(index.data(StepRole.MARK)), str(index.data(StepRole.MARK_TONE)))
        self._paint_text(painter, rect.adjusted(16 + MARK + 10, 0, -SIDE, -1), index, selected=False)

    def _paint_clock(self, painter: QPainter, inner: QRect, index: Index) -> None:
        theme, share = self._icons.theme, index.data(StepRole.BAR)
        if share is not None and self._table.has_bars():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(inner.left(), inner.center().y() - 2, BAR, 6)
            painter.setBrush(theme.colour("line"))
            painter.drawRoundedRect(track, 3, 3)
            painter.setBrush(theme.colour(str(index.data(StepRole.BAR_TONE))))
            painter.drawRoundedRect(QRectF(track.topLeft(), track.bottomRight()).adjusted(
                0, 0, -(1 - max(0.09, float(share))) * BAR, 0), 3, 3)  # fmt: skip
            inner = inner.adjusted(BAR + BAR_GAP, 0, 0, 0)
        face = index.data(ListRole.CHIP)
        if isinstance(face, ChipFace):
            size = chip_size(theme, face).boundedTo(inner.size())
            place = QRect(QPoint(inner.left(), inner.center().y() - size.height() // 2), size)
            paint_chip(painter, place, face, self._icons)
        else:
            self._paint_text(painter, inner, index, selected=False)

    def _paint_papers(self, painter: QPainter, rect: QRect, index: Index) -> None:
        text = str(index.data() or "")
        if text:
            clip = QRect(rect.left() + 4, rect.center().y() - 8, 16, 16)
            self._icons.paint(painter, clip, "mdi6.paperclip", "ink2")
            painter.setFont(self._icons.theme.font("secondary"))
            painter.setPen(self._icons.theme.colour("ink2"))
            painter.drawText(rect.adjusted(24, 0, 0, -1), Qt.AlignmentFlag.AlignVCenter, text)


class StepTable(ListTable):
    """The checklist. Enter opens an item, Ctrl Enter and the button settle it, Space settles it at once."""

    def __init__(self, icons: Icons, model: StepModel, parent: QWidget | None = None) -> None:
        super().__init__(icons, pgettext("crisis", "Checklist"), parent)
        self._cell = StepCell(icons, self)
        self.setItemDelegate(self._cell)
        self._steps = model
        self._bars = True
        self.setModel(model)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        model.modelReset.connect(self._span)

    def has_bars(self) -> bool:
        """Tell whether there is room for the bars."""
        return self._bars

    def fit(self) -> None:
        """Share the width: clocks and due times whole, the title takes the rest."""
        scale = self._theme.pixels("size.base") / 14
        width = self.viewport().width()
        self._bars = width >= round(660 * scale)
        clock = round((196 if self._bars else 136) * scale)
        widths = {OWNER: 88, DUE: 152, PAPERS: 38, ACT: 60}
        if width < round(600 * scale):
            widths |= {OWNER: 76, PAPERS: 0}
        fixed = {column: round(size * scale) for column, size in widths.items()} | {CLOCK: clock}
        for column, size in fixed.items():
            self.setColumnWidth(column, size)
        self.setColumnWidth(TITLE, max(round(150 * scale), width - sum(fixed.values())))

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Share the new width."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # the stubs ask for the event Qt hands over
        self.fit()

    def _span(self) -> None:
        self.clearSpans()
        heading = round(30 * self._theme.pixels("size.base") / 14)
        headings = set(self._steps.headings())
        standard = self.verticalHeader().defaultSectionSize()
        for row in range(self._steps.rowCount()):
            self.setRowHeight(row, heading if row in headings else standard)
            if row not in headings and not self._steps.index(row, DUE).data():
                self.setSpan(row, CLOCK, 1, 2)  # when and how it was done is longer than a clock
        for row in headings:
            self.setSpan(row, 0, 1, self._steps.columnCount())
