"""Words of a risk assessment: where a sign came from, how far it has gone, what follows, what is missing."""

from __future__ import annotations

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_criteria import AssessmentObstacle, Todo
from counselroom.rules.crisis_words import AssessmentSource, Ideation


def source_word(source: AssessmentSource) -> str:
    """Return where the sign came from."""
    return {
        AssessmentSource.SELF: pgettext("assessment source", "the student"),
        AssessmentSource.TEACHER: pgettext("assessment source", "a teacher"),
        AssessmentSource.PEER: pgettext("assessment source", "a fellow student"),
        AssessmentSource.GUARDIAN: pgettext("assessment source", "a guardian"),
        AssessmentSource.SESSION: pgettext("assessment source", "a session"),
        AssessmentSource.APPOINTMENT: pgettext("assessment source", "an appointment"),
        AssessmentSource.HOTLINE: pgettext("assessment source", "the hotline"),
        AssessmentSource.LETTER: pgettext("assessment source", "a letter"),
        AssessmentSource.SCREENING: pgettext("assessment source", "the screening"),
        AssessmentSource.WARNING: pgettext("assessment source", "a report"),
        AssessmentSource.SWEEP: pgettext("assessment source", "a sweep"),
        AssessmentSource.OTHER: pgettext("assessment source", "other"),
    }[source]


def ideation_word(ideation: Ideation) -> str:
    """Return how far thoughts have gone, in the words of F-42."""
    return {
        Ideation.NONE: pgettext("ideation", "none seen"),
        Ideation.PASSIVE: pgettext("ideation", "passive thoughts"),
        Ideation.ACTIVE: pgettext("ideation", "active thoughts"),
        Ideation.PLAN: pgettext("ideation", "a plan"),
        Ideation.ATTEMPT: pgettext("ideation", "an attempt"),
    }[ideation]


def todo_word(todo: Todo) -> str:
    """Return what an assessment asks for."""
    return {
        Todo.CLASS_WATCH: _("The class teacher keeps an eye on the student; no details are told."),
        Todo.PEER_COMPANY: _("A reliable fellow student is asked to keep company, without being told why."),
        Todo.COUNSELLING: _("Counselling goes on in the room, with the next appointment agreed."),
        Todo.OUTPATIENT: _("The guardians take the student to a specialist clinic; a referral is written."),
        Todo.HOSPITAL_NOW: _("The student goes to a specialist hospital at once."),
        Todo.LEAVE_TALK: _("A leave is talked over with the guardians."),
        Todo.GUARD: _("Somebody stays with the student around the clock, from now on."),
        Todo.NOTIFY_GUARDIAN: _("The guardians are told as fast as possible."),
        Todo.REPORT: _("The school's leaders are told at once, the written report follows."),
    }[todo]


def obstacle_word(obstacle: AssessmentObstacle) -> str:
    """Return what is missing before the signature, as the words of a link."""
    return {
        AssessmentObstacle.NO_LEVEL: _("Choose the level"),
        AssessmentObstacle.NO_OPINION: _("Write the opinion"),
        AssessmentObstacle.NO_EVIDENCE: _("Write down what was seen or told"),
        AssessmentObstacle.NO_OWN_WORDS: _("Say what the school's own criterion stands for"),
        AssessmentObstacle.NO_TARGET: _("Say who might be harmed"),
        AssessmentObstacle.LEVEL_TOO_LOW: _("With a plan or an attempt the level is not mild"),
    }[obstacle]
