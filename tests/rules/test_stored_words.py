"""The words that stand in vaults and backups: one that is renamed or dropped makes old rows unreadable.

A new word may be added here; an old one may only go together with a migration.
"""

from __future__ import annotations

from enum import StrEnum

import pytest

from counselroom.rules.access import Action, Refusal, Role
from counselroom.rules.archive import ArchiveItemKind, ArchiveState, CollectionSource, FamilyStructure, OpenReason
from counselroom.rules.care_words import (
    CareTier,
    DutyChannel,
    FollowUpMode,
    FollowUpOrigin,
    TaskState,
    TierChange,
    TierState,
    TierSubtype,
    WaitingState,
)
from counselroom.rules.counselling import (
    AppointmentState,
    CancelledBy,
    CaseStatus,
    Channel,
    ClientType,
    ConsentKind,
    Mode,
    RiskLevel,
    Urgency,
)
from counselroom.rules.crisis_words import (
    AssessmentSource,
    ContactMode,
    ContactOutcome,
    ContactPurpose,
    ContactRole,
    CrisisKind,
    CrisisLevel,
    CrisisState,
    Duty,
    GuardEnd,
    Ideation,
    LogKind,
    StepState,
    WatcherRole,
)
from counselroom.rules.disclosure import DisclosureClass
from counselroom.rules.numbering import Series
from counselroom.rules.people import Gender, PersonKind, Relation, SpecialGroup, StudentStatus
from counselroom.rules.printing import PrintState
from counselroom.rules.referral import ConsentAnswer, IssueObstacle, ReferralState, ReferralTarget, ReferralUrgency
from counselroom.rules.registers import RegisterState
from counselroom.rules.school import DayKind, SchoolType, UnitKind
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import SignObstacle

WORDS: dict[type[StrEnum], str] = {
    Role: "counsellor archive_manager center_director crisis_head sys_admin",
    Action: (
        "read write sign amend print export file redact reassign destroy grant manage_accounts manage_school import"
        " back_up restore check read_audit keep_draft"
    ),
    Refusal: "role not_yours restricted reason_needed",
    Secrecy: "S0 S1 S2 S3",
    Series: "YY GA ZJ DA Z",
    DisclosureClass: "identity contact care_point event_fact session_text raw_score illness others administrative",
    ArchiveState: "open pending_filing filed appraisal transferred destroyed",
    OpenReason: "screening counselling tier special_group census return",
    ArchiveItemKind: "card session referral consent other",
    FamilyStructure: "complete single divorced reconstituted orphan left_behind other",
    CollectionSource: "inquiry home_visit talk",
    ClientType: "student staff parent",
    Channel: "in_person phone letter teacher_rec parent_rec online_note walk_in",
    Mode: "face phone online letter",
    Urgency: "normal soon crisis",
    AppointmentState: "requested confirmed checked_in completed no_show cancelled",
    CancelledBy: "client counsellor school",
    ConsentKind: "service recording case_use guardian treatment screening",
    CaseStatus: "open active paused closing closed archived",
    RiskLevel: "none mild moderate severe",
    PersonKind: "student guardian staff other",
    Gender: "male female unknown",
    StudentStatus: "enrolled on_leave transferred withdrawn graduated",
    Relation: "father mother grandparent sibling other",
    SpecialGroup: (
        "left_behind single_parent divorced orphan poverty_registered disabled learning_difficulty migrant bullied"
        " domestic_violence chronic_illness frontline_family puberty_girl_need problem_behaviour other"
    ),
    PrintState: "printed saved voided",
    RegisterState: "draft filed",
    ReferralTarget: "hospital crisis_center other_school district_center external_counsel",
    ReferralUrgency: "normal soon emergency",
    ReferralState: ("assessed consented waived issued accepted treated feedback_received follow_up closed refused"),
    ConsentAnswer: "agreed refused pending",
    IssueObstacle: "no_supervisor_opinion no_guardian_consent no_emergency_basis",
    SignObstacle: "empty no_safety_assessment no_consent",
    SchoolType: "primary junior senior vocational special university district_center",
    UnitKind: "school campus college grade class dorm center office",
    DayKind: "holiday make_up exam node",
    CrisisLevel: "mild moderate severe",
    Ideation: "none passive active plan attempt",
    AssessmentSource: "self teacher peer guardian session appointment hotline letter screening warning sweep other",
    CrisisKind: "ideation self_harm attempt completed harm_others group stress other",
    CrisisState: "reported assessing responding stabilised postvention follow_up closed false_alarm",
    Duty: "found report guard notify block rescue handle",
    StepState: "open done not_applicable",
    LogKind: "note observation step contact guard paper state",
    ContactRole: (
        "guardian school_leader class_teacher student_office college security clinic police hospital"
        " bureau hotline other"
    ),
    ContactPurpose: "report notify authorise rescue follow",
    ContactMode: "phone face letter message",
    ContactOutcome: "reached no_answer busy wrong_number message_left refused",
    GuardEnd: "parent_took_over hospital level_lowered other",
    WatcherRole: "teacher counsellor leader dorm_staff security clinic guardian student other",
    CareTier: "key_concern key_intervention group_support",
    TierSubtype: (
        "study_under_treatment hospital_or_home screen2_severe screen2_moderate_mild acute_stress"
        " severe_blow screen3 affected group_or_long_term"
    ),
    TierState: "proposed confirmed changed ended rejected",
    TierChange: "new upgrade downgrade same",
    FollowUpOrigin: "tier crisis return closure hand",
    TaskState: "open done missed waived ended",
    FollowUpMode: "talk visit counselling phone_parent peer_inquiry",
    WaitingState: "waiting placed withdrawn",
    DutyChannel: "room hotline online mailbox",
}


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_stored_words_stay_what_they_are(kind: type[StrEnum]) -> None:
    assert [member.value for member in kind] == WORDS[kind].split()
    assert len(set(WORDS[kind].split())) == len(WORDS[kind].split())


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_a_stored_word_is_found_under_its_own_name(kind: type[StrEnum]) -> None:
    for member in kind:
        assert kind(member.value) is member
        assert len(member.value) <= 32
