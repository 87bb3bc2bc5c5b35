"""Words of referrals: where to, how urgent, what was answered, where one stands, what is missing."""

from __future__ import annotations

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.referral import ConsentAnswer, IssueObstacle, ReferralTarget, ReferralUrgency, Standing
from counselroom.services.referral_lists import ReferralLine
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.chip_face import ChipFace


def target_word(target: ReferralTarget) -> str:
    """Return to what kind of place a student is referred."""
    return {
        ReferralTarget.HOSPITAL: pgettext("referral target", "hospital"),
        ReferralTarget.CRISIS_CENTER: pgettext("referral target", "crisis centre"),
        ReferralTarget.OTHER_SCHOOL: pgettext("referral target", "other school"),
        ReferralTarget.DISTRICT_CENTER: pgettext("referral target", "district centre"),
        ReferralTarget.EXTERNAL_COUNSEL: pgettext("referral target", "counselling outside"),
    }[target]


def urgency_word(urgency: ReferralUrgency) -> str:
    """Return how urgent it is."""
    return {
        ReferralUrgency.NORMAL: pgettext("referral urgency", "ordinary"),
        ReferralUrgency.SOON: pgettext("referral urgency", "within a week"),
        ReferralUrgency.EMERGENCY: pgettext("referral urgency", "at once"),
    }[urgency]


def risk_word(risk: RiskLevel) -> str:
    """Return how high the risk is."""
    return {
        RiskLevel.NONE: pgettext("referral risk", "none seen"),
        RiskLevel.MILD: pgettext("referral risk", "mild"),
        RiskLevel.MODERATE: pgettext("referral risk", "moderate"),
        RiskLevel.SEVERE: pgettext("referral risk", "severe"),
    }[risk]


def answer_word(answer: ConsentAnswer) -> str:
    """Return what client or guardian said."""
    return {
        ConsentAnswer.AGREED: pgettext("referral consent", "agreed"),
        ConsentAnswer.REFUSED: pgettext("referral consent", "refused"),
        ConsentAnswer.PENDING: pgettext("referral consent", "not asked yet"),
    }[answer]


def obstacle_word(obstacle: IssueObstacle) -> str:
    """Return what is missing before a referral is issued, as the words of a link."""
    return {
        IssueObstacle.NO_SUPERVISOR_OPINION: _("Write the supervisor's opinion"),
        IssueObstacle.NO_GUARDIAN_CONSENT: _("Note the guardian's consent"),
        IssueObstacle.NO_EMERGENCY_BASIS: _("Say why it is an emergency"),
    }[obstacle]


def standing_word(standing: Standing) -> str:
    """Return where referrals stand, as the words of a filter."""
    return {
        Standing.DRAFT: pgettext("referral", "not issued"),
        Standing.WAITING: pgettext("referral", "visit awaited"),
        Standing.NO_REPLY: pgettext("referral", "no reply"),
        Standing.REPLIED: pgettext("referral", "reply received"),
        Standing.OVER: pgettext("referral", "closed"),
    }[standing]


def standing_face(standing: Standing, waited_days: int = 0, *, is_long: bool = False) -> ChipFace:
    """Return where a referral stands as a chip: 待就诊, 未反馈 9 天, 已反馈."""
    if standing is Standing.DRAFT:
        return chip_face.draft()
    if standing is Standing.WAITING:
        return ChipFace(standing_word(standing), "plain", "mdi6.clock-outline")
    if standing is Standing.NO_REPLY:
        words = pgettext("referral", "no reply for {days} days").format(days=waited_days)
        return ChipFace(words, "brick" if is_long else "amber", "mdi6.clock-alert-outline")
    return ChipFace(standing_word(standing), "accent", "mdi6.check-circle-outline")


def next_word(line: ReferralLine) -> str:
    """Return the one obvious next step of a referral in the list."""
    if not (line.readable and line.is_mine):
        return ""
    if line.complete_by is not None:
        return pgettext("referral", "Complete it")
    if line.standing in (Standing.WAITING, Standing.NO_REPLY):
        return pgettext("referral", "Record the reply")
    return pgettext("referral", "Go on") if line.standing is Standing.DRAFT else ""
