"""F-51, F-54 and F-71, blank and filled: what a reader gets of them, and what no reader gets."""

from __future__ import annotations

from datetime import date

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.services.form_subjects import load_subject
from counselroom.services.prints import PrintRequest, print_blank, print_form
from counselroom.services.statistics import statistics
from tests.services.care_support import care_records, proposed
from tests.services.world import NAMES, World

FORMS = {"F-51": "follow_up", "F-54": "follow_up_plan", "F-71": "statistics"}
READERS = {
    "F-51": (Audience.ROOM, Audience.ARCHIVE),
    "F-54": (Audience.ROOM, Audience.CLASS_TEACHER, Audience.COLLEGE),
    "F-71": (Audience.ROOM, Audience.BUREAU, Audience.LEADING_GROUP),
}
LONG = "，" + "这里写得很长，占满几行，还要继续往下写" * 12


@pytest.mark.parametrize("form", list(FORMS))
def test_a_blank_sheet(form: str) -> None:
    assert print_blank(form).startswith(b"%PDF")


@pytest.mark.parametrize("long", ["", LONG])
def test_every_reader_s_sheet(world: World, long: str) -> None:
    found = care_records(world, long)
    for form, kind in FORMS.items():
        for audience in READERS[form]:
            request = PrintRequest(form, found[kind], audience, recipient="陈老师", purpose="随访")
            assert print_form(world.me, world.desk, request).value.pdf.startswith(b"%PDF")


def test_the_card_for_the_teacher_says_what_to_do_and_nothing_of_why(world: World) -> None:
    found = care_records(world)
    with world.desk.look() as work:
        values = load_subject(work, "follow_up_plan", found["follow_up_plan"]).values
    card, tasks = values["plan.card"], values["plan.tasks"]
    assert isinstance(card, list)
    assert isinstance(tasks, list)
    assert {row["task"] for row in card} == {"到宿舍了解情况", "联系家长，了解各方面情况"}
    assert {key for row in card for key in row} == {"due", "task", "done"}
    assert {"FR-09"} <= {row["rule"] for row in tasks}
    assert values["student.name"] == NAMES[1]


def test_the_printed_figures_are_those_of_the_page(world: World) -> None:
    world.note("一")
    with world.desk.look() as work:
        values = load_subject(work, "statistics", "2026-09-01_2027-01-20").values
    assert values["statistics.sessions"] == values["statistics.clients"] == "<5"
    assert not any(name in str(values) for name in NAMES)
    found = statistics(world.me, world.desk, *_period())
    assert (found.sessions, found.students) == (None, None)


def _period() -> tuple[date, date]:
    return date(2026, 9, 1), date(2027, 1, 20)


@pytest.mark.parametrize(
    ("kind", "entity"), [("follow_up", "x"), ("follow_up_plan", "x"), ("statistics", "x"), ("statistics", "2026-09-01")]
)
def test_what_is_not_there_is_not_printed(world: World, kind: str, entity: str) -> None:
    with pytest.raises(UserError), world.desk.look() as work:
        load_subject(work, kind, entity)


def test_a_student_without_tasks_has_no_plan(world: World) -> None:
    proposed(world)
    with pytest.raises(UserError), world.desk.look() as work:
        load_subject(work, "follow_up_plan", world.students[0])
