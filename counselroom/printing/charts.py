"""Draws charts with matplotlib into memory: on the screen in the colours of the theme, on paper in those of paper.

Importing matplotlib takes half a second and 60 MB, so only the child process of `chart_child` imports this module.
The font is the one file of all paper, named outright: matplotlib's search for fonts would find one without Chinese.
"""

from __future__ import annotations

from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text

from counselroom.printing.chart_data import Bar, Chart, ChartLook, Grid, Months, Picture, Ranking
from counselroom.printing.fonts import locate_font

_POINTS = 72
"""At this many dots an inch one unit of matplotlib is one logical pixel."""
_STEPS = (1, 2, 5)
_LINES = 3
"""About how many lines stand above the ground line."""
_WIDEST_BAR = 40
_ROUND = 2
_BELOW_MIDDLE = 0.36
"""From the middle of letters to their ground line, as a share of their height."""
_BAND = 12
"""Height of a lying bar."""


def draw(chart: Chart, look: ChartLook) -> Picture:
    """Return the picture of a chart, as large as the look says."""
    sheet = _Sheet(look)
    match chart:
        case Months():
            _months(sheet, chart)
        case Ranking():
            _ranking(sheet, chart)
        case Grid():
            _grid(sheet, chart)
    return sheet.picture()


class _Sheet:
    """A figure measured in logical pixels from its top left corner."""

    def __init__(self, look: ChartLook) -> None:
        self.look = look
        self.width, self.height = float(look.width), float(look.height)
        self._figure = Figure(figsize=(look.width / _POINTS, look.height / _POINTS), dpi=_POINTS * look.ratio)
        self._figure.patch.set_alpha(0)
        self._canvas = FigureCanvasAgg(self._figure)

    def colour(self, name: str) -> str:
        return self.look.colours[name]

    def area(self, x: float, y: float, width: float, height: float, colour: str, *, is_round: bool = False) -> None:
        corner = self._at(x, y + height)
        wide, high = width * self.look.ratio, height * self.look.ratio
        if is_round and min(width, height) > 2 * _ROUND:
            style = f"round,pad=0,rounding_size={_ROUND * self.look.ratio}"
            patch: Rectangle | FancyBboxPatch = FancyBboxPatch(corner, wide, high, boxstyle=style, linewidth=0)
        else:
            patch = Rectangle(corner, wide, high, linewidth=0)
        patch.set_facecolor(self.colour(colour))
        patch.set_transform(None)
        patch.set_zorder(2)
        self._figure.add_artist(patch)

    def line(self, x: float, y: float, x2: float, colour: str) -> None:
        (left, level), (right, _same) = self._at(x, y), self._at(x2, y)
        line = Line2D([left, right], [level, level], linewidth=1, color=self.colour(colour))
        line.set_transform(None)
        line.set_zorder(1)
        self._figure.add_artist(line)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        colour: str,
        *,
        side: Literal["left", "center", "right"] = "left",
        size: int = 0,
    ) -> None:
        """Write words whose middle is at `y`."""
        letters = size or self.look.text
        text = Text(
            *self._at(x, y + letters * _BELOW_MIDDLE),
            words,
            color=self.colour(colour),
            horizontalalignment=side,
            verticalalignment="baseline",
            fontproperties=FontProperties(fname=str(locate_font()), size=letters),
            parse_math=False,
        )
        text.set_transform(None)
        self._figure.add_artist(text)

    def picture(self) -> Picture:
        self._canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib says no types here
        width, height = self._canvas.get_width_height()
        return Picture(width, height, bytes(self._canvas.buffer_rgba()))  # type: ignore[no-untyped-call]  # nor here

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * self.look.ratio, (self.height - y) * self.look.ratio


