"""A register that only a TOML file of a test knows: about students, with every kind of answer."""

from __future__ import annotations

import pytest

from counselroom.printing.definitions import Form
from counselroom.printing.form_files import read_form
from counselroom.services import forms
from counselroom.services.bindings import disclosure_classes

KEY = "F-97"
LIST_KEY = "F-98"

SHEET = """
[form]
id = "F-97"
title = "谈话登记"
title_en = "Talks"
version = 3
secrecy = "S2"
audiences = ["room"]
subject = "register"
purpose = "存档"

[register]
title = "谈话"
columns = ["day", "who", "minutes", "how", "facts"]
date = "day"
person = "who"
subject = "student"
counted = ["minutes"]

[[item]]
linkId = "day"
text = "日期"
type = "date"
disclosure = "administrative"
required = true
at = { row = 1, col = 1, span = 4 }

[[item]]
linkId = "who"
text = "学生"
type = "person"
disclosure = "identity"
required = true
at = { row = 1, col = 5, span = 4 }

[[item]]
linkId = "at"
text = "时间"
type = "time"
disclosure = "administrative"
at = { row = 1, col = 9, span = 4 }

[[item]]
linkId = "minutes"
text = "时长"
type = "int"
unit = "分钟"
max = 300
disclosure = "administrative"
at = { row = 2, col = 1, span = 4 }

[[item]]
linkId = "how"
text = "方式"
type = "choice"
options = [{ code = "face", text = "面谈" }, { code = "phone", text = "电话" }]
disclosure = "administrative"
at = { row = 2, col = 5, span = 8 }

[[item]]
linkId = "number"
text = "号码"
type = "text"
disclosure = "contact"
enableWhen = { question = "how", operator = "=", answer = "phone" }
at = { row = 3, col = 1, span = 12 }

[[item]]
linkId = "facts"
text = "经过"
type = "note"
disclosure = "session_text"
at = { row = 4, col = 1, span = 12, lines = 4 }

[[item]]
linkId = "topics"
text = "话题"
type = "choices"
options = [
    { code = "study", text = "学习" },
    { code = "sleep", text = "睡眠" },
    { code = "more", text = "其他", other = true },
]
disclosure = "administrative"
at = { row = 5, col = 1, span = 12 }

[[item]]
linkId = "again"
text = "再谈"
type = "bool"
disclosure = "administrative"
at = { row = 6, col = 1, span = 4 }

[[item]]
linkId = "agreed"
text = "约定"
type = "table"
disclosure = "session_text"
columns = [
    { linkId = "what", text = "事项" },
    { linkId = "until", text = "期限", type = "date" },
    { linkId = "times", text = "次数", type = "int" },
]
at = { row = 7, col = 1, span = 12, lines = 2 }
"""

LIST = """
[form]
id = "F-98"
title = "热线登记簿"
title_en = "Calls"
version = 1
secrecy = "S3"
audiences = ["room"]
paper = { orientation = "landscape" }
subject = "register"
purpose = "存档"

[register]
rows = "calls"
columns = ["day", "caller", "said"]
date = "day"
person = "caller"
counted = ["minutes"]

[[item]]
linkId = "calls"
text = "来电"
type = "table"
disclosure = "session_text"
columns = [
    { linkId = "day", text = "日期", type = "date", required = true },
    { linkId = "caller", text = "来电人", type = "person" },
    { linkId = "minutes", text = "时长", type = "int", unit = "分钟" },
    { linkId = "said", text = "内容", type = "note", width = 4 },
]
at = { row = 1, col = 1, span = 12, label = 0, lines = 6 }
"""


def with_own_registers(monkeypatch: pytest.MonkeyPatch, *, secrecy: str = "S2") -> dict[str, Form]:
    """Let the program have both registers beside its own; nothing but these two files is added."""
    shipped = forms.all_forms()
    own = [
        read_form(SHEET.replace('secrecy = "S2"', f'secrecy = "{secrecy}"'), "F-97.toml", disclosure_classes()),
        read_form(LIST, "F-98.toml", disclosure_classes()),
    ]
    found = shipped | {form.id: form for form in own}
    monkeypatch.setattr(forms, "all_forms", lambda: found)
    return found
