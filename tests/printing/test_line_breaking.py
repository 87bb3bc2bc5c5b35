from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.printing.line_breaking import NEVER_FIRST, NEVER_LAST, Line, break_paragraph, break_text


def measure(text: str) -> float:
    """Ten points for a full-width character, five for the rest: as in a fixed-pitch font."""
    return sum(5.0 if ord(character) < 0x2E80 and character not in "“”‘’…—" else 10.0 for character in text)


def visible(text: str, width: float, **options: float) -> list[str]:
    return [line.visible for line in break_text(text, width, measure, **options)]


ALPHABET = "心理辅导转介我的学生𬱖龘，。、：；！？（）《》“”…—" + "abcXYZ0129 .,:()-%/　\n"
texts = st.text(ALPHABET, max_size=120)
widths = st.integers(min_value=2, max_value=40).map(lambda count: count * 10.0)


@settings(deadline=None, max_examples=400)
@given(texts, widths)
def test_nothing_is_lost_or_added(text: str, width: float) -> None:
    paragraphs = text.split("\n")
    lines = break_text(text, width, measure)
    rebuilt: list[str] = [""]
    for line in lines:
        rebuilt[-1] += line.text
        if line.ends_paragraph:
            rebuilt.append("")
    assert rebuilt[:-1] == paragraphs


@settings(deadline=None, max_examples=400)
@given(texts, widths, st.sampled_from([0.0, 10.0]))
def test_no_line_is_wider_than_its_cell(text: str, width: float, indent: float) -> None:
    for line in break_text(text, width, measure, first_indent=indent):
        assert line.indent + measure(line.visible) <= width


@settings(deadline=None, max_examples=400)
@given(texts)
def test_prohibitions_hold_where_the_line_has_room(text: str) -> None:
    width = 400.0
    runs = re.findall(r"[A-Za-z0-9]+|[^A-Za-z0-9]", text)
    for paragraph in text.split("\n"):
        for line, following in zip(
            (lines := break_paragraph(paragraph, width, measure)), [*lines[1:], Line("")], strict=True
        ):
            forbidden_run = re.search(r"[" + re.escape("".join(NEVER_FIRST | NEVER_LAST)) + r" 　]{8,}", paragraph)
            if forbidden_run or any(measure(run) > 100 for run in runs) or not following.text:
                continue
            if measure(max(re.split(r"[\u2e80-\uffff\U00020000-\U0003ffff]", paragraph), key=len)) > 200:
                continue
            assert following.text[0] not in NEVER_FIRST
            assert not line.visible or line.visible[-1] not in NEVER_LAST


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("近两周睡眠减少，情绪低落", 70.0, ["近两周睡眠减", "少，情绪低落"]),
        ("请参考（转介单）执行", 40.0, ["请参考", "（转介", "单）执行"]),
        ("他说：“不去”", 40.0, ["他说：", "“不去”"]),
        ("电话 13700000003 已通知", 60.0, ["电话", "13700000003", "已通知"]),
        ("共3.5小时，见14:30记录", 50.0, ["共3.5小", "时，见", "14:30记录"]),
        ("得分为85%，上升", 40.0, ["得分为", "85%，上", "升"]),
        ("等等……好", 30.0, ["等", "等……", "好"]),
        ("一二三四五", 30.0, ["一二三", "四五"]),
        ("一\n\n二", 30.0, ["一", "", "二"]),
        ("", 30.0, [""]),
    ],
)
def test_breaks_as_a_teacher_would(text: str, width: float, expected: list[str]) -> None:
    assert visible(text, width) == expected


def test_a_word_longer_than_the_line_is_broken_by_characters() -> None:
    assert visible("abcdefghijklmnop", 40.0) == ["abcdefgh", "ijklmnop"]


def test_a_broken_word_does_not_leave_its_comma_alone() -> None:
    assert visible("abcdefghijkl，", 60.0) == ["abcdefghijk", "l，"]


def test_a_run_of_forbidden_characters_is_broken_where_it_must_be() -> None:
    assert visible("。。。。。。", 30.0) == ["。。。", "。。。"]


def test_the_first_line_of_each_paragraph_is_indented() -> None:
    lines = break_text("一二三四五六\n七\n", 50.0, measure, first_indent=20.0)
    assert [(line.indent, line.text, line.ends_paragraph) for line in lines] == [
        (20.0, "一二三", False),
        (0.0, "四五六", True),
        (20.0, "七", True),
        (0.0, "", True),
    ]


def test_spaces_hang_over_the_end_of_a_line() -> None:
    lines = break_text("一二三    四", 30.0, measure)
    assert [line.text for line in lines] == ["一二三    ", "四"]
    assert lines[0].visible == "一二三"
