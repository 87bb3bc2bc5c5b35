"""Ruled rows: how high they are, how they break over pages inside their cells, and the lines around them.

A band is a set of rows that belong together because a cell covers several of them, most often a single row. When it
does not fit on a page its cells give the page as many strips as it takes and carry the rest to the next one; labels
are repeated there, so that both halves are whole ruled tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from counselroom.printing import style
from counselroom.printing.marks import FAINT, FillMark, Mark, RuleMark, Strip, stacked

_EPSILON = 0.01
_WIDOW = 2
"""Least strips of a cell on either side of a page end."""


@dataclass(frozen=True)
class Cell:
    """One ruled cell.

    Attributes:
        x: its left edge, from the left edge of the table, in points.
        width: its width in points.
        row: the first row of the band it covers, from 0.
        rows: how many rows it covers.
        strips: its content.
        top: content starts at the top; else it stands in the middle.
        foot: a strip pinned to the bottom, such as a line to sign.
        pen: faint lines for handwriting fill the cell.
        label: repeated when the band goes on on the next page.
        again: what a label says there, such as its words and （续）.
        shade: grey of the background, 1 for none.
        pad: room at the left and right of the content, in points.
    """

    x: float
    width: float
    row: int = 0
    rows: int = 1
    strips: tuple[Strip, ...] = ()
    top: bool = False
    foot: Strip | None = None
    pen: bool = False
    label: bool = False
    again: tuple[Strip, ...] = ()
    shade: float = 1.0
    pad: float = style.PAD_X

    @property
    def needed(self) -> float:
        """The least height that holds the content, in points."""
        foot = self.foot.height if self.foot else 0.0
        return sum(strip.height for strip in self.strips) + foot + 2 * style.PAD_Y


@dataclass(frozen=True)
class Row:
    """One row: its least height in points, and its share of the room left on a page (0: it does not grow)."""

    least: float
    grow: float = 0.0


@dataclass(frozen=True)
class Band:
    """Rows and their cells.

    Attributes:
        rows: the rows.
        cells: the cells; together they cover the rows.
        heads: how many rows at the top are repeated on the next page.
        keep_with_next: the band does not stay alone at the foot of a page.
    """

    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    heads: int = 0
    keep_with_next: bool = False
    _heights: list[float] = field(default_factory=list, init=False, compare=False, repr=False)

    def heights(self) -> list[float]:
        """Return the height of each row in points."""
        if not self._heights:
            heights = [row.least for row in self.rows]
            for cell in sorted(self.cells, key=lambda each: each.rows):
                covered = sum(heights[cell.row : cell.row + cell.rows])
                heights[cell.row + cell.rows - 1] += max(0.0, cell.needed - covered)
            self._heights.extend(heights)
        return list(self._heights)

    @property
    def height(self) -> float:
        """The height of the whole band in points."""
        return sum(self.heights())


def split(band: Band, room: float, *, force: bool = False) -> tuple[Band, Band] | None:
    """Divide `band`, which is higher than `room` points, so that its first half fits there.

    A row is divided between its strips when at least two of them stand on either side; else it moves whole.

    Args:
        band: what does not fit.
        room: what is left of the page, in points.
        force: divide whatever it takes, because the band stands at the top of a page already.

    Returns:
        The half for this page and the half for the next, or None when nothing of it should stay here.
    """
    heights = band.heights()
    number = 0
    top = 0.0
    while top + heights[number] <= room + _EPSILON:
        top += heights[number]
        number += 1
    within = room - top
    if _divisible(band, number, within, heights):
        return _cut(band, number, heights, within)
    if number > band.heads:
        return _cut(band, number, heights, None)
    return _cut(band, number, heights, within) if force else None


def _divisible(band: Band, number: int, within: float, heights: Sequence[float]) -> bool:
    if number < band.heads:
        return False
    carried = 0
    for cell in band.cells:
        if cell.label or not cell.row <= number < cell.row + cell.rows:
            continue
        stay = _fitting(cell.strips, sum(heights[cell.row : number]) + within)
        rest = len(cell.strips) - stay
        carried = max(carried, rest)
        if cell.strips and rest and (stay < _WIDOW or rest < _WIDOW):
            return False
    return carried >= _WIDOW


def _fitting(strips: Sequence[Strip], height: float) -> int:
    """Return how many strips fit in a cell of `height`, leaving two for the next page rather than one."""
    count = 0
    used = 2 * style.PAD_Y
    for strip in strips:
        used += strip.height
        if used > height + _EPSILON:
            break
        count += 1
    return count - 1 if len(strips) - count == 1 and count > _WIDOW else count


def _cut(band: Band, number: int, heights: Sequence[float], within: float | None) -> tuple[Band, Band]:
    """Cut above row `number`, or through it, `within` points below its top. Heads come again in the second half."""
    first_rows = list(band.rows[:number])
    rest_rows = list(band.rows[number:])
    if within is not None:
        first_rows.append(Row(within))
        rest_rows[0] = Row(max(0.0, rest_rows[0].least - within))
    first: list[Cell] = []
    rest: list[Cell] = []
    for cell in band.cells:
        end = cell.row + cell.rows
        if end <= number:
            first.append(cell)
            if end <= band.heads:
                rest.append(cell)
        elif cell.row > number or (cell.row == number and within is None):
            rest.append(replace(cell, row=cell.row - number + band.heads))
        else:
            stay = cell.strips
            carried = cell.again or cell.strips
            if not cell.label:
                count = _fitting(cell.strips, sum(heights[cell.row : number]) + (within or 0.0))
                stay, carried = cell.strips[:count], cell.strips[count:]
            first.append(replace(cell, rows=len(first_rows) - cell.row, strips=stay, foot=None, top=not cell.label))
            row = min(cell.row, band.heads)
            rows = band.heads - row + end - number
            rest.append(replace(cell, row=row, rows=rows, strips=carried, top=not cell.label))
    return (
        replace(band, rows=tuple(first_rows), cells=tuple(first)),
        replace(band, rows=(*band.rows[: band.heads], *rest_rows), cells=tuple(rest)),
    )


def grown(band: Band, extra: float) -> Band:
    """Return `band` higher by `extra` points for each unit of growth of its rows."""
    rows = [
        replace(row, least=height + row.grow * extra) for row, height in zip(band.rows, band.heights(), strict=True)
    ]
    return replace(band, rows=tuple(rows))


def still(band: Band) -> Band:
    """Return `band` with rows that do not grow."""
    return replace(band, rows=tuple(replace(row, grow=0.0) for row in band.rows))


def drawn(band: Band, x: float, y: float) -> list[Mark]:
    """Return the marks of `band` with its top left corner at (`x`, `y`): backgrounds, lines, then content."""
    tops = list(accumulate(band.heights(), initial=y))
    fills: list[Mark] = []
    edges: dict[tuple[float, ...], Mark] = {}
    content: list[Mark] = []
    for cell in band.cells:
        left, right = x + cell.x, x + cell.x + cell.width
        top, bottom = tops[cell.row], tops[cell.row + cell.rows]
        if cell.shade < 1:
            fills.append(FillMark(left, top, cell.width, bottom - top, cell.shade))
        # Neighbours share an edge, which is drawn once.
        west, north, east, south = round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
        edges[west, north, east, north] = RuleMark(left, top, right, top, style.INNER_RULE)
        edges[west, south, east, south] = RuleMark(left, bottom, right, bottom, style.INNER_RULE)
        edges[west, north, west, south] = RuleMark(left, top, left, bottom, style.INNER_RULE)
        edges[east, north, east, south] = RuleMark(right, top, right, bottom, style.INNER_RULE)
        content += _content(cell, left, top, bottom - top)
    return [*fills, *edges.values(), *content]


def _content(cell: Cell, left: float, top: float, height: float) -> list[Mark]:
    foot = cell.foot.height if cell.foot else 0.0
    free = height - cell.needed
    y = top + style.PAD_Y + (0.0 if cell.top else max(0.0, free / 2))
    marks: list[Mark] = []
    if cell.pen:
        line = top + style.PEN_LINE
        while line < top + height - foot - style.PEN_LINE / 2:
            marks.append(RuleMark(left + cell.pad, line, left + cell.width - cell.pad, line, 0.35, FAINT))
            line += style.PEN_LINE
    marks += stacked(cell.strips, left + cell.pad, y)
    if cell.foot:
        marks += stacked([cell.foot], left + cell.pad, top + height - style.PAD_Y - foot)
    return marks
