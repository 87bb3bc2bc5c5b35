"""Finds the heading of a roster by itself and guesses what each column holds; the user can correct every guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from counselroom.rules.people import SpecialGroup
from counselroom.rules.roster_cells import Cell, text_of
from counselroom.rules.roster_words import Field, Meaning, RosterWords, heading_of

Line = tuple[int, Sequence[Cell]]

LINES_SEARCHED = 60
"""Lines from the top among which the heading is looked for."""

_GUARDIAN_FIELDS = frozenset(
    {Field.GUARDIAN_NAME, Field.GUARDIAN_RELATION, Field.FATHER_NAME, Field.MOTHER_NAME}
    | {Field.SECOND_GUARDIAN_NAME, Field.SECOND_GUARDIAN_RELATION}
)
_SECOND = {
    Field.GUARDIAN_NAME: Field.SECOND_GUARDIAN_NAME,
    Field.GUARDIAN_RELATION: Field.SECOND_GUARDIAN_RELATION,
    Field.GUARDIAN_PHONE: Field.SECOND_GUARDIAN_PHONE,
    Field.PHONE: Field.BACKUP_PHONE,
}
_MAY_REPEAT = frozenset({Field.SPECIAL_GROUP, Field.REMARK, Field.UNUSED})


@dataclass(frozen=True)
class Column:
    """A column of the roster and what it is taken for.

    Attributes:
        index: 0-based position.
        heading: its heading as the file has it, both lines of a split one.
        meaning: what it holds; None when nothing was recognised, so that it is not imported.
        sure: False for a guess from a part of the heading, which the user should look at.
    """

    index: int
    heading: str
    meaning: Meaning | None
    sure: bool


@dataclass(frozen=True)
class ColumnMapping:
    """What the user corrected.

    Attributes:
        columns: 0-based position to meaning, None for a column that is not to be imported; others stay as guessed.
        heading_line: 1-based line of the heading, 0 for a table without one, None to let it be found.
    """

    columns: Mapping[int, Meaning | None] = field(default_factory=dict)
    heading_line: int | None = None


@dataclass(frozen=True)
class Heading:
    """The heading of the table.

    Attributes:
        lines: 1-based numbers of its lines, one or two; empty for a table without one.
        columns: every column.
    """

    lines: tuple[int, ...]
    columns: tuple[Column, ...]

    def positions(self) -> dict[Meaning, list[int]]:
        """Return the positions of the columns of each meaning, from the left."""
        found: dict[Meaning, list[int]] = {}
        for column in self.columns:
            if column.meaning is not None and column.meaning is not Field.UNUSED:
                found.setdefault(column.meaning, []).append(column.index)
        return found

    @property
    def has_names(self) -> bool:
        """Whether the table can be imported at all: students without names can't."""
        return Field.NAME in self.positions()

    @property
    def side_by_side(self) -> bool:
        """Whether two tables stand beside each other, so that half of the students would be lost."""
        headings = [heading_of(column.heading) for column in self.columns]
        names = [column for column in self.columns if column.meaning is Field.NAME]
        numbers = [column for column in self.columns if column.meaning in (Field.NUMBER, Field.REGISTRATION_NUMBER)]
        return any(headings.count(heading_of(column.heading)) > 1 for column in names) and any(
            headings.count(heading_of(column.heading)) > 1 for column in numbers
        )


def find_heading(lines: Sequence[Line], words: RosterWords, mapping: ColumnMapping | None = None) -> Heading | None:
    """Return the heading among the first lines of a sheet, None when there is none.

    A heading has a column of names and at least one other known column; of several the one with most known columns
    counts. Lines of titles above, a heading in two lines (group above, detail below) and blank lines are seen through.

    Args:
        lines: the first lines that are not blank.
        words: names of columns.
        mapping: the user's corrections, which go before every guess.
    """
    mapping = mapping or ColumnMapping()
    width = max((len(cells) for _number, cells in lines), default=0)
    if mapping.heading_line == 0:
        bare = Heading((), tuple(Column(index, "", None, sure=False) for index in range(width)))
        return _corrected(bare, mapping)
    best: Heading | None = None
    for at, (number, _cells) in enumerate(lines):
        if mapping.heading_line not in (None, number):
            continue
        for height in (1, 2):
            heading = _heading_at(lines, at, height, width, words)
            if heading is not None and (best is None or _worth(heading) > _worth(best)):
                best = heading
    if best is None:
        return None
    best = _corrected(best, mapping)
    return best if mapping.heading_line or _is_heading(best) else None


def repeats(cells: Sequence[Cell], heading: Heading) -> bool:
    """Return whether a line in the middle of the table says the heading again, as on every printed page."""
    shown = {column.index: heading_of(column.heading) for column in heading.columns if column.meaning}
    said = [(index, heading_of(text_of(cell))) for index, cell in enumerate(cells) if cell != "" and index in shown]
    same = sum(bool(word) and (shown[index].startswith(word) or shown[index].endswith(word)) for index, word in said)
    return bool(said) and same * 2 > len(said)


def is_other_heading(cells: Sequence[Cell], words: RosterWords) -> bool:
    """Return whether a line is the heading of another table: a known name and two more known columns, all sure."""
    known = [words.meaning_of(text_of(cell)) for cell in cells if isinstance(cell, str)]
    sure = {meaning for meaning, is_sure in known if is_sure}
    return Field.NAME in sure and len(sure) > 2


