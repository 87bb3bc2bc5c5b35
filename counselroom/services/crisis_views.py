"""What of a 专案 is shown: whole on its page, in a line of a list, with the clock that can be believed (R-20)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Text, and_, func, select, type_coerce

from counselroom.i18n import pgettext
from counselroom.model.base import moment_of, moment_text
from counselroom.model.crisis_events import CrisisEvent, CrisisStep
from counselroom.model.people import Person
from counselroom.model.safekeeping import Attachment
from counselroom.rules import crisis as rules
from counselroom.rules.crisis import CloseObstacle
from counselroom.rules.crisis_words import CrisisLevel, CrisisState, Duty, StepState
from counselroom.rules.deadlines import Clock, ClockReading, ClockState, Present, clock, present
from counselroom.services import crisis_rows
from counselroom.services.crisis_rows import EventData
from counselroom.services.desk import Work
from counselroom.services.guard_rows import guard_state


@dataclass(frozen=True)
class StepView:
    """An item of a checklist with its clock.

    Attributes:
        id: of the row.
        checklist: `CK-E`; empty for one added by hand.
        item: its key.
        stage: heading under which it stands.
        title: what to do.
        detail: how.
        duty: which of the seven it serves.
        owner_role: who does it, by role.
        owner_name: the person named for it, or empty.
        document: the form it opens, `F-46`, or empty.
        evidence_needed: whether a paper belongs to it.
        evidence: how many files are attached.
        state: open, done, not applicable.
        can_start: whether it can be done now.
        due_at: its deadline, or None.
        clock: how the deadline stands.
        done_at: when it was done.
        done_by: by whom.
        note: what was noted.
        late_reason: why it was late.
        skip_reason: why it is not applicable.
        seen: when the row was last changed.
    """

    id: str
    checklist: str
    item: str
    stage: str
    title: str
    detail: str
    duty: Duty | None
    owner_role: str
    owner_name: str
    document: str
    evidence_needed: bool
    evidence: int
    state: StepState
    can_start: bool
    due_at: datetime | None
    clock: Clock
    done_at: datetime | None
    done_by: str
    note: str
    late_reason: str
    skip_reason: str
    seen: datetime


@dataclass(frozen=True)
class EventView:
    """A 专案 as its page shows it.

    Attributes:
        id: of the row.
        code: `Z2026-003`.
        data: what is known.
        student_name: whole.
        counsellor_name: who leads.
        deputy_name: the second counsellor, or empty.
        state: where it stands.
        plan: key, title, version and hash of each checklist.
        steps: all items in the order of the plan.
        next_step: id of the item the band names, or None when all is settled.
        settled: how many items are settled.
        now: what time it is, as far as it can be known (R-20).
        clock_jumped: whether the machine's clock was set meanwhile.
        started_at: when it was begun.
        closed_at: when it was closed.
        outcome: what came of it.
        close_reason: why, for one begun by mistake.
        assessment_id: the assessment it came out of.
        blocks: what stands in the way of closing, but for the outcome.
        seen: when the row was last changed.
    """

    id: str
    code: str
    data: EventData
    student_name: str
    counsellor_name: str
    deputy_name: str
    state: CrisisState
    plan: tuple[Mapping[str, str], ...]
    steps: tuple[StepView, ...]
    next_step: str | None
    settled: int
    now: datetime
    clock_jumped: bool
    started_at: datetime
    closed_at: datetime | None
    outcome: str
    close_reason: str
    assessment_id: str | None
    blocks: tuple[CloseObstacle, ...]
    seen: datetime


@dataclass(frozen=True)
class EventLine:
    """A 专案 in a list, with the item that comes next."""

    id: str
    code: str
    student_id: str
    student_name: str
    counsellor_id: str
    level: CrisisLevel
    state: CrisisState
    found_at: datetime
    closed_at: datetime | None
    settled: int
    items: int
    step_id: str
    step_title: str
    due_at: datetime | None
    clock: Clock


def data_of(row: CrisisEvent) -> EventData:
    """Return what is known of a 专案."""
    return EventData(**{field.name: getattr(row, field.name) for field in fields(EventData)})


def blocks_of(work: Work, row: CrisisEvent, outcome: str) -> tuple[CloseObstacle, ...]:
    """Return what stands in the way of closing a 专案 with this outcome (R-05, R-06)."""
    guard = guard_state(work, row.id)
    return rules.obstacles_to_closing(
        row.state,
        [crisis_rows.as_rule(step) for step in crisis_rows.step_rows(work, row.id)],
        guard_running=guard.running,
        unexplained_gaps=guard.unexplained_gaps,
        outcome=outcome,
        grace=crisis_rows.grace(work),
    )


def event_view(work: Work, now: ClockReading, row: CrisisEvent) -> EventView:
    """Return a 专案 whole."""
    rows = crisis_rows.step_rows(work, row.id)
    steps = [crisis_rows.as_rule(step) for step in rows]
    at = crisis_rows.present_of(now, row, rows)
    grace = crisis_rows.grace(work)
    named = rules.next_step(steps, at.at, grace) if row.closed_at is None else None
    owners = select(Person.id, Person.name).where(Person.id.in_([step.owner_id for step in rows]))
    names = {found[0]: found[1] for found in work.session.execute(owners)}
    attached = (
        select(Attachment.entity_id, func.count())
        .where(
            Attachment.entity == "crisis_step",
            Attachment.entity_id.in_([step.id for step in rows]),
            Attachment.voided_at.is_(None),
        )
        .group_by(Attachment.entity_id)
    )
    files = {found[0]: found[1] for found in work.session.execute(attached)}
    views = tuple(
        StepView(
            step.id,
            step.checklist,
            step.item,
            step.stage,
            step.title,
            step.detail or "",
            step.duty,
            step.owner_role,
            names.get(step.owner_id or "", ""),
            step.document or "",
            step.evidence_needed,
            files.get(step.id, 0),
            step.state,
            rules.can_start(rule, steps),
            step.due_at,
            _clock(step, at.at, work),
            step.done_at,
            step.done_by or "",
            step.note or "",
            step.late_reason or "",
            step.skip_reason or "",
            step.updated_at,
        )
        for step, rule in zip(rows, steps, strict=True)
    )
    return EventView(
        row.id,
        row.code,
        data_of(row),
        crisis_rows.name_of(work, row.student_id),
        crisis_rows.name_of(work, row.counsellor_id),
        crisis_rows.name_of(work, row.deputy_id),
        row.state,
        tuple(dict(entry) for entry in row.plan),
        views,
        named.id if named is not None else None,
        sum(step.is_settled for step in steps),
        at.at,
        at.jumped,
        row.started_at,
        row.closed_at,
        row.outcome or "",
        row.close_reason or "",
        row.assessment_id,
        tuple(block for block in blocks_of(work, row, "") if block is not CloseObstacle.NO_OUTCOME),
        row.updated_at,
    )


def event_lines(work: Work, now: ClockReading, found: Sequence[tuple[CrisisEvent, str]]) -> tuple[EventLine, ...]:
    """Return 专案 with the item that comes next, each with its student's name.

    Made for hundreds of them: of the steps only what the order needs is read, as it is stored, because turning 10,000
    rows into objects takes a second. The order is that of `rules.crisis.in_order`.
    """
    ids = [event.id for event, _name in found]
    newest = max((event.updated_at for event, _name in found), default=None)
    at = present_of_all(work, now, newest).at
    grace = crisis_rows.grace(work)
    settled, total, steps = _light_steps(work, ids)
    lines = []
    for event, name in found:
        best = _first(steps.get(event.id, []), at, grace) if event.closed_at is None else None
        due = moment_of(best.due_at) if best and best.due_at else None
        runs = moment_of(best.runs_from_at) if best and best.runs_from_at else None
        lines.append(
            EventLine(
                event.id,
                event.code,
                event.student_id,
                name,
                event.counsellor_id,
                event.level,
                event.state,
                event.found_at,
                event.closed_at,
                settled.get(event.id, 0),
                total.get(event.id, 0),
                best.id if best else "",
                best.title if best else "",
                due,
                clock(runs, due, at, grace) if best else Clock(ClockState.NONE),
            )
        )
    return tuple(lines)


class _Light(NamedTuple):
    """An open step as it is stored; moments are texts that sort by the true moment."""

    id: str
    item: str
    position: int
    title: str
    waits_for: str
    limit_minutes: int | None
    runs_from_at: str | None
    due_at: str | None


def _light_steps(work: Work, ids: Sequence[str]) -> tuple[dict[str, int], dict[str, int], dict[str, list[_Light]]]:
    """Return by event how many steps are settled, how many there are, and the open ones."""
    held = and_(CrisisStep.event_id.in_(ids), CrisisStep.voided_at.is_(None))
    settled: dict[str, int] = {}
    total: dict[str, int] = {}
    counts = select(CrisisStep.event_id, CrisisStep.state, func.count()).where(held)
    for event_id, state, number in work.session.execute(counts.group_by(CrisisStep.event_id, CrisisStep.state)):
        total[event_id] = total.get(event_id, 0) + number
        if state is not StepState.OPEN:
            settled[event_id] = settled.get(event_id, 0) + number
    steps: dict[str, list[_Light]] = {}
    rows = work.session.execute(
        select(
            CrisisStep.event_id,
            CrisisStep.id,
            CrisisStep.item,
            CrisisStep.position,
            CrisisStep.title,
            type_coerce(CrisisStep.waits_for, Text),
            CrisisStep.limit_minutes,
            type_coerce(CrisisStep.runs_from_at, Text),
            type_coerce(CrisisStep.due_at, Text),
        ).where(held, CrisisStep.state == StepState.OPEN)
    )
    for event_id, *values in rows:
        steps.setdefault(event_id, []).append(_Light._make(values))
    return settled, total, steps


def _first(steps: Sequence[_Light], at: datetime, grace: timedelta) -> _Light | None:
    """Return the open step that comes next: overdue first, then the earliest due, then in the order of the plan."""
    now, late = moment_text(at)[:_UTC], moment_text(at - grace)[:_UTC]
    open_items = {step.item for step in steps}

    def place(step: _Light) -> tuple[bool, bool, str, int]:
        due = (step.due_at or "")[:_UTC]
        overdue = bool(due) and due < (now if step.limit_minutes else late)
        return (not overdue, not due, due, step.position)

    return next(
        (
            step
            for step in sorted(steps, key=place)
            if step.waits_for == "[]" or not open_items & set(json.loads(step.waits_for))
        ),
        None,
    )


_UTC = 26
"""Length of the UTC part of a stored moment, by which it sorts."""


def present_of_all(work: Work, now: ClockReading, newest: datetime | None) -> Present:
    """Return what time it is for all 专案: by the newest stamp since this start of the machine (R-20).

    Args:
        work: the piece of work.
        now: what the clocks say.
        newest: when one of them was last changed, or None where there is none.
    """
    row = work.session.execute(
        select(CrisisStep.clock_at, CrisisStep.clock_ms)
        .where(CrisisStep.clock_boot == now.boot, CrisisStep.clock_ms <= now.ms)
        .order_by(CrisisStep.clock_ms.desc())
        .limit(1)
    ).first()
    stamp = ClockReading(row[0], now.boot, row[1] or 0) if row is not None and row[0] is not None else None
    return present(now, stamp, newest)


def urgency(line: EventLine) -> tuple[bool, bool, float]:
    """Return the place of a 专案 in a list: overdue first, then by deadline, closed ones last."""
    due = line.due_at.timestamp() if line.due_at is not None else float("inf")
    return (line.closed_at is not None, line.clock.state is not ClockState.OVERDUE, due)


def _clock(step: CrisisStep, at: datetime, work: Work) -> Clock:
    if step.state is not StepState.OPEN:
        return Clock(ClockState.NONE)
    return clock(step.runs_from_at, step.due_at, at, crisis_rows.grace(work))


def level_word(level: CrisisLevel) -> str:
    """Return a level in the reader's language."""
    return {
        CrisisLevel.MILD: pgettext("crisis", "mild"),
        CrisisLevel.MODERATE: pgettext("crisis", "moderate"),
        CrisisLevel.SEVERE: pgettext("crisis", "severe"),
    }[level]


def state_word(state: CrisisState) -> str:
    """Return a state in the reader's language."""
    return {
        CrisisState.REPORTED: pgettext("crisis", "reported"),
        CrisisState.ASSESSING: pgettext("crisis", "being assessed"),
        CrisisState.RESPONDING: pgettext("crisis", "being handled"),
        CrisisState.STABILISED: pgettext("crisis", "stabilised"),
        CrisisState.POSTVENTION: pgettext("crisis", "aftercare"),
        CrisisState.FOLLOW_UP: pgettext("crisis", "followed up"),
        CrisisState.CLOSED: pgettext("crisis", "closed"),
        CrisisState.FALSE_ALARM: pgettext("crisis", "begun by mistake"),
    }[state]
