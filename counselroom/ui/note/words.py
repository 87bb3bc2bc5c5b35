"""Words of the note page: safety assessment, ways to meet, what is missing before the signature."""

from __future__ import annotations

from datetime import date, datetime

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import CloseReason, Mode, RiskLevel
from counselroom.rules.session import SignObstacle
from counselroom.ui.moments import day_word
from counselroom.ui.record.words import weekday


def risk_word(level: RiskLevel) -> str:
    """Return the result of a safety assessment, as it can stand on a screen that others see."""
    return {
        RiskLevel.NONE: pgettext("risk", "no concern seen"),
        RiskLevel.MILD: pgettext("risk", "to keep in view"),
        RiskLevel.MODERATE: pgettext("risk", "needs an assessment"),
        RiskLevel.SEVERE: pgettext("risk", "needs action at once"),
    }[level]


def mode_word(mode: Mode) -> str:
    """Return how client and counsellor meet."""
    return {
        Mode.FACE: pgettext("mode", "face to face"),
        Mode.PHONE: pgettext("mode", "telephone"),
        Mode.ONLINE: pgettext("mode", "online"),
        Mode.LETTER: pgettext("mode", "letter"),
    }[mode]


def obstacle_word(obstacle: SignObstacle) -> str:
    """Return what is missing before the signature."""
    return {
        SignObstacle.EMPTY: _("The note has no text yet."),
        SignObstacle.NO_SAFETY_ASSESSMENT: _("The safety assessment is not chosen yet."),
        SignObstacle.NO_CONSENT: _("There is no signed consent, and no reason for the exception."),
    }[obstacle]


def reason_word(reason: CloseReason) -> str:
    """Return why a case was closed."""
    return {
        CloseReason.GOALS_MET: pgettext("close reason", "goals met"),
        CloseReason.CLIENT_ENDED: pgettext("close reason", "ended by the client"),
        CloseReason.REFERRED: pgettext("close reason", "referred"),
        CloseReason.LEFT_SCHOOL: pgettext("close reason", "left school"),
        CloseReason.NO_CONTACT: pgettext("close reason", "no contact any more"),
        CloseReason.OTHER: pgettext("close reason", "other reason"),
    }[reason]


def day_with_weekday(day: date, today: date) -> str:
    """Return a day as 3月12日 周四."""
    return f"{day_word(day, today)} {weekday(day)}"


def span_text(starts_at: datetime, ends_at: datetime) -> str:
    """Return the time of a session as it is typed: 14:00-14:45."""
    return f"{starts_at:%H:%M}-{ends_at:%H:%M}"
