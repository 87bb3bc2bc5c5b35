"""Prints the shipped forms, and one that uses every feature of the engine, for several tests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from counselroom.printing.definitions import Audience, Form
from counselroom.printing.fonts import form_font
from counselroom.printing.form_values import FormValue
from counselroom.printing.head import Head
from counselroom.printing.marks import TextMark
from counselroom.printing.renderer import Rendered, render
from tests.printing.samples import LONG, VALUES

FORMS = ("F-06", "F-11", "F-19", "F-50")


KINDS: Mapping[str, Mapping[str, Mapping[str, FormValue]] | None] = MappingProxyType(
    {"blank": None, "filled": VALUES, "longest": LONG}
)


def first_audience(form: Form) -> Audience:
    return form.definition.form.audiences[0]


def print_of(form: Form, kind: str, head: Head, audience: Audience | None = None) -> Rendered:
    values = KINDS[kind]
    return render(form, audience or first_audience(form), None if values is None else values[form.id], head)


def box_of(mark: TextMark) -> tuple[float, float, float, float, str]:
    width = form_font().width(mark.text, mark.size) + mark.spacing * (len(mark.text) - 1)
    return mark.x, mark.y - mark.size * 0.8, mark.x + width, mark.y + mark.size * 0.1, mark.text


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
