from __future__ import annotations

from counselroom.printing.bands import Band, Cell, Row
from counselroom.printing.marks import RuleMark, TextMark
from counselroom.printing.pages import Block, Group, compose, marks_of


def band(height: float, *, grow: float = 0.0, keep: bool = False) -> Band:
    return Band((Row(height, grow),), (Cell(0, 100),), keep_with_next=keep)


def heights(groups: list[Group], *, fill: bool = False) -> list[list[float]]:
    pages = compose(groups, first_top=100, next_top=50, bottom=500, fill=fill)
    return [[round(thing.height) for thing in page] for page in pages]


def test_things_follow_one_another_and_go_over() -> None:
    assert heights([Group((band(300), band(200), band(100)))]) == [[300], [200, 100]]


def test_a_group_stays_together_when_a_page_can_hold_it() -> None:
    slip = Group((band(100), band(150)), together=True)
    assert heights([Group((band(200),)), slip]) == [[200], [100, 150]]
    assert heights([Group((band(100),)), slip]) == [[100, 100, 150]]


def test_a_group_too_high_for_a_page_begins_at_once() -> None:
    assert heights([Group((band(100),)), Group((band(250), band(250)), together=True)]) == [[100, 250], [250]]


def test_a_page_break_is_obeyed_but_makes_no_empty_page() -> None:
    assert heights([Group((band(100),)), Group((band(50),), page_break=True)]) == [[100], [50]]
    assert heights([Group((band(100),), page_break=True)]) == [[100]]
    assert heights([Group((band(100),)), Group((), page_break=True)]) == [[100]]


def test_a_title_does_not_stay_alone() -> None:
    assert heights([Group((band(370), band(20, keep=True), band(100)))]) == [[370], [20, 100]]
    assert heights([Group((band(370), band(20, keep=True)))]) == [[370, 20]]


def test_a_divider_is_not_drawn_at_the_top_of_a_page() -> None:
    line = Block(24, (RuleMark(0, 12, 100, 12),), divider=True)
    pages = compose(
        [Group((band(390),)), Group((line, band(100)), together=True)],
        first_top=100,
        next_top=50,
        bottom=500,
        fill=False,
    )
    assert [round(thing.height) for thing in pages[1]] == [8, 100]
    assert not isinstance(pages[1][0], Band)
    assert pages[1][0].marks == ()


def test_rows_that_can_grow_fill_the_page() -> None:
    assert heights([Group((band(100, grow=1), band(100, grow=3), band(40)))], fill=True) == [[140, 220, 40]]
    assert heights([Group((band(100),))], fill=True) == [[100]]


def test_a_block_higher_than_a_page_is_placed_all_the_same() -> None:
    assert heights([Group((band(50), Block(600), band(50)))]) == [[50], [600], [50]]


def test_a_frame_stands_around_each_run_of_rows() -> None:
    flow = [band(50), band(50), Block(10, (TextMark(0, 5, "x", 8),)), band(20)]
    frames = [mark for mark in marks_of(flow, 10, 100, 0) if isinstance(mark, RuleMark) and mark.width > 1]
    assert sorted((mark.y, mark.y2) for mark in frames if mark.x == mark.x2) == [
        (0, 100),
        (0, 100),
        (110, 130),
        (110, 130),
    ]
