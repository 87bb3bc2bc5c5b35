"""A school with enough sessions that most figures are told."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta

from counselroom.rules.school import UnitKind
from counselroom.services import school, sessions, students
from tests.services.world import World

GRADES = ("初一", "初三", "高一")
TOPICS = ("study_pressure", "peers", "parents", "emotion", "sleep")


def fill(world: World, each: int = 1, *, first: date = date(2026, 9, 1), days: int = 40) -> None:
    """Write signed sessions with topics: one through the services, the others as its copies with days of their own.

    Args:
        world: the school.
        each: how many times as many.
        first: the first day.
        days: over how many days they are spread.
    """
    chance = random.Random(4)
    written = _one(world)
    classes = []
    for grade in GRADES:
        unit = school.add_unit(world.me, world.desk, UnitKind.GRADE, grade).value
        classes.append(school.add_unit(world.me, world.desk, UnitKind.CLASS, f"{grade}1班", unit.id).value)
    number = 0
    for place, group in enumerate(classes):
        for pupil in range(12):
            student = students.add_student(
                world.me, world.desk, students.StudentData(f"某{place}{pupil}", class_id=group.id)
            ).value
            for _visit in range(each * (1 + pupil % 3)):
                number += 1
                weights = (9, 7, 5, 3, 1)
                topics = sorted(set(chance.choices(TOPICS, weights, k=1 + number % 2)))
                day = first + timedelta(days=chance.randrange(days))
                copy_session(world, written, student.id, number + 1, day, topics)


def _one(world: World) -> str:
    row = sessions.start_note(world.me, world.desk, world.case(), world.draft("一", consent_exception="危机例外")).value
    return sessions.sign_note(world.me, world.desk, row.id).value.id


def copy_session(world: World, like: str, client: str, seq: int, day: date, topics: list[str]) -> None:
    """Write a signed session that differs from another one in client, number, day and topics."""
    columns = [row[1] for row in world.sql("PRAGMA table_info(session_record)")]
    other = {
        "id": world.desk.new_id(),
        "client_id": client,
        "seq": seq,
        "held_on": day.isoformat(),
        "topics": json.dumps(topics),
        "appointment_id": None,
    }
    taken = ", ".join(f":{name}" if name in other else name for name in columns)
    with world.desk.change() as work:
        work.session.connection().exec_driver_sql(
            f"INSERT INTO session_record ({', '.join(columns)}) SELECT {taken} FROM session_record WHERE id = :like",
            {**other, "like": like},
        )
