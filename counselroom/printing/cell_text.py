"""Turns words, notes, options and signing lines into the strips that fill a cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from counselroom.printing import style
from counselroom.printing.definitions import Option
from counselroom.printing.fonts import FormFont
from counselroom.printing.line_breaking import Line, break_paragraph, break_text
from counselroom.printing.marks import FAINT, MUTED, BoxMark, Mark, RuleMark, Strip, TextMark
from counselroom.printing.note_text import Kind, Paragraph, paragraphs

_BOX_GAP = 3.5
_OPTION_GAP = 12.0
_OTHER_ROOM = 64.0
_BASELINE = 0.76
"""Share of a line's height above its baseline: sets text optically in the middle of its strip."""


@dataclass(frozen=True)
class Face:
    """A font at one size."""

    font: FormFont
    size: float = style.BODY
    leading: float = style.LEADING
    bold: bool = False
    grey: float = 0.0

    def width(self, text: str) -> float:
        """Return the width of `text` in points."""
        return self.font.width(text, self.size)

    @property
    def baseline(self) -> float:
        """Distance of the baseline from the top of a strip, in points."""
        return (self.leading - self.size) / 2 + self.size * _BASELINE + self.size * 0.12

    def mark(self, x: float, text: str, *, spacing: float = 0.0, bold: bool | None = None) -> TextMark:
        """Return `text` at `x` on the baseline of a strip."""
        heavy = self.bold if bold is None else bold
        return TextMark(x, self.baseline, text, self.size, heavy, self.grey, spacing)


def plain_strips(text: str, width: float, face: Face, *, align: str = "left") -> list[Strip]:
    """Return `text` broken to `width`, left, centred or right; one empty strip for an empty text."""
    strips = []
    for line in break_text(text, width, face.width):
        free = width - face.width(line.visible)
        x = {"left": 0.0, "center": free / 2, "right": free}[align]
        strips.append(Strip(face.leading, (face.mark(x, line.visible),) if line.visible else ()))
    return strips


def label_strips(text: str, width: float, face: Face) -> list[Strip]:
    """Return a label, centred; one of two characters is spread to the width of four, as on Chinese forms."""
    if len(text) == 2 and width >= face.size * 4 and ord(min(text)) > 0x2E80:
        gap = face.size * 1.0
        x = (width - face.size * 2 - gap) / 2
        return [Strip(face.leading, (face.mark(x, text[0]), face.mark(x + face.size + gap, text[1])))]
    return plain_strips(text, width, face, align="center")


def note_strips(note: str, width: float, face: Face) -> list[Strip]:
    """Return a note: paragraphs indented by two characters, entries of lists hanging, quotes set in, lines filled."""
    strips: list[Strip] = []
    for paragraph in paragraphs(note):
        hang = {Kind.PLAIN: 0.0, Kind.LISTED: face.size * 2, Kind.QUOTE: face.size * 2}[paragraph.kind]
        sign_width = face.width(paragraph.sign)
        if paragraph.sign and sign_width > hang - 2:
            hang = sign_width + face.size * 0.5
        indent = face.size * 2 if paragraph.kind is Kind.PLAIN else 0.0
        lines = break_paragraph(paragraph.text, width - hang, face.width, first_indent=indent)
        start = 0
        for number, line in enumerate(lines):
            marks = _note_line(paragraph, line, start, hang, width - hang, face)
            if number == 0 and paragraph.sign:
                marks.insert(0, face.mark(hang - sign_width - face.size * 0.4, paragraph.sign))
            if paragraph.kind is Kind.QUOTE:
                x = hang - face.size * 0.6
                marks.append(RuleMark(x, 2, x, face.leading - 1, 1.5, FAINT))
            strips.append(Strip(face.leading, tuple(marks)))
            start += len(line.text)
    return strips or [Strip(face.leading)]


def _note_line(paragraph: Paragraph, line: Line, start: int, hang: float, width: float, face: Face) -> list[Mark]:
    """Return the runs of one line, bold ones apart, spread to the full width when that takes little room."""
    text = line.visible
    spacing = 0.0
    if not line.ends_paragraph and len(text) > 1:
        spacing = (width - line.indent - face.width(text)) / (len(text) - 1)
        spacing = max(spacing, 0.0) if spacing <= face.size * style.MAX_JUSTIFY else 0.0
    marks: list[Mark] = []
    x = hang + line.indent
    for first, end, bold in _runs(paragraph.bold, start, start + len(text)):
        run = text[first - start : end - start]
        marks.append(face.mark(x, run, spacing=spacing, bold=bold))
        x += face.width(run) + spacing * len(run)
    return marks


def _runs(bold: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int, bool]]:
    """Cut the range `start`…`end` where bold begins or ends."""
    cuts = sorted({start, end, *(min(max(place, start), end) for pair in bold for place in pair)})
    return [(first, last, any(low <= first and last <= high for low, high in bold)) for first, last in pairwise(cuts)]


def option_strips(
    options: Sequence[Option], ticked: Collection[str], other_text: str | None, width: float, face: Face
) -> list[Strip]:
    """Return options as boxes with their words, those in `ticked` ticked.

    Args:
        options: the options in their order.
        ticked: codes of the ticked ones.
        other_text: words behind the option that takes words of one's own; None leaves a line for the pen.
        width: the room, in points.
        face: the font.
    """
    rows: list[list[Mark]] = [[]]
    x = 0.0
    top = (face.leading - style.BOX) / 2
    for option in options:
        words = option.text
        if option.other and other_text:
            words = f"{option.text}：{other_text}"
        elif option.other:
            words = f"{option.text}："
        line_room = _OTHER_ROOM if option.other and not other_text else 0.0
        lead = style.BOX + _BOX_GAP
        if x and x + lead + face.width(words) + line_room > width:
            rows.append([])
            x = 0.0
        rows[-1].append(BoxMark(x, top, style.BOX, option.code in ticked))
        lines = break_paragraph(words, width - x - lead, face.width)
        for number, line in enumerate(lines):
            if number:
                rows.append([])
                x = 0.0
            rows[-1].append(face.mark(x + lead, line.visible))
        x += lead + face.width(lines[-1].visible)
        if line_room:
            end = min(width, x + line_room)
            rows[-1].append(RuleMark(x, face.baseline + 2, end, face.baseline + 2, 0.5, MUTED))
            x = end
        x += _OPTION_GAP
    return [Strip(face.leading, tuple(row)) for row in rows]


def signing_strip(who: str, width: float, face: Face, *, seal: str = "") -> Strip:
    """Return a line to sign: `who`, room for the pen, the date, and where wanted the words for the seal."""
    date_x = width - face.width(style.BLANK_SHORT_DATE)
    beside = date_x >= face.width(who) + style.SIGN_ROOM
    height = style.SIGN_LINE + (0.0 if beside else style.PEN_LINE) + (style.SEAL_ROOM if seal else 0.0)
    baseline = height - (style.SIGN_LINE - face.leading) / 2 - face.leading + face.baseline
    who_baseline = baseline if beside else baseline - style.PEN_LINE
    marks: list[Mark] = [
        TextMark(0.0, who_baseline, who, face.size),
        TextMark(date_x, baseline, style.BLANK_SHORT_DATE, face.size),
    ]
    if seal:
        size = face.size * min(1.0, width / face.width(seal))
        words_x = width - face.width(seal) * size / face.size
        marks.append(TextMark(words_x, baseline - 22.0, seal, size, False, MUTED))
    return Strip(height, tuple(marks))
