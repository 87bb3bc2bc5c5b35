"""Vaults to measure on: made and opened by the product's own functions, with a clock and ids that repeat."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from counselroom.demo.invented_school import invent_students, roster_file
from counselroom.demo.stage import FIRST_DAY, DemoClock, RememberedAnchors
from counselroom.model.people import Student
from counselroom.rules.access import Actor, Role
from counselroom.rules.school import SchoolType
from counselroom.services import school
from counselroom.services.accounts import actor_at_the_desk, found_room
from counselroom.services.desk import Desk
from counselroom.services.roster_import import import_roster, preview_roster
from counselroom.services.school import SchoolProfile, TermDates
from counselroom.vault.creation import create_vault
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.vault import Passphrase, Vault, unlock_vault
from tests.bench.secret import LOGIN, PASSPHRASE

FIRST_YEAR = FIRST_DAY.year - 1
_ROLES = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR})


@dataclass(frozen=True)
class Room:
    """An open vault with its only teacher; `students` are ids in the order of their numbers."""

    desk: Desk
    actor: Actor
    clock: DemoClock
    students: tuple[str, ...]

    @property
    def vault(self) -> Vault:
        """The open vault."""
        return self.desk.vault


@contextmanager
def new_room(folder: Path, students: int) -> Iterator[Room]:
    """Create a vault at `folder`, with a calendar and a roster of `students`, all by the services."""
    clock, ids = DemoClock(), _scattered_ids(1)
    made = create_vault(
        folder,
        logins=((LOGIN, PASSPHRASE),),
        entropy=random.Random(7).randbytes,
        now=clock.now,
        new_id=lambda: next(ids),
        anchors=RememberedAnchors(),
        kdf=FLOOR,
    )
    try:
        desk = Desk(made.vault, clock, lambda: next(ids))
        actor = found_room(desk, "林老师", made.vault.slot.slot_id, _ROLES)
        _set_up_school(actor, desk)
        if students:
            roster = folder.with_name(f"{folder.name}-roster.csv")
            roster.write_bytes(roster_file(invent_students(students, 1)))
            done = import_roster(actor, desk, preview_roster(actor, desk, roster)).value
            assert done.new == students, "the roster was not imported whole"
        yield Room(desk, actor, clock, _students(made.vault))
    finally:
        made.vault.close()


@contextmanager
def open_room(folder: Path) -> Iterator[Room]:
    """Unlock a vault that `new_room` made, a day later."""
    clock, ids = DemoClock(FIRST_DAY + timedelta(days=1)), _scattered_ids(random.SystemRandom().getrandbits(64))
    anchors = RememberedAnchors()
    vault = unlock_vault(folder, Passphrase(PASSPHRASE, LOGIN), anchors=anchors, now=clock.now)
    try:
        desk = Desk(vault, clock, lambda: next(ids))
        yield Room(desk, actor_at_the_desk(desk), clock, _students(vault))
    finally:
        vault.close()


def _scattered_ids(seed: int) -> Iterator[str]:
    """Yield ids scattered as uuid4's are: rows in the order of their ids would flatter every index."""
    chance = random.Random(seed)
    while True:
        yield chance.randbytes(16).hex()


def _set_up_school(actor: Actor, desk: Desk) -> None:
    profile = SchoolProfile("青禾市示例中学", "QH", SchoolType.JUNIOR, "心理辅导室", "0000-0000000")
    school.set_school_profile(actor, desk, profile)
    for year in (FIRST_YEAR, FIRST_YEAR + 1):
        terms = (
            TermDates(1, date(year, 9, 1), date(year + 1, 1, 22), date(year + 1, 1, 15)),
            TermDates(2, date(year + 1, 2, 22), date(year + 1, 7, 9), date(year + 1, 7, 2)),
        )
        school.set_academic_year(actor, desk, f"{year}-{year + 1}", terms)


def _students(vault: Vault) -> tuple[str, ...]:
    with vault.reading() as session:
        return tuple(session.scalars(select(Student.id).order_by(Student.student_no)))
