"""The sessions of a case as rows of a table: a session without a note and one that is not signed say so."""

from __future__ import annotations

from datetime import datetime

from counselroom.i18n import _, pgettext
from counselroom.services.case_pages import CasePage, SessionLine
from counselroom.services.topics import topic_label
from counselroom.ui.models.plain import Cell
from counselroom.ui.note.words import day_with_weekday, span_text
from counselroom.ui.widgets.chip_face import ChipFace, draft, signed

TOPICS = 3
"""The column that takes the room that is left."""


def heads() -> tuple[str, ...]:
    """Return the heads of the columns."""
    return (
        pgettext("case page", "Number"),
        pgettext("case page", "Day"),
        pgettext("case page", "Time"),
        pgettext("case page", "Topics"),
        pgettext("case page", "State"),
        "",
    )


def session_rows(page: CasePage, now: datetime) -> list[tuple[str, tuple[Cell, ...]]]:
    """Return a row for each session, the newest first; the key says what its note is opened for."""
    return [
        (f"session:{line.id}" if line.id else f"appointment:{line.appointment_id}", _cells(line, page, now))
        for line in page.sessions
    ]


def _cells(line: SessionLine, page: CasePage, now: datetime) -> tuple[Cell, ...]:
    begins = line.starts_at.astimezone(now.tzinfo)
    ends = line.ends_at.astimezone(now.tzinfo)
    if not line.id:
        chip = ChipFace(_("without a note"), "amber", "mdi6.file-alert-outline")
        step = pgettext("case page", "Write note") if page.can_write else ""
    elif line.is_signed:
        chip, step = signed(), pgettext("case page", "Open")
    else:
        chip = draft()
        step = pgettext("case page", "Finish and sign") if page.can_write else pgettext("case page", "Open")
    return (
        Cell(str(line.seq) if line.seq else "—", bold=True),
        Cell(day_with_weekday(begins.date(), now.date())),
        Cell(span_text(begins, ends)),
        Cell(pgettext("list", ", ").join(topic_label(key) for key in line.topics) or "—"),
        Cell(chip=chip),
        Cell(step, is_action=bool(step)),
    )
