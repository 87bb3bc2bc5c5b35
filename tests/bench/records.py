"""A student's records in a school with 1,000 sessions and in one with 100,000."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select

from counselroom.model.counselling import CaseFile
from counselroom.model.people import Student
from counselroom.services import archives, cases, consents, referrals, sessions, student_lists, students
from tests.bench.bulk import NOTES_EACH
from tests.bench.measuring import Result, at_most, interleaved, timed
from tests.bench.rooms import Room
from tests.bench.setting import Setting

SMALL, LARGE = 1_000, 100_000
SCHOOLS = (SMALL, LARGE)


@dataclass(frozen=True)
class _Client:
    """A student with a whole case, and what a page knows about one."""

    student_id: str
    number: str
    case_id: str


def run(setting: Setting) -> list[Result]:
    """Open the same pages in both schools, of another student each time."""
    few, many = setting.notes(SMALL), setting.notes(LARGE)
    with setting.school(SMALL) as small, setting.school(LARGE) as large:
        pages: tuple[tuple[str, Callable[[Room, _Client], object], int, float | None], ...] = (
            (f"sessions of a case ({NOTES_EACH} signed notes)", _sessions, 41, 2),
            ("record page: person, guardians, consents, archive, referrals, case and its sessions", _record, 41, 2),
            ("find a student by number", _find, 41, 2),
            ("first 200 of the list of students", _first_page, 9, None),
            ("list of all cases", _all_cases, 3, None),
            ("notes that wait for the signature", _unsigned, 3, None),
        )
        results = []
        for name, page, repetitions, limit in pages:
            in_small, in_large = _compare(setting.times(repetitions), small, large, page)
            found = at_most(2, f"{name}, {many:,} sessions against {few:,}", in_large, in_small)
            results.append(found if limit else replace(found, target=""))
        return results


def _compare(
    repetitions: int, small: Room, large: Room, page: Callable[[Room, _Client], object]
) -> tuple[float, float]:
    works = [_in_turn(room, page, repetitions) for room in (small, large)]
    of_small, of_large = interleaved(repetitions, *works)
    return of_small, of_large


def _in_turn(room: Room, page: Callable[[Room, _Client], object], count: int) -> Callable[[], float]:
    """Return a measurement that opens the page of another student at each call, nothing of which is in memory."""
    chance = random.Random(count)
    clients = _clients(room)
    chosen = iter(chance.sample(clients, count) if len(clients) >= count else chance.choices(clients, k=count))

    def measure() -> float:
        client = next(chosen)
        return timed(lambda: page(room, client))

    return measure


def _clients(room: Room) -> list[_Client]:
    whole = select(CaseFile.id, CaseFile.client_id, Student.student_no).join(Student, Student.id == CaseFile.client_id)
    with room.vault.reading() as session:
        found = session.execute(whole.order_by(CaseFile.code)).all()
    # The last case of a school may be short.
    return [_Client(client, number, case) for case, client, number in found[:-1]]


def _sessions(room: Room, client: _Client) -> None:
    found = sessions.list_sessions(room.actor, room.desk, client.case_id)
    # The services may have added one while the school was built.
    assert len(found) in (NOTES_EACH, NOTES_EACH + 1)
    assert all(each.client_id == client.student_id and each.signed_at for each in found)


def _record(room: Room, client: _Client) -> None:
    actor, desk = room.actor, room.desk
    person = students.student(actor, desk, client.student_id)
    assert person.data.student_no == client.number
    assert students.list_guardians(actor, desk, client.student_id)
    assert len(consents.list_consents(actor, desk, client.student_id)) == 1
    assert archives.archive_of(actor, desk, client.student_id) is None
    assert not referrals.list_referrals(actor, desk, client.student_id)
    assert cases.case(actor, desk, client.case_id).client_id == client.student_id
    _sessions(room, client)


def _find(room: Room, client: _Client) -> None:
    found = student_lists.student_rows(room.actor, room.desk, query=client.number)
    assert [each.id for each in found.rows] == [client.student_id]
    (person,) = students.find_people(room.actor, room.desk, client.number)
    assert person.id == client.student_id


def _first_page(room: Room, _client: _Client) -> None:
    found = student_lists.student_rows(room.actor, room.desk)
    assert found.total >= len(found.rows) > 0


def _all_cases(room: Room, client: _Client) -> None:
    assert client.case_id in {each.id for each in cases.list_cases(room.actor, room.desk)}


def _unsigned(room: Room, _client: _Client) -> None:
    sessions.list_unsigned(room.actor, room.desk)
