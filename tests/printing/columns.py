"""The class of every column that the shipped forms bind; the services supply the same from the mapped columns."""

from __future__ import annotations

from counselroom.rules.disclosure import DisclosureClass

_PATHS: dict[DisclosureClass, str] = {
    DisclosureClass.IDENTITY: (
        "audit.rows consent.signed_by consent.signer_relation "
        "follow_up.done_by "
        "notice.addressee "
        "student.name student.student_no student.gender student.birth_date student.class_name student.grade "
        "student.class_with_grade "
        "student.ethnicity student.political_status student.dorm guardian.name guardian.relation"
    ),
    DisclosureClass.CONTACT: ("student.phone student.address guardian.phone guardian.backup_phone guardian.address"),
    DisclosureClass.CARE_POINT: ("follow_up.task plan.card plan.tasks card.suggestion"),
    DisclosureClass.EVENT_FACT: (
        "assessment.level assessment.in_school assessment.place assessment.opinion assessment.advice "
        "event.found_at event.found_by event.occurred_at event.place event.kind event.level event.facts "
        "event.measures event.commander event.report_done event.reports event.attempts event.steps "
        "event.authorisations event.guard_place event.guard_start event.guard_taken_by event.guard_gap_reason "
        "event.guard_shifts event.observations "
        "event.outcome notice.facts notice.request notice.contact_person notice.mode report.persons "
        "report.course report.cause report.nature report.measures report.help_needed report.other "
        "referral.to_kind referral.to_name referral.urgency referral.accompanied_by referral.client_consent "
        "referral.guardian_consent referral.reason referral.summary referral.done_so_far referral.risk "
        "referral.emergency_basis referral.supervisor_opinion"
    ),
    DisclosureClass.SESSION_TEXT: (
        "bookings.rows "
        "follow_up.change follow_up.measures follow_up.mood follow_up.risk follow_up.sleep "
        "follow_up.social follow_up.study follow_up.tier_change_wanted "
        "assessment.criteria assessment.coping_fails assessment.ideation assessment.own_criterion "
        "assessment.life_events assessment.emotion assessment.somatic assessment.cognition "
        "assessment.behaviour assessment.plan_means assessment.history assessment.protective "
        "consent.scope session.risk_level session.section.presenting session.section.observation "
        "session.section.content "
        "session.section.analysis session.section.technique session.section.client_response "
        "session.section.goal_progress session.section.homework session.section.next_plan "
        "session.section.agreements session.section.decision_deferral session.section.risk_action "
        "card.study_status card.interests "
        "archive.items card.self_description card.teacher_description card.teacher_observation card.home_visit_summary "
        "referral.session_excerpt"
    ),
    DisclosureClass.ILLNESS: ("card.health_history card.medication"),
    DisclosureClass.OTHERS: (
        "follow_up.family follow_up.peers_say "
        "assessment.target_of_harm "
        "card.family_members card.family_structure card.economic card.living card.caretaker card.friendships "
        "card.special_groups card.major_events"
    ),
    DisclosureClass.ADMINISTRATIVE: (
        "audit.chain audit.count audit.period audit.wanted bookings.period bookings.count "
        "follow_up.due_on follow_up.held_on follow_up.mode follow_up.next_on follow_up.origin "
        "follow_up.rule plan.counsellor plan.first_on plan.last_on statistics.absences "
        "statistics.appointments statistics.closed statistics.opened statistics.topics "
        "statistics.answered statistics.clients statistics.groups statistics.months "
        "statistics.on_time statistics.period statistics.referrals statistics.sessions "
        "statistics.tiers "
        "assessment.assessed_at assessment.source assessment.reassess_on assessment.counsellor event.code "
        "event.guard_end event.guard_gap_minutes "
        "event.counsellor event.report_due notice.issued_at notice.issued_by report.enclosures "
        "report.due_at report.issued_at report.author "
        "consent.kind consent.text_version consent.signed_on "
        "appointment.number appointment.starts_on appointment.time_span appointment.place "
        "appointment.counsellor appointment.minutes appointment.mode room.reschedule_phone case.code "
        "session.seq session.date session.start session.end session.minutes session.mode session.place "
        "session.next_time session.counsellor card.source card.collected_on card.archive_no card.collected_by "
        "archive.archive_no archive.opened_on archive.open_reason archive.secrecy archive.volumes archive.pages "
        "referral.number referral.issued_on referral.issued_by room.name"
    ),
}
COLUMNS: dict[str, DisclosureClass] = {path: kind for kind, paths in _PATHS.items() for path in paths.split()}
