"""What the figures of 统计 are called, and what exactly each counts: the same words on the page and in the table."""

from __future__ import annotations

from enum import StrEnum

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier
from counselroom.rules.people import Gender


class Figure(StrEnum):
    """A figure that is told."""

    SESSIONS = "sessions"
    CLIENTS = "clients"
    OPENED = "opened"
    CLOSED = "closed"
    ABSENCES = "absences"
    APPOINTMENTS = "appointments"
    REFERRALS = "referrals"
    ANSWERED = "answered"
    DUE = "due"
    ON_TIME = "on_time"
    VISITS_OF_TOPIC = "visits_of_topic"
    CLIENTS_OF_TOPIC = "clients_of_topic"
    IN_TIER = "in_tier"


def figure_word(figure: Figure) -> str:
    """Return the name of a figure."""
    words = {
        Figure.SESSIONS: pgettext("statistics", "Sessions"),
        Figure.CLIENTS: pgettext("statistics", "Clients"),
        Figure.OPENED: pgettext("statistics", "Cases opened"),
        Figure.CLOSED: pgettext("statistics", "Cases closed"),
        Figure.ABSENCES: pgettext("statistics", "Absences"),
        Figure.APPOINTMENTS: pgettext("statistics", "Appointments"),
        Figure.REFERRALS: pgettext("statistics", "Referrals"),
        Figure.ANSWERED: pgettext("statistics", "Referrals with a reply"),
        Figure.DUE: pgettext("statistics", "Follow-ups due"),
        Figure.ON_TIME: pgettext("statistics", "Follow-ups on time (%)"),
        Figure.VISITS_OF_TOPIC: pgettext("statistics", "Sessions with a topic"),
        Figure.CLIENTS_OF_TOPIC: pgettext("statistics", "Clients with a topic"),
        Figure.IN_TIER: pgettext("statistics", "Students in a tier"),
    }
    return words[figure]


def definition(figure: Figure) -> str:
    """Return what exactly a figure counts."""
    sentences = {
        Figure.SESSIONS: _("Signed session notes by the day of the session; drafts and void notes are not counted."),
        Figure.CLIENTS: _("Different people with at least one counted session; somebody who came often counts once."),
        Figure.OPENED: _("Cases opened in the period."),
        Figure.CLOSED: _("Cases closed in the period."),
        Figure.ABSENCES: _("Appointments marked as not attended."),
        Figure.APPOINTMENTS: _("Appointments that took place or were not attended; cancelled ones are not counted."),
        Figure.REFERRALS: _("Referrals issued in the period."),
        Figure.ANSWERED: _("Referrals issued in the period that have a reply by now."),
        Figure.DUE: _("Follow-ups whose day lies in the period and is not to come; waived ones are not counted."),
        Figure.ON_TIME: _("Follow-ups held on their day or before, of all that were due."),
        Figure.VISITS_OF_TOPIC: _("Sessions whose note names the topic; a note may name several."),
        Figure.CLIENTS_OF_TOPIC: _("Different people with a session of this topic, by their grade of today."),
        Figure.IN_TIER: _("Students in the tier today, whatever the period."),
    }
    return sentences[figure]


def tier_word(tier: CareTier) -> str:
    """Return the name of a tier."""
    words = {
        CareTier.KEY_CONCERN: pgettext("tier", "key concern"),
        CareTier.KEY_INTERVENTION: pgettext("tier", "key intervention"),
        CareTier.GROUP_SUPPORT: pgettext("tier", "group support"),
    }
    return words[tier]


def gender_word(gender: Gender) -> str:
    """Return the name of a column of the table by gender."""
    words = {
        Gender.MALE: pgettext("statistics", "male"),
        Gender.FEMALE: pgettext("statistics", "female"),
        Gender.UNKNOWN: pgettext("statistics", "not said"),
    }
    return words[gender]


def grade_word(name: str) -> str:
    """Return the name of a grade, or of having none."""
    return name or pgettext("statistics", "without a grade")
