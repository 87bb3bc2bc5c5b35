"""Reads a CSV file: the encoding is found by trying, the separator by counting."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from counselroom.imports.limits import Limits
from counselroom.imports.refusal import FileRefusedError, Refusal

_SEPARATORS = (",", "\t", ";")
_LINES_TO_COUNT = 30


def decode(data: bytes) -> str:
    """Return the text of `data`.

    A byte order mark decides; else UTF-8 if the bytes are UTF-8, else GB18030, in which Chinese office programs save.
    A text in GB18030 is practically never valid UTF-8, while nearly every text is valid GB18030: hence the order.

    Raises:
        FileRefusedError: neither fits, or the text holds NUL characters.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise FileRefusedError(Refusal.NOT_A_TABLE)
        return text
    raise FileRefusedError(Refusal.ENCODING)


def separator_of(text: str) -> str:
    """Return the separator that occurs most often in the first lines; a comma if none does."""
    head = "".join(line for line, _ in zip(io.StringIO(text), range(_LINES_TO_COUNT), strict=False))
    return max(_SEPARATORS, key=head.count)


def lines_of(data: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the 1-based number of the line a row begins in, and its cells.

    Raises:
        FileRefusedError: encoding, or a quotation mark that does not end where a cell ends. Reading on would swallow
            all following students into one cell.
    """
    text = decode(data)
    csv.field_size_limit(limits.text_characters)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefusedError(Refusal.QUOTE, begins) from error
        yield begins, cells
        begins = reader.line_num + 1
