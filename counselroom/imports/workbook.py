"""Reads .xlsx and .xls with python-calamine; merged areas are filled, dates become ISO text."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import python_calamine

from counselroom.imports.limits import Limits
from counselroom.imports.refusal import FileRefusedError, Refusal

Cell = str | float


@dataclass
class _Merge:
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    value: Cell = ""


class Workbook:
    """A workbook in memory.

    Attributes:
        sheets: names of the visible work sheets, in their order.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the workbook in `data`. Raises FileRefusedError when it is damaged."""
        self._limits = limits
        try:
            self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        except python_calamine.CalamineError as error:
            raise FileRefusedError(Refusal.DAMAGED) from error
        self.sheets = [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible is python_calamine.SheetVisibleEnum.Visible
        ]

    def longest_sheet(self) -> str:
        """Return the visible sheet with most rows, the first of equals. Raises FileRefusedError: none has any."""
        heights = {name: self._open(name).height for name in self.sheets}
        if not any(heights.values()):
            raise FileRefusedError(Refusal.EMPTY)
        return max(heights, key=heights.__getitem__)

    def lines_of(self, name: str) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the 1-based number and the cells of every row of a sheet, from column A on.

        Every cell of a merged area has the area's value; a row that is blank without it stays blank.

        Raises:
            FileRefusedError: no such visible sheet, the sheet is damaged, or has too many columns or merged areas.
        """
        if name not in self.sheets:
            raise FileRefusedError(Refusal.NO_SUCH_SHEET)
        sheet = self._open(name)
        if sheet.end is None or sheet.start is None:
            return
        if sheet.end[1] >= self._limits.columns:
            raise FileRefusedError(Refusal.TOO_MANY_COLUMNS)
        merges = self._merges(sheet)
        margin: list[Cell] = [""] * sheet.start[1]
        active: list[_Merge] = []
        for index, row in enumerate(sheet.iter_rows()):
            cells = margin + [_cell(value) for value in row]
            active = [merge for merge in active if merge.last_row >= index]
            blank = not any(cells)
            for merge in merges.get(index, ()):
                merge.value = cells[merge.first_column] if merge.first_column < len(cells) else ""
                active.append(merge)
            if not blank:
                _fill(cells, active)
            yield index + 1, cells

    def _open(self, name: str) -> Any:
        try:
            return self._book.get_sheet_by_name(name)
        except python_calamine.CalamineError as error:
            raise FileRefusedError(Refusal.DAMAGED) from error

    def _merges(self, sheet: Any) -> dict[int, list[_Merge]]:
        ranges = sheet.merged_cell_ranges or []
        if len(ranges) > self._limits.merges:
            raise FileRefusedError(Refusal.ODD_PACKAGE)
        found: dict[int, list[_Merge]] = {}
        for (first_row, first_column), (last_row, last_column) in ranges:
            found.setdefault(first_row, []).append(_Merge(first_row, last_row, first_column, last_column))
        return found


def _fill(cells: list[Cell], merges: list[_Merge]) -> None:
    for merge in merges:
        for column in range(merge.first_column, min(merge.last_column + 1, len(cells))):
            cells[column] = merge.value


def _cell(value: object) -> Cell:
    """Return what the rules understand: text, or a number. A date becomes `2010-03-05`, with its time if it has one."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)  # a length of time
