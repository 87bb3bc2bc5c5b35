from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

from counselroom.printing import fonts, style
from counselroom.printing.marks import RuleMark, TextMark
from counselroom.printing.painting import paint

HARD_NAMES = "𬱖𫖯𬭚𬀩䶮㛃鿏龘"


def pdf_with(text: str) -> bytes:
    lines = text.split("\n")
    marks = [TextMark(72.0, 60.0 + 20 * number, line, 12.0) for number, line in enumerate(lines)]
    return paint([marks], style.A4, fonts.form_font(), "试印")


def tool(name: str, pdf: bytes, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        [name, *options, str(path), *(["-"] if name == "pdftotext" else [])], check=True, capture_output=True
    ).stdout.decode()


def test_the_font_is_found_without_importing_its_package() -> None:
    program = (
        "import sys; from counselroom.printing.fonts import form_font; form_font();"
        "assert 'zhplot' not in sys.modules and 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_missing_package_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PACKAGE", "no-such-package-of-fonts")
    with pytest.raises(fonts.FontUnusable) as caught:
        fonts.locate_font()
    assert "字体" in caught.value.happened


def test_a_missing_file_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONT_FILE", "zhplot/fonts/none.ttf")
    with pytest.raises(fonts.FontUnusable):
        fonts.locate_font()


def test_a_changed_font_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "font.ttf"
    shutil.copyfile(fonts.locate_font(), changed)
    with changed.open("r+b") as stream:
        stream.seek(-1, io.SEEK_END)
        stream.write(b"\x00" if stream.read(1) != b"\x00" else b"\x01")
    with pytest.raises(fonts.FontUnusable):
        fonts.load_font(changed)


def test_the_font_is_registered_once_under_a_name_that_starts_with_its_hash() -> None:
    first = fonts.form_font()
    again = fonts.load_font(fonts.locate_font())
    assert again.name == first.name
    assert first.name.startswith("f" + fonts.FONT_SHA256[:12])
    assert pdfmetrics.getRegisteredFontNames().count(first.name) == 1


def test_text_comes_back_exactly_beyond_the_basic_plane(tmp_path: Path) -> None:
    text = HARD_NAMES + "张三ABC019，。（）"
    assert tool("pdftotext", pdf_with(text), tmp_path, "-raw").strip() == text


def test_many_characters_come_back_exactly(tmp_path: Path) -> None:
    characters = [chr(code) for code in (*range(0x4E00, 0x9FA5, 17), *range(0x3400, 0x4DB5, 97))]
    characters += [chr(code) for code in range(0x20164, 0x2CE93) if fonts.form_font().covers(chr(code))][:200]
    lines = ["".join(characters[start : start + 40]) for start in range(0, len(characters), 40)][:30]
    text = "\n".join(lines)
    assert tool("pdftotext", pdf_with(text), tmp_path, "-raw").split() == lines


def test_no_other_font_is_referenced(tmp_path: Path) -> None:
    rows = tool("pdffonts", pdf_with("转介单"), tmp_path).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"\+NotoSansSC-Regular\s+CID TrueType\s+\S+\s+yes yes yes", row), row


@pytest.mark.parametrize("character", HARD_NAMES + "，。、：；！？（）《》〈〉“”‘’…—·•／□√×①②￥％℃々〇　")
def test_sample_characters_are_covered(character: str) -> None:
    assert fonts.form_font().covers(character)


def test_ranges_of_common_characters_are_covered() -> None:
    font = fonts.form_font()
    # The 20,902 unified ideographs of GB 13000, of which every level-1 character of GB 18030 is one, and ASCII.
    assert all(font.covers(chr(code)) for code in range(0x4E00, 0x9FA6))
    assert all(font.covers(chr(code)) for code in range(0x20, 0x7F))


def test_a_missing_character_is_made_visible() -> None:
    printable = fonts.form_font().printable("王😀丽😀")
    assert printable.text == "王〔U+1F600〕丽〔U+1F600〕"
    assert printable.missing == ("😀",)


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("甲\t乙", "甲 乙"),
        ("甲\u2028乙", "甲\n乙"),
        ("甲\u00a0乙", "甲 乙"),
        ("甲\u200b乙\ufeff", "甲乙"),
        ("葛\U000e0100", "葛"),
        ("☐ ☑", "☐ ☑"),
        ("e\u0301", "e〔U+0301〕"),
    ],
)
def test_pasted_oddities_become_plain(raw: str, printed: str) -> None:
    assert fonts.form_font().printable(raw).text == printed


def test_every_private_or_unknown_character_is_reported() -> None:
    printable = fonts.form_font().printable("\ue000\U0010ffff")
    assert printable.missing == ("\ue000", "\U0010ffff")


def test_boxes_count_as_one_em() -> None:
    font = fonts.form_font()
    assert font.width("☐☑", 10) == 20
    assert font.width("心", 10.5) == pytest.approx(10.5)


def test_an_unused_font_adds_nothing_to_a_document() -> None:
    pdf = paint([[RuleMark(10, 10, 90, 10)]], style.A4, fonts.form_font(), "空白")
    assert b"Helvetica" not in pdf
    assert b"FontFile" not in pdf
