"""The plan of duty by weeks (SYS-04): one week copied into another, as a whole and taken back as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.day import DutyShift
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.appointment_rows import school_days
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on

_WEEK = timedelta(days=7)


def copy_last_week(actor: Actor, desk: Desk, monday: date) -> Done[int]:
    """Copy the shifts of the week before into the week of `monday` and return how many were added.

    What stands there already is left alone, and days without school get none.

    Raises:
        UserError: there is nothing to copy.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("duty_shift", secrecy=Secrecy.S0), work)
        calendar = school_days(work)
        here = {_key(row, timedelta(0)) for row in _of_week(work, monday)}
        rows = []
        for row in _of_week(work, monday - _WEEK):
            day = row.on_day + _WEEK
            if not calendar.is_school_day(day) or _key(row, _WEEK) in here:
                continue
            copy = DutyShift(
                **work.common(actor, Secrecy.S0, day),
                on_day=day,
                starts_at=row.starts_at + _WEEK,
                ends_at=row.ends_at + _WEEK,
                counsellor_id=row.counsellor_id,
                substitute_id=None,
                channel=row.channel,
                remark=row.remark,
            )
            work.session.add(copy)
            work.touch(copy, actor)
            rows.append(copy)
        if not rows:
            raise UserError(_("There is nothing to copy from the week before."), _("Nothing was changed."))
        work.session.flush()
        undo = Undo(
            _("{count} shifts were added.").format(count=len(rows)),
            "void_shifts",
            {"ids": tuple(row.id for row in rows), "seen": work.now},
        )
        return Done(len(rows), work.changes(undo))


def void_shifts(actor: Actor, desk: Desk, ids: Sequence[str], seen: datetime | None = None) -> Done[int]:
    """Take several shifts out of the plan, all or none.

    Raises:
        UserError: one has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("duty_shift", secrecy=Secrecy.S0), work)
        for row in _loaded(work, ids, seen):
            if row.voided_at is not None:
                raise moved_on()
            row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, "撤销"
            work.touch(row, actor)
        undo = Undo(
            _("{count} shifts were removed.").format(count=len(ids)),
            "restore_shifts",
            {"ids": tuple(ids), "seen": work.now},
        )
        return Done(len(ids), work.changes(undo))


def restore_shifts(actor: Actor, desk: Desk, ids: Sequence[str], seen: datetime | None = None) -> Done[int]:
    """Put several removed shifts back, all or none.

    Raises:
        UserError: one has moved on since `seen`, or the same person is on duty then by now.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("duty_shift", secrecy=Secrecy.S0), work)
        for row in _loaded(work, ids, seen):
            if row.voided_at is None:
                raise moved_on()
            monday = row.on_day - timedelta(days=row.on_day.weekday())
            if _key(row, timedelta(0)) in {_key(each, timedelta(0)) for each in _of_week(work, monday)}:
                raise UserError(_("This person is on duty then already."), _("Nothing was changed."))
            row.voided_at = row.voided_by = row.void_reason = None
            work.touch(row, actor)
        undo = Undo(
            _("{count} shifts are back.").format(count=len(ids)),
            "void_shifts",
            {"ids": tuple(ids), "seen": work.now},
        )
        return Done(len(ids), work.changes(undo))


def _of_week(work: Work, monday: date) -> Sequence[DutyShift]:
    return work.session.scalars(
        select(DutyShift)
        .where(DutyShift.on_day.between(monday, monday + timedelta(days=6)), DutyShift.voided_at.is_(None))
        .order_by(DutyShift.starts_at, DutyShift.id)
    ).all()


def _loaded(work: Work, ids: Sequence[str], seen: datetime | None) -> Sequence[DutyShift]:
    rows = [work.session.get(DutyShift, each) for each in ids]
    found = [row for row in rows if row is not None and (seen is None or row.updated_at == seen)]
    if len(found) != len(rows):
        raise moved_on()
    return found


def _key(row: DutyShift, later: timedelta) -> tuple[datetime, str, str]:
    return row.starts_at + later, row.substitute_id or row.counsellor_id, row.channel.value
