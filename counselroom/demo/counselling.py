"""The counsellor's part of the day: roster, appointment, consent, note, amendment."""

from __future__ import annotations

import random
from datetime import date, timedelta

from counselroom.demo.stage import Stage, require
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.appointment import Clash
from counselroom.rules.counselling import AppointmentState, ConsentKind, RiskLevel
from counselroom.rules.session import SignObstacle
from counselroom.services import appointments, cases, consents, school, sessions, students
from counselroom.services.appointments import AppointmentClash, Booking
from counselroom.services.consents import ConsentData
from counselroom.services.roster_import import import_roster, preview_roster
from counselroom.services.school import TermDates
from counselroom.services.sessions import NoteDraft

NOTE = {
    "presenting": "近两周入睡困难，反复失眠，上课容易走神，担心期中考试。",
    "observation": "情绪低落，语速偏慢，提到父母争执时沉默较久。",
    "content": "谈到与同桌的误会和家里的争执；曾有自伤的念头，没有计划，也没有工具，愿意在难受时联系老师。",
    "analysis": "考试压力与家庭争执叠加，支持系统尚可，班主任与祖母是可以依靠的人。",
    "technique": "倾听、情绪命名、呼吸放松练习，共同写下安全约定。",
    "client_response": "练习后表示“松了一点”，愿意下周再来。",
    "risk_action": "无计划、无工具，已写安全约定，当日告知班主任留意，未通知家长。",
    "goal_progress": "第一目标（规律作息）开始执行。",
    "decision_deferral": "约定两周内不做转学的决定。",
    "homework": "每晚十点放下手机，写三行心情。",
    "next_plan": "跟进安全约定，邀请祖母到校谈一次。",
}
AMENDMENT = "补记：本人说明念头出现在上周三晚上，并非会谈当日。"


_TOPICS = ("peers", "study_pressure", "adjustment", "parents", "emotion")
"""Keys of `resources/topics.toml`, as the texts of the further notes name them."""
_BEFORE, _AFTER = -35, 12


def import_the_roster(stage: Stage) -> str:
    """Set up the school year and read the roster: nothing written before the confirmation, nothing doubled after."""
    actor, desk = stage.actor, stage.desk
    terms = (
        TermDates(1, date(2026, 9, 1), date(2027, 1, 22), date(2027, 1, 15)),
        TermDates(2, date(2027, 2, 22), date(2027, 7, 9), date(2027, 7, 2)),
    )
    school.set_academic_year(actor, desk, "2026-2027", terms)
    roster = stage.out / "roster.csv"
    preview = preview_roster(actor, desk, roster)
    require(students.count_students(actor, desk) == 0, _("The preview wrote something."))
    first = import_roster(actor, desk, preview).value
    require(first.new == len(stage.students), _("Not every row of the roster became a student."))
    again = import_roster(actor, desk, preview_roster(actor, desk, roster)).value
    require(again.new == 0 and again.updated == 0, _("The second reading of the roster changed something."))
    found = students.find_people(actor, desk, "zxm")
    require(any(each.data.name == "张晓明" for each in found), _("Initials did not find the student."))
    stage.ids["student"] = next(each.id for each in found if each.data.name == "张晓明")
    stage.ids["other"] = next(
        each.id for each in students.list_students(actor, desk) if each.id != stage.ids["student"]
    )
    return _("Roster: {count} students imported, a second reading changed nothing, zxm finds {name}.").format(
        count=first.new, name="张晓明"
    )


def book_an_appointment(stage: Stage) -> str:
    """Book, and see a clash of counsellor, room and client refused."""
    actor, desk = stage.actor, stage.desk
    room = school.add_room(actor, desk, "咨询一室").value
    starts = stage.at(0, 10)
    booking = Booking(stage.ids["student"], actor.person_id, starts, starts + timedelta(minutes=50), room)
    booked = appointments.book_appointment(actor, desk, booking).value
    stage.ids["appointment"], stage.ids["room"] = booked.id, room
    later = starts + timedelta(minutes=30)
    try:
        wanted = Booking(stage.ids["other"], actor.person_id, later, later + timedelta(minutes=50), room)
        appointments.book_appointment(actor, desk, wanted)
    except AppointmentClash as clash:
        require(clash.kinds == {Clash.COUNSELLOR, Clash.ROOM}, _("The clash named the wrong things."))
    else:
        require(held=False, sentence=_("A clash was not refused."))
    following = starts + timedelta(minutes=50)
    wanted = Booking(stage.ids["other"], actor.person_id, following, following + timedelta(minutes=50), room)
    touching = appointments.book_appointment(actor, desk, wanted).value
    require(touching.state is AppointmentState.CONFIRMED, _("The slot right behind was refused."))
    return _("Appointment {number} booked; the overlapping one was refused, the one right behind it was not.").format(
        number=booked.number
    )


