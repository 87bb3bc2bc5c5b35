"""Measures of our paper, in points, and the words that stand on every sheet.

The words are Chinese whatever language the window speaks: they belong to the forms, which a Chinese school files.
"""

from __future__ import annotations

from collections.abc import Mapping

from counselroom.printing.definitions import Secrecy

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
MARGIN_LEFT = 22 * MM
"""Wider than the right one: the sheet is bound or punched there."""
MARGIN_RIGHT = 18 * MM
MARGIN_TOP = 13 * MM
MARGIN_BOTTOM = 10 * MM

BODY = 10.5
"""五号, the size of Chinese office forms."""
HEAD = 9.5
LOGO = 11.0
SEAL = "（盖章处）"
HEAD_LEADING = 15.0
NOTE = 9.0
NOTE_GAP = 4.0
SMALL = 8.5
SMALL_LEADING = 13.5
TITLE = 18.0
PART_TITLE = 14.0
SHORT_TITLE = 10
"""Titles up to this many characters are spaced wide."""
LEADING = 16.0
NOTE_LEADING = 17.5
PEN_LINE = 7.5 * MM
"""Height of a line for handwriting."""
ROW = 23.0
"""Height of a row of one line, the same with print and for a pen: `LEADING` and the room above and below."""
PAD_X = 5.0
LABEL_PAD = 2.5
PAD_Y = 3.5
SECTION_ROW = 22.0
SIGN_LINE = 24.0
"""Height of a line to sign."""
SIGN_ROOM = 40.0
"""Least room for the signature between the words and the date."""
SEAL_ROOM = 16.0
OUTER_RULE = 1.1
INNER_RULE = 0.5
BOX = 9.0
MAX_JUSTIFY = 0.075
"""Most room added between two characters to fill a line, as a share of their size; more would read as a space."""

SECRECY_WORDS: Mapping[Secrecy, str] = {
    Secrecy.S0: "公开",
    Secrecy.S1: "内部",
    Secrecy.S2: "机密",
    Secrecy.S3: "最高",
}
NOT_APPLICABLE = "／"
CONTINUED = "（续）"
BLANK_DATES = ("　　　　年　　月　　日", "　　　年　　月　　日", "　　年　月　日")
"""Dates for the pen, widest first."""
BLANK_SHORT_DATE = "　　年　　月　　日"
BLANK_TIME = "　　时　　分"
YES, NO = "是", "否"
