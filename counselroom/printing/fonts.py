"""The one font of all paper: found, checked, registered once, and asked before every character.

Noto Sans SC comes with the package `zhplot`, of which only this file is used: importing it would rewrite matplotlib's
settings. reportlab draws a missing character silently as a crossed box, which on a consent form would read as a tick,
so every string goes through `FormFont.printable` first.
"""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from counselroom.errors import UserError
from counselroom.i18n import _

PACKAGE = "zhplot"
FONT_FILE = "zhplot/fonts/NotoSansSC-Regular.ttf"
FONT_SHA256 = "5cf8b2a0576d5680284ab03a7a8219499d59bbe981a79bb3dc0031f251c39736"
DRAWN_BOXES = "☐☑☒"
"""Characters that no font draws here: the painter draws them as lines, one em wide."""
BLOCK = 100
"""PDF allows at most 100 entries in one `beginbfchar` block."""

DRAWING = threading.Lock()
"""Held while a document is drawn: reportlab's font face keeps one read position for all documents."""

_registering = threading.Lock()


class FontUnusable(UserError):
    """The font file is missing or is not the one we know: nothing is printed rather than boxes."""


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode map of a font subset: which character (code point) stands behind each byte.

    reportlab's own writes characters beyond U+FFFF as five digits, which a reader takes for another character, and
    one block of up to 256 entries. Here they are UTF-16BE, in blocks of at most 100.
    """
    entries = [
        f"<{code:02X}> <{chr(character).encode('utf-16-be').hex().upper()}>" for code, character in enumerate(subset)
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font_name})",
        f"/Ordering ({font_name})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), BLOCK):
        block = entries[start : start + BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _is_variation_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


class ExactFont(TTFont):  # type: ignore[misc]  # reportlab has no type information
    """A TrueType font whose text can be copied and searched exactly, characters beyond U+FFFF included."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name
        """Add the font's objects to `doc` and put our ToUnicode maps in the place of reportlab's."""
        subsets = [list(subset) for subset in self.state[doc].subsets] if doc in self.state else []
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            base_name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
            doc.idToObject[f"toUnicodeCMap:{base_name}"].content = to_unicode_map(base_name, subset)


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
    """

    def __init__(self, name: str, widths: Mapping[int, float]) -> None:
        self.name = name
        self._widths = widths
        formless = ("Cc", "Cf", "Zs", "Mn")
        self._plain = frozenset(" \u3000\n" + DRAWN_BOXES).union(
            chr(code) for code in widths if unicodedata.category(chr(code)) not in formless
        )

    def covers(self, character: str) -> bool:
        """Tell whether `character` can be drawn, by the font or as lines."""
        return character in self._plain

    def width(self, text: str, size: float) -> float:
        """Return the width of printable `text` at `size` points, in points."""
        widths = self._widths
        return sum([widths.get(ord(character), 1000.0) for character in text]) * size / 1000.0

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
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != FONT_SHA256:
        raise FontUnusable(
            _("The Chinese font of this program has been changed, so nothing can be printed."),
            _("The records are not touched."),
            _("Please install the program again."),
        )
    name = f"f{digest[:12]}-NotoSansSC"
    with _registering:
        if name not in pdfmetrics.getRegisteredFontNames():
            # asciiReadable would put all of ASCII into every file; we want just the characters that are used.
            pdfmetrics.registerFont(ExactFont(name, str(path), asciiReadable=False, shapable=False))
        face = pdfmetrics.getFont(name).face
    return FormFont(
        name, {code: face.charWidths.get(code, face.defaultWidth) for code, glyph in face.charToGlyph.items() if glyph}
    )


@cache
def form_font() -> FormFont:
    """Return the font of all paper. Raises FontUnusable when it is missing or changed."""
    return load_font(locate_font())
