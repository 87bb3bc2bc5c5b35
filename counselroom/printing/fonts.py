"""The one font of all paper: found, checked, registered once, and asked before every character.

Noto Sans SC comes with the package `zhplot`, of which only this file is used: importing it would rewrite matplotlib's
settings. reportlab draws a missing character silently as a crossed box, which on a consent form would read as a tick,
so every string goes through `FormFont.printable` first.
"""

from __future__ import annotations

import hashlib
import mmap
import threading
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.embedding import Glyphs

PACKAGE = "zhplot"
FONT_FILE = "zhplot/fonts/NotoSansSC-Regular.ttf"
FONT_SHA256 = "5cf8b2a0576d5680284ab03a7a8219499d59bbe981a79bb3dc0031f251c39736"
DRAWN_BOXES = "☐☑☒"
"""Characters that no font draws here: the painter draws them as lines, one em wide."""

DRAWING = threading.Lock()
"""Held while a document is drawn: all documents share the font's glyphs and what reportlab keeps of the font."""

_EM = 1000.0
"""Widths are in thousandths of the size; a box is drawn one em wide."""
_registering = threading.Lock()


class FontUnusable(UserError):
    """The font file is missing or is not the one we know: nothing is printed rather than boxes."""


def _is_variation_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


@dataclass(frozen=True)
class Printable:
    """A text as it can be printed.

    Attributes:
        text: the text, with `〔U+…〕` in the place of each character the font lacks.
        missing: the characters the font lacks, in order of appearance, each once.
    """

    text: str
    missing: tuple[str, ...] = ()


class FormFont:
    """The registered font and what it can draw.

    Attributes:
        name: the name under which reportlab knows it; starts with the file's hash.
        glyphs: what a document embeds of it.
    """

    def __init__(self, name: str, widths: Mapping[str, float], glyphs: Glyphs) -> None:
        self.name = name
        self.glyphs = glyphs
        self._widths = defaultdict(lambda: _EM, {one: width for one, width in widths.items() if width != _EM})
        formless = ("Cc", "Cf", "Zs", "Mn")
        self._plain = frozenset(" \u3000\n" + DRAWN_BOXES).union(
            character for character in widths if unicodedata.category(character) not in formless
        )

    def covers(self, character: str) -> bool:
        """Tell whether `character` can be drawn, by the font or as lines."""
        return character in self._plain

    def width(self, text: str, size: float) -> float:
        """Return the width of printable `text` at `size` points, in points."""
        return sum(map(self._widths.__getitem__, text)) * size / _EM

    def printable(self, text: str) -> Printable:
        """Return `text` with line ends unified, controls made spaces and missing characters made visible.

        Characters without a form of their own (zero-width joiners, byte order marks, variation selectors) are left
        out: they come with pasted text and draw nothing.
        """
        if self._plain.issuperset(text):
            return Printable(text)
        missing: list[str] = []
        pieces: list[str] = []
        for character in text.replace("\r\n", "\n").replace("\r", "\n"):
            category = unicodedata.category(character)
            if character in self._plain:
                pieces.append(character)
            elif character in "\u0085\u2028\u2029":
                pieces.append("\n")
            elif category in ("Cc", "Zs"):
                pieces.append(" ")
            elif category != "Cf" and not _is_variation_selector(character):
                pieces.append(f"〔U+{ord(character):04X}〕")
                if character not in missing:
                    missing.append(character)
        return Printable("".join(pieces), tuple(missing))


def locate_font() -> Path:
    """Return the path of the font file without importing the package that carries it.

    Raises:
        FontUnusable: the package is not installed or lacks the file.
    """
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file(FONT_FILE)))
    except metadata.PackageNotFoundError:
        path = None
    if path is None or not path.is_file():
        raise FontUnusable(
            _("The Chinese font of this program is missing, so nothing can be printed."),
            _("The records are not touched."),
            _("Please install the program again."),
        )
    return path


def load_font(path: Path) -> FormFont:
    """Check the font file at `path` by its SHA-256 and register it with reportlab, once per process.

    Raises:
        FontUnusable: the file is not the one we know; it is not handed to the font reader.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        # reportlab keeps the file whole, 10 MB; of a mapping only what is drawn from comes into memory.
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if digest != FONT_SHA256:
        raise FontUnusable(
            _("The Chinese font of this program has been changed, so nothing can be printed."),
            _("The records are not touched."),
            _("Please install the program again."),
        )
    name = f"f{digest[:12]}-NotoSansSC"
    with _registering:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(path), asciiReadable=False, shapable=False))
        face = pdfmetrics.getFont(name).face
        face._ttf_data = content  # noqa: SLF001 - there is no other way to hand over a mapping
        _slim(face)
    drawn = [code for code, glyph in face.charToGlyph.items() if glyph]
    return FormFont(name, {chr(code): face.getCharWidth(code) for code in drawn}, Glyphs(face))


def _slim(face: TTFontFace) -> None:
    """Drop or share what the reader keeps of each of the font's 30,000 characters: 8 MB, for as long as we run."""
    known: dict[object, object] = {}
    face.hmetrics = [known.setdefault(pair, pair) for pair in face.hmetrics]
    face.charWidths = {code: known.setdefault(width, width) for code, width in face.charWidths.items()}
    face.glyphPos = array("L", face.glyphPos)
    face.glyphToChar = {}  # only its reader asks


@cache
def form_font() -> FormFont:
    """Return the font of all paper. Raises FontUnusable when it is missing or changed."""
    return load_font(locate_font())
