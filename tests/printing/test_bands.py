from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.printing import style
from counselroom.printing.bands import Band, Cell, Row, drawn, grown, split
from counselroom.printing.marks import RuleMark, Strip, TextMark, moved

PAGE = 300.0


def strips(name: str, count: int) -> tuple[Strip, ...]:
    return tuple(Strip(16.0, (TextMark(0, 12, f"{name}{number}", 10),)) for number in range(count))


def words(band: Band, name: str) -> list[str]:
    return [
        mark.text
        for cell in band.cells
        for strip in cell.strips
        for mark in strip.marks
        if isinstance(mark, TextMark) and mark.text.startswith(name)
    ]


def note_band(count: int, least: float = 23.0, other: int = 1) -> Band:
    cells = (
        Cell(0, 60, strips=strips("label", 1), label=True, again=strips("again", 2)),
        Cell(60, 200, strips=strips("left", count), top=True),
        Cell(260, 200, strips=strips("right", other)),
    )
    return Band((Row(least, 1.0),), cells)


def pages_of(band: Band, first_room: float) -> list[Band]:
    """Break a band over pages as `pages.compose` does."""
    halves: list[Band] = []
    room, fresh = first_room, False
    while band.height > room:
        parts = split(band, room, force=fresh)
        if parts:
            halves.append(parts[0])
            band = parts[1]
        room, fresh = PAGE, True
        assert len(halves) < 100
    return [*halves, band]


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 120), st.integers(0, 60), st.floats(0, PAGE), st.floats(23, 500))
def test_nothing_is_lost_where_a_note_breaks(count: int, other: int, room: float, least: float) -> None:
    band = note_band(count, least, other)
    halves = pages_of(band, room)
    for name, total in (("left", count), ("right", other)):
        assert [word for half in halves for word in words(half, name)] == [f"{name}{n}" for n in range(total)]
    for number, half in enumerate(halves):
        assert half.height <= PAGE + 0.1 or number == 0
        assert any(cell.label and cell.strips for cell in half.cells)
        for cell in half.cells:
            assert cell.needed <= sum(half.heights()) + 0.1


def test_two_lines_stay_and_two_lines_go() -> None:
    band = note_band(10)
    height = 2 * style.PAD_Y + 9 * 16 + 1
    parts = split(band, height)
    assert parts is not None
    assert [len(words(half, "left")) for half in parts] == [8, 2]
    assert split(band, 2 * style.PAD_Y + 20) is None


def test_a_label_says_that_its_cell_goes_on() -> None:
    parts = split(note_band(20), 200)
    assert parts is not None
    assert words(parts[0], "label") == ["label0"]
    assert words(parts[1], "again") == ["again0", "again1"]


def test_a_short_row_moves_whole() -> None:
    assert split(note_band(2, least=100), 60) is None


def test_a_row_higher_than_any_page_is_divided_for_the_pen() -> None:
    band = Band((Row(700.0),), (Cell(0, 400, pen=True, foot=Strip(24, (TextMark(0, 10, "sign", 10),))),))
    halves = pages_of(band, PAGE)
    assert [round(half.height) for half in halves] == [300, 300, 100]
    assert [cell.foot is not None for half in halves for cell in half.cells] == [False, False, True]


def table(count: int) -> Band:
    cells = [Cell(0, 60, rows=count + 1, strips=strips("label", 1), label=True, again=strips("again", 1))]
    cells += [Cell(60, 100, 0, strips=strips("head", 1), label=True)]
    cells += [Cell(60, 100, number, strips=strips(f"row{number}-", 1)) for number in range(1, count + 1)]
    return Band((Row(23.0),) * (count + 1), tuple(cells), heads=1)


def test_the_head_of_a_table_comes_again_on_each_page() -> None:
    halves = pages_of(table(40), 100.0)
    assert len(halves) > 2
    for half in halves:
        assert words(half, "head") == ["head0"]
        side = next(cell for cell in half.cells if cell.x == 0)
        assert (side.row, side.rows) == (0, len(half.rows))
    rows = [word for half in halves for word in words(half, "row")]
    assert rows == [f"row{number}-0" for number in range(1, 41)]


def test_a_head_does_not_stay_alone() -> None:
    assert split(table(5), 30.0) is None
    assert split(table(5), 10.0) is None


def test_a_row_of_a_table_may_break_too() -> None:
    band = table(1)
    long = Cell(60, 100, 1, strips=strips("long", 40))
    band = Band(band.rows, (*band.cells[:2], long), heads=1)
    halves = pages_of(band, PAGE)
    assert [word for half in halves for word in words(half, "long")] == [f"long{n}" for n in range(40)]
    assert all(words(half, "head") for half in halves)


def test_a_cell_over_two_rows_is_divided_at_their_border() -> None:
    cells = (
        Cell(0, 100, rows=2, strips=strips("tall", 6), top=True),
        Cell(100, 100, 0, strips=strips("upper", 3)),
        Cell(100, 100, 1, strips=strips("lower", 3)),
    )
    band = Band((Row(60.0), Row(60.0)), cells)
    parts = split(band, 70.0)
    assert parts is not None
    assert words(parts[0], "tall") == ["tall0", "tall1", "tall2"]
    assert words(parts[0], "upper") == ["upper0", "upper1", "upper2"]
    assert words(parts[1], "tall") == ["tall3", "tall4", "tall5"]
    assert words(parts[1], "lower") == ["lower0", "lower1", "lower2"]


def test_rows_grow_by_their_share() -> None:
    band = Band((Row(20.0), Row(30.0, 2.0)), (Cell(0, 100), Cell(0, 100, 1)))
    assert grown(band, 10.0).heights() == [20.0, 50.0]


def test_borders_are_drawn_once() -> None:
    band = Band((Row(20.0),), (Cell(0, 100), Cell(100, 100)))
    rules = [mark for mark in drawn(band, 0, 0) if isinstance(mark, RuleMark)]
    assert len(rules) == 7


def test_pen_lines_keep_clear_of_the_line_to_sign() -> None:
    foot = Strip(24.0, (TextMark(0, 16, "签名", 10),))
    band = Band((Row(120.0),), (Cell(0, 200, pen=True, foot=foot),))
    faint = [mark for mark in drawn(band, 0, 0) if isinstance(mark, RuleMark) and mark.grey > 0.5]
    assert faint
    assert max(mark.y for mark in faint) < 120 - 24


def test_every_mark_can_be_moved() -> None:
    assert moved(RuleMark(1, 2, 3, 4), 10, 20) == RuleMark(11, 22, 13, 24)
    assert moved(TextMark(1, 2, "x", 10), 10, 20) == TextMark(11, 22, "x", 10)
