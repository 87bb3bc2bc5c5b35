"""The guard of a 专案 as several services need it: its period, its shifts, and whether a gap is left unexplained."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from counselroom.model.crisis_events import GuardPeriod, GuardShift
from counselroom.rules.guard import Shift, gaps
from counselroom.services.desk import Work


@dataclass(frozen=True)
class GuardState:
    """Where the guard of a 专案 stands.

    Attributes:
        running: whether somebody is guarded now.
        unexplained_gaps: whether an ended guard has a gap that nobody explained (R-06).
    """

    running: bool
    unexplained_gaps: bool


def periods_of(work: Work, event_id: str) -> list[GuardPeriod]:
    """Return the guard periods of a 专案, the earliest first."""
    query = select(GuardPeriod).where(GuardPeriod.event_id == event_id, GuardPeriod.voided_at.is_(None))
    return list(work.session.scalars(query.order_by(GuardPeriod.starts_at)))


def shift_rows(work: Work, period_id: str) -> list[GuardShift]:
    """Return the shifts of a period, the earliest first."""
    query = select(GuardShift).where(GuardShift.period_id == period_id, GuardShift.voided_at.is_(None))
    return list(work.session.scalars(query.order_by(GuardShift.starts_at, GuardShift.id)))


def as_shift(row: GuardShift) -> Shift:
    """Return a shift as the rules see it."""
    return Shift(row.name, row.role, row.starts_at, row.ends_at, row.handed_over_at)


def guard_state(work: Work, event_id: str) -> GuardState:
    """Return where the guard of a 专案 stands."""
    periods = periods_of(work, event_id)
    unexplained = any(
        period.ended_at is not None
        and not (period.gap_reason or "").strip()
        and gaps(period.starts_at, period.ended_at, [as_shift(row) for row in shift_rows(work, period.id)])
        for period in periods
    )
    return GuardState(any(period.ended_at is None for period in periods), unexplained)
