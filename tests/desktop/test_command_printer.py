"""Printing through the commands of CUPS, which a test puts there as small scripts."""

from __future__ import annotations

import itertools
import stat
from pathlib import Path

import pytest

from counselroom.desktop.command_printer import CommandPrinters, has_print_commands
from counselroom.desktop.printer import Order, Printer, PrinterFailed
from counselroom.services.prints import print_blank
from tests.desktop.papers import PdfPaper

ORDER = Order("room_1", 2, "F-50")
LPSTAT = """#!/bin/sh
[ "$LC_ALL" = C ] || exit 9
case $1 in
-e) printf 'hall\\nroom_1\\nnet\\n' ;;
-d) echo 'system default destination: room_1' ;;
-p) printf 'printer hall disabled since Mon -\\n\\treason\\nprinter room_1 is idle.  enabled since Mon\\n' ;;
esac
"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return print_blank("F-06")


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "bin"
    place.mkdir()
    put(place / "lpstat", LPSTAT)
    put(place / "lp", f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncat > {tmp_path}/got\n')
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    return tmp_path


def put(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def never() -> bool:
    return False


def test_the_default_comes_first_and_a_disabled_one_is_not_ready(commands: Path) -> None:
    assert has_print_commands()
    assert CommandPrinters().found() == (
        Printer("room_1", "room 1", is_default=True),
        Printer("hall", "hall", is_ready=False),
        Printer("net", "net"),
    )


def test_the_document_goes_through_the_pipe_as_it_is(commands: Path, pdf: bytes) -> None:
    assert CommandPrinters().print_paper(PdfPaper(pdf), ORDER, never) is True
    assert (commands / "got").read_bytes() == pdf
    assert (commands / "said").read_text().split() == ["-s", "-d", "room_1", "-n", "2", "-t", "F-50", "-o", "media=A4"]


def test_a_refusal_is_a_failure(commands: Path, pdf: bytes) -> None:
    put(commands / "bin" / "lp", "#!/bin/sh\nexit 1\n")
    with pytest.raises(PrinterFailed, match="打印机没有响应"):
        CommandPrinters().print_paper(PdfPaper(pdf), ORDER, never)


def test_a_command_that_hangs_is_given_up(commands: Path, pdf: bytes) -> None:
    put(commands / "bin" / "lp", "#!/bin/sh\nexec sleep 60\n")
    clock = itertools.count(0, 20)
    with pytest.raises(PrinterFailed, match="打印机没有响应"):
        CommandPrinters(patience=30, seconds=lambda: float(next(clock))).print_paper(PdfPaper(pdf), ORDER, never)


def test_a_stopped_print_ends_the_command(commands: Path, pdf: bytes) -> None:
    put(commands / "bin" / "lp", "#!/bin/sh\nexec sleep 60\n")
    assert CommandPrinters().print_paper(PdfPaper(pdf), ORDER, lambda: True) is False


def test_a_machine_without_the_commands_has_no_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pdf: bytes
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_print_commands()
    assert CommandPrinters().found() == ()
    with pytest.raises(PrinterFailed):
        CommandPrinters().print_paper(PdfPaper(pdf), ORDER, never)
