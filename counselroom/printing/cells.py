"""Fills the cell of one item: with its answer, or with what a pen needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from counselroom.i18n import _
from counselroom.printing import style
from counselroom.printing.bands import Cell
from counselroom.printing.cell_text import (
    Face,
    label_strips,
    note_strips,
    option_strips,
    plain_strips,
    signing_strip,
)
from counselroom.printing.conditions import applies
from counselroom.printing.definitions import Item, ItemType, Option, Place
from counselroom.printing.fonts import FormFont
from counselroom.printing.forbidden_words import find_forbidden
from counselroom.printing.form_values import FormValues, codes, is_given, written
from counselroom.printing.marks import Strip
from counselroom.rules.disclosure import DisclosureClass

_YES_NO = (Option(code="yes", text=style.YES), Option(code="no", text=style.NO))
_CHOICES = (ItemType.CHOICE, ItemType.CHOICES, ItemType.BOOL)


@dataclass
class Ink:
    """What the makers of cells share while one print is laid out.

    Attributes:
        font: the font.
        width: the width of the tables, in points.
        classes: the class of each answer, by linkId.
        values: the answers, by linkId; None for a blank print.
        warnings: sentences for the user, collected on the way.
    """

    font: FormFont
    width: float
    classes: Mapping[str, DisclosureClass]
    values: FormValues | None
    warnings: list[str] = field(default_factory=list)

    def face(self, size: float = style.BODY, leading: float = style.LEADING, *, bold: bool = False) -> Face:
        """Return the font at one size."""
        return Face(self.font, size, leading, bold)

    def clean(self, text: str, label: str) -> str:
        """Return `text` as it can be printed; a character the font lacks is shown as a code and warned of."""
        printable = self.font.printable(text)
        if printable.missing:
            codes_missing = " ".join(f"U+{ord(character):04X}" for character in printable.missing)
            self.warn(
                _("{label}: the font has no character {codes}; its code is printed instead.").format(
                    label=label, codes=codes_missing
                )
            )
        return printable.text

    def warn(self, sentence: str) -> None:
        """Keep a sentence for the user, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def answer(self, item: Item, value: object) -> str:
        """Return a single answer, printable, with a warning for a word that our papers do not use.

        The names of illnesses may come from a hospital's document only; such columns have a class of their own.
        """
        text = self.clean(written(value, item.unit), item.label)
        if self.classes.get(item.link_id) is not DisclosureClass.ILLNESS:
            for word in find_forbidden(text):
                self.warn(
                    _("{label}: the word {word} should not stand on our papers.").format(label=item.label, word=word)
                )
        return text


@dataclass(frozen=True)
class Content:
    """The inside of a cell; the fields are those of `Cell`."""

    strips: tuple[Strip, ...] = ()
    top: bool = False
    foot: Strip | None = None
    pen: bool = False


def label_cell(ink: Ink, text: str, x: float, width: float) -> Cell:
    """Return the label of an item."""
    strips, continued = _label(text, width - 2 * style.LABEL_PAD, ink.face())
    return Cell(x, width, strips=strips, label=True, again=(*strips, *continued), pad=style.LABEL_PAD)


@lru_cache(maxsize=4096)  # a label is of the form's definition and the same for everybody
def _label(text: str, width: float, face: Face) -> tuple[tuple[Strip, ...], tuple[Strip, ...]]:
    """Return a label, and what is added to it on the next page."""
    return tuple(label_strips(text, width, face)), tuple(plain_strips(style.CONTINUED, width, face, align="center"))


def item_content(ink: Ink, item: Item, place: Place, width: float, values: FormValues) -> Content:
    """Return what stands in the answer cell of `item`.

    Args:
        ink: what the makers of cells share.
        item: the item.
        place: where it stands.
        width: the room for text, in points.
        values: the answers of the form, or of one entry of a repeated part.
    """
    if ink.values is not None and not applies(item.enable_when, values):
        return Content(tuple(plain_strips(style.NOT_APPLICABLE, width, ink.face(), align="center")))
    value = values.get(item.link_id)
    if item.type is ItemType.SIGNATURE:
        return Content(foot=signing_strip("签名：", width, ink.face()))
    if item.type in _CHOICES:
        return Content(tuple(_choices(ink, item, value, width)))
    if item.type is ItemType.NOTE:
        foot = signing_strip(f"{item.signed}：", width, ink.face()) if item.signed else None
        if not is_given(value):
            return Content(foot=foot, pen=place.lines > 1)
        face = ink.face(leading=style.NOTE_LEADING)
        return Content(tuple(note_strips(ink.answer(item, value), width, face)), top=True, foot=foot)
    if is_given(value):
        return Content(tuple(plain_strips(ink.answer(item, value), width, ink.face())))
    return Content(tuple(_blank(ink, item, width)))


def _blank(ink: Ink, item: Item, width: float) -> list[Strip]:
    """Return what is printed where a pen will write: the words around a date, a time or a number."""
    face = ink.face()
    if item.type is ItemType.DATE:
        dates = style.BLANK_DATES
        return plain_strips(next((each for each in dates if face.width(each) <= width), dates[-1]), width, face)
    if item.type is ItemType.TIME:
        return plain_strips(style.BLANK_TIME, width, face)
    if item.unit:
        return plain_strips("　　　" + item.unit, width, face)
    return []


def _choices(ink: Ink, item: Item, value: object, width: float) -> list[Strip]:
    options = list(item.options)
    if item.type is ItemType.BOOL:
        ticked: tuple[str, ...] = () if value is None else ("yes" if value else "no",)
        return option_strips(_YES_NO, ticked, None, width, ink.face())
    ticked = codes(value)
    known = {option.code for option in options}
    strange = [code for code in ticked if code not in known]
    other = next((option for option in options if option.other), None)
    words = None
    if strange:
        words = "、".join(ink.clean(code, item.label) for code in strange)
        if other is None:
            # An answer that the form does not know is shown rather than lost.
            ink.warn(_("{label}: an answer is not among the options of the form.").format(label=item.label))
            other = Option(code="\x00", text="其他", other=True)
            options.append(other)
        ticked = (*ticked, other.code)
    return option_strips(options, ticked, words, width, ink.face())
