"""Hostile roster files: the program stays small and alive, says a sentence, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import io
import os
import random
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.imports.child import answer
from counselroom.imports.limits import LIMITS, MIB
from counselroom.imports.reader import RosterRefused, open_roster
from counselroom.imports.refusal import FileRefusedError, Refusal
from counselroom.rules.roster import read_roster
from counselroom.services.roster_import import roster_words
from tests.faults.scale import count
from tests.rosters import HEAD, repacked, saved, student_row, text_table, xls, xlsx

pytestmark = pytest.mark.faults

TODAY = date(2026, 9, 1)
MOST_GROWTH = 100 * MIB
MOST_SECONDS = 30.0

Make = Callable[[], bytes]
Outcome = set[Refusal] | tuple[int, int]
HOSTILE: dict[str, tuple[Make, Outcome]] = {}
"""Name of a hostile file to its maker, and the reasons that may be given or how many rows are read and refused."""


def hostile(*reasons: Refusal, read: tuple[int, int] = (0, 0)) -> Callable[[Make], Make]:
    def note(make: Make) -> Make:
        HOSTILE[make.__name__] = (make, set(reasons) or read)
        return make

    return note


@cache
def plain() -> bytes:
    return xlsx([HEAD, *(student_row(index) for index in range(200))])


def with_sheet(part: bytes) -> bytes:
    return repacked(plain(), lambda name, old: part if name.endswith("sheet1.xml") else old)


def sheet_of(body: str, dimension: str = "A1:B2") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
        f'main"><dimension ref="{dimension}"/><sheetData>{body}</sheetData></worksheet>'
    ).encode()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@hostile(Refusal.UNPACKS_TOO_BIG)
def ratio_bomb() -> bytes:
    return repacked(plain(), xl__media__image1_dot_png=bytes(60 * MIB))


@hostile(Refusal.UNPACKS_TOO_BIG)
def sheet_bomb() -> bytes:
    return with_sheet(sheet_of("<row/>" * 8_000_000))


@hostile(Refusal.UNPACKS_TOO_BIG)
def size_bomb_below_the_ratio() -> bytes:
    chance = random.Random(1)
    block = bytes(chance.choices(b"0123456789abcdef", k=MIB // 8)) + bytes(MIB - MIB // 8)
    return repacked(plain(), xl__media__a_dot_png=block * 60, xl__media__b_dot_png=block * 60)


@hostile(Refusal.UNPACKS_TOO_BIG)
def shared_strings_bomb() -> bytes:
    strings = b"".join(b"<si><t>%032x</t></si>" % index for index in range(500_000))
    return repacked(plain(), lambda name, old: b"<sst>" + strings + b"</sst>" if "sharedStrings" in name else old)


@hostile(Refusal.TOO_MUCH_TEXT, Refusal.TOO_MUCH_WORK)
def one_long_string_a_million_times() -> bytes:
    chance = random.Random(6)
    strings = "<sst>" + "".join(f"<si><t>{chr(0x4E00 + index) * 1_900}</t></si>" for index in range(150)) + "</sst>"
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c t="s"><v>{chance.randrange(150)}</v></c>' for _cell in range(60)) + "</row>"
        for row in range(1, 12_000)
    )

    def change(name: str, old: bytes) -> bytes:
        if name.endswith("sheet1.xml"):
            return sheet_of(rows)
        return strings.encode() if "sharedStrings" in name else old

    return repacked(plain(), change)


@hostile(Refusal.ODD_PACKAGE)
def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    return with_sheet(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{levels}]><x>&a9;</x>'.encode())


@hostile(Refusal.ODD_PACKAGE)
def external_entity() -> bytes:
    return with_sheet(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')


@hostile(Refusal.ODD_PACKAGE)
def document_type_in_utf_16() -> bytes:
    return with_sheet('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"))


@hostile(read=(0, 0))
def forged_dimension() -> bytes:
    return with_sheet(sheet_of(f'<row r="1">{cell("A1", "姓名")}</row>', "A1:XFD1048576"))


@hostile(Refusal.TOO_MUCH_WORK, Refusal.TOO_MANY_COLUMNS, Refusal.DAMAGED)
def a_cell_in_the_last_corner() -> bytes:
    last = f'<row r="1048576">{cell("XFD1048576", "x")}</row>'
    return with_sheet(sheet_of(f'<row r="1">{cell("A1", "姓名")}</row>{last}'))


@hostile(Refusal.TOO_MUCH_WORK, Refusal.TOO_MANY_COLUMNS, Refusal.DAMAGED)
def a_cell_beyond_the_last_corner() -> bytes:
    return with_sheet(sheet_of(f'<row r="4294967295">{cell("ZZZZZZ4294967295", "x")}</row>'))


@hostile(Refusal.TOO_MANY_COLUMNS)
def sixteen_thousand_columns() -> bytes:
    return xlsx([[*HEAD, *("x" * 16_000)]])


@hostile(Refusal.TOO_MANY_COLUMNS)
def a_million_columns() -> bytes:
    return b"a," * 1_000_000


@hostile(Refusal.TOO_MUCH_WORK, Refusal.ODD_PACKAGE)
def merged_areas_everywhere() -> bytes:
    merges = "".join(f'<mergeCell ref="A{row}:Z1048576"/>' for row in range(1, 30_000))
    part = sheet_of(f'<row r="1">{cell("A1", "姓名")}</row><row r="40000">{cell("B40000", "x")}</row>')
    merged = f"</sheetData><mergeCells>{merges}</mergeCells>".encode()
    return with_sheet(part.replace(b"</sheetData>", merged))


def _named(name: str) -> bytes:
    stream = io.BytesIO(plain())
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr(name, b"<a/>")
    return stream.getvalue()


@hostile(Refusal.ODD_PACKAGE)
def climbs_out_of_the_package() -> bytes:
    return _named("../../etc/x")


@hostile(Refusal.ODD_PACKAGE)
def absolute_name() -> bytes:
    return _named("/etc/cron.d/x")


@hostile(Refusal.ODD_PACKAGE)
def a_part_twice() -> bytes:
    return _named("XL/worksheets/SHEET1.xml")


@hostile(Refusal.ODD_PACKAGE)
def ten_thousand_parts() -> bytes:
    stream = io.BytesIO(plain())
    with zipfile.ZipFile(stream, "a") as package:
        for index in range(10_000):
            package.writestr(f"xl/{index}.xml", b"")
    return stream.getvalue()


@hostile(Refusal.MACROS)
def macros() -> bytes:
    return _named("xl/vbaProject.bin")


@hostile(Refusal.EXTERNAL_LINKS)
def links_to_other_files() -> bytes:
    return _named("xl/externalLinks/externalLink1.xml")


@hostile(Refusal.OTHER_FORMAT)
def a_package_in_a_package() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("名册.xlsx", plain())
    return stream.getvalue()


@hostile(Refusal.PASSWORD)
def encrypted_workbook() -> bytes:
    return xls([["x"]]) + "EncryptedPackage".encode("utf-16-le") + os.urandom(4_096)


@hostile(Refusal.PASSWORD)
def encrypted_parts() -> bytes:
    data = bytearray(plain())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@hostile(read=(50, 0))
def old_workbook_under_a_new_name() -> bytes:
    return xls([HEAD, *(student_row(index) for index in range(50))])


@hostile(Refusal.DAMAGED, Refusal.TOO_MUCH_WORK)
def cut_old_workbook() -> bytes:
    return old_workbook_under_a_new_name()[:3_000]


@hostile(Refusal.TOO_BIG)
def a_hundred_megabytes() -> bytes:
    return b"a,b\n" * (25 * MIB)


@hostile(Refusal.NOT_A_TABLE)
def nul_bytes() -> bytes:
    return "学号,姓名\n1,张\0三\n".encode()


@hostile(Refusal.EMPTY)
def nothing_but_nul_bytes() -> bytes:
    return bytes(MIB)


@hostile(Refusal.ENCODING, Refusal.NOT_A_TABLE)
def gb18030_and_utf_16_mixed() -> bytes:
    return text_table([HEAD]) + text_table([student_row(1)], "utf-16")


@hostile(Refusal.ENCODING, Refusal.QUOTE, Refusal.NOT_A_TABLE)
def utf_16_cut_in_a_character() -> bytes:
    return "学号,姓名\n1,𬱖".encode("utf-16")[:-1]


@hostile(Refusal.DAMAGED)
def cut_workbook() -> bytes:
    return plain()[: len(plain()) // 2]


@hostile(Refusal.DAMAGED, Refusal.ODD_PACKAGE, Refusal.UNPACKS_TOO_BIG, Refusal.PASSWORD)
def workbook_with_flipped_bytes() -> bytes:
    chance = random.Random(2)
    data = bytearray(plain())
    for _flip in range(60):
        data[chance.randrange(4, len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


@hostile(Refusal.NOT_A_TABLE, Refusal.ENCODING)
def random_bytes() -> bytes:
    return random.Random(3).randbytes(MIB)


@hostile(Refusal.DAMAGED, Refusal.NOT_A_TABLE, Refusal.TOO_MUCH_WORK)
def old_workbook_of_random_bytes() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(4).randbytes(MIB)


@hostile(read=(1, 1))
def a_cell_of_ten_megabytes() -> bytes:
    return text_table([HEAD, student_row(1, 备注="长" * (5 * MIB)), student_row(2)], "utf-8")


@hostile(Refusal.QUOTE)
def a_quotation_mark_that_never_closes() -> bytes:
    return text_table([HEAD]) + b'"' + text_table([student_row(index) for index in range(50_000)])


@hostile(Refusal.TOO_MANY_ROWS)
def sixty_thousand_rows() -> bytes:
    return text_table([HEAD, *(student_row(index) for index in range(60_000))])


@hostile(Refusal.TOO_MANY_ROWS, Refusal.UNPACKS_TOO_BIG)
def a_workbook_of_sixty_thousand_rows() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "constant_memory": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["学号", "姓名"])
    for index in range(60_000):
        sheet.write_row(index + 1, 0, [f"{index}", "张三"])
    book.close()
    return stream.getvalue()


@hostile(read=(50_000, 0))
def fifty_thousand_namesakes() -> bytes:
    row = student_row(1)
    return text_table([HEAD, *([f"2026{index:05d}", *row[1:]] for index in range(50_000))])


@hostile(Refusal.WEB_PAGE)
def a_web_page() -> bytes:
    return "<html><body><table><tr><td>姓名</td></tr></table></body></html>".encode("gb18030")


@hostile(Refusal.OTHER_FORMAT)
def a_program() -> bytes:
    return b"MZ\x90\0" + random.Random(5).randbytes(10_000)


@hostile(read=(1, 100))
def formulas_everywhere() -> bytes:
    rows = [[f"=cmd|'/c calc'!{column}{index}" for column in "ABCDEFGHIJ"] for index in range(100)]
    return xlsx([HEAD, *rows, student_row(1, 姓名="@SUM(A1)", 备注="+1")])


class Growth:
    """How much this process grows, watched from a thread: the highest it reaches counts, not what is left."""

    def __enter__(self) -> Growth:
        self._start = self._peak = self._now()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_caught: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            self._peak = max(self._peak, self._now())

    @staticmethod
    def _now() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def most(self) -> int:
        return self._peak - self._start


def everything_below(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_there_are_forty_of_them() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: memory is read from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    make, outcome = HOSTILE[name]
    path = saved(tmp_path, make())
    refused: RosterRefused | None = None
    reading = None
    started = time.monotonic()
    with Growth() as growth:
        try:
            with open_roster(path) as roster:
                reading = read_roster(roster.lines(), roster_words(), TODAY)
        except RosterRefused as error:
            refused = error
    assert time.monotonic() - started < MOST_SECONDS
    assert growth.most < MOST_GROWTH
    if isinstance(outcome, tuple):
        assert refused is None
        assert ((len(reading.students), len(reading.refused)) if reading else (0, 0)) == outcome
    else:
        assert refused is not None
        assert refused.reason in outcome
        assert all((refused.happened, refused.safe, refused.next_step))
    assert everything_below(tmp_path) == {path}
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def parsed(data: bytes) -> None:
    """Do in this process what the child and its parent do, without the child's limits."""
    with contextlib.suppress(FileRefusedError):
        lines = [tuple(value) for value in answer(data, None, LIMITS) if isinstance(value, list)]
        read_roster(lines, roster_words(), TODAY)


