"""The topics of counselling are data: in both languages, and refused with file and line where they are wrong."""

from __future__ import annotations

import pytest

from counselroom import i18n, resources
from counselroom.services import topics
from counselroom.services.data_lists import ListRefused

SOURCE = resources.read_text(topics.FILE)


def test_there_are_topics_in_both_languages() -> None:
    chinese = topics.all_topics()
    i18n.use("en")
    english = topics.all_topics()
    i18n.use()
    assert len(chinese) >= 16
    assert chinese[0] == topics.Topic("study_pressure", "学业压力")
    assert english[0] == topics.Topic("study_pressure", "Pressure of study")


def test_a_topic_that_was_taken_off_the_list_is_called_by_its_key() -> None:
    assert topics.topic_label("sleep") == "睡眠与作息"
    assert topics.topic_label("gone") == "gone"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("[[topic]\n", 1),
        ("", 1),
        ('[[topic]]\nkey = "a1"\nlabel = "甲"\nlabel_en = "A"\nx = 1\n', 5),
        ('[[topic]]\nkey = "a1"\nlabel = ""\nlabel_en = "A"\n', 3),
        ('[[topic]]\nkey = "甲"\nlabel = "甲"\nlabel_en = "A"\n', 2),
        ('[[topic]]\nkey = "a1"\nlabel_en = "A"\n', 1),
        ('[[topic]]\nkey = "a1"\nlabel = "甲"\nlabel_en = "A"\n' * 2, 6),
    ],
)
def test_a_wrong_list_is_refused_with_its_line(source: str, line: int) -> None:
    with pytest.raises(ListRefused) as refusal:
        topics.read_topics(source, "topics.toml")
    assert (refusal.value.file, refusal.value.line) == ("topics.toml", line)
