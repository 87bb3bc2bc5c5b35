"""What a vault holds, told in plain words, and what would be lost by going back to a backup."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from counselroom.i18n import pgettext
from counselroom.model.base import moment_of
from counselroom.vault.image import count_rows, tables
from counselroom.vault.keys.root import RootKey
from counselroom.vault.progress import Cancel, Progress, never, silent
from counselroom.vault.trailer import Header
from counselroom.vault.verification import open_image, verify_backup

_MOMENTS = ("updated_at", "at", "printed_at", "saved_at", "created_at")


@dataclass(frozen=True)
class Content:
    """What one table holds.

    Attributes:
        table: its name in the database.
        plain_name: what a teacher calls it.
        rows: number of rows.
        newest: moment of the newest row, None when there is none.
    """

    table: str
    plain_name: str
    rows: int
    newest: datetime | None


@dataclass(frozen=True)
class Difference:
    """One kind of record, in a backup and in the present vault.

    Attributes:
        backup: what the backup holds.
        current: what the present vault holds.
        lost: rows of the present vault that the backup doesn't have.
        older: rows that the backup has in an older state.
    """

    backup: Content
    current: Content
    lost: int
    older: int


def contents(connection: dbapi2.Connection) -> tuple[Content, ...]:
    """Return what a database holds, in the order in which a teacher would ask; technical tables are left out."""
    present = set(tables(connection))
    return tuple(_content(connection, table, name) for table, name in _plain_names() if table in present)


def newest_moment(found: Iterable[Content]) -> datetime | None:
    """Return the newest moment of all, or None."""
    return max((content.newest for content in found if content.newest), default=None)


@dataclass(frozen=True)
class Compared:
    """A backup beside the present vault.

    Attributes:
        header: what the backup says about itself, proved.
        differences: by kind of record.
        has_account: the backup knows an open account for the slot that was asked about.
    """

    header: Header
    differences: tuple[Difference, ...]
    has_account: bool


def compare_backup(
    backup: Path,
    root: RootKey,
    current: dbapi2.Connection,
    slot_id: str,
    *,
    progress: Progress = silent,
    cancel: Cancel = never,
) -> Compared:
    """Verify a backup whole and compare it with the present vault.

    Args:
        backup: the file.
        root: root key of the present vault, or of the backup's sheet (`root_from_sheet`).
        current: a connection to the present vault, in a read transaction.
        slot_id: the slot that opened the present vault: whether it opens an account of the restored one too.
        progress: told what is done.
        cancel: stops the work.

    Raises:
        UserError: what `verify_backup` finds.
    """
    header = verify_backup(backup, root=root, progress=progress, cancel=cancel).header
    with closing(open_image(backup, header, root)) as image:
        there = {content.table: content for content in contents(image)}
        differences = tuple(
            Difference(there.get(here.table, _none_of(here)), here, *_missing(image, current, here.table, there))
            for here in contents(current)
        )
        account = image.execute("SELECT 1 FROM account WHERE slot_id = ? AND closed_at IS NULL", (slot_id,))
        return Compared(header, differences, account.fetchone() is not None)


def what_would_be_lost(backup: Path, root: RootKey, current: dbapi2.Connection) -> tuple[Difference, ...]:
    """Return how a backup differs from the present vault; see `compare_backup`."""
    return compare_backup(backup, root, current, "").differences


def _content(connection: dbapi2.Connection, table: str, plain_name: str) -> Content:
    column = _moment_column(connection, table)
    newest = None
    if column:
        # Moments sort as text: UTC stands first in them.
        (newest,) = connection.execute(f'SELECT max("{column}") FROM "{table}"').fetchone()  # noqa: S608 - constants
    return Content(table, plain_name, count_rows(connection, table), moment_of(newest) if newest else None)


def _moment_column(connection: dbapi2.Connection, table: str) -> str:
    columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
    return next((name for name in _MOMENTS if name in columns), "")


def _none_of(content: Content) -> Content:
    return Content(content.table, content.plain_name, 0, None)


def _missing(
    image: dbapi2.Connection, current: dbapi2.Connection, table: str, there: dict[str, Content]
) -> tuple[int, int]:
    """Return how many rows of the present vault the image doesn't have, and how many it has in an older state."""
    column = _moment_column(current, table) or "id"
    select = f'SELECT id, "{column}" FROM "{table}"'  # noqa: S608 - constants
    known = dict(image.execute(select)) if table in there else {}
    lost = older = 0
    for row_id, moment in current.execute(select):
        if row_id not in known:
            lost += 1
        elif known[row_id] != moment:
            older += 1
    return lost, older


def _plain_names() -> tuple[tuple[str, str], ...]:
    return (
        ("student", pgettext("table", "students")),
        ("guardian", pgettext("table", "guardians")),
        ("appointment", pgettext("table", "appointments")),
        ("case_file", pgettext("table", "counselling cases")),
        ("session_record", pgettext("table", "session records")),
        ("amendment", pgettext("table", "amendments")),
        ("consent", pgettext("table", "consents")),
        ("psych_archive", pgettext("table", "archives")),
        ("archive_card", pgettext("table", "archive cards")),
        ("archive_item", pgettext("table", "archived items")),
        ("referral", pgettext("table", "referrals")),
        ("referral_feedback", pgettext("table", "referral replies")),
        ("crisis_assessment", pgettext("table", "safety assessments")),
        ("crisis_event", pgettext("table", "crisis cases")),
        ("crisis_step", pgettext("table", "steps of crisis cases")),
        ("crisis_log", pgettext("table", "log lines of crisis cases")),
        ("contact_attempt", pgettext("table", "contact attempts")),
        ("guard_shift", pgettext("table", "guard shifts")),
        ("guardian_notice", pgettext("table", "notices to guardians")),
        ("crisis_report", pgettext("table", "crisis reports")),
        ("tier_record", pgettext("table", "tiers")),
        ("follow_up_task", pgettext("table", "follow-up tasks")),
        ("follow_up_record", pgettext("table", "follow-up records")),
        ("scratch_note", pgettext("table", "quick notes")),
        ("waiting_entry", pgettext("table", "waiting entries")),
        ("duty_shift", pgettext("table", "duty shifts")),
        ("register_row", pgettext("table", "register rows")),
        ("attachment", pgettext("table", "attachments")),
        ("draft", pgettext("table", "drafts")),
        ("print_log", pgettext("table", "prints")),
        ("account", pgettext("table", "accounts")),
    )
