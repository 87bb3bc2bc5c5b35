"""Appointments that repeat: booked as one, then moved or cancelled one by one or this and all that follow (SYS-05).

What is skipped is told before and after booking. Each place is an appointment of its own and keeps its number, so
that none is lost, doubled, or left behind as a ghost; every step is taken back as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.counselling import Appointment, AppointmentSeries
from counselroom.rules import appointment as rules
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.appointment import Slot
from counselroom.rules.counselling import AppointmentState, CancelledBy
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.series import Every, Held, Place, Rhythm, clashes_of, move_rest, places, with_taken
from counselroom.services import access
from counselroom.services.appointment_rows import (
    AppointmentClash,
    AppointmentView,
    appointment_view,
    check_time,
    load_appointment,
    refuse_clash,
    refuse_stopped,
    school_days,
    slot_of,
    taken_slots,
)
from counselroom.services.appointments import (
    Booking,
    new_row,
    refuse_unassessed,
    with_client,
)
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on
from counselroom.services.waiting_rows import answer_waiting, wait_again_of, wait_no_more_of

_OPEN = (AppointmentState.REQUESTED, AppointmentState.CONFIRMED)
_SHOWN_DAYS = 3


@dataclass(frozen=True)
class Repeats:
    """How an appointment repeats: until a day, so many times, or until appointments stop in its term."""

    every: Every
    until: date | None = None
    times: int | None = None


@dataclass(frozen=True)
class SeriesView:
    """A series as it was booked: its appointments, and the places that have none, each with the reason."""

    id: str
    appointments: tuple[AppointmentView, ...]
    skipped: tuple[Place, ...]


def plan_series(actor: Actor, desk: Desk, booking: Booking, repeats: Repeats) -> tuple[Place, ...]:
    """Return the places of a series that is not booked yet; a skipped one says why.

    Raises:
        UserError: it ends before it begins, or is longer than twelve hours.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("appointment", secrecy=Secrecy.S2), work)
        check_time(work, booking.starts_at, booking.ends_at)
        return _planned(work, booking, repeats)


