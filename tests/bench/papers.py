"""Records to print: appointments, notes, archive cards and referrals of an invented school, written by the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from counselroom.demo.counselling import NOTE
from counselroom.demo.papers import CARD
from counselroom.printing.definitions import Audience
from counselroom.rules.archive import OpenReason
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.referral import ConsentAnswer, ReferralTarget
from counselroom.services import appointments, archives, cases, referrals, sessions
from counselroom.services.appointments import Booking
from counselroom.services.prints import PrintRequest
from counselroom.services.referrals import ReferralData
from counselroom.services.sessions import NoteDraft
from tests.bench.rooms import Room


def papers(room: Room, count: int) -> list[PrintRequest]:
    """Return `count` requests, of the four forms in turn, each about a record of its own."""
    makers: tuple[tuple[str, Audience, Callable[[Room, int], str]], ...] = (
        ("F-06", Audience.CLIENT, _appointment),
        ("F-11", Audience.ROOM, _note),
        ("F-19", Audience.ARCHIVE, _card),
        ("F-50", Audience.HOSPITAL, _referral),
    )
    requests = []
    for number in range(count):
        form_id, audience, make = makers[number % len(makers)]
        requests.append(PrintRequest(form_id, make(room, number), audience, saved=True))
    return requests


def _appointment(room: Room, number: int) -> str:
    starts = room.clock.now() + timedelta(days=1, hours=number)
    booking = Booking(room.students[number], room.actor.person_id, starts, starts + timedelta(minutes=50))
    return appointments.book_appointment(room.actor, room.desk, booking).value.id


def _note(room: Room, number: int) -> str:
    starts = room.clock.now()
    case = cases.open_case(room.actor, room.desk, room.students[number], ("规律作息",)).value
    draft = NoteDraft(starts, starts + timedelta(minutes=50), NOTE, place="咨询一室", risk_level=RiskLevel.MILD)
    return sessions.start_note(room.actor, room.desk, case.id, draft).value.id


def _card(room: Room, number: int) -> str:
    archive = archives.open_archive(room.actor, room.desk, room.students[number], OpenReason.COUNSELLING).value
    return archives.save_card(room.actor, room.desk, archive.id, replace(CARD, caretaker=f"祖母{number}")).value.id


def _referral(room: Room, number: int) -> str:
    data = ReferralData(
        student_id=room.students[number],
        to_kind=ReferralTarget.HOSPITAL,
        to_name="示例医院儿童青少年心理门诊",
        reason="近两周睡眠明显减少，情绪低落，对日常活动兴趣减退，已超出学校辅导的能力范围，建议由专科医师作进一步评估。",
        summary=f"第{number}号学生：接待一次，已与班主任沟通，家长知情。",
        done_so_far="已安排专人陪伴；已电话联系监护人，监护人愿意带学生就医。",
        risk=RiskLevel.MILD,
        accompanied_by="祖母、陈老师",
        client_consent=ConsentAnswer.AGREED,
        guardian_consent=ConsentAnswer.AGREED,
        supervisor_opinion="同意转介专科门诊评估。",
    )
    referral = referrals.draft_referral(room.actor, room.desk, data).value
    return referrals.issue_referral(room.actor, room.desk, referral.id).value.id
