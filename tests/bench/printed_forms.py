"""Forms per second against one LibreOffice process, and the memory of a long run of prints."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path

from counselroom.printing.audiences import audience_name
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.form_values import FormValues
from counselroom.printing.head import Head
from counselroom.printing.renderer import render
from counselroom.services import forms, prints
from counselroom.services.desk import Work
from counselroom.services.form_subjects import load_subject
from counselroom.services.prints import PrintRequest, print_form
from tests.bench.measuring import Result, interleaved, timed
from tests.bench.papers import papers
from tests.bench.processes import answer_of
from tests.bench.rooms import Room, new_room
from tests.bench.setting import Setting
from tests.bench.word_documents import word_document

_GROWTH_MB = 20


def run(setting: Setting) -> list[Result]:
    """Make the same pages both ways in turn; then print many and look at the memory.

    What converts documents is compared with what converts documents: values that are loaded with finished files. The
    whole service is a row of its own.
    """
    count = setting.size(20, quick=4)
    with new_room(setting.folder / "papers", count) as room:
        requests = papers(room, count)
        sheets = [_loaded(room, request) for request in requests]
        ways = [lambda: _render(sheets), lambda: _print(room, requests)]
        office = shutil.which("soffice")
        if office is None:
            engine, service = interleaved(setting.times(5), *ways)
            none = "LibreOffice is not installed"
            results = [
                Result("filled forms from loaded values to PDF", _rate(count, engine), none),
                Result("filled forms printed with audit and print log", _rate(count, service), none),
            ]
        else:
            other = _Office(office, room, requests, setting.folder / "office")
            engine, service, theirs, first = interleaved(setting.times(5), *ways, other.run, other.start)
            rest = max(theirs - first, 0.001)
            results = [
                Result(
                    f"{count} filled forms, from loaded values to PDF, against one LibreOffice process",
                    _rate(count, engine),
                    _rate(count, theirs),
                    theirs / engine,
                    ">= 10",
                ),
                Result(
                    "the same without LibreOffice's start and its first page",
                    _rate(count, engine),
                    _rate(count - 1, rest),
                    rest / (count - 1) * count / engine,
                ),
                Result(
                    "the same through the whole service: records read, access checked, audit and print log committed",
                    _rate(count, service),
                    _rate(count, theirs),
                    theirs / service,
                ),
            ]
    return [*results, _memory(setting)]


def _rate(count: int, taken: float) -> str:
    return f"{count / taken:.1f} forms/s"


@dataclass(frozen=True)
class _Sheet:
    """What the engine is given for one print."""

    form: Form
    audience: Audience
    values: FormValues
    head: Head


def _loaded(room: Room, request: PrintRequest) -> _Sheet:
    form = forms.all_forms()[request.form_id]
    with room.vault.reading() as session:
        work = Work(session, room.vault, room.clock.now(), room.desk.new_id, writable=False)
        subject = load_subject(work, form.definition.form.subject, request.entity_id)
        values = prints.answers(form, subject)
    head = Head(
        school="青禾市示例中学心理辅导室",
        number=subject.number,
        academic_year=subject.academic_year or "",
        term=subject.term or "",
        printed_by="林老师",
        printed_at=work.now,
        copy_no=1,
        copies=1,
        recipient=audience_name(request.audience),
        purpose=form.definition.form.purpose,
    )
    return _Sheet(form, request.audience, values, head)


def _render(sheets: list[_Sheet]) -> float:
    def work() -> None:
        for sheet in sheets:
            rendered = render(sheet.form, sheet.audience, sheet.values, sheet.head)
            assert rendered.pdf.startswith(b"%PDF-")
            assert not rendered.warnings

    return timed(work)


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
