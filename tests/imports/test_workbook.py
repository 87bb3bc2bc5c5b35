"""Workbooks: every row at its place, merged areas filled, dates and numbers as the rules understand them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from counselroom.imports.limits import LIMITS
from counselroom.imports.refusal import FileRefusedError, Refusal
from counselroom.imports.workbook import Workbook
from tests.rosters import repacked, xls, xlsx


def lines(data: bytes, sheet: str = "花名册") -> list[tuple[int, list[Any]]]:
    return list(Workbook(data, LIMITS).lines_of(sheet))


def reason_of(data: bytes, sheet: str = "花名册") -> Refusal:
    with pytest.raises(FileRefusedError) as caught:
        lines(data, sheet)
    return caught.value.reason


@pytest.mark.parametrize("make", [xlsx, xls])
def test_rows_stand_where_they_stand(make: Any) -> None:
    assert lines(make([[None], [None, None, "姓名"], [], [None, None, "张三", 7.0]])) == [
        (1, ["", "", "", ""]),
        (2, ["", "", "姓名", ""]),
        (3, ["", "", "", ""]),
        (4, ["", "", "张三", 7.0]),
    ]


@pytest.mark.parametrize("make", [xlsx, xls])
def test_merged_areas_are_filled_but_blank_rows_stay_blank(make: Any) -> None:
    rows = [
        ["名册", "", ""],
        ["班", "姓名", "父亲"],
        ["1班", "张三", "a"],
        ["", "李四", "b"],
        ["", "", ""],
        ["", "", "c"],
    ]
    found = lines(make(rows, merges=[(0, 0, 0, 2), (2, 0, 5, 0)]))
    assert [cells for _line, cells in found] == [
        ["名册", "名册", "名册"],
        ["班", "姓名", "父亲"],
        ["1班", "张三", "a"],
        ["1班", "李四", "b"],
        ["", "", ""],
        ["1班", "", "c"],
    ]


def test_a_merged_area_beyond_the_table_fills_nothing() -> None:
    assert lines(xlsx([["a", "b"], ["c"]], merges=[(1, 0, 40, 40)]))[1] == (2, ["c", "c"])
    assert lines(xlsx([["a"], ["c", "d"], ["", None, None, "x"]], merges=[(0, 0, 0, 0)][:0]))[2][1] == ["", "", "", "x"]


def test_values_are_texts_or_numbers() -> None:
    row = [date(2010, 3, 5), 202600001, 0.5, True, "=CMD|x", "'01", "  张　三 "]
    assert lines(xlsx([row]))[0][1] == ["2010-03-05", 202600001.0, 0.5, "TRUE", "=CMD|x", "'01", "  张　三 "]


def test_times_and_formulas_are_what_was_last_seen() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_number(0, 0, 40242.770833333336, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    sheet.write_number(0, 1, 0.5, book.add_format({"num_format": "hh:mm"}))
    sheet.write_number(0, 2, 1.5, book.add_format({"num_format": "[h]:mm"}))
    sheet.write_formula(0, 3, '="a"&"b"', None, "ab")
    sheet.write_formula(0, 4, "=1/0", None, "#DIV/0!")
    book.close()
    found = lines(stream.getvalue())[0][1]
    assert found == ["2010-03-05T18:30:00", "12:00:00", "1 day, 12:00:00", "ab", ""]


def test_a_number_without_end_becomes_text() -> None:
    def grow(name: str, part: bytes) -> bytes:
        return part.replace(b"<v>7</v>", b"<v>1e999</v>") if "sheet1" in name else part

    assert lines(repacked(xlsx([[7]]), grow))[0][1] == ["inf"]


def test_the_longest_visible_sheet_is_taken_and_others_are_named() -> None:
    sheets = {"说明": [["说明"]], "七年级": [["a"], ["b"], ["c"]], "旧": [["x"]] * 9}
    book = Workbook(xlsx([["a"], ["b"]], sheets=sheets, hidden="旧"), LIMITS)
    assert book.sheets == ["花名册", "说明", "七年级"]
    assert book.longest_sheet() == "七年级"
    with pytest.raises(FileRefusedError) as caught:
        list(book.lines_of("旧"))
    assert caught.value.reason is Refusal.NO_SUCH_SHEET


def test_a_workbook_without_a_cell_is_empty() -> None:
    book = Workbook(xlsx([]), LIMITS)
    assert list(book.lines_of("花名册")) == []
    with pytest.raises(FileRefusedError) as caught:
        book.longest_sheet()
    assert caught.value.reason is Refusal.EMPTY


def test_columns_and_merged_areas_are_limited() -> None:
    row = ["x"] * LIMITS.columns
    assert len(lines(xlsx([row]))[0][1]) == LIMITS.columns
    assert reason_of(xlsx([[*row, "x"]])) is Refusal.TOO_MANY_COLUMNS
    merges = [(at, 0, at, 1) for at in range(3)]
    data = xlsx([["x", ""]] * 3, merges=merges)
    with pytest.raises(FileRefusedError) as caught:
        list(Workbook(data, replace(LIMITS, merges=2)).lines_of("花名册"))
    assert caught.value.reason is Refusal.ODD_PACKAGE
    assert len(list(Workbook(data, replace(LIMITS, merges=3)).lines_of("花名册"))) == 3


def test_a_damaged_workbook_is_refused() -> None:
    def cut(name: str, part: bytes) -> bytes:
        return part[: len(part) // 2] if "sheet1" in name else part

    assert reason_of(repacked(xlsx([["姓名"], ["张三"]]), cut)) is Refusal.DAMAGED
    with pytest.raises(FileRefusedError) as caught:
        Workbook(b"PK\3\4 nothing", LIMITS)
    assert caught.value.reason is Refusal.DAMAGED
