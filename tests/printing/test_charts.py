"""Charts are drawn into memory, in the colours that are asked for, with every number that is told and no other."""

from __future__ import annotations

import re

import pytest

from counselroom.printing.chart_data import Bar, Chart, ChartLook, Grid, Months, Ranking
from counselroom.printing.charts import draw
from counselroom.ui.theme.tokens import Mode, read_tokens

CHARTS = (
    Months((Bar("9月", 22), Bar("10月", None), Bar("11月 *", 48)), "<5"),
    Ranking((Bar("学业压力", 61), Bar("同伴交往", 44)), 214, "其余 3 类主题各 <5 人次"),
    Grid(("初一", "初二"), (("学业压力", (5, 11)), ("睡眠与作息", (None, 7))), "<5"),
)
NUMBERS = ({"22", "48", "<5"}, {"61", "44", "29%", "21%"}, {"5", "11", "7", "<5"})


def look(mode: Mode = Mode.LIGHT, ratio: float = 1.0, width: int = 480) -> ChartLook:
    return ChartLook(width, 200, ratio, 13, 12, read_tokens(mode).colours)


def colours(chart: Chart, mode: Mode) -> set[str]:
    pixels = draw(chart, look(mode)).pixels
    seen = {pixels[place : place + 4] for place in range(0, len(pixels), 4)}
    return {f"#{each[:3].hex().upper()}" for each in seen if each[3] == 255}


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_colours_are_those_of_the_theme(chart: Chart, mode: Mode) -> None:
    assert read_tokens(mode).colours["accent"] in colours(chart, mode)


@pytest.mark.parametrize("chart", CHARTS)
def test_the_picture_has_the_size_and_the_same_bytes_each_time(chart: Chart) -> None:
    picture = draw(chart, look(ratio=1.5))
    assert (picture.width, picture.height) == (720, 300)
    assert len(picture.pixels) == 4 * 720 * 300
    assert picture == draw(chart, look(ratio=1.5))


@pytest.mark.parametrize(("chart", "numbers"), list(zip(CHARTS, NUMBERS, strict=True)))
def test_every_number_that_is_told_is_written(chart: Chart, numbers: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    from counselroom.printing import charts

    plain = charts._Sheet.text

    def note(sheet: charts._Sheet, x: float, y: float, words: str, colour: str, **named: object) -> None:
        written.append(words)
        assert 0 <= x <= sheet.width
        assert 0 <= y <= sheet.height
        plain(sheet, x, y, words, colour, **named)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(charts._Sheet, "text", note)
    draw(chart, look())
    assert numbers <= set(written)


def test_a_chart_of_many_months_keeps_its_bars_apart() -> None:
    many = Months(tuple(Bar(f"{month + 1}月", 60 + month) for month in range(12)), "<5")
    picture = draw(many, look(width=800))
    row = picture.pixels[4 * 800 * 172 : 4 * 800 * 173]  # above the ground line, below the lowest bar but one
    line = "".join("#" if row[place + 3] == 255 and row[place] < 64 else "." for place in range(0, len(row), 4))
    assert len(re.findall("#+", line)) == 12


def test_nothing_is_drawn_of_a_chart_without_room() -> None:
    for chart in CHARTS:
        assert draw(chart, ChartLook(1, 1, 1.0, 13, 12, read_tokens(Mode.LIGHT).colours)).pixels
