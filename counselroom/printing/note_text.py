"""Reads the small Markdown of notes: bold, lists, quotes. Every other sign stays as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_BULLET = re.compile(r"\s*[-*]\s+")
_NUMBER = re.compile(r"\s*(\d{1,3}[.、)])\s*(?=\D)")
_QUOTE = re.compile(r"\s*>\s?")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


class Kind(StrEnum):
    """What a paragraph is."""

    PLAIN = "plain"
    LISTED = "listed"
    QUOTE = "quote"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a note.

    Attributes:
        kind: plain, an entry of a list, or a quote.
        text: its words without marks of emphasis.
        bold: ranges of `text` in bold, each start and end.
        sign: what stands before an entry of a list: `•` or its number.
    """

    kind: Kind
    text: str
    bold: tuple[tuple[int, int], ...] = ()
    sign: str = ""


def paragraphs(note: str) -> list[Paragraph]:
    """Return the paragraphs of `note`, empty lines left out; spaces that imitate an indent are dropped."""
    found: list[Paragraph] = []
    for line in note.split("\n"):
        if not line.strip(" \u3000"):
            continue
        kind, sign, rest = Kind.PLAIN, "", line
        if match := _BULLET.match(line):
            kind, sign, rest = Kind.LISTED, "•", line[match.end() :]
        elif match := _NUMBER.match(line):
            kind, sign, rest = Kind.LISTED, match.group(1), line[match.end() :]
        elif match := _QUOTE.match(line):
            kind, rest = Kind.QUOTE, line[match.end() :]
        text, bold = _without_bold(rest.strip(" \u3000"))
        found.append(Paragraph(kind, text, bold, sign))
    return found


def _without_bold(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    pieces: list[str] = []
    ranges: list[tuple[int, int]] = []
    length = end = 0
    for match in _BOLD.finditer(text):
        pieces += [text[end : match.start()], match.group(1)]
        start = length + match.start() - end
        length = start + len(match.group(1))
        ranges.append((start, length))
        end = match.end()
    pieces.append(text[end:])
    return "".join(pieces), tuple(ranges)
