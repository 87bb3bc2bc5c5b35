"""Finds words that no paper of a counselling room may use: a diagnosis as a conclusion, names of illnesses as labels.

A counselling room assesses and refers, it does not diagnose, and a label on paper follows a child for years. The
names of illnesses may come only from fields that hold a hospital's own document.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from counselroom import resources

WORDS_FILE = "resources/forbidden_words.toml"


@dataclass(frozen=True)
class ForbiddenWord:
    """A word and the whole phrases in which it may stand all the same."""

    word: str
    allowed: tuple[str, ...] = ()


@cache
def shipped_words() -> tuple[ForbiddenWord, ...]:
    """Return the list that comes with the program."""
    entries = tomllib.loads(resources.read_text(WORDS_FILE))["word"]
    return tuple(ForbiddenWord(entry["word"], tuple(entry.get("allowed", ()))) for entry in entries)


def find_forbidden(text: str, words: tuple[ForbiddenWord, ...] | None = None) -> tuple[str, ...]:
    """Return the forbidden words that stand in `text`, each once, in the order of the list.

    Spaces and line ends inside a word do not hide it.
    """
    bare = "".join(text.split())
    found = []
    for entry in shipped_words() if words is None else words:
        rest = bare
        for phrase in sorted(entry.allowed, key=len, reverse=True):
            rest = rest.replace(phrase, "\n")
        if entry.word in rest:
            found.append(entry.word)
    return tuple(found)
