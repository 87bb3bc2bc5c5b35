"""The day as a ribbon: a lane for each counsellor, the hours above, a mark at the present moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.plain_text import tooltip

Look = Literal["coming", "now", "done", "absent", "duty"]
FIRST_HOUR, LAST_HOUR = 8, 18
LANES_SEEN = 3
_FADED = {"done": "mdi6.check", "absent": "mdi6.account-off-outline"}
_LEFT, _RIGHT = 88, 28
_PAD = 10


@dataclass(frozen=True)
class Block:
    """A time of a lane.

    Attributes:
        key: the id of the visit; empty for duty.
        lane: number of the lane, from 0.
        words: what stands in it.
        look: how it is painted.
    """

    key: str
    lane: int
    starts_at: datetime
    ends_at: datetime
    words: str
    look: Look


class DayRibbon(QAbstractScrollArea):
    """Painted blocks; the table below says the same in words.

    Attributes:
        turned: another block is the current one: its key.
        opened: a block was clicked, or Enter pressed on it: its key.
    """

    turned = Signal(str)
    opened = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._names: tuple[str, ...] = ()
        self._blocks: tuple[Block, ...] = ()
        self._hours = (FIRST_HOUR, LAST_HOUR)
        self._day: datetime | None = None
        self._now: datetime | None = None
        self._current = ""
        self.setProperty("kind", "panel")
        self.setAccessibleName(pgettext("today", "The day by counsellor"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        icons.theme.changed.connect(self._fit)
        self._fit()

    def show_day(self, names: Sequence[str], blocks: Sequence[Block], now: datetime) -> None:
        """Show the lanes and what is in them, the earliest first."""
        self._names = tuple(names)
        self._blocks = tuple(sorted(blocks, key=lambda block: (block.lane, block.starts_at)))
        self._now = now
        self._day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        first, last = FIRST_HOUR, LAST_HOUR
        for block in self._blocks:
            first = min(first, int(self._hour(block.starts_at)))
            last = max(last, -int(-self._hour(block.ends_at) // 1))
        self._hours = (max(0, first), min(24, last))
        if self._current not in {block.key for block in self._blocks}:
            self._current = ""
        self._describe()
        self._fit()

    def set_now(self, now: datetime) -> None:
        """Move the mark, once there is a day."""
        if self._day is not None:
            self._now = now
            self.viewport().update()

    def set_current(self, key: str) -> None:
        """Mark a block as the current one without telling of it."""
        if key != self._current:
            self._current = key
            self._reveal()
            self._describe()
            self.viewport().update()

    def current(self) -> str:
        """Return the key of the current block."""
        return self._current

    def block_rect(self, key: str) -> QRect:
        """Return where a block is in the viewport; empty when there is none."""
        return next((self._rect(block) for block in self._blocks if block.key == key), QRect())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows move between blocks and lanes, Enter opens."""
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        key = Qt.Key(event.key())
        if key in steps:
            self._move(*steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the block that was clicked."""
        block = self._at(event.position().toPoint())
        if block is not None and block.key and event.button() == Qt.MouseButton.LeftButton:
            self._turn(block)
            self.opened.emit(block.key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show a hand over what can be clicked."""
        block = self._at(event.position().toPoint())
        hand = block is not None and bool(block.key)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say what a block is where its words do not fit."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            block = self._at(event.pos())
            QToolTip.showText(event.globalPos(), tooltip(self._said(block)) if block else "", self.viewport())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the width."""
        super().resizeEvent(event)
        self._scroll_range()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the current block, the first one where there is none."""
        del event
        if not self._current and (first := next((block for block in self._blocks if block.key), None)) is not None:
            self._turn(first)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take the ring away."""
        del event
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint hours, lanes, blocks, and the mark above all."""
        del event
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._top()
        self._paint_hours(painter, top)
        painter.save()
        painter.setClipRect(QRect(0, top, self.viewport().width(), self._lanes_height()))
        self._paint_names(painter)
        self._paint_line(painter, top)
        for block in sorted(self._blocks, key=lambda each: ("duty", "absent").count(each.look), reverse=True):
            self._paint_block(painter, block)
        painter.restore()
        self._paint_pill(painter, top)

    def _paint_hours(self, painter: QPainter, top: int) -> None:
        theme = self._icons.theme
        painter.setFont(theme.font("secondary"))
        first, last = self._hours
        step = 1 if self._width_of_hour() >= 26 else 2
        for hour in range(first, last + 1, step):
            x = self._x(hour)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPoint(x, top - 4), QPoint(x, top + self._lanes_height()))
            painter.setPen(theme.colour("ink2"))
            painter.drawText(QRect(x - 24, 4, 48, top - 8), Qt.AlignmentFlag.AlignCenter, f"{hour:02d}")

    def _paint_names(self, painter: QPainter) -> None:
        theme = self._icons.theme
        painter.setFont(theme.font("base"))
        painter.setPen(theme.colour("ink"))
        width = self._left() - 16 - 8
        for lane, name in enumerate(self._names):
            words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, width)
            place = QRect(16, self._lane_top(lane), width, self._lane())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_block(self, painter: QPainter, block: Block) -> None:
        theme = self._icons.theme
        rect = self._rect(block)
        fill, border, ink = {
            "coming": ("accent_soft", "accent_line", "ink"),
            "now": ("accent", "accent", "on_accent"),
            "done": ("sunk", "line", "ink2"),
            "absent": ("sunk", "line", "ink2"),
            "duty": ("", "line2", "ink2"),
        }[block.look]
        pen = QPen(theme.colour(border), 1)
        if block.look == "duty":
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.colour(fill) if fill else Qt.BrushStyle.NoBrush)
        radius = theme.pixels("radius.chip")
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if block.key and block.key == self._current:
            painter.setPen(QPen(theme.colour("ink" if block.look == "now" or self.hasFocus() else "accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)
        inner = rect.adjusted(9, 0, -5, 0)
        if block.look in _FADED and inner.width() > 40:
            size = 14
            place = QRect(inner.left() - 1, inner.center().y() - size // 2 + 1, size, size)
            self._icons.paint(painter, place, _FADED[block.look], "ink2")
            inner.setLeft(inner.left() + size + 4)
        if inner.width() > 12:
            painter.setFont(theme.font("secondary", bold=block.look == "now"))
            painter.setPen(theme.colour(ink))
            words = painter.fontMetrics().elidedText(block.words, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, words)

    def _now_x(self) -> int | None:
        """Return where the present moment is; None where it is not on the ribbon."""
        if self._now is None or not self._hours[0] <= self._hour(self._now) <= self._hours[1]:
            return None
        return self._x(self._hour(self._now))

    def _paint_line(self, painter: QPainter, top: int) -> None:
        """Paint the line of the present moment behind the blocks, whose words it would cut."""
        x = self._now_x()
        if x is not None:
            painter.fillRect(QRect(x - 1, top, 2, self._lanes_height()), self._icons.theme.colour("ink"))

    def _paint_pill(self, painter: QPainter, top: int) -> None:
        x = self._now_x()
        if x is None or self._now is None:
            return
        theme = self._icons.theme
        painter.setFont(theme.font("secondary", bold=True))
        words = f"{self._now:%H:%M}"
        width = painter.fontMetrics().horizontalAdvance(words) + 14
        pill = QRect(x - width // 2, 5, width, top - 10)
        painter.fillRect(QRect(x - 1, pill.bottom(), 2, top - pill.bottom()), theme.colour("ink"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("ink"))
        painter.drawRoundedRect(QRectF(pill), 4, 4)
        painter.setPen(theme.colour("surface"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _lane(self) -> int:
        return self._icons.theme.pixels("height.control")

    def _top(self) -> int:
        return self._icons.theme.pixels("height.compact_control") + 4

    def _left(self) -> int:
        return round(_LEFT * self._icons.theme.pixels("size.base") / 14)

    def _lanes_height(self) -> int:
        return min(LANES_SEEN, max(1, len(self._names))) * self._lane()

    def _lane_top(self, lane: int) -> int:
        return self._top() + lane * self._lane() - self.verticalScrollBar().value()

    def _hour(self, moment: datetime) -> float:
        assert self._day is not None  # noqa: S101 - blocks come with their day
        return (moment - self._day) / timedelta(hours=1)

    def _width_of_hour(self) -> float:
        first, last = self._hours
        return max(1, self.viewport().width() - self._left() - _RIGHT) / max(1, last - first)

    def _x(self, hour: float) -> int:
        return round(self._left() + (hour - self._hours[0]) * self._width_of_hour())

    def _rect(self, block: Block) -> QRect:
        first, last = (min(24.0, max(0.0, self._hour(at))) for at in (block.starts_at, block.ends_at))
        left, right = self._x(first), self._x(last)
        return QRect(left, self._lane_top(block.lane) + 2, max(10, right - left - 2), self._lane() - 4)

    def _at(self, point: QPoint) -> Block | None:
        if not self._top() <= point.y() < self._top() + self._lanes_height():
            return None
        here = [block for block in self._blocks if self._rect(block).contains(point)]
        return next((block for block in reversed(here) if block.key), here[0] if here else None)

    def _move(self, lanes: int, steps: int) -> None:
        found = [block for block in self._blocks if block.key]
        here = next((block for block in found if block.key == self._current), None)
        if here is None:
            if found:
                self._turn(found[0])
            return
        if steps:
            lane = [block for block in found if block.lane == here.lane]
            place = lane.index(here) + steps
            if 0 <= place < len(lane):
                self._turn(lane[place])
            return
        beyond = [block for block in found if (block.lane - here.lane) * lanes > 0]
        if beyond:
            nearest = min(
                beyond, key=lambda block: (abs(block.lane - here.lane), abs(block.starts_at - here.starts_at))
            )
            self._turn(nearest)

    def _turn(self, block: Block) -> None:
        self.set_current(block.key)
        self.turned.emit(block.key)

    def _reveal(self) -> None:
        block = next((each for each in self._blocks if each.key == self._current), None)
        if block is not None:
            bar, lane = self.verticalScrollBar(), self._lane()
            bar.setValue(min(max(bar.value(), (block.lane + 1 - LANES_SEEN) * lane), block.lane * lane))

    def _said(self, block: Block) -> str:
        name = self._names[block.lane] if block.lane < len(self._names) else ""
        zone = self._now.tzinfo if self._now is not None else None
        time = f"{block.starts_at.astimezone(zone):%H:%M}–{block.ends_at.astimezone(zone):%H:%M}"
        return "，".join(part for part in (block.words, time, name) if part)

    def _describe(self) -> None:
        block = next((each for each in self._blocks if each.key and each.key == self._current), None)
        count = sum(1 for each in self._blocks if each.key)
        self.setAccessibleDescription(self._said(block) if block else _("{count} visits").format(count=count))

    def _fit(self) -> None:
        self.setFixedHeight(self._top() + self._lanes_height() + _PAD + 2)
        self._scroll_range()
        self.viewport().update()

    def _scroll_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, len(self._names) - LANES_SEEN) * self._lane())
        bar.setPageStep(LANES_SEEN * self._lane())
        bar.setSingleStep(self._lane())
