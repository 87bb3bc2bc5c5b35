from __future__ import annotations

import io
import itertools
import re

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no type information

from counselroom.printing.embedding import EmbeddedFont
from counselroom.printing.fonts import form_font, locate_font


def embedded(text: str) -> EmbeddedFont:
    font = EmbeddedFont(form_font().glyphs)
    font.encoded(text)
    return font


def test_codes_count_the_characters_as_they_come() -> None:
    font = embedded("")
    assert font.encoded("心理心") == "000100020001"
    assert font.encoded("理𬱖") == "00020003"


def test_the_font_is_as_the_subsets_assume() -> None:
    with TTFont(locate_font()) as whole:
        assert whole["head"].unitsPerEm == 1000
        assert not {"cvt ", "fpgm"} & set(whole.keys())
        outlines = whole["glyf"]
        assert not any(outlines[name].isComposite() for name in whole.getGlyphOrder())


@pytest.mark.parametrize("text", ["心", "ABC 019，。（）　", "𬱖㛃" + "".join(map(chr, range(0x4E00, 0x4E00 + 700)))])
def test_a_subset_is_a_sound_font_file_with_the_same_outlines(text: str) -> None:
    # Checksums that differ are warnings, which are errors here.
    with TTFont(io.BytesIO(embedded(text).font_file()), checkChecksums=2) as subset, TTFont(locate_font()) as whole:
        names = whole.getBestCmap()
        used = list(dict.fromkeys(text))
        assert subset["maxp"].numGlyphs == len(used) + 1
        assert subset["prep"].program.getBytecode() == whole["prep"].program.getBytecode()
        for number, character in enumerate(used, start=1):
            ours, theirs = subset.getGlyphName(number), names[ord(character)]
            assert subset["glyf"][ours] == whole["glyf"][theirs]
            assert subset["hmtx"][ours] == whole["hmtx"][theirs]


def test_the_checksum_of_the_whole_file_is_right() -> None:
    raw = embedded("辅导").font_file()
    words = [int.from_bytes(raw[start : start + 4], "big") for start in range(0, len(raw), 4)]
    assert sum(words) & 0xFFFFFFFF == 0xB1B0AFBA


def test_a_character_without_a_glyph_is_the_missing_one() -> None:
    with TTFont(io.BytesIO(embedded("\U0010ffff").font_file())) as subset:
        assert subset["glyf"][subset.getGlyphName(1)] == subset["glyf"][".notdef"]


def test_the_map_holds_blocks_of_at_most_one_hundred() -> None:
    text = embedded("".join(map(chr, range(0x4E00, 0x4E00 + 250)))).to_unicode_map()
    assert [int(count) for count in re.findall(r"(\d+) beginbfchar", text)] == [100, 100, 50]
    codes = re.findall(r"^<(\w{4})> <4\w{3}>", text, re.MULTILINE)
    assert len(codes) == 250
    assert codes[0] == "0001"
    assert all(int(after, 16) == int(before, 16) + 1 for before, after in itertools.pairwise(codes))


def test_the_map_writes_surrogate_pairs() -> None:
    assert "<0002> <D873DC56>" in embedded(" 𬱖").to_unicode_map()
