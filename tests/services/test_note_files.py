"""Templates and phrases of notes are data: every heading is an item of F-11, a wrong file is refused with its line."""

from __future__ import annotations

import pytest

from counselroom import i18n, resources
from counselroom.services import forms, note_files
from counselroom.services.data_lists import ListRefused

SOURCE = resources.read_text(note_files.TEMPLATES)


def test_every_heading_is_printed_on_f_11() -> None:
    printed = {item.link_id for item in forms.all_forms()["F-11"].definition.item}
    templates = note_files.all_templates()
    assert [template.key for template in templates] == ["standard", "first", "short", "full"]
    assert all(set(template.sections()) <= printed for template in templates)
    assert all(note_files.AGREED in template.sections() for template in templates)
    assert note_files.OUTCOMES in printed


def test_a_note_is_shown_with_the_template_it_was_written_with() -> None:
    short = {"content": "", "homework": "", note_files.OUTCOMES: "- 做到了：早睡"}
    assert note_files.template_for(short).key == "short"
    assert note_files.template_for({"content": "要点"}).key == "standard"
    assert note_files.template_for({"technique": "呼吸"}).key == "full"
    assert note_files.template_for({}).key == "standard"


def test_labels_are_in_both_languages() -> None:
    i18n.use("en")
    english = note_files.all_templates()[0]
    i18n.use()
    assert (english.label, english.headings[1].text) == ("Standard", "Course")
    assert note_files.all_templates()[0].headings[1].text == "经过"
    assert len(note_files.all_phrases()) >= 10


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('section = "analysis", text = "评估"', 'section = "diagnosis", text = "评估"', 'label_en = "Standard"'),
        ('section = "analysis", text = "评估"', 'section = "content", text = "评估"', 'label_en = "Standard"'),
        ('key = "first"', 'key = "standard"', 'label_en = "Standard"'),
    ],
)
def test_a_wrong_template_is_refused(before: str, after: str, line: str) -> None:
    with pytest.raises(ListRefused) as refusal:
        note_files.read_templates(SOURCE.replace(before, after, 1), "note_templates.toml")
    least = SOURCE[: SOURCE.index(line)].count("\n") + 1
    assert refusal.value.line >= least


def test_a_wrong_phrase_is_refused() -> None:
    with pytest.raises(ListRefused) as refusal:
        note_files.read_phrases('[[phrase]]\ngroup = "开始"\ntext = ""\n', "phrases.toml")
    assert refusal.value.line == 3