def looks_like_data(cells: Sequence[Cell]) -> bool:
    """Return whether a line holds a number or a text that begins with a digit, as no heading does."""
    return any(not isinstance(cell, str) or cell.lstrip()[:1].isdecimal() for cell in cells)


def _worth(heading: Heading) -> tuple[int, int]:
    """Prefer more different known columns, then a heading of one line."""
    known = {column.meaning for column in heading.columns if column.meaning not in (None, Field.UNUSED)}
    return (len(known) if Field.NAME in known else 0), -len(heading.lines)


def _is_heading(heading: Heading) -> bool:
    return _worth(heading)[0] > 1


def _corrected(heading: Heading, mapping: ColumnMapping) -> Heading:
    return replace(
        heading,
        columns=tuple(
            replace(column, meaning=mapping.columns[column.index], sure=True)
            if column.index in mapping.columns
            else column
            for column in heading.columns
        ),
    )


def _heading_at(lines: Sequence[Line], at: int, height: int, width: int, words: RosterWords) -> Heading | None:
    upper = [text_of(cell) for cell in lines[at][1]] + [""] * (width - len(lines[at][1]))
    if len({text for text in upper if text}) < 2:  # a title, perhaps merged over all columns
        return None
    if height == 1:
        return _guess((lines[at][0],), upper, [(text,) for text in upper], words)
    if at + 1 >= len(lines):
        return None
    below = lines[at + 1][1]
    lower = [text_of(cell) for cell in below] + [""] * (width - len(below))
    if looks_like_data(below):
        return None
    upper = _spread(upper, lower)
    labels = [(above,) if below in ("", above) else (above, below) for above, below in zip(upper, lower, strict=True)]
    if any(words.meaning_of(label[0])[0] is Field.NAME and len(label) > 1 for label in labels):
        # below the heading 姓名 stands a name: a line of data, unless it is an explanation or the word itself
        name = next(label for label in labels if len(label) > 1 and words.meaning_of(label[0])[0] is Field.NAME)
        if heading_of(name[1]) and words.meaning_of(name[1])[0] is None and not name[1].startswith(("(", "（")):
            return None
    texts = [" ".join(part for part in label if part) for label in labels]
    return _guess((lines[at][0], lines[at + 1][0]), texts, labels, words)


def _spread(upper: list[str], lower: list[str]) -> list[str]:
    """Return the upper line with each group's heading over all its columns, where cells were not merged."""
    spread = list(upper)
    for index in range(1, len(upper)):
        if not spread[index] and lower[index] and spread[index - 1] and lower[index - 1]:
            spread[index] = spread[index - 1]
    return spread


def _guess(
    numbers: tuple[int, ...], texts: list[str], labels: Sequence[tuple[str, ...]], words: RosterWords
) -> Heading:
    columns: list[Column] = []
    for index, (text, label) in enumerate(zip(texts, labels, strict=True)):
        meaning, sure = _meaning(label, words)
        columns.append(Column(index, text, meaning, sure))
    return Heading(numbers, tuple(_settle(columns)))


def _meaning(label: tuple[str, ...], words: RosterWords) -> tuple[Meaning | None, bool]:
    """Return the meaning of a split heading: both lines together, else the line that is sure, else the lower one."""
    if len(label) == 1 or not heading_of(label[1]):
        return words.meaning_of(label[0])
    above, below = label
    readings = [words.meaning_of(above + below), words.meaning_of(below), words.meaning_of(above)]
    if below.startswith(("(", "（")):
        readings.insert(0, readings.pop())
    elif above and readings[0][1] is False and readings[2][0] in _GUARDIAN_FIELDS:
        readings = [(None, False)]  # a detail of the guardian we don't know, such as 监护人/工作单位
    return next((reading for reading in readings if reading[1]), readings[0])


def _settle(columns: list[Column]) -> list[Column]:
    """Give a repeated field its second meaning or none, and a telephone behind a guardian to the guardian."""
    phones_of_guardians = {column.meaning for column in columns} & {Field.GUARDIAN_PHONE, Field.FATHER_PHONE}
    sure_first = sorted(columns, key=lambda column: not column.sure)
    taken: dict[Meaning, int] = {}
    settled: dict[int, Column] = {}
    for column in sure_first:
        meaning = column.meaning
        if meaning is Field.PHONE and not phones_of_guardians and _follows_guardian(column.index, columns):
            meaning = Field.GUARDIAN_PHONE
        while isinstance(meaning, Field) and meaning in taken and meaning not in _MAY_REPEAT:
            meaning = _SECOND.get(meaning)
        if isinstance(meaning, SpecialGroup) and meaning in taken:
            meaning = None
        if meaning is not None:
            taken[meaning] = column.index
        settled[column.index] = replace(column, meaning=meaning, sure=column.sure and meaning is not None)
    return [settled[column.index] for column in columns]


def _follows_guardian(index: int, columns: list[Column]) -> bool:
    """Return whether only columns of a guardian stand between a guardian's name and the column at `index`."""
    before = columns[index - 1].meaning if index else None
    return before in _GUARDIAN_FIELDS and not any(word in columns[index].heading for word in ("学生", "本人"))
