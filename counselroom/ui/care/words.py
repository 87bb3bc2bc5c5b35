"""Words and shapes for tiers, follow-up tasks and what was found in them."""

from __future__ import annotations

from datetime import date

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier, FollowUpMode, FollowUpOrigin, TierChange, TierState, TierSubtype
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.follow_up import Per
from counselroom.rules.tiers import EvidenceKind
from counselroom.ui.moments import day_word
from counselroom.ui.record.words import weekday
from counselroom.ui.widgets.chip_face import ChipFace, focus_tier, group_tier, near, overdue, watch_tier


def tier_face(tier: CareTier) -> ChipFace:
    """Return shape and word of a tier."""
    return {
        CareTier.KEY_CONCERN: watch_tier,
        CareTier.KEY_INTERVENTION: focus_tier,
        CareTier.GROUP_SUPPORT: group_tier,
    }[tier]()


def subtype_word(subtype: TierSubtype) -> str:
    """Return what within a tier."""
    return {
        TierSubtype.STUDY_UNDER_TREATMENT: pgettext("subtype", "studies under treatment"),
        TierSubtype.HOSPITAL_OR_HOME: pgettext("subtype", "in hospital or resting at home"),
        TierSubtype.SCREEN2_SEVERE: pgettext("subtype", "screening II, severe"),
        TierSubtype.SCREEN2_MODERATE_MILD: pgettext("subtype", "screening II, moderate or mild"),
        TierSubtype.ACUTE_STRESS: pgettext("subtype", "acute stress"),
        TierSubtype.SEVERE_BLOW: pgettext("subtype", "severe blow"),
        TierSubtype.SCREEN3: pgettext("subtype", "screening III"),
        TierSubtype.AFFECTED: pgettext("subtype", "affected by something nearby"),
        TierSubtype.GROUP_OR_LONG_TERM: pgettext("subtype", "group event or long strain"),
    }[subtype]


def tier_state_word(state: str) -> str:
    """Return the state of a tier record."""
    return {
        TierState.PROPOSED: pgettext("tier state", "proposed"),
        TierState.CONFIRMED: pgettext("tier state", "confirmed"),
        TierState.CHANGED: pgettext("tier state", "changed"),
        TierState.ENDED: pgettext("tier state", "ended"),
        TierState.REJECTED: pgettext("tier state", "given back"),
    }[TierState(state)]


def change_word(change: TierChange) -> str:
    """Return what a proposal does to what holds now."""
    return {
        TierChange.NEW: pgettext("tier change", "newly listed"),
        TierChange.UPGRADE: pgettext("tier change", "to a higher tier"),
        TierChange.DOWNGRADE: pgettext("tier change", "to a lower tier"),
        TierChange.SAME: pgettext("tier change", "another kind of the same tier"),
    }[change]


def evidence_word(kind: EvidenceKind) -> str:
    """Return what a tier is based on."""
    return {
        EvidenceKind.INTERVIEW: pgettext("evidence", "interview"),
        EvidenceKind.OBSERVATION: pgettext("evidence", "observation"),
        EvidenceKind.HOSPITAL: pgettext("evidence", "paper of a hospital"),
        EvidenceKind.SCALE: pgettext("evidence", "scale"),
        EvidenceKind.OTHER: pgettext("evidence", "other"),
    }[kind]


def mode_word(mode: FollowUpMode) -> str:
    """Return how a follow-up was done."""
    return {
        FollowUpMode.TALK: pgettext("follow-up mode", "talk"),
        FollowUpMode.VISIT: pgettext("follow-up mode", "visit"),
        FollowUpMode.COUNSELLING: pgettext("follow-up mode", "counselling"),
        FollowUpMode.PHONE_PARENT: pgettext("follow-up mode", "call to the parents"),
        FollowUpMode.PEER_INQUIRY: pgettext("follow-up mode", "asked peers"),
    }[mode]


def risk_word(risk: RiskLevel) -> str:
    """Return what risk was seen."""
    return {
        RiskLevel.NONE: pgettext("risk", "none seen"),
        RiskLevel.MILD: pgettext("risk", "mild"),
        RiskLevel.MODERATE: pgettext("risk", "moderate"),
        RiskLevel.SEVERE: pgettext("risk", "severe"),
    }[risk]


def origin_word(origin: FollowUpOrigin) -> str:
    """Return why a task exists."""
    return {
        FollowUpOrigin.TIER: pgettext("origin", "tier"),
        FollowUpOrigin.CRISIS: pgettext("origin", "crisis case"),
        FollowUpOrigin.RETURN: pgettext("origin", "return to school"),
        FollowUpOrigin.CLOSURE: pgettext("origin", "closed case"),
        FollowUpOrigin.HAND: pgettext("origin", "by hand"),
    }[origin]


def often_words(times: int, per: Per) -> str:
    """Return how often a rule asks for something."""
    once = {
        Per.DAY: pgettext("often", "daily"),
        Per.TWO_WEEKS: pgettext("often", "every two weeks"),
        Per.TERM: pgettext("often", "once a term"),
        Per.ONCE: pgettext("often", "once"),
        Per.NEED: pgettext("often", "as needed"),
        Per.STANDING: pgettext("often", "without a break"),
    }
    if per in once:
        return once[per]
    if per is Per.WEEK:
        return pgettext("often", "{times} a week").format(times=times)
    return pgettext("often", "{times} a month").format(times=times)


def due_words(due_on: date, today: date) -> str:
    """Return a due day in words: 今天, 10月15日 周四."""
    if due_on == today:
        return pgettext("due", "today")
    return f"{day_word(due_on, today)} {weekday(due_on)}"


def due_face(due_on: date, today: date) -> ChipFace | None:
    """Return the chip of a due day that is over or today; None for one that lies ahead."""
    over = (today - due_on).days
    if over > 0:
        return overdue(_("{days} days over").format(days=over))
    return near(pgettext("due", "today")) if over == 0 else None
