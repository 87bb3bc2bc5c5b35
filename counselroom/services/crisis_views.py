"""What of a 专案 is shown: whole on its page, in a line of a list, with the clock that can be believed (R-20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select

from counselroom.i18n import pgettext
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
        runs_from: from when its limit counts, or None.
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
    runs_from: datetime | None
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
            step.runs_from_at,
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
