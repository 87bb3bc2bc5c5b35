from __future__ import annotations

import gc
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from types import MappingProxyType

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from counselroom.errors import Bug
from counselroom.printing import painting, renderer, style
from counselroom.printing.audiences import Selection, select
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.fonts import DRAWING, FormFont, form_font
from counselroom.printing.form_files import read_form
from counselroom.printing.form_values import FormValue, FormValues, codes, is_given, rows_of, written
from counselroom.printing.head import Head
from counselroom.printing.marks import Mark, RuleMark, TextMark
from counselroom.printing.note_text import paragraphs
from counselroom.printing.painting import paint
from counselroom.printing.renderer import PrintIncomplete, Rendered, file_name, render
from tests.printing.columns import COLUMNS
from tests.printing.pdf import bare, fonts_of, picture_of, properties_of, text_of
from tests.printing.samples import LONG, VALUES

FORMS = ("F-06", "F-11", "F-19", "F-50")
HARD_NAME = "欧阳𬱖𫖯𬭚𬀩䶮㛃鿏龘"
KINDS: Mapping[str, Mapping[str, Mapping[str, FormValue]] | None] = MappingProxyType(
    {"blank": None, "filled": VALUES, "longest": LONG}
)


def first_audience(form: Form) -> Audience:
    return form.definition.form.audiences[0]


def print_of(form: Form, kind: str, head: Head, audience: Audience | None = None) -> Rendered:
    values = KINDS[kind]
    return render(form, audience or first_audience(form), None if values is None else values[form.id], head)


def spoken(value: object) -> list[str]:
    """Return the words by which an answer must be found on the page, without white space."""
    if isinstance(value, str):
        return [bare(paragraph.text) for paragraph in paragraphs(value)]
    if isinstance(value, date | time | int):
        return [bare(written(value))]
    if isinstance(value, Sequence):
        return [word for row in value if isinstance(row, Mapping) for each in row.values() for word in spoken(each)]
    return []


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_only_embedded_subsets_of_one_font(forms: dict[str, Form], head: Head, name: str, kind: str) -> None:
    rows = fonts_of(print_of(forms[name], kind, head).pdf)
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+NotoSansSC-Regular\s+TrueType\s+\S+\s+yes yes yes ", row), row


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


def test_the_properties_hold_nothing_about_a_person(forms: dict[str, Form], head: Head) -> None:
    properties = properties_of(print_of(forms["F-50"], "filled", head).pdf)
    assert re.search(r"^Title:\s+F-50 学生心理转介单$", properties, re.MULTILINE)
    assert re.search(r"^Creator:\s+counselroom$", properties, re.MULTILINE)
    for word in ("陈假名", "林示例", "青禾", "anonymous", "ZJ-2026"):
        assert word not in properties
    assert file_name(forms["F-50"], head) == "F-50-学生心理转介单-20260312.pdf"
    assert file_name(forms["F-50"], Head("x")) == "F-50-学生心理转介单.pdf"


def test_the_paper_is_white(forms: dict[str, Form], head: Head) -> None:
    rendered = print_of(forms["F-06"], "filled", head)
    assert re.search(rb"1 g[\s\S]{0,80}?0 0 595[.\d]* 841[.\d]* re", decompressed(rendered.pdf))
    picture = picture_of(rendered.pdf)
    assert picture[-500:] == b"\xff" * 500


