"""The room in the middle of a term: a second counsellor, duty, visits, tiers, follow-up, 专案 in every state.

The counsellor's own story is played through the window; these are the other students of the school, so that lists,
board and statistics have something to show.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from counselroom.app import entropy
from counselroom.demo.stage import Stage, require
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import Role
from counselroom.rules.care_words import CareTier, DutyChannel, FollowUpMode, TierSubtype
from counselroom.rules.counselling import AppointmentState, Channel, Urgency
from counselroom.rules.crisis_words import (
    ContactOutcome,
    ContactRole,
    CrisisKind,
    CrisisLevel,
    Ideation,
    WatcherRole,
)
from counselroom.rules.referral import ReferralTarget, ReferralUrgency
from counselroom.rules.tiers import Evidence, EvidenceKind
from counselroom.services import (
    appointments,
    crisis,
    crisis_lists,
    crisis_log,
    crisis_steps,
    duty,
    follow_ups,
    guard_24h,
    referrals,
    scratch_notes,
    students,
    tiers,
    users,
    waiting,
)
from counselroom.services.appointments import Booking
from counselroom.services.crisis_log import ContactData
from counselroom.services.crisis_rows import EventData
from counselroom.services.duty import ShiftData
from counselroom.services.follow_ups import FollowUpData
from counselroom.services.referrals import ReferralData
from counselroom.services.tiers import TierData
from counselroom.services.waiting import WaitingData
from counselroom.vault.keys.passphrase import offer

DAY = 14
"""The day that is played through the window, counted from the first one: Monday 26 October."""
_TIERS = (
    (CareTier.KEY_INTERVENTION, TierSubtype.SCREEN2_SEVERE),
    (CareTier.KEY_INTERVENTION, TierSubtype.ACUTE_STRESS),
    (CareTier.GROUP_SUPPORT, TierSubtype.GROUP_OR_LONG_TERM),
    (CareTier.GROUP_SUPPORT, TierSubtype.AFFECTED),
    (CareTier.KEY_CONCERN, TierSubtype.STUDY_UNDER_TREATMENT),
    (CareTier.GROUP_SUPPORT, TierSubtype.SCREEN3),
)
_MORNING = ((8, 30, 45), (9, 30, 45), (10, 20, 50))
_AFTERNOON = ((14, 0, 45), (16, 10, 50), (17, 10, 40))


def plan_the_duty(stage: Stage) -> str:
    """Give the room its second counsellor and both their duty of the week; nobody is on duty twice at once."""
    stage.clock.turn_to(stage.at(DAY, 7, 40))
    actor, desk = stage.actor, stage.desk
    other = users.add_user(
        actor, desk, "周示例", frozenset({Role.COUNSELLOR}), "周老师", offer(entropy), entropy=entropy
    ).value
    stage.ids["second"] = other.person_id
    shifts = 0
    for day in range(DAY, DAY + 5):
        for hour, end, who in ((8, 12, actor.person_id), (13, 17, other.person_id)):
            shift = duty.set_shift(actor, desk, ShiftData(stage.at(day, hour), stage.at(day, end), who)).value
            stage.ids.setdefault("shift", shift.id)
            shifts += 1
    hotline = ShiftData(stage.at(DAY, 18), stage.at(DAY, 21), other.person_id, DutyChannel.HOTLINE)
    duty.set_shift(actor, desk, hotline)
    try:
        duty.set_shift(actor, desk, ShiftData(stage.at(DAY, 9), stage.at(DAY, 10), actor.person_id))
    except UserError:
        return _("Duty: {count} shifts of two counsellors; a double one was refused.").format(count=shifts + 1)
    require(held=False, sentence=_("Somebody is on duty twice at once."))
    raise AssertionError  # pragma: no cover - require never returns here


def fill_the_day(stage: Stage) -> str:
    """Book the day's visits, let the morning pass, and write down what came in between."""
    actor, desk = stage.actor, stage.desk
    others = _others(stage)
    booked = []
    for number, (hour, minute, length) in enumerate((*_MORNING, *_AFTERNOON)):
        starts = stage.at(DAY, hour, minute)
        booking = Booking(
            others[number], actor.person_id, starts, starts + timedelta(minutes=length), stage.ids["room"]
        )
        booked.append(appointments.book_appointment(actor, desk, booking).value)
    for number, (hour, length) in enumerate(((9, 45), (14, 90), (16, 45))):
        starts = stage.at(DAY, hour)
        ends = starts + timedelta(minutes=length)
        appointments.book_appointment(actor, desk, Booking(others[20 + number], stage.ids["second"], starts, ends))
    for day in range(1, 5):
        for number, hour in enumerate((9, 11, 15)[: 3 - day % 2]):
            starts = stage.at(DAY + day, hour)
            ends = starts + timedelta(minutes=45)
            client = others[30 + 3 * day + number]
            booking = Booking(client, actor.person_id, starts, ends, stage.ids["room"])
            appointments.book_appointment(actor, desk, booking)
    for number, wish in enumerate(("周三下午", "午休", "")):
        data = WaitingData(
            others[50 + number], Channel.TEACHER_RECOMMENDATION, Urgency.SOON if number == 0 else Urgency.NORMAL,
            wanted_times=wish,
        )  # fmt: skip
        waiting.add_waiting(actor, desk, data)
    for visit, (hour, minute, _length) in zip(booked, _MORNING, strict=False):
        stage.clock.turn_to(stage.at(DAY, hour, minute))
        appointments.set_appointment_state(actor, desk, visit.id, AppointmentState.CHECKED_IN)
    stage.clock.turn_to(stage.at(DAY, 11, 52))
    stage.ids["scratch"] = scratch_notes.write_scratch(actor, desk, "借用团辅室，周五第 7 节").value.id
    stage.ids["visit_arrived"], stage.ids["visit"] = booked[0].id, booked[-1].id
    stage.clock.turn_to(stage.at(DAY, 13, 40))
    scratch_notes.write_scratch(actor, desk, "班主任来电，放学后回电")
    return _("The day: {count} visits booked, three came in the morning, two lines written down in between.").format(
        count=len(booked) + 3
    )


