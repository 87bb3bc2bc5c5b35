"""专案: steps and what comes next, the seven duties (R-05), what stands in the way of closing (SYS-26, SYS-27)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from counselroom.rules.crisis_plan import ClockStart
from counselroom.rules.crisis_words import CrisisState, Duty, StepState
from counselroom.rules.deadlines import ClockState, clock, is_late


@dataclass(frozen=True)
class Step:
    """An item of a checklist of a 专案, as far as the rules need it.

    Attributes:
        id: of the row.
        item: its key in the plan.
        position: its place in the plan.
        state: where it stands.
        duty: which of the seven it serves, or None.
        waits_for: keys of the items that must be settled before.
        limit_minutes: time allowed; None for none, 0 for at once.
        clock: from when the limit counts.
        runs_from: from when it counts; None while that is not known.
        due: the deadline; None where there is none, or it does not count yet.
        done_at: when it was done, or settled as not applicable.
        late_reason: why it was late.
        skip_reason: why it is not applicable.
    """

    id: str
    item: str
    position: int
    state: StepState
    duty: Duty | None = None
    waits_for: tuple[str, ...] = ()
    limit_minutes: int | None = None
    clock: ClockStart = ClockStart.FOUND
    runs_from: datetime | None = None
    due: datetime | None = None
    done_at: datetime | None = None
    late_reason: str | None = None
    skip_reason: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it is done or not applicable."""
        return self.state is not StepState.OPEN


def can_start(step: Step, steps: Iterable[Step]) -> bool:
    """Tell whether a step is open and all it waits for is settled."""
    open_items = {other.item for other in steps if not other.is_settled}
    return not step.is_settled and not open_items & set(step.waits_for)


def in_order(steps: Sequence[Step], now: datetime, grace: timedelta) -> tuple[Step, ...]:
    """Return the open steps that can start: overdue first, then the earliest due, then in the order of the plan."""

    def place(step: Step) -> tuple[bool, bool, float, int]:
        overdue = clock(step.runs_from, step.due, now, grace).state is ClockState.OVERDUE
        return (not overdue, step.due is None, step.due.timestamp() if step.due else 0.0, step.position)

    return tuple(sorted((step for step in steps if can_start(step, steps)), key=place))


def next_step(steps: Sequence[Step], now: datetime, grace: timedelta) -> Step | None:
    """Return the step the band names. It is None only when every step is settled."""
    return next(iter(in_order(steps, now, grace)), None)


def deadline_of(found_at: datetime, limit_minutes: int | None) -> datetime | None:
    """Return the deadline of a step whose limit counts from when the crisis was found (SYS-26)."""
    return None if limit_minutes is None else found_at + timedelta(minutes=limit_minutes)


def clocks_that_begin(steps: Sequence[Step]) -> Mapping[str, datetime]:
    """Return from when the limits count that have not counted yet but can now, by the id of the step.

    It is the moment at which the last of what a step waits for was settled.
    """
    settled = {step.item: step.done_at for step in steps if step.is_settled and step.done_at is not None}
    found = {}
    for step in steps:
        waiting = step.clock is ClockStart.READY and step.runs_from is None and step.limit_minutes is not None
        moments = [settled[item] for item in step.waits_for if item in settled]
        if waiting and moments and can_start(step, steps):
            found[step.id] = max(moments)
    return found


class StepObstacle(StrEnum):
    """Why a step can't be settled so."""

    SETTLED = "settled"
    WAITS = "waits"
    IN_FUTURE = "in_future"
    BEFORE_FOUND = "before_found"
    NO_LATE_REASON = "no_late_reason"
    NO_SKIP_REASON = "no_skip_reason"
    NOBODY = "nobody"


def obstacles_to_doing(
    step: Step,
    steps: Sequence[Step],
    *,
    found_at: datetime,
    done_at: datetime,
    now: datetime,
    grace: timedelta,
    done_by: str,
    late_reason: str | None,
) -> tuple[StepObstacle, ...]:
    """Return why a step can't be noted as done at `done_at`; one that is late needs its reason (R-05)."""
    found = _obstacles(step, steps)
    if done_at > now:
        found.append(StepObstacle.IN_FUTURE)
    if done_at < found_at:
        found.append(StepObstacle.BEFORE_FOUND)
    if not done_by.strip():
        found.append(StepObstacle.NOBODY)
    if is_late(step.runs_from, step.due, done_at, grace) and not (late_reason or "").strip():
        found.append(StepObstacle.NO_LATE_REASON)
    return tuple(found)


def obstacles_to_skipping(step: Step, steps: Sequence[Step], reason: str | None) -> tuple[StepObstacle, ...]:
    """Return why a step can't be set aside as not applicable; it never is without a reason (SYS-27, R-05)."""
    found = _obstacles(step, steps)
    if not (reason or "").strip():
        found.append(StepObstacle.NO_SKIP_REASON)
    return tuple(found)


