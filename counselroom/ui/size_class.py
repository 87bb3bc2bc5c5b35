"""How much room the window has, in the four classes of the design."""

from __future__ import annotations

from enum import IntEnum


class SizeClass(IntEnum):
    """From the narrowest to the widest; a page compares with them."""

    MINI = 0
    COMPACT = 1
    REGULAR = 2
    WIDE = 3


LOW = 760
"""A regular window below this height has lower rail items and headers."""


def size_class(width: int, height: int) -> SizeClass:
    """Return the class of a client area of `width` times `height` logical pixels."""
    if width < 900 or height < 440:
        return SizeClass.MINI
    if width < 1200 or height < 640:
        return SizeClass.COMPACT
    return SizeClass.WIDE if width >= 1600 else SizeClass.REGULAR