def keep_the_tiers(stage: Stage) -> str:
    """Confirm tiers; their follow-up hangs by itself and one is done; a scale alone is refused (R-12)."""
    actor, desk = stage.actor, stage.desk
    others = _others(stage)
    alone = TierData(others[60], *_TIERS[0], (Evidence(EvidenceKind.SCALE, "筛查分数"),))
    proposed = tiers.propose_tier(actor, desk, alone).value
    try:
        tiers.confirm_tier(actor, desk, proposed.id)
    except UserError:
        tiers.reject_tier(actor, desk, proposed.id, "只有量表，先访谈")
    else:
        require(held=False, sentence=_("A scale alone set a tier."))
    for number in range(12):
        tier, subtype = _TIERS[number % len(_TIERS)]
        evidence = (
            Evidence(EvidenceKind.INTERVIEW, "本学期访谈两次，情绪低落，睡眠差"),
            Evidence(EvidenceKind.HOSPITAL, "家长交来医院的证明复印件"),
        )
        one = tiers.propose_tier(actor, desk, TierData(others[60 + number], tier, subtype, evidence)).value
        began = stage.clock.now().date() - timedelta(days=number // 2)
        tiers.confirm_tier(actor, desk, one.id, effective_on=began)
        stage.ids["tier"] = one.id
    told = (Evidence(EvidenceKind.OBSERVATION, "班主任反映近期情绪波动大"),)
    stage.ids["tier_proposed"] = tiers.propose_tier(
        actor, desk, TierData(others[75], CareTier.GROUP_SUPPORT, TierSubtype.AFFECTED, told)
    ).value.id
    board = follow_ups.board(actor, desk, stage.clock.now().date() + timedelta(days=30))
    require(len(board) > 12, _("A confirmed tier has no follow-up."))
    data = FollowUpData(
        stage.clock.now().date(), FollowUpMode.TALK, mood="比上周平稳", sleep="每晚约七小时", measures="继续每周见一次"
    )
    follow_ups.finish_task(actor, desk, board[0].id, data)
    stage.ids["task"] = board[1].id
    return _("Tiers: 12 confirmed, a scale alone refused; {count} follow-ups hang, one is done.").format(
        count=len(board)
    )


def lead_the_crises(stage: Stage) -> str:
    """Begin 专案 in every state: one full, one near its deadline, one overdue, one closed as begun by mistake."""
    actor, desk = stage.actor, stage.desk
    others = _others(stage)
    now = stage.clock.now()
    kinds = (
        ("overdue", now - timedelta(hours=26), CrisisKind.STRESS, CrisisLevel.MODERATE, Ideation.NONE),
        ("near", now - timedelta(hours=23, minutes=20), CrisisKind.SELF_HARM, CrisisLevel.SEVERE, Ideation.PASSIVE),
        ("full", now - timedelta(hours=5), CrisisKind.IDEATION, CrisisLevel.SEVERE, Ideation.PLAN),
        ("mistaken", now - timedelta(hours=2), CrisisKind.OTHER, CrisisLevel.MILD, Ideation.NONE),
    )
    for number, (name, found_at, kind, level, ideation) in enumerate(kinds):
        data = EventData(
            others[80 + number],
            found_at,
            kind,
            level,
            found_by="班主任",
            place="教学楼三层",
            facts="同学告诉班主任，课间见该生独自在走廊尽头，情绪激动。",
            measures="班主任与辅导老师一起陪到辅导室。",
            commander="德育副校长",
            care_point="近期请多给一些关心，课间留意去向。",
        )
        stage.ids[f"crisis_{name}"] = crisis.start_event(actor, desk, data, ideation).value
    full = stage.ids["crisis_full"]
    for _turn in range(4):
        step = crisis.event(actor, desk, full).next_step
        if step is not None:
            crisis_steps.complete_step(actor, desk, step, note="已当面确认。", late_reason="先处置现场，随后补记。")
    stage.ids["step"] = crisis.event(actor, desk, full).next_step or ""
    period = guard_24h.begin_guard(actor, desk, full, "辅导室", starts_at=now - timedelta(hours=4)).value
    stage.ids["guard"] = period
    for hours, who in ((4, "陈老师"), (0, "李老师")):
        starts = now - timedelta(hours=hours)
        guard_24h.add_shift(actor, desk, period, who, WatcherRole.TEACHER, starts, starts + timedelta(hours=4))
    guard_24h.observe(actor, desk, period, "喝了水，愿意说话，午饭吃了一半。", now - timedelta(hours=2))
    first = students.list_guardians(actor, desk, others[82])[0]
    for outcome, said in ((ContactOutcome.NO_ANSWER, None), (ContactOutcome.REACHED, "答应下午四点前到校")):
        call = ContactData(ContactRole.GUARDIAN, first.name, outcome, phone=first.phone, person_id=first.person_id)
        crisis_log.attempt_contact(actor, desk, full, replace(call, said=said))
    crisis_log.add_line(actor, desk, full, "家长来电，路上还要四十分钟。")
    stage.ids["referral_emergency"] = _refer_at_once(stage, others[82])
    crisis.close_as_mistaken(actor, desk, stage.ids["crisis_mistaken"], "同学之间的玩笑，当面核实")
    lines = crisis_lists.event_list(actor, desk).lines
    require(lines[0].id == stage.ids["crisis_overdue"], _("The most urgent crisis case does not come first."))
    return _("Crisis cases: {count} open, the overdue one first; one closed as begun by mistake.").format(
        count=len(lines)
    )


def _refer_at_once(stage: Stage, student_id: str) -> str:
    """Issue an emergency referral that leaves the guardian's consent and the supervisor's opinion for later (R-13)."""
    data = ReferralData(
        student_id,
        ReferralTarget.HOSPITAL,
        "示例医院急诊科",
        reason="情绪激动，有伤害自己的计划，需要专科医师立即评估。",
        summary="由两位老师一直陪着，已联系监护人，监护人在路上。",
        urgency=ReferralUrgency.EMERGENCY,
        emergency_basis="监护人两小时内到不了学校，等待会使危险增大。",
        accompanied_by="陈老师、校医",
    )
    draft = referrals.draft_referral(stage.actor, stage.desk, data).value
    issued = referrals.issue_referral(stage.actor, stage.desk, draft.id).value
    require(issued.complete_by is not None and bool(issued.missing), _("An emergency referral lacks nothing."))
    stage.markers += [data.reason, data.summary]
    return issued.id


def _others(stage: Stage) -> list[str]:
    """Return the other students, always in the same order."""
    found = students.list_students(stage.actor, stage.desk)
    return [each.id for each in found if each.id not in (stage.ids["student"], stage.ids["other"])]
