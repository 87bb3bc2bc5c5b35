"""What the checklist's model tells its cells beside the roles of every list."""

from __future__ import annotations

from enum import IntEnum

from counselroom.ui.widgets.list_roles import ListRole


class StepRole(IntEnum):
    """Roles of the checklist.

    Attributes:
        MARK: `mdi6.` name of the icon before the title.
        MARK_TONE: its colour token.
        BAR: share of the time that is left, from 0 to 1; None for no bar.
        BAR_TONE: its colour token.
        HEADING: the row is the heading of a stage.
        NEXT: the ground of the item the band names, `accent_soft` or `amber_soft`.
    """

    MARK = int(max(ListRole)) + 1
    MARK_TONE = int(max(ListRole)) + 2
    BAR = int(max(ListRole)) + 3
    BAR_TONE = int(max(ListRole)) + 4
    HEADING = int(max(ListRole)) + 5
    NEXT = int(max(ListRole)) + 6
