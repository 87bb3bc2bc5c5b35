"""Makes roster files of the kinds schools send: what Excel and WPS write, old .xls, and text tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[Any]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0; the value stands in the first cell."""


def xlsx(rows: Rows, merges: Iterable[Merge] = (), sheets: dict[str, Rows] | None = None, hidden: str = "") -> bytes:
    """Return a workbook: `rows` in the first sheet, more in `sheets`, of which one may be hidden."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    merged = {(merge[0], merge[1]): merge for merge in merges}
    for name, table in {"花名册": rows, **(sheets or {})}.items():
        sheet = book.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        for at, row in enumerate(table):
            for column, value in enumerate(row):
                if (at, column) in merged and table is rows:
                    sheet.merge_range(*merged[at, column], value)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif value is not None:
                    sheet.write(at, column, value)
    book.close()
    return stream.getvalue()


def xls(rows: Rows, merges: Iterable[Merge] = ()) -> bytes:
    """Return an old workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("花名册")
    merged = {(merge[0], merge[1]): merge for merge in merges}
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if (at, column) in merged:
                top, left, bottom, right = merged[at, column]
                sheet.write_merge(top, bottom, left, right, value)
            elif value is not None and value != "":
                sheet.write(at, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text_table(rows: Rows, encoding: str = "gb18030", separator: str = ",") -> bytes:
    """Return a text table with Windows line ends."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(rows)
    return stream.getvalue().encode(encoding)


def saved(folder: Path, data: bytes, name: str = "名册.xlsx") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(data)
    return path


def repacked(data: bytes, change: Callable[[str, bytes], bytes] = lambda _name, part: part, **add: bytes) -> bytes:
    """Return a package with parts changed, and parts of the names in `add` (`__` for a slash, `_dot_` for a point)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, content in add.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


HEAD = ("学号", "姓名", "性别", "出生日期", "年级", "班级", "监护人", "关系", "联系电话", "备注")


def student_row(index: int, **changes: str) -> list[str]:
    """Return the row of an invented student under `HEAD`."""
    row = {
        "学号": f"2026{index:05d}",
        "姓名": "赵钱孙李周吴郑王"[index % 8]
        + "子一丁示例甲乙丙"[index // 8 % 8]
        + "轩涵怡诗航宇名可"[index // 64 % 8],
        "性别": "男女"[index % 2],
        "出生日期": f"201{index % 5}-0{index % 9 + 1}-1{index % 9}",
        "年级": "七年级",
        "班级": f"{index % 4 + 1}班",
        "监护人": f"示例{index}",
        "关系": "母亲",
        "联系电话": f"139{index:08d}",
        "备注": "",
    }
    row.update(changes)
    return [row[name] for name in HEAD]
