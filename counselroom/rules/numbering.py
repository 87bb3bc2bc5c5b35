"""Codes such as `ZJ-2026-007` on forms and records.

A vault restored from a backup does not know what was printed after the backup was made. It therefore counts on in a
branch of its own, whose number (the vault's generation at the restore) stands in the code: no code is given twice.
"""

from __future__ import annotations

from enum import StrEnum


class Series(StrEnum):
    """The prefix of a kind of code."""

    APPOINTMENT = "YY"
    CASE = "GA"
    REFERRAL = "ZJ"
    ARCHIVE = "DA"
    CRISIS = "Z"


def code(series: Series, year: int, branch: int, number: int) -> str:
    """Return the code of `number` in `series` of `year`; that of a 专案 is written in one piece, `Z2026-003`.

    Args:
        series: the kind of code.
        year: four digits.
        branch: 0 for a vault that was never restored, else its generation at the restore.
        number: counted from 1 within series, year and branch.

    Raises:
        ValueError: a number or branch that cannot be.
    """
    if number < 1 or branch < 0:
        message = "numbers count from 1, branches from 0"
        raise ValueError(message)
    middle = f"{year:04d}" if branch == 0 else f"{year:04d}-{branch}"
    dash = "" if series is Series.CRISIS else "-"
    return f"{series.value}{dash}{middle}-{number:03d}"


def archive_number(school_code: str, academic_year: str, branch: int, number: int) -> str:
    """Return an archive number after the pattern P.archive_no_pattern: school, year, class of file, four digits."""
    if number < 1 or branch < 0:
        message = "numbers count from 1, branches from 0"
        raise ValueError(message)
    middle = Series.ARCHIVE.value if branch == 0 else f"{Series.ARCHIVE.value}{branch}"
    return f"{school_code}-{academic_year}-{middle}-{number:04d}"
