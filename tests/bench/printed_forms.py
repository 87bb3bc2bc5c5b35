"""Forms per second against one LibreOffice process, and the memory of a long run of prints."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.metadata import files
from pathlib import Path

from counselroom.services.prints import PrintRequest, print_form
from tests.bench.measuring import Result, interleaved, timed
from tests.bench.papers import papers
from tests.bench.rooms import Room, new_room
from tests.bench.setting import Setting, answer_of
from tests.bench.word_documents import word_document

_GROWTH_MB = 20


def run(setting: Setting) -> list[Result]:
    """Print the same forms both ways in turn; then print many and look at the memory."""
    count = setting.size(20, quick=4)
    with new_room(setting.folder / "papers", count) as room:
        requests = papers(room, count)
        office = shutil.which("soffice")
        if office:
            other = _Office(office, room, requests, setting.folder / "office")
            ours, theirs, empty = interleaved(setting.times(3), lambda: _print(room, requests), other.run, other.start)
            results = [
                Result(
                    f"{count} filled forms printed with audit and print log, against one LibreOffice process",
                    f"{count / ours:.1f} forms/s",
                    f"{count / theirs:.1f} forms/s",
                    theirs / ours,
                    ">= 10",
                ),
                Result(
                    "the same without LibreOffice's start and its first page",
                    f"{count / ours:.1f} forms/s",
                    f"{(count - 1) / max(theirs - empty, 0.001):.1f} forms/s",
                    (theirs - empty) / (count - 1) * count / ours,
                ),
            ]
        else:
            (ours,) = interleaved(setting.times(3), lambda: _print(room, requests))
            results = [Result("filled forms a second", f"{count / ours:.1f} forms/s", "LibreOffice is not installed")]
    return [*results, _memory(setting)]


def _print(room: Room, requests: list[PrintRequest]) -> float:
    def work() -> None:
        for request in requests:
            printed = print_form(room.actor, room.desk, request).value
            assert printed.pdf.startswith(b"%PDF-")
            assert not printed.warnings

    return timed(work)


class _Office:
    """LibreOffice without a window, converting all documents in one process."""

    def __init__(self, program: str, room: Room, requests: list[PrintRequest], folder: Path) -> None:
        self._program = program
        self._folder = folder
        folder.mkdir()
        self._documents = []
        for number, request in enumerate(requests):
            path = folder / f"{number:02d}.docx"
            path.write_bytes(word_document(room, request))
            self._documents.append(path)
        fonts = folder / "share" / "fonts"
        fonts.mkdir(parents=True)
        source = next(Path(str(each.locate())) for each in files("zhplot") or () if each.suffix == ".ttf")
        shutil.copy(source, fonts)
        self._convert(self._documents[:1])  # makes the user profile

    def run(self) -> float:
        """Measure converting all documents."""
        return timed(lambda: self._convert(self._documents))

    def start(self) -> float:
        """Measure converting the first document alone."""
        return timed(lambda: self._convert(self._documents[:1]))

    def _convert(self, documents: list[Path]) -> None:
        out = self._folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        profile = f"-env:UserInstallation={(self._folder / 'profile').as_uri()}"
        environment = os.environ | {"HOME": str(self._folder), "XDG_DATA_HOME": str(self._folder / "share")}
        command = [self._program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
        subprocess.run([*command, *map(str, documents)], check=True, capture_output=True, env=environment)
        made = sorted(out.glob("*.pdf"))
        assert len(made) == len(documents), "LibreOffice did not convert every document"


def _memory(setting: Setting) -> Result:
    count, warm = setting.size(1_000, quick=40), setting.size(100, quick=20)
    measure = f"memory after {count:,} forms, against after the first {warm}"
    if not Path("/proc/self/statm").exists():
        return Result(measure, "", "the system does not tell the memory of a process under /proc")
    grown = answer_of("steady_forms", setting.folder / "steady", count, warm)
    before, after = grown["before"] / 1e6, grown["after"] / 1e6
    limit = f"<= {_GROWTH_MB}"
    return Result(f"{measure}: growth in MB", f"{after:.0f} MB", f"{before:.0f} MB", after - before, limit)
