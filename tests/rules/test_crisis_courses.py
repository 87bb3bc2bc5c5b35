"""Random courses of a crisis on the rules: R-05, R-06 and R-13 hold, no deadline is lost or moved, the band leads on.

What must hold is worked out here anew and not asked of the rules, so that a rule that was broken is found out; the
last test breaks them one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from counselroom.rules import crisis, deadlines, guard, referral
from counselroom.rules.crisis_plan import ClockStart, checklists_for
from counselroom.rules.crisis_words import CrisisKind, CrisisState, Duty, Ideation, StepState, WatcherRole
from counselroom.rules.deadlines import ClockReading
from counselroom.rules.referral import ConsentAnswer, ReferralUrgency
from counselroom.services.parameter_values import definitions
from counselroom.services.plan_files import limit_unit, shipped_checklists
from tests.faults.scale import count

CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 11, 22, 10, 20, tzinfo=CHINA)
GRACE = timedelta(minutes=30)
COMPLETION_DAYS = 3
REASONS = st.sampled_from([None, "", "  ", "等待监护人"])
WHO = st.sampled_from(["林老师", " "])
NUMBERS = st.integers(0, 10_000)
GROWN_UPS = tuple(role for role in WatcherRole if role is not WatcherRole.STUDENT)


def limit_of(within: str, minutes: int | None) -> int | None:
    """Return the minutes of a limit at the shipped parameters."""
    if not within:
        return minutes
    default, unit = definitions()[within].default, limit_unit(within)
    assert isinstance(default, int)
    assert unit is not None
    return default * unit


class Courses(RuleBasedStateMachine):
    """One crisis from when it is found, with a machine whose clock can't be trusted."""

    def __init__(self) -> None:
        super().__init__()
        self.true = START
        self.offset = timedelta(0)
        self.zone = CHINA
        self.boot = 0
        self.booted = START - timedelta(hours=3)
        self.newest = START
        self.state = CrisisState.REPORTED
        self.steps: list[crisis.Step] = []
        self.set_aside: list[crisis.Step] = []
        self.deadlines: dict[str, datetime] = {}
        self.stamps: dict[str, ClockReading] = {}
        self.shifts: list[guard.Shift] = []
        self.guard_from: datetime | None = None
        self.guard_to: datetime | None = None
        self.gap_reason: str | None = None
        self.issued: dict[str, Any] | None = None
        self.hang(checklists_for(CrisisKind.IDEATION, Ideation.ACTIVE))

    # The machine.

    def reading(self) -> ClockReading:
        wall = (self.true + self.offset).astimezone(self.zone)
        return ClockReading(wall, str(self.boot), round((self.true - self.booted).total_seconds() * 1000))

    def now(self, stamp: ClockReading | None = None) -> datetime:
        """Return what the program takes for now, and remember it as the records would."""
        latest = max(self.stamps.values(), key=lambda each: (int(each.boot), each.ms), default=None)
        at = deadlines.present(self.reading(), stamp or latest, self.newest).at
        self.newest = max(self.newest, at)
        return at

    @rule(minutes=st.sampled_from([1, 7, 29, 31, 59, 240, 1500, 5000]))
    def time_goes_by(self, minutes: int) -> None:
        """The program is open, or the machine sleeps: its counter goes on either way."""
        self.true += timedelta(minutes=minutes)

    @rule(hours=st.integers(1, 200))
    def the_machine_is_off(self, hours: int) -> None:
        self.true += timedelta(hours=hours)
        self.boot += 1
        self.booted = self.true

    @rule(hours=st.sampled_from([-72, -3, 3, 72]))
    def the_clock_is_set(self, hours: int) -> None:
        self.offset += timedelta(hours=hours)

    @rule(hours=st.integers(-11, 13))
    def the_zone_changes(self, hours: int) -> None:
        self.zone = timezone(timedelta(hours=hours))

    # The case.

    def hang(self, keys: tuple[str, ...]) -> None:
        position = len(self.steps)
        for key in keys:
            for item in shipped_checklists()[key].items:
                minutes = limit_of(item.within, item.minutes)
                runs = item.clock is ClockStart.FOUND and minutes is not None
                step = crisis.Step(
                    f"{item.key}/0",
                    item.key,
                    position,
                    StepState.OPEN,
                    item.duty,
                    item.waits_for,
                    minutes,
                    item.clock,
                    START if runs else None,
                    crisis.deadline_of(START, minutes) if runs else None,
                )
                self.steps.append(step)
                self.note_deadline(step)
                position += 1

    def note_deadline(self, step: crisis.Step) -> None:
        if step.due is not None:
            self.deadlines.setdefault(step.id, step.due)
            # A clock that was set wrong gets into no new stamp.
            now = self.reading()
            self.stamps.setdefault(step.id, ClockReading(self.now(), now.boot, now.ms))

    def put(self, step: crisis.Step) -> None:
        """Set a settled step in the place of the open one; what it waits for was settled before."""
        assert not {other.item for other in self.steps if other.state is StepState.OPEN} & set(step.waits_for)
        self.steps = [step if other.id == step.id else other for other in self.steps]
        for step_id, begins in crisis.clocks_that_begin(self.steps).items():
            (waiting,) = (other for other in self.steps if other.id == step_id)
            started = replace(waiting, runs_from=begins, due=crisis.deadline_of(begins, waiting.limit_minutes))
            self.steps = [started if other.id == step_id else other for other in self.steps]
            self.note_deadline(started)

    @property
    def is_open(self) -> bool:
        return self.state not in (CrisisState.CLOSED, CrisisState.FALSE_ALARM)

    @precondition(lambda self: self.is_open)
    @rule(
        number=NUMBERS, ago=st.sampled_from([-5, 0, 5, 90, 4000]), reason=REASONS, who=st.sampled_from(["林老师", " "])
    )
    def a_step_is_done(self, number: int, ago: int, reason: str | None, who: str) -> None:
        step = self.steps[number % len(self.steps)]
        now = self.now(self.stamps.get(step.id))
        at = now - timedelta(minutes=ago)
        refused = crisis.obstacles_to_doing(
            step,
            self.steps,
            found_at=START,
            done_at=at,
            now=now,
            grace=GRACE,
            done_by=who,
            late_reason=reason,
        )
        if not refused:
            assert START <= at <= now
            self.put(replace(step, state=StepState.DONE, done_at=at, late_reason=reason))

    @precondition(lambda self: self.is_open)
    @rule(late=st.booleans())
    def the_band_is_followed(self, late: bool) -> None:
        """What the band names is done now, as a counsellor would."""
        now = self.now()
        step = crisis.next_step(self.steps, now, GRACE)
        if step is None:
            return
        reason = "学生在医院" if late else None
        refused = crisis.obstacles_to_doing(
            step, self.steps, found_at=START, done_at=now, now=now, grace=GRACE, done_by="周老师", late_reason=reason
        )
        assert set(refused) <= {crisis.StepObstacle.NO_LATE_REASON}
        if not refused:
            self.put(replace(step, state=StepState.DONE, done_at=now, late_reason=reason))

    @precondition(lambda self: self.is_open)
    @rule(number=NUMBERS, reason=REASONS)
    def a_step_is_not_applicable(self, number: int, reason: str | None) -> None:
        step = self.steps[number % len(self.steps)]
        if not crisis.obstacles_to_skipping(step, self.steps, reason):
            settled = replace(step, state=StepState.NOT_APPLICABLE, done_at=self.now(), skip_reason=reason)
            self.put(settled)

    @precondition(lambda self: self.is_open and any(step.is_settled for step in self.steps))
    @rule(number=NUMBERS)
    def a_tick_is_taken_back(self, number: int) -> None:
        """An open copy takes the place of the settled row, with its deadline."""
        settled = [step for step in self.steps if step.is_settled]
        step = settled[number % len(settled)]
        name, _, nth = step.id.partition("/")
        again = replace(
            step,
            id=f"{name}/{int(nth) + 1}",
            state=StepState.OPEN,
            done_at=None,
            late_reason=None,
            skip_reason=None,
        )
        self.set_aside.append(step)
        self.steps = [again if other.id == step.id else other for other in self.steps]
        if step.id in self.deadlines:
            self.deadlines[again.id] = self.deadlines[step.id]
            self.stamps[again.id] = self.stamps[step.id]

    @precondition(lambda self: self.is_open and all(not step.item.startswith("CK-D") for step in self.steps))
    @rule()
    def others_are_affected(self) -> None:
        self.hang(("CK-D",))

    @precondition(lambda self: self.is_open)
    @rule(then=st.sampled_from(CrisisState))
    def the_state_goes_on(self, then: CrisisState) -> None:
        if (
            then is not CrisisState.CLOSED
            and then is not CrisisState.FALSE_ALARM
            and crisis.may_become(self.state, then)
        ):
            self.state = then

    # Guard.

    @precondition(lambda self: self.is_open and self.guard_from is None)
    @rule()
    def a_guard_begins(self) -> None:
        self.guard_from = self.now()

    @precondition(lambda self: self.guard_from is not None)
    @rule(
        begin=st.sampled_from([-30, 0, 30, 240, 480]),
        minutes=st.sampled_from([0, 60, 240, 480, 719, 800]),
        role=st.sampled_from(WatcherRole),
        after_last=st.booleans(),
    )
    def somebody_takes_a_shift(self, begin: int, minutes: int, role: WatcherRole, after_last: bool) -> None:
        assert self.guard_from is not None
        last = max((shift.until for shift in self.shifts), default=self.guard_from)
        starts = last if after_last else self.guard_from + timedelta(minutes=begin)
        shift = guard.Shift("甲", role, starts, starts + timedelta(minutes=minutes))
        if not guard.obstacles_to_shift(shift, self.guard_from, self.guard_to is not None):
            self.shifts.append(shift)

    @precondition(lambda self: bool(self.shifts) and self.guard_to is None)
    @rule(number=NUMBERS, early=st.integers(-30, 90))
    def a_shift_is_handed_over(self, number: int, early: int) -> None:
        index = number % len(self.shifts)
        at = self.shifts[index].ends_at - timedelta(minutes=early)
        self.shifts[index] = replace(self.shifts[index], handed_over_at=max(at, self.shifts[index].starts_at))

    @precondition(lambda self: self.guard_from is not None and self.guard_to is None)
    @rule(reason=REASONS, taker=st.sampled_from(["母亲", "", None]), ago=st.sampled_from([-10, 0, 60]))
    def the_guard_ends(self, reason: str | None, taker: str | None, ago: int) -> None:
        assert self.guard_from is not None
        now = self.now()
        at = now - timedelta(minutes=ago)
        refused = guard.obstacles_to_ending(
            self.guard_from,
            self.shifts,
            is_over=False,
            ended_at=at,
            now=now,
            needs_taker=True,
            handed_to=taker,
            gap_reason=reason,
        )
        if not refused:
            self.guard_to, self.gap_reason = at, reason

    # Referral.

    @precondition(lambda self: self.issued is None)
    @rule(
        urgency=st.sampled_from(ReferralUrgency),
        opinion=st.sampled_from([None, " ", "同意转介"]),
        consent=st.sampled_from(ConsentAnswer),
        basis=st.sampled_from([None, " ", "现场有危险"]),
    )
    def a_referral_is_issued(
        self, urgency: ReferralUrgency, opinion: str | None, consent: ConsentAnswer, basis: str | None
    ) -> None:
        now = self.now()
        decision = referral.may_issue(
            urgency,
            supervisor_opinion=opinion,
            guardian_consent=consent,
            emergency_basis=basis,
            issued_at=now,
            completion_days=COMPLETION_DAYS,
        )
        if not decision.obstacles:
            self.issued = {
                "urgency": urgency,
                "opinion": opinion,
                "consent": consent,
                "basis": basis,
                "at": now,
                "complete_by": decision.complete_by,
            }

    @precondition(lambda self: self.issued is not None)
    @rule(opinion=st.sampled_from([None, "同意转介"]), consent=st.sampled_from([None, *ConsentAnswer]))
    def what_was_left_out_is_added(self, opinion: str | None, consent: ConsentAnswer | None) -> None:
        assert self.issued is not None
        self.issued["opinion"] = opinion or self.issued["opinion"]
        self.issued["consent"] = consent or self.issued["consent"]

    # The end.

    @precondition(lambda self: self.is_open)
    @rule(outcome=st.sampled_from([None, "平稳"]))
    def it_is_closed(self, outcome: str | None) -> None:
        assert self.guard_from is None or self.guard_from <= self.newest
        unexplained = self.guard_to is not None and bool(self.nobody_there()) and not (self.gap_reason or "").strip()
        refused = crisis.obstacles_to_closing(
            self.state,
            self.steps,
            guard_running=self.guard_from is not None and self.guard_to is None,
            unexplained_gaps=unexplained,
            outcome=outcome,
            grace=GRACE,
        )
        if not refused:
            self.state = CrisisState.CLOSED

    @precondition(lambda self: self.is_open)
    @rule()
    def everything_left_is_settled_and_it_is_closed(self) -> None:
        """So that many courses come to their end."""
        while (step := crisis.next_step(self.steps, self.now(), GRACE)) is not None:
            self.put(replace(step, state=StepState.NOT_APPLICABLE, done_at=self.now(), skip_reason="已并入其他事项"))
        for then in (CrisisState.RESPONDING, CrisisState.STABILISED):
            if crisis.may_become(self.state, then):
                self.state = then
        self.it_is_closed("平稳")

    # What must hold, worked out without the rules.

    def nobody_there(self) -> list[datetime]:
        """Return the minutes of the guard in which no grown-up was there."""
        if self.guard_from is None or self.guard_to is None:
            return []
        there = [shift for shift in self.shifts if shift.role in GROWN_UPS]
        edges = {self.guard_from} | {shift.until for shift in there if self.guard_from <= shift.until < self.guard_to}
        return [
            edge
            for edge in edges
            if edge < self.guard_to and not any(shift.starts_at <= edge < shift.until for shift in there)
        ]

    @invariant()
    def no_deadline_is_lost_or_moved(self) -> None:
        for step in (*self.steps, *self.set_aside):
            assert step.due == self.deadlines.get(step.id), step.item
            if step.limit_minutes is not None and step.runs_from is not None:
                assert step.due == step.runs_from + timedelta(minutes=step.limit_minutes)
        open_now = {step.item for step in self.steps if step.state is StepState.OPEN}
        for step in self.steps:
            ready = step.state is StepState.OPEN and not open_now & set(step.waits_for)
            assert step.due is not None or step.limit_minutes is None or not ready, step.item

    @invariant()
    def since_one_start_of_the_machine_time_is_right(self) -> None:
        for stamp in self.stamps.values():
            if stamp.boot == str(self.boot):
                shown = deadlines.present(self.reading(), stamp, self.newest)
                true = stamp.at + (self.true - self.booted - timedelta(milliseconds=stamp.ms))
                assert abs(shown.at - true) < timedelta(seconds=1)
            else:
                assert deadlines.present(self.reading(), stamp, self.newest).at >= self.newest

    @invariant()
    def the_band_names_what_can_be_started(self) -> None:
        now = self.newest
        named = crisis.next_step(self.steps, now, GRACE)
        open_steps = {step.item: step for step in self.steps if step.state is StepState.OPEN}
        assert (named is None) == (not open_steps)
        if named is None:
            return
        assert named.item in open_steps
        assert not set(named.waits_for) & set(open_steps)
        startable = [step for step in open_steps.values() if not set(step.waits_for) & set(open_steps)]
        overdue = [step for step in startable if self.is_over(step, now)]
        if overdue:
            assert self.is_over(named, now)
        rest = [step.due for step in (overdue or startable) if step.due is not None]
        if rest:
            assert named.due == min(rest)

    @staticmethod
    def is_over(step: crisis.Step, at: datetime) -> bool:
        grace = GRACE if step.limit_minutes == 0 else timedelta(0)
        return step.due is not None and at > step.due + grace

    @invariant()
    def r05_seven_duties_with_a_time_or_a_reason(self) -> None:
        for step in (*self.steps, *self.set_aside):
            if step.state is StepState.DONE:
                assert step.done_at is not None
                assert not self.is_over(step, step.done_at) or (step.late_reason or "").strip(), step.item
            if step.state is StepState.NOT_APPLICABLE:
                assert (step.skip_reason or "").strip(), step.item
        if self.state is CrisisState.CLOSED:
            settled = {step.duty for step in self.steps if step.state is not StepState.OPEN and step.done_at}
            assert settled >= set(Duty)
            assert all(step.state is not StepState.OPEN for step in self.steps)

    @invariant()
    def r06_nobody_is_left_alone_in_silence(self) -> None:
        if self.guard_to is not None and self.nobody_there():
            assert (self.gap_reason or "").strip()
        if self.state is CrisisState.CLOSED:
            assert self.guard_from is None or self.guard_to is not None

    @invariant()
    def r13_no_referral_without_opinion_and_consent(self) -> None:
        if self.issued is None:
            return
        complete = (self.issued["opinion"] or "").strip() and self.issued["consent"] is ConsentAnswer.AGREED
        if self.issued["urgency"] is not ReferralUrgency.EMERGENCY:
            assert complete or self.issued["complete_by"] is None
        if self.issued["complete_by"] is not None:
            assert self.issued["urgency"] is ReferralUrgency.EMERGENCY
            assert (self.issued["basis"] or "").strip()
            assert self.issued["complete_by"] == self.issued["at"] + timedelta(days=COMPLETION_DAYS)

    def teardown(self) -> None:
        if self.issued is not None and self.issued["complete_by"] is not None:
            missing = referral.still_missing(
                supervisor_opinion=self.issued["opinion"], guardian_consent=self.issued["consent"]
            )
            has_opinion = bool((self.issued["opinion"] or "").strip())
            answered = self.issued["consent"] in (ConsentAnswer.AGREED, ConsentAnswer.REFUSED)
            assert bool(missing) == (not has_opinion or not answered)


