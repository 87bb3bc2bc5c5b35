"""待安排: who wants an appointment that has no time yet (SYS-05); booking closes the entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.day import WaitingEntry
from counselroom.model.people import Person
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.care_words import WaitingState
from counselroom.rules.counselling import Channel, Mode, Urgency
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, parameter_values
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on


@dataclass(frozen=True)
class WaitingData:
    """What is typed in; `minutes` 0 stands for the school's usual length."""

    client_id: str
    channel: Channel = Channel.IN_PERSON
    urgency: Urgency = Urgency.NORMAL
    mode: Mode = Mode.FACE
    minutes: int = 0
    counsellor_id: str | None = None
    referrer: str = ""
    wanted_times: str = ""
    issue_brief: str = ""


@dataclass(frozen=True)
class WaitingView:
    """An entry as the list shows it; the reason for coming is not in it."""

    id: str
    client_id: str
    client_name: str
    counsellor_id: str | None
    counsellor_name: str
    asked_at: datetime
    channel: Channel
    urgency: Urgency
    mode: Mode
    minutes: int
    wanted_times: str
    state: WaitingState
    seen: datetime


def add_waiting(actor: Actor, desk: Desk, data: WaitingData) -> Done[WaitingView]:
    """Put somebody on the waiting list.

    Raises:
        UserError: it is a crisis, which never waits; there is no such person, or they wait already.
    """
    if data.urgency is Urgency.CRISIS:
        raise UserError(
            _("A crisis does not wait."),
            _("Nothing was changed."),
            _("Please see the student now as a walk-in and open the risk assessment."),
        )
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("waiting_entry", secrecy=Secrecy.S2), work)
        if work.session.get(Person, data.client_id) is None:
            raise UserError(_("There is no such person."), _("Nothing was changed."))
        twin = select(WaitingEntry.id).where(
            WaitingEntry.client_id == data.client_id, WaitingEntry.state == WaitingState.WAITING
        )
        if work.session.scalar(twin) is not None:
            raise UserError(_("This client waits already."), _("Nothing was changed."))
        row = WaitingEntry(
            **work.common(actor, Secrecy.S2, work.now.date()),
            client_id=data.client_id,
            counsellor_id=data.counsellor_id,
            asked_at=work.now,
            channel=data.channel,
            referrer=data.referrer.strip() or None,
            urgency=data.urgency,
            mode=data.mode,
            minutes=data.minutes or parameter_values.number(work, "session_default"),
            wanted_times=data.wanted_times.strip() or None,
            issue_brief=data.issue_brief.strip() or None,
            state=WaitingState.WAITING,
        )
        work.session.add(row)
        work.touch(row, actor)
        work.session.flush()
        undo = Undo(
            _("Put on the waiting list."),
            "withdraw_waiting",
            {"waiting_id": row.id, "reason": "撤销", "seen": work.now},
        )
        return Done(_view(work, row), work.changes(undo))


def withdraw_waiting(
    actor: Actor, desk: Desk, waiting_id: str, reason: str, seen: datetime | None = None
) -> Done[WaitingView]:
    """Take somebody off the waiting list, with the reason.

    Raises:
        UserError: no reason is given, they do not wait, or it has moved on since `seen`.
    """
    if not reason.strip():
        raise UserError(_("Please give the reason."), _("Nothing was changed."))
    with desk.change() as work:
        row = _load(work, waiting_id, WaitingState.WAITING, seen)
        access.allow(actor, Action.WRITE, Subject("waiting_entry", row.id, Secrecy.S2), work)
        row.state, row.closed_at, row.close_reason = WaitingState.WITHDRAWN, work.now, reason.strip()
        work.touch(row, actor)
        undo = Undo(_("Taken off the waiting list."), "wait_again", {"waiting_id": row.id, "seen": work.now})
        return Done(_view(work, row), work.changes(undo))


def wait_again(actor: Actor, desk: Desk, waiting_id: str, seen: datetime | None = None) -> Done[WaitingView]:
    """Put somebody who was taken off back on the waiting list, with the day they first asked.

    Raises:
        UserError: they were not taken off, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = _load(work, waiting_id, WaitingState.WITHDRAWN, seen)
        access.allow(actor, Action.WRITE, Subject("waiting_entry", row.id, Secrecy.S2), work)
        undo = Undo(
            _("Put on the waiting list."),
            "withdraw_waiting",
            {"waiting_id": row.id, "reason": row.close_reason or "撤销", "seen": work.now},
        )
        row.state, row.closed_at, row.close_reason = WaitingState.WAITING, None, None
        work.touch(row, actor)
        return Done(_view(work, row), work.changes(undo))


def list_waiting(actor: Actor, desk: Desk) -> tuple[WaitingView, ...]:
    """Return who waits: the urgent first, then those who asked first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("waiting_entry", secrecy=Secrecy.S2), work)
        rows = work.session.scalars(
            select(WaitingEntry)
            .where(WaitingEntry.state == WaitingState.WAITING, WaitingEntry.voided_at.is_(None))
            .order_by(case((WaitingEntry.urgency == Urgency.SOON, 0), else_=1), WaitingEntry.asked_at)
        ).all()
        return tuple(_view(work, row) for row in rows)


def _load(work: Work, waiting_id: str, state: WaitingState, seen: datetime | None) -> WaitingEntry:
    row = work.session.get(WaitingEntry, waiting_id)
    if row is None or row.voided_at is not None or row.state is not state:
        raise UserError(_("There is no such entry in the waiting list."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def _view(work: Work, row: WaitingEntry) -> WaitingView:
    people = select(Person.id, Person.name).where(Person.id.in_([row.client_id, row.counsellor_id or ""]))
    names = {found.id: found.name for found in work.session.execute(people)}
    return WaitingView(
        row.id,
        row.client_id,
        names[row.client_id],
        row.counsellor_id,
        names.get(row.counsellor_id or "", ""),
        row.asked_at,
        row.channel,
        row.urgency,
        row.mode,
        row.minutes,
        row.wanted_times or "",
        row.state,
        row.updated_at,
    )
