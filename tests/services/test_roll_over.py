"""学年升级: nobody is lost, nobody is doubled, and by hand it can be taken back."""

from __future__ import annotations

import random
from datetime import date

import pytest

from counselroom.errors import UserError
from counselroom.rules.people import StudentStatus
from counselroom.rules.roll_over import Outcome
from counselroom.rules.school import UnitKind
from counselroom.services import school, students
from counselroom.services.desk import AccessDenied
from counselroom.services.roll_over import ClassStep, propose_roll_over, roll_over, try_roll_over
from tests.services.world import World

LEFT = date(2026, 7, 1)


def classes(world: World) -> dict[str, str]:
    """Return the name of the class of each student, by number."""
    rows = world.sql(
        "SELECT s.student_no, u.name FROM student s LEFT JOIN org_unit u ON u.id = s.class_id ORDER BY s.student_no"
    )
    return dict(rows)


def grade(world: World, name: str, year: int, sizes: tuple[int, ...]) -> None:
    above = school.add_unit(world.me, world.desk, UnitKind.GRADE, f"{name}年级").value
    for number, size in enumerate(sizes, start=1):
        unit = school.add_unit(world.me, world.desk, UnitKind.CLASS, f"{name}（{number}）班", above.id, year).value
        for place in range(size):
            data = students.StudentData(f"生{place}", student_no=f"{year}{number:02}{place:02}", class_id=unit.id)
            students.add_student(world.me, world.desk, data)


def steps(world: World) -> list[ClassStep]:
    return [proposed.step for proposed in propose_roll_over(world.me, world.desk).steps]


def test_every_class_is_proposed_its_next_one(world: World) -> None:
    grade(world, "初一", 2026, (2, 1))
    grade(world, "初三", 2024, (1,))
    plan = propose_roll_over(world.me, world.desk)
    assert (plan.from_year, plan.to_year) == ("2026-2027", "2027-2028")
    assert [(one.name, one.step.outcome.value, one.step.target, one.enrolled) for one in plan.steps] == [
        ("初一（1）班", "move", "初二（1）班", 2),
        ("初一（2）班", "move", "初二（2）班", 1),
        ("初二（3）班", "move", "初三（3）班", 3),
        ("初三（1）班", "graduate", "", 1),
    ]


def test_all_move_at_once_and_the_last_grade_graduates(world: World) -> None:
    grade(world, "初一", 2026, (2, 1, 1))
    grade(world, "初三", 2024, (1,))
    planned = steps(world)
    told = try_roll_over(world.me, world.desk, planned)
    done = roll_over(world.me, world.desk, planned, LEFT).value
    assert done == told
    assert (done.moved, done.graduated, done.stayed, done.new_classes) == (7, 1, 0, 3)
    after = classes(world)
    assert after["20260100"] == "初二（1）班"
    assert after["20260300"] == "初二（3）班"  # whose own students have gone on
    assert after["20250301"] == "初三（3）班"
    assert world.sql("SELECT status, left_on FROM student WHERE student_no = '20240100'") == [
        ("graduated", "2026-07-01")
    ]
    years = dict(world.sql("SELECT name, entry_year FROM org_unit WHERE kind = 'class'"))
    assert (years["初二（3）班"], years["初三（3）班"], years["初一（3）班"]) == (2026, 2025, 2027)


def test_students_on_leave_and_those_held_back_stay(world: World) -> None:
    students.set_status(world.me, world.desk, world.students[0], StudentStatus.ON_LEAVE)
    held = frozenset({world.students[1]})
    counts = roll_over(world.me, world.desk, steps(world), LEFT, held).value
    assert (counts.moved, counts.stayed) == (1, 2)
    assert classes(world) == {"20250301": "初二（3）班", "20250302": "初二（3）班", "20250303": "初三（3）班"}


def test_the_next_year_begins_with_terms_on_the_same_weekdays(world: World) -> None:
    roll_over(world.me, world.desk, steps(world), LEFT)
    terms = [term for term in school.list_terms(world.me, world.desk) if term.academic_year == "2027-2028"]
    assert [(term.number, term.starts_on, term.ends_on) for term in terms] == [
        (1, date(2027, 8, 31), date(2028, 1, 19)),
        (2, date(2028, 2, 21), date(2028, 7, 3)),
    ]


