"""What stands around a form on every sheet: school, title, numbers, secrecy, reader, pages, and lines to cut along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counselroom.printing import style
from counselroom.printing.audiences import Selection
from counselroom.printing.cell_text import Face, plain_strips
from counselroom.printing.cells import Ink
from counselroom.printing.definitions import Footnote, Part, Secrecy
from counselroom.printing.marks import MUTED, Mark, RuleMark, TextMark, stacked
from counselroom.printing.pages import Block

_NUMBER_SHARE = 0.45
_PEN_NUMBER = 96.0
"""Length of the line on which a number is written by hand, in points."""


@dataclass(frozen=True)
class Head:
    """What the sheet says about itself; what is empty is left out or left for the pen.

    Attributes:
        school: the school and its counselling room.
        number: the number of the record.
        academic_year: such as `2025–2026`.
        term: such as `第二学期`.
        printed_by: who printed it.
        printed_at: when, in local time.
        copy_no: which copy of how many `copies` this is, from 1.
        copies: how many copies there are.
        recipient: to whom it goes.
        purpose: what for.
        logo: a short word in bold before the school.
        prefix: what stands before every number, such as `青中心辅〔2026〕`.
        seal: what stands where the school's own seal is set.
    """

    school: str
    number: str = ""
    academic_year: str = ""
    term: str = ""
    printed_by: str = ""
    printed_at: datetime | None = None
    copy_no: int | None = None
    copies: int | None = None
    recipient: str = ""
    purpose: str = ""
    logo: str = ""
    prefix: str = ""
    seal: str = ""


def first_head(ink: Ink, selection: Selection, head: Head) -> Block:
    """Return the head of the first page: school, copy, title, number, year and secrecy."""
    form = selection.form.definition.form
    small = ink.face(style.HEAD, style.HEAD_LEADING)
    label = form.copy_labels.get(selection.audience, "")
    right = "　".join(each for each in (label, form.id) if each)
    marks = _school_line(ink, small, head, right)
    y = style.HEAD_LEADING + 8
    marks += _title(ink, form.title, style.TITLE, y)
    y += style.TITLE + 12
    marks += _numbers(ink, selection, head, small, y)
    return Block(y + style.HEAD_LEADING + 3, tuple(marks))


def next_head(ink: Ink, selection: Selection, head: Head) -> Block:
    """Return the short head of every further page."""
    small = ink.face(style.HEAD, style.HEAD_LEADING)
    form = selection.form.definition.form
    number = _number(ink, head) if head.number else form.id
    marks = _ends(ink, small, 0.0, f"{form.title}{style.CONTINUED}", number)
    return Block(style.HEAD_LEADING + 4, tuple(marks))


def foot(ink: Ink, selection: Selection, head: Head, page: int, pages: int) -> Block:
    """Return the foot of a page: reader and purpose of a secret sheet, who printed it and when, copy and page."""
    small = ink.face(style.SMALL, style.SMALL_LEADING)
    y = 5.0
    marks: list[Mark] = []
    if head.recipient or head.purpose:
        words = f"交给：{ink.clean(head.recipient, '交给')}　　用途：{ink.clean(head.purpose, '用途')}"
        strips = plain_strips(words, ink.width, small)
        marks += stacked(strips, 0.0, y)
        y += len(strips) * style.SMALL_LEADING
    elif selection.form.secrecy in (Secrecy.S2, Secrecy.S3):
        marks += _pen_line(small, 0.0, y, "交给：", ink.width * 0.42)
        marks += _pen_line(small, ink.width * 0.46, y, "用途：", ink.width)
        y += style.SMALL_LEADING
    made = [ink.clean(head.printed_by, "打印人")] if head.printed_by else []
    made += [f"{head.printed_at:%Y-%m-%d %H:%M}"] if head.printed_at else []
    left = [f"打印：{'　'.join(made)}"] if made else []
    left += [f"第 {head.copy_no} 份　共 {head.copies} 份"] if head.copy_no and head.copies else []
    marks += _ends(ink, small, y, "　　".join(left), f"第 {page} 页　共 {pages} 页")
    return Block(y + style.SMALL_LEADING, tuple(marks))


def cut_line(ink: Ink, words: str) -> Block:
    """Return the dashed line along which a slip is torn off."""
    face = ink.face(style.SMALL, style.SMALL_LEADING)
    height = 24.0
    middle = height / 2
    half = face.width(words) / 2 + 8
    centre = ink.width / 2
    dash = (3.0, 2.5)
    marks: list[Mark] = []
    if words:
        marks.append(TextMark(centre - half + 8, middle + style.SMALL * 0.36, words, style.SMALL))
        marks.append(RuleMark(0.0, middle, centre - half, middle, 0.6, 0.2, dash))
        marks.append(RuleMark(centre + half, middle, ink.width, middle, 0.6, 0.2, dash))
    else:
        marks.append(RuleMark(0.0, middle, ink.width, middle, 0.6, 0.2, dash))
    return Block(height, tuple(marks), divider=True)


def slip_head(ink: Ink, selection: Selection, part: Part, head: Head) -> list[Block]:
    """Return the head of a slip, which must speak for itself once it is torn off."""
    small = ink.face(style.HEAD, style.HEAD_LEADING)
    marks: list[Mark] = []
    y = 0.0
    if part.title:
        marks += _title(ink, part.title, style.PART_TITLE, y)
        y += style.PART_TITLE + 9
    marks += _numbers(ink, selection, head, small, y, middle=ink.clean(head.school, "学校"))
    return [Block(y + style.HEAD_LEADING + 3, tuple(marks))]


def footnote_blocks(ink: Ink, footnotes: Sequence[Footnote]) -> list[Block]:
    """Return the sentences below a part, each a block."""
    if not footnotes:
        return []
    face = ink.face(style.NOTE, style.SMALL_LEADING)
    blocks: list[Block] = [Block(style.NOTE_GAP)]
    lead = face.width("注：") if len(footnotes) == 1 else face.width("9. ")
    for number, footnote in enumerate(footnotes, start=1):
        strips = plain_strips(footnote.text, ink.width - lead, face)
        sign = "注：" if len(footnotes) == 1 else f"{number}."
        marks: list[Mark] = [TextMark(0.0, face.baseline, sign, face.size)]
        marks += stacked(strips, lead, 0.0)
        blocks.append(Block(len(strips) * style.SMALL_LEADING, tuple(marks)))
    return blocks


def _title(ink: Ink, title: str, size: float, y: float) -> list[Mark]:
    """Return a title, bold, centred and letter-spaced, smaller when it would not fit on one line."""
    spacing = size * (0.3 if len(title) <= style.SHORT_TITLE else 0.12)
    natural = ink.font.width(title, size) + spacing * (len(title) - 1)
    if natural > ink.width:
        shrink = ink.width / natural
        size, spacing, natural = size * shrink, spacing * shrink, ink.width
    return [TextMark((ink.width - natural) / 2, y + size * 0.88, title, size, True, 0.0, spacing)]


def _numbers(ink: Ink, selection: Selection, head: Head, face: Face, y: float, *, middle: str = "") -> list[Mark]:
    """Return the line of number, year and term (or `middle`) and secrecy; what is unknown is left for the pen."""
    secrecy = selection.form.secrecy
    right = f"密级：{style.SECRECY_WORDS[secrecy]}（{secrecy}）"
    number = _number(ink, head) if head.number else ""
    pen = _number(ink, head)
    marks: list[Mark] = _ends(ink, face, y, "", right)
    if not number:
        marks += _pen_line(face, 0.0, y, pen, face.width(pen) + _PEN_NUMBER)
    if not middle:
        year = f"{ink.clean(head.academic_year, '学年')} 学年" if head.academic_year else "　　　　学年"
        term = ink.clean(head.term, "学期") if head.term else "第　　学期"
        middle = f"{year}　{term}"
    # What is long shrinks, and the middle leaves the centre, rather than run into one another.
    number_size = face.size * min(1.0, _NUMBER_SHARE * ink.width / face.width(number)) if number else face.size
    left = ink.font.width(number, number_size) if number else face.width(pen) + _PEN_NUMBER
    free = ink.width - left - face.width(right) - 2 * face.size
    size = face.size * min(1.0, free / face.width(middle))
    width = face.width(middle) * size / face.size
    x = min(max((ink.width - width) / 2, left + face.size), ink.width - face.width(right) - face.size - width)
    if number:
        marks.append(TextMark(0.0, y + face.baseline, number, number_size))
    return [*marks, TextMark(x, y + face.baseline, middle, size)]


def _number(ink: Ink, head: Head) -> str:
    """Return the number as the school writes it; without one, what stands before the pen."""
    return f"编号：{ink.clean(head.prefix + head.number, '编号')}"


def _school_line(ink: Ink, face: Face, head: Head, right: str) -> list[Mark]:
    """Return the first line: the school's word in bold, the school, and which copy of which form this is."""
    school = ink.clean(head.school, "学校")
    if not head.logo:
        return _ends(ink, face, 0.0, school, right)
    logo = ink.clean(head.logo, "学校")
    gap = face.size * 0.7 if school else 0.0
    natural = ink.font.width(logo, style.LOGO) + gap + face.width(school)
    shrink = min(1.0, (ink.width - face.width(right) - face.size) / natural)
    x = (ink.font.width(logo, style.LOGO) + gap) * shrink
    marks = _ends(ink, face, 0.0, "", right)
    marks.append(TextMark(0.0, face.baseline, logo, style.LOGO * shrink, True))
    if school:
        marks.append(TextMark(x, face.baseline, school, face.size * shrink))
    return marks


def _ends(ink: Ink, face: Face, y: float, left: str, right: str) -> list[Mark]:
    """Return words at both ends of a line; the left ones shrink when they would run into the right ones."""
    marks: list[Mark] = [TextMark(ink.width - face.width(right), y + face.baseline, right, face.size)]
    if left:
        free = ink.width - face.width(right) - face.size
        size = face.size * min(1.0, free / face.width(left))
        marks.insert(0, TextMark(0.0, y + face.baseline, left, size))
    return marks


def _pen_line(face: Face, x: float, y: float, words: str, end: float) -> list[Mark]:
    start = x + face.width(words)
    line = y + face.baseline + 2
    return [TextMark(x, y + face.baseline, words, face.size), RuleMark(start, line, end, line, 0.5, MUTED)]
