"""No plain text in any file left, touched or written for a moment, other than what was asked for (R-16).

The play runs under strace, which shows every byte that the process and its children write to a file, so that a
temporary file that is gone again is caught too. The control is a workbook saved by openpyxl, which writes plain XML to
the temporary folder: the same eyes must see it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from counselroom.demo.leak_scan import ENCODINGS, layers, scan

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux"),
]
ROOT = Path(__file__).resolve().parent.parent.parent
_WRITE = re.compile(rb'write(?:64)?\(\d+<(\\x2f[^>]*)>, "((?:\\x[0-9a-f]{2})*)"')
_OPEN = re.compile(rb'openat\([^,]*, "([^"]*)", [^)]*O_(?:CREAT|WRONLY|RDWR)[^)]*\) = \d+')
CONTROL = """
import sys, openpyxl
book = openpyxl.Workbook()
book.active.append(["泄漏标记控制00001号"] * 3)
book.save(sys.argv[1])
"""


def watch(folder: Path, *command: str) -> tuple[dict[str, bytes], set[str]]:
    """Run a command under strace; return what was written to each file, and the files opened for writing."""
    assert shutil.which("strace"), "strace is installed by make setup"
    trace = folder / "trace.txt"
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")}
    environment.pop("COVERAGE_PROCESS_START", None)
    (folder / "tmp").mkdir()
    (folder / "home").mkdir()
    eyes = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-xx",
        "-s",
        "4194304",
        "--seccomp-bpf",
        "-e",
        "trace=write,pwrite64,openat",
        "-o",
    ]
    subprocess.run(
        [*eyes, str(trace), sys.executable, "-B", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    written: dict[str, list[bytes]] = {}
    opened: set[str] = set()
    with trace.open("rb") as lines:
        for line in lines:
            if match := _WRITE.search(line):
                name = _text(match[1])
                written.setdefault(name, []).append(bytes.fromhex(match[2].replace(b"\\x", b"").decode()))
            elif match := _OPEN.search(line):
                opened.add(_text(match[1]))
    trace.unlink()
    return {name: b"".join(parts) for name, parts in written.items()}, opened


def _text(escaped: bytes) -> str:
    return re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), escaped).decode("utf-8", "replace")


def found_in(content: bytes, markers: tuple[str, ...]) -> list[str]:
    unpacked = layers(content)
    return [m for m in markers for code in ENCODINGS if any(m.encode(code) in layer for layer in unpacked)]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...], dict[str, bytes], set[str]]:
    folder = tmp_path_factory.mktemp("leaks")
    written, opened = watch(folder, "-m", "tests.faults.leak_play", str(folder))
    markers = tuple(json.loads((folder / "asked" / "markers.json").read_text("utf-8")))
    return folder, markers, written, opened


def test_no_marker_is_left_in_any_file(played: tuple[Path, tuple[str, ...], dict[str, bytes], set[str]]) -> None:
    folder, markers, _written, _opened = played
    assert len(markers) > 90
    assert scan([folder], markers, frozenset({folder / "asked"})) == []


def test_no_marker_was_written_even_for_a_moment(
    played: tuple[Path, tuple[str, ...], dict[str, bytes], set[str]],
) -> None:
    folder, markers, written, _opened = played
    assert any(name.startswith(str(folder / "vault")) for name in written), "strace saw nothing"
    for name, content in written.items():
        if not name.startswith(str(folder / "asked")):
            assert found_in(content, markers) == [], name


def test_only_the_files_of_the_vault_are_touched(
    played: tuple[Path, tuple[str, ...], dict[str, bytes], set[str]],
) -> None:
    folder, _markers, _written, opened = played
    allowed = tuple(str(folder / name) for name in ("vault", ".vault", "usb", "restored", ".restored", "log", "asked"))
    strange = {name for name in opened if not name.startswith((*allowed, "/dev/", "/proc/"))}
    assert strange == set()


def test_the_log_tells_that_something_was_refused_and_nothing_else(
    played: tuple[Path, tuple[str, ...], dict[str, bytes], set[str]],
) -> None:
    folder, _markers, _written, _opened = played
    text = (folder / "log" / "counselroom.log").read_text("utf-8")
    assert "refused" in text
    assert "UserError" in text


def test_the_control_is_seen(tmp_path: Path) -> None:
    target = tmp_path / "control.xlsx"
    written, opened = watch(tmp_path, "-c", CONTROL, str(target))
    marker = ("泄漏标记控制00001号",)
    assert scan([target], marker), "the marker inside the workbook was not found"
    in_temp = [content for name, content in written.items() if name.startswith(str(tmp_path / "tmp"))]
    assert any(found_in(content, marker) for content in in_temp), "openpyxl's temporary file was not seen"
    assert any(name.startswith(str(tmp_path / "tmp")) for name in opened)
