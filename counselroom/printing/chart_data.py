"""What a chart shows and how it looks, and the finished picture; known without matplotlib."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Bar:
    """One bar; a value of None is a count that is not told."""

    label: str
    value: int | None


@dataclass(frozen=True)
class Months:
    """Upright bars, a month each, with their numbers above.

    Attributes:
        bars: the months in their order.
        hidden: the word for a count that is not told.
    """

    bars: tuple[Bar, ...]
    hidden: str


@dataclass(frozen=True)
class Ranking:
    """Lying bars with their numbers and shares behind them.

    Attributes:
        bars: in the order in which they are drawn; those that do not fit are left out.
        whole: of what the shares are; None for no shares.
        rest: a line below them, for what is not told; empty for none.
    """

    bars: tuple[Bar, ...]
    whole: int | None
    rest: str = ""


@dataclass(frozen=True)
class Grid:
    """A table whose cells are the darker the more they count.

    Attributes:
        columns: heads of the columns.
        rows: label and counts of each row, as many as there are columns.
        hidden: the word for a count that is not told.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    hidden: str


Chart = Months | Ranking | Grid


@dataclass(frozen=True)
class ChartLook:
    """Room and colours.

    Attributes:
        width: in logical pixels.
        height: in logical pixels.
        ratio: pixels of the picture in one logical pixel.
        text: height of the letters of labels and numbers, in logical pixels.
        caption: the same of heads and what is beside the point.
        colours: `#RRGGBB` by the names of the design tokens.
    """

    width: int
    height: int
    ratio: float
    text: int
    caption: int
    colours: Mapping[str, str]


@dataclass(frozen=True)
class Picture:
    """A drawn chart.

    Attributes:
        width: in pixels.
        height: in pixels.
        pixels: rows from the top, four bytes a pixel: red, green, blue, opacity.
    """

    width: int
    height: int
    pixels: bytes


def to_json(chart: Chart, look: ChartLook) -> dict[str, Any]:
    """Return what another process needs to draw a chart, in values that JSON knows."""
    return {
        "kind": type(chart).__name__,
        "chart": asdict(chart),
        "look": {**vars(look), "colours": dict(look.colours)},
    }


def from_json(values: Mapping[str, Any]) -> tuple[Chart, ChartLook]:
    """Return the chart and the look that `to_json` was given."""
    given: dict[str, Any] = dict(values["chart"])
    if "bars" in given:
        given["bars"] = tuple(Bar(**bar) for bar in given["bars"])
    if "columns" in given:
        given["columns"] = tuple(given["columns"])
        given["rows"] = tuple((label, tuple(counts)) for label, counts in given["rows"])
    return _KINDS[values["kind"]](**given), ChartLook(**values["look"])


_KINDS: dict[str, type[Chart]] = {kind.__name__: kind for kind in (Months, Ranking, Grid)}
