"""Paints the rows of the timeline: day, spine with a node, title, two lines, corrections nested below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from counselroom.i18n import _
from counselroom.ui.record.timeline_model import EntryFace, TimelineRole
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import chip_size, paint_chip

Index = QModelIndex | QPersistentModelIndex
DAY_WIDTH = 76
NODE = 26
PAD = 8
GAP = 12
LINES = 2
MOST_BREAKS = 2_000
"""Broken texts that are remembered: a list is measured whole at every change of its size."""


@dataclass(frozen=True)
class _Lines:
    """The lengths of the present text size."""

    base: int
    small: int
    caption: int


class TimelineCell(QStyledItemDelegate):
    """One row of the timeline."""

    def __init__(self, icons: Icons, view: QListView) -> None:
        super().__init__(view)
        self._icons = icons
        self._view = view
        self._lines: _Lines | None = None
        self._breaks: dict[tuple[str, int], list[str]] = {}
        icons.theme.changed.connect(self._forget)

    def _measure(self) -> _Lines:
        if self._lines is None:
            theme = self._icons.theme
            names = ("base", "secondary", "caption")
            self._lines = _Lines(*(QFontMetrics(theme.font(name)).height() + 2 for name in names))
        return self._lines

    def _forget(self) -> None:
        self._lines = None
        self._breaks.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of the row in the width of the list."""
        del option
        face = index.data(TimelineRole.FACE)
        width = self._view.viewport().width()
        lines = self._measure()
        if not isinstance(face, EntryFace):
            return QSize(width, lines.base)
        if face.is_head:
            return QSize(width, lines.small + 18)
        height = 2 * PAD + lines.base
        rows = LINES if face.covered else len(self._broken(face.text, self._text_width(width)))
        height += rows * (lines.base + 2)
        height += len(face.corrections) * (lines.small + 12)
        return QSize(width, max(height, lines.base + lines.caption + 2 * PAD) + GAP - 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row."""
        face = index.data(TimelineRole.FACE)
        if not isinstance(face, EntryFace):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect)
        self._paint_spine(painter, rect, index)
        if face.is_head:
            self._paint_head(painter, rect, face)
        else:
            self._paint_node(painter, rect, face)
            state = option.state
            self._paint_entry(
                painter,
                self._box(rect),
                face,
                selected=bool(state & QStyle.StateFlag.State_Selected),
                hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            )
        painter.restore()

    def _axis(self) -> int:
        scale = self._icons.theme.pixels("size.base") / 14
        return round((DAY_WIDTH + 8) * scale) + NODE // 2

    def _box(self, rect: QRect) -> QRect:
        return rect.adjusted(self._axis() + NODE // 2 + GAP, 0, -GAP, -(GAP - 4))

    def _text_width(self, width: int) -> int:
        return width - self._axis() - NODE // 2 - 2 * GAP - 2 * GAP

    def _paint_spine(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._icons.theme
        pen = QPen(theme.colour("line"), 2)
        painter.setPen(pen)
        axis = rect.left() + self._axis()
        top = rect.top() if index.row() > 0 else rect.top() + 12
        painter.drawLine(axis, top, axis, rect.bottom() + 1)

    def _paint_head(self, painter: QPainter, rect: QRect, face: EntryFace) -> None:
        theme = self._icons.theme
        painter.setFont(theme.font("caption"))
        metrics = painter.fontMetrics()
        axis = rect.left() + self._axis()
        width = min(metrics.horizontalAdvance(face.title) + 24, rect.width() - 16)
        height = metrics.height() + 8
        left = max(rect.left() + 8, axis - 28)
        pill = QRect(left, rect.center().y() - height // 2, width, height)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunk"))
        painter.drawRoundedRect(QRectF(pill).adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
        painter.setPen(theme.colour("ink2"))
        words = metrics.elidedText(face.title, Qt.TextElideMode.ElideRight, width - 20)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_node(self, painter: QPainter, rect: QRect, face: EntryFace) -> None:
        theme = self._icons.theme
        lines = self._measure()
        axis = rect.left() + self._axis()
        node = QRect(axis - NODE // 2, rect.top() + PAD - 2, NODE, NODE)
        painter.setPen(QPen(theme.colour("accent" if face.is_coming else "line2"), 2))
        painter.setBrush(theme.colour("surface"))
        painter.drawEllipse(QRectF(node).adjusted(1, 1, -1, -1))
        inner = node.adjusted(6, 6, -6, -6)
        self._icons.paint(painter, inner, face.icon, "accent" if face.is_coming else "ink2")
        right = node.left() - 8
        painter.setFont(theme.font("base", bold=True))
        painter.setPen(theme.colour("ink"))
        day = QRect(rect.left() + 4, rect.top() + PAD - 2, right - rect.left() - 4, lines.base)
        painter.drawText(
            day, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._fit(painter, face.day, day)
        )
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("ink2"))
        time = QRect(day.left(), day.bottom() + 1, day.width(), lines.caption)
        painter.drawText(
            time, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._fit(painter, face.time, time)
        )

    def _paint_entry(self, painter: QPainter, box: QRect, face: EntryFace, *, selected: bool, hovered: bool) -> None:
        theme = self._icons.theme
        lines = self._measure()
        if selected or hovered:
            painter.setPen(QPen(theme.colour("accent_line"), 1) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if selected else "hover"))
            radius = theme.pixels("radius.panel")
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if selected and self._view.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = theme.pixels("radius.panel")
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), radius, radius)
        inner = box.adjusted(GAP, PAD - 2, -GAP, -PAD + 2)
        line = QRect(inner.left(), inner.top(), inner.width(), lines.base)
        self._paint_title(painter, line, face)
        top = line.bottom() + 3
        if face.covered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("line"))
            cover = QRect(inner.left(), top + 2, inner.width(), LINES * (lines.base + 2) - 6)
            painter.drawRoundedRect(cover, 4, 4)
            top += LINES * (lines.base + 2)
        else:
            painter.setFont(theme.font("base"))
            painter.setPen(theme.colour("ink2"))
            for words in self._broken(face.text, inner.width()):
                painter.drawText(
                    QRect(inner.left(), top, inner.width(), lines.base + 2), Qt.AlignmentFlag.AlignVCenter, words
                )
                top += lines.base + 2
        for number, (text, who) in enumerate(face.corrections, start=1):
            self._paint_correction(
                painter, QRect(inner.left(), top + 4, inner.width(), lines.small + 8), number, text, who
            )
            top += lines.small + 12

    def _paint_title(self, painter: QPainter, line: QRect, face: EntryFace) -> None:
        theme = self._icons.theme
        right = line.right()
        if face.chip is not None:
            size = chip_size(theme, face.chip)
            place = QRect(QPoint(right - size.width(), line.center().y() - size.height() // 2), size)
            paint_chip(painter, place, face.chip, self._icons)
            right = place.left() - 8
        if face.signer:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("ink2"))
            width = painter.fontMetrics().horizontalAdvance(face.signer)
            if width + 22 < line.width() // 2:
                painter.drawText(
                    QRect(right - width, line.top(), width + 2, line.height()),
                    Qt.AlignmentFlag.AlignVCenter,
                    face.signer,
                )
                right -= width + 4
            self._icons.paint(
                painter, QRect(right - 14, line.center().y() - 7, 14, 14), "mdi6.file-lock-outline", "ink2"
            )
            right -= 22
        painter.setFont(theme.font("base", bold=True))
        painter.setPen(theme.colour("ink"))
        room = QRect(line.left(), line.top(), max(0, right - line.left()), line.height())
        title = self._fit(painter, face.title, room)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(title) + 8)
        if face.after and room.width() > 24:
            painter.setFont(theme.font("secondary"))
            painter.setPen(theme.colour("ink2"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._fit(painter, face.after, room))

    def _paint_correction(self, painter: QPainter, box: QRect, number: int, text: str, who: str) -> None:
        theme = self._icons.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(theme.colour("slate"))
        painter.drawRect(box.left(), box.top(), 3, box.height())
        inner = box.adjusted(12, 0, -8, 0)
        painter.setFont(theme.font("secondary"))
        painter.setPen(theme.colour("ink2"))
        width = painter.fontMetrics().horizontalAdvance(who)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, who)
        painter.setFont(theme.font("secondary", bold=True))
        painter.setPen(theme.colour("ink"))
        head = _("Correction {number}").format(number=number)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, head)
        rest = inner.adjusted(painter.fontMetrics().horizontalAdvance(head) + 10, 0, -width - 10, 0)
        painter.setFont(theme.font("secondary"))
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, self._fit(painter, text, rest))

    @staticmethod
    def _fit(painter: QPainter, words: str, room: QRect) -> str:
        return painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())

    def _broken(self, text: str, width: int) -> list[str]:
        """Return a text in at most two lines, the last one ending in … where there is more."""
        if not text or width < 20:
            return []
        if (text, width) not in self._breaks:
            if len(self._breaks) > MOST_BREAKS:
                self._breaks.clear()
            self._breaks[text, width] = self._broken_anew(text, width)
        return self._breaks[text, width]

    def _broken_anew(self, text: str, width: int) -> list[str]:
        font = self._icons.theme.font("base")
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[int] = []
        while len(starts) <= LINES and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            starts.append(line.textStart())
        layout.endLayout()
        ends = [*starts[1:], len(text)]
        found = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)][:LINES]
        if len(starts) > LINES:
            rest = text[starts[LINES - 1] :]
            found[-1] = QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        return found