def _months(sheet: _Sheet, chart: Months) -> None:
    text = sheet.look.text
    most = max((bar.value or 0 for bar in chart.bars), default=0)
    step = _step(most)
    top_value = max(step, -(-most // step) * step)
    left = 2.0 + _width(f"{top_value:,}", text) + 12
    bottom, top = sheet.height - text * 1.9, text * 2.0

    def level(value: float) -> float:
        return bottom - (bottom - top) * value / top_value

    for value in range(0, top_value + 1, step):
        sheet.line(left, level(value), sheet.width, "line")
        sheet.text(left - 10, level(value), f"{value:,}", "ink3", side="right", size=sheet.look.caption)
    place = (sheet.width - left) / max(1, len(chart.bars))
    wide = min(_WIDEST_BAR, place * 0.5)
    for number, bar in enumerate(chart.bars):
        middle = left + place * (number + 0.5)
        high = 0.0 if bar.value is None else bottom - level(bar.value)
        if high > 0:
            sheet.area(middle - wide / 2, bottom - high, wide, high, "accent", is_round=True)
        words = chart.hidden if bar.value is None else f"{bar.value:,}"
        sheet.text(middle, bottom - high - text * 0.8, words, "ink3" if bar.value is None else "ink", side="center")
        sheet.text(middle, bottom + text * 1.1, bar.label, "ink2", side="center", size=sheet.look.caption)


def _ranking(sheet: _Sheet, chart: Ranking) -> None:
    text = sheet.look.text
    rest = text * 1.8 if chart.rest else 0.0
    room = max(1, int((sheet.height - rest) // (text * 1.7)))
    bars = chart.bars[:room]
    high = min(32.0, (sheet.height - rest) / max(1, len(bars)))
    labels = min(sheet.width * 0.4, max((_width(bar.label, text) for bar in bars), default=0.0)) + 16
    shares = 0.0 if chart.whole is None else text * 3.2
    counts = max((_width(_count(bar), text) for bar in bars), default=0.0) + 14
    room_for_bars = max(1.0, sheet.width - labels - counts - shares)
    most = max((bar.value or 0 for bar in bars), default=0) or 1
    for number, bar in enumerate(bars):
        middle = high * (number + 0.5)
        sheet.text(0, middle, bar.label, "ink")
        value = bar.value or 0
        long = room_for_bars * value / most
        sheet.area(labels, middle - _BAND / 2, long, _BAND, "accent", is_round=True)
        sheet.text(sheet.width - shares, middle, _count(bar), "ink", side="right")
        if chart.whole:
            sheet.text(sheet.width, middle, f"{round(100 * value / chart.whole)}%", "ink3", side="right")
    if chart.rest:
        sheet.text(0, high * len(bars) + rest / 2, chart.rest, "ink3", size=sheet.look.caption)


def _grid(sheet: _Sheet, chart: Grid) -> None:
    text, caption = sheet.look.text, sheet.look.caption
    head = caption * 2.0
    labels = min(sheet.width * 0.3, max((_width(label, text) for label, _cells in chart.rows), default=0.0)) + 16
    wide = (sheet.width - labels) / max(1, len(chart.columns))
    high = min(36.0, (sheet.height - head) / max(1, len(chart.rows)))
    told = [count for _label, cells in chart.rows for count in cells if count is not None]
    least, most = min(told, default=0), max(told, default=0)
    for number, name in enumerate(chart.columns):
        sheet.text(labels + wide * (number + 0.5), head / 2, name, "ink2", side="center", size=caption)
    for row, (label, cells) in enumerate(chart.rows):
        top = head + high * row
        sheet.text(0, top + high / 2, label, "ink")
        for column, count in enumerate(cells):
            ground, ink = _shade(count, least, most)
            left = labels + wide * column
            sheet.area(left, top, wide - 2, high - 2, ground)
            words = chart.hidden if count is None else f"{count:,}"
            sheet.text(left + wide / 2 - 1, top + high / 2 - 1, words, ink, side="center")


def _shade(count: int | None, least: int, most: int) -> tuple[str, str]:
    """Return ground and ink of a cell: the colour says roughly what the number says exactly."""
    if count is None:
        return "sunk", "ink3"
    share = (count - least) / max(1, most - least)
    if share >= 2 / 3:
        return "accent", "on_accent"
    return ("accent_line", "ink") if share >= 1 / 3 else ("accent_soft", "ink")


def _step(most: int) -> int:
    """Return a round number of which about three reach `most`."""
    factor = 1
    while True:
        for step in _STEPS:
            if step * factor * _LINES >= most:
                return step * factor
        factor *= 10


def _count(bar: Bar) -> str:
    return "" if bar.value is None else f"{bar.value:,}"


def _width(words: str, size: int) -> float:
    """Return about how wide words are: a Chinese character is as wide as high, a digit little more than half."""
    return sum(1.0 if ord(each) > 0x2E7F else 0.58 for each in words) * size
