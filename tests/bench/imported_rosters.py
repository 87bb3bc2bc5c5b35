"""Importing rosters of 5,000 and 50,000 students: time, and memory of the program and of its reading child."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import xlsxwriter

from counselroom.demo.invented_school import HEADER, invent_students
from counselroom.imports.reader import child_command
from tests.bench.measuring import Result, seconds
from tests.bench.processes import ROOT, answer_of
from tests.bench.setting import Setting

_STARTER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


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
        child = _child_peak(roster)
        if child is not None:
            memory += f", of the reading child {child / 1e6:.0f} MB"
        measure = f"import of {students:,} students from an .xlsx"
        results.append(Result(measure, f"{seconds(whole)} ({students / whole:,.0f} students/s): {parts}{memory}"))
    return results


def _child_peak(roster: Path) -> int | None:
    """Return the greatest memory of a child that reads `roster`, in bytes; None on Windows.

    Started by a small process: Linux counts the memory of whoever starts a child as the child's.
    """
    if sys.platform == "win32":
        return None
    with roster.open("rb") as source:
        command = [sys.executable, "-S", "-c", _STARTER, *child_command()]
        done = subprocess.run(command, stdin=source, capture_output=True, check=True, cwd=ROOT)
    return int(done.stdout) * (1 if sys.platform == "darwin" else 1024)


def _write(path: Path, students: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, HEADER)
    for row, student in enumerate(invent_students(students, 2), start=1):
        sheet.write_row(row, 0, student.cells())
    book.close()
