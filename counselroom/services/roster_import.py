"""Imports rosters: reads and compares without writing, then writes what was shown, all of it or nothing.

Reading happens in a limited child process; comparing needs the vault only for a look. The import is one transaction:
whoever pulls the plug in the middle of it has the vault as it was before.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.imports.reader import open_roster
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.roster import Known, NearDuplicate, RosterReading, near_duplicates, read_roster
from counselroom.rules.roster_cells import text_of
from counselroom.rules.roster_columns import LINES_SEARCHED, ColumnMapping, Line
from counselroom.rules.roster_plan import RosterPlan, StoredStudent, plan_import
from counselroom.rules.roster_problems import RefusedRow
from counselroom.rules.roster_words import RosterWords
from counselroom.services import access
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import Desk
from counselroom.services.roster_store import RosterWriter, stored_students
from counselroom.services.through import Through, here
from counselroom.vault.name_readings import surname_readings

SHOWN_LINES = 20
"""Lines of the table that a preview shows as they stand in the file."""

_SUBJECT = Subject("student")


class NoHeading(UserError):
    """No line of the sheet looks like a heading with a column of names."""


class TablesSideBySide(UserError):
    """Two tables stand beside each other in one sheet."""


class RosterStale(UserError):
    """The vault has changed since the preview, so that the import would do something else than was shown."""


@dataclass(frozen=True)
class RosterPreview:
    """What an import would do. Nothing has been written.

    Attributes:
        sheets: visible sheets of the workbook; empty for a text file.
        sheet: the one that was read.
        reading: heading, columns, reported problems, and the rows as the file has them.
        plan: new, updated with every field before and after, unchanged, and rows that clash with the vault.
        refused: all rows that are not imported, with reasons, in the order of the file.
        near: pairs that may be one student, at most 1,000.
        near_count: how many pairs there are.
        digest: of all that would be written.
        lines: the first lines below the heading as text, with their numbers.
        surnames: surnames in the file that have several readings, with the readings, the usual one first.
    """

    sheets: tuple[str, ...]
    sheet: str
    reading: RosterReading
    plan: RosterPlan
    refused: tuple[RefusedRow, ...]
    near: tuple[NearDuplicate, ...]
    near_count: int
    digest: str
    lines: tuple[tuple[int, tuple[str, ...]], ...] = ()
    surnames: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class RosterResult:
    """What an import did.

    Attributes:
        new: students added.
        updated: students changed.
        unchanged: rows that said what was known.
        refused: rows that were not imported, with reasons.
        units: classes, grades and colleges added.
    """

    new: int
    updated: int
    unchanged: int
    refused: tuple[RefusedRow, ...]
    units: int


@cache
def roster_words() -> RosterWords:
    """Return the words of rosters from `resources/roster_columns.toml`."""
    return RosterWords.of(tomllib.loads(resources.read_text("resources/roster_columns.toml")))


def preview_roster(
    actor: Actor,
    desk: Desk,
    path: Path,
    mapping: ColumnMapping | None = None,
    sheet: str | None = None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] | None = None,
    through: Through = here,
) -> RosterPreview:
    """Read a roster and compare it with the vault; write nothing.

    Args:
        actor: who looks; need not be who imports.
        desk: the vault.
        path: an .xlsx, .xls or text file.
        mapping: the user's corrections of the columns.
        sheet: the sheet wanted; None for the longest visible one.
        cancelled: asked 20 times a second while the file is read.
        progress: told how many lines have been read.
        through: how the two short looks at the vault are done.

    Raises:
        RosterRefused: the file can't be read, or must not be.
        NoHeading: no line looks like a heading; the user can say which it is.
        TablesSideBySide: half of the students would be lost.
        AccessDenied: the actor may not see the students.
    """

    def begin() -> date:
        with desk.look() as work:
            # It only shows what a list of students shows; IMPORT would write a row into the audit log.
            access.allow(actor, Action.READ, _SUBJECT, work)
            return work.now.date()

    def stored_now() -> list[StoredStudent]:
        with desk.look() as work:
            return stored_students(work.session)

    today = through(begin)
    first: list[Line] = []
    with open_roster(path, sheet, cancelled=cancelled, progress=progress) as roster:
        reading = read_roster(_noting(roster.lines(), first), roster_words(), today, mapping)
        sheets, sheet = roster.sheets, roster.sheet
    if reading is None:
        raise NoHeading(
            _("There is no heading with a column of names in this table."),
            _("Nothing has been written to the vault."),
            _("Choose another sheet, or say which line is the heading and which column holds the names."),
        )
    if reading.heading.side_by_side:
        raise TablesSideBySide(
            _("Two tables stand side by side in this sheet."),
            _("Nothing has been written to the vault."),
            _("Move them below each other and save the file, so that no student is lost."),
        )
    stored = through(stored_now)
    plan = plan_import(reading.students, stored, roster_words().unnamed_guardian)
    near, near_count = near_duplicates(_known_rows(plan), _known_students(stored))
    refused = tuple(sorted((*reading.refused, *plan.refused), key=lambda found: found.row))
    return RosterPreview(
        sheets,
        sheet,
        reading,
        plan,
        refused,
        near,
        near_count,
        plan.digest(),
        _shown(first, reading),
        _double_readings(student.name for student in reading.students),
    )


def import_roster(
    actor: Actor, desk: Desk, preview: RosterPreview, *, progress: Callable[[int], None] | None = None
) -> Done[RosterResult]:
    """Write what the preview showed, in one transaction, with one row in the audit log.

    Args:
        actor: who imports.
        desk: the vault.
        preview: what was shown and confirmed.
        progress: told how many students have been written, every thousand.

    Raises:
        RosterStale: the vault has changed since, so that something else would be written.
        AccessDenied: the actor may not import.
        VaultReadOnly: the vault was opened read-only.
    """
    words = roster_words()
    with desk.change() as work:
        keyed = work.vault.audit.digest({"roster": preview.digest})
        access.allow(actor, Action.IMPORT, _SUBJECT, work, digest=keyed)
        plan = plan_import(preview.reading.students, stored_students(work.session), words.unnamed_guardian)
        if plan.digest() != preview.digest:
            raise RosterStale(
                _("The vault has changed since this preview was made."),
                _("Nothing has been written to the vault."),
                _("Preview the roster again and compare."),
            )
        units = 0
        if plan.new or plan.updated:
            writer = RosterWriter(work, actor, dict(words.unnamed_guardian), progress)
            writer.write(plan)
            units = len(writer.units.created)
        result = RosterResult(len(plan.new), len(plan.updated), plan.unchanged, preview.refused, units)
    # An id for each of 50,000 students would help no page: an empty id means many.
    changed = {("student", ""), ("guardian", "")} if plan.new or plan.updated else set()
    return Done(result, ChangeSet(frozenset(changed | ({("org_unit", "")} if units else set()))))


def _noting(lines: Iterable[Line], first: list[Line]) -> Iterator[Line]:
    """Pass lines on and keep the first of them."""
    for line in lines:
        if len(first) < LINES_SEARCHED + SHOWN_LINES:
            first.append(line)
        yield line


def _shown(first: list[Line], reading: RosterReading) -> tuple[tuple[int, tuple[str, ...]], ...]:
    below = reading.heading.lines[-1] if reading.heading.lines else 0
    lines = [(number, tuple(text_of(cell) for cell in cells)) for number, cells in first if number > below]
    return tuple(lines[:SHOWN_LINES])


def _double_readings(names: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = {surname: readings for surname, readings in map(surname_readings, names) if len(readings) > 1}
    return tuple(sorted(found.items()))


def _known_rows(plan: RosterPlan) -> list[Known]:
    return [Known(row.row, "", row.number, row.name, row.class_path.label, row.birth_date) for row in plan.new]


def _known_students(stored: list[StoredStudent]) -> list[Known]:
    return [
        Known(0, student.id, student.number, student.name, student.class_path.label, student.birth_date)
        for student in stored
        if not student.voided
    ]
