"""What a form can be bound to: each path with the mapped column behind it, and so with its class of information.

The class is read from the column (`info["disclosure"]`) and never written here, so that a form can't be given a
milder class than the data it prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from counselroom.model.archive import ArchiveCard, ArchiveItem, PsychArchive
from counselroom.model.care import FollowUpRecord, FollowUpTask, TierRecord
from counselroom.model.counselling import Appointment, CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.crisis_events import (
    ContactAttempt,
    CrisisAssessment,
    CrisisEvent,
    CrisisLog,
    CrisisReport,
    CrisisStep,
    GuardianNotice,
    GuardPeriod,
    GuardShift,
)
from counselroom.model.office import PrintLog
from counselroom.model.people import Guardian, Person, Student
from counselroom.model.safekeeping import AuditRow
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
    "student.class_with_grade": Student.class_id,
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
_BOOKINGS: dict[str, Column] = {
    "bookings.period": Appointment.starts_at,
    "bookings.count": Appointment.state,
    "bookings.rows": Appointment.cancel_reason,
}
"""The rows of a list have the class of the most secret of their columns."""
_AUDIT: dict[str, Column] = {
    "audit.period": AuditRow.at,
    "audit.count": AuditRow.seq,
    "audit.wanted": AuditRow.action,
    "audit.chain": AuditRow.hash,
    "audit.rows": PrintLog.recipient,
}
_CASE: dict[str, Column] = {"case.code": CaseFile.code}
_CONSENT: dict[str, Column] = {
    "consent.kind": Consent.kind,
    "consent.text_version": Consent.text_version,
    "consent.signed_by": Consent.signed_by,
    "consent.signer_relation": Consent.signer_relation,
    "consent.signed_on": Consent.signed_at,
    "consent.scope": Consent.scope,
}
SECTIONS = (
    "presenting",
    "observation",
    "content",
    "analysis",
    "technique",
    "client_response",
    "risk_action",
    "agreements",
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
_ARCHIVE: dict[str, Column] = {
    "archive.archive_no": PsychArchive.archive_no,
    "archive.opened_on": PsychArchive.opened_on,
    "archive.open_reason": PsychArchive.open_reason,
    "archive.secrecy": PsychArchive.secrecy,
    "archive.volumes": PsychArchive.state,
    "archive.pages": ArchiveItem.pages,
    "archive.items": ArchiveItem.title,
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

_ASSESSMENT: dict[str, Column] = {
    "assessment.assessed_at": CrisisAssessment.assessed_at,
    "assessment.source": CrisisAssessment.source,
    "assessment.criteria": CrisisAssessment.criteria,
    "assessment.coping_fails": CrisisAssessment.coping_fails,
    "assessment.ideation": CrisisAssessment.ideation,
    "assessment.level": CrisisAssessment.level,
    "assessment.in_school": CrisisAssessment.in_school_manageable,
    "assessment.reassess_on": CrisisAssessment.reassess_on,
    "assessment.counsellor": CrisisAssessment.counsellor_id,
    "assessment.place": CrisisAssessment.place,
    "assessment.own_criterion": CrisisAssessment.own_criterion,
    "assessment.life_events": CrisisAssessment.life_events,
    "assessment.emotion": CrisisAssessment.emotion,
    "assessment.somatic": CrisisAssessment.somatic,
    "assessment.cognition": CrisisAssessment.cognition,
    "assessment.behaviour": CrisisAssessment.behaviour,
    "assessment.plan_means": CrisisAssessment.plan_means,
    "assessment.history": CrisisAssessment.history,
    "assessment.protective": CrisisAssessment.protective,
    "assessment.target_of_harm": CrisisAssessment.target_of_harm,
    "assessment.opinion": CrisisAssessment.opinion,
    "assessment.advice": CrisisAssessment.advice,
}
_EVENT: dict[str, Column] = {
    "event.code": CrisisEvent.code,
    "event.found_at": CrisisEvent.found_at,
    "event.found_by": CrisisEvent.found_by,
    "event.occurred_at": CrisisEvent.occurred_at,
    "event.place": CrisisEvent.place,
    "event.kind": CrisisEvent.kind,
    "event.level": CrisisEvent.level,
    "event.facts": CrisisEvent.facts,
    "event.measures": CrisisEvent.measures,
    "event.commander": CrisisEvent.commander,
    "event.counsellor": CrisisEvent.counsellor_id,
    "event.report_due": CrisisStep.due_at,
    "event.report_done": CrisisStep.done_at,
    "event.reports": ContactAttempt.said,
    "event.attempts": ContactAttempt.said,
    "event.steps": CrisisStep.note,
    "event.outcome": CrisisEvent.outcome,
    "event.authorisations": ContactAttempt.said,
    "event.guard_place": GuardPeriod.place,
    "event.guard_start": GuardPeriod.starts_at,
    "event.guard_end": GuardPeriod.ended_at,
    "event.guard_taken_by": GuardPeriod.handed_to,
    "event.guard_gap_minutes": GuardPeriod.ended_at,
    "event.guard_gap_reason": GuardPeriod.gap_reason,
    "event.guard_shifts": GuardShift.handover_note,
    "event.observations": CrisisLog.said,
}
_NOTICE: dict[str, Column] = {
    "notice.addressee": GuardianNotice.addressee,
    "notice.facts": GuardianNotice.facts,
    "notice.request": GuardianNotice.request,
    "notice.contact_person": GuardianNotice.contact_person,
    "notice.mode": GuardianNotice.mode,
    "notice.issued_at": GuardianNotice.issued_at,
    "notice.issued_by": GuardianNotice.issued_by,
}
_REPORT: dict[str, Column] = {
    "report.persons": CrisisReport.persons,
    "report.course": CrisisReport.course,
    "report.cause": CrisisReport.cause,
    "report.nature": CrisisReport.nature,
    "report.measures": CrisisReport.measures,
    "report.help_needed": CrisisReport.help_needed,
    "report.other": CrisisReport.other,
    "report.enclosures": CrisisReport.enclosures,
    "report.due_at": CrisisReport.due_at,
    "report.issued_at": CrisisReport.issued_at,
    "report.author": CrisisReport.issued_by,
}

_FOLLOW_UP: dict[str, Column] = {
    "follow_up.origin": FollowUpTask.origin,
    "follow_up.rule": FollowUpTask.rule,
    "follow_up.task": FollowUpTask.task,
    "follow_up.due_on": FollowUpTask.due_on,
    "follow_up.held_on": FollowUpRecord.held_on,
    "follow_up.mode": FollowUpRecord.mode,
    "follow_up.done_by": FollowUpRecord.done_by,
    "follow_up.mood": FollowUpRecord.mood,
    "follow_up.sleep": FollowUpRecord.sleep,
    "follow_up.study": FollowUpRecord.study,
    "follow_up.social": FollowUpRecord.social,
    "follow_up.family": FollowUpRecord.family,
    "follow_up.peers_say": FollowUpRecord.peers_say,
    "follow_up.risk": FollowUpRecord.risk,
    "follow_up.change": FollowUpRecord.change,
    "follow_up.measures": FollowUpRecord.measures,
    "follow_up.tier_change_wanted": FollowUpRecord.tier_change_wanted,
    "follow_up.next_on": FollowUpRecord.next_on,
    "follow_up.counsellor": FollowUpRecord.counsellor_id,
}
_PLAN: dict[str, Column] = {
    "plan.first_on": FollowUpTask.opens_on,
    "plan.last_on": FollowUpTask.due_on,
    "plan.counsellor": FollowUpTask.owner_id,
    "plan.tasks": FollowUpTask.task,
    "plan.card": FollowUpTask.task,
}
_STATISTICS: dict[str, Column] = {
    "statistics.period": SessionRecord.held_on,
    "statistics.sessions": SessionRecord.held_on,
    "statistics.clients": SessionRecord.held_on,
    "statistics.opened": CaseFile.opened_on,
    "statistics.closed": CaseFile.closed_on,
    "statistics.absences": Appointment.state,
    "statistics.appointments": Appointment.state,
    "statistics.referrals": Referral.state,
    "statistics.answered": Referral.state,
    "statistics.on_time": FollowUpTask.due_on,
    "statistics.months": SessionRecord.held_on,
    "statistics.groups": SessionRecord.held_on,
    # How many named a topic, not what one of them named: no class of its own is told.
    "statistics.topics": SessionRecord.held_on,
    "statistics.tiers": TierRecord.state,
}
"""Counts say nothing of what is in a record: they have the class of the column by which the rows are picked."""

COLUMNS: Mapping[str, Column] = {
    **_STUDENT,
    **_GUARDIAN,
    **_ROOM,
    **_APPOINTMENT,
    **_BOOKINGS,
    **_AUDIT,
    **_CASE,
    **_CONSENT,
    **_SESSION,
    **_CARD,
    **_ARCHIVE,
    **_REFERRAL,
    **_ASSESSMENT,
    **_EVENT,
    **_NOTICE,
    **_REPORT,
    **_FOLLOW_UP,
    **_PLAN,
    **_STATISTICS,
}
"""Every path a form may bind, with the column it is read from."""


@cache
def disclosure_classes() -> Mapping[str, DisclosureClass]:
    """Return the class of information of every path, as its column carries it."""
    return {path: DisclosureClass(column.property.columns[0].info["disclosure"]) for path, column in COLUMNS.items()}
