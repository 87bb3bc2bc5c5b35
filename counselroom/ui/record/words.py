"""Words for what the record of a student holds: relations, groups, kinds of consent, states, accesses."""

from __future__ import annotations

from datetime import date, datetime

from counselroom.i18n import pgettext
from counselroom.rules.archive import ArchiveState
from counselroom.rules.counselling import AppointmentState, CaseStatus, ConsentKind
from counselroom.rules.people import Gender, Relation, SpecialGroup
from counselroom.rules.referral import ReferralState


def gender_word(gender: Gender) -> str:
    """Return the word for a gender; empty when it is not known."""
    return {
        Gender.FEMALE: pgettext("gender", "female"),
        Gender.MALE: pgettext("gender", "male"),
        Gender.UNKNOWN: "",
    }[gender]


def relation_word(relation: Relation) -> str:
    """Return what a guardian is to the student."""
    return {
        Relation.FATHER: pgettext("relation", "father"),
        Relation.MOTHER: pgettext("relation", "mother"),
        Relation.GRANDPARENT: pgettext("relation", "grandparent"),
        Relation.SIBLING: pgettext("relation", "sibling"),
        Relation.OTHER: pgettext("relation", "other"),
    }[relation]


def group_word(group: SpecialGroup) -> str:
    """Return the word for a special group."""
    return {
        SpecialGroup.LEFT_BEHIND: pgettext("special group", "left behind"),
        SpecialGroup.SINGLE_PARENT: pgettext("special group", "single parent"),
        SpecialGroup.DIVORCED: pgettext("special group", "parents divorced"),
        SpecialGroup.ORPHAN: pgettext("special group", "orphan"),
        SpecialGroup.POVERTY_REGISTERED: pgettext("special group", "registered poverty"),
        SpecialGroup.DISABLED: pgettext("special group", "disabled"),
        SpecialGroup.LEARNING_DIFFICULTY: pgettext("special group", "learning difficulty"),
        SpecialGroup.MIGRANT: pgettext("special group", "migrant"),
        SpecialGroup.BULLIED: pgettext("special group", "bullied"),
        SpecialGroup.DOMESTIC_VIOLENCE: pgettext("special group", "domestic violence"),
        SpecialGroup.CHRONIC_ILLNESS: pgettext("special group", "long illness"),
        SpecialGroup.FRONTLINE_FAMILY: pgettext("special group", "frontline family"),
        SpecialGroup.PUBERTY_GIRL_NEED: pgettext("special group", "puberty support"),
        SpecialGroup.PROBLEM_BEHAVIOUR: pgettext("special group", "behaviour support"),
        SpecialGroup.OTHER: pgettext("special group", "other"),
    }[group]


def consent_word(kind: str) -> str:
    """Return what is consented to."""
    return {
        ConsentKind.SERVICE: pgettext("consent", "counselling"),
        ConsentKind.RECORDING: pgettext("consent", "recording"),
        ConsentKind.CASE_USE: pgettext("consent", "use of the case"),
        ConsentKind.GUARDIAN: pgettext("consent", "by the guardian"),
        ConsentKind.TREATMENT: pgettext("consent", "treatment"),
        ConsentKind.SCREENING: pgettext("consent", "screening"),
    }[ConsentKind(kind)]


def appointment_word(state: str) -> str:
    """Return the state of an appointment."""
    return {
        AppointmentState.REQUESTED: pgettext("appointment", "requested"),
        AppointmentState.CONFIRMED: pgettext("appointment", "confirmed"),
        AppointmentState.CHECKED_IN: pgettext("appointment", "here"),
        AppointmentState.COMPLETED: pgettext("appointment", "completed"),
        AppointmentState.NO_SHOW: pgettext("appointment", "did not come"),
        AppointmentState.CANCELLED: pgettext("appointment", "cancelled"),
    }[AppointmentState(state)]


def case_word(status: str) -> str:
    """Return the state of a case."""
    return {
        CaseStatus.OPEN: pgettext("case", "opened"),
        CaseStatus.ACTIVE: pgettext("case", "active"),
        CaseStatus.PAUSED: pgettext("case", "paused"),
        CaseStatus.CLOSING: pgettext("case", "closing"),
        CaseStatus.CLOSED: pgettext("case", "closed"),
        CaseStatus.ARCHIVED: pgettext("case", "archived"),
    }[CaseStatus(status)]


