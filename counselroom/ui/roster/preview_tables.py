"""The tables of a roster preview: first lines, refused rows, remarks, near duplicates, surnames, changes."""

from __future__ import annotations

from counselroom.i18n import _, pgettext
from counselroom.rules.roster_columns import Column
from counselroom.rules.roster_plan import StudentUpdate
from counselroom.rules.roster_words import Field
from counselroom.services.roster_import import RosterPreview
from counselroom.services.roster_sentences import near_sentence, problem_sentence, refusal_sentence
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell
from counselroom.ui.roster.meanings import choices, key_of

MOST = 500
"""Rows of a table beyond which nobody reads; the counts say how many there are."""
_GUARDIANS = frozenset({Field.GUARDIAN_NAME, Field.SECOND_GUARDIAN_NAME, Field.FATHER_NAME, Field.MOTHER_NAME})
_NUMBERS = frozenset(
    {Field.NUMBER, Field.REGISTRATION_NUMBER, Field.PHONE, Field.BACKUP_PHONE, Field.ID_NUMBER}
    | {Field.GUARDIAN_PHONE, Field.SECOND_GUARDIAN_PHONE, Field.FATHER_PHONE, Field.MOTHER_PHONE}
)
_PLAIN = frozenset({Field.GENDER, Field.GRADE, Field.CLASS, Field.COLLEGE, Field.MAJOR, Field.UNUSED})
Rows = list[tuple[str, tuple[Cell, ...]]]


def first_lines(preview: RosterPreview, face: Face) -> tuple[tuple[str, ...], Rows]:
    """Return the heads and the first lines of the file, people shown as `face` has it."""
    columns = preview.reading.heading.columns
    words = dict(choices())
    heads = tuple(
        words[key_of(column)] if key_of(column) else column.heading or str(column.index + 1) for column in columns
    )
    rows = [
        (
            str(number),
            (
                Cell(str(number), tone="ink3", right=True),
                *(
                    Cell(
                        _shown(column, cells[column.index], face) if column.index < len(cells) else "",
                        tone="" if key_of(column) else "ink3",
                    )
                    for column in columns
                ),
            ),
        )
        for number, cells in preview.lines
    ]
    return (pgettext("roster", "Row"), *heads), rows


def refused_rows(preview: RosterPreview, face: Face) -> Rows:
    """Return the rows that are not imported, with the reasons."""
    return [
        (str(row.row), (Cell(str(row.row), right=True), Cell(face.name(row.name)), Cell(refusal_sentence(row))))
        for row in preview.refused[:MOST]
    ]


def remarks(preview: RosterPreview) -> Rows:
    """Return what was noticed about rows that are imported."""
    found = preview.reading.problems[:MOST]
    return [
        (str(at), (Cell(str(problem.row), right=True), Cell(problem_sentence(problem))))
        for at, problem in enumerate(found)
    ]


def near_rows(preview: RosterPreview, face: Face) -> Rows:
    """Return the pairs that may be one student."""
    return [
        (
            str(at),
            (
                Cell(str(pair.one.row), right=True),
                Cell(face.name(pair.one.name, pair.one.number)),
                Cell(face.number(pair.one.number)),
                Cell(
                    pgettext("roster", "row {row}").format(row=pair.other.row)
                    if pair.other.row
                    else pgettext("roster", "in the vault")
                ),
                Cell(face.number(pair.other.number)),
                Cell(near_sentence(pair.kind)),
            ),
        )
        for at, pair in enumerate(preview.near[:MOST])
    ]


def surname_rows(preview: RosterPreview) -> Rows:
    """Return the surnames with several readings; the first one sorts, all of them find."""
    return [
        (surname, (Cell(surname, bold=True), Cell(readings[0]), Cell("、".join(readings[1:]))))
        for surname, readings in preview.surnames
    ]


def update_rows(preview: RosterPreview, face: Face) -> Rows:
    """Return which students that are there already are changed, and what of them."""
    return [
        (update.student_id, (Cell(str(update.row), right=True), Cell(face.name(update.name)), Cell(_changed(update))))
        for update in preview.plan.updated[:MOST]
    ]


def counts_sentence(preview: RosterPreview) -> str:
    """Return what the import would do, in numbers."""
    plan = preview.plan
    return _("{new} new, {updated} to be updated, {unchanged} unchanged, {refused} not imported.").format(
        new=f"{len(plan.new):,}",
        updated=f"{len(plan.updated):,}",
        unchanged=f"{plan.unchanged:,}",
        refused=f"{len(preview.refused):,}",
    )


def _changed(update: StudentUpdate) -> str:
    words = dict(choices())
    parts = [words.get(str(change.field), "") for change in update.changes]
    if update.guardians:
        parts.append(pgettext("roster", "Guardians"))
    if update.groups:
        parts.append(pgettext("roster", "Special group"))
    return "、".join(part for part in parts if part)


def _shown(column: Column, text: str, face: Face) -> str:
    if column.meaning is Field.NAME:
        return face.name(text)
    if column.meaning in _GUARDIANS:
        return face.guardian(text)
    if column.meaning in _NUMBERS:
        return face.number(text)
    if column.meaning in _PLAIN or not face.masked:
        return text
    return "…" if text else ""