def _obstacles(step: Step, steps: Sequence[Step]) -> list[StepObstacle]:
    if step.is_settled:
        return [StepObstacle.SETTLED]
    return [] if can_start(step, steps) else [StepObstacle.WAITS]


@dataclass(frozen=True)
class DutyFact:
    """What a 专案 shows for one of the seven duties.

    Attributes:
        duty: which.
        times: when its steps were done.
        reasons: why its steps are not applicable.
    """

    duty: Duty
    times: tuple[datetime, ...]
    reasons: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        """Whether there is a time or a reason (R-05)."""
        return bool(self.times or self.reasons)


def duties(steps: Iterable[Step]) -> tuple[DutyFact, ...]:
    """Return what is shown for each of the seven duties, in their order (R-05)."""
    found = list(steps)
    return tuple(
        DutyFact(
            duty,
            tuple(
                sorted(
                    step.done_at
                    for step in found
                    if step.duty is duty and step.state is StepState.DONE and step.done_at is not None
                )
            ),
            tuple(
                step.skip_reason
                for step in found
                if step.duty is duty and step.state is StepState.NOT_APPLICABLE and step.skip_reason
            ),
        )
        for duty in Duty
    )


def silently_late(steps: Iterable[Step], grace: timedelta) -> tuple[Step, ...]:
    """Return the steps that were done late without a reason: there must never be one (R-05)."""
    return tuple(
        step
        for step in steps
        if step.state is StepState.DONE
        and step.done_at is not None
        and is_late(step.runs_from, step.due, step.done_at, grace)
        and not (step.late_reason or "").strip()
    )


class CloseObstacle(StrEnum):
    """Why a 专案 can't be closed yet."""

    OPEN_STEPS = "open_steps"
    DUTY_MISSING = "duty_missing"
    SILENTLY_LATE = "silently_late"
    GUARD_RUNNING = "guard_running"
    GUARD_GAP = "guard_gap"
    NO_OUTCOME = "no_outcome"
    NOT_SETTLED_DOWN = "not_settled_down"


def obstacles_to_closing(
    state: CrisisState,
    steps: Sequence[Step],
    *,
    guard_running: bool,
    unexplained_gaps: bool,
    outcome: str | None,
    grace: timedelta,
) -> tuple[CloseObstacle, ...]:
    """Return what stands in the way of closing (design §3: every item done, or not applicable with a reason)."""
    found = []
    if state in (CrisisState.CLOSED, CrisisState.FALSE_ALARM) or not may_become(state, CrisisState.CLOSED):
        found.append(CloseObstacle.NOT_SETTLED_DOWN)
    if any(not step.is_settled for step in steps):
        found.append(CloseObstacle.OPEN_STEPS)
    if any(not fact.is_shown for fact in duties(steps)):
        found.append(CloseObstacle.DUTY_MISSING)
    if silently_late(steps, grace):
        found.append(CloseObstacle.SILENTLY_LATE)
    if guard_running:
        found.append(CloseObstacle.GUARD_RUNNING)
    if unexplained_gaps:
        found.append(CloseObstacle.GUARD_GAP)
    if not (outcome or "").strip():
        found.append(CloseObstacle.NO_OUTCOME)
    return tuple(found)


_ENDS = frozenset({CrisisState.CLOSED, CrisisState.FALSE_ALARM})
_NEXT: dict[CrisisState, frozenset[CrisisState]] = {
    CrisisState.REPORTED: frozenset({CrisisState.ASSESSING, CrisisState.RESPONDING}),
    CrisisState.ASSESSING: frozenset({CrisisState.RESPONDING}),
    CrisisState.RESPONDING: frozenset({CrisisState.STABILISED}),
    CrisisState.STABILISED: frozenset(
        {CrisisState.RESPONDING, CrisisState.POSTVENTION, CrisisState.FOLLOW_UP, CrisisState.CLOSED}
    ),
    CrisisState.POSTVENTION: frozenset({CrisisState.RESPONDING, CrisisState.FOLLOW_UP, CrisisState.CLOSED}),
    CrisisState.FOLLOW_UP: frozenset({CrisisState.RESPONDING, CrisisState.CLOSED}),
    CrisisState.CLOSED: frozenset(),
    CrisisState.FALSE_ALARM: frozenset(),
}


def may_become(now: CrisisState, then: CrisisState) -> bool:
    """Return whether a 专案 in state `now` may go to `then` (SYS-26). What is not over may turn out a false alarm."""
    return then in _NEXT[now] or (then is CrisisState.FALSE_ALARM and now not in _ENDS)
