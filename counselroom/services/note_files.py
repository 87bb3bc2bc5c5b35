"""The templates and phrases of session notes: data a school may edit; a wrong file is refused with file and line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import Field

from counselroom import resources
from counselroom.i18n import DEFAULT_LANGUAGE, _, language
from counselroom.printing.toml_lines import line_of
from counselroom.services.bindings import SECTIONS
from counselroom.services.data_lists import ListRefused, Strict, read_list, refuse_twice

TEMPLATES = "resources/note_templates.toml"
PHRASES = "resources/phrases.toml"
AGREED = "homework"
"""The section whose lines are asked about in the next session."""
OUTCOMES = "agreements"
"""The section that says what became of the last agreements; it is ticked, not typed."""


class _Heading(Strict):
    section: str
    text: str = Field(min_length=1, max_length=20)
    text_en: str = Field(min_length=1, max_length=40)
    hint: str = Field(default="", max_length=60)


class _Template(Strict):
    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,29}$")
    label: str = Field(min_length=1, max_length=12)
    label_en: str = Field(min_length=1, max_length=30)
    headings: tuple[_Heading, ...] = Field(min_length=1)


class _Templates(Strict):
    template: tuple[_Template, ...] = Field(min_length=1)


class _Phrase(Strict):
    group: str = Field(min_length=1, max_length=8)
    text: str = Field(min_length=1, max_length=200)


class _Phrases(Strict):
    phrase: tuple[_Phrase, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of a note: the section of F-11 below it, its words, and what stands there while it is empty."""

    section: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class Template:
    """The headings of a note in their order."""

    key: str
    label: str
    headings: tuple[Heading, ...]

    def sections(self) -> tuple[str, ...]:
        """Return the sections in their order."""
        return tuple(heading.section for heading in self.headings)


@dataclass(frozen=True)
class Phrase:
    """A sentence that is often written."""

    group: str
    text: str


def read_templates(source: str, file: str) -> tuple[_Template, ...]:
    """Read and check templates. Raises ListRefused with file, line and reason."""
    found = read_list(_Templates, source, file).template
    refuse_twice(source, file, "template", [template.key for template in found])
    for number, template in enumerate(found):
        named = [heading.section for heading in template.headings]
        for section in named:
            if section not in SECTIONS or section == OUTCOMES or named.count(section) > 1:
                reason = _("{key} is no item of F-11, or stands there twice.").format(key=section)
                raise ListRefused(file, line_of(source, ("template", number, "headings")), reason)
    return found


def read_phrases(source: str, file: str) -> tuple[Phrase, ...]:
    """Read and check phrases. Raises ListRefused with file, line and reason."""
    return tuple(Phrase(entry.group, entry.text) for entry in read_list(_Phrases, source, file).phrase)


def all_templates() -> tuple[Template, ...]:
    """Return the templates in the order of the file. Raises ListRefused when it is wrong."""
    chinese = language() == DEFAULT_LANGUAGE
    return tuple(
        Template(
            entry.key,
            entry.label if chinese else entry.label_en,
            tuple(Heading(part.section, part.text if chinese else part.text_en, part.hint) for part in entry.headings),
        )
        for entry in _templates()
    )


def all_phrases() -> tuple[Phrase, ...]:
    """Return the phrases in the order of the file. Raises ListRefused when it is wrong."""
    return _phrases()


def template_for(sections: Mapping[str, str]) -> Template:
    """Return the template a note was written with: the one with its sections, else the first that holds its text."""
    written = {section for section in sections if section != OUTCOMES}
    filled = {section for section in written if sections[section].strip()}
    found = all_templates()
    exact = next((each for each in found if set(each.sections()) == written), None)
    return exact or _holding(filled, found)


def _holding(filled: Collection[str], found: tuple[Template, ...]) -> Template:
    return next((each for each in found if set(each.sections()) >= set(filled)), found[-1])


@cache
def _templates() -> tuple[_Template, ...]:
    return read_templates(resources.read_text(TEMPLATES), TEMPLATES.rpartition("/")[2])


@cache
def _phrases() -> tuple[Phrase, ...]:
    return read_phrases(resources.read_text(PHRASES), PHRASES.rpartition("/")[2])
