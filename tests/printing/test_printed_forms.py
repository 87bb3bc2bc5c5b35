from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time

import pytest

from counselroom.printing import renderer, style
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.fonts import FormFont
from counselroom.printing.form_values import written
from counselroom.printing.head import Head
from counselroom.printing.marks import Mark, RuleMark, TextMark
from counselroom.printing.note_text import paragraphs
from counselroom.printing.painting import paint
from counselroom.printing.renderer import render
from tests.printing.pdf import bare, fonts_of, picture_of, properties_of, text_of
from tests.printing.printing_forms import FORMS, KINDS, box_of, first_audience, print_of
from tests.printing.samples import LONG, VALUES

HARD_NAME = "欧阳𬱖𫖯𬭚𬀩䶮㛃鿏龘"


def spoken(value: object) -> list[str]:
    """Return the words by which an answer must be found on the page, without white space."""
    if isinstance(value, str):
        return [bare(paragraph.text) for paragraph in paragraphs(value)]
    if isinstance(value, date | time | int):
        return [bare(written(value))]
    if isinstance(value, Sequence):
        return [word for row in value if isinstance(row, Mapping) for each in row.values() for word in _in_a_row(each)]
    return []


def _in_a_row(value: object) -> list[str]:
    """Days stand in figures in a table, whose columns are narrow, and in words elsewhere."""
    return [value.isoformat()] if isinstance(value, date) else spoken(value)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_only_embedded_subsets_of_one_font(forms: dict[str, Form], head: Head, name: str, kind: str) -> None:
    rows = fonts_of(print_of(forms[name], kind, head).pdf)
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+NotoSansSC-Regular\s+CID TrueType\s+\S+\s+yes yes yes ", row), row


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", ["filled", "longest"])
def test_every_answer_comes_back_exactly(forms: dict[str, Form], head: Head, name: str, kind: str) -> None:
    form = forms[name]
    for audience in form.definition.form.audiences:
        values = (VALUES if kind == "filled" else LONG)[name]
        text = without_furniture(text_of(print_of(form, kind, head, audience).pdf), form)
        items = {item.link_id: item for item in form.definition.item if audience in item.audiences}
        for link_id, item in items.items():
            if item.options or item.optional or link_id not in values:
                continue
            for words in spoken(values[link_id]):
                # Notes side by side alternate where they go over a page end; all others come in one piece.
                most = 4 if kind == "longest" and item.at[0].span < 12 else 1
                assert len(pieces_of(words, text)) <= most, (name, audience, link_id, words[:40])


def pieces_of(words: str, text: str) -> list[str]:
    """Cut `words` into the fewest pieces that stand in `text` one after another."""
    pieces: list[str] = []
    place = 0
    while words:
        length = len(words)
        while (found := text.find(words[:length], place)) < 0:
            length -= 1
            assert length, words[:40]
        pieces.append(words[:length])
        place = found + length
        words = words[length:]
    return pieces


def without_furniture(text: str, form: Form) -> str:
    """Return the text of all pages without white space, running heads, feet, and labels that say （续）."""
    text = bare(text)
    text = re.sub(rf"{form.title}（续）编号：ZJ-2026-007", "", text)
    text = re.sub(r"交给：\S*?用途：转介就诊打印：林示例2026-03-1214:30第1份共2份第\d+页共\d+页", "", text)
    labels = sorted({bare(item.text) for item in form.definition.item}, key=len, reverse=True)
    return re.sub(rf"({'|'.join(map(re.escape, labels))})（续）", "", text)


def test_a_hard_name_comes_back_exactly(forms: dict[str, Form], head: Head) -> None:
    for name in ("F-19", "F-50"):
        rendered = render(forms[name], first_audience(forms[name]), {"name": HARD_NAME}, head)
        assert HARD_NAME in bare(text_of(rendered.pdf))
        assert rendered.warnings == ()


def test_a_short_answer_stands_on_one_line_with_its_spaces(forms: dict[str, Form], head: Head) -> None:
    text = text_of(print_of(forms["F-50"], "filled", head).pdf)
    for words in ("青禾市示例区虚构路 18 号 3 单元 502 室", "2008年11月3日", "0020240512", "高二(5)班", "0000-1234567"):
        assert words in text


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_input_gives_the_same_bytes(forms: dict[str, Form], head: Head, name: str, kind: str) -> None:
    assert print_of(forms[name], kind, head).pdf == print_of(forms[name], kind, head).pdf


def test_another_answer_gives_other_bytes(forms: dict[str, Form], head: Head) -> None:
    one, other = (render(forms["F-50"], Audience.HOSPITAL, {"name": name}, head).pdf for name in ("甲", "乙"))
    assert one != other


@pytest.mark.parametrize("name", FORMS)
def test_blank_and_filled_are_the_same_sheet(forms: dict[str, Form], head: Head, name: str) -> None:
    """R-19: the same definition, the same labels, the same number of pages for usual answers."""
    form = forms[name]
    blank, filled = (print_of(form, kind, head) for kind in ("blank", "filled"))
    assert blank.pages == filled.pages == {"F-06": 1, "F-11": 1, "F-19": 2, "F-50": 1}[name]
    assert blank.warnings == filled.warnings == ()
    for rendered in (blank, filled):
        text = bare(text_of(rendered.pdf))
        for item in form.definition.item:
            if first_audience(form) in item.audiences and not item.optional:
                assert bare(item.text) in text, item.link_id
        for footnote in form.definition.footnote:
            assert bare(footnote.text) in text
        for words in (form.title, form.id, f"密级：{style.SECRECY_WORDS[form.secrecy]}（{form.secrecy}）"):
            assert bare(words) in text


