"""What was typed into a line, in its plain form."""

from __future__ import annotations

from datetime import date


def number_of(text: str) -> int | str:
    """Return the whole number that was typed; what is none comes back as it is, to be refused with a sentence."""
    plain = text.strip().replace(",", "").replace("，", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 12 else text.strip()


def day_text(text: str) -> str:
    """Return a day as 2026-11-22, however its parts were separated; what is none comes back as it is."""
    plain = text.strip()
    for sign in "年月/.．。、":
        plain = plain.replace(sign, "-")
    try:
        year, month, day = (int(part) for part in plain.removesuffix("日").split("-"))
        return date(year, month, day).isoformat()
    except ValueError:
        return text.strip()
