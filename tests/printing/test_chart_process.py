"""Charts drawn by the child are those drawn here; one that dies, babbles or hangs is told of; none is left behind."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from counselroom.__main__ import main
from counselroom.printing import chart_child
from counselroom.printing.chart_child import COMMAND, run
from counselroom.printing.chart_data import from_json, to_json
from counselroom.printing.chart_process import ChartProcess, NotDrawn, child_command
from counselroom.printing.charts import draw
from tests.printing.test_charts import CHARTS, look

WANTED = [(chart, look(ratio=1.25, width=401)) for chart in CHARTS]
ROOT = Path(__file__).parents[2]


def speaking(code: str) -> Callable[[], list[str]]:
    """Return the command of a child that does something else."""
    return lambda: [sys.executable, "-c", code]


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.fixture(scope="module")
def pictures() -> list[object]:
    return [draw(chart, how) for chart, how in WANTED]


def test_the_child_draws_the_same_and_stays_for_the_next(pictures: list[object]) -> None:
    process = ChartProcess()
    try:
        process.start()
        assert process.draw(WANTED) == pictures
        child = process._child
        assert process.draw(WANTED[:1]) == pictures[:1]
        assert process._child is child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)  # as a system short of memory does
        assert process.draw(WANTED) == pictures
    finally:
        process.end()
    process.end()  # a second time does nothing


@pytest.mark.parametrize("chart", CHARTS)
def test_what_is_told_to_the_child_comes_whole(chart: object) -> None:
    here = look(ratio=1.5)
    assert from_json(json.loads(json.dumps(to_json(chart, here)))) == (chart, here)  # type: ignore[arg-type]  # of CHARTS


def test_the_child_answers_every_line_until_its_input_ends(pictures: list[object]) -> None:
    question = json.dumps([to_json(chart, how) for chart, how in WANTED]).encode() + b"\n"
    sink = io.BytesIO()
    run(io.BytesIO(question * 2), sink)
    sink.seek(0)
    for picture in pictures * 2:
        width, height = json.loads(sink.readline())
        assert (width, height, sink.read(4 * width * height)) == tuple(vars(picture).values())
    assert not sink.read()


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError",
        "input(); raise ValueError",
        "input(); print('no json', flush=True)",
        "input(); print('5', flush=True)",
        "input(); print('[4000, 4000]', flush=True)",
        "input(); print('[501, 250]', flush=True)",
        "input(); print('x' * 5_000_000)",
    ],
)
def test_a_child_that_dies_or_babbles_is_told_of(code: str) -> None:
    process = ChartProcess(speaking(code))
    with pytest.raises(NotDrawn) as told:
        process.draw(WANTED)
    assert process._child is None
    assert told.value.next_step


def test_a_child_that_cannot_be_started_is_told_of() -> None:
    with pytest.raises(NotDrawn):
        ChartProcess(lambda: ["/nowhere/at/all"]).start()


def test_a_child_that_hangs_is_ended_in_time() -> None:
    started = time.monotonic()
    with pytest.raises(NotDrawn):
        ChartProcess(speaking("import time; time.sleep(60)"), patience=0.2).draw(WANTED)
    assert time.monotonic() - started < 10


def test_a_lock_ends_a_drawing() -> None:
    started = time.monotonic()
    answers = iter([False, True])
    with pytest.raises(NotDrawn):
        ChartProcess(speaking("import time; time.sleep(60)")).draw(WANTED, lambda: next(answers, True))
    assert time.monotonic() - started < 10


def test_the_end_from_another_thread_ends_a_drawing() -> None:
    process = ChartProcess(speaking("import time; time.sleep(60)"))
    later = threading.Timer(0.2, process.end)
    later.start()
    with pytest.raises(NotDrawn):
        process.draw(WANTED)
    later.join()


def test_it_ends_with_its_parent_however_that_ends() -> None:
    code = (
        "import os, signal; from counselroom.printing.chart_process import ChartProcess;"
        "from tests.printing.test_chart_process import sleeper;"
        "process = ChartProcess(sleeper); process.start(); print(process._child.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert killed.returncode == -signal.SIGKILL
    pid = int(killed.stdout)
    deadline = time.monotonic() + 20
    while _runs(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def sleeper() -> list[str]:
    """Return the real child, with a drawing that is never asked for."""
    code = (
        "import sys, types; sys.modules['counselroom.printing.charts'] = types.SimpleNamespace(draw=None);"
        "from counselroom.printing.chart_child import main; main()"
    )
    return [sys.executable, "-c", code]


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # one whose parent is gone waits for whoever collects it


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_command()[-2:] == ["-m", "counselroom.printing.chart_child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, COMMAND]
    monkeypatch.setattr(chart_child, "main", lambda: 7)
    assert main([COMMAND]) == 7


def test_the_child_gets_no_more_of_the_environment_than_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNSELROOM_MARKER", "x")
    monkeypatch.setenv("MPLCONFIGDIR", "/somebody's")
    noted = tmp_path / "environment"
    process = ChartProcess(speaking(f"import os; open({str(noted)!r}, 'w').write(str(dict(os.environ)))"))
    with pytest.raises(NotDrawn):
        process.draw(WANTED)
    assert "COUNSELROOM_MARKER" not in noted.read_text(encoding="utf-8")
    assert "somebody" not in noted.read_text(encoding="utf-8")