def test_a_year_that_is_set_already_is_left_alone(world: World) -> None:
    dates = (school.TermDates(1, date(2027, 9, 1), date(2028, 1, 20), date(2028, 1, 8)),)
    school.set_academic_year(world.me, world.desk, "2027-2028", dates)
    roll_over(world.me, world.desk, steps(world), LEFT)
    assert len([term for term in school.list_terms(world.me, world.desk) if term.academic_year == "2027-2028"]) == 1


def test_two_classes_do_not_become_one(world: World) -> None:
    grade(world, "初一", 2026, (1, 1))
    wrong = [ClassStep(step.class_id, Outcome.MOVE, "初二（9）班") for step in steps(world)]
    before = world.dump()
    for attempt in (
        lambda: roll_over(world.me, world.desk, wrong, LEFT),
        lambda: try_roll_over(world.me, world.desk, wrong),
        lambda: roll_over(world.me, world.desk, [ClassStep(wrong[0].class_id, Outcome.MOVE, " ")], LEFT),
        lambda: roll_over(world.me, world.desk, [ClassStep("0" * 32, Outcome.MOVE, "x")], LEFT),
    ):
        with pytest.raises(UserError):
            attempt()
    assert world.dump() == before


def test_a_class_named_without_its_grade_goes_to_the_next_grade(world: World) -> None:
    for name, year in (("七年级", 2026), ("八年级", 2025)):
        above = school.add_unit(world.me, world.desk, UnitKind.GRADE, name).value
        unit = school.add_unit(world.me, world.desk, UnitKind.CLASS, "1班", above.id, year).value
        students.add_student(world.me, world.desk, students.StudentData(name, student_no=f"{year}", class_id=unit.id))
    counts = roll_over(world.me, world.desk, steps(world), LEFT).value
    assert (counts.moved, counts.graduated) == (5, 0)
    found = world.sql(
        "SELECT s.student_no, g.name, u.name FROM student s JOIN org_unit u ON u.id = s.class_id"
        " JOIN org_unit g ON g.id = u.parent_id WHERE length(s.student_no) = 4 ORDER BY s.student_no"
    )
    assert found == [("2025", "九年级", "1班"), ("2026", "八年级", "1班")]


def test_a_class_that_stays_is_not_joined_by_another(world: World) -> None:
    grade(world, "初一", 2026, (1, 1, 1))
    wrong = [ClassStep(step.class_id, Outcome.STAY) if step.target == "初三（3）班" else step for step in steps(world)]
    with pytest.raises(UserError, match="同一个班"):
        roll_over(world.me, world.desk, wrong, LEFT)


def test_only_the_director_may(world: World) -> None:
    with pytest.raises(AccessDenied):
        roll_over(world.colleague, world.desk, steps(world), LEFT)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_lost_or_doubled_and_by_hand_it_can_be_taken_back(world: World, seed: int) -> None:
    """Whatever is proposed, edited and held back: each student is in just one class, and moving back restores it."""
    chance = random.Random(seed)
    for name, year in (("初一", 2026), ("初三", 2024)):
        grade(world, name, year, tuple(chance.randint(0, 3) for _class in range(chance.randint(1, 3))))
    listed = students.list_students(world.me, world.desk)
    before = {view.id: view.data.class_id for view in listed}
    held = frozenset(view.id for view in listed if chance.random() < 0.2)
    planned = [ClassStep(step.class_id, Outcome.GRADUATE) if chance.random() < 0.2 else step for step in steps(world)]
    counts = roll_over(world.me, world.desk, planned, LEFT, held).value
    after = {view.id: view for view in students.list_students(world.me, world.desk, status=None)}
    assert set(after) == set(before)
    assert counts.moved + counts.graduated + counts.stayed == len(before)
    for view in after.values():
        assert view.data.class_id is not None
        if view.id in held:
            assert view.data.class_id == before[view.id]
            assert view.status is StudentStatus.ENROLLED
    for view in after.values():
        if view.status is StudentStatus.GRADUATED:
            students.set_status(world.me, world.desk, view.id, StudentStatus.ENROLLED)
        data = students.StudentData(**{**vars(view.data), "class_id": before[view.id]})
        students.edit_student(world.me, world.desk, view.id, data)
    assert {view.id: view.data.class_id for view in students.list_students(world.me, world.desk)} == before
