"""Pages of a PDF as pictures, from memory to memory, for the preview and for the printer.

PySide6_Pdf exists for Qt 6.12 only, which loses references of None on Python 3.11; so PDFium is called directly. Its
calls leave Python free, so that the window goes on while a page is drawn. PDFium itself can do one thing at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from counselroom.errors import Bug

POINTS = 72
"""Points in an inch."""
BYTES_A_PIXEL = 4
_BAND_BYTES = 2 * 1024 * 1024
"""A page is handed to the printer in bands of at most this many bytes: whoever paints one holds up the window."""
_PDFIUM = threading.Lock()
"""PDFium is not safe for threads: one call at a time in the whole process."""


@dataclass(frozen=True)
class PageSize:
    """The size of a page in points."""

    width: float
    height: float


@dataclass(frozen=True)
class PageImage:
    """A page or a band of one, always on white.

    Attributes:
        width: in pixels.
        height: in pixels.
        top: first row of the whole page that it shows, in pixels.
        page_height: rows of the whole page, in pixels.
        pixels: `width * height * 4` bytes, rows from the top, each pixel blue, green, red and one byte unused.
    """

    width: int
    height: int
    top: int
    page_height: int
    pixels: bytes


@dataclass(frozen=True)
class WordPlace:
    """Where a word stands on a page, in points from its top left corner."""

    word: str
    x: float
    y: float
    width: float
    height: float


def page_sizes(pdf: bytes) -> tuple[PageSize, ...]:
    """Return the size of each page. Raises Bug when `pdf` is not a PDF."""
    with _PDFIUM, _opened(pdf) as document:
        return tuple(PageSize(*document.get_page_size(number)) for number in range(len(document)))


def page_image(pdf: bytes, page: int, dots_per_inch: float) -> PageImage:
    """Draw a whole page.

    Args:
        pdf: the document.
        page: which page, from 0.
        dots_per_inch: the resolution.

    Raises:
        Bug: `pdf` is not a PDF, or has no such page.
    """
    return next(_bands(pdf, page, dots_per_inch, None))


def page_bands(
    pdf: bytes, page: int, dots_per_inch: float, stopped: Callable[[], bool] = lambda: False
) -> Iterator[PageImage]:
    """Draw a page in bands from the top, each a few megabytes, until `stopped`. Raises Bug like `page_image`."""
    for band in _bands(pdf, page, dots_per_inch, _BAND_BYTES):
        if stopped():
            return
        yield band


def word_places(pdf: bytes, page: int, words: Iterable[str]) -> tuple[WordPlace, ...]:
    """Return where these words stand on a page, each as often as it does. Raises Bug like `page_image`."""
    found = []
    with _PDFIUM, _opened(pdf) as document:
        opened = document[page]
        text = opened.get_textpage()
        try:
            height = opened.get_height()
            for word in dict.fromkeys(words):
                searcher = text.search(word, match_case=True)
                while (hit := searcher.get_next()) is not None:
                    boxes = [text.get_charbox(at) for at in range(hit[0], hit[0] + hit[1])]
                    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
                    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
                    found.append(WordPlace(word, left, height - top, right - left, top - bottom))
                searcher.close()
        finally:
            text.close()
            opened.close()
    return tuple(found)


def _bands(pdf: bytes, page: int, dots_per_inch: float, most: int | None) -> Iterator[PageImage]:
    with _PDFIUM, _opened(pdf) as document:
        if not 0 <= page < len(document):
            message = f"the document has no page {page}"
            raise Bug(message)
        points = document.get_page_size(page)
    width, height = (max(1, round(side * dots_per_inch / POINTS)) for side in points)
    rows = height if most is None else max(1, min(height, most // (width * BYTES_A_PIXEL)))
    for top in range(0, height, rows):
        band = min(rows, height - top)
        # The lock is not held between two bands: the preview of another page need not wait for a whole print.
        with _PDFIUM, _opened(pdf) as document:
            yield PageImage(width, band, top, height, _drawn(document, page, (width, height), top, band))


def _drawn(document: pypdfium2.PdfDocument, page: int, size: tuple[int, int], top: int, rows: int) -> bytes:
    opened = document[page]
    bitmap = pypdfium2.PdfBitmap.new_native(size[0], rows, raw.FPDFBitmap_BGRx)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, size[0], rows)
        raw.FPDF_RenderPageBitmap(bitmap, opened, 0, -top, *size, 0, 0)
        return _without_padding(bytes(bitmap.buffer), bitmap.stride, size[0] * BYTES_A_PIXEL)
    finally:
        bitmap.close()
        opened.close()


def _without_padding(pixels: bytes, stride: int, row: int) -> bytes:
    if stride == row:
        return pixels
    return b"".join(pixels[start : start + row] for start in range(0, len(pixels), stride))


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        message = "the document to be drawn is not a PDF"
        raise Bug(message) from None
