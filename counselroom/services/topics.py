"""The topics of counselling: what a note can name and the statistics count (`resources/topics.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import Field

from counselroom import resources
from counselroom.i18n import DEFAULT_LANGUAGE, language
from counselroom.services.data_lists import Strict, read_list, refuse_twice

FILE = "resources/topics.toml"


@dataclass(frozen=True)
class Topic:
    """A topic with its words in the language of the window."""

    key: str
    label: str


class _Topic(Strict):
    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")
    label: str = Field(min_length=1, max_length=12)
    label_en: str = Field(min_length=1, max_length=40)


class _File(Strict):
    topic: tuple[_Topic, ...] = Field(min_length=1)


def read_topics(source: str, file: str) -> tuple[tuple[str, str, str], ...]:
    """Read and check a list of topics: (key, Chinese label, English label), in its order.

    Raises:
        ListRefused: with file, line and reason.
    """
    found = read_list(_File, source, file).topic
    refuse_twice(source, file, "topic", [topic.key for topic in found])
    return tuple((topic.key, topic.label, topic.label_en) for topic in found)


def all_topics() -> tuple[Topic, ...]:
    """Return the topics in the order of the file. Raises ListRefused when the file is wrong."""
    chinese = language() == DEFAULT_LANGUAGE
    return tuple(Topic(key, label if chinese else english) for key, label, english in _shipped())


def topic_label(key: str) -> str:
    """Return the words of a topic; one that the school took off its list is called by its key."""
    return next((topic.label for topic in all_topics() if topic.key == key), key)


@cache
def _shipped() -> tuple[tuple[str, str, str], ...]:
    return read_topics(resources.read_text(FILE), FILE.rpartition("/")[2])
