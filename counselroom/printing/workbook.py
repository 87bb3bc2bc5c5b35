"""Tables for other programs: an Excel file made in memory, never through a temporary file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Final

Cell = str | int | date | time | None
SHEET_NAME_LIMIT: Final = 31
_WIDEST: Final = 60
_NARROWEST: Final = 8


def workbook(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], made_at: datetime) -> bytes:
    """Return an .xlsx file with one sheet.

    Texts stay texts: what begins with `=` is not a formula, and an address is not a link. Numbers and days can be
    counted and sorted on. The same table at the same moment is the same bytes.

    Args:
        title: name of the sheet; characters that Excel does not take are left out.
        heads: the first row, which stays in view.
        rows: the cells of the others.
        made_at: goes into the file's properties.
    """
    from xlsxwriter import Workbook  # only when somebody exports: most sessions never do

    stream = BytesIO()
    book = Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("".join(each for each in title if each not in "[]:*?/\\")[:SHEET_NAME_LIMIT] or None)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    clock = book.add_format({"num_format": "hh:mm"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
        longest = max((_width(row[column]) for row in rows), default=0)
        sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, longest, _width(head))))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day of the sheet
            elif isinstance(value, time):
                sheet.write_datetime(number, column, value, clock)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), max(0, len(heads) - 1))
    book.close()
    return stream.getvalue()


def _width(value: Cell) -> int:
    """Return about how many columns of a digit a cell takes; a Chinese character takes two."""
    if isinstance(value, date):
        return 12
    return sum(2 if ord(each) > 0x2E7F else 1 for each in str(value if value is not None else "")) + 2