def run(examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    run_state_machine_as_test(
        Courses,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_random_courses() -> None:
    run(count(ci=150, more=2_000, full=2_000))


def always(value: object) -> Callable[..., object]:
    return lambda *_args, **_kwargs: value


MUTANTS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "lateness is not asked about": (crisis, "is_late", always(False)),
    "everything may start": (crisis, "can_start", lambda step, _steps: not step.is_settled),
    "nothing may be named": (crisis, "next_step", always(None)),
    "the plan's order alone": (
        crisis,
        "next_step",
        lambda steps, _now, _grace: next((one for one in steps if crisis.can_start(one, steps)), None),
    ),
    "waiting limits never begin": (crisis, "clocks_that_begin", always({})),
    "no reason to skip": (crisis, "obstacles_to_skipping", lambda step, _steps, _reason: ["x"] * step.is_settled),
    "closing asks nothing": (crisis, "obstacles_to_closing", always(())),
    "the clock is believed": (
        deadlines,
        "present",
        lambda reading, _stamp, _newest: deadlines.Present(reading.at, jumped=False),
    ),
    "gaps are not seen": (guard, "gaps", always(())),
    "a referral goes out as it is": (
        referral,
        "may_issue",
        lambda *_args, issued_at, **_kwargs: referral.IssueDecision((), issued_at),
    ),
    "a refusal counts as nothing missing": (referral, "still_missing", always(())),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_rule_is_found_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function, broken = MUTANTS[name]
    monkeypatch.setattr(module, function, broken)
    with pytest.raises(AssertionError):
        run(400, (Phase.generate,))
