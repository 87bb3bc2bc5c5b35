"""Draws marks into a PDF, from memory to memory; the only module that talks to reportlab's canvas.

The canvas makes the document and its pages; what stands on a page is written here as the operators of a content
stream, for its own drawing methods took twice the time of everything else together (measured).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from counselroom.printing.embedding import EmbeddedFont
from counselroom.printing.fonts import DRAWING, DRAWN_BOXES, FormFont
from counselroom.printing.marks import BoxMark, FillMark, Mark, RuleMark, TextMark

rl_config.useA85 = 0  # streams as bytes: base85 makes them a quarter longer, for channels that no longer exist

_RUNS = re.compile(f"[{DRAWN_BOXES}]|[^{DRAWN_BOXES}]+")
_BOLD_STROKE = 1 / 30
"""Width of the stroke that makes letters bold, as a share of their size: there is one weight of the font only."""
_FONT = "F1"
_FILLED_LETTERS, _FILLED_AND_STROKED = 0, 2


def paint(pages: Sequence[Sequence[Mark]], size: tuple[float, float], font: FormFont, title: str) -> bytes:
    """Return a PDF of `pages`.

    The same marks give the same bytes. The document's properties hold `title` and nothing else.

    Args:
        pages: the marks of each page.
        size: width and height of the paper in points.
        font: the only font that is embedded, as a subset.
        title: the title of the document; never anything about a person.
    """
    stream = io.BytesIO()
    with DRAWING:
        canvas = Canvas(
            stream,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            initialFontName=font.name,  # else Helvetica would be named in every document
            initialFontSize=10,
            lang="zh-CN",
        )
        canvas.setTitle(title)
        canvas.setAuthor("")
        canvas.setSubject("")
        canvas.setCreator("counselroom")
        embedded = EmbeddedFont(font.glyphs)
        for marks in pages:
            canvas.addLiteral(_Painter(size, font, embedded).page(marks))
            canvas.showPage()
        embedded.add_to(canvas._doc, _FONT)  # noqa: SLF001 - the canvas has no public way to a font of one's own
        canvas.save()
    return stream.getvalue()


class _Painter:
    """Writes the content stream of one page, setting colours, widths and the font only when they change.

    Lengths have four digits behind the point: with three, a viewer puts some lines on the next row of its pixels. The
    room between characters has six, for it adds up along a line.
    """

    def __init__(self, size: tuple[float, float], font: FormFont, embedded: EmbeddedFont) -> None:
        self._width, self._height = size
        self._font = font
        self._embedded = embedded
        self._code: list[str] = []
        self._fill = -1.0
        self._stroke = -1.0
        self._line = -1.0
        self._dash: tuple[float, ...] = ()
        self._size = -1.0
        self._mode = _FILLED_LETTERS
        self._spacing = 0.0

    def page(self, marks: Sequence[Mark]) -> str:
        """Return the operators that draw `marks`."""
        # Without paper of its own a page is transparent, and a preview shows black letters on a dark window.
        self._area(FillMark(0.0, 0.0, self._width, self._height, 1.0))
        for mark in marks:
            match mark:
                case TextMark():
                    self._text(mark)
                case RuleMark():
                    self._rule(mark)
                case BoxMark():
                    self._box(mark.x, mark.y, mark.size, ticked=mark.ticked)
                case _:
                    self._area(mark)
        return "\n".join(self._code)

    def _filled(self, grey: float) -> None:
        if grey != self._fill:
            self._code.append(f"{grey:g} g")
            self._fill = grey

    def _stroked(self, grey: float, width: float, dash: tuple[float, ...] = ()) -> None:
        if grey != self._stroke:
            self._code.append(f"{grey:g} G")
            self._stroke = grey
        if width != self._line:
            self._code.append(f"{width:.4f} w")
            self._line = width
        if dash != self._dash:
            self._code.append(f"[{' '.join(f'{length:g}' for length in dash)}] 0 d")
            self._dash = dash

    def _text(self, mark: TextMark) -> None:
        mode = _FILLED_AND_STROKED if mark.bold else _FILLED_LETTERS
        if mark.size != self._size:
            self._code.append(f"/{_FONT} {mark.size:.4f} Tf")
            self._size = mark.size
        if mode != self._mode:
            self._code.append(f"{mode} Tr")
            self._mode = mode
        if mark.spacing != self._spacing:
            self._code.append(f"{mark.spacing:.6f} Tc")
            self._spacing = mark.spacing
        self._filled(mark.grey)
        if mark.bold:
            self._stroked(mark.grey, mark.size * _BOLD_STROKE)
        x = mark.x
        for run in _RUNS.findall(mark.text):
            if run in DRAWN_BOXES:
                side = mark.size * 0.84
                self._box(x + mark.size * 0.08, mark.y - side + mark.size * 0.08, side, ticked=run != "☐")
            else:
                self._code.append(f"BT {x:.4f} {self._height - mark.y:.4f} Td <{self._embedded.encoded(run)}> Tj ET")
            x += self._font.width(run, mark.size) + mark.spacing * len(run)

    def _rule(self, mark: RuleMark) -> None:
        self._stroked(mark.grey, mark.width, mark.dash)
        start, end = self._height - mark.y, self._height - mark.y2
        self._code.append(f"{mark.x:.4f} {start:.4f} m {mark.x2:.4f} {end:.4f} l S")

    def _area(self, mark: FillMark) -> None:
        self._filled(mark.grey)
        bottom = self._height - mark.y - mark.height
        self._code.append(f"{mark.x:.4f} {bottom:.4f} {mark.width:.4f} {mark.height:.4f} re f")

    def _box(self, x: float, top: float, size: float, *, ticked: bool) -> None:
        y = self._height - top - size
        self._stroked(0.0, 0.7)
        self._code.append(f"{x:.4f} {y:.4f} {size:.4f} {size:.4f} re S")
        if ticked:
            self._stroked(0.0, 1.3)
            first, second, third = (
                f"{x + size * across:.4f} {y + size * up:.4f}"
                for across, up in ((0.17, 0.50), (0.42, 0.22), (0.92, 0.95))
            )
            self._code.append(f"{first} m {second} l S {second} m {third} l S")
