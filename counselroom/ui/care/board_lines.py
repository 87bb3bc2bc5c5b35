"""Follow-up tasks as lines of the board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from counselroom.i18n import pgettext
from counselroom.services.follow_up_views import TaskView
from counselroom.ui.care.words import due_face, due_words, tier_face
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell


def board_lines(rows: Sequence[TaskView], face: Face, today: date) -> list[tuple[str, tuple[Cell, ...]]]:
    """Return the cells of each task as they may be shown now, with its id."""
    lines: list[tuple[str, tuple[Cell, ...]]] = []
    for row in rows:
        chip = None
        if row.tier is not None:
            chip = tier_face(row.tier).masked() if face.masked else tier_face(row.tier)
        cells = (
            Cell(face.name(row.student_name, row.student_no), bold=True),
            Cell(face.class_name(row.class_name)),
            Cell(chip=chip),
            Cell(row.task),
            Cell(row.who or row.owner_name, tone="ink2"),
            Cell(due_words(row.due_on, today)),
            Cell(chip=due_face(row.due_on, today)),
            Cell(pgettext("follow-up", "Done"), is_action=True),
        )
        lines.append((row.id, cells))
    return lines
