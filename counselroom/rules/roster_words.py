"""The words of rosters: names of columns and of values, as `resources/roster_columns.toml` states them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus


class Field(StrEnum):
    """What a column of a roster may hold."""

    NUMBER = "number"
    REGISTRATION_NUMBER = "registration_number"
    """The number in the register of the country; stands in for `NUMBER` where there is no such column."""
    NAME = "name"
    GENDER = "gender"
    BIRTH_DATE = "birth_date"
    GRADE = "grade"
    CLASS = "class"
    COLLEGE = "college"
    MAJOR = "major"
    DORM = "dorm"
    PHONE = "phone"
    BACKUP_PHONE = "backup_phone"
    ADDRESS = "address"
    ETHNICITY = "ethnicity"
    POLITICAL_STATUS = "political_status"
    STATUS = "status"
    ID_NUMBER = "id_number"
    """Gives birth date and gender where their columns say nothing; is itself not kept."""
    SPECIAL_GROUP = "special_group"
    REMARK = "remark"
    """Searched for special groups; is itself not kept."""
    GUARDIAN_NAME = "guardian_name"
    GUARDIAN_RELATION = "guardian_relation"
    GUARDIAN_PHONE = "guardian_phone"
    SECOND_GUARDIAN_NAME = "second_guardian_name"
    SECOND_GUARDIAN_RELATION = "second_guardian_relation"
    SECOND_GUARDIAN_PHONE = "second_guardian_phone"
    FATHER_NAME = "father_name"
    FATHER_PHONE = "father_phone"
    MOTHER_NAME = "mother_name"
    MOTHER_PHONE = "mother_phone"
    UNUSED = "unused"
    """A column that is known and deliberately not kept."""


Meaning = Field | SpecialGroup
"""A column holds a field, or answers with yes and no whether the student belongs to a special group."""

_NOISE = re.compile(r"[\s*＊:：,，.。、;；_\-—/\\|'\"“”‘’]+")
_BRACKETS = re.compile(r"[(\[{【〔<][^()\[\]{}【】〔〕<>]*[)\]}】〕>]")
_FILLING = ("信息", "情况", "基本", "资料")
_OWNER = ("学生", "本人")
_KIND_OF_CHILD = ("儿童", "学生", "家庭", "子女")
_LONGEST_HEADING = 20


@dataclass(frozen=True)
class RosterWords:
    """The words of `resources/roster_columns.toml`, folded as cells are folded before they are compared.

    Attributes:
        columns: folded heading to field.
        genders: folded word to gender; likewise the next three.
        relations: word to relation.
        statuses: word to status.
        groups: words that, inside a text, mean a special group; the longest first.
        yes: words of agreement; likewise `no`.
        no: words of denial.
        negations: what before a word of a group denies it.
        whole_only: headings that mean nothing as a part of a longer one.
        other_people: words in a heading that is about somebody else than the student.
        yes_no_headings: how a heading that is a question begins.
        totals: words that begin a line of totals.
        footers: words that begin a line below a table.
        unnamed_guardian: what a guardian is called whose name the roster leaves out, by relation; `other` for the rest.
    """

    columns: Mapping[str, Field]
    genders: Mapping[str, Gender]
    relations: Mapping[str, Relation]
    statuses: Mapping[str, StudentStatus]
    groups: tuple[tuple[str, SpecialGroup], ...]
    yes: frozenset[str]
    no: frozenset[str]
    negations: tuple[str, ...]
    whole_only: frozenset[str]
    other_people: tuple[str, ...]
    yes_no_headings: tuple[str, ...]
    totals: tuple[str, ...]
    footers: tuple[str, ...]
    unnamed_guardian: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> RosterWords:
        """Return the words of the parsed TOML. Raises KeyError or ValueError: incomplete or ambiguous."""
        values = data["values"]
        marks = data["marks"]
        groups = [(word, SpecialGroup(name)) for name, words in values["special_group"].items() for word in words]
        return cls(
            columns={word: Field(name) for word, name in _once(data["columns"], heading_of).items()},
            genders={word: Gender(name) for word, name in _once(values["gender"], fold).items()},
            relations={word: Relation(name) for word, name in _once(values["relation"], fold).items()},
            statuses={word: StudentStatus(name) for word, name in _once(values["status"], fold).items()},
            groups=tuple(sorted(groups, key=lambda pair: -len(pair[0]))),
            yes=frozenset(map(fold, marks["yes"])),
            no=frozenset(map(fold, marks["no"])),
            negations=tuple(marks["not"]),
            whole_only=frozenset(map(heading_of, marks["whole_only"])),
            other_people=tuple(marks["other_people"]),
            yes_no_headings=_longest_first(marks["yes_no_heading"]),
            totals=tuple(marks["total"]),
            footers=tuple(fold(word) for word in marks["footer"]),
            unnamed_guardian=dict(data["unnamed_guardian"]),
        )

    def meaning_of(self, heading: str) -> tuple[Meaning | None, bool]:
        """Return what a column headed `heading` holds (None: unknown), and whether that is sure."""
        name = heading_of(heading)
        if not name or len(name) > _LONGEST_HEADING:
            return None, False
        for form in (name, *(name.removeprefix(owner) for owner in _OWNER)):
            if form in self.columns:
                return self.columns[form], True
        group = next((group for word, group in self.groups if word in name), None)
        if any(name.startswith(start) for start in self.yes_no_headings):
            return (group or Field.UNUSED), group is not None
        if group and (name.endswith(_KIND_OF_CHILD) or any(word == name for word, _group in self.groups)):
            return group, True
        parts = [word for word in self.columns if word not in self.whole_only]
        within = [word for word in parts if name.startswith(word)]
        if not within and not any(word in name for word in self.other_people):
            within = [word for word in parts if name.endswith(word)]
        return (self.columns[max(within, key=len)], False) if within else (None, False)


def fold(text: str) -> str:
    """Return `text` as it is compared: full-width forms as plain ones, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def heading_of(text: str) -> str:
    """Return a heading as it is compared: folded, without brackets and what is in them, marks and filling words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    name = _NOISE.sub("", _BRACKETS.sub("", plain)) or _NOISE.sub("", plain.strip("()[]{}【】〔〕<>"))
    for word in _FILLING:
        name = name.replace(word, "")
    return name


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _once(table: Mapping[str, Iterable[str]], form: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in table.items():
        for word in words:
            folded = form(word)
            if found.setdefault(folded, name) != name:
                message = f"the word {word} stands for two things"
                raise ValueError(message)
    return found
