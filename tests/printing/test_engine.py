from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time

import pytest

from counselroom.errors import Bug
from counselroom.printing import renderer, style
from counselroom.printing.definitions import Audience
from counselroom.printing.fonts import FormFont
from counselroom.printing.form_files import read_form
from counselroom.printing.form_values import FormValues, codes, is_given, rows_of, written
from counselroom.printing.head import Head
from counselroom.printing.marks import Mark, TextMark
from counselroom.printing.painting import paint
from counselroom.printing.renderer import Rendered, render
from tests.printing.columns import COLUMNS
from tests.printing.pdf import bare, properties_of, text_of
from tests.printing.printing_forms import OWN, box_of


def own(values: FormValues | None) -> Rendered:
    form = read_form(OWN, "F-99.toml", COLUMNS)
    return render(form, Audience.ROOM, values, Head("示例中学"))


def test_a_landscape_form_prints_blank() -> None:
    rendered = own(None)
    assert "841.89 x 595.276" in properties_of(rendered.pdf)
    text = bare(text_of(rendered.pdf))
    for words in ("第一部分", "第1节", "第2节", "是否", "时分", "审核人：", "甲方", "乙方", "（盖章处）", "其他："):
        assert words in text
    assert "第3节" not in text
    assert "没有栏目的部分" not in text
    assert "／" not in text


def test_a_long_title_stays_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    form = read_form(OWN.replace("landscape", "portrait"), "F-99.toml", COLUMNS)
    titles: list[TextMark] = []

    def spy(pages: Sequence[Sequence[Mark]], size: tuple[float, float], font: FormFont, title: str) -> bytes:
        titles.extend(mark for mark in pages[0] if isinstance(mark, TextMark) and mark.text == form.title)
        return paint(pages, size, font, title)

    monkeypatch.setattr(renderer, "paint", spy)
    render(form, Audience.ROOM, None, Head("示例中学"))
    assert len(titles) == 1
    left, _, right, _, _ = box_of(titles[0])
    assert left >= style.MARGIN_LEFT - 0.5
    assert right <= style.A4[0] - style.MARGIN_RIGHT + 0.5


def test_repeated_parts_follow_their_answers() -> None:
    units: list[Mapping[str, object]] = [{"unit_title": f"单元{number}", "stray": "STRAY"} for number in range(5)]
    text = bare(text_of(own({"units": units}).pdf))
    for number in range(5):
        assert f"第{number + 1}节名称单元{number}" in text
    assert "第6节" not in text
    assert "STRAY" not in text


def test_a_part_without_answers_leaves_room_for_the_pen() -> None:
    assert "第2节" in bare(text_of(own({}).pdf))


def test_an_item_that_does_not_apply_is_struck() -> None:
    struck = bare(text_of(own({"kind": "x", "only_a": "不应出现"}).pdf))
    assert "／" in struck
    assert "不应出现" not in struck
    shown = bare(text_of(own({"kind": "甲", "only_a": "应当出现"}).pdf))
    assert "／" not in shown
    assert "应当出现" in shown


def test_answers_of_every_kind_are_printed() -> None:
    values: FormValues = {
        "kind": "自拟类别",
        "agreed": True,
        "upper": "上面",
        "lower": time(8, 5),
        "sold": "1. 甲\n200. 乙\n> 引用的话\n- **粗**细",
        "list": [{"a": "行一", "b": 1}, {"a": "行二", "b": 0}, {"a": "很长的一行" * 30}],
        "slip_text": "☑ 已读 ☐ 未读",
    }
    text = bare(text_of(own(values).pdf))
    for words in (
        "其他：自拟类别",
        "上面",
        "08:05",
        "1.甲200.乙",
        "引用的话",
        "•粗细",
        "行一1",
        "行二0",
        "已读未读",
        "很长的一行" * 30,
    ):
        assert words in text


@pytest.mark.parametrize("agreed", [True, False])
def test_a_tick_changes_the_page(agreed: bool) -> None:
    assert own({"agreed": agreed}).pdf != own({"agreed": None}).pdf


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "", ""),
        ("文字", "", "文字"),
        (True, "", "是"),
        (False, "", "否"),
        (3, "次", "3 次"),
        (0, "", "0"),
        (date(2026, 3, 1), "", "2026年3月1日"),
        (time(9, 5), "", "09:05"),
    ],
)
def test_how_answers_are_written(value: object, unit: str, words: str) -> None:
    assert written(value, unit) == words


def test_answers_of_a_wrong_kind_are_bugs() -> None:
    for call in (
        lambda: written(1.5),
        lambda: codes(3),
        lambda: codes([1]),
        lambda: rows_of("x"),
        lambda: rows_of([1]),
    ):
        with pytest.raises(Bug):
            call()
    assert codes({"b", "a"}) == ("a", "b")
    assert codes(["b", "a"]) == ("b", "a")


def test_what_counts_as_an_answer() -> None:
    assert all(is_given(value) for value in (False, 0, "x", time(0, 0), date(2026, 1, 1)))
    assert not any(is_given(value) for value in (None, "", []))
