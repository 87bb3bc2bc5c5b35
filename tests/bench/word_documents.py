"""A filled form as a Word document, as schools keep their templates, for an office program to convert.

The same grid, questions, answers, boxes to tick, inner tables, signature lines and footnotes on the same A4 page.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from counselroom.printing.definitions import Form, Item, Place
from counselroom.printing.form_values import FormValue, FormValues, codes, rows_of, written
from counselroom.services import forms, prints
from counselroom.services.desk import Work
from counselroom.services.form_subjects import load_subject
from counselroom.services.prints import PrintRequest
from tests.bench.rooms import Room

FONT = "Noto Sans SC"
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HALVES, _LABEL_HALVES = 24, 3
_HALF_WIDTH = 430  # twentieths of a point
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
}


def word_document(room: Room, request: PrintRequest) -> bytes:
    """Return what `request` prints as the bytes of a .docx file."""
    form = forms.all_forms()[request.form_id]
    with room.vault.reading() as session:
        work = Work(session, room.vault, room.clock.now(), room.desk.new_id, writable=False)
        values = prints.answers(form, load_subject(work, form.definition.form.subject, request.entity_id))
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="794" w:right="794" w:bottom="794" w:left="794"/></w:sectPr>'
    )
    body = "".join(_body(form, request, values))
    document = f'<?xml version="1.0"?><w:document {_NAMESPACE}><w:body>{body}{page}</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (*_PARTS.items(), ("word/document.xml", document)):
            package.writestr(name, text)
    return stream.getvalue()


def _body(form: Form, request: PrintRequest, values: FormValues) -> Iterable[str]:
    definition = form.definition
    yield _paragraph(definition.form.title, 18)
    for part in definition.parts():
        yield _paragraph(part.title, 11)
        places = [
            (place, item)
            for item in definition.item
            if request.audience in item.audiences and not item.optional
            for place in item.at
            if place.part == part.id
        ]
        yield _grid(places, values)
        for signature in definition.signature:
            if signature.part == part.id:
                yield _paragraph(f"{signature.text}：＿＿＿＿＿＿　　　　年　　月　　日", 10)
        for note in definition.footnote:
            if note.part == part.id:
                yield _paragraph(note.text, 8)


def _grid(places: Sequence[tuple[Place, Item]], values: FormValues) -> str:
    rows = []
    for number in sorted({place.row for place, _item in places}):
        cells, at = "", 0
        for place, item in sorted((each for each in places if each[0].row == number), key=lambda each: each[0].col):
            start, span = (place.col - 1) * 2, place.span * 2
            cells += _cell("", start - at) if start > at else ""
            cells += _cell(_paragraph(item.text, 10), _LABEL_HALVES)
            cells += _cell(_answer(item, values.get(item.link_id)), span - _LABEL_HALVES)
            at = start + span
        cells += _cell("", _HALVES - at) if at < _HALVES else ""
        rows.append(f"<w:tr>{cells}</w:tr>")
    return _table(rows, _HALVES)


def _answer(item: Item, value: FormValue) -> str:
    if item.columns:
        heads = "".join(_cell(_paragraph(column.text, 9), 1) for column in item.columns)
        lines = [
            "".join(_cell(_paragraph(written(row.get(column.link_id)), 9), 1) for column in item.columns)
            for row in rows_of(value)
        ]
        inner = _table([f"<w:tr>{cells}</w:tr>" for cells in (heads, *lines)], len(item.columns))
        return inner + _paragraph("", 9)
    if item.options:
        chosen = codes(value)
        boxes = (f"{'☑' if option.code in chosen else '☐'}{option.text}" for option in item.options)
        return _paragraph("　".join(boxes), 10)
    return "".join(_paragraph(line, 10) for line in written(value, item.unit).split("\n"))


def _table(rows: Sequence[str], columns: int) -> str:
    width = _HALF_WIDTH * _HALVES // columns
    grid = f'<w:gridCol w:w="{width}"/>' * columns
    look = f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>"
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _cell(content: str, span: int) -> str:
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{content or _paragraph("", 10)}</w:tc>'


def _paragraph(text: str, points: int) -> str:
    look = (
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}"/><w:sz w:val="{points * 2}"/></w:rPr>'
    )
    return f'<w:p><w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
