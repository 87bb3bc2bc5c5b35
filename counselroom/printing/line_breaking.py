"""Breaks Chinese text into lines that a teacher of Chinese would accept.

reportlab's own breaker leaves an opening bracket at the end of a line or a comma at its start once Latin text is
mixed in. The two prohibition sets follow GB/T 15834 (punctuation) as Chinese word processors apply it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

NEVER_FIRST = frozenset("、。，．：；！？）〕］｝〉》」』】〗”’…—～·‰℃％々,.:;!?)]}%")
"""Characters that may not start a line."""
NEVER_LAST = frozenset("（〔［｛〈《「『【〖“‘([{￥＄$№#")
"""Characters that may not end a line."""
_SPACES = " \u3000"
_PIECE = re.compile(
    r"[ \u3000]+|[A-Za-z0-9À-ɏͰ-Ͽ](?:[A-Za-z0-9À-ɏͰ-Ͽ]|['’.,:/@&+_=~^-](?=[A-Za-z0-9À-ɏͰ-Ͽ]))*%?|…+|—+|.", re.DOTALL
)

Measure = Callable[[str], float]


@dataclass(frozen=True)
class Line:
    """One line of a paragraph.

    Attributes:
        text: its characters, the spaces at its end included; the texts of all lines of a paragraph, joined, are the
            paragraph.
        indent: free space before the text, in points.
        ends_paragraph: whether the paragraph ends here.
    """

    text: str
    indent: float = 0.0
    ends_paragraph: bool = False

    @property
    def visible(self) -> str:
        """The text without the spaces that hang over its end."""
        return self.text.rstrip(_SPACES)


def break_text(text: str, width: float, measure: Measure, *, first_indent: float = 0.0) -> list[Line]:
    """Break `text` into lines not wider than `width` points.

    Args:
        text: paragraphs, separated by line feeds.
        width: the room for a line, in points; at least as wide as its widest character.
        measure: returns the width of a string in points.
        first_indent: free space before the first line of each paragraph that is not empty, in points.
    """
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        lines += break_paragraph(paragraph, width, measure, first_indent=first_indent)
    return lines


def break_paragraph(paragraph: str, width: float, measure: Measure, *, first_indent: float = 0.0) -> list[Line]:
    """Break one paragraph (a text without line feeds) into at least one line; see `break_text`."""
    indent = first_indent if paragraph.strip(_SPACES) else 0.0
    if measure(paragraph.rstrip(_SPACES)) <= width - indent:  # most texts of a form
        return [Line(paragraph, indent, ends_paragraph=True)]
    texts: list[str] = []
    current = ""
    current_width = 0.0
    for unit in _units(paragraph):
        room = width - (0.0 if texts else indent)
        unit_width = measure(unit)
        if current_width + measure(unit.rstrip(_SPACES)) <= room:
            current += unit
            current_width += unit_width
            continue
        if current:
            texts.append(current)
            current = ""
        for piece in _fitting(unit, width, measure, first_room=width if texts else width - indent):
            if current:
                texts.append(current)
            current = piece
        current_width = measure(current)
    texts.append(current)
    last = len(texts) - 1
    return [Line(text, 0.0 if number else indent, number == last) for number, text in enumerate(texts)]


def _units(paragraph: str) -> list[str]:
    """Cut a paragraph at every place where a line may end."""
    pieces = _PIECE.findall(paragraph)
    units: list[str] = []
    for piece in pieces:
        before = units[-1].rstrip(_SPACES) if units else ""
        opened = bool(before) and before[-1] in NEVER_LAST
        if units and (piece[0] in _SPACES or piece[0] in NEVER_FIRST or opened):
            units[-1] += piece
        else:
            units.append(piece)
    return units


def _fitting(unit: str, width: float, measure: Measure, *, first_room: float) -> list[str]:
    """Cut a unit that is wider than a line into pieces that fit; a unit that fits comes back whole."""
    pieces: list[str] = []
    current = ""
    current_width = 0.0
    room = first_room
    for character in unit:
        character_width = measure(character)
        hangs = character in _SPACES
        if current and not hangs and current_width + character_width > room:
            carried = _carried(current) if character in NEVER_FIRST else ""
            pieces.append(current[: len(current) - len(carried)])
            current, current_width, room = carried, measure(carried), width
        current += character
        current_width += character_width
    pieces.append(current)
    return pieces


def _carried(line: str) -> str:
    """Return the character that moves to the next line so that a forbidden one need not start it, or nothing."""
    movable = len(line) > 1 and line[-1] not in NEVER_FIRST and line[-1] not in _SPACES and line[-2] not in NEVER_LAST
    return line[-1] if movable else ""