def decompressed(pdf: bytes) -> bytes:
    import base64
    import zlib

    found = b""
    for body in re.findall(rb"stream\r?\n([\s\S]*?)endstream", pdf):
        try:
            found += zlib.decompress(base64.a85decode(body.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            found += body
    return found


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


def box_of(mark: TextMark) -> tuple[float, float, float, float, str]:
    width = form_font().width(mark.text, mark.size) + mark.spacing * (len(mark.text) - 1)
    return mark.x, mark.y - mark.size * 0.8, mark.x + width, mark.y + mark.size * 0.1, mark.text


@pytest.mark.parametrize("field", ["recipient", "purpose"])
def test_a_secret_sheet_says_to_whom_and_what_for(forms: dict[str, Form], head: Head, field: str) -> None:
    bare_head = replace(head, **{field: " "})
    with pytest.raises(PrintIncomplete) as caught:
        print_of(forms["F-50"], "filled", bare_head)
    assert "没有打印" in caught.value.safe
    print_of(forms["F-50"], "blank", bare_head)
    print_of(forms["F-06"], "filled", bare_head)


def test_the_optional_excerpt_is_printed_only_when_it_is_ticked(forms: dict[str, Form], head: Head) -> None:
    form, values = forms["F-50"], VALUES["F-50"]
    without = bare(text_of(render(form, Audience.HOSPITAL, values, head).pdf))
    ticked = bare(text_of(render(form, Audience.HOSPITAL, values, head, ticked={"session_excerpt"}).pdf))
    assert "来访者自述" not in without
    assert "辅导记录摘录" not in without
    assert "来访者自述" in ticked
    assert "辅导记录" in ticked


def test_a_missing_character_is_shown_and_told(forms: dict[str, Form], head: Head) -> None:
    rendered = render(forms["F-50"], Audience.HOSPITAL, {"name": "王😀", "reason": "😀😀"}, head)
    assert "〔U+1F600〕" in bare(text_of(rendered.pdf))
    assert len(rendered.warnings) == 2
    assert all("U+1F600" in warning for warning in rendered.warnings)
    assert "姓名" in rendered.warnings[0]


def test_a_forbidden_word_is_told_unless_a_hospital_said_it(forms: dict[str, Form], head: Head) -> None:
    rendered = render(forms["F-50"], Audience.HOSPITAL, {"reason": "诊断为抑郁症"}, head)
    assert len(rendered.warnings) == 2
    card = render(forms["F-19"], Audience.ROOM, {"health_history": "抑郁症（示例医院 2025 年诊断证明）"}, head)
    assert card.warnings == ()


def test_an_answer_outside_the_options_is_shown_and_told(forms: dict[str, Form], head: Head) -> None:
    rendered = render(forms["F-50"], Audience.HOSPITAL, {"urgency": "tomorrow"}, head)
    assert "其他：tomorrow" in bare(text_of(rendered.pdf))
    assert len(rendered.warnings) == 1
    own = render(
        forms["F-19"], Audience.ROOM, {"family_structure": "与外祖父母同住", "special_groups": ["a", "b"]}, head
    )
    assert "其他：与外祖父母同住" in bare(text_of(own.pdf))
    assert "其他：a、b" in bare(text_of(own.pdf))
    assert own.warnings == ()


def test_an_answer_for_the_pen_is_a_bug(forms: dict[str, Form], head: Head) -> None:
    with pytest.raises(Bug):
        render(forms["F-50"], Audience.HOSPITAL, {"reply_opinion": "可在校"}, head)
    render(forms["F-50"], Audience.HOSPITAL, {"reply_opinion": None}, head)


def test_unknown_answers_are_dropped_at_the_door(forms: dict[str, Form], head: Head) -> None:
    rendered = render(
        forms["F-50"], Audience.HOSPITAL, {"nickname": "SECRETNICK", "supervisor_opinion": "OPINION"}, head
    )
    text = text_of(rendered.pdf)
    assert "SECRETNICK" not in text
    assert "OPINION" not in text


def test_the_layout_never_receives_what_the_reader_may_not_see(
    monkeypatch: pytest.MonkeyPatch, forms: dict[str, Form], head: Head
) -> None:
    received: list[FormValues] = []

    def spy(selection: Selection, values: FormValues | None, head: Head) -> Rendered:
        assert values is not None
        received.append(values)
        return Rendered(b"", 0, ())

    monkeypatch.setattr(renderer, "_draw", spy)
    form = forms["F-50"]
    for audience in form.definition.form.audiences:
        render(form, audience, {**VALUES["F-50"], "stray": "x"}, head)
        assert set(received[-1]) <= select(form, audience).link_ids
        assert "session_excerpt" not in received[-1]
    engine = read_form(OWN, "F-99.toml", COLUMNS)
    render(engine, Audience.ROOM, {"units": [{"unit_title": "甲", "stray": "x"}]}, head)
    assert received[-1] == {"units": [{"unit_title": "甲"}]}


def test_memory_stays_flat(forms: dict[str, Form], head: Head) -> None:
    font = pdfmetrics.getFont(form_font().name)
    for number in range(30):
        render(forms["F-06"], Audience.CLIENT, {"number": chr(0x4E00 + number)}, head)
    gc.collect()
    assert len(font.state) == 0
    before = len(gc.get_objects())
    for number in range(30):
        render(forms["F-06"], Audience.CLIENT, {"number": chr(0x5E00 + number)}, head)
    gc.collect()
    assert len(gc.get_objects()) - before < 500


OWN = """[form]
id = "F-99"
title = "引擎试用表，很长的表名也要排在一行里，必要时缩小字号，不折行，也不出框"
title_en = "Engine"
version = 1
secrecy = "S1"
audiences = ["room"]
paper = { orientation = "landscape" }
subject = "trial"

[[part]]
id = "main"
title = "第一部分"

[[part]]
id = "units"
title = "第 {n} 节"
repeats = true
blank = 2

[[part]]
id = "empty"
title = "没有栏目的部分"

[[part]]
id = "slip"
tear_off = true
cut_text = ""

[[item]]
linkId = "kind"
text = "类别"
type = "choice"
disclosure = "administrative"
options = ["甲", { code = "x", text = "其他", other = true }]
at = { row = 1, col = 1, span = 6 }

[[item]]
linkId = "agreed"
text = "同意"
type = "bool"
disclosure = "administrative"
at = { row = 1, col = 7, span = 4 }

[[item]]
linkId = "only_a"
text = "仅甲填写"
type = "note"
disclosure = "administrative"
enableWhen = { question = "kind", operator = "=", answer = "甲" }
at = { row = 2, col = 1, span = 6, rows = 2, lines = 4 }

[[item]]
linkId = "upper"
text = "上"
type = "text"
disclosure = "administrative"
at = { row = 2, col = 7, span = 6 }

[[item]]
linkId = "lower"
text = "下"
type = "time"
disclosure = "administrative"
at = { row = 3, col = 7, span = 6 }

[[item]]
linkId = "signed_here"
text = "家长"
type = "signature"
at = { row = 4, col = 5, span = 3 }

[[item]]
linkId = "sold"
text = "无标签"
type = "note"
signed = "审核人"
disclosure = "administrative"
at = { row = 5, col = 1, span = 12, label = 0, lines = 2 }

[[item]]
linkId = "list"
text = "清单"
type = "table"
disclosure = "administrative"
columns = [{ linkId = "a", text = "甲" }, { linkId = "b", text = "乙", type = "int" }]
at = { row = 6, col = 1, span = 12, label = 0, lines = 2 }

[[item]]
linkId = "unit_title"
text = "名称"
type = "text"
disclosure = "administrative"
at = { part = "units", row = 1, col = 1, span = 12 }

[[item]]
linkId = "slip_text"
text = "回条"
type = "computed"
disclosure = "administrative"
at = { part = "slip", row = 1, col = 1, span = 12 }

[[signature]]
role = "a"
text = "甲方"

[[signature]]
role = "b"
text = "乙方"
wide = true
seal = true
"""


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


def test_long_heads_do_not_collide(forms: dict[str, Form], head: Head) -> None:
    long = replace(head, school="青禾市示例区第一实验中学" * 6, number="ZJ-2026-" + "0" * 40, recipient="示例医院" * 40)
    rendered = print_of(forms["F-50"], "filled", replace(long, number="Z" * 300))
    assert "Z" * 300 in bare(text_of(rendered.pdf))
    rendered = print_of(forms["F-50"], "filled", long)
    assert bare("示例医院" * 40) in bare(text_of(rendered.pdf))


def test_a_document_is_drawn_under_the_lock(
    monkeypatch: pytest.MonkeyPatch, forms: dict[str, Form], head: Head
) -> None:
    """The race between two documents is too rare to be met in a test: reportlab shares one read position."""
    held: list[bool] = []

    class WatchedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no type information
        def save(self) -> None:
            held.append(DRAWING.locked())
            super().save()

    monkeypatch.setattr(painting, "Canvas", WatchedCanvas)
    print_of(forms["F-06"], "filled", head)
    assert held == [True]
    assert not DRAWING.locked()


def test_prints_in_two_threads_do_not_disturb_each_other(forms: dict[str, Form], head: Head) -> None:
    """The window previews in one thread while a batch prints in another."""
    alone = {name: print_of(forms[name], "filled", head).pdf for name in FORMS}
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda name: (name, print_of(forms[name], "filled", head).pdf), FORMS * 2))
    finally:
        sys.setswitchinterval(interval)
    assert all(pdf == alone[name] for name, pdf in together)
