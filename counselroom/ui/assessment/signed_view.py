"""A signed assessment to read: it never changes any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_criteria import Criterion
from counselroom.services.assessment_sheets import AssessmentSheet
from counselroom.services.crisis_assessments import AssessmentData
from counselroom.services.crisis_views import level_word
from counselroom.ui.assessment.words import ideation_word, source_word, todo_word
from counselroom.ui.moments import day_and_time, day_word
from counselroom.ui.record.told import Told


class SignedView(Told):
    """What was written under its labels; what was left empty is not shown."""

    def show_sheet(self, sheet: AssessmentSheet, now: datetime) -> None:
        """Show what was signed."""
        self.clear()
        view = sheet.view
        if view is None:
            return
        self.add_heading(pgettext("assessment", "Result"))
        for label, words in _state(view.data, now):
            self.add_words(label, words)
        if view.consequence is not None:
            follows = "\n".join(todo_word(todo) for todo in view.consequence.todos)
            self.add_words(pgettext("assessment", "What follows"), follows)
        self.add_heading(pgettext("assessment", "Assessment"))
        for label, words in _said(view.data, sheet.criteria):
            self.add_words(label, words)


def _state(data: AssessmentData, now: datetime) -> Sequence[tuple[str, str]]:
    return (
        (pgettext("assessment", "Time"), day_and_time(data.assessed_at, now)),
        (pgettext("assessment", "Where the sign came from"), source_word(data.source)),
        (pgettext("assessment", "Place"), data.place or ""),
        (pgettext("assessment", "Level"), "" if data.level is None else level_word(data.level)),
        (pgettext("assessment", "Written opinion"), data.opinion or ""),
        (pgettext("assessment", "Advice"), data.advice or ""),
        (
            pgettext("assessment", "Assess again on"),
            "" if data.reassess_on is None else day_word(data.reassess_on, now.date()),
        ),
    )


def _said(data: AssessmentData, criteria: Sequence[Criterion]) -> Sequence[tuple[str, str]]:
    words = {one.key: f"{'★ ' if one.at_once else ''}{one.key}　{one.text}" for one in criteria}
    return (
        (pgettext("assessment", "Criteria"), "\n".join(words.get(key, key) for key in data.criteria)),
        (pgettext("assessment", "The school's own criterion (C22)"), data.own_criterion or ""),
        (pgettext("assessment", "Events of the last half year"), data.life_events or ""),
        (pgettext("assessment", "Change of mood"), data.emotion or ""),
        (pgettext("assessment", "Change of body and sleep"), data.somatic or ""),
        (pgettext("assessment", "Change of thinking"), data.cognition or ""),
        (pgettext("assessment", "Change of behaviour"), data.behaviour or ""),
        (
            pgettext("assessment", "Ways of coping"),
            _("The usual ways of coping do not help any more") if data.coping_fails else "",
        ),
        (pgettext("assessment", "Thoughts of suicide"), ideation_word(data.ideation)),
        (pgettext("assessment", "Plan and means"), data.plan_means or ""),
        (pgettext("assessment", "Earlier history"), data.history or ""),
        (pgettext("assessment", "What protects"), data.protective or ""),
        (pgettext("assessment", "Who might be harmed"), data.target_of_harm or ""),
    )
