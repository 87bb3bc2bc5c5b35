"""Draws marks into a PDF, from memory to memory; the only module that talks to reportlab's canvas."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from counselroom.printing.fonts import DRAWING, DRAWN_BOXES, FormFont
from counselroom.printing.marks import BoxMark, Mark, RuleMark, TextMark

_RUNS = re.compile(f"[{DRAWN_BOXES}]|[^{DRAWN_BOXES}]+")
_BOLD_STROKE = 1 / 30
"""Width of the stroke that makes letters bold, as a share of their size: there is one weight of the font only."""


def paint(pages: Sequence[Sequence[Mark]], size: tuple[float, float], font: FormFont, title: str) -> bytes:
    """Return a PDF of `pages`.

    The same marks give the same bytes. The document's properties hold `title` and nothing else.

    Args:
        pages: the marks of each page.
        size: width and height of the paper in points.
        font: the only font that is embedded, as subsets.
        title: the title of the document; never anything about a person.
    """
    stream = io.BytesIO()
    with DRAWING:
        canvas = Canvas(
            stream,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=font.name,
            initialFontSize=10,
            lang="zh-CN",
        )
        canvas.setTitle(title)
        canvas.setAuthor("")
        canvas.setSubject("")
        canvas.setCreator("counselroom")
        for marks in pages:
            _Painter(canvas, size, font).page(marks)
            canvas.showPage()
        canvas.save()
    return stream.getvalue()


class _Painter:
    """Draws one page, setting colours and widths only when they change."""

    def __init__(self, canvas: Any, size: tuple[float, float], font: FormFont) -> None:
        self._canvas = canvas
        self._width, self._height = size
        self._font = font
        self._fill = -1.0
        self._stroke = -1.0
        self._line = -1.0
        self._size = -1.0
        self._dash: tuple[float, ...] = ()

    def page(self, marks: Sequence[Mark]) -> None:
        # Without paper of its own a page is transparent, and a preview shows black letters on a dark window.
        self._filled(1.0)
        self._canvas.rect(0, 0, self._width, self._height, stroke=0, fill=1)
        for mark in marks:
            match mark:
                case TextMark():
                    self._text(mark)
                case RuleMark():
                    self._rule(mark)
                case BoxMark():
                    self._box(mark.x, mark.y, mark.size, ticked=mark.ticked)
                case _:
                    self._filled(mark.grey)
                    bottom = self._height - mark.y - mark.height
                    self._canvas.rect(mark.x, bottom, mark.width, mark.height, stroke=0, fill=1)

    def _filled(self, grey: float) -> None:
        if grey != self._fill:
            self._canvas.setFillGray(grey)
            self._fill = grey

    def _stroked(self, grey: float, width: float, dash: tuple[float, ...] = ()) -> None:
        if grey != self._stroke:
            self._canvas.setStrokeGray(grey)
            self._stroke = grey
        if width != self._line:
            self._canvas.setLineWidth(width)
            self._line = width
        if dash != self._dash:
            self._canvas.setDash(list(dash))
            self._dash = dash

    def _text(self, mark: TextMark) -> None:
        if mark.size != self._size:
            self._canvas.setFont(self._font.name, mark.size)
            self._size = mark.size
        self._filled(mark.grey)
        if mark.bold:
            self._stroked(mark.grey, mark.size * _BOLD_STROKE)
        x = mark.x
        for run in _RUNS.findall(mark.text):
            if run in DRAWN_BOXES:
                side = mark.size * 0.84
                self._box(x + mark.size * 0.08, mark.y - side + mark.size * 0.08, side, ticked=run != "☐")
                self._filled(mark.grey)
            else:
                self._canvas.drawString(
                    x, self._height - mark.y, run, mode=2 if mark.bold else None, charSpace=mark.spacing
                )
            x += self._font.width(run, mark.size) + mark.spacing * len(run)

    def _rule(self, mark: RuleMark) -> None:
        self._stroked(mark.grey, mark.width, mark.dash)
        self._canvas.line(mark.x, self._height - mark.y, mark.x2, self._height - mark.y2)

    def _box(self, x: float, top: float, size: float, *, ticked: bool) -> None:
        y = self._height - top - size
        self._stroked(0.0, 0.7)
        self._canvas.rect(x, y, size, size, stroke=1, fill=0)
        if ticked:
            self._stroked(0.0, 1.3)
            points = ((0.17, 0.50), (0.42, 0.22), (0.92, 0.95))
            corners = [(x + size * across, y + size * up) for across, up in points]
            self._canvas.lines([(*corners[0], *corners[1]), (*corners[1], *corners[2])])
