"""Puts rows and fixed blocks on pages: what stays together, what goes over, what fills the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from counselroom.printing import style
from counselroom.printing.bands import Band, drawn, grown, split
from counselroom.printing.marks import Mark, RuleMark, moved

_EPSILON = 0.01
_INSTEAD_OF_DIVIDER = 8.0
_LEAST_AFTER_TITLE = 60.0
"""A title stays on a page when at least this much of what it heads stays with it."""


@dataclass(frozen=True)
class Block:
    """Something of fixed height between tables, its marks measured from its own top left corner.

    One that only divides (`divider`) is not drawn at the top of a page.
    """

    height: float
    marks: tuple[Mark, ...] = ()
    keep_with_next: bool = False
    divider: bool = False


Flow = Band | Block


@dataclass(frozen=True)
class Group:
    """What follows one another down the page.

    `together`: on one page if one page can hold it; `page_break`: on a new page.
    """

    flow: tuple[Flow, ...]
    together: bool = False
    page_break: bool = False


@dataclass
class _Page:
    top: float
    y: float
    flow: list[Flow] = field(default_factory=list)

    def add(self, thing: Flow) -> None:
        self.flow.append(thing)
        self.y += thing.height


def compose(
    groups: Sequence[Group], *, first_top: float, next_top: float, bottom: float, fill: bool
) -> list[list[Flow]]:
    """Distribute `groups` over pages.

    Args:
        groups: what is to be placed.
        first_top: where the first page's content begins, in points from its top edge.
        next_top: the same for every further page.
        bottom: where content ends on every page.
        fill: let the rows that can grow take what is left of each page.
    """
    pages = [_Page(first_top, first_top)]

    def turn() -> None:
        pages.append(_Page(next_top, next_top))

    for group in groups:
        total = sum(thing.height for thing in group.flow)
        whole = group.together and pages[-1].y + total > bottom + _EPSILON and total <= bottom - next_top
        if pages[-1].flow and (whole or (group.page_break and group.flow)):
            turn()
        for position, thing in enumerate(group.flow):
            if thing.keep_with_next and pages[-1].flow:
                after = group.flow[position + 1].height if position + 1 < len(group.flow) else 0.0
                if pages[-1].y + thing.height + min(after, _LEAST_AFTER_TITLE) > bottom + _EPSILON:
                    turn()
            if isinstance(thing, Block) and thing.divider and not pages[-1].flow:
                thing = Block(_INSTEAD_OF_DIVIDER)
            _place(thing, pages, bottom, next_top)
    if fill:
        for page in pages:
            page.flow = _filled(page, bottom)
    return [page.flow for page in pages]


def _place(thing: Flow, pages: list[_Page], bottom: float, next_top: float) -> None:
    rest: Flow = thing
    while pages[-1].y + rest.height > bottom + _EPSILON:
        fresh = not pages[-1].flow
        if isinstance(rest, Band):
            halves = split(rest, bottom - pages[-1].y, force=fresh)
            if halves:
                pages[-1].add(halves[0])
                rest = halves[1]
        elif fresh:
            break
        pages.append(_Page(next_top, next_top))
    pages[-1].add(rest)


def _filled(page: _Page, bottom: float) -> list[Flow]:
    shares = sum(row.grow for thing in page.flow if isinstance(thing, Band) for row in thing.rows)
    free = bottom - page.y
    if not shares or free <= 0:
        return page.flow
    return [grown(thing, free / shares) if isinstance(thing, Band) else thing for thing in page.flow]


def marks_of(flow: Sequence[Flow], x: float, width: float, top: float) -> list[Mark]:
    """Return the marks of one page's content, with a heavier frame around each run of rows."""
    marks: list[Mark] = []
    y = top
    frame: float | None = None
    for thing in (*flow, Block(0.0)):
        if isinstance(thing, Band):
            frame = y if frame is None else frame
            marks += drawn(thing, x, y)
        else:
            if frame is not None:
                marks += _frame(x, frame, width, y)
                frame = None
            marks += [moved(mark, x, y) for mark in thing.marks]
        y += thing.height
    return marks


def _frame(x: float, top: float, width: float, bottom: float) -> list[Mark]:
    right = x + width
    half = style.OUTER_RULE / 2
    corners = (
        (x - half, top, right + half, top),
        (x - half, bottom, right + half, bottom),
        (x, top, x, bottom),
        (right, top, right, bottom),
    )
    return [RuleMark(*ends, style.OUTER_RULE) for ends in corners]
