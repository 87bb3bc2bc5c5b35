"""When an appointment may be made, and what may become of it (SYS-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from counselroom.rules.counselling import AppointmentState


class Clash(StrEnum):
    """What is already taken at that time."""

    COUNSELLOR = "counsellor"
    ROOM = "room"
    CLIENT = "client"


@dataclass(frozen=True)
class Slot:
    """A time with those it keeps busy. `starts_at` belongs to it, `ends_at` does not; both are aware."""

    starts_at: datetime
    ends_at: datetime
    counsellor_id: str
    client_id: str
    room_id: str | None
    appointment_id: str = ""

    @property
    def minutes(self) -> int:
        """The length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True)
class ClashFound:
    """A clash with an existing appointment."""

    kind: Clash
    appointment_id: str


def clashes(wanted: Slot, taken: tuple[Slot, ...]) -> tuple[ClashFound, ...]:
    """Return every clash of `wanted` with the slots already taken; its own earlier time does not count."""
    found = []
    for other in taken:
        if other.appointment_id == wanted.appointment_id and wanted.appointment_id:
            continue
        if not (wanted.starts_at < other.ends_at and other.starts_at < wanted.ends_at):
            continue
        if wanted.counsellor_id == other.counsellor_id:
            found.append(ClashFound(Clash.COUNSELLOR, other.appointment_id))
        if wanted.room_id is not None and wanted.room_id == other.room_id:
            found.append(ClashFound(Clash.ROOM, other.appointment_id))
        if wanted.client_id == other.client_id:
            found.append(ClashFound(Clash.CLIENT, other.appointment_id))
    return tuple(found)


class LengthHint(StrEnum):
    """A hint, never an obstacle: a session should last 45 to 60 minutes (P.session_min, P.session_max)."""

    SHORT = "short"
    LONG = "long"


def length_hint(minutes: int, *, shortest: int, longest: int) -> LengthHint | None:
    """Return a hint when a session is shorter or longer than the school wants, in minutes."""
    if minutes < shortest:
        return LengthHint.SHORT
    return LengthHint.LONG if minutes > longest else None


_NEXT: dict[AppointmentState, frozenset[AppointmentState]] = {
    AppointmentState.REQUESTED: frozenset({AppointmentState.CONFIRMED, AppointmentState.CANCELLED}),
    AppointmentState.CONFIRMED: frozenset(
        {AppointmentState.CHECKED_IN, AppointmentState.NO_SHOW, AppointmentState.CANCELLED}
    ),
    AppointmentState.CHECKED_IN: frozenset({AppointmentState.COMPLETED, AppointmentState.CONFIRMED}),
    AppointmentState.COMPLETED: frozenset(),
    AppointmentState.NO_SHOW: frozenset({AppointmentState.CONFIRMED}),
    AppointmentState.CANCELLED: frozenset({AppointmentState.CONFIRMED}),
}
"""Back to `confirmed` is how a wrong click on arrived, absent or cancelled is undone."""


def may_become(now: AppointmentState, then: AppointmentState) -> bool:
    """Return whether an appointment in state `now` may go to state `then` (SYS-05)."""
    return then in _NEXT[now]