def test_a_blank_print_leaves_room_for_the_pen(forms: dict[str, Form]) -> None:
    text = text_of(render(forms["F-50"], Audience.HOSPITAL, None, Head("示例中学")).pdf)
    for words in ("编号：", "学年 第 学期", "交给：", "用途：", "第 1 页 共 1 页", "第一联 交接收机构"):
        assert words in re.sub(r"[ 　]+", " ", text)
    assert "打印：" not in text
    assert "份 共" not in re.sub(r"[ 　]+", " ", text)


def test_the_head_says_what_the_sheet_is(forms: dict[str, Form], head: Head) -> None:
    text = re.sub(r"[ 　]+", " ", text_of(print_of(forms["F-50"], "filled", head).pdf))
    for words in (
        "青禾市示例中学心理辅导室",
        "编号：ZJ-2026-007",
        "2025–2026 学年 第二学期",
        "打印：林示例 2026-03-12 14:30",
        "第 1 份 共 2 份",
        "第 1 页 共 1 页",
        "交给：示例医院儿童青少年心理门诊 用途：转介就诊",
        "沿此线撕下",
        "转介回执",
    ):
        assert bare(words) in bare(text)
    third = text_of(print_of(forms["F-50"], "filled", head, Audience.ROOM).pdf)
    assert "第三联" in third


def test_the_pages_are_counted(forms: dict[str, Form], head: Head) -> None:
    rendered = print_of(forms["F-11"], "longest", head)
    assert rendered.pages > 5
    text = bare(text_of(rendered.pdf))
    for number in range(1, rendered.pages + 1):
        assert f"第{number}页共{rendered.pages}页" in text
    assert f"Pages:           {rendered.pages}" in properties_of(rendered.pdf)


def test_the_head_of_a_table_comes_again_on_each_page(forms: dict[str, Form], head: Head) -> None:
    pages = text_of(print_of(forms["F-19"], "longest", head).pdf).split("\f")
    with_relatives = [page for page in pages if "亲属" in page]
    assert len(with_relatives) > 2
    for page in with_relatives:
        assert re.search(r"称 ?谓", page)


def test_the_paper_is_white(forms: dict[str, Form], head: Head) -> None:
    rendered = print_of(forms["F-06"], "filled", head)
    assert re.search(rb"1 g\n0\.0+ 0\.0+ 595\.\d+ 841\.\d+ re f", decompressed(rendered.pdf))
    picture = picture_of(rendered.pdf)
    assert picture[-500:] == b"\xff" * 500


def decompressed(pdf: bytes) -> bytes:
    streams = re.findall(rb"stream\n([\s\S]*?)endstream", pdf)
    assert streams
    return b"".join(zlib.decompress(stream) for stream in streams)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_words_leave_their_cell_or_meet_others(
    monkeypatch: pytest.MonkeyPatch, forms: dict[str, Form], head: Head, name: str, kind: str
) -> None:
    captured: list[Sequence[Sequence[Mark]]] = []

    def spy(pages: Sequence[Sequence[Mark]], size: tuple[float, float], font: FormFont, title: str) -> bytes:
        captured.append(pages)
        return paint(pages, size, font, title)

    monkeypatch.setattr(renderer, "paint", spy)
    form = forms[name]
    for audience in form.definition.form.audiences:
        print_of(form, kind, head, audience)
    for page in (page for pages in captured for page in pages):
        boxes = [box_of(mark) for mark in page if isinstance(mark, TextMark)]
        for left, top, right, bottom, words in boxes:
            assert left >= style.MARGIN_LEFT - 0.5, words
            assert right <= style.A4[0] - style.MARGIN_RIGHT + 0.5, words
            assert top >= style.MARGIN_TOP - 1, words
            assert bottom <= style.A4[1] - style.MARGIN_BOTTOM + 1, words
        # More room between two characters than this is taken for a space when the text is copied.
        assert all(mark.spacing <= mark.size * 0.08 or mark.bold for mark in page if isinstance(mark, TextMark))
        boxes.sort(key=lambda box: box[1])
        for number, (left, _, right, bottom, words) in enumerate(boxes):
            for other in boxes[number + 1 :]:
                if other[1] >= bottom - 0.5:
                    break
                assert other[0] >= right - 0.5 or other[2] <= left + 0.5, (words, other[4])
        uprights = [mark for mark in page if isinstance(mark, RuleMark) and mark.x == mark.x2 and mark.grey == 0]
        for rule in uprights:
            for left, top, right, bottom, words in boxes:
                crossed = left + 0.5 < rule.x < right - 0.5 and min(rule.y2, bottom) - max(rule.y, top) > 0.5
                assert not crossed, words


def test_long_heads_do_not_collide(forms: dict[str, Form], head: Head) -> None:
    long = replace(head, school="青禾市示例区第一实验中学" * 6, number="ZJ-2026-" + "0" * 40, recipient="示例医院" * 40)
    rendered = print_of(forms["F-50"], "filled", replace(long, number="Z" * 300))
    assert "Z" * 300 in bare(text_of(rendered.pdf))
    rendered = print_of(forms["F-50"], "filled", long)
    assert bare("示例医院" * 40) in bare(text_of(rendered.pdf))
