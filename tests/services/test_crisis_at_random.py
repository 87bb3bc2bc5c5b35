"""Random courses of a crisis in a real vault: R-05, R-06, R-13 hold, no deadline moves, the band leads on."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from counselroom.errors import UserError
from counselroom.rules.crisis_words import (
    ContactOutcome,
    ContactRole,
    CrisisKind,
    CrisisState,
    Duty,
    GuardEnd,
    StepState,
    WatcherRole,
)
from counselroom.rules.referral import ConsentAnswer, ReferralUrgency
from counselroom.services import crisis, crisis_lists, crisis_log, crisis_papers, crisis_steps, guard_24h, referrals
from counselroom.services.crisis_views import EventView, StepView
from counselroom.services.undo import take_back
from tests.conftest import HandClock
from tests.faults.scale import count
from tests.services.crisis_support import begin
from tests.services.world import World, opened_world

MOVES = 30


class Course:
    """One course, with what is remembered of it outside the vault."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world = world
        self.dice = dice
        self.event = begin(world, kind=dice.choice(list(CrisisKind)))
        self.due: dict[str, Any] = {}
        self.referral = ""
        self.seen = 0

    @property
    def view(self) -> EventView:
        return crisis.event(self.world.me, self.world.desk, self.event)

    def any_step(self) -> StepView:
        return self.dice.choice(self.view.steps)

    def done(self) -> None:
        late = self.dice.choice(["", "电话不通"])
        ago = timedelta(minutes=self.dice.choice([0, 0, 20, 3000]))
        at = self.world.clock.moment - ago
        finished = crisis_steps.complete_step(
            self.world.me, self.world.desk, self.any_step().id, done_at=at, late_reason=late
        )
        if self.dice.random() < 0.3 and finished.changes.undo is not None:
            take_back(self.world.me, self.world.desk, finished.changes.undo)

    def band(self) -> None:
        named = self.view.next_step
        if named is not None:
            crisis_steps.complete_step(self.world.me, self.world.desk, named, late_reason="等待监护人")

    def skipped(self) -> None:
        reason = self.dice.choice(["", "没有发生"])
        crisis_steps.skip_step(self.world.me, self.world.desk, self.any_step().id, reason)

    def time(self) -> None:
        self.world.clock.moment += timedelta(minutes=self.dice.choice([1, 40, 700, 4000]))

    def own(self) -> None:
        crisis.add_step(self.world.me, self.world.desk, self.event, "补充一项")

    def hang(self) -> None:
        crisis.hang_checklist(self.world.me, self.world.desk, self.event, "CK-D")

    def said(self) -> None:
        crisis_log.add_line(self.world.me, self.world.desk, self.event, "平稳")
        data = crisis_log.ContactData(ContactRole.GUARDIAN, "父亲", self.dice.choice(list(ContactOutcome)))
        crisis_log.attempt_contact(self.world.me, self.world.desk, self.event, data)

    def guard(self) -> None:
        found = guard_24h.list_guards(self.world.me, self.world.desk, self.event)
        running = next((one for one in found if one.ended_at is None), None)
        if running is None:
            guard_24h.begin_guard(self.world.me, self.world.desk, self.event)
        elif self.dice.random() < 0.5:
            last = max((view.shift.until for view in running.shifts), default=running.starts_at)
            starts = last + timedelta(minutes=self.dice.choice([0, 0, 25]))
            role = self.dice.choice(list(WatcherRole))
            ends = starts + timedelta(hours=self.dice.choice([1, 4, 13]))
            guard_24h.add_shift(self.world.me, self.world.desk, running.id, "甲", role, starts, ends)
        else:
            guard_24h.end_guard(
                self.world.me,
                self.world.desk,
                running.id,
                self.dice.choice(list(GuardEnd)),
                handed_to=self.dice.choice(["", "母亲"]),
                gap_reason=self.dice.choice(["", "交接去取药"]),
            )

    def refer(self) -> None:
        if not self.referral:
            self.referral = self.world.referral(
                urgency=self.dice.choice(list(ReferralUrgency)),
                supervisor_opinion=self.dice.choice([None, "同意"]),
                guardian_consent=self.dice.choice(list(ConsentAnswer)),
                emergency_basis=self.dice.choice([None, "现场危险"]),
            )
        view = referrals.referral(self.world.me, self.world.desk, self.referral)
        if view.issued_at is None:
            referrals.issue_referral(self.world.me, self.world.desk, self.referral)
        else:
            referrals.complete_referral(
                self.world.me,
                self.world.desk,
                self.referral,
                supervisor_opinion=self.dice.choice(["", "同意"]),
                guardian_consent=self.dice.choice(list(ConsentAnswer)),
                late_reason=self.dice.choice(["", "督导外出"]),
            )

    def paper(self) -> None:
        data = crisis_papers.NoticeData("父亲", "事实", "请到校")
        notice = crisis_papers.write_notice(self.world.me, self.world.desk, self.event, data).value
        crisis_papers.issue_notice(self.world.me, self.world.desk, notice.id)

    def state(self) -> None:
        crisis.set_event_state(self.world.me, self.world.desk, self.event, self.dice.choice(list(CrisisState)))

    def close(self) -> None:
        crisis.close_event(self.world.me, self.world.desk, self.event, self.dice.choice(["", "平稳"]))

    def settle(self) -> None:
        for _turn in range(60):
            named = self.view.next_step
            if named is None:
                return
            crisis_steps.skip_step(self.world.me, self.world.desk, named, "已并入其他事项")

    MOVES: tuple[tuple[Callable[[Course], None], int], ...] = (
        (done, 4),
        (band, 5),
        (skipped, 2),
        (time, 3),
        (own, 1),
        (hang, 1),
        (said, 1),
        (guard, 4),
        (refer, 3),
        (paper, 1),
        (state, 3),
        (close, 2),
        (settle, 1),
    )

    def check(self) -> None:
        """Compare the vault with what must hold, in plain SQL and without the rules."""
        rows = self.world.sql(
            "SELECT id, state, due_at, runs_from_at, limit_minutes, done_at, late_reason, skip_reason, duty, voided_at"
            " FROM crisis_step WHERE event_id = :id",
            id=self.event,
        )
        assert len(rows) >= self.seen
        self.seen = len(rows)
        for row_id, state, due, _runs, _limit, done, late, skip, _duty, _voided in rows:
            if due is not None:
                assert self.due.setdefault(row_id, due) == due
            if state == StepState.NOT_APPLICABLE:
                assert (skip or "").strip()
            if state == StepState.DONE:
                assert done
                assert not self.over(row_id, done, due) or (late or "").strip()
        view = self.view
        open_items = {step.item for step in view.steps if step.state is StepState.OPEN}
        if view.closed_at is None:
            assert (view.next_step is None) == (not open_items)
        named = next((step for step in view.steps if step.id == view.next_step), None)
        (line,) = crisis_lists.event_list(self.world.me, self.world.desk, with_closed=True).lines
        assert line.step_id == (view.next_step or "")
        assert named is None or (line.clock.state, line.due_at) == (named.clock.state, named.due_at)
        assert named is None or (named.item in open_items and named.can_start)
        if view.state is CrisisState.CLOSED:
            assert not open_items
            assert {row[8] for row in rows if row[9] is None} >= set(Duty)
            assert self.world.sql("SELECT count(*) FROM guard_period WHERE ended_at IS NULL") == [(0,)]
        for guarded in guard_24h.list_guards(self.world.me, self.world.desk, self.event):
            assert guarded.ended_at is None or not guarded.gap_minutes or guarded.gap_reason.strip()
        for issued, urgency, opinion, consent, basis, complete_by in self.world.sql(
            "SELECT issued_at, urgency, supervisor_opinion, guardian_consent, emergency_basis, complete_by"
            " FROM referral"
        ):
            if issued is not None:
                whole = bool(opinion) and consent == "agreed"
                assert whole or (urgency == "emergency" and basis and complete_by)

    def over(self, row_id: str, done: str, due: str | None) -> bool:
        """Tell whether it was done after its deadline, with half an hour's grace for what is due at once."""
        if due is None:
            return False
        ((over,),) = self.world.sql(
            "SELECT julianday(substr(done_at, 1, 26)) - julianday(substr(due_at, 1, 26))"
            " - CASE WHEN limit_minutes = 0 THEN 30.0 / 1440 ELSE 0 END FROM crisis_step WHERE id = :id",
            id=row_id,
        )
        return bool(over > 1e-8)


@pytest.mark.parametrize("seed", range(count(ci=6, more=50, full=50)))
def test_random_courses_in_a_vault(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    refused = 0
    with opened_world(tmp_path / "vault", HandClock()) as world:
        course = Course(world, dice)
        moves, weights = zip(*Course.MOVES, strict=True)
        for _turn in range(MOVES):
            try:
                dice.choices(moves, weights)[0](course)
            except UserError:
                refused += 1
            course.check()
        assert world.sql("SELECT count(*) FROM crisis_event") == [(1,)]
    assert refused < MOVES
