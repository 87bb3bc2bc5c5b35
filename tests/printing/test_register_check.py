"""A wrong `[register]` is refused with its file and its line."""

from __future__ import annotations

import pytest

from counselroom.printing.form_files import FormRefused, read_form
from tests.printing.columns import COLUMNS
from tests.services.own_register import LIST, SHEET


def line_with(source: str, words: str) -> int:
    return next(number for number, line in enumerate(source.split("\n"), start=1) if words in line)


WRONG = [
    (SHEET, 'columns = ["day", "who"', 'columns = ["day", "nobody"', "nobody"),
    (SHEET, 'columns = ["day", "who"', 'columns = ["day", "day"', 'columns = ["day", "day"'),
    (SHEET, '"facts"]', '"agreed"]', '"agreed"]'),
    (SHEET, 'counted = ["minutes"]', 'counted = ["facts"]', "counted"),
    (SHEET, 'date = "day"', 'date = "at"', 'date = "at"'),
    (SHEET, 'person = "who"', 'person = "facts"', 'person = "facts"'),
    (SHEET, 'person = "who"\n', "", 'subject = "student"'),
    (SHEET, 'person = "who"', 'person = "who"\nsummary = "agreed"', "summary"),
    (SHEET, 'person = "who"', 'person = "who"\nsecrecy = "S1"', 'secrecy = "S1"'),
    (SHEET, 'person = "who"', 'person = "who"\nicon = "smile"', "smile"),
    (SHEET, 'person = "who"', 'person = "who"\ncolour = "red"', "colour"),
    (LIST, 'rows = "calls"', 'rows = "day"', "rows"),
    (LIST, 'rows = "calls"\n', "", "[register]"),
]


@pytest.mark.parametrize(("source", "old", "new", "line"), WRONG)
def test_a_wrong_register_is_refused_with_its_line(source: str, old: str, new: str, line: str) -> None:
    assert source.count(old) >= 1
    changed = source.replace(old, new, 1)
    with pytest.raises(FormRefused) as refused:
        read_form(changed, "own.toml", COLUMNS)
    assert refused.value.file == "own.toml"
    # A name that is missing in the list of columns is found in the same table at the nearest line.
    first = line_with(changed, "[register]")
    wanted = line_with(changed, line)
    assert refused.value.line == wanted or first <= refused.value.line <= wanted or line == "[register]"
    assert refused.value.reason


def test_a_column_asks_like_an_item_only_in_a_register() -> None:
    choice = '{ linkId = "what", text = "事项", type = "choice", options = ["甲"] }'
    with pytest.raises(FormRefused):
        read_form(SHEET.replace('{ linkId = "what", text = "事项" }', choice), "own.toml", COLUMNS)
    kept = LIST.replace('{ linkId = "said", text = "内容", type = "note", width = 4 }', choice.replace("what", "said"))
    assert read_form(kept, "own.toml", COLUMNS).register_fields()[-1].options[0].code == "甲"
    for wrong in (
        kept.replace('options = ["甲"]', "options = []"),
        kept.replace('options = ["甲"]', 'options = ["甲", "甲"]'),
        kept.replace('options = ["甲"]', 'options = ["甲"], enableWhen = { question = "said", operator = "exists" }'),
    ):
        with pytest.raises(FormRefused):
            read_form(wrong, "own.toml", COLUMNS)


def test_another_form_keeps_nothing() -> None:
    start, end = SHEET.index("[register]"), SHEET.index("[[item]]")
    assert read_form(SHEET[:start] + SHEET[end:], "own.toml", COLUMNS).register_fields() == ()