def book_series(actor: Actor, desk: Desk, booking: Booking, repeats: Repeats) -> Done[SeriesView]:
    """Book an appointment that repeats. Days without school, stopped days and taken times are left out and told.

    The booking says the first place; an entry of the waiting list is answered by the first appointment.

    Raises:
        UserError: no place at all is free, or the times cannot be.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("appointment", secrecy=Secrecy.S2), work)
        check_time(work, booking.starts_at, booking.ends_at)
        booking = with_client(work, actor, booking)
        planned = _planned(work, booking, repeats)
        if all(place.skipped for place in planned):
            raise UserError(
                _("None of these times can be booked."),
                _("Nothing was booked."),
                _("Please choose another time, room or counsellor."),
            )
        series = AppointmentSeries(
            **work.common(actor, Secrecy.S2, booking.starts_at.date()),
            client_id=booking.client_id,
            counsellor_id=booking.counsellor_id,
            room_id=booking.room_id,
            first_on=booking.starts_at.date(),
            wall_time=f"{booking.starts_at:%H:%M}",
            minutes=_minutes(booking),
            every=repeats.every,
            until=repeats.until,
            times=repeats.times,
        )
        work.session.add(series)
        work.touch(series, actor)
        work.session.flush()
        rows = []
        for place in planned:
            if place.skipped is None:
                one = replace(booking, starts_at=place.starts_at, ends_at=place.ends_at, waiting_id=None)
                row = new_row(work, actor, one, AppointmentState.CONFIRMED)
                row.series_id, row.series_nth = series.id, place.nth
                rows.append(row)
        work.session.flush()
        answer_waiting(work, actor, booking.waiting_id, rows[0])
        undo = Undo(
            _("{count} appointments were booked.").format(count=len(rows)),
            "cancel_together",
            {"ids": tuple(row.id for row in rows), "by": CancelledBy.COUNSELLOR, "reason": "", "seen": work.now},
        )
        view = SeriesView(
            series.id,
            tuple(appointment_view(work, row) for row in rows),
            tuple(place for place in planned if place.skipped is not None),
        )
        return Done(view, work.changes(undo))


def move_following(
    actor: Actor,
    desk: Desk,
    appointment_id: str,
    starts_at: datetime,
    ends_at: datetime,
    room_id: str | None,
    seen: datetime | None = None,
) -> Done[tuple[AppointmentView, ...]]:
    """Move an appointment of a series, and all that follow by as many days to the same time on the wall.

    What has begun, is over or was cancelled stays where it is, and so does all before.

    Raises:
        AppointmentClash: one of the new times is taken; nothing is moved then.
        UserError: it is in no series, is over, has moved on since `seen`, or a new day has no school.
    """
    with desk.change() as work:
        chosen = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", chosen.id, Secrecy.S2, chosen.counsellor_id), work)
        check_time(work, starts_at, ends_at)
        rows = {row.series_nth or 0: row for row in _series(work, chosen)}
        zone = work.now.tzinfo
        assert zone is not None  # noqa: S101 - the clock is aware
        held = [Held(nth, row.starts_at, row.ends_at, row.state in _OPEN) for nth, row in rows.items()]
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        try:
            moved = move_rest(held, chosen.series_nth or 0, starts_at, minutes, zone)
        except ValueError:
            raise _not_to_come() from None
        _refuse_days_off(work, [each.starts_at.date() for each in moved])
        refuse_stopped(work, max(each.starts_at for each in moved))
        own = frozenset(rows[each.nth].id for each in moved)
        placed: list[Slot] = []
        for counsellor_id in sorted({rows[each.nth].counsellor_id for each in moved}):
            of_one = [each for each in moved if rows[each.nth].counsellor_id == counsellor_id]
            first, last = min(each.starts_at for each in of_one), max(each.ends_at for each in of_one)
            who = Slot(first, last, counsellor_id, chosen.client_id, room_id)
            found = clashes_of(of_one, who, (*taken_slots(work, who, own), *placed))
            if found:
                raise AppointmentClash(frozenset(clash.kind for _nth, clash in found))
            placed += [replace(who, starts_at=each.starts_at, ends_at=each.ends_at) for each in of_one]
        before = tuple((rows[each.nth].id, *_place(rows[each.nth])) for each in moved)
        for each in moved:
            _put(work, actor, rows[each.nth], each.starts_at, each.ends_at, room_id)
        undo = Undo(
            _("{count} appointments were moved.").format(count=len(moved)),
            "put_together",
            {"times": before, "seen": work.now},
        )
        return Done(tuple(appointment_view(work, rows[each.nth]) for each in moved), work.changes(undo))


def cancel_following(
    actor: Actor, desk: Desk, appointment_id: str, by: CancelledBy, reason: str, seen: datetime | None = None
) -> Done[int]:
    """Cancel an appointment of a series and all that follow and are still to come; return how many.

    Raises:
        UserError: it is in no series, is over, or has moved on since `seen`.
    """
    with desk.change() as work:
        chosen = load_appointment(work, appointment_id, seen)
        access.allow(actor, Action.WRITE, Subject("appointment", chosen.id, Secrecy.S2, chosen.counsellor_id), work)
        nth = chosen.series_nth or 0
        rows = [row for row in _series(work, chosen) if (row.series_nth or 0) >= nth and row.state in _OPEN]
        if chosen.state not in _OPEN:
            raise _not_to_come()
        return _cancel(work, actor, rows, by, reason)


def cancel_together(
    actor: Actor, desk: Desk, ids: Sequence[str], by: CancelledBy, reason: str, seen: datetime | None = None
) -> Done[int]:
    """Cancel several appointments, all or none; return how many.

    Raises:
        UserError: one of them is over, or has moved on since `seen`.
    """
    with desk.change() as work:
        rows = [load_appointment(work, each, seen) for each in ids]
        for row in rows:
            access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
            if row.state not in _OPEN:
                raise _not_to_come()
        return _cancel(work, actor, rows, by, reason)


def bring_back_together(
    actor: Actor, desk: Desk, ids: Sequence[str], seen: datetime | None = None
) -> Done[tuple[AppointmentView, ...]]:
    """Bring several cancelled appointments back, all or none.

    Raises:
        AppointmentClash: the time of one was given away.
        UserError: one has moved on since `seen`, or is not cancelled.
    """
    with desk.change() as work:
        rows = [load_appointment(work, each, seen) for each in ids]
        by, reason = CancelledBy.COUNSELLOR, ""
        for row in rows:
            access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
            if row.state is not AppointmentState.CANCELLED:
                raise moved_on()
            by, reason = row.cancelled_by or by, row.cancel_reason or ""
            row.state = AppointmentState.CONFIRMED
            refuse_clash(work, slot_of(work, row))
            wait_no_more_of(work, actor, row)
            row.cancelled_by, row.cancel_reason = None, None
            work.touch(row, actor)
        undo = Undo(
            _("{count} appointments are back.").format(count=len(rows)),
            "cancel_together",
            {"ids": tuple(row.id for row in rows), "by": by, "reason": reason, "seen": work.now},
        )
        return Done(tuple(appointment_view(work, row) for row in rows), work.changes(undo))


def put_together(
    actor: Actor,
    desk: Desk,
    times: Sequence[tuple[str, datetime, datetime, str | None]],
    seen: datetime | None = None,
) -> Done[tuple[AppointmentView, ...]]:
    """Put several appointments, each with begin, end and room, to these times, all or none: takes a move back.

    Raises:
        AppointmentClash: one of the times is taken by another appointment.
        UserError: one is over, or has moved on since `seen`.
    """
    with desk.change() as work:
        rows = {each[0]: load_appointment(work, each[0], seen) for each in times}
        for row in rows.values():
            access.allow(actor, Action.WRITE, Subject("appointment", row.id, Secrecy.S2, row.counsellor_id), work)
            if row.state not in _OPEN:
                raise _not_to_come()
        before = tuple((row_id, *_place(row)) for row_id, row in rows.items())
        for row_id, starts_at, ends_at, room_id in times:
            _put(work, actor, rows[row_id], starts_at, ends_at, room_id)
        work.session.flush()
        for row in rows.values():
            refuse_clash(work, slot_of(work, row))
        undo = Undo(
            _("{count} appointments were moved.").format(count=len(rows)),
            "put_together",
            {"times": before, "seen": work.now},
        )
        return Done(tuple(appointment_view(work, row) for row in rows.values()), work.changes(undo))


def _planned(work: Work, booking: Booking, repeats: Repeats) -> tuple[Place, ...]:
    local = booking.starts_at.astimezone(work.now.tzinfo)
    zone = work.now.tzinfo
    assert zone is not None  # noqa: S101 - the clock is aware
    rhythm = Rhythm(local.date(), local.time(), _minutes(booking), repeats.every, repeats.until, repeats.times)
    planned = places(rhythm, school_days(work), zone)
    if not planned:
        return ()
    who = Slot(planned[0].starts_at, planned[-1].ends_at, booking.counsellor_id, booking.client_id, booking.room_id)
    return with_taken(planned, who, taken_slots(work, who))


def _minutes(booking: Booking) -> int:
    return int((booking.ends_at - booking.starts_at).total_seconds() // 60)


def _series(work: Work, chosen: Appointment) -> Sequence[Appointment]:
    if chosen.series_id is None:
        raise UserError(_("This appointment does not repeat."), _("Nothing was changed."))
    return work.session.scalars(
        select(Appointment)
        .where(Appointment.series_id == chosen.series_id, Appointment.voided_at.is_(None))
        .order_by(Appointment.series_nth)
    ).all()


def _place(row: Appointment) -> tuple[datetime, datetime, str | None]:
    return row.starts_at, row.ends_at, row.room_id


def _put(
    work: Work, actor: Actor, row: Appointment, starts_at: datetime, ends_at: datetime, room_id: str | None
) -> None:
    row.starts_at, row.ends_at, row.room_id = starts_at, ends_at, room_id
    work.place(row, starts_at.date())
    work.touch(row, actor)


def _cancel(work: Work, actor: Actor, rows: Sequence[Appointment], by: CancelledBy, reason: str) -> Done[int]:
    for row in rows:
        if row.updated_at == row.created_at:
            wait_again_of(work, actor, row)
        else:
            refuse_unassessed(work, row)
        if not rules.may_become(row.state, AppointmentState.CANCELLED):
            raise _not_to_come()
        row.state = AppointmentState.CANCELLED
        row.cancelled_by, row.cancel_reason = by, reason.strip() or None
        work.touch(row, actor)
    undo = Undo(
        _("{count} appointments were cancelled.").format(count=len(rows)),
        "bring_back_together",
        {"ids": tuple(row.id for row in rows), "seen": work.now},
    )
    return Done(len(rows), work.changes(undo))


def _refuse_days_off(work: Work, days: Sequence[date]) -> None:
    calendar = school_days(work)
    off = [day for day in days if not calendar.is_school_day(day)]
    if off:
        shown = pgettext("list", ", ").join(
            pgettext("date", "{month}/{day}").format(month=day.month, day=day.day) for day in off[:_SHOWN_DAYS]
        )
        raise UserError(
            _("There is no school on {days}.").format(days=shown),
            _("Nothing was changed."),
            _("Please move or cancel these one by one first, or choose another day."),
        )


def _not_to_come() -> UserError:
    return UserError(_("Only an appointment still to come can be moved."), _("Nothing was changed."))
