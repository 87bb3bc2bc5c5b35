"""Which two entries may be one student: the same number, or the same or a near name with a birthday or a class."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations


class Likeness(StrEnum):
    """Why two entries may be one student, the strongest reason first."""

    SAME_NUMBER = "same_number"
    """But for width, case and leading zeros."""
    SAME_NAME_AND_BIRTHDAY = "same_name_and_birthday"
    SAME_NAME_AND_CLASS = "same_name_and_class"
    NEAR_NAME = "near_name"
    """The same birthday and class, and names that differ in one character."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an entry is compared."""

    id: str
    name: str
    student_no: str | None
    birth_date: date | None
    class_id: str | None


@dataclass(frozen=True)
class LikelyPair:
    """Two entries that may be one student; `first` is the older entry."""

    first: str
    second: str
    likeness: tuple[Likeness, ...]


Pair = tuple[str, str]
"""The ids of two entries, the smaller first."""


def pair_of(one: str, other: str) -> Pair:
    """Return two ids in the order in which a pair is kept."""
    return (one, other) if one < other else (other, one)


def likely_pairs(candidates: Sequence[Candidate]) -> tuple[LikelyPair, ...]:
    """Return the pairs that may be one student, the most likely first; takes a moment per ten thousand entries."""
    place = {candidate.id: number for number, candidate in enumerate(candidates)}
    found: dict[tuple[str, str], set[Likeness]] = defaultdict(set)
    for likeness, keys in (
        (Likeness.SAME_NUMBER, lambda one: _number_keys(one)),
        (Likeness.SAME_NAME_AND_BIRTHDAY, lambda one: _together(_plain(one.name), one.birth_date)),
        (Likeness.SAME_NAME_AND_CLASS, lambda one: _together(_plain(one.name), one.class_id)),
        (Likeness.NEAR_NAME, _near_keys),
    ):
        # Nearly all keys occur once: only those seen before are kept whole, or 20,000 entries take 25 MB.
        seen: set[int] = set()
        again: set[int] = set()
        for candidate in candidates:
            for key in keys(candidate):
                (again if hash(key) in seen else seen).add(hash(key))
        groups: dict[Hashable, set[str]] = defaultdict(set)
        for candidate in candidates:
            for key in keys(candidate):
                if hash(key) in again:
                    groups[key].add(candidate.id)
        for group in groups.values():
            for first, second in combinations(sorted(group, key=place.__getitem__), 2):
                found[first, second].add(likeness)
    order = list(Likeness)
    pairs = [
        LikelyPair(first, second, tuple(sorted(likeness, key=order.index)))
        for (first, second), likeness in found.items()
    ]
    return tuple(sorted(pairs, key=lambda pair: (order.index(pair.likeness[0]), place[pair.first], place[pair.second])))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number_keys(one: Candidate) -> Iterator[str]:
    number = _plain(one.student_no or "").lstrip("0")
    if number:
        yield number


def _together(name: str, other: Hashable | None) -> Iterator[tuple[str, Hashable]]:
    if name and other is not None:
        yield name, other


def _near_keys(one: Candidate) -> Iterable[Hashable]:
    """Return keys that two names of one birthday and class share when they differ in at most one character.

    A name without one of its characters, with the place where that stood: equal for two that differ just there.
    """
    name = _plain(one.name)
    if one.birth_date is None or one.class_id is None or len(name) < 2:
        return
    for place in range(len(name)):
        yield one.birth_date, one.class_id, place, name[:place], name[place + 1 :]
