"""Guard around the clock: begin, shifts without a gap, hand over, observe, end (SYS-28, R-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.crisis_events import CrisisEvent, CrisisLog, GuardPeriod, GuardShift
from counselroom.rules import guard as rules
from counselroom.rules.access import Action, Actor
from counselroom.rules.crisis_words import GuardEnd, LogKind, WatcherRole
from counselroom.rules.guard import Cell, EndObstacle, Gap, Shift, ShiftObstacle
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows, parameter_values
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.guard_rows import as_shift, periods_of, shift_rows

_AHEAD = timedelta(hours=24)
"""How far ahead shifts are expected to be agreed."""


class GuardRefused(UserError):
    """A shift can't be entered so, or the guard can't be ended.

    Attributes:
        obstacles: why.
    """

    def __init__(self, obstacles: tuple[ShiftObstacle | EndObstacle, ...]) -> None:
        self.obstacles = obstacles
        words: dict[ShiftObstacle | EndObstacle, str] = {
            ShiftObstacle.EMPTY: _("it ends before it begins"),
            ShiftObstacle.TOO_LONG: _("it is longer than twelve hours"),
            ShiftObstacle.BEFORE_PERIOD: _("it begins before the guard"),
            ShiftObstacle.NOBODY: _("nobody is named"),
            ShiftObstacle.PERIOD_OVER: _("the guard is over"),
            EndObstacle.OVER: _("the guard is over"),
            EndObstacle.IN_FUTURE: _("the time lies in the future"),
            EndObstacle.BEFORE_START: _("it ends before it begins"),
            EndObstacle.NOBODY_TAKES_OVER: _("who took the student over is missing"),
            EndObstacle.GAP_UNEXPLAINED: _("the shifts have a gap and the reason is missing"),
        }
        super().__init__(
            _("The guard cannot be recorded so: {what}.").format(
                what=pgettext("list", "; ").join(words[item] for item in obstacles)
            ),
            _("Nothing was changed."),
        )


@dataclass(frozen=True)
class ShiftView:
    """One person's shift."""

    id: str
    shift: Shift
    handed_over_to: str
    handover_note: str


@dataclass(frozen=True)
class GuardView:
    """A guard as the page shows it.

    Attributes:
        id: of the period.
        starts_at: when it began.
        ended_at: when it ended, or None.
        place: where.
        end_reason: why it ended.
        handed_to: who took the student over.
        gap_reason: why there was a gap.
        shifts: the earliest first.
        gaps: where nobody was or will be there, until now and 24 hours from the beginning (R-06).
        gap_minutes: their sum up to now.
        thin: where fewer stand than the plan asks for.
        cells: the observation periods.
        on_guard: who is there now.
        handover_at: when the next one is relieved.
        next_names: who comes then.
    """

    id: str
    starts_at: datetime
    ended_at: datetime | None
    place: str
    end_reason: GuardEnd | None
    handed_to: str
    gap_reason: str
    shifts: tuple[ShiftView, ...]
    gaps: tuple[Gap, ...]
    gap_minutes: int
    thin: tuple[Gap, ...]
    cells: tuple[Cell, ...]
    on_guard: tuple[Shift, ...]
    handover_at: datetime | None
    next_names: tuple[str, ...]


def begin_guard(
    actor: Actor, desk: Desk, event_id: str, place: str = "", starts_at: datetime | None = None, reason: str = ""
) -> Done[str]:
    """Begin to guard a student; returns the id of the period.

    Raises:
        UserError: a guard runs already, it begins before it was found or in the future, or the 专案 is closed.
    """
    with desk.change() as work:
        event = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if any(period.ended_at is None for period in periods_of(work, event_id)):
            raise UserError(_("A guard is running already."), _("Nothing was changed."))
        begin = starts_at or work.now
        if not event.found_at <= begin <= work.now:
            raise UserError(_("A guard begins after it was found and not in the future."), _("Nothing was changed."))
        row = GuardPeriod(
            **work.common(actor, Secrecy.S2, begin.date()),
            event_id=event_id,
            starts_at=begin,
            place=place.strip() or None,
            reason=reason.strip() or None,
        )
        work.session.add(row)
        work.touch(row, actor)
        work.changed("crisis_event", event_id)
        return Done(row.id, work.changes())


