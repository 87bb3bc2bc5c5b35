"""The whole engine of one definition, read back by poppler: conditions, pages, heads, slips, copies, orientation."""

from __future__ import annotations

from counselroom.printing.definitions import Audience
from counselroom.printing.form_files import read_form
from counselroom.printing.form_values import FormValues
from counselroom.printing.head import Head
from counselroom.printing.renderer import Rendered, render
from tests.printing.columns import COLUMNS
from tests.printing.pdf import bare, page_texts, properties_of, text_of

SOURCE = """[form]
id = "F-98"
title = "登记与存根试用表"
title_en = "Whole engine"
version = 1
secrecy = "S1"
audiences = ["room", "guardian"]
subject = "trial"
copy_labels = { room = "第一联　存根", guardian = "第二联　交监护人" }

[[part]]
id = "main"

[[part]]
id = "further"
title = "另起一页的部分"
page_break = true

[[part]]
id = "stub"
title = "回执存根"
tear_off = true
cut_text = "沿此线撕下"

[[item]]
linkId = "kind"
text = "类别"
type = "choices"
disclosure = "administrative"
options = ["甲", "乙", "丙"]
audiences = ["room", "guardian"]
at = { row = 1, col = 1, span = 6 }

[[item]]
linkId = "times"
text = "次数"
type = "int"
unit = "次"
disclosure = "administrative"
audiences = ["room", "guardian"]
at = { row = 1, col = 7, span = 6 }

[[item]]
linkId = "both"
text = "两者都"
type = "text"
disclosure = "administrative"
enableWhen = { all = [{ question = "kind", operator = "=", answer = "甲" },
    { question = "times", operator = ">", answer = 2 }] }
at = { row = 2, col = 1, span = 6 }

[[item]]
linkId = "either"
text = "任一"
type = "text"
disclosure = "administrative"
enableWhen = { any = [{ question = "kind", operator = "=", answer = "乙" },
    { question = "times", operator = ">=", answer = 9 }] }
at = { row = 2, col = 7, span = 6 }

[[item]]
linkId = "list"
text = "名册"
type = "table"
disclosure = "administrative"
columns = [{ linkId = "no", text = "序号", type = "int" }, { linkId = "what", text = "内容", width = 4 }]
audiences = ["room", "guardian"]
at = { row = 3, col = 1, span = 12, label = 0, lines = 3 }

[[item]]
linkId = "later"
text = "后续"
type = "note"
disclosure = "administrative"
at = { part = "further", row = 1, col = 1, span = 12, lines = 3 }

[[item]]
linkId = "received"
text = "收到"
type = "text"
disclosure = "administrative"
audiences = ["room", "guardian"]
at = { part = "stub", row = 1, col = 1, span = 12 }

[[signature]]
role = "guardian"
text = "监护人"
part = "stub"
seal = true
"""
HEAD = Head("青禾市示例中学心理辅导室", number="X-2026-001")


def printed(values: FormValues | None, audience: Audience = Audience.ROOM, **changes: str) -> Rendered:
    source = SOURCE
    for old, new in changes.items():
        source = source.replace(f"{old} = ", new, 1)
    return render(read_form(source, "F-98.toml", COLUMNS), audience, values, HEAD)


def test_all_and_any_decide_what_is_struck() -> None:
    answers = {"both": "两者成立", "either": "任一成立"}
    for kind, times, shown in (
        (("甲",), 3, {"两者成立"}),
        (("甲",), 2, set()),
        (("乙",), 3, {"任一成立"}),
        (("丙",), 9, {"任一成立"}),
        (("甲", "乙"), 9, {"两者成立", "任一成立"}),
    ):
        text = bare(text_of(printed({"kind": kind, "times": times, **answers}).pdf))
        assert {words for words in answers.values() if words in text} == shown
        assert text.count("／") == 2 - len(shown)


def test_a_table_goes_over_pages_and_repeats_its_head() -> None:
    rows = [{"no": number, "what": f"第{number}件事"} for number in range(1, 91)]
    rendered = printed({"list": rows})
    pages = [bare(text) for text in page_texts(rendered.pdf)]
    assert len(pages) == rendered.pages >= 4
    with_rows = [page for page in pages if "件事" in page]
    assert len(with_rows) >= 3
    assert all("序号内容" in page for page in with_rows), "the head of the table is on each page"
    assert all("登记与存根试用表" in page for page in pages), "each page says which form it belongs to"
    assert all("X-2026-001" in page for page in pages)
    together = "".join(pages)
    assert [together.count(f"第{number}件事") for number in (1, 45, 90)] == [1, 1, 1]
    assert [f"第{number}页共{len(pages)}页" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)


def test_a_part_begins_on_its_page_and_a_slip_stays_whole() -> None:
    pages = [bare(text) for text in page_texts(printed({"later": "甲" * 40}).pdf)]
    assert "另起一页的部分" not in pages[0]
    assert "另起一页的部分" in pages[1]
    (slip,) = [page for page in pages if "沿此线撕下" in page]
    for words in ("回执存根", "收到", "监护人", "（盖章处）", "青禾市示例中学心理辅导室", "编号：X-2026-001"):
        assert words in slip.split("沿此线撕下")[1], "a slip speaks for itself once it is torn off"


def test_each_copy_has_its_label_and_its_items() -> None:
    values = {"later": "只存本校", "received": "已收到"}
    room, guardian = (bare(text_of(printed(values, audience).pdf)) for audience in (Audience.ROOM, Audience.GUARDIAN))
    assert "第一联存根" in room
    assert "第二联交监护人" in guardian
    assert "只存本校" in room
    assert "只存本校" not in guardian
    assert "另起一页的部分" not in guardian, "a part of which nothing is printed leaves no empty page"
    assert "已收到" in guardian


def test_the_sheet_lies_when_the_form_says_so() -> None:
    lying = printed(None, subject='paper = { orientation = "landscape" }\nsubject = ')
    assert "841.89 x 595.276" in properties_of(lying.pdf)
    assert "595.276 x 841.89" in properties_of(printed(None).pdf)
