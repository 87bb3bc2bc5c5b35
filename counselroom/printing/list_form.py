"""The list of a register whose rows are sheets: a form made from the columns its definition shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from counselroom.printing import audiences
from counselroom.printing.definitions import MAIN, Audience, Column, Form, Item, fields_of
from counselroom.printing.form_files import read_form
from counselroom.rules.disclosure import DisclosureClass

ROWS, PERIOD, COUNT, NUMBER = "list_rows", "list_period", "list_count", "list_number"
"""linkIds of such a list; the columns have those of the register's fields."""
_WIDTHS = {"date": 1.6, "time": 0.9, "int": 0.9, "bool": 0.8, "choice": 1.4, "choices": 2.0, "person": 1.2, "note": 3.0}
_TEXT = 2.0


@lru_cache(maxsize=64)
def _read(source: str) -> Form:
    return read_form(source, "", {})


def list_form(form: Form) -> Form:
    """Return the form of a list of rows; each of its readers may see every column that is left for them."""
    head, definition = form.definition.form, form.definition
    register = definition.register_head
    fields = {field.link_id: field for field in fields_of(definition) if isinstance(field, Item)}
    shown = [fields[name] for name in register.columns] if register is not None else []
    readers = [each for each in head.audiences if all(each in item.audiences for item in shown)]
    if not readers:  # nobody sees all of it: the first reader, and what that one sees
        readers = [head.audiences[0]]
        shown = [item for item in shown if readers[0] in item.audiences]
    columns = [{"linkId": NUMBER, "text": "序号", "width": 0.6}, *(_column(item) for item in shown)]
    secrecy = register.secrecy if register is not None and register.secrecy is not None else head.secrecy
    lines = [
        "[form]",
        _pair("id", head.id),
        _pair("title", f"{head.title[:38]}一览"),
        _pair("title_en", f"{head.title_en[:72]} (list)"),
        _pair("version", head.version),
        _pair("secrecy", secrecy),
        _pair("audiences", readers),
        'paper = { size = "A4", orientation = "landscape" }',
        _pair("subject", head.subject),
        _pair("purpose", head.purpose),
        *_item(PERIOD, "期间", "text", DisclosureClass.ADMINISTRATIVE, readers),
        "at = { row = 1, col = 1, span = 7 }",
        *_item(COUNT, "合计", "text", DisclosureClass.ADMINISTRATIVE, readers),
        "at = { row = 1, col = 8, span = 5 }",
        *_item(ROWS, "登记", "table", _strictest(shown), readers),
        f"columns = [{', '.join(_table(column) for column in columns)}]",
        "at = { row = 2, col = 1, span = 12, label = 0, lines = 8 }",
    ]
    for role, text in (("recorder", "登记人"), ("director", "中心主任")):
        lines += ["[[signature]]", _pair("role", role), _pair("text", text)]
    for footnote in definition.footnote:
        if footnote.fixed and footnote.part in (None, MAIN):
            lines += ["[[footnote]]", _pair("text", footnote.text), "fixed = true"]
    return _read("\n".join(lines) + "\n")


def _column(item: Item | Column) -> Mapping[str, object]:
    kind = "note" if item.type in ("note", "choices") else "text"
    return {
        "linkId": item.link_id,
        "text": item.label,
        "type": kind,
        "width": _WIDTHS.get(str(item.type), _TEXT),
    }


def _strictest(items: Sequence[Item]) -> DisclosureClass:
    """Return the class that the fewest readers may see."""
    known = audiences.ceilings()
    classes = [item.disclosure for item in items if item.disclosure is not None]
    return min(classes, key=lambda each: sum(ceiling.allows(each, optional=False) for ceiling in known.values()))


def _item(link_id: str, text: str, kind: str, disclosure: DisclosureClass, readers: Sequence[Audience]) -> list[str]:
    return [
        "[[item]]",
        _pair("linkId", link_id),
        _pair("text", text),
        _pair("type", kind),
        _pair("disclosure", disclosure),
        _pair("audiences", readers),
    ]


def _pair(key: str, value: object) -> str:
    """Return a line of TOML; text, numbers and lists of them are written as in JSON."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"


def _table(values: Mapping[str, object]) -> str:
    return "{ " + ", ".join(_pair(key, value) for key, value in values.items()) + " }"
