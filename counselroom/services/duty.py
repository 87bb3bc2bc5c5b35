"""Duty (SYS-04): who looks after the room, the hotline or the letters, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.day import DutyShift
from counselroom.model.people import Account, Person
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.care_words import DutyChannel
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on

_LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class ShiftData:
    """A shift as it is typed in; both moments are aware."""

    starts_at: datetime
    ends_at: datetime
    counsellor_id: str
    channel: DutyChannel = DutyChannel.ROOM
    substitute_id: str | None = None
    remark: str = ""


@dataclass(frozen=True)
class ShiftView:
    """A shift; `who` is the name of the one on duty, the substitute where there is one."""

    id: str
    data: ShiftData
    who: str
    is_now: bool
    seen: datetime


def set_shift(
    actor: Actor, desk: Desk, data: ShiftData, shift_id: str | None = None, seen: datetime | None = None
) -> Done[ShiftView]:
    """Put somebody on duty, or change a shift.

    Raises:
        UserError: it ends before it begins or lasts longer than a day, somebody is not of the room, the person is on
            duty for the same thing then already, or it has moved on since `seen`.
    """
    if not timedelta(0) < data.ends_at - data.starts_at <= _LONGEST:
        raise UserError(_("A shift ends after it begins, within a day."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("duty_shift", shift_id or "", Secrecy.S0), work)
        for person_id in {data.counsellor_id, data.substitute_id} - {None}:
            known = select(Account.id).where(Account.person_id == person_id, Account.closed_at.is_(None))
            if work.session.scalar(known) is None:
                raise UserError(_("There is no such counsellor."), _("Nothing was changed."))
        _refuse_double(work, data, shift_id)
        if shift_id is None:
            day = data.starts_at.date()
            row = DutyShift(**work.common(actor, Secrecy.S0, day), on_day=day)
            work.session.add(row)
            undo = Undo(_("The shift was added."), "remove_shift", {"shift_id": row.id, "seen": work.now})
        else:
            row = _load(work, shift_id, seen)
            before = {"data": _data(row), "shift_id": row.id, "seen": work.now}
            undo = Undo(_("The shift was changed."), "set_shift", before)
        row.on_day = data.starts_at.date()
        row.starts_at, row.ends_at = data.starts_at, data.ends_at
        row.counsellor_id, row.substitute_id = data.counsellor_id, data.substitute_id
        row.channel, row.remark = data.channel, data.remark.strip() or None
        work.place(row, row.on_day)
        work.touch(row, actor)
        work.session.flush()
        return Done(shift_view(work, row), work.changes(undo))


def remove_shift(actor: Actor, desk: Desk, shift_id: str, seen: datetime | None = None) -> Done[None]:
    """Take a shift out of the plan; it stays on record, void.

    Raises:
        UserError: there is none, or it has moved on since `seen`.
    """
    with desk.change() as work:
        row = _load(work, shift_id, seen)
        access.allow(actor, Action.WRITE, Subject("duty_shift", row.id, Secrecy.S0), work)
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, "撤销"
        work.touch(row, actor)
        undo = Undo(_("The shift was removed."), "restore_shift", {"shift_id": row.id, "seen": work.now})
        return Done(None, work.changes(undo))


def restore_shift(actor: Actor, desk: Desk, shift_id: str, seen: datetime | None = None) -> Done[ShiftView]:
    """Put a removed shift back.

    Raises:
        UserError: it has moved on since `seen`, or the person is on duty elsewhere then.
    """
    with desk.change() as work:
        row = work.session.get(DutyShift, shift_id)
        if row is None or row.voided_at is None or (seen is not None and row.updated_at != seen):
            raise moved_on()
        access.allow(actor, Action.WRITE, Subject("duty_shift", row.id, Secrecy.S0), work)
        _refuse_double(work, _data(row), row.id)
        row.voided_at = row.voided_by = row.void_reason = None
        work.touch(row, actor)
        undo = Undo(_("The shift is back."), "remove_shift", {"shift_id": row.id, "seen": work.now})
        return Done(shift_view(work, row), work.changes(undo))


def list_shifts(actor: Actor, desk: Desk, first: date, last: date) -> tuple[ShiftView, ...]:
    """Return the shifts of the days from `first` to `last`, both included, in order."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("duty_shift"), work)
        rows = work.session.scalars(
            select(DutyShift)
            .where(DutyShift.on_day.between(first, last), DutyShift.voided_at.is_(None))
            .order_by(DutyShift.starts_at, DutyShift.id)
        ).all()
        return tuple(shift_view(work, row) for row in rows)


def on_duty(actor: Actor, desk: Desk) -> tuple[ShiftView, ...]:
    """Return who is on duty at this moment, for the header."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("duty_shift"), work)
        rows = work.session.scalars(
            select(DutyShift)
            .where(
                DutyShift.starts_at <= work.now,
                DutyShift.starts_at > work.now - _LONGEST,
                DutyShift.voided_at.is_(None),
            )
            .order_by(DutyShift.starts_at, DutyShift.id)
        ).all()
        return tuple(shift_view(work, row) for row in rows if work.now < row.ends_at)


def _refuse_double(work: Work, data: ShiftData, own_id: str | None) -> None:
    near = work.session.scalars(
        select(DutyShift).where(
            DutyShift.channel == data.channel,
            DutyShift.starts_at < data.ends_at,
            DutyShift.starts_at > data.starts_at - _LONGEST,
            DutyShift.voided_at.is_(None),
        )
    ).all()
    who = data.substitute_id or data.counsellor_id
    for row in near:
        if row.id != own_id and data.starts_at < row.ends_at and (row.substitute_id or row.counsellor_id) == who:
            raise UserError(_("This person is on duty then already."), _("Nothing was changed."))


def _load(work: Work, shift_id: str, seen: datetime | None) -> DutyShift:
    row = work.session.get(DutyShift, shift_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such shift."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def _data(row: DutyShift) -> ShiftData:
    return ShiftData(row.starts_at, row.ends_at, row.counsellor_id, row.channel, row.substitute_id, row.remark or "")


def shift_view(work: Work, row: DutyShift) -> ShiftView:
    """Return a loaded shift with the name of the one on duty."""
    who = work.session.scalar(select(Person.name).where(Person.id == (row.substitute_id or row.counsellor_id)))
    return ShiftView(row.id, _data(row), who or "", row.starts_at <= work.now < row.ends_at, row.updated_at)
