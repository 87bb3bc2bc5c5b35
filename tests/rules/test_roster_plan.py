"""Comparing a roster with the vault: nothing doubled, nothing deleted, nobody given another's number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counselroom.rules.people import Gender, Relation, SpecialGroup
from counselroom.rules.roster_classes import ClassPath
from counselroom.rules.roster_plan import (
    FieldChange,
    GuardianChange,
    RosterPlan,
    StoredGuardian,
    StoredStudent,
    StudentUpdate,
    guardian_changes,
    plan_import,
)
from counselroom.rules.roster_problems import Problem
from counselroom.rules.roster_rows import RosterGuardian, RosterStudent
from counselroom.rules.roster_words import Field

BORN = date(2010, 3, 5)
FIRST = ClassPath("", "七年级", "1班")
UNNAMED = {"father": "父亲", "mother": "母亲", "other": "家长"}

ROW = RosterStudent(
    row=2,
    number="001",
    name="张晓明",
    gender=Gender.UNKNOWN,
    birth_date=None,
    class_path=ClassPath(),
    phone=None,
    backup_phone=None,
    address=None,
    dorm=None,
    ethnicity=None,
    political_status=None,
    status=None,
    guardians=(),
    groups=frozenset(),
)
STORED = StoredStudent(
    id="s1",
    number="001",
    name="张晓明",
    gender=Gender.MALE,
    birth_date=BORN,
    class_path=FIRST,
    phone="13900000000",
    backup_phone="13900000009",
    address="云岭路",
    dorm="3-204",
    ethnicity="汉族",
    political_status="群众",
    guardians=(StoredGuardian("g1", "p1", "张大", Relation.FATHER, "13900000001", None),),
    groups=frozenset({SpecialGroup.LEFT_BEHIND}),
)


def plan(*rows: RosterStudent, stored: tuple[StoredStudent, ...] = (STORED,)) -> RosterPlan:
    return plan_import(rows, stored, UNNAMED)


def update(**changes: Any) -> StudentUpdate:
    found = plan(replace(ROW, **changes))
    assert (found.new, found.refused, found.unchanged) == ((), (), 0)
    return found.updated[0]


def refusal(found: RosterPlan) -> Problem:
    assert (found.new, found.updated, found.unchanged) == ((), (), 0)
    return found.refused[0].problems[0].problem


def test_a_row_that_leaves_everything_blank_changes_nothing() -> None:
    assert plan(ROW) == RosterPlan((), (), 1, ())


def test_a_row_that_says_what_is_known_changes_nothing() -> None:
    same = replace(
        ROW,
        gender=Gender.MALE,
        birth_date=BORN,
        class_path=FIRST,
        phone="13900000000",
        dorm="3-204",
        guardians=(RosterGuardian("张大", Relation.FATHER, "13900000001"),),
        groups=frozenset({SpecialGroup.LEFT_BEHIND}),
    )
    assert plan(same).unchanged == 1
    assert plan(replace(same, class_path=ClassPath("", "", "1班"))).unchanged == 1


def test_an_unknown_number_is_a_new_student() -> None:
    row = replace(ROW, number="002")
    assert plan(row) == RosterPlan((row,), (), 0, ())
    assert plan(ROW, stored=()).new == (ROW,)


@pytest.mark.parametrize(
    ("field", "name", "after"),
    [
        (Field.NAME, "name", "张小明"),
        (Field.GENDER, "gender", Gender.FEMALE),
        (Field.BIRTH_DATE, "birth_date", date(2010, 3, 6)),
        (Field.CLASS, "class_path", ClassPath("", "八年级", "2班")),
        (Field.PHONE, "phone", "13900000008"),
        (Field.BACKUP_PHONE, "backup_phone", "13900000008"),
        (Field.ADDRESS, "address", "南湖路"),
        (Field.DORM, "dorm", "5-611"),
        (Field.ETHNICITY, "ethnicity", "苗族"),
        (Field.POLITICAL_STATUS, "political_status", "共青团员"),
    ],
)
def test_each_field_is_changed_with_before_and_after(field: Field, name: str, after: object) -> None:
    found = update(**{name: after})
    assert (found.student_id, found.row, found.guardians, found.groups) == ("s1", 2, (), frozenset())
    assert found.changes == (FieldChange(field, getattr(STORED, name), after),)


def test_what_was_blank_before_is_none() -> None:
    stored = replace(STORED, dorm=None)
    found = plan(replace(ROW, dorm="5-611"), stored=(stored,)).updated[0]
    assert found.changes == (FieldChange(Field.DORM, None, "5-611"),)


def test_a_class_told_in_part_keeps_the_rest() -> None:
    assert update(class_path=ClassPath("", "", "2班")).changes[0].after == ClassPath("", "七年级", "2班")
    assert plan(replace(ROW, class_path=ClassPath("", "八年级", ""))).unchanged == 1


def test_groups_are_added_and_never_taken_away() -> None:
    assert update(groups=frozenset({SpecialGroup.ORPHAN})).groups == {SpecialGroup.ORPHAN}


def test_a_number_is_not_given_to_somebody_else() -> None:
    another = replace(ROW, name="张若曦")
    assert refusal(plan(another)) is Problem.NUMBER_OF_ANOTHER
    assert refusal(plan(replace(ROW, name="张小明", birth_date=date(2010, 3, 6)))) is Problem.NUMBER_OF_ANOTHER
    assert plan(replace(another, birth_date=BORN)).updated[0].name == "张若曦"
    assert plan(replace(ROW, name="张小明")).updated[0].changes[0].after == "张小明"
    without = replace(STORED, birth_date=None)
    assert refusal(plan(replace(another, birth_date=BORN), stored=(without,))) is Problem.NUMBER_OF_ANOTHER


def test_the_number_of_a_voided_record_is_taken() -> None:
    assert refusal(plan(ROW, stored=(replace(STORED, voided=True),))) is Problem.VOIDED_STUDENT


IDENTITY = {"birth_date": BORN, "class_path": FIRST}


def test_a_row_without_a_number_is_found_by_name_class_and_birth_date() -> None:
    row = replace(ROW, number="", **IDENTITY, dorm="5-611")
    assert plan(row).updated[0].student_id == "s1"
    assert plan(replace(row, class_path=ClassPath("", "", "1班"))).updated[0].student_id == "s1"
    for change in ({"name": "李四"}, {"birth_date": date(2010, 3, 6)}, {"class_path": ClassPath("", "七年级", "2班")}):
        assert plan(replace(row, **change)).new != ()
    assert plan(row, stored=(replace(STORED, voided=True),)).new == (row,)


def test_a_number_that_comes_later_goes_to_the_student_who_had_none() -> None:
    stored = replace(STORED, number="")
    found = plan(replace(ROW, **IDENTITY), stored=(stored,))
    assert found.updated[0].changes == (FieldChange(Field.NUMBER, None, "001"),)
    assert plan(replace(ROW, number="002", **IDENTITY)).new != ()
    assert plan(ROW, stored=(stored,)).new == (ROW,)


def test_two_students_that_fit_are_no_answer() -> None:
    twins = (STORED, replace(STORED, id="s2", number="002"))
    assert refusal(plan(replace(ROW, number="", **IDENTITY), stored=twins)) is Problem.AMBIGUOUS
    apart = (STORED, replace(STORED, id="s2", number="002", class_path=ClassPath("", "八年级", "1班")))
    assert refusal(
        plan(replace(ROW, number="", birth_date=BORN, class_path=ClassPath("", "", "1班")), stored=apart)
    ) is (Problem.AMBIGUOUS)


def test_two_rows_for_one_student_are_no_update() -> None:
    found = plan(ROW, replace(ROW, row=3, number="", **IDENTITY))
    assert found.unchanged == 1
    (refused,) = found.refused
    assert (refused.row, refused.problems[0].problem, refused.problems[0].other_row) == (
        3,
        Problem.DUPLICATE_STUDENT,
        2,
    )


FATHER = STORED.guardians[0]
NAMELESS = StoredGuardian("g2", "p2", "家长", Relation.OTHER, "13900000002", None)


@pytest.mark.parametrize(
    ("said", "change"),
    [
        (RosterGuardian("张大", Relation.FATHER, "13900000001"), None),
        (RosterGuardian("张大", Relation.OTHER, None), None),
        (
            RosterGuardian("张大", Relation.FATHER, "13900000005", "13900000006"),
            GuardianChange(FATHER, RosterGuardian("张大", Relation.FATHER, "13900000005", "13900000006")),
        ),
        (
            RosterGuardian("张达", Relation.FATHER, "13900000001"),
            GuardianChange(FATHER, RosterGuardian("张达", Relation.FATHER, "13900000001")),
        ),
        (
            RosterGuardian("", Relation.FATHER, "13900000005"),
            GuardianChange(FATHER, RosterGuardian("张大", Relation.FATHER, "13900000005")),
        ),
        (RosterGuardian("", Relation.OTHER, "13900000001"), None),
        (
            RosterGuardian("李四", Relation.MOTHER, "13900000001"),
            GuardianChange(None, RosterGuardian("李四", Relation.MOTHER, "13900000001")),
        ),
        (
            RosterGuardian("李四", Relation.OTHER, "13900000002"),
            GuardianChange(NAMELESS, RosterGuardian("李四", Relation.OTHER, "13900000002")),
        ),
        (
            RosterGuardian("", Relation.MOTHER, "13900000007"),
            GuardianChange(None, RosterGuardian("母亲", Relation.MOTHER, "13900000007")),
        ),
        (
            RosterGuardian("", Relation.SIBLING, "13900000007"),
            GuardianChange(None, RosterGuardian("家长", Relation.SIBLING, "13900000007")),
        ),
    ],
)
def test_guardians_are_found_or_added(said: RosterGuardian, change: GuardianChange | None) -> None:
    assert guardian_changes([said], [FATHER, NAMELESS], UNNAMED) == (() if change is None else (change,))


def test_each_stored_guardian_is_found_once() -> None:
    said = [RosterGuardian("", Relation.FATHER, "13900000001"), RosterGuardian("张大", Relation.FATHER, "13900000001")]
    changes = guardian_changes(said, [FATHER], UNNAMED)
    assert changes == (GuardianChange(None, RosterGuardian("父亲", Relation.FATHER, "13900000001")),)


def test_the_digest_tells_plans_apart_and_not_their_making() -> None:
    groups = frozenset({SpecialGroup.ORPHAN, SpecialGroup.DISABLED, SpecialGroup.MIGRANT})
    row = replace(ROW, groups=groups)
    again = replace(ROW, groups=frozenset(sorted(groups, reverse=True)))
    assert plan(row).digest() == plan(again).digest()
    assert plan(row, stored=()).digest() == plan(again, stored=()).digest()
    others = [plan(row, stored=()), plan(ROW), plan(replace(ROW, dorm="1")), plan(replace(row, groups=frozenset()))]
    assert plan(row).digest() not in [other.digest() for other in others]
