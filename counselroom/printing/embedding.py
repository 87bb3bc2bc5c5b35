"""What a document holds of the font: a subset with the glyphs of its characters, and the way back to text.

reportlab's own subsets are 8-bit fonts of at most 255 characters, each built by reading and summing the whole font
anew, and their map back to text is wrong beyond U+FFFF. Here a document embeds one composite font whose codes count
the document's characters as they first appear; what a glyph brings along is read from the font once for all documents.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFontFace

BLOCK = 100
"""PDF allows at most 100 entries in one `beginbfchar` block."""
_LEVEL = 1
"""Of zlib: the usual level takes 0.7 ms a form longer and saves 5 % (measured)."""
_MISSING = "\0"
"""Stands for glyph 0, which every font begins with."""
_LONG_OFFSETS = 1
_HEAD_CHECKSUM, _HEAD_OFFSETS, _HHEA_METRICS, _MAXP_GLYPHS = 8, 50, 34, 4  # places in these tables
_FILE_CHECKSUM = 0xB1B0AFBA


@dataclass(frozen=True, slots=True)
class Glyph:
    """What one character brings into a subset.

    Attributes:
        outline: its entry of the `glyf` table, filled up to four bytes.
        checksum: the sum of the outline's 32-bit words; a table's checksum is the sum of its glyphs'.
        metrics: its entry of the `hmtx` table.
        width: its advance in thousandths of the size.
        text: the character as UTF-16BE in hexadecimal digits.
    """

    outline: bytes
    checksum: int
    metrics: bytes
    width: float
    text: str


class Glyphs(dict[str, Glyph]):
    """The glyphs of one font file by their character, each read when it is first asked for.

    The file must have 1,000 units to the em and no composite glyphs; the one we accept, by its hash, is such a file.
    """

    def __init__(self, face: TTFontFace) -> None:
        super().__init__()
        self.face = face
        self._outlines_at = face.get_table_pos("glyf")[0]
        self.tables = {tag: bytes(face.get_table(tag)) for tag in ("head", "hhea", "maxp", "prep")}

    def __missing__(self, character: str) -> Glyph:
        number = self.face.charToGlyph.get(ord(character), 0)
        start, end = self.face.glyphPos[number], self.face.glyphPos[number + 1]
        outline = _filled_up(self.face.get_chunk(self._outlines_at + start, end - start))
        width, bearing = self.face.hmetrics[number]
        metrics = struct.pack(">HH", int(width), int(bearing))
        text = character.encode("utf-16-be").hex().upper()
        glyph = Glyph(outline, _sum(outline), metrics, self.face.getCharWidth(ord(character)), text)
        self[character] = glyph
        return glyph


class EmbeddedFont(dict[str, str]):
    """The font of one document: the code of each character, four hexadecimal digits, given out in order of use."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._used = [glyphs[_MISSING]]

    def __missing__(self, character: str) -> str:
        code = f"{len(self._used):04X}"
        self._used.append(self._glyphs[character])
        self[character] = code
        return code

    def encoded(self, text: str) -> str:
        """Return the codes of `text` as a content stream takes them between angle brackets."""
        return "".join([self[character] for character in text])

    def add_to(self, document: Any, name: str) -> None:
        """Add the font's objects to a reportlab document under the resource `name`; nothing when no text was drawn."""
        if not self:
            return
        face = self._glyphs.face
        base_name = (SUBSETN(0) + b"+" + face.name).decode("ascii")
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": pdfdoc.PDFName(base_name),
                "Flags": face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(face.bbox),
                "ItalicAngle": face.italicAngle,
                "Ascent": face.ascent,
                "Descent": face.descent,
                "CapHeight": face.capHeight,
                "StemV": face.stemV,
                "FontFile2": document.Reference(_stream(self.font_file()), "fontFile"),
            }
        )
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": pdfdoc.PDFName(base_name),
                "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
                "FontDescriptor": document.Reference(descriptor, "fontDescriptor"),
                "DW": 1000,
                "W": f"[ 0 [ {' '.join([f'{glyph.width:g}' for glyph in self._used])} ] ]",
                "CIDToGIDMap": "/Identity",
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": pdfdoc.PDFName(base_name),
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant, "descendantFont")]),
                "ToUnicode": document.Reference(_stream(self.to_unicode_map().encode("ascii")), "toUnicode"),
            }
        )
        document.idToObject["BasicFonts"].dict[name] = document.Reference(font, name)

    def font_file(self) -> bytes:
        """Return the subset as a TrueType file with the tables that a composite font of a PDF needs."""
        used, tables = self._used, self._glyphs.tables
        ends = accumulate((len(glyph.outline) for glyph in used), initial=0)
        contents = {
            "glyf": b"".join([glyph.outline for glyph in used]),
            "head": _patched(_patched(tables["head"], _HEAD_OFFSETS, ">H", _LONG_OFFSETS), _HEAD_CHECKSUM, ">L", 0),
            "hhea": _patched(tables["hhea"], _HHEA_METRICS, ">H", len(used)),
            "hmtx": b"".join([glyph.metrics for glyph in used]),
            "loca": struct.pack(f">{len(used) + 1}L", *ends),
            "maxp": _patched(tables["maxp"], _MAXP_GLYPHS, ">H", len(used)),
            "prep": tables["prep"],
        }
        sums = {tag: _sum(_filled_up(content)) for tag, content in contents.items() if tag != "glyf"}
        sums["glyf"] = sum(glyph.checksum for glyph in used) & 0xFFFFFFFF
        power = len(contents).bit_length() - 1
        reach = 16 << power
        start = 12 + 16 * len(contents)
        directory = struct.pack(">LHHHH", 0x00010000, len(contents), reach, power, 16 * len(contents) - reach)
        for tag, content in contents.items():
            directory += struct.pack(">4sLLL", tag.encode("ascii"), sums[tag], start, len(content))
            start += len(_filled_up(content))
        whole = (_sum(directory) + sum(sums.values())) & 0xFFFFFFFF
        contents["head"] = _patched(contents["head"], _HEAD_CHECKSUM, ">L", (_FILE_CHECKSUM - whole) & 0xFFFFFFFF)
        return directory + b"".join([_filled_up(content) for content in contents.values()])

    def to_unicode_map(self) -> str:
        """Return which text stands behind each code: UTF-16BE, in blocks of at most 100."""
        entries = [f"<{code:04X}> <{glyph.text}>" for code, glyph in enumerate(self._used[1:], start=1)]
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
        ]
        for start in range(0, len(entries), BLOCK):
            block = entries[start : start + BLOCK]
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines)


def _stream(content: bytes) -> Any:
    """Return a compressed stream; reportlab's own filter knows one level only."""
    dictionary = pdfdoc.PDFDictionary({"Length1": len(content), "Filter": "/FlateDecode"})
    return pdfdoc.PDFStream(dictionary, zlib.compress(content, _LEVEL))


def _patched(table: bytes, place: int, form: str, value: int) -> bytes:
    return table[:place] + struct.pack(form, value) + table[place + struct.calcsize(form) :]


def _filled_up(content: bytes) -> bytes:
    return content + bytes(-len(content) % 4)


def _sum(words: bytes) -> int:
    """Return the sum of the 32-bit words, as the checksums of a font file are made."""
    return int(sum(struct.unpack(f">{len(words) // 4}L", words))) & 0xFFFFFFFF
