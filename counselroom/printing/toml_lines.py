"""Finds the line of a TOML file in which an entry stands; the standard library's reader does not keep it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
_SYNTAX_PLACE = re.compile(r"at line (\d+)")


def line_of(source: str, location: Sequence[str | int]) -> int:
    """Return the line (from 1) of the entry at `location`, such as `("item", 3, "bind")`, or the nearest line above.

    A key that is missing is reported at the head of its table, a table that is missing at line 1.
    """
    names = [part for part in location if isinstance(part, str)]
    if not names:
        return 1
    index = next((part for part in location[1:2] if isinstance(part, int)), 0)
    best = 1
    sought: list[str] = []
    seen = -1
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        header = _HEADER.match(line)
        if header:
            table, _, below = header.group(2).partition(".")
            if below:
                # A table below ours holds what we look for only when our way goes through it.
                sought = names[names.index(below) + 1 :] if inside and below in names else []
                best = number if inside and below in names else best
                continue
            seen += table == names[0]
            inside = table == names[0] and seen == index
            sought = names[1:] if inside else []
            best = number if inside else best
        elif any(re.match(rf"\s*{re.escape(name)}\s*=", line) for name in sought):
            best = number
    return best


def line_of_syntax_error(message: str) -> int:
    """Return the line named in a message of `tomllib`, or 1."""
    place = _SYNTAX_PLACE.search(message)
    return int(place.group(1)) if place else 1
