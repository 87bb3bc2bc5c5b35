from __future__ import annotations

import gc
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from counselroom.errors import Bug
from counselroom.printing import painting, renderer
from counselroom.printing.audiences import Selection, select
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.fonts import DRAWING
from counselroom.printing.form_files import read_form
from counselroom.printing.form_values import FormValues
from counselroom.printing.head import Head
from counselroom.printing.renderer import PrintIncomplete, Rendered, file_name, render
from tests.printing.columns import COLUMNS
from tests.printing.pdf import bare, properties_of, text_of
from tests.printing.printing_forms import FORMS, OWN, print_of
from tests.printing.samples import VALUES


def test_the_properties_hold_nothing_about_a_person(forms: dict[str, Form], head: Head) -> None:
    properties = properties_of(print_of(forms["F-50"], "filled", head).pdf)
    assert re.search(r"^Title:\s+F-50 学生心理转介单$", properties, re.MULTILINE)
    assert re.search(r"^Creator:\s+counselroom$", properties, re.MULTILINE)
    for word in ("陈假名", "林示例", "青禾", "anonymous", "ZJ-2026"):
        assert word not in properties
    assert file_name(forms["F-50"], head) == "F-50-学生心理转介单-20260312.pdf"
    assert file_name(forms["F-50"], Head("x")) == "F-50-学生心理转介单.pdf"


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
    for number in range(30):
        render(forms["F-06"], Audience.CLIENT, {"number": chr(0x4E00 + number)}, head)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(30):
        render(forms["F-06"], Audience.CLIENT, {"number": chr(0x5E00 + number)}, head)
    gc.collect()
    assert len(gc.get_objects()) - before < 500


def test_a_document_is_drawn_under_the_lock(
    monkeypatch: pytest.MonkeyPatch, forms: dict[str, Form], head: Head
) -> None:
    """A race between two documents is too rare to be met in a test: they share what is read of the font."""
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