def take_the_consent(stage: Stage) -> str:
    """Open the case, and see that no note is signed without a consent; then type the signed paper in."""
    actor, desk = stage.actor, stage.desk
    case = cases.open_case(actor, desk, stage.ids["student"], ("规律作息", "与同桌和好")).value
    stage.ids["case"], stage.ids["case_code"] = case.id, case.code
    stage.clock.turn_to(stage.at(0, 9, 58))
    appointments.set_appointment_state(actor, desk, stage.ids["appointment"], AppointmentState.CHECKED_IN)
    draft = NoteDraft(
        starts_at=stage.at(0, 10),
        ends_at=stage.at(0, 10, 50),
        sections={"presenting": NOTE["presenting"]},
        place="咨询一室",
        risk_level=RiskLevel.MILD,
        next_at=stage.at(7, 10),
    )
    note = sessions.start_note(actor, desk, case.id, draft, stage.ids["appointment"]).value
    stage.ids["session"] = note.id
    try:
        sessions.sign_note(actor, desk, note.id)
    except sessions.NotReadyToSign as refusal:
        require(refusal.obstacles == (SignObstacle.NO_CONSENT,), _("The signature was refused for another reason."))
    else:
        require(held=False, sentence=_("A note was signed without a consent."))
    signed_at = stage.at(0, 9, 59)
    stage.clock.turn_to(stage.at(0, 10))
    data = ConsentData(stage.ids["student"], ConsentKind.SERVICE, "F-08/1", "张晓明", "本人", signed_at)
    consents.record_consent(actor, desk, data)
    return _("Case {code} opened; without a consent the note could not be signed; the consent is on file.").format(
        code=case.code
    )


def write_the_note(stage: Stage) -> str:
    """Draft, sign, see the signed note refuse an edit, and set a correction beside it."""
    actor, desk = stage.actor, stage.desk
    stage.clock.turn_to(stage.at(0, 10, 55))
    before = sessions.session(actor, desk, stage.ids["session"])
    draft = NoteDraft(
        before.draft.starts_at,
        before.draft.ends_at,
        NOTE,
        place=before.draft.place,
        risk_level=RiskLevel.MILD,
        next_at=before.draft.next_at,
    )
    sessions.save_note(actor, desk, stage.ids["session"], draft)
    signed = sessions.sign_note(actor, desk, stage.ids["session"]).value
    require(signed.signed_at is not None and signed.content_hash is not None, _("The note is not signed."))
    try:
        sessions.save_note(actor, desk, stage.ids["session"], before.draft)
    except UserError:
        pass
    else:
        require(held=False, sentence=_("A signed note was edited."))
    amended = sessions.amend_note(actor, desk, stage.ids["session"], AMENDMENT, "时间写错").value
    require(amended.draft.sections == NOTE, _("The correction changed the signed text."))
    require(len(amended.amendments) == 1, _("The correction is missing."))
    stage.markers += [*NOTE.values(), AMENDMENT]
    return _("Note signed and locked; an edit was refused; the correction stands beside it.")


def write_more_notes(stage: Stage) -> str:
    """Write the further notes of the term, for other students, so that search and statistics have something to do."""
    actor, desk = stage.actor, stage.desk
    chance = random.Random(stage.seed)  # noqa: S311 - invented notes, not secrets
    said = ("与同学相处", "学习压力", "适应新班级", "家庭沟通", "情绪调节")
    everyone = [each.id for each in students.list_students(actor, desk) if each.id != stage.ids["student"]]
    by_client: dict[str, str] = {}
    for index in range(stage.sessions):
        client = chance.choice(everyone)
        starts = stage.at(_school_day(index, stage.sessions), 13 + index % 4)
        stage.clock.turn_to(starts + timedelta(minutes=55))
        if client not in by_client:
            by_client[client] = cases.open_case(actor, desk, client).value.id
            data = ConsentData(client, ConsentKind.SERVICE, "F-08/1", "本人", "本人", starts)
            consents.record_consent(actor, desk, data)
        which = min(int(chance.expovariate(0.7)), len(said) - 1)
        text = f"第{index + 1}次演示记录：围绕{said[which]}谈了四十分钟，作业是写下三件顺利的事。"
        draft = NoteDraft(
            starts,
            starts + timedelta(minutes=45),
            {"content": text},
            place="咨询一室",
            risk_level=RiskLevel.NONE,
            topics=(_TOPICS[which],),
        )
        note = sessions.start_note(actor, desk, by_client[client], draft).value
        sessions.sign_note(actor, desk, note.id)
        stage.markers.append(text)
    return _("{count} further notes of {clients} students signed.").format(count=stage.sessions, clients=len(by_client))


def _school_day(index: int, count: int) -> int:
    """Return the day of a further session, counted from the first day: none falls on a weekend."""
    day = _BEFORE + index * (_AFTER - _BEFORE) // count
    return day - max(0, day % 7 - 4)
