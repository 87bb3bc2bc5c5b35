"""Importing rosters of 5,000 and 50,000 students: time, and memory of the program and of its reading child."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from counselroom.demo.invented_school import HEADER, invent_students
from tests.bench.measuring import Result, seconds
from tests.bench.setting import Setting, answer_of


def run(setting: Setting) -> list[Result]:
    """Import each roster in a process of its own, whose memory is then its own."""
    results = []
    for students in (setting.size(5_000, quick=60), setting.size(50_000, quick=240)):
        roster = setting.folder / f"roster-{students}.xlsx"
        _write(roster, students)
        done = answer_of("one_import", setting.folder / f"imported-{students}", roster)
        assert done["new"] == students, "not every row became a student"
        assert done["again"] == students, "a second reading would change something"
        whole = done["preview"] + done["import"]
        parts = f"preview {seconds(done['preview'])}, import {seconds(done['import'])}"
        memory = "" if done["own_peak"] is None else f", peak memory {done['own_peak'] / 1e6:.0f} MB"
        if done["child_peak"] is not None:
            memory += f", of the reading child {done['child_peak'] / 1e6:.0f} MB"
        measure = f"import of {students:,} students from an .xlsx"
        results.append(Result(measure, f"{seconds(whole)} ({students / whole:,.0f} students/s): {parts}{memory}"))
    return results


def _write(path: Path, students: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, HEADER)
    for row, student in enumerate(invent_students(students, 2), start=1):
        sheet.write_row(row, 0, student.cells())
    book.close()
