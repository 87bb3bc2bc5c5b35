"""Where Enter leads from an entry of the timeline: one table from the kind of a record to its page or dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from counselroom.rules.care_words import TierState
from counselroom.rules.timeline import TimelineEntry
from counselroom.ui.room import Room

Arguments = Callable[[TimelineEntry, str], dict[str, str]]


@dataclass(frozen=True)
class EntryWay:
    """A page or a dialog, and what it is opened for: of the entry and the student."""

    page: str = ""
    dialog: str = ""
    arguments: Arguments = lambda entry, _student: {"id": entry.entity_id}


def _named(name: str) -> Arguments:
    return lambda entry, _student: {name: entry.entity_id}


def _printed(form: str) -> Arguments:
    return lambda entry, _student: {"form": form, "entity": entry.entity, "entity_id": entry.entity_id}


WAYS: dict[str, EntryWay] = {
    "session_record": EntryWay("note", arguments=_named("session")),
    "case_file": EntryWay("case", arguments=_named("case")),
    "appointment": EntryWay(dialog="appointment", arguments=_named("appointment")),
    "consent": EntryWay(
        dialog="consent", arguments=lambda entry, student: {"student": student, "consent": entry.entity_id}
    ),
    "crisis_event": EntryWay("crisis", arguments=_named("event")),
    "crisis_assessment": EntryWay("assessment", arguments=_named("assessment")),
    "referral": EntryWay("referral", arguments=_named("referral")),
    "psych_archive": EntryWay("archive", arguments=lambda _entry, student: {"student": student}),
    "archive_card": EntryWay("archive", arguments=lambda _entry, student: {"student": student, "tab": "card"}),
    "follow_up_record": EntryWay("print_preview", arguments=_printed("F-51")),
    "register_row": EntryWay(
        dialog="register_entry", arguments=lambda entry, _student: {"register": entry.state, "row": entry.entity_id}
    ),
    "print_log": EntryWay("forms", arguments=lambda _entry, _student: {"view": "log"}),
}
"""By the table of the record; an attachment opens in a window of its own."""
_TIERS = {TierState.PROPOSED: "decide_tier", TierState.CONFIRMED: "end_tier"}


def open_entry(room: Room, entry: TimelineEntry, student: str, place: str) -> bool:
    """Go where an entry leads; False for one that leads nowhere, such as a tier that has ended."""
    if entry.entity == "tier_record":
        dialog = _TIERS.get(TierState(entry.state))
        if dialog is not None:
            room.ways.open_dialog(dialog, tier=entry.entity_id, place=place)
        return dialog is not None
    way = WAYS.get(entry.entity)
    if way is None:
        return False
    arguments = way.arguments(entry, student)
    if way.page:
        room.ways.open_page(way.page, **arguments)
    else:
        room.ways.open_dialog(way.dialog, **arguments)
    return True
