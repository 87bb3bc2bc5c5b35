"""The answers that are printed, and how each kind of answer is written on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time

from counselroom.errors import Bug

FormValue = (
    str | int | bool | date | time | Collection[str] | Sequence[Mapping[str, object]] | Mapping[str, object] | None
)
"""An answer: words, a number, yes or no, a date, a time of day, an option's code, several codes, rows of a table."""
FormValues = Mapping[str, FormValue]


def written(value: object, unit: str = "") -> str:
    """Return a single answer as it is written on a Chinese form; nothing for None.

    Raises:
        Bug: the value is of a kind that has no written form, such as a float.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value} {unit}" if unit else str(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    message = f"an answer of type {type(value).__name__} cannot be written on a form"
    raise Bug(message)


def codes(value: object) -> tuple[str, ...]:
    """Return the codes of a choice or of several; none for None. Raises Bug for anything but words."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Collection) and all(isinstance(code, str) for code in value):
        return tuple(value) if isinstance(value, Sequence) else tuple(sorted(value))
    message = f"an answer of type {type(value).__name__} is not a choice"
    raise Bug(message)


def rows_of(value: object) -> tuple[Mapping[str, object], ...]:
    """Return the rows of a table or the entries of a repeated part; none for None. Raises Bug for anything else."""
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(row, Mapping) for row in value):
        return tuple(value)
    message = f"an answer of type {type(value).__name__} is not a list of rows"
    raise Bug(message)


def is_given(value: object) -> bool:
    """Tell whether there is something to print; if not, the place is left for the pen."""
    if isinstance(value, bool | int):
        return True
    return bool(value) or isinstance(value, time)
