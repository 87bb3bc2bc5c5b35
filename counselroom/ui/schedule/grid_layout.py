"""Where everything lies on the grid of the calendar: days, half lanes, hours, blocks. No painting here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from PySide6.QtCore import QRect, QRectF

from counselroom.rules.appointment import Slot, clashes
from counselroom.rules.counselling import AppointmentState
from counselroom.services.schedule import Entry, Named, Schedule

SLOT = 30
"""Minutes from one cell of the keyboard to the next."""
STEP = 15
"""Minutes an appointment is moved or made longer by."""
FIRST_HOUR, LAST_HOUR = 8, 18
LUNCH = (12 * 60, 13 * 60 + 30)
_FREE = 46
"""Width of the column of a weekend on which nothing happens."""


@dataclass(frozen=True)
class Block:
    """An appointment, or a time on duty elsewhere, on its day and lane.

    Attributes:
        day: number of the day.
        lane: number of the counsellor's lane.
        begins: minutes since midnight.
        ends: minutes since midnight.
        entry: the appointment, or None.
        busy: what keeps the counsellor busy where it is no appointment.
        column: which of several that overlap.
        columns: how many overlap.
    """

    day: int
    lane: int
    begins: int
    ends: int
    entry: Entry | None = None
    busy: str = ""
    column: int = 0
    columns: int = 1


@dataclass(frozen=True)
class Cell:
    """A place on the grid."""

    day: int
    lane: int
    minute: int


def minute_of(moment: datetime) -> int:
    """Return the minutes since midnight."""
    return moment.hour * 60 + moment.minute


class GridLayout:
    """The days, lanes and blocks of what is shown, and where each lies in a given size.

    Args:
        found: what was read.
        lanes: the counsellors that are shown.
        zone: the room's time.
        cancelled: show cancelled appointments too.
        busy: show times on duty elsewhere.
        duty_word: what somebody on duty looks after; empty for the room itself, which is no other place.
    """

    def __init__(
        self,
        found: Schedule,
        lanes: Sequence[Named],
        zone: tzinfo | None,
        *,
        cancelled: bool = False,
        busy: bool = True,
        duty_word: Callable[[object], str],
    ) -> None:
        self.found = found
        self.lanes = tuple(lanes)
        self.zone = zone
        self.days = tuple(day.on for day in found.days)
        self.left, self.top, self.width, self.height = 0, 0, 1, 1
        self.blocks = self._placed([*self._appointments(cancelled=cancelled), *(self._busy(duty_word) if busy else ())])
        held = [block for block in self.blocks if block.entry is not None]
        self.first = min([FIRST_HOUR, *(block.begins // 60 for block in held)])
        self.last = max([LAST_HOUR, *(-(-block.ends // 60) for block in held)])
        self._full = [self._is_full(number) for number in range(len(self.days))]

    def fit(self, left: int, width: int, top: int, height: int) -> None:
        """Take the place of the columns: `left` and `width` across, `top` and `height` of all hours."""
        self.left, self.width, self.top, self.height = left, width, top, height

    def is_folded(self, day: int) -> bool:
        """Tell whether a day of the weekend is narrow because nothing happens on it."""
        return not self._full[day]

    def column(self, day: int) -> tuple[int, int]:
        """Return left edge and width of a day."""
        folded = len(self._full) - sum(self._full)
        narrow = _FREE / folded if folded else 0.0
        wide = (self.width - (_FREE if folded else 0)) / max(1, sum(self._full))
        widths = [wide if is_full else narrow for is_full in self._full]
        edge = self.left + sum(widths[:day])
        return round(edge), round(edge + widths[day]) - round(edge)

    def lane(self, day: int, lane: int) -> tuple[int, int]:
        """Return left edge and width of a lane of a day."""
        left, width = self.column(day)
        lanes = max(1, len(self.lanes))
        begin, end = round(left + width * lane / lanes), round(left + width * (lane + 1) / lanes)
        return begin, end - begin

    def y(self, minute: int) -> int:
        """Return how far down a minute of the day lies."""
        return round(self.top + (minute - self.first * 60) * self.height / ((self.last - self.first) * 60))

    def rect(self, cell: Cell, minutes: int = SLOT) -> QRect:
        """Return the place of a cell, or of a longer time that begins there."""
        left, width = self.lane(cell.day, cell.lane)
        top = self.y(cell.minute)
        return QRect(left, top, width, self.y(cell.minute + minutes) - top)

    def block_rect(self, block: Block) -> QRectF:
        """Return the place of a block, with air around it; those that overlap share the lane."""
        left, width = self.lane(block.day, block.lane)
        part = width / block.columns
        top, bottom = self.y(max(block.begins, self.first * 60)), self.y(min(block.ends, self.last * 60))
        return QRectF(left + part * block.column + 3.5, top + 1.5, part - 7, max(14, bottom - top - 3))

    def cell_at(self, x: float, y: float, step: int = SLOT) -> Cell | None:
        """Return the cell at a point, its minute rounded down to a whole `step`; None outside."""
        day = next(
            (number for number in range(len(self.days)) if 0 <= x - self.column(number)[0] < self.column(number)[1]),
            None,
        )
        if day is None or self.is_folded(day) or not self.lanes:
            return None
        left, width = self.column(day)
        lane = min(len(self.lanes) - 1, int((x - left) * len(self.lanes) / max(1, width)))
        minute = self.first * 60 + (y - self.top) * (self.last - self.first) * 60 / max(1, self.height)
        rounded = int(minute // step) * step
        return Cell(day, lane, min(max(rounded, self.first * 60), self.last * 60 - step))

    def block_at(self, x: float, y: float) -> Block | None:
        """Return the appointment at a point, or what else keeps a counsellor busy there."""
        return next((block for block in reversed(self.blocks) if self.block_rect(block).contains(x, y)), None)

    def block_in(self, cell: Cell) -> Block | None:
        """Return the appointment in a cell: one that holds its time rather than one that does not."""
        there = [
            block
            for block in self.blocks
            if block.entry is not None
            and (block.day, block.lane) == (cell.day, cell.lane)
            and block.begins < cell.minute + SLOT
            and block.ends > cell.minute
        ]
        return min(there, key=lambda block: (not _holds(block), abs(block.begins - cell.minute)), default=None)

    def block_of(self, entry_id: str) -> Block | None:
        """Return the block of an appointment."""
        return next((block for block in self.blocks if block.entry and block.entry.id == entry_id), None)

    def moment(self, cell: Cell) -> datetime:
        """Return the moment at which a cell begins."""
        day = datetime.combine(self.days[cell.day], time(0), self.zone)
        return day + timedelta(minutes=cell.minute)

    def clash(self, entry: Entry | None, starts_at: datetime, ends_at: datetime, counsellor_id: str) -> Entry | None:
        """Return the appointment on the grid that stands in the way of another time or counsellor, or None."""
        wanted = Slot(
            starts_at,
            ends_at,
            counsellor_id,
            entry.client_id if entry else "",
            entry.room_id if entry else None,
            entry.id if entry else "",
        )
        taken = {each.id: each for each in self.found.entries if each.state.holds_the_slot}
        slots = tuple(
            Slot(each.starts_at, each.ends_at, each.counsellor_id, each.client_id, each.room_id, each.id)
            for each in taken.values()
        )
        met = clashes(wanted, slots)
        return taken[met[0].appointment_id] if met else None

    def _is_full(self, number: int) -> bool:
        day = self.found.days[number]
        if day.on.weekday() < 5 or day.is_school_day or len(self.days) < 6:
            return True
        return any(block.day == number for block in self.blocks)

    def _appointments(self, *, cancelled: bool) -> list[Block]:
        lanes = {each.id: number for number, each in enumerate(self.lanes)}
        days = {day: number for number, day in enumerate(self.days)}
        found = []
        for entry in self.found.entries:
            lane = lanes.get(entry.counsellor_id)
            if lane is None or (entry.state is AppointmentState.CANCELLED and not cancelled):
                continue
            begins, ends = entry.starts_at.astimezone(self.zone), entry.ends_at.astimezone(self.zone)
            day = days.get(begins.date())
            if day is not None:
                last = minute_of(ends) if ends.date() == begins.date() else 24 * 60
                found.append(Block(day, lane, minute_of(begins), last, entry))
        return found

    def _busy(self, duty_word: Callable[[object], str]) -> list[Block]:
        lanes = {each.id: number for number, each in enumerate(self.lanes)}
        days = {day: number for number, day in enumerate(self.days)}
        found = []
        for shift in self.found.shifts:
            words = duty_word(shift.data.channel)
            lane = lanes.get(shift.data.substitute_id or shift.data.counsellor_id)
            begins = shift.data.starts_at.astimezone(self.zone)
            ends = shift.data.ends_at.astimezone(self.zone)
            day = days.get(begins.date())
            if words and lane is not None and day is not None:
                last = minute_of(ends) if ends.date() == begins.date() else 24 * 60
                found.append(Block(day, lane, minute_of(begins), last, None, words))
        return found

    def _placed(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Give those that overlap in a lane columns of their own; what only keeps busy lies behind."""
        placed: list[Block] = [block for block in blocks if block.entry is None]
        by_lane: dict[tuple[int, int], list[Block]] = {}
        for block in blocks:
            if block.entry is not None:
                by_lane.setdefault((block.day, block.lane), []).append(block)
        for group in by_lane.values():
            for cluster in _clusters(sorted(group, key=lambda block: (block.begins, not _holds(block)))):
                placed += _columns(cluster)
        return tuple(placed)


def _holds(block: Block) -> bool:
    return block.entry is not None and block.entry.state.holds_the_slot


def _clusters(blocks: Sequence[Block]) -> list[list[Block]]:
    found: list[list[Block]] = []
    end = -1
    for block in blocks:
        if block.begins >= end:
            found.append([])
            end = block.ends
        end = max(end, block.ends)
        found[-1].append(block)
    return found


def _columns(cluster: Sequence[Block]) -> list[Block]:
    ends: list[int] = []
    chosen = []
    for block in cluster:
        column = next((number for number, end in enumerate(ends) if end <= block.begins), len(ends))
        if column == len(ends):
            ends.append(block.ends)
        else:
            ends[column] = block.ends
        chosen.append(column)
    return [
        Block(b.day, b.lane, b.begins, b.ends, b.entry, b.busy, column, len(ends))
        for b, column in zip(cluster, chosen, strict=True)
    ]


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
