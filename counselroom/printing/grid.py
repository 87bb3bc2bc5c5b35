"""Lays the items of a part out as ruled rows on the grid of twelve columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from counselroom.printing import style
from counselroom.printing.bands import Band, Cell, Row
from counselroom.printing.cell_text import plain_strips, signing_strip
from counselroom.printing.cells import Ink, item_content, label_cell
from counselroom.printing.definitions import COLUMNS, Column, Item, ItemType, Place, Signature
from counselroom.printing.form_values import FormValues, codes, is_given, rows_of, written
from counselroom.printing.marks import Strip

_TITLE_SHADE = 0.93
_SIGN_LABEL = 1.5


@dataclass(frozen=True)
class Placed:
    """An item and one of its places."""

    item: Item
    place: Place


def title_band(ink: Ink, title: str) -> Band:
    """Return the shaded row that heads a section."""
    face = ink.face(bold=True)
    strips = tuple(plain_strips(title, ink.width - 2 * style.PAD_X, face, align="center"))
    cell = Cell(0.0, ink.width, strips=strips, shade=_TITLE_SHADE)
    return Band((Row(style.SECTION_ROW),), (cell,), keep_with_next=True)


def item_bands(ink: Ink, items: Sequence[Item], part: str, values: FormValues) -> list[Band]:
    """Return the rows of one part; rows of which no item is printed are left out."""
    placed = sorted(
        (Placed(item, place) for item in items for place in item.at if place.part == part),
        key=lambda each: (each.place.row, each.place.col),
    )
    bands: list[Band] = []
    group: list[Placed] = []
    end = 0
    for each in placed:
        if group and each.place.row >= end:
            bands.append(_band(ink, group, values))
            group = []
        end = max(end, each.place.row + each.place.rows) if group else each.place.row + each.place.rows
        group.append(each)
    if group:
        bands.append(_band(ink, group, values))
    return bands


def _band(ink: Ink, group: Sequence[Placed], values: FormValues) -> Band:
    first = group[0]
    if first.item.type is ItemType.TABLE:
        return _table(ink, first.item, first.place, values)
    column = ink.width / COLUMNS
    # Rows in which nothing begins would have no height of their own: they are left out.
    numbers = sorted({each.place.row for each in group})
    index = {number: position for position, number in enumerate(numbers)}
    least = [style.ROW] * len(numbers)
    grow = [0.0] * len(numbers)
    cells: list[Cell] = []
    for each in group:
        place = each.place
        start = index[place.row]
        rows = sum(1 for number in numbers if place.row <= number < place.row + place.rows)
        height = place.lines * style.PEN_LINE if place.lines > 1 else style.ROW
        last = start + rows - 1
        least[last] = max(least[last], height - sum(least[start:last]))
        if each.item.type is ItemType.NOTE and place.lines > 1:
            grow[last] = max(grow[last], place.lines)
        x = (place.col - 1) * column
        label = place.label * column
        width = _stretch(each, group) * column - label
        if label:
            cells.append(replace(label_cell(ink, each.item.text, x, label), row=start, rows=rows))
        content = item_content(ink, each.item, place, width - 2 * style.PAD_X, values)
        cells.append(
            Cell(
                x + label,
                width,
                start,
                rows,
                content.strips,
                top=content.top,
                foot=content.foot,
                pen=content.pen,
            )
        )
    cells += _fillers(cells, len(numbers))
    return Band(tuple(Row(height, share) for height, share in zip(least, grow, strict=True)), tuple(cells))


def _stretch(each: Placed, group: Sequence[Placed]) -> float:
    """Return the span of a place, widened over the columns to its right that nobody else takes."""
    place = each.place
    rows = range(place.row, place.row + place.rows)
    begins = [
        other.place.col
        for other in group
        if other.place.col > place.col
        and any(other.place.row <= row < other.place.row + other.place.rows for row in rows)
    ]
    return float(min(begins, default=COLUMNS + 1) - place.col)


def _fillers(cells: Sequence[Cell], rows: int) -> list[Cell]:
    """Return empty cells for the places at the left that no cell covers."""
    fillers: list[Cell] = []
    for row in range(rows):
        x = 0.0
        for cell in sorted((each for each in cells if each.row <= row < each.row + each.rows), key=lambda c: c.x):
            if cell.x > x + 0.5:
                fillers.append(Cell(x, cell.x - x, row))
            x = cell.x + cell.width
    return fillers


def _table(ink: Ink, item: Item, place: Place, values: FormValues) -> Band:
    """Return a table: a head that comes again on each page, a row for each entry, empty rows for the pen."""
    label = place.label * ink.width / COLUMNS
    total = sum(column.width for column in item.columns)
    widths = [(ink.width - label) * column.width / total for column in item.columns]
    entries: list[Mapping[str, object]] = list(rows_of(values.get(item.link_id)))
    entries += [{}] * (int(place.lines) - len(entries))
    cells: list[Cell] = []
    if label:
        cells.append(replace(label_cell(ink, item.text, 0.0, label), rows=len(entries) + 1))
    lefts = [label + sum(widths[:number]) for number in range(len(widths))]
    columns = list(zip(item.columns, lefts, widths, strict=True))
    cells += [label_cell(ink, column.text, left, width) for column, left, width in columns]
    # Row by row, so that the text comes out in the order in which it is read.
    for number, entry in enumerate(entries, start=1):
        for column, left, width in columns:
            strips = _table_strips(ink, item, column, entry.get(column.link_id), width - 2 * style.PAD_X)
            cells.append(Cell(left, width, number, strips=strips))
    rows = (Row(style.ROW),) * (len(entries) + 1)
    return Band(rows, tuple(cells), heads=1)


def _table_strips(ink: Ink, item: Item, column: Column, value: object, width: float) -> tuple[Strip, ...]:
    if not is_given(value):
        return ()
    align = "left" if column.type == "note" else "center"
    text = ink.answer(item, column_text(column, value))
    face = ink.face()
    if align == "center" and face.width(text) > width:
        align = "left"
    return tuple(plain_strips(text, width, face, align=align))


def column_text(column: Column, value: object) -> str:
    """Return the answer of a table's column as it is written: words of options, a number with its unit, a short day."""
    if column.options:
        words = {option.code: option.text for option in column.options}
        return "、".join(words.get(code, code) for code in codes(value))
    if column.type == "date" and isinstance(value, date):
        return value.isoformat()  # a ledger's columns are narrow
    return written(value, column.unit)


