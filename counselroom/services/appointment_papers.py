"""预约登记簿 as a form sees it (F-05): the appointments of a period, without the reason for coming."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from counselroom.model.counselling import Appointment
from counselroom.model.day import WaitingEntry
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Subject
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Mode, Urgency
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import Work
from counselroom.services.form_parts import FormSubject, clock_text, missing, name_of, room_values, term_name
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.vault import name_readings

NAMES = "names"
"""At the end of the key of a list on which names are written out."""
_CHANNELS = {
    Channel.IN_PERSON: "本人",
    Channel.PHONE: "电话",
    Channel.LETTER: "书信",
    Channel.TEACHER_RECOMMENDATION: "教师推荐",
    Channel.PARENT_RECOMMENDATION: "家长推荐",
    Channel.ONLINE_NOTE: "留言登记",
    Channel.WALK_IN: "临时来访",
}
_MODES = {Mode.FACE: "面谈", Mode.PHONE: "电话", Mode.ONLINE: "网络", Mode.LETTER: "书信"}
_URGENCIES = {Urgency.NORMAL: "一般", Urgency.SOON: "尽快", Urgency.CRISIS: "立即评估"}
_STATES = {
    AppointmentState.REQUESTED: "待确认",
    AppointmentState.CONFIRMED: "待到",
    AppointmentState.CHECKED_IN: "已到",
    AppointmentState.COMPLETED: "已完成",
    AppointmentState.NO_SHOW: "未到",
    AppointmentState.CANCELLED: "已取消",
}
_WHO = {ClientType.STUDENT: "同学", ClientType.PARENT: "家长", ClientType.STAFF: "老师"}
_BY = {CancelledBy.CLIENT: "来访者", CancelledBy.COUNSELLOR: "咨询师", CancelledBy.SCHOOL: "学校"}
_HELD = (AppointmentState.CHECKED_IN, AppointmentState.COMPLETED)


@dataclass(frozen=True)
class Period:
    """What a list is printed of.

    Attributes:
        first: its first day.
        last: its last day.
        with_names: names are written out; else the surname stands for it.
    """

    first: date
    last: date
    with_names: bool


def _read_key(key: str) -> Period:
    """Return what a key such as `2026-10-12_2026-10-18` or `2026-10-12_2026-10-18_names` means."""
    parts = key.split("_")
    try:
        found = Period(date.fromisoformat(parts[0]), date.fromisoformat(parts[1]), parts[2:] == [NAMES])
    except (ValueError, IndexError):
        raise missing() from None
    if found.last < found.first:
        raise missing()
    return found


def _appointment_list(work: Work, entity_id: str) -> FormSubject:
    period = _read_key(entity_id)
    zone = work.now.tzinfo
    rows = work.session.execute(
        select(Appointment, Person.name, CLASS_WORDS, WaitingEntry.referrer, WaitingEntry.wanted_times)
        .join(Person, Person.id == Appointment.client_id)
        .outerjoin(Student, Student.id == Appointment.client_id)
        .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
        .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
        .outerjoin(WaitingEntry, WaitingEntry.appointment_id == Appointment.id)
        .where(
            # The counsellors are named so that the index on them and the time is used.
            Appointment.counsellor_id.in_(select(Account.person_id)),
            Appointment.starts_at >= datetime.combine(period.first, time(0), zone),
            Appointment.starts_at < datetime.combine(period.last + timedelta(days=1), time(0), zone),
            Appointment.voided_at.is_(None),
        )
        .order_by(Appointment.starts_at, Appointment.number)
    ).all()
    table = []
    for number, (row, name, unit, referrer, wanted) in enumerate(rows, start=1):
        begin, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
        table.append(
            {
                "number": str(number),
                "asked_on": f"{row.created_at.astimezone(zone):%m-%d %H:%M}",
                "who": name if period.with_names else _covered(name, row.client_type),
                "class_name": unit or "",
                "channel": _CHANNELS[row.channel],
                "referrer": (referrer or "") if period.with_names else "",
                "wanted": wanted or "",
                "arranged": f"{begin:%m-%d} {clock_text(begin)}-{clock_text(end)}",
                "counsellor": name_of(work, row.counsellor_id) or "",
                "mode": _MODES[row.mode],
                "visit": _visit(work, row),
                "urgency": _URGENCIES[row.urgency],
                "state": _STATES[row.state],
                "cancelled": _cancelled(row),
            }
        )
    held = sum(row.state in _HELD for row, *_rest in rows)
    values = {
        **room_values(work),
        "bookings.period": f"{period.first:%Y-%m-%d} 至 {period.last:%Y-%m-%d}",
        "bookings.count": f"预约 {len(rows)}，到访 {held}",
        "bookings.rows": table,
    }
    terms = {(row.academic_year, row.term) for row, *_rest in rows}
    year, term = next(iter(terms)) if len(terms) == 1 else (None, None)
    return FormSubject(Subject("appointment", entity_id, Secrecy.S2), None, "", year, term_name(term), values)


def _covered(name: str, kind: ClientType) -> str:
    surname = name_readings.surname_readings(name)[0] or name[:1]
    return f"{surname}{_WHO[kind]}"


def _visit(work: Work, row: Appointment) -> str:
    if row.state in (AppointmentState.NO_SHOW, AppointmentState.CANCELLED):
        return ""
    earlier = work.session.scalar(
        select(Appointment.id)
        .where(
            Appointment.client_id == row.client_id,
            Appointment.starts_at < row.starts_at,
            Appointment.state.in_(_HELD),
            Appointment.voided_at.is_(None),
        )
        .limit(1)
    )
    return "首次" if earlier is None else "复次"


def _cancelled(row: Appointment) -> str:
    if row.state is not AppointmentState.CANCELLED or row.cancelled_by is None:
        return ""
    return "：".join(part for part in (_BY[row.cancelled_by], row.cancel_reason or "") if part)


APPOINTMENT_LOADERS: dict[str, Callable[[Work, str], FormSubject]] = {"appointment_list": _appointment_list}
