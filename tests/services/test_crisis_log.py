"""The 经过记录, contacts, guard and papers of a 专案 (SYS-28, SYS-29, SYS-36, R-06)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from counselroom.errors import UserError
from counselroom.model.base import moment_of
from counselroom.rules.crisis_words import ContactOutcome, ContactRole, GuardEnd, LogKind, WatcherRole
from counselroom.rules.guard import CellState, EndObstacle, ShiftObstacle
from counselroom.services import crisis, crisis_log, crisis_papers, crisis_steps, guard_24h, search
from counselroom.services.desk import AccessDenied
from tests.services.crisis_support import begin, pass_time, settle_all, step_named
from tests.services.world import GUARDIAN, World

HOUR = timedelta(hours=1)


def test_a_line_is_only_ever_added(world: World) -> None:
    event_id = begin(world)
    with pytest.raises(UserError):
        crisis_log.add_line(world.me, world.desk, event_id, " ")
    crisis_log.add_line(world.me, world.desk, event_id, "午休后情绪平稳，愿意等母亲来")
    lines = crisis_log.list_lines(world.me, world.desk, event_id)
    assert (lines[0].text, lines[0].kind, lines[0].by) == ("午休后情绪平稳，愿意等母亲来", LogKind.NOTE, "林老师")
    for statement in ("UPDATE crisis_log SET said = 'x'", "DELETE FROM crisis_log"):
        with pytest.raises(Exception, match="protected: crisis_log"), world.desk.vault.change() as session:
            session.execute(text(statement))
    assert search.search_text(world.me, world.desk, "愿意等母亲").total == 1


def test_everything_stands_in_the_log_once(world: World) -> None:
    event_id = begin(world)
    crisis_steps.complete_step(world.me, world.desk, step_named(world, event_id, "CK-E-01").id, note="安全")
    contact(world, event_id, ContactOutcome.REACHED, "同意到校")
    period = guard_24h.begin_guard(world.me, world.desk, event_id, "辅导室").value
    guard_24h.observe(world.me, world.desk, period, "喝了水，愿意说话")
    notice = crisis_papers.write_notice(world.me, world.desk, event_id, NOTICE).value
    crisis_papers.issue_notice(world.me, world.desk, notice.id)
    lines = crisis_log.list_lines(world.me, world.desk, event_id)
    assert sorted((line.kind.value, line.text) for line in lines) == [
        ("contact", "欧阳建国：同意到校"),
        ("guard", "辅导室"),
        ("observation", "喝了水，愿意说话"),
        ("paper", "F-46"),
        ("state", "专案启动。"),
        ("step", "确认学生安全，初步评估：安全"),
    ]
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)


def contact(world: World, event_id: str, outcome: ContactOutcome, said: str | None = None) -> None:
    data = crisis_log.ContactData(ContactRole.GUARDIAN, GUARDIAN, outcome, phone="13811112222", said=said)
    crisis_log.attempt_contact(world.me, world.desk, event_id, data)


def test_every_attempt_counts(world: World) -> None:
    event_id = begin(world)
    (guardian,) = crisis_log.list_contacts(world.me, world.desk, event_id)
    assert (guardian.name, guardian.phone, guardian.attempts, guardian.last_outcome) == (
        GUARDIAN,
        "13811112222",
        0,
        None,
    )
    contact(world, event_id, ContactOutcome.NO_ANSWER)
    contact(world, event_id, ContactOutcome.REACHED)
    hospital = crisis_log.ContactData(ContactRole.HOSPITAL, "市三院门诊", ContactOutcome.BUSY, phone="0000-1")
    crisis_log.attempt_contact(world.me, world.desk, event_id, hospital)
    guardian, other = crisis_log.list_contacts(world.me, world.desk, event_id)
    assert (guardian.attempts, guardian.last_outcome) == (2, ContactOutcome.REACHED)
    assert (other.role, other.name, other.attempts) == (ContactRole.HOSPITAL, "市三院门诊", 1)
    with pytest.raises(UserError):
        crisis_log.attempt_contact(
            world.me, world.desk, event_id, crisis_log.ContactData(ContactRole.OTHER, " ", ContactOutcome.BUSY)
        )
    late = crisis_log.ContactData(
        ContactRole.OTHER, "甲", ContactOutcome.BUSY, at=world.clock.moment + timedelta(hours=1)
    )
    with pytest.raises(UserError):
        crisis_log.attempt_contact(world.me, world.desk, event_id, late)


def shift(world: World, period: str, begin_h: float, end_h: float, name: str = "王老师") -> str:
    start = guard_24h_start(world, period)
    return guard_24h.add_shift(
        world.me, world.desk, period, name, WatcherRole.TEACHER, start + begin_h * HOUR, start + end_h * HOUR
    ).value


def guard_24h_start(world: World, period: str) -> datetime:
    ((at,),) = world.sql("SELECT starts_at FROM guard_period WHERE id = :id", id=period)
    return moment_of(at)


def guard(world: World, event_id: str) -> guard_24h.GuardView:
    return guard_24h.list_guards(world.me, world.desk, event_id)[0]


def test_r06_gaps_are_shown_with_their_minutes(world: World) -> None:
    event_id = begin(world)
    period = guard_24h.begin_guard(world.me, world.desk, event_id, "辅导室").value
    with pytest.raises(UserError):
        guard_24h.begin_guard(world.me, world.desk, event_id)
    shift(world, period, 0, 4)
    shift(world, period, 4.5, 8, "赵老师")
    pass_time(world, 5)
    view = guard(world, event_id)
    assert view.gap_minutes == 30
    assert [gap.minutes for gap in view.gaps] == [30, 16 * 60]
    assert [one.name for one in view.on_guard] == ["赵老师"]
    assert view.handover_at == view.starts_at + 8 * HOUR
    assert len(view.cells) == 12
    assert view.cells[0].state is CellState.MISSED
    assert view.thin[0].starts_at == view.starts_at


def test_r06_a_guard_ends_over_a_gap_only_with_a_reason(world: World) -> None:
    event_id = begin(world)
    period = guard_24h.begin_guard(world.me, world.desk, event_id, "辅导室").value
    shift(world, period, 0, 2)
    pass_time(world, 3)
    with pytest.raises(guard_24h.GuardRefused) as refused:
        guard_24h.end_guard(world.me, world.desk, period, GuardEnd.PARENT_TOOK_OVER)
    assert refused.value.obstacles == (EndObstacle.NOBODY_TAKES_OVER, EndObstacle.GAP_UNEXPLAINED)
    guard_24h.end_guard(
        world.me, world.desk, period, GuardEnd.PARENT_TOOK_OVER, handed_to="母亲", gap_reason="班主任在场未登记"
    )
    view = guard(world, event_id)
    assert (view.handed_to, view.gap_reason, view.gap_minutes) == ("母亲", "班主任在场未登记", 61)
    with pytest.raises(guard_24h.GuardRefused) as again:
        shift(world, period, 2, 3)
    assert again.value.obstacles == (ShiftObstacle.PERIOD_OVER,)
    assert guard_24h.begin_guard(world.me, world.desk, event_id).value != period


def test_a_shift_is_handed_over_once(world: World) -> None:
    event_id = begin(world)
    period = guard_24h.begin_guard(world.me, world.desk, event_id).value
    first = shift(world, period, 0, 4)
    pass_time(world, 3)
    with pytest.raises(UserError):
        guard_24h.hand_over(world.me, world.desk, first, " ")
    guard_24h.hand_over(world.me, world.desk, first, "赵老师", "已吃饭")
    with pytest.raises(UserError):
        guard_24h.hand_over(world.me, world.desk, first, "赵老师")
    (view,) = guard(world, event_id).shifts
    assert (view.handed_over_to, view.handover_note) == ("赵老师", "已吃饭")


def test_an_observation_fills_its_cell(world: World) -> None:
    event_id = begin(world)
    period = guard_24h.begin_guard(world.me, world.desk, event_id).value
    with pytest.raises(UserError):
        guard_24h.observe(world.me, world.desk, period, " ")
    guard_24h.observe(world.me, world.desk, period, "平静")
    assert guard(world, event_id).cells[0].state is CellState.LOGGED


NOTICE = crisis_papers.NoticeData(GUARDIAN, "今天上午同学发现孩子情绪低落", "请今天下午四点前到校", "林老师")


def test_an_issued_notice_keeps_its_text_and_takes_its_reply(world: World) -> None:
    event_id = begin(world)
    notice = crisis_papers.write_notice(world.me, world.desk, event_id, NOTICE).value
    with pytest.raises(UserError):
        crisis_papers.record_reply(world.me, world.desk, notice.id, crisis_papers.NoticeReply("知悉"))
    crisis_papers.issue_notice(world.me, world.desk, notice.id)
    calls: tuple[Callable[[], object], ...] = (
        lambda: crisis_papers.write_notice(world.me, world.desk, event_id, NOTICE, notice.id),
        lambda: crisis_papers.issue_notice(world.me, world.desk, notice.id),
    )
    for call in calls:
        with pytest.raises(UserError):
            call()
    crisis_papers.record_reply(world.me, world.desk, notice.id, crisis_papers.NoticeReply("同意到校"))
    crisis_papers.record_reply(
        world.me, world.desk, notice.id, crisis_papers.NoticeReply("同意到校", receipt_at=world.clock.moment)
    )
    with pytest.raises(UserError):
        crisis_papers.record_reply(world.me, world.desk, notice.id, crisis_papers.NoticeReply("改主意"))
    (view,) = crisis_papers.list_notices(world.me, world.desk, event_id)
    assert (view.reply.reply, view.data) == ("同意到校", NOTICE)
    with pytest.raises(UserError):
        crisis_papers.write_notice(world.me, world.desk, event_id, crisis_papers.NoticeData("", "a", "b"))


def test_a_report_is_issued_and_approved_by_the_director(world: World) -> None:
    event_id = begin(world)
    data = crisis_papers.ReportData("欧阳同学", "上午发现，随即陪护", "已联系监护人")
    report = crisis_papers.write_report(world.me, world.desk, event_id, data).value
    assert report.due_at == crisis.event(world.me, world.desk, event_id).data.found_at + timedelta(hours=72)
    with pytest.raises(UserError):
        crisis_papers.approve_report(world.director, world.desk, report.id)
    crisis_papers.write_report(world.me, world.desk, event_id, data, report.id)
    crisis_papers.issue_report(world.me, world.desk, report.id)
    with pytest.raises(UserError):
        crisis_papers.issue_report(world.me, world.desk, report.id)
    with pytest.raises(AccessDenied):
        crisis_papers.approve_report(world.colleague, world.desk, report.id)
    crisis_papers.approve_report(world.director, world.desk, report.id)
    (view,) = crisis_papers.list_reports(world.me, world.desk, event_id)
    assert view.approved_at is not None
    with pytest.raises(UserError):
        crisis_papers.write_report(world.me, world.desk, event_id, crisis_papers.ReportData(" ", "a", "b"))


def test_nothing_is_added_to_a_closed_case(world: World) -> None:
    event_id = begin(world)
    settle_all(world, event_id)
    crisis.close_as_mistaken(world.me, world.desk, event_id, "误听")
    calls: tuple[Callable[[], object], ...] = (
        lambda: crisis_log.add_line(world.me, world.desk, event_id, "x"),
        lambda: contact(world, event_id, ContactOutcome.BUSY),
        lambda: guard_24h.begin_guard(world.me, world.desk, event_id),
        lambda: crisis_papers.write_notice(world.me, world.desk, event_id, NOTICE),
        lambda: crisis.add_step(world.me, world.desk, event_id, "x"),
    )
    for call in calls:
        with pytest.raises(UserError, match="结案"):
            call()


def test_a_restricted_case_tells_others_nothing(world: World) -> None:
    event_id = begin(world, restricted=True)
    period = guard_24h.begin_guard(world.me, world.desk, event_id).value
    calls: tuple[Callable[[], object], ...] = (
        lambda: crisis_log.list_lines(world.colleague, world.desk, event_id),
        lambda: crisis_log.list_contacts(world.colleague, world.desk, event_id),
        lambda: crisis_log.add_line(world.colleague, world.desk, event_id, "x"),
        lambda: guard_24h.list_guards(world.colleague, world.desk, event_id),
        lambda: guard_24h.observe(world.colleague, world.desk, period, "x"),
        lambda: crisis_papers.list_notices(world.colleague, world.desk, event_id),
        lambda: crisis_papers.list_reports(world.colleague, world.desk, event_id),
    )
    for call in calls:
        with pytest.raises(AccessDenied):
            call()