def referral_word(state: str) -> str:
    """Return the state of a referral."""
    return {
        ReferralState.ASSESSED: pgettext("referral", "being prepared"),
        ReferralState.CONSENTED: pgettext("referral", "consented"),
        ReferralState.WAIVED: pgettext("referral", "without consent"),
        ReferralState.ISSUED: pgettext("referral", "issued"),
        ReferralState.ACCEPTED: pgettext("referral", "accepted"),
        ReferralState.TREATED: pgettext("referral", "treated"),
        ReferralState.FEEDBACK_RECEIVED: pgettext("referral", "reply received"),
        ReferralState.FOLLOW_UP: pgettext("referral", "follow-up"),
        ReferralState.CLOSED: pgettext("referral", "closed"),
        ReferralState.REFUSED: pgettext("referral", "refused"),
    }[ReferralState(state)]


def archive_word(state: str) -> str:
    """Return the state of an archive."""
    return {
        ArchiveState.OPEN: pgettext("archive", "open"),
        ArchiveState.PENDING_FILING: pgettext("archive", "to be filed"),
        ArchiveState.FILED: pgettext("archive", "filed"),
        ArchiveState.APPRAISAL: pgettext("archive", "in appraisal"),
        ArchiveState.TRANSFERRED: pgettext("archive", "transferred"),
        ArchiveState.DESTROYED: pgettext("archive", "destroyed"),
    }[ArchiveState(state)]


def action_word(action: str) -> str:
    """Return what somebody did with a record, in the past tense."""
    return {
        "read": pgettext("access", "opened"),
        "print": pgettext("access", "printed"),
        "export": pgettext("access", "exported"),
        "sign": pgettext("access", "signed"),
        "amend": pgettext("access", "corrected"),
        "file": pgettext("access", "filed"),
        "redact": pgettext("access", "blanked"),
        "reassign": pgettext("access", "reassigned"),
        "destroy": pgettext("access", "destroyed"),
        "write": pgettext("access", "changed"),
    }.get(action, pgettext("access", "used"))


def entity_word(entity: str) -> str:
    """Return what was opened, printed or changed."""
    return {
        "student": pgettext("entity", "this record"),
        "person": pgettext("entity", "this record"),
        "guardian": pgettext("entity", "guardians"),
        "special_group_member": pgettext("entity", "special groups"),
        "session_record": pgettext("entity", "session note"),
        "case_file": pgettext("entity", "case"),
        "appointment": pgettext("entity", "appointment"),
        "consent": pgettext("entity", "consent"),
        "amendment": pgettext("entity", "correction"),
        "psych_archive": pgettext("entity", "archive"),
        "archive_card": pgettext("entity", "archive card"),
        "archive_item": pgettext("entity", "archive index"),
        "tier_record": pgettext("entity", "tier of care"),
        "follow_up_task": pgettext("entity", "follow-up"),
        "follow_up_record": pgettext("entity", "follow-up"),
        "crisis_event": pgettext("entity", "crisis case"),
        "crisis_assessment": pgettext("entity", "safety assessment"),
        "referral": pgettext("entity", "referral"),
        "attachment": pgettext("entity", "attachment"),
        "print_log": pgettext("entity", "print"),
        "register_row": pgettext("entity", "register"),
    }.get(entity, pgettext("entity", "record"))


def short_day(day: date, today: date) -> str:
    """Return a day as the window writes it: 3月13日, with the year when it is not this one."""
    words = pgettext("date", "{month}/{day}").format(month=day.month, day=day.day)
    return words if day.year == today.year else pgettext("date", "{year}, {day}").format(year=day.year, day=words)


def weekday(day: date) -> str:
    """Return the day of the week in two characters."""
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )[day.weekday()]


def local_day(moment: datetime, now: datetime) -> date:
    """Return the day of a moment where `now` is."""
    return moment.astimezone(now.tzinfo).date()


def years_between(birth: date, today: date) -> int:
    """Return the age in whole years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def size_words(size: int) -> str:
    """Return the size of a file."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"