@settings(deadline=None, max_examples=count(ci=300, more=3_000, full=10_000), database=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    parsed(data)


WORD = st.one_of(
    st.sampled_from(
        [*HEAD, "父亲", "母亲", "姓名 ", "（手机）", "合计", "62人", "序号", "=1+1", "'01", "2010.3", "", " "]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
    st.floats(),
)


@settings(deadline=None, max_examples=count(ci=300, more=3_000, full=10_000), database=None)
@given(st.lists(st.lists(WORD, max_size=12), max_size=12))
def test_any_table_is_read(rows: list[list[str | float]]) -> None:
    finite = [[cell if isinstance(cell, str) or abs(cell) < 1e300 else str(cell) for cell in row] for row in rows]
    reading = read_roster(list(enumerate(finite, start=1)), roster_words(), TODAY)
    if reading is not None:
        shown = len(reading.students) + len(reading.refused) + reading.skipped
        assert shown == sum(number > reading.heading.lines[-1] for number, _row in enumerate(finite, start=1))


@settings(deadline=None, max_examples=count(ci=25, more=300, full=1_000), database=None)
@given(st.lists(st.tuples(st.integers(4, 6_000), st.integers(0, 255)), min_size=1, max_size=30))
def test_a_workbook_with_changed_bytes_ends_in_a_child(changes: list[tuple[int, int]]) -> None:
    data = bytearray(xlsx([HEAD, student_row(1)]))
    for at, value in changes:
        data[at % len(data)] = value
    done = subprocess.run(
        [sys.executable, "-B", "-m", "counselroom.imports.child"], input=bytes(data), capture_output=True, timeout=40
    )
    assert done.returncode != 0 or b'{"end": ' in done.stdout or b'{"refused": ' in done.stdout
