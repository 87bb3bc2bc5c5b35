"""What stands in the ribbon: the visits of each counsellor's lane, and duty behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from counselroom.i18n import pgettext
from counselroom.rules.counselling import AppointmentState
from counselroom.services.today import Today
from counselroom.services.today_visits import Visit
from counselroom.ui.masking import Face
from counselroom.ui.today import words
from counselroom.ui.today.ribbon import Block, Look

_LOOKS: dict[AppointmentState, Look] = {
    AppointmentState.CHECKED_IN: "now",
    AppointmentState.COMPLETED: "done",
    AppointmentState.NO_SHOW: "absent",
}


def ribbon_blocks(found: Today, face: Face, now: datetime) -> tuple[Sequence[str], list[Block]]:
    """Return the names of the lanes and the blocks in them, in the zone of `now`."""
    lanes = {lane.person_id: number for number, lane in enumerate(found.lanes)}
    names = [lane.name for lane in found.lanes]
    zone = now.tzinfo
    blocks = [
        Block(
            "",
            lanes[shift.person_id],
            shift.starts_at.astimezone(zone),
            shift.ends_at.astimezone(zone),
            pgettext("today", "on duty"),
            "duty",
        )
        for shift in found.duty
        if shift.person_id in lanes
    ]
    blocks += [
        Block(
            visit.id,
            lanes[visit.counsellor_id],
            visit.starts_at.astimezone(zone),
            visit.ends_at.astimezone(zone),
            _words(visit, face),
            _LOOKS.get(visit.state, "coming"),
        )
        for visit in found.visits
        if visit.counsellor_id in lanes
    ]
    return names, blocks


def _words(visit: Visit, face: Face) -> str:
    name = words.client_word(visit, face)
    kind = words.kind_word(visit)
    return name if kind == pgettext("visit", "session") else f"{kind} {name}"
