"""The child process that reads a roster: started as `python -m counselroom.imports.child`, with the file as input.

It limits itself first, looks at the bytes, parses, and answers one JSON value a line on standard output: an object
with the sheets, an array `[line number, [cells]]` for every line that is not blank, and an object that ends the
answer, `{"end": rows}` or `{"refused": reason, "line": n}`. It writes no file, and an answer without an end means that
a parser failed: that is why nothing here catches what it did not expect.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from counselroom.imports.gate import Content, content_of
from counselroom.imports.limits import LIMITS, Limits, confine
from counselroom.imports.refusal import FileRefusedError, Refusal

COMMAND = "read-roster-in-child"
"""First argument with which a frozen program starts itself as this child, since it has no `python -m`."""


def answer(data: bytes, sheet: str | None, limits: Limits) -> Iterator[Any]:
    """Yield the JSON values of the answer about the file `data`, of which `sheet` (default: the longest) is wanted.

    Raises:
        FileRefusedError: the file is refused; values already yielded don't count.
    """
    lines: Iterable[tuple[int, Sequence[str | float]]]
    if content_of(data, limits) is Content.TEXT:
        from counselroom.imports.text_table import lines_of

        if sheet:
            raise FileRefusedError(Refusal.NO_SUCH_SHEET)
        lines = lines_of(data, limits)
        yield {"sheets": [], "sheet": ""}
    else:
        from counselroom.imports.workbook import Workbook

        book = Workbook(data, limits)
        name = book.longest_sheet() if sheet is None else sheet
        lines = book.lines_of(name)
        yield {"sheets": book.sheets, "sheet": name}
    yield from _within(lines, limits)


def _within(lines: Iterable[tuple[int, Sequence[str | float]]], limits: Limits) -> Iterator[Any]:
    rows = characters = 0
    for number, cells in lines:
        shown = [cell[: limits.cell_characters + 1] if isinstance(cell, str) else cell for cell in cells]
        while shown and (shown[-1] == "" or (isinstance(shown[-1], str) and shown[-1].isspace())):
            shown.pop()
        if not shown:
            continue
        rows += 1
        characters += sum(len(cell) for cell in shown if isinstance(cell, str))
        if rows > limits.rows:
            raise FileRefusedError(Refusal.TOO_MANY_ROWS)
        if len(shown) > limits.columns:
            raise FileRefusedError(Refusal.TOO_MANY_COLUMNS)
        if characters > limits.text_characters:
            raise FileRefusedError(Refusal.TOO_MUCH_TEXT)
        yield [number, shown]
    if not rows:
        raise FileRefusedError(Refusal.EMPTY)
    yield {"end": rows}


def run(source: BinaryIO, sink: BinaryIO, sheet: str | None, limits: Limits = LIMITS) -> None:
    """Answer about the file that `source` gives on `sink`."""
    try:
        data = source.read(limits.file_bytes + 1)
        sink.writelines(_line_of(value) for value in answer(data, sheet, limits))
    except FileRefusedError as refusal:
        sink.write(_line_of({"refused": refusal.reason, "line": refusal.line}))
    sink.flush()


def _line_of(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def main(arguments: Sequence[str]) -> int:
    """Confine this process, then answer about the file on standard input. `arguments` may name the sheet."""
    confine(LIMITS)
    run(sys.stdin.buffer, sys.stdout.buffer, arguments[0] if arguments else None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
