"""What a form can be bound to: each path with the mapped column behind it, and so with its class of information.

The class is read from the column (`info["disclosure"]`) and never written here, so that a form can't be given a
milder class than the data it prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from counselroom.model.archive import ArchiveCard, PsychArchive
from counselroom.model.counselling import Appointment, CaseFile, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.people import Guardian, Person, Student
from counselroom.model.school import Room, School
from counselroom.rules.disclosure import DisclosureClass

Column = InstrumentedAttribute[Any]

_STUDENT: dict[str, Column] = {
    "student.name": Person.name,
    "student.student_no": Student.student_no,
    "student.gender": Person.gender,
    "student.birth_date": Person.birth_date,
    "student.class_name": Student.class_id,
    "student.grade": Student.class_id,
    "student.dorm": Student.dorm,
    "student.phone": Person.phone,
    "student.address": Person.address,
    "student.ethnicity": Student.ethnicity,
    "student.political_status": Student.political_status,
}
_GUARDIAN: dict[str, Column] = {
    "guardian.name": Person.name,
    "guardian.relation": Guardian.relation,
    "guardian.phone": Person.phone,
    "guardian.backup_phone": Person.backup_phone,
    "guardian.address": Person.address,
}
_ROOM: dict[str, Column] = {
    "room.name": School.room_name,
    "room.reschedule_phone": School.room_phone,
}
_APPOINTMENT: dict[str, Column] = {
    "appointment.number": Appointment.number,
    "appointment.starts_on": Appointment.starts_at,
    "appointment.time_span": Appointment.starts_at,
    "appointment.minutes": Appointment.ends_at,
    "appointment.place": Room.name,
    "appointment.counsellor": Appointment.counsellor_id,
    "appointment.mode": Appointment.mode,
}
_CASE: dict[str, Column] = {"case.code": CaseFile.code}
SECTIONS = (
    "presenting",
    "observation",
    "content",
    "analysis",
    "technique",
    "client_response",
    "risk_action",
    "goal_progress",
    "decision_deferral",
    "homework",
    "next_plan",
)
"""linkIds of the sections of a session note (F-11)."""
_SESSION: dict[str, Column] = {
    "session.seq": SessionRecord.seq,
    "session.date": SessionRecord.held_on,
    "session.start": SessionRecord.starts_at,
    "session.end": SessionRecord.ends_at,
    "session.minutes": SessionRecord.ends_at,
    "session.mode": SessionRecord.mode,
    "session.place": SessionRecord.place,
    "session.risk_level": SessionRecord.risk_level,
    "session.next_time": SessionRecord.next_at,
    "session.counsellor": SessionRecord.counsellor_id,
    **{f"session.section.{section}": SessionRecord.sections for section in SECTIONS},
}
_CARD: dict[str, Column] = {
    "card.archive_no": PsychArchive.archive_no,
    "card.family_members": ArchiveCard.family_members,
    "card.family_structure": ArchiveCard.family_structure,
    "card.economic": ArchiveCard.economic,
    "card.living": ArchiveCard.living,
    "card.caretaker": ArchiveCard.caretaker,
    "card.health_history": ArchiveCard.health_history,
    "card.medication": ArchiveCard.medication,
    "card.major_events": ArchiveCard.major_events,
    "card.study_status": ArchiveCard.study_status,
    "card.interests": ArchiveCard.interests,
    "card.self_description": ArchiveCard.self_description,
    "card.teacher_description": ArchiveCard.teacher_description,
    "card.friendships": ArchiveCard.friendships,
    "card.teacher_observation": ArchiveCard.teacher_observation,
    "card.home_visit_summary": ArchiveCard.home_visit_summary,
    "card.special_groups": ArchiveCard.special_groups,
    "card.source": ArchiveCard.source,
    "card.collected_on": ArchiveCard.collected_on,
    "card.collected_by": ArchiveCard.collected_by,
    "card.suggestion": ArchiveCard.suggestion,
}
_REFERRAL: dict[str, Column] = {
    "referral.number": Referral.number,
    "referral.to_kind": Referral.to_kind,
    "referral.to_name": Referral.to_name,
    "referral.reason": Referral.reason,
    "referral.summary": Referral.summary,
    "referral.done_so_far": Referral.done_so_far,
    "referral.risk": Referral.risk,
    "referral.urgency": Referral.urgency,
    "referral.accompanied_by": Referral.accompanied_by,
    "referral.client_consent": Referral.client_consent,
    "referral.guardian_consent": Referral.guardian_consent,
    "referral.emergency_basis": Referral.emergency_basis,
    "referral.supervisor_opinion": Referral.supervisor_opinion,
    "referral.issued_on": Referral.issued_at,
    "referral.issued_by": Referral.issued_by,
    "referral.session_excerpt": Referral.session_excerpt,
}

COLUMNS: Mapping[str, Column] = {
    **_STUDENT,
    **_GUARDIAN,
    **_ROOM,
    **_APPOINTMENT,
    **_CASE,
    **_SESSION,
    **_CARD,
    **_REFERRAL,
}
"""Every path a form may bind, with the column it is read from."""


@cache
def disclosure_classes() -> Mapping[str, DisclosureClass]:
    """Return the class of information of every path, as its column carries it."""
    return {path: DisclosureClass(column.property.columns[0].info["disclosure"]) for path, column in COLUMNS.items()}
