"""Which columns of the model say whom a row is about: found in the tables, so that a new table is found by itself."""

from __future__ import annotations

from sqlalchemy import Column, Table

from counselroom.model import Base

SUBJECT_COLUMNS = frozenset({"client_id", "student_id", "subject_person"})
"""Names of the columns that hold whom a row is about; other columns name the staff that had to do with it."""
_PERSONS = frozenset({"person.id", "student.id"})


def person_columns() -> tuple[Column[str], ...]:
    """Return every column that holds the id of a person, whatever for, in the order of tables and columns.

    The one of `student`, which is the person itself, is not among them.
    """
    return tuple(
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if _names_a_person(column) and not (table.name == "student" and column.primary_key)
    )


def subject_tables() -> tuple[tuple[Table, Column[str]], ...]:
    """Return the tables whose rows are about a person and have an id, each with the column that says so."""
    return tuple(
        (column.table, column)
        for column in person_columns()
        if column.name in SUBJECT_COLUMNS and "id" in column.table.columns and column.table.name != "search_entry"
    )


def _names_a_person(column: Column[str]) -> bool:
    return column.name in SUBJECT_COLUMNS or any(key.target_fullname in _PERSONS for key in column.foreign_keys)
