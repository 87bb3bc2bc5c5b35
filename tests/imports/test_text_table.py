"""Text tables: the encoding found by trying, the separator by counting, nothing swallowed by a lost quotation mark."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.imports.limits import LIMITS
from counselroom.imports.refusal import FileRefusedError, Refusal
from counselroom.imports.text_table import decode, lines_of, separator_of
from tests.rosters import text_table

ROWS = [["学号", "姓名"], ["001", "𬱖 丁"], ["002", "李,四\n五"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_every_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    found = list(lines_of(text_table(ROWS, encoding, separator), LIMITS))
    assert [cells for _line, cells in found] == ROWS
    assert [line for line, _cells in found] == [1, 2, 3]


def test_a_row_after_a_cell_of_two_lines_has_the_number_of_its_own_line() -> None:
    found = list(lines_of(text_table([*ROWS, ["003", "王"]], "utf-8"), LIMITS))
    assert found[-1] == (5, ["003", "王"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfea\0\0\0", Refusal.NOT_A_TABLE),
        (b"\xff\xfe\x00\xd8a\0", Refusal.ENCODING),
        (b"\xef\xbb\xbf\xff", Refusal.ENCODING),
        (b"a,\xff\xff\xff", Refusal.ENCODING),
        ("学号".encode() + "姓名".encode("gb18030") + b"\xff", Refusal.ENCODING),
    ],
)
def test_bytes_that_are_no_text(data: bytes, reason: Refusal) -> None:
    with pytest.raises(FileRefusedError) as caught:
        decode(data)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("text", "line"),
    [('学号,姓名\n1,张三\n2,"李四\n3,王五\n', 3), ('学号,姓名\n1,"张"三\n', 2), ('"a', 1)],
)
def test_a_lost_quotation_mark_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(FileRefusedError) as caught:
        list(lines_of(text.encode(), LIMITS))
    assert (caught.value.reason, caught.value.line) == (Refusal.QUOTE, line)


def test_a_cell_longer_than_all_text_may_be_is_refused() -> None:
    with pytest.raises(FileRefusedError):
        list(lines_of(b"a" * 200, replace(LIMITS, text_characters=100)))


def test_the_separator_is_the_most_frequent_one_of_the_first_lines() -> None:
    assert separator_of("a\tb,c\n1\t2\n") == "\t"
    assert separator_of("abc\n") == ","
    assert separator_of("a,b\n" * 30 + ";;;;;;" * 99) == ","


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=12)


@settings(deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=8), st.sampled_from(["utf-8-sig", "utf-16"])
)
def test_what_was_written_is_read(rows: list[list[str]], encoding: str) -> None:
    rows = [["学号", "姓名", "班级", "备注", "电话", "住址"], *rows]
    found = [cells for _line, cells in lines_of(text_table(rows, encoding), LIMITS)]
    if separator_of(decode(text_table(rows, encoding))) == ",":
        assert found == rows


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(FileRefusedError):
        for line, cells in lines_of(data, LIMITS):
            assert line > 0
            assert all(isinstance(cell, str) for cell in cells)
