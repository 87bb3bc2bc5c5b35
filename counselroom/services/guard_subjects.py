"""The guard of a 专案 as F-45 prints it: who stood when, what was seen, where nobody was (SYS-28, R-06)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from counselroom.model.crisis_events import CrisisEvent, CrisisLog, GuardShift
from counselroom.model.people import Account, Person
from counselroom.printing.form_values import FormValue
from counselroom.rules.crisis_words import LogKind
from counselroom.rules.guard import gap_minutes, gaps
from counselroom.services.desk import Work
from counselroom.services.form_parts import Values
from counselroom.services.guard_rows import as_shift, periods_of, shift_rows


def guard_values(work: Work, event: CrisisEvent) -> Values:
    """Return what a form says of the guard: place, end and gaps of the newest period, shifts of all periods."""
    periods = periods_of(work, event.id)
    shifts = [row for period in periods for row in shift_rows(work, period.id)]
    seen = work.session.execute(
        select(CrisisLog.at, CrisisLog.said, CrisisLog.told_by, Person.name)
        .outerjoin(Account, Account.id == CrisisLog.created_by)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(CrisisLog.event_id == event.id, CrisisLog.kind == LogKind.OBSERVATION, CrisisLog.voided_at.is_(None))
        .order_by(CrisisLog.at)
    )
    values: Values = {
        "event.guard_shifts": _lines(shifts),
        "event.observations": [
            {"at": f"{at:%m-%d %H:%M}", "said": said, "by": told_by or name or ""} for at, said, told_by, name in seen
        ],
        **dict.fromkeys(
            (
                "event.guard_place",
                "event.guard_start",
                "event.guard_end",
                "event.guard_taken_by",
                "event.guard_gap_minutes",
                "event.guard_gap_reason",
            )
        ),
    }
    if periods:
        newest = periods[-1]
        own = [as_shift(row) for row in shift_rows(work, newest.id)]
        values |= {
            "event.guard_place": newest.place,
            "event.guard_start": _when(periods[0].starts_at),
            "event.guard_end": None if newest.ended_at is None else _when(newest.ended_at),
            "event.guard_taken_by": newest.handed_to,
            "event.guard_gap_minutes": gap_minutes(gaps(newest.starts_at, newest.ended_at or work.now, own)),
            "event.guard_gap_reason": newest.gap_reason,
        }
    return values


def _lines(rows: list[GuardShift]) -> list[dict[str, FormValue]]:
    """Put those who stand together on one line, in twos."""
    together: dict[tuple[datetime, datetime], list[GuardShift]] = {}
    for row in rows:
        together.setdefault((row.starts_at, row.ends_at), []).append(row)
    lines: list[dict[str, FormValue]] = []
    for (starts_at, ends_at), people in together.items():
        for place in range(0, len(people), 2):
            pair = people[place : place + 2]
            notes = [
                "，".join(part for part in (f"交给{row.handed_over_to}", row.handover_note) if part)
                for row in pair
                if row.handed_over_to
            ]
            lines.append(
                {
                    "from": f"{starts_at:%m-%d %H:%M}",
                    "to": f"{ends_at:%m-%d %H:%M}",
                    "first": pair[0].name,
                    "second": pair[1].name if len(pair) > 1 else "",
                    "handover": "；".join(notes),
                }
            )
    return lines


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
