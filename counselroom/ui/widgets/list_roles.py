"""What a model tells the table beside the text; everything is also in the text a screen reader gets."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole) + 100


class ListRole(IntEnum):
    """Roles of `ListTable`.

    Attributes:
        CHIP: a `ChipFace`, painted in the place of the text.
        ACTION: a verb, painted as a text button at the right; a click emits `acted`.
        DUE: with ACTION: the row is due, so its action is a small primary button.
        BOLD: the text is bold.
        TONE: colour token of the text (default `ink`).
        AFTER: a short secondary text after the text.
        CURRENT: the row is the one of the present moment and stands out a little.
    """

    CHIP = _FIRST
    ACTION = _FIRST + 1
    DUE = _FIRST + 2
    BOLD = _FIRST + 3
    TONE = _FIRST + 4
    AFTER = _FIRST + 5
    CURRENT = _FIRST + 6
