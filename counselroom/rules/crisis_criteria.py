"""Criteria by which a crisis is recognised, and what follows from an assessment (SYS-25, F-42)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from counselroom.rules.crisis_words import CrisisKind, CrisisLevel, Ideation


@dataclass(frozen=True)
class Criterion:
    """One of C01 to C22.

    Attributes:
        key: `C18`.
        text: in Chinese, with the school's numbers put in.
        at_once: whether it alone asks for a report and a guard at once.
        own_words: whether the assessor must say what it stands for.
        group: the heading under which a page lists it.
    """

    key: str
    text: str
    at_once: bool = False
    own_words: bool = False
    group: str = ""


class AssessmentObstacle(StrEnum):
    """Why an assessment can't be signed yet."""

    NO_LEVEL = "no_level"
    NO_OPINION = "no_opinion"
    NO_EVIDENCE = "no_evidence"
    """Ticks alone say nothing: what was seen or told belongs beside them."""
    NO_OWN_WORDS = "no_own_words"
    NO_TARGET = "no_target"
    LEVEL_TOO_LOW = "level_too_low"
    """Planned or attempted suicide is never mild: it could not be answered by watching in class."""


class Todo(StrEnum):
    """What an assessment asks for (F-42: 轻 / 较重 / 严重)."""

    CLASS_WATCH = "class_watch"
    PEER_COMPANY = "peer_company"
    COUNSELLING = "counselling"
    OUTPATIENT = "outpatient"
    HOSPITAL_NOW = "hospital_now"
    LEAVE_TALK = "leave_talk"
    GUARD = "guard"
    NOTIFY_GUARDIAN = "notify_guardian"
    REPORT = "report"


@dataclass(frozen=True)
class Consequence:
    """What follows from an assessment.

    Attributes:
        starts_event: whether a 专案 must be begun.
        todos: what is to be done, the most urgent first.
        priority: whether several criteria together put it before others.
    """

    starts_event: bool
    todos: tuple[Todo, ...]
    priority: bool


_BY_LEVEL = {
    CrisisLevel.MILD: (Todo.CLASS_WATCH, Todo.PEER_COMPANY, Todo.COUNSELLING),
    CrisisLevel.MODERATE: (Todo.NOTIFY_GUARDIAN, Todo.OUTPATIENT, Todo.CLASS_WATCH, Todo.COUNSELLING),
    CrisisLevel.SEVERE: (Todo.GUARD, Todo.REPORT, Todo.NOTIFY_GUARDIAN, Todo.HOSPITAL_NOW, Todo.LEAVE_TALK),
}
_AT_ONCE = (Todo.GUARD, Todo.REPORT, Todo.NOTIFY_GUARDIAN)


def consequence_of(level: CrisisLevel, criteria: Collection[str], catalogue: Sequence[Criterion]) -> Consequence:
    """Return what follows from a level and the criteria that are met (SYS-25, triggers §3.G).

    A criterion marked at_once, or the level severe, begins a 专案; the former adds guard, report and notice whatever
    the level.
    """
    at_once = any(criterion.at_once and criterion.key in criteria for criterion in catalogue)
    todos = (*_AT_ONCE, *_BY_LEVEL[level]) if at_once else _BY_LEVEL[level]
    return Consequence(
        at_once or level is CrisisLevel.SEVERE, tuple(dict.fromkeys(todos)), priority=len(set(criteria)) > 1
    )


def obstacles_to_signing(
    *,
    level: CrisisLevel | None,
    ideation: Ideation,
    criteria: Collection[str],
    catalogue: Sequence[Criterion],
    opinion: str | None,
    own_criterion: str | None,
    target_of_harm: str | None,
    observed: Collection[str | None],
    harms_others: bool = False,
) -> tuple[AssessmentObstacle, ...]:
    """Return what is missing before an assessment may be signed (SYS-25).

    The room always gives a written opinion, and it rests on something: of `observed`, what was seen and told, at least
    one is not empty.
    """
    found = []
    if level is None:
        found.append(AssessmentObstacle.NO_LEVEL)
    if level is CrisisLevel.MILD and ideation in (Ideation.PLAN, Ideation.ATTEMPT):
        found.append(AssessmentObstacle.LEVEL_TOO_LOW)
    if not (opinion or "").strip():
        found.append(AssessmentObstacle.NO_OPINION)
    if not any((words or "").strip() for words in observed):
        found.append(AssessmentObstacle.NO_EVIDENCE)
    needs_words = any(criterion.own_words and criterion.key in criteria for criterion in catalogue)
    if needs_words and not (own_criterion or "").strip():
        found.append(AssessmentObstacle.NO_OWN_WORDS)
    if harms_others and not (target_of_harm or "").strip():
        found.append(AssessmentObstacle.NO_TARGET)
    return tuple(found)


def kind_of(ideation: Ideation, target_of_harm: str | None) -> CrisisKind:
    """Return the kind of 专案 an assessment suggests."""
    if ideation is Ideation.ATTEMPT:
        return CrisisKind.ATTEMPT
    if (target_of_harm or "").strip():
        return CrisisKind.HARM_OTHERS
    return CrisisKind.IDEATION if ideation is not Ideation.NONE else CrisisKind.OTHER
