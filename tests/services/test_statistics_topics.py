"""Topics and grades in the figures, periods, and counting in a job that can be stopped."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from counselroom.services import cases, parameters
from counselroom.services.form_subjects import load_subject
from counselroom.services.statistics import Statistics, TopicCount, export_statistics, periods, statistics
from counselroom.vault.lanes import ChangeLane, Job, JobLane
from counselroom.vault.progress import Cancelled, Step
from tests.services.world import World
from tests.ui.statistics_support import fill

FIRST, LAST = date(2026, 9, 1), date(2027, 1, 20)


def figures(world: World) -> Statistics:
    return statistics(world.me, world.desk, FIRST, LAST)


def topic(found: Statistics, key: str) -> TopicCount:
    return next(each for each in found.topics if each.key == key)


def test_topics_are_counted_by_visits_the_most_frequent_first(world: World) -> None:
    fill(world)
    told = [(each.label, each.visits) for each in figures(world).topics if each.visits is not None]
    assert told[0] == ("学业压力", 36)
    assert [visits for _label, visits in told] == sorted((visits for _label, visits in told), reverse=True)


def test_what_is_not_told_stands_in_the_order_of_the_list(world: World) -> None:
    fill(world)
    hidden = [each.key for each in figures(world).topics if each.visits is None]
    assert "grief" in hidden
    assert hidden.index("exam_stress") < hidden.index("grief") < hidden.index("")


def test_clients_by_topic_and_grade_count_people(world: World) -> None:
    fill(world)
    parameters.set_parameter(world.me, world.desk, "small_cell", 2)
    found = figures(world)
    assert found.grades == ("初一", "初二年级", "初三", "高一")
    people = topic(found, "study_pressure").people
    stored = world.sql(
        "SELECT grade.name, count(DISTINCT note.client_id) FROM session_record note"
        " JOIN student ON student.id = note.client_id JOIN org_unit class ON class.id = student.class_id"
        " JOIN org_unit grade ON grade.id = class.parent_id"
        " WHERE note.topics LIKE '%study_pressure%' GROUP BY grade.name"
    )
    counted = dict(stored)
    assert any(people)
    for grade, number in zip(found.grades, people, strict=True):
        assert number in (None, counted.get(grade, 0))


def test_r_04_a_grade_that_is_not_told_is_in_no_topic(world: World) -> None:
    fill(world)
    found = figures(world)
    place = found.grades.index("初二年级")  # one client
    assert {each.people[place] for each in found.topics} == {None}


def test_r_04_the_same_is_hidden_on_paper_and_in_the_table(world: World) -> None:
    fill(world)
    found = figures(world)
    hidden = {each.label for each in found.topics if each.visits is None and each.key}
    content = export_statistics(world.me.because("给主管部门"), world.desk, FIRST, LAST).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert {row[2] for row in rows if row[1] in hidden} == {"<5"}
    assert all(row[3] for row in rows[1:])
    with world.desk.look() as work:
        lines = load_subject(work, "statistics", f"{FIRST}_{LAST}").values["statistics.topics"]
    assert isinstance(lines, list)
    assert not hidden & {line["topic"] for line in lines}
    assert lines[0]["visits"] == "36"
    assert lines[-1] == {"topic": f"其余 {len(hidden)} 类", "visits": "<5", "share": "", "clients": ""}


def test_cases_are_counted_by_their_days(world: World) -> None:
    fill(world)
    clients = world.sql("SELECT id FROM student ORDER BY id LIMIT 5 OFFSET 10")
    for (client,) in clients:
        cases.open_case(world.me, world.desk, client)
    found = figures(world)
    assert (found.opened, found.closed) == (6, 0)
    assert statistics(world.me, world.desk, date(2020, 1, 1), date(2020, 2, 1)).opened == 0


def test_the_periods_of_today(world: World) -> None:
    found = periods(world.me, world.desk)
    assert found.month == (date(2026, 10, 1), date(2026, 10, 31))
    assert found.term[0] == found.year[0] == date(2026, 9, 1)
    assert found.term[1] < found.year[1]


def test_in_a_job_the_figures_are_the_same(world: World) -> None:
    fill(world)
    changes = ChangeLane()
    lane = JobLane(world.desk.vault, changes)
    told: list[tuple[Step, int, int]] = []
    job: Job[Statistics] = lane.job(
        lambda job: statistics(world.me, world.desk, FIRST, LAST, job),
        progress=lambda step, done, of: told.append((step, done, of)),
    )
    assert job.future.result(20) == figures(world)
    lane.close()
    changes.close()
    assert told[0] == (Step.COUNT, 0, 73)
    assert told[-1] == (Step.COUNT, 73, 73)


def test_counting_stops_when_nobody_waits(world: World) -> None:
    fill(world)
    changes = ChangeLane()
    lane = JobLane(world.desk.vault, changes)

    def work(job: Job[Statistics]) -> Statistics:
        job.cancel()
        return statistics(world.me, world.desk, FIRST, LAST, job)

    with pytest.raises(Cancelled):
        lane.job(work).future.result(20)
    lane.close()
    changes.close()
