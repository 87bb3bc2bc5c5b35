"""What booking and cancelling do to the waiting list, in the same piece of work (SYS-05)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import Appointment
from counselroom.model.day import WaitingEntry
from counselroom.rules.access import Actor
from counselroom.rules.care_words import WaitingState
from counselroom.rules.secrecy import Secrecy
from counselroom.services.appointment_rows import slot_of
from counselroom.services.desk import Work


def wait_again_of(work: Work, actor: Actor, row: Appointment) -> None:
    """A booking taken back at once leaves its client waiting as before."""
    for entry in _answered_by(work, row, WaitingState.PLACED):
        entry.state, entry.closed_at = WaitingState.WAITING, None
        work.touch(entry, actor)


def put_on_waiting_list(work: Work, actor: Actor, row: Appointment) -> None:
    """Put the client of an appointment on the waiting list, unless they wait already.

    The entry names the appointment it comes from: when that comes back, the client waits no more.
    """
    waiting = select(WaitingEntry.id).where(
        WaitingEntry.client_id == row.client_id, WaitingEntry.state == WaitingState.WAITING
    )
    if work.session.scalar(waiting) is not None:
        return
    entry = WaitingEntry(
        **work.common(actor, Secrecy.S2, work.now.date()),
        client_id=row.client_id,
        counsellor_id=row.counsellor_id,
        asked_at=work.now,
        channel=row.channel,
        urgency=row.urgency,
        mode=row.mode,
        minutes=slot_of(work, row).minutes,
        issue_brief=row.issue_brief,
        state=WaitingState.WAITING,
        appointment_id=row.id,
    )
    work.session.add(entry)
    work.touch(entry, actor)


def wait_no_more_of(work: Work, actor: Actor, row: Appointment) -> None:
    """A cancelled booking that comes back answers its entry of the waiting list again."""
    for entry in _answered_by(work, row, WaitingState.WAITING):
        entry.state, entry.closed_at = WaitingState.PLACED, work.now
        work.touch(entry, actor)


def _answered_by(work: Work, row: Appointment, state: WaitingState) -> Sequence[WaitingEntry]:
    return work.session.scalars(
        select(WaitingEntry).where(WaitingEntry.appointment_id == row.id, WaitingEntry.state == state)
    ).all()


def answer_waiting(work: Work, actor: Actor, waiting_id: str | None, row: Appointment) -> None:
    """Close the entry of the waiting list that an appointment answers, in the same change."""
    if waiting_id is None:
        return
    entry = work.session.get(WaitingEntry, waiting_id)
    if entry is None or entry.state is not WaitingState.WAITING or entry.client_id != row.client_id:
        raise UserError(_("This client does not wait any more."), _("Nothing was booked."))
    entry.state, entry.appointment_id, entry.closed_at = WaitingState.PLACED, row.id, work.now
    work.touch(entry, actor)
