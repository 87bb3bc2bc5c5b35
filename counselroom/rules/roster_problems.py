"""What can be wrong with a row of a roster, and which of it refuses the row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counselroom.rules.roster_words import Field


class Problem(StrEnum):
    """What is wrong, or looks wrong, with a row. The first group refuses the row, the second is reported only."""

    NO_NAME = "no_name"
    NO_IDENTITY = "no_identity"
    """Neither a number nor name, class and birth date together, so that a second import would double the student."""
    NUMBER_DAMAGED = "number_damaged"
    """A spreadsheet has replaced the last digits of a long number by zeros."""
    NUMBER_ODD = "number_odd"
    TEXT_TOO_LONG = "text_too_long"
    DUPLICATE_NUMBER = "duplicate_number"
    DUPLICATE_STUDENT = "duplicate_student"
    """The same name, class and birth date as an earlier row, and no number to tell them apart."""
    OTHER_TABLE = "other_table"
    """Below the heading of a second table with other columns."""
    NUMBER_OF_ANOTHER = "number_of_another"
    """In the vault the number belongs to a student of quite another name or birth date."""
    AMBIGUOUS = "ambiguous"
    """Without a number the row fits two students of the vault."""
    VOIDED_STUDENT = "voided_student"
    """The number belongs to a record that was voided."""

    BAD_DATE = "bad_date"
    MONTH_ONLY = "month_only"
    BAD_GENDER = "bad_gender"
    ODD_PHONE = "odd_phone"
    ODD_NAME = "odd_name"
    DAMAGED_NAME = "damaged_name"
    FORMULA_LIKE = "formula_like"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_STATUS = "unknown_status"
    ID_DIFFERS = "id_differs"
    """The number of the identity card says another birth date or gender than its own column."""


REFUSING = frozenset(
    {
        Problem.NO_NAME,
        Problem.NO_IDENTITY,
        Problem.NUMBER_DAMAGED,
        Problem.NUMBER_ODD,
        Problem.TEXT_TOO_LONG,
        Problem.DUPLICATE_NUMBER,
        Problem.DUPLICATE_STUDENT,
        Problem.OTHER_TABLE,
        Problem.NUMBER_OF_ANOTHER,
        Problem.AMBIGUOUS,
        Problem.VOIDED_STUDENT,
    }
)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem of one row.

    Attributes:
        row: 1-based line of the file.
        problem: what it is.
        field: the field it is about, or None.
        other_row: the row it clashes with, or 0.
    """

    row: int
    problem: Problem
    field: Field | None = None
    other_row: int = 0


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not imported, with every reason; `name` is what stood there as the name, for finding the row."""

    row: int
    name: str
    problems: tuple[RowProblem, ...]
