"""Prints a form: blank for the pen, or filled from the same definition."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.printing import style
from counselroom.printing.audiences import Selection, select
from counselroom.printing.bands import Band, still
from counselroom.printing.cells import Ink
from counselroom.printing.definitions import Audience, Form, Part, Secrecy
from counselroom.printing.fonts import form_font
from counselroom.printing.form_values import FormValues, rows_of
from counselroom.printing.grid import item_bands, signature_bands, title_band
from counselroom.printing.head import (
    Head,
    cut_line,
    first_head,
    foot,
    footnote_blocks,
    next_head,
    slip_head,
)
from counselroom.printing.pages import Flow, Group, compose, marks_of
from counselroom.printing.painting import paint


class PrintIncomplete(UserError):
    """A secret sheet lacks its recipient or its purpose."""


@dataclass(frozen=True)
class Rendered:
    """A finished print.

    Attributes:
        pdf: the document.
        pages: how many pages it has.
        warnings: sentences to show before it is printed: characters the font lacks, words that should not stand there.
    """

    pdf: bytes
    pages: int
    warnings: tuple[str, ...]


def render(
    form: Form,
    audience: Audience,
    values: FormValues | None,
    head: Head,
    *,
    ticked: Collection[str] = frozenset(),
) -> Rendered:
    """Print `form` for one audience.

    Only answers of items that the audience may see and that are printed this time go any further than this function.

    Args:
        form: an accepted form.
        audience: the reader; a ceiling, not a choice of layout.
        values: the answers by linkId, by part id for a repeated part (a list of answers by linkId); None for a blank
            print. An answer that is None or absent leaves its place for the pen.
        head: what stands around the form.
        ticked: linkIds of optional items to be printed.

    Raises:
        AudienceRefused: the form is not made for this audience.
        PrintIncomplete: a filled S2 or S3 form without recipient or purpose.
        FontUnusable: the font is missing or changed.
        Bug: an answer for an item that is only for the pen, or of a kind that cannot be written.
    """
    selection = select(form, audience, ticked)
    secret = form.secrecy in (Secrecy.S2, Secrecy.S3)
    if secret and values is not None and not (head.recipient.strip() and head.purpose.strip()):
        raise PrintIncomplete(
            _("This form is secret, and it is not said to whom it goes and what for."),
            _("Nothing was printed."),
            _("Please fill in recipient and purpose."),
        )
    allowed = None if values is None else _allowed(selection, values)
    return _draw(selection, allowed, head)


def file_name(form: Form, head: Head) -> str:
    """Return the name proposed when a print is saved: number, title and day; nothing about a person."""
    day = f"-{head.printed_at:%Y%m%d}" if head.printed_at else ""
    return f"{form.id}-{form.title}{day}.pdf"


def _allowed(selection: Selection, values: FormValues) -> FormValues:
    """Return the answers of the items that are printed, and nothing else."""
    fillable = {item.link_id for item in selection.items if item.fillable}
    pen = {item.link_id for item in selection.form.definition.item} - set(selection.form.classes)
    allowed = {link_id: value for link_id, value in values.items() if link_id in fillable}
    for part in selection.form.definition.parts():
        if part.repeats:
            entries = rows_of(values.get(part.id))
            allowed[part.id] = [{key: each[key] for key in each if key in fillable} for each in entries]
    if any(values[link_id] is not None for link_id in pen & set(values)):
        message = f"an answer was given for an item of {selection.form.id} that is only for the pen"
        raise Bug(message)
    return allowed


def _draw(selection: Selection, values: FormValues | None, head: Head) -> Rendered:
    form = selection.form.definition.form
    wide = form.paper.orientation == "landscape"
    size = (style.A4[1], style.A4[0]) if wide else style.A4
    width = size[0] - style.MARGIN_LEFT - style.MARGIN_RIGHT
    ink = Ink(form_font(), width, selection.form.classes, values)
    top_block = first_head(ink, selection, head)
    next_block = next_head(ink, selection, head)
    bottom = size[1] - style.MARGIN_BOTTOM - foot(ink, selection, head, 1, 1).height
    flows = compose(
        _groups(ink, selection, head),
        first_top=style.MARGIN_TOP + top_block.height,
        next_top=style.MARGIN_TOP + next_block.height,
        bottom=bottom,
        fill=form.paper.fill,
    )
    pages = []
    for number, flow in enumerate(flows, start=1):
        block = top_block if number == 1 else next_block
        # The furniture comes first, so that a text that goes over the page end is not cut in two by it when copied.
        marks = marks_of([block], style.MARGIN_LEFT, width, style.MARGIN_TOP)
        marks += marks_of([foot(ink, selection, head, number, len(flows))], style.MARGIN_LEFT, width, bottom)
        marks += marks_of(flow, style.MARGIN_LEFT, width, style.MARGIN_TOP + block.height)
        pages.append(marks)
    pdf = paint(pages, size, ink.font, f"{form.id} {form.title}")
    return Rendered(pdf, len(pages), tuple(ink.warnings))


def _groups(ink: Ink, selection: Selection, head: Head) -> list[Group]:
    definition = selection.form.definition
    groups: list[Group] = []
    for part in definition.parts():
        flow = _part(ink, selection, part, head.seal)
        flow += footnote_blocks(ink, [note for note in definition.footnote if note.part == part.id])
        if part.tear_off and flow:
            before = [cut_line(ink, part.cut_text), *slip_head(ink, selection, part, head)]
            # A slip keeps its size: room that is left belongs to the sheet it is torn from.
            fixed = [still(thing) if isinstance(thing, Band) else thing for thing in flow]
            groups.append(Group((*before, *fixed), together=True, page_break=part.page_break))
        else:
            groups.append(Group(tuple(flow), page_break=part.page_break))
    ending = footnote_blocks(ink, [note for note in definition.footnote if note.part is None])
    if ending:
        # Notes for the whole sheet stand below its main part, above anything that is torn off.
        place = next((number for number, part in enumerate(definition.parts()) if part.tear_off), len(groups))
        groups.insert(place, Group(tuple(ending)))
    return groups


def _part(ink: Ink, selection: Selection, part: Part, seal: str) -> list[Flow]:
    signatures = [signature for signature in selection.signatures if signature.part == part.id]
    bands: list[Flow] = []
    for number, values in enumerate(_entries(ink, part), start=1):
        rows = item_bands(ink, selection.items, part.id, values)
        if rows and part.title and not part.tear_off:
            bands.append(title_band(ink, part.title.replace("{n}", str(number))))
        bands += rows
    bands += signature_bands(ink, signatures, seal)
    return bands


def _entries(ink: Ink, part: Part) -> Sequence[FormValues]:
    """Return the answers for each time a part is printed."""
    values = ink.values or {}
    if not part.repeats:
        return (values,)
    entries = rows_of(values.get(part.id))
    return [cast("FormValues", {**values, **entry}) for entry in entries] or [{}] * part.blank
