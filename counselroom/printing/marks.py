"""What a page is made of: a handful of marks, placed before anything is drawn.

Distances are points (1/72 inch). Within a page `x` grows to the right and `y` downwards from its top left corner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BLACK = 0.0
MUTED = 0.35
FAINT = 0.72


@dataclass(frozen=True, slots=True)
class TextMark:
    """A run of text; `y` is its baseline, `spacing` extra room after each character, `grey` 0 for black."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    grey: float = BLACK
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class RuleMark:
    """A straight line, `width` thick; `dash` in points on and off."""

    x: float
    y: float
    x2: float
    y2: float
    width: float = 0.5
    grey: float = BLACK
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxMark:
    """A box to tick; `y` is its top. Drawn, because no font here has it and the substitute looks ticked."""

    x: float
    y: float
    size: float
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class FillMark:
    """A grey rectangle behind text; `y` is its top."""

    x: float
    y: float
    width: float
    height: float
    grey: float


Mark = TextMark | RuleMark | BoxMark | FillMark


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """Return `mark` moved right and down."""
    x, y = mark.x + dx, mark.y + dy
    match mark:  # every mark of every page comes through here, and `replace` takes five times as long
        case TextMark():
            return TextMark(x, y, mark.text, mark.size, mark.bold, mark.grey, mark.spacing)
        case RuleMark():
            return RuleMark(x, y, mark.x2 + dx, mark.y2 + dy, mark.width, mark.grey, mark.dash)
        case BoxMark():
            return BoxMark(x, y, mark.size, mark.ticked)
        case FillMark():
            return FillMark(x, y, mark.width, mark.height, mark.grey)


@dataclass(frozen=True, slots=True)
class Strip:
    """One line of a cell: marks within its height, measured from its own top left corner. Never cut by a page end."""

    height: float
    marks: tuple[Mark, ...] = ()


def stacked(strips: Iterable[Strip], x: float, y: float) -> list[Mark]:
    """Return the marks of `strips`, one below the other from (`x`, `y`) on."""
    marks: list[Mark] = []
    for strip in strips:
        marks += [moved(mark, x, y) for mark in strip.marks]
        y += strip.height
    return marks
