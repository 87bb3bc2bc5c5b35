"""Paints the grid of the calendar: head with duty, hours, lunch, blocks, the line of now, what is being moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState, ClientType
from counselroom.rules.school import DayKind
from counselroom.services.schedule import Entry
from counselroom.ui.masking import Face
from counselroom.ui.schedule.grid_layout import LUNCH, Block, Cell, GridLayout, minute_of
from counselroom.ui.schedule.words import client_word, mode_word, span_text, weekday_word, who_comes
from counselroom.ui.theme.icons import Icons

TIMES = 60
"""Width of the column of the hours."""
HEAD = 58
"""Height of the head: day, and who is on duty."""
_OVER = (AppointmentState.COMPLETED, AppointmentState.NO_SHOW, AppointmentState.CANCELLED)


@dataclass(frozen=True)
class Ghost:
    """Where something would lie if it were let go now; `refusal` says why not."""

    cell: Cell
    minutes: int
    words: str
    refusal: str = ""


def second_line(entry: Entry) -> str:
    """Return what kind of visit an appointment is: 面谈 第3次, 家长来访, 未到."""
    if entry.state is AppointmentState.NO_SHOW:
        return pgettext("appointment", "did not come")
    if entry.state is AppointmentState.CANCELLED:
        return pgettext("appointment", "cancelled")
    if entry.client_type is not ClientType.STUDENT:
        return _("{who}'s visit").format(who=client_word(entry.client_type))
    if not entry.nth_visit:
        return mode_word(entry.mode)
    if entry.nth_visit == 1:
        return _("{mode}, first time").format(mode=mode_word(entry.mode))
    return _("{mode}, time {number}").format(mode=mode_word(entry.mode), number=entry.nth_visit)


class GridPainter:
    """Paints one picture of the grid."""

    def __init__(self, painter: QPainter, icons: Icons, layout: GridLayout, face: Face, rooms: dict[str, str]) -> None:
        self._p = painter
        self._icons = icons
        self._theme = icons.theme
        self._layout = layout
        self._face = face
        self._rooms = rooms
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def ground(self) -> None:
        """Paint lunch, days off and the lines of hours, days and lanes."""
        p, layout, theme = self._p, self._layout, self._theme
        top, bottom = layout.top, layout.top + layout.height
        begin, end = layout.y(LUNCH[0]), layout.y(LUNCH[1])
        p.fillRect(QRect(layout.left, begin, layout.width, end - begin), theme.colour("sunk"))
        for number, day in enumerate(layout.found.days):
            left, width = layout.column(number)
            if not day.is_school_day:
                p.fillRect(QRect(left, top, width, layout.height), theme.colour("sunk"))
        p.setPen(self._line("line"))
        for hour in range(layout.first, layout.last + 1):
            y = layout.y(hour * 60)
            p.drawLine(layout.left, y, layout.left + layout.width, y)
        for number in range(len(layout.days)):
            left, _width = layout.column(number)
            if not (layout.is_folded(number) and number and layout.is_folded(number - 1)):
                p.setPen(self._line("line"))
                p.drawLine(left, top, left, bottom)
            if not layout.is_folded(number):
                p.setPen(self._line("line", Qt.PenStyle.DashLine))
                for lane in range(1, len(layout.lanes)):
                    x, _w = layout.lane(number, lane)
                    p.drawLine(x, top, x, bottom)
        self._days_off()

    def hours(self, top: int) -> None:
        """Paint the hours at the left; `top` hides what has scrolled under the head."""
        p, layout, theme = self._p, self._layout, self._theme
        p.setFont(theme.font("secondary"))
        p.setPen(theme.colour("ink2"))
        for hour in range(layout.first, layout.last):
            y = layout.y(hour * 60)
            first = hour == layout.first
            place = QRect(0, y + 1 if first else y - 9, TIMES - 8, 18)
            if place.top() >= top - 9:
                p.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{hour:02d}:00")

    def head(self, now: datetime, duty: dict[int, str]) -> None:
        """Paint the days with who is on duty."""
        p, layout, theme = self._p, self._layout, self._theme
        full = QRect(0, 0, layout.left + layout.width, HEAD)
        p.fillRect(full, theme.colour("surface"))
        p.setFont(theme.font("caption"))
        p.setPen(theme.colour("ink3"))
        duty_place = QRect(0, HEAD // 2, TIMES - 8, HEAD // 2)
        p.drawText(duty_place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, pgettext("duty", "Duty"))
        folded_left: int | None = None
        for number, day in enumerate(layout.days):
            left, width = layout.column(number)
            if layout.is_folded(number):
                if folded_left is None:
                    folded_left = left
                    p.setPen(self._line("line"))
                    p.drawLine(left, 0, left, HEAD)
                    p.setPen(theme.colour("ink2"))
                    p.setFont(theme.font("caption"))
                    words = pgettext("weekday", "Weekend")
                    place = QRect(left, 0, layout.left + layout.width - left, HEAD // 2 + 6)
                    p.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
                continue
            is_today = day == now.date()
            if is_today:
                p.fillRect(QRect(left + 1, 0, width - 1, HEAD), theme.colour("accent_soft"))
            p.setPen(self._line("line"))
            p.drawLine(left, 0, left, HEAD)
            self._day_head(number, QRect(left, 0, width, HEAD), is_today=is_today, duty=duty.get(number, ""))
        p.setPen(self._line("line2"))
        p.drawLine(0, HEAD - 1, full.width(), HEAD - 1)

    def _day_head(self, number: int, place: QRect, *, is_today: bool, duty: str) -> None:
        p, theme = self._p, self._theme
        day = self._layout.days[number]
        p.setPen(theme.colour("accent" if is_today else "ink"))
        p.setFont(theme.font("section"))
        words = weekday_word(day)
        baseline = QRect(place.left() + 10, 6, place.width() - 20, 24)
        p.drawText(baseline, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        shift = p.fontMetrics().horizontalAdvance(words) + 8
        p.setFont(theme.font("section", bold=True))
        p.drawText(
            baseline.adjusted(shift, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{day.day}"
        )
        used = shift + p.fontMetrics().horizontalAdvance(f"{day.day}") + 8
        if is_today:
            p.setFont(theme.font("caption", bold=True))
            right = pgettext("calendar", "Today")
            if used + p.fontMetrics().horizontalAdvance(right) < baseline.width():
                p.drawText(baseline, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        if duty:
            below = QRect(place.left() + 10, 31, place.width() - 16, 20)
            self._icons.paint(
                p, QRect(below.left(), below.top() + 2, 16, 16), "mdi6.badge-account-horizontal-outline", "ink3"
            )
            p.setPen(theme.colour("ink2"))
            p.setFont(theme.font("caption"))
            text = p.fontMetrics().elidedText(duty, Qt.TextElideMode.ElideRight, below.width() - 22)
            p.drawText(below.adjusted(21, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def now_line(self, now: datetime) -> None:
        """Paint the line of now, behind the blocks."""
        layout = self._layout
        if now.date() not in layout.days or not layout.first * 60 <= minute_of(now) <= layout.last * 60:
            return
        day = layout.days.index(now.date())
        left, width = layout.column(day)
        y = layout.y(minute_of(now))
        self._p.setPen(QPen(self._theme.colour("ink"), 2))
        self._p.drawLine(left, y, left + width, y)
        self._p.setBrush(self._theme.colour("ink"))
        self._p.drawEllipse(QRectF(left - 4, y - 4, 8, 8))

    def blocks(self, hidden: str) -> None:
        """Paint all blocks but the appointment that is being moved."""
        for block in self._layout.blocks:
            if block.entry is None or block.entry.id != hidden:
                self._block(block)

    def _block(self, block: Block) -> None:
        p, theme = self._p, self._theme
        place = self._layout.block_rect(block)
        fill, border, bar, ink, soft = self._colours(block)
        dashed = block.entry is None or block.entry.state is AppointmentState.CANCELLED
        p.setPen(QPen(theme.colour(border), 1, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        p.setBrush(theme.colour(fill))
        p.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if not dashed and bar != fill:
            path = QPainterPath()
            path.addRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.save()
            p.setClipPath(path)
            p.fillRect(QRectF(place.left(), place.top(), 3.5, place.height()), theme.colour(bar))
            p.restore()
        self._words(block, place, ink, soft)

    def _words(self, block: Block, place: QRectF, ink: str, soft: str) -> None:
        p, theme, entry = self._p, self._theme, block.entry
        left, width = int(place.left()) + 9, int(place.width()) - 13
        icon = self._icon(block)
        if icon:
            self._icons.paint(p, QRect(int(place.right()) - 19, int(place.top()) + 4, 15, 15), icon, soft)
        first = block.busy if entry is None else self._name(entry)
        begins = self._layout.moment(Cell(block.day, block.lane, block.begins))
        ends = self._layout.moment(Cell(block.day, block.lane, block.ends))
        lines: list[tuple[str, bool]] = [(first, True)]
        if entry is None:
            lines += [(span_text(begins, ends), False), (pgettext("calendar", "busy"), False)]
        else:
            lines += [(second_line(entry), False), (span_text(begins, ends), False)]
            if entry.room_id in self._rooms:
                lines.append((self._rooms[entry.room_id or ""], False))
        y = int(place.top()) + (3 if place.height() > 40 else 1)
        for number, (text, bold) in enumerate(lines):
            font = theme.font("caption", bold=bold)
            p.setFont(font)
            high = p.fontMetrics().height()
            if number and y + high > place.bottom() + 1:
                break
            p.setPen(theme.colour(ink if bold else soft))
            room = width - (18 if icon and number == 0 else 0)
            shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            p.drawText(QRect(left, y, room, high), Qt.AlignmentFlag.AlignVCenter, shown)
            y += high

    def _icon(self, block: Block) -> str:
        entry = block.entry
        if entry is None:
            return ""
        if entry.state is AppointmentState.COMPLETED:
            return "mdi6.check"
        if entry.state is AppointmentState.NO_SHOW:
            return "mdi6.account-off-outline"
        if entry.series_id is not None and entry.state is AppointmentState.CONFIRMED:
            return "mdi6.repeat"
        return ""

    def _colours(self, block: Block) -> tuple[str, str, str, str, str]:
        entry = block.entry
        if entry is None or entry.state is AppointmentState.CANCELLED:
            return "surface", "line2", "line2", "ink2", "ink3"
        if entry.state in _OVER:
            return "sunk", "line", "line2", "ink2", "ink3"
        if entry.state is AppointmentState.CHECKED_IN:
            return "accent", "accent", "accent", "on_accent", "on_accent"
        tone = ("accent", "slate")[block.lane % 2]
        return f"{tone}_soft", f"{tone}_line", tone, "ink", "ink2"

    def ring(self, place: QRectF) -> None:
        """Paint the ring of the keyboard."""
        self._p.setPen(QPen(self._theme.colour("accent"), 2))
        self._p.setBrush(Qt.BrushStyle.NoBrush)
        self._p.drawRoundedRect(place, 4, 4)

    def ghost(self, ghost: Ghost) -> None:
        """Paint where something would lie, or why it may not."""
        p, theme = self._p, self._theme
        place = QRectF(self._layout.rect(ghost.cell, ghost.minutes)).adjusted(3, 1, -3, -1)
        tone = "brick" if ghost.refusal else "accent"
        p.setPen(QPen(theme.colour(tone), 2, Qt.PenStyle.DashLine if ghost.refusal else Qt.PenStyle.SolidLine))
        p.setBrush(theme.colour("surface"))
        p.drawRoundedRect(place, 4, 4)
        p.setFont(theme.font("caption", bold=True))
        p.setPen(theme.colour(tone))
        begins = self._layout.moment(ghost.cell)
        ends = self._layout.moment(Cell(ghost.cell.day, ghost.cell.lane, ghost.cell.minute + ghost.minutes))
        lines = [ghost.refusal or ghost.words, span_text(begins, ends)]
        y = int(place.top()) + 3
        for line in lines:
            high = p.fontMetrics().height()
            shown = p.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(place.width()) - 12)
            p.drawText(QRect(int(place.left()) + 8, y, int(place.width()) - 12, high), 0, shown)
            y += high

    def _days_off(self) -> None:
        p, layout, theme = self._p, self._layout, self._theme
        p.setFont(theme.font("caption"))
        p.setPen(theme.colour("ink3"))
        folded = [number for number in range(len(layout.days)) if layout.is_folded(number)]
        if folded:
            left = layout.column(folded[0])[0]
            place = QRect(left, layout.top + 8, layout.left + layout.width - left, 22)
            p.drawText(place, Qt.AlignmentFlag.AlignCenter, pgettext("calendar", "off"))
        for number, day in enumerate(layout.found.days):
            words = [label for kind, label in day.marks if kind is not DayKind.MAKE_UP]
            if layout.is_folded(number) or (day.is_school_day and not words):
                continue
            left, width = layout.column(number)
            text = words[0] if words else pgettext("calendar", "no school")
            shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width - 12)
            p.drawText(QRect(left + 8, layout.top + 4, width - 12, 20), 0, shown)

    def _name(self, entry: Entry) -> str:
        return who_comes(self._face, entry.client_name, entry.client_no, entry.client_type)

    def _line(self, colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(self._theme.colour(colour), 1, style)
        pen.setCosmetic(True)
        return pen
