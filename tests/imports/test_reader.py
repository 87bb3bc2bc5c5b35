"""The parent's side: it streams, refuses with sentences, and leaves neither process nor thread behind."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from counselroom.imports.child import COMMAND
from counselroom.imports.limits import LIMITS
from counselroom.imports.reader import RosterRefused, child_command, open_roster
from counselroom.imports.refusal import Refusal
from tests.rosters import saved, text_table, xlsx

ROWS = [["学号", "姓名"], ["001", "张三"]]


def speaking(code: str) -> Callable[[], list[str]]:
    """Return the command of a child that does something else."""
    return lambda: [sys.executable, "-c", code]


def refusal(path: Path, **how: object) -> RosterRefused:
    with pytest.raises(RosterRefused) as caught, open_roster(path, **how) as roster:  # type: ignore[arg-type]  # of each test
        list(roster.lines())
    return caught.value


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> object:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_roster_streams(tmp_path: Path) -> None:
    with open_roster(saved(tmp_path, xlsx(ROWS, sheets={"说明": [["x"]]}))) as roster:
        assert (roster.sheets, roster.sheet) == (("花名册", "说明"), "花名册")
        assert list(roster.lines()) == [(1, ["学号", "姓名"]), (2, ["001", "张三"])]


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    with open_roster(saved(tmp_path, xlsx(ROWS, sheets={"说明": [["x"]]})), "说明") as roster:
        assert list(roster.lines()) == [(1, ["x"])]


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    with open_roster(saved(tmp_path, text_table(ROWS), "名册.xlsx")) as roster:
        assert roster.sheets == ()
        assert list(roster.lines()) == [(1, ["学号", "姓名"]), (2, ["001", "张三"])]


def test_progress_is_told_every_500_lines(tmp_path: Path) -> None:
    told: list[int] = []
    path = saved(tmp_path, text_table([["x"]] * 1_200))
    with open_roster(path, progress=told.append) as roster:
        assert len(list(roster.lines())) == 1_200
    assert told == [500, 1_000]


def test_leaving_in_the_middle_ends_the_child(tmp_path: Path) -> None:
    path = saved(tmp_path, text_table([["x" * 99]] * 40_000))
    with open_roster(path) as roster:
        next(roster.lines())


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "impossible name"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / ("\0" if kind == "impossible name" else "x")
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    assert refusal(path).reason is Refusal.NOT_A_FILE


def test_a_file_that_is_too_big_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    with path.open("wb") as stream:
        stream.truncate(LIMITS.file_bytes + 1)
    refused = refusal(path, command=speaking("raise SystemExit('was started')"))
    assert refused.reason is Refusal.TOO_BIG
    assert "32 MB" in refused.happened


def test_a_refusal_of_the_child_becomes_a_sentence(tmp_path: Path) -> None:
    refused = refusal(saved(tmp_path, b'a,b\n"c,d\n'))
    assert (refused.reason, "第 2 行" in refused.happened) == (Refusal.QUOTE, True)
    assert refused.safe
    assert refused.next_step


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_reason_has_its_own_sentence(reason: Refusal) -> None:
    others = {RosterRefused(other).happened for other in Refusal if other is not reason}
    assert RosterRefused(reason, 7).happened not in others
    assert "{" not in RosterRefused(reason, 7).sentence()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise ValueError", Refusal.DAMAGED),
        ("print('{}'); raise ValueError", Refusal.DAMAGED),
        ("print('[1, []]')", Refusal.DAMAGED),
        ("print('{\"sheets\": []', end='')", Refusal.DAMAGED),
        ("print('x' * 5_000_000)", Refusal.DAMAGED),
        ("print('no json')", Refusal.DAMAGED),
        ("print('{}')", Refusal.DAMAGED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Refusal.TOO_MUCH_WORK),
        ("import os; os.abort()", Refusal.TOO_MUCH_WORK),
    ],
)
def test_a_child_that_dies_or_babbles_is_a_refusal(tmp_path: Path, code: str, reason: Refusal) -> None:
    assert refusal(saved(tmp_path, b"x"), command=speaking(code)).reason is reason


def test_a_child_that_hangs_is_killed_in_time(tmp_path: Path) -> None:
    started = time.monotonic()
    refused = refusal(
        saved(tmp_path, b"x"), command=speaking("import time; time.sleep(60)"), limits=replace(LIMITS, wall_seconds=0.2)
    )
    assert refused.reason is Refusal.TOO_MUCH_WORK
    assert time.monotonic() - started < 10


def test_cancelling_ends_a_child_that_says_nothing(tmp_path: Path) -> None:
    started = time.monotonic()
    answers = iter([False, False, True])
    refused = refusal(
        saved(tmp_path, b"x"), command=speaking("import time; time.sleep(60)"), cancelled=lambda: next(answers)
    )
    assert refused.reason is Refusal.CANCELLED
    assert time.monotonic() - started < 10


def test_one_place_decides_how_the_child_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_command()[-2:] == ["-m", "counselroom.imports.child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, COMMAND]


def test_the_child_gets_no_more_of_the_environment_than_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNSELROOM_MARKER", "x")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    code = "import os, json; print(json.dumps({'sheets': sorted(os.environ)})); print('{\"end\": 0}')"
    with open_roster(saved(tmp_path, b"x"), command=speaking(code)) as roster:
        assert "LD_LIBRARY_PATH" in roster.sheets
        assert "COUNSELROOM_MARKER" not in roster.sheets
        assert list(roster.lines()) == []
