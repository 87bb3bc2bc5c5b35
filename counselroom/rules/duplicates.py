"""Which two entries may be one student: the same number, or the same or a near name with a birthday or a class."""

from __future__ import annotations

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, pairwise


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
    entered: str = ""
    """When the entry was made, as a text that sorts; the older entry stands first."""


@dataclass(frozen=True)
class LikelyPair:
    """Two entries that may be one student; `first` is the older entry."""

    first: str
    second: str
    likeness: tuple[Likeness, ...]


_Keys = Callable[["Candidate", str], Iterable[Hashable]]
"""What a candidate is compared by in one way; the second argument is its name without blanks and width."""
Pair = tuple[str, str]
"""The ids of two entries, the smaller first."""


def pair_of(one: str, other: str) -> Pair:
    """Return two ids in the order in which a pair is kept."""
    return (one, other) if one < other else (other, one)


def shortlist(read: Callable[[], Iterable[Candidate]]) -> tuple[int, tuple[Candidate, ...]]:
    """Return how many entries there are, and those that share something with another, the oldest first.

    Only these can be of a likely pair. The entries are read twice and not kept: 20,000 of them take 20 MB, which the
    process would hold until its end, and nearly all share nothing. Of each kind of key only the hashes are kept; two
    keys of one hash bring in an entry too many, of which `likely_pairs` makes no pair.
    """
    ways = (*_SAME.values(), _near_keys)
    hashes = [array("q") for _way in ways]
    count = 0
    for one in read():
        count += 1
        name = _plain(one.name)
        for keys, kept in zip(ways, hashes, strict=True):
            kept.extend(hash(key) for key in keys(one, name))
    again = [_repeated(kept) for kept in hashes]
    few = [
        one
        for one in read()
        if any(
            hash(key) in repeated
            for keys, repeated in zip(ways, again, strict=True)
            for key in keys(one, _plain(one.name))
        )
    ]
    return count, tuple(sorted(few, key=lambda one: (one.entered, one.id)))


def _repeated(hashes: Sequence[int]) -> frozenset[int]:
    return frozenset(one for one, other in pairwise(sorted(hashes)) if one == other)


def likely_pairs(candidates: Sequence[Candidate]) -> tuple[LikelyPair, ...]:
    """Return the pairs that may be one student, the most likely first; of all entries or of their shortlist."""
    names = [_plain(one.name) for one in candidates]
    found: dict[tuple[int, int], set[Likeness]] = defaultdict(set)
    for likeness, keys in _SAME.items():
        for group in _groups(keys, candidates, names):
            for pair in combinations(group, 2):
                found[pair].add(likeness)
    for group in _groups(_near_keys, candidates, names):
        for pair in combinations(group, 2):
            found[pair].add(Likeness.NEAR_NAME)
    order = list(Likeness)
    ranked = sorted((min(order.index(each) for each in likeness), pair) for pair, likeness in found.items())
    return tuple(
        LikelyPair(candidates[first].id, candidates[second].id, tuple(sorted(found[first, second], key=order.index)))
        for _rank, (first, second) in ranked
    )


def _groups(keys: _Keys, candidates: Sequence[Candidate], names: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of candidates that share a key, in their order."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, (one, name) in enumerate(zip(candidates, names, strict=True)):
        for key in keys(one, name):
            groups[key].append(place)
    for group in groups.values():
        if len(group) > 1:
            yield group


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number_keys(one: Candidate) -> Iterable[Hashable]:
    number = _plain(one.student_no or "").lstrip("0")
    return (number,) if number else ()


def _together(name: str, other: Hashable | None) -> Iterable[Hashable]:
    return ((name, other),) if name and other is not None else ()


_SAME: Mapping[Likeness, _Keys] = {
    Likeness.SAME_NUMBER: lambda one, _name: _number_keys(one),
    Likeness.SAME_NAME_AND_BIRTHDAY: lambda one, name: _together(name, one.birth_date),
    Likeness.SAME_NAME_AND_CLASS: lambda one, name: _together(name, one.class_id),
}


def _near_keys(one: Candidate, name: str) -> Iterable[Hashable]:
    """Return keys that two names of one birthday and class share when they differ in at most one character.

    A name without one of its characters, with the place where that stood: equal for two that differ just there.
    """
    is_known = one.birth_date is not None and one.class_id is not None and len(name) > 1
    for place in range(len(name) if is_known else 0):
        yield one.birth_date, one.class_id, place, name[:place], name[place + 1 :]
