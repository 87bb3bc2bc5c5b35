from __future__ import annotations

import pytest

from counselroom.printing.note_text import Kind, Paragraph, paragraphs


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("一段。\n\n　　二段。", [Paragraph(Kind.PLAIN, "一段。"), Paragraph(Kind.PLAIN, "二段。")]),
        ("- 甲\n* 乙", [Paragraph(Kind.LISTED, "甲", (), "•"), Paragraph(Kind.LISTED, "乙", (), "•")]),
        (
            "1. 甲\n2、乙\n3)丙",
            [Paragraph(Kind.LISTED, text, (), sign) for text, sign in zip("甲乙丙", ("1.", "2、", "3)"), strict=True)],
        ),
        ("> 引用", [Paragraph(Kind.QUOTE, "引用")]),
        ("前**粗体**后**再粗**", [Paragraph(Kind.PLAIN, "前粗体后再粗", ((1, 3), (4, 6)))]),
        ("3.5小时", [Paragraph(Kind.PLAIN, "3.5小时")]),
        ("2 * 3 ** 4", [Paragraph(Kind.PLAIN, "2 * 3 ** 4")]),
        ("-5 分", [Paragraph(Kind.PLAIN, "-5 分")]),
        ("- **甲**乙", [Paragraph(Kind.LISTED, "甲乙", ((0, 1),), "•")]),
        ("", []),
    ],
)
def test_the_marks_of_a_note(note: str, expected: list[Paragraph]) -> None:
    assert paragraphs(note) == expected
