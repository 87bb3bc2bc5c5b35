"""The answer of the child process, value by value, and what its limits do to it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from typing import Any

import pytest

from counselroom.__main__ import main
from counselroom.imports import child
from counselroom.imports.limits import LIMITS, Limits, confine
from counselroom.imports.refusal import Refusal
from tests.rosters import text_table, xlsx

ROWS = [["学号", "姓名", ""], ["001", "张三", " "], ["", "  ", ""], ["002", "𬱖", ""]]


def answers(data: bytes, sheet: str | None = None, limits: Limits = LIMITS) -> list[Any]:
    sink = io.BytesIO()
    child.run(io.BytesIO(data), sink, sheet, limits)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (text_table(ROWS), {"sheets": [], "sheet": ""}),
        (xlsx(ROWS, sheets={"说明": [["x"]]}), {"sheets": ["花名册", "说明"], "sheet": "花名册"}),
    ],
)
def test_a_table_is_answered_line_by_line_without_blanks(data: bytes, head: dict[str, Any]) -> None:
    assert answers(data) == [head, [1, ["学号", "姓名"]], [2, ["001", "张三"]], [4, ["002", "𬱖"]], {"end": 3}]


def test_a_sheet_can_be_chosen_where_there_are_sheets() -> None:
    data = xlsx(ROWS, sheets={"说明": [["x"]]})
    assert answers(data, "说明")[1:] == [[1, ["x"]], {"end": 1}]
    assert answers(data, "没有")[-1] == {"refused": "no_such_sheet", "line": 0}
    assert answers(text_table(ROWS), "说明") == [{"refused": "no_such_sheet", "line": 0}]


def test_a_refusal_names_its_line() -> None:
    assert answers(b'a,b\n"c,d\n')[-1] == {"refused": "quote", "line": 2}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (replace(LIMITS, rows=2), Refusal.TOO_MANY_ROWS),
        (replace(LIMITS, columns=1), Refusal.TOO_MANY_COLUMNS),
        (replace(LIMITS, text_characters=12), Refusal.TOO_MUCH_TEXT),
        (replace(LIMITS, file_bytes=20), Refusal.TOO_BIG),
    ],
)
def test_rows_columns_and_text_are_limited(limits: Limits, reason: Refusal) -> None:
    fits = Limits(**{**vars(limits), "rows": 3, "columns": 2, "text_characters": 13, "file_bytes": 10_000})
    assert answers(text_table(ROWS), None, fits)[-1] == {"end": 3}
    assert answers(text_table(ROWS), None, limits)[-1]["refused"] == reason


def test_a_cell_that_is_too_long_is_cut_to_one_character_more_than_allowed() -> None:
    found = answers(text_table([["x" * 30, "y" * 9]]), None, replace(LIMITS, cell_characters=9))
    assert found[1] == [1, ["x" * 10, "y" * 9]]


def test_a_table_of_blanks_is_empty() -> None:
    assert answers(text_table([["", " "], ["　", ""]]))[-1]["refused"] == Refusal.EMPTY


def started(code: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        return subprocess.run([sys.executable, "-B", "-c", code], stdin=source, capture_output=True, timeout=60)


def test_the_module_answers_when_started() -> None:
    code = "import runpy, sys; sys.argv = ['', '花名册']; runpy.run_module('counselroom.imports.child', {}, '__main__')"
    done = started(code, xlsx(ROWS))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"end": 3}


CONFINED = "from counselroom.imports.limits import *; confine(Limits(memory_bytes=300 * MIB, cpu_seconds=1));"


@pytest.mark.skipif(sys.platform == "win32", reason="needs Linux: limits are told apart by signals")
@pytest.mark.parametrize(
    ("work", "outcome"),
    [
        ("bytearray(400 * MIB)", b"MemoryError"),
        ("import tempfile; tempfile.TemporaryFile()", b"No usable temporary directory"),
    ],
)
def test_the_process_holds_its_limits(work: str, outcome: bytes) -> None:
    done = started(f"{CONFINED} {work}")
    assert done.returncode == 1
    assert outcome in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs Linux: limits are told apart by signals")
def test_the_process_loses_its_life_with_its_processor_time_and_leaves_no_dump() -> None:
    assert started(f"{CONFINED}\nwhile True: pass").returncode < 0
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_FSIZE))"
    assert started(f"{CONFINED} {code}").stdout.split() == [b"(0,", b"0)", b"(0,", b"0)"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs Linux: limits are told apart by signals")
def test_a_tighter_limit_of_the_system_stays() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**28, 2**28));"
        f"{CONFINED} print(resource.getrlimit(resource.RLIMIT_AS)[1])"
    )
    assert int(started(code).stdout) == 2**28


def test_main_confines_before_it_reads(monkeypatch: pytest.MonkeyPatch, capsysbinary: Any) -> None:
    order = []
    monkeypatch.setattr(child, "confine", lambda limits: order.append(limits))
    monkeypatch.setattr(child, "run", lambda _source, _sink, sheet: order.append(sheet))
    assert child.main(["七年级"]) == child.main([]) == 0
    assert order == [LIMITS, "七年级", LIMITS, None]


@pytest.mark.skipif(sys.platform == "win32", reason="needs Linux: limits are told apart by signals")
def test_every_limit_is_set_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    hard = {resource.RLIMIT_CPU: 5}
    done: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda what: (0, hard.get(what, resource.RLIM_INFINITY)))
    monkeypatch.setattr(resource, "setrlimit", lambda what, values: done.update({what: values}))
    confine(LIMITS)
    assert done == {
        resource.RLIMIT_AS: (LIMITS.memory_bytes,) * 2,
        resource.RLIMIT_CPU: (5, 5),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
    }


def test_a_frozen_program_starts_itself_as_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    monkeypatch.setattr(child, "main", lambda arguments: given.append(arguments) or 7)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", ["counselroom", child.COMMAND, "七年级"])
    assert main() == main([child.COMMAND]) == 7
    assert given == [["七年级"], []]