def add_shift(
    actor: Actor,
    desk: Desk,
    period_id: str,
    name: str,
    role: WatcherRole,
    starts_at: datetime,
    ends_at: datetime,
    person_id: str | None = None,
) -> Done[str]:
    """Enter one person's shift; returns its id. A student never counts as the one on guard (R-06).

    Raises:
        GuardRefused: it is empty, too long, begins before the guard, names nobody, or the guard is over.
    """
    with desk.change() as work:
        period, event = _load(work, period_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        shift = Shift(name, role, starts_at, ends_at)
        obstacles = rules.obstacles_to_shift(shift, period.starts_at, period.ended_at is not None)
        if obstacles:
            raise GuardRefused(obstacles)
        row = GuardShift(
            **work.common(actor, Secrecy.S2, starts_at.date()),
            period_id=period_id,
            person_id=person_id,
            name=name.strip(),
            role=role,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        work.session.add(row)
        work.touch(row, actor)
        work.changed("crisis_event", event.id)
        return Done(row.id, work.changes())


def hand_over(
    actor: Actor, desk: Desk, shift_id: str, to: str, note: str = "", at: datetime | None = None
) -> Done[None]:
    """Note that a shift was handed over, as both signed; it stays as it is then.

    Raises:
        UserError: nobody took over, it was handed over already, or the time lies before it or in the future.
    """
    with desk.change() as work:
        row = work.session.get(GuardShift, shift_id)
        if row is None or row.voided_at is not None:
            raise UserError(_("There is no such shift."), _("Nothing was changed."))
        _period, event = _load(work, row.period_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        moment = at or work.now
        if row.handed_over_at is not None or not to.strip() or not row.starts_at <= moment <= work.now:
            raise UserError(
                _("A shift is handed over once, to somebody, after it began and not in the future."),
                _("Nothing was changed."),
            )
        row.handed_over_at, row.handed_over_to, row.handover_note = moment, to.strip(), note.strip() or None
        work.touch(row, actor)
        work.changed("crisis_event", event.id)
        return Done(None, work.changes())


def observe(actor: Actor, desk: Desk, period_id: str, said: str, at: datetime | None = None) -> Done[None]:
    """Write down what those on guard saw. Raises UserError when it is empty or lies in the future."""
    with desk.change() as work:
        _period, event = _load(work, period_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if not said.strip() or (at is not None and at > work.now):
            raise UserError(_("An observation needs its words, and a time that has come."), _("Nothing was changed."))
        crisis_rows.log(work, actor, event, LogKind.OBSERVATION, said.strip(), at)
        work.session.flush()
        crisis_rows.index(work, event)
        return Done(None, work.changes())


def end_guard(
    actor: Actor,
    desk: Desk,
    period_id: str,
    end_reason: GuardEnd,
    handed_to: str = "",
    gap_reason: str = "",
    ended_at: datetime | None = None,
) -> Done[None]:
    """End a guard: handed to parents or hospital, or after an assessment.

    Raises:
        GuardRefused: nobody is named who took the student over, or a gap is not explained (R-06).
    """
    with desk.change() as work:
        period, event = _load(work, period_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        moment = ended_at or work.now
        obstacles = rules.obstacles_to_ending(
            period.starts_at,
            [as_shift(row) for row in shift_rows(work, period_id)],
            is_over=period.ended_at is not None,
            ended_at=moment,
            now=work.now,
            needs_taker=end_reason in (GuardEnd.PARENT_TOOK_OVER, GuardEnd.HOSPITAL),
            handed_to=handed_to,
            gap_reason=gap_reason,
        )
        if obstacles:
            raise GuardRefused(obstacles)
        period.ended_at, period.end_reason = moment, end_reason
        period.handed_to, period.gap_reason = handed_to.strip() or None, gap_reason.strip() or None
        work.touch(period, actor)
        work.changed("crisis_event", event.id)
        return Done(None, work.changes())


def list_guards(actor: Actor, desk: Desk, event_id: str) -> tuple[GuardView, ...]:
    """Return the guards of a 专案, the newest first."""
    with desk.look() as work:
        event = crisis_rows.load_event(work, event_id)
        access.allow(actor, Action.READ, crisis_rows.event_subject(work, event, actor), work)
        now = crisis_rows.present_of(crisis_rows.reading(desk, work), event, crisis_rows.step_rows(work, event_id)).at
        return guards_of(work, event_id, now)


def guards_of(work: Work, event_id: str, now: datetime) -> tuple[GuardView, ...]:
    """Return the guards of a 专案 within a piece of work as they stand at `now`, the newest first."""
    return tuple(_view(work, period, now) for period in reversed(periods_of(work, event_id)))


def _load(work: Work, period_id: str) -> tuple[GuardPeriod, CrisisEvent]:
    row = work.session.get(GuardPeriod, period_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such guard."), _("Nothing was changed."))
    return row, crisis_rows.open_event(work, row.event_id)


def _view(work: Work, row: GuardPeriod, now: datetime) -> GuardView:
    rows = shift_rows(work, row.id)
    shifts = [as_shift(one) for one in rows]
    observed = work.session.scalars(
        select(CrisisLog.at).where(CrisisLog.event_id == row.event_id, CrisisLog.kind == LogKind.OBSERVATION)
    ).all()
    until = row.ended_at or max(now, row.starts_at + _AHEAD)
    every = timedelta(hours=parameter_values.number(work, "guard_record_hours"))
    watchers = parameter_values.number(work, "guard_watchers")
    handover = rules.next_handover(shifts, now) if row.ended_at is None else None
    return GuardView(
        row.id,
        row.starts_at,
        row.ended_at,
        row.place or "",
        row.end_reason,
        row.handed_to or "",
        row.gap_reason or "",
        tuple(
            ShiftView(one.id, shift, one.handed_over_to or "", one.handover_note or "")
            for one, shift in zip(rows, shifts, strict=True)
        ),
        rules.gaps(row.starts_at, until, shifts),
        rules.gap_minutes(rules.gaps(row.starts_at, row.ended_at or now, shifts)),
        rules.gaps(row.starts_at, until, shifts, watchers),
        rules.cells(row.starts_at, row.ended_at, every, observed, now),
        rules.on_guard(shifts, now) if row.ended_at is None else (),
        handover[0] if handover else None,
        tuple(shift.name for shift in handover[1]) if handover else (),
    )
