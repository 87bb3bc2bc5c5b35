"""Prints a recovery sheet: one clear page that opens the vault when nothing else does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from counselroom.errors import Bug
from counselroom.i18n import _, pgettext
from counselroom.printing import style
from counselroom.printing.cell_text import Face, plain_strips
from counselroom.printing.fonts import form_font
from counselroom.printing.marks import MUTED, FillMark, Mark, RuleMark, TextMark, moved, stacked
from counselroom.printing.painting import paint

_DIGITS = re.compile(r"\d{6}(-\d{6}){7}\Z")
_GROUP_WIDTH = 88.0
_GROUP_HEIGHT = 48.0
_GAP = 6.0
_QR_SIDE = 2 * _GROUP_HEIGHT + _GAP
_QUIET = 4
"""Modules of white around the square, as its standard asks."""


def render_recovery_sheet(
    *, which: Literal["A", "B"], digits: str, vault_id: str, fingerprint: str, school: str, created_on: date
) -> bytes:
    """Return recovery sheet A or B as a PDF of one A4 page.

    The page is a secret; the document's properties hold its title only.

    Args:
        which: A or B: two different sheets that can be revoked apart.
        digits: eight groups of six digits, joined by dashes; the square holds the same digits.
        vault_id: the vault it opens.
        fingerprint: of the vault's root key, to tell old sheets from new ones.
        school: the school, as it stands on its forms.
        created_on: the day the sheet was made.

    Raises:
        Bug: `digits` are not eight groups of six.
        FontUnusable: the font is missing or changed.
    """
    if not _DIGITS.match(digits):
        message = "a recovery sheet has eight groups of six digits"
        raise Bug(message)
    font = form_font()
    width = style.A4[0] - style.MARGIN_LEFT - style.MARGIN_RIGHT
    body = Face(font, 11.5, 20.0)
    title = _("Recovery sheet {which}").format(which=which)
    marks: list[Mark] = _centred(Face(font, 12.0, style.LEADING), font.printable(school).text, width, 12.0)
    marks += _centred(Face(font, 26.0, 34.0, bold=True), title, width, 44.0)
    marks += _centred(body, _("It opens the vault of the counselling room. Keep it like a key."), width, 70.0)
    y = 92.0
    marks += _digits(Face(font, 24.0), Face(font, 8.0), digits.split("-"), y)
    qr_x = width - _QR_SIDE
    marks += [moved(mark, qr_x, y) for mark in _square(digits.replace("-", ""))]
    y += 2 * _GROUP_HEIGHT + _GAP + 12
    facts = (
        (pgettext("recovery sheet", "Vault"), vault_id),
        (pgettext("recovery sheet", "Fingerprint"), fingerprint),
        (pgettext("recovery sheet", "Made on"), created_on.isoformat()),
    )
    words = "　　".join(f"{name}：{value}" for name, value in facts)
    marks += stacked(plain_strips(words, width, Face(font, style.HEAD, style.LEADING)), 0.0, y)
    y += 2 * style.LEADING
    for heading, paragraphs in _sections():
        y = _section(marks, Face(font, 13.0, 25.0, bold=True), body, heading, paragraphs, width, y)
    y += 6
    for name in (_("Kept by"), _("Kept where"), _("Sealed on, signed by two")):
        marks += stacked(plain_strips(name, width, body), 0.0, y)
        start = body.width(name) + 10
        marks.append(RuleMark(start, y + body.baseline + 3, width, y + body.baseline + 3, 0.5, MUTED))
        y += 30
    page = [moved(mark, style.MARGIN_LEFT, 18 * style.MM) for mark in marks]
    return paint([page], style.A4, font, title)


def _sections() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (
            _("What this is"),
            (
                _(
                    "With these eight groups of digits the vault and its backups open when the passphrase is forgotten "
                    "or the computer is lost. Whoever holds them can read everything in the vault."
                ),
                _("There is no other way in: neither the makers of the program nor any office can open the vault."),
            ),
        ),
        (
            _("Where to keep it"),
            (
                _(
                    "Seal it in an envelope, sign over the seam and lock it in a safe: not in the counselling room and "
                    "not beside the computer or the backups. Keep sheets A and B in two different places."
                ),
                _("Do not photograph it, do not type it into a file, do not send it to anybody."),
            ),
        ),
        (
            _("Who may use it"),
            (
                _(
                    "The head of the counselling centre, with a second person present; write down each use. Then make "
                    "new sheets in the program and destroy this one."
                ),
            ),
        ),
        (
            _("How to use it"),
            (
                _(
                    "On the unlock page choose the recovery sheet and type the eight groups in their order, or scan "
                    "the square. Each group is checked by itself, so that a wrong digit is found at once."
                ),
            ),
        ),
    )


def _section(
    marks: list[Mark], bold: Face, body: Face, heading: str, paragraphs: Sequence[str], width: float, y: float
) -> float:
    """Add a heading and its paragraphs to `marks`; return where the next section begins."""
    marks += stacked(plain_strips(heading, width, bold), 0.0, y)
    y += bold.leading
    for paragraph in paragraphs:
        strips = plain_strips(paragraph, width, body)
        marks += stacked(strips, 0.0, y)
        y += len(strips) * body.leading
    return y + 11


def _centred(face: Face, text: str, width: float, baseline: float) -> list[Mark]:
    """Return one centred line, smaller when it would not fit."""
    share = min(1.0, width / face.width(text)) if text else 1.0
    return [TextMark((width - face.width(text) * share) / 2, baseline, text, face.size * share, face.bold)]


def _digits(large: Face, small: Face, groups: Sequence[str], y: float) -> list[Mark]:
    """Return the groups, four in a row, each in a box with its number."""
    marks: list[Mark] = []
    for number, group in enumerate(groups):
        left = number % 4 * (_GROUP_WIDTH + _GAP)
        top = y + number // 4 * (_GROUP_HEIGHT + _GAP)
        right, bottom = left + _GROUP_WIDTH, top + _GROUP_HEIGHT
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        marks += [RuleMark(*start, *end, 0.7) for start, end in itertools.pairwise(corners)]
        marks.append(TextMark(left + 4, top + 10, str(number + 1), small.size, grey=MUTED))
        marks.append(TextMark(left + (_GROUP_WIDTH - large.width(group)) / 2, bottom - 13, group, large.size))
    return marks


def square_modules(digits: str) -> list[list[bool]]:
    """Return the QR code of `digits`, row by row, True for a dark module; without the white around it."""
    # Its package loads all of the library's drawing, 3 MB, for a sheet that is made once in a vault's life.
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(digits)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def _square(digits: str) -> list[Mark]:
    """Return the QR code, `_QR_SIDE` points wide with its quiet zone, as black bars."""
    modules = square_modules(digits)
    side = _QR_SIDE / (len(modules) + 2 * _QUIET)
    marks: list[Mark] = []
    for row, line in enumerate(modules):
        column = 0
        for dark, run in itertools.groupby(line):
            length = len(list(run))
            if dark:
                marks.append(FillMark((column + _QUIET) * side, (row + _QUIET) * side, length * side, side, 0.0))
            column += length
    return marks