def signature_bands(ink: Ink, signatures: Sequence[Signature], seal: str = "") -> list[Band]:
    """Return the places to sign, two side by side unless one is wide or left over; `seal`: the school's words."""
    bands: list[Band] = []
    pending: list[Signature] = []
    for signature in signatures:
        if signature.wide:
            bands += _signature_row(ink, pending, seal)
            bands += _signature_row(ink, [signature], seal)
            pending = []
            continue
        pending.append(signature)
        if len(pending) == 2:
            bands += _signature_row(ink, pending, seal)
            pending = []
    return bands + _signature_row(ink, pending, seal)


def _signature_row(ink: Ink, signatures: Sequence[Signature], seal: str) -> list[Band]:
    if not signatures:
        return []
    share = ink.width / len(signatures)
    label = _SIGN_LABEL * ink.width / COLUMNS
    cells: list[Cell] = []
    for number, signature in enumerate(signatures):
        x = number * share
        cells.append(label_cell(ink, signature.text, x, label))
        words = ""
        if signature.seal:
            words = style.SEAL if signature.foreign else ink.clean(seal, signature.text) or style.SEAL
        strip = signing_strip("签名：", share - label - 2 * style.PAD_X, ink.face(), seal=words)
        cells.append(Cell(x + label, share - label, foot=strip))
    return [Band((Row(style.ROW),), tuple(cells))]
