"""What an assessment needs and what follows from it (SYS-25, F-42)."""

from __future__ import annotations

import pytest

from counselroom.rules.crisis_criteria import (
    AssessmentObstacle,
    Criterion,
    Todo,
    consequence_of,
    kind_of,
    obstacles_to_signing,
)
from counselroom.rules.crisis_plan import checklists_for
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel, Ideation

CATALOGUE = (Criterion("C01", "低落"), Criterion("C18", "信号", at_once=True), Criterion("C22", "自定", own_words=True))


def test_each_level_has_its_consequence() -> None:
    mild = consequence_of(CrisisLevel.MILD, ["C01"], CATALOGUE)
    assert not mild.starts_event
    assert mild.todos == (Todo.CLASS_WATCH, Todo.PEER_COMPANY, Todo.COUNSELLING)
    moderate = consequence_of(CrisisLevel.MODERATE, ["C01"], CATALOGUE)
    assert not moderate.starts_event
    assert Todo.OUTPATIENT in moderate.todos
    severe = consequence_of(CrisisLevel.SEVERE, [], CATALOGUE)
    assert severe.starts_event
    assert severe.todos[0] is Todo.GUARD
    assert Todo.HOSPITAL_NOW in severe.todos


@pytest.mark.parametrize("level", CrisisLevel)
def test_a_starred_criterion_begins_a_case_whatever_the_level(level: CrisisLevel) -> None:
    found = consequence_of(level, ["C18"], CATALOGUE)
    assert found.starts_event
    assert found.todos[:3] == (Todo.GUARD, Todo.REPORT, Todo.NOTIFY_GUARDIAN)
    assert len(set(found.todos)) == len(found.todos)


def test_several_criteria_put_it_first() -> None:
    assert consequence_of(CrisisLevel.MILD, ["C01", "C22"], CATALOGUE).priority
    assert not consequence_of(CrisisLevel.MILD, ["C01", "C01"], CATALOGUE).priority


def obstacles(**fields: object) -> tuple[AssessmentObstacle, ...]:
    values: dict[str, object] = {
        "level": CrisisLevel.MODERATE,
        "ideation": Ideation.NONE,
        "criteria": ("C01",),
        "catalogue": CATALOGUE,
        "opinion": "建议门诊",
        "own_criterion": None,
        "target_of_harm": None,
        "observed": ("近两周低落", None),
    }
    return obstacles_to_signing(**(values | fields))  # type: ignore[arg-type]


def test_what_an_assessment_needs() -> None:
    assert obstacles() == ()
    assert obstacles(level=None) == (AssessmentObstacle.NO_LEVEL,)
    assert obstacles(opinion=" ") == (AssessmentObstacle.NO_OPINION,)
    assert obstacles(criteria=("C22",)) == (AssessmentObstacle.NO_OWN_WORDS,)
    assert obstacles(criteria=("C22",), own_criterion="x") == ()
    assert obstacles(observed=(None, " ")) == (AssessmentObstacle.NO_EVIDENCE,)
    assert obstacles(harms_others=True) == (AssessmentObstacle.NO_TARGET,)
    assert obstacles(harms_others=True, target_of_harm="同学") == ()
    for ideation in (Ideation.PLAN, Ideation.ATTEMPT):
        assert obstacles(level=CrisisLevel.MILD, ideation=ideation) == (AssessmentObstacle.LEVEL_TOO_LOW,)
    assert obstacles(level=CrisisLevel.MILD, ideation=Ideation.ACTIVE) == ()


@pytest.mark.parametrize(
    ("kind", "ideation", "lists"),
    [
        (CrisisKind.IDEATION, Ideation.ACTIVE, ("CK-E", "CK-A")),
        (CrisisKind.IDEATION, Ideation.NONE, ("CK-E", "CK-A")),
        (CrisisKind.OTHER, Ideation.PLAN, ("CK-E", "CK-A")),
        (CrisisKind.OTHER, Ideation.NONE, ("CK-E",)),
        (CrisisKind.SELF_HARM, Ideation.NONE, ("CK-E", "CK-B")),
        (CrisisKind.ATTEMPT, Ideation.ATTEMPT, ("CK-E", "CK-B", "CK-F", "CK-D")),
        (CrisisKind.IDEATION, Ideation.ATTEMPT, ("CK-E", "CK-B")),
        (CrisisKind.COMPLETED, Ideation.NONE, ("CK-E", "CK-B", "CK-F", "CK-D")),
        (CrisisKind.HARM_OTHERS, Ideation.NONE, ("CK-E", "CK-C", "CK-F")),
        (CrisisKind.HARM_OTHERS, Ideation.ACTIVE, ("CK-E", "CK-A", "CK-C", "CK-F")),
        (CrisisKind.GROUP, Ideation.NONE, ("CK-E", "CK-F", "CK-D")),
        (CrisisKind.STRESS, Ideation.NONE, ("CK-E", "CK-G")),
    ],
)
def test_which_lists_a_case_gets(kind: CrisisKind, ideation: Ideation, lists: tuple[str, ...]) -> None:
    assert checklists_for(kind, ideation) == lists


def test_the_kind_an_assessment_suggests() -> None:
    assert kind_of(Ideation.ATTEMPT, "同学") is CrisisKind.ATTEMPT
    assert kind_of(Ideation.ACTIVE, "同学") is CrisisKind.HARM_OTHERS
    assert kind_of(Ideation.ACTIVE, " ") is CrisisKind.IDEATION
    assert kind_of(Ideation.NONE, None) is CrisisKind.OTHER
