"""A small school in a real vault: built once in a process, copied for each test, opened without deriving a key."""

from __future__ import annotations

import atexit
import itertools
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from counselroom.rules.access import Actor, Role
from counselroom.rules.archive import OpenReason
from counselroom.rules.counselling import ConsentKind, RiskLevel
from counselroom.rules.people import Gender, Relation
from counselroom.rules.referral import ConsentAnswer, ReferralTarget
from counselroom.rules.school import SchoolType, UnitKind
from counselroom.services import (
    accounts,
    appointments,
    archives,
    cases,
    consents,
    referrals,
    school,
    sessions,
    students,
)
from counselroom.services.desk import Desk
from counselroom.vault.creation import create_vault
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import Slot
from counselroom.vault.keys.unlocking import Unlocked
from counselroom.vault.vault import Vault, open_vault
from tests.conftest import ALL_ROLES, CHINA, PASSPHRASE, HandClock, MemoryAnchors

MORNING = datetime(2026, 10, 12, 9, 0, tzinfo=CHINA)
"""When each test begins: a Monday in the first term."""
NAMES = ("欧阳若曦", "单于青禾", "张晓明")
GUARDIAN = "欧阳建国"
STAFF = ("林老师", "周老师", "吴老师", "郑主任")


@dataclass(frozen=True)
class People:
    """Who works in the room, and whom and what it knows."""

    me: Actor
    colleague: Actor
    archivist: Actor
    director: Actor
    students: tuple[str, ...]
    rooms: tuple[str, ...]
    class_id: str


@dataclass(frozen=True)
class Template:
    """A closed vault on the disk with what opens it."""

    folder: Path
    root: bytes
    slot: Slot
    sheet_a: str
    people: People


@cache
def template() -> Template:
    """Return the vault from which all others are copied."""
    home = Path(tempfile.mkdtemp(prefix="counselroom-services-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    clock = HandClock()
    counter = itertools.count(1)
    made = create_vault(
        home / "vault",
        logins=(("用户 1", PASSPHRASE),),
        entropy=random.Random(11).randbytes,
        now=clock.now,
        new_id=lambda: f"{next(counter):032x}",
        anchors=MemoryAnchors(),
        kdf=FLOOR,
    )
    desk = Desk(made.vault, clock, lambda: f"{next(counter):032x}")
    found = Template(
        made.vault.folder, made.vault.root.material(), made.vault.slot, made.sheet_a, _people(desk, made.vault.slot)
    )
    made.vault.close()
    return found


def _people(desk: Desk, slot: Slot) -> People:
    me = accounts.found_room(desk, STAFF[0], slot.slot_id, ALL_ROLES)
    others = []
    roles = (Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR)
    for name, role in zip(STAFF[1:], roles, strict=True):
        view = accounts.add_account(me, desk, name, frozenset({role}), f"slot-{role}").value
        others.append(Actor(view.id, view.person_id, frozenset({role})))
    profile = school.SchoolProfile("青禾市示例中学", "QH", SchoolType.JUNIOR, "心理辅导室", "0000-1234567")
    school.set_school_profile(me, desk, profile)
    school.set_academic_year(
        me,
        desk,
        "2026-2027",
        (
            school.TermDates(1, date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8)),
            school.TermDates(2, date(2027, 2, 22), date(2027, 7, 5), date(2027, 6, 25)),
        ),
    )
    rooms = tuple(school.add_room(me, desk, name).value for name in ("个别咨询室", "沙盘室", "团辅室"))
    grade = school.add_unit(me, desk, UnitKind.GRADE, "初二年级").value
    klass = school.add_unit(me, desk, UnitKind.CLASS, "初二（3）班", grade.id, 2025).value
    ids = []
    for number, name in enumerate(NAMES, start=1):
        data = students.StudentData(
            name=name,
            student_no=f"2025030{number}",
            gender=Gender.FEMALE,
            birth_date=date(2012, 5, number),
            class_id=klass.id,
            phone=f"1390000000{number}",
            address="青禾市云岭路 7 号",
            dorm="3-201",
            ethnicity="汉族",
            political_status="共青团员",
        )
        ids.append(students.add_student(me, desk, data).value.id)
    students.add_guardian(
        me, desk, ids[0], GUARDIAN, Relation.FATHER, "13811112222", "13833334444", "青禾市南湖路 9 号"
    )
    return People(me, *others, tuple(ids), rooms, klass.id)


@contextmanager
def opened_copy(folder: Path, clock: HandClock, anchors: MemoryAnchors | None = None) -> Iterator[Vault]:
    """Copy the template to `folder` and open it."""
    shutil.copytree(template().folder, folder)
    vault = open_again(folder, clock, anchors)
    try:
        yield vault
    finally:
        vault.close()


def open_again(folder: Path, clock: HandClock, anchors: MemoryAnchors | None = None) -> Vault:
    """Open a copy of the template that was closed."""
    found = template()
    unlocked = Unlocked(SlotFile.copies(folder)[0], RootKey(found.root), found.slot)
    return open_vault(folder, unlocked, anchors=anchors or MemoryAnchors(), now=clock.now)


@dataclass(frozen=True)
class AuditLine:
    """What an audit row says."""

    actor_id: str
    action: str
    entity: str
    entity_id: str
    reason: str
    digest: str


@dataclass(frozen=True)
class World:
    """The room of one test, with short words for what tests do often."""

    desk: Desk
    clock: HandClock
    people: People

    @property
    def me(self) -> Actor:
        return self.people.me

    @property
    def colleague(self) -> Actor:
        return self.people.colleague

    @property
    def archivist(self) -> Actor:
        return self.people.archivist

    @property
    def director(self) -> Actor:
        return self.people.director

    @property
    def students(self) -> tuple[str, ...]:
        return self.people.students

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        return MORNING.replace(hour=hour, minute=minute) + timedelta(days=days)

    def audit(self) -> list[AuditLine]:
        """Return all audit rows, the oldest first."""
        with self.desk.vault.reading() as session:
            rows = session.execute(
                text("SELECT actor_id, action, entity, entity_id, reason, digest FROM audit_log ORDER BY seq")
            )
            return [AuditLine(*row) for row in rows]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all rows of all tables but the audit log's."""
        with self.desk.vault.reading() as session:
            tables = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
            names = [name for name in tables if not name.startswith(("search_text", "sqlite_")) and name != "audit_log"]
            return {
                name: sorted((tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))), key=repr)
                for name in names
            }

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.desk.vault.reading() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    # What tests need before they come to their point.

    def booking(self, days: int = 1, hour: int = 14, minute: int = 0, **changes: Any) -> appointments.Booking:
        start = self.at(days, hour, minute)
        fields: dict[str, Any] = {
            "client_id": self.students[0],
            "counsellor_id": self.me.person_id,
            "starts_at": start,
            "ends_at": start + timedelta(minutes=50),
            "room_id": self.people.rooms[0],
        }
        return appointments.Booking(**(fields | changes))

    def case(self, actor: Actor | None = None, student: int = 0, goals: tuple[str, ...] = ()) -> str:
        return cases.open_case(actor or self.me, self.desk, self.students[student], goals).value.id

    def consent(
        self, student: int = 0, kind: ConsentKind = ConsentKind.SERVICE, at: datetime | None = None
    ) -> consents.ConsentView:
        data = consents.ConsentData(
            self.students[student], kind, "F-08 v1", GUARDIAN, "父亲", at or MORNING - timedelta(days=1)
        )
        return consents.record_consent(self.me, self.desk, data).value

    def draft(self, content: str = "", **changes: Any) -> sessions.NoteDraft:
        note = sessions.NoteDraft(
            self.at(0, 8), self.at(0, 8, 50), {"content": content} if content else {}, risk_level=RiskLevel.MILD
        )
        return replace(note, **changes)

    def note(self, content: str, actor: Actor | None = None, case_id: str | None = None, student: int = 0) -> str:
        """Return the id of a signed note with this text."""
        actor = actor or self.me
        case_id = case_id or self.case(actor, student)
        draft = self.draft(content, consent_exception="危机例外：已口头同意")
        row = sessions.start_note(actor, self.desk, case_id, draft).value
        return sessions.sign_note(actor, self.desk, row.id).value.id

    def card(self, data: archives.CardData | None = None, student: int = 0) -> archives.CardView:
        archive = archives.open_archive(self.me, self.desk, self.students[student], OpenReason.COUNSELLING).value
        return archives.save_card(self.me, self.desk, archive.id, data or archives.CardData(interests="画画")).value

    def referral_data(self, **changes: Any) -> referrals.ReferralData:
        fields: dict[str, Any] = {
            "student_id": self.students[0],
            "to_kind": ReferralTarget.HOSPITAL,
            "to_name": "青禾市第三医院",
            "reason": "持续失眠",
            "summary": "近一月情绪低落",
            "supervisor_opinion": "同意转介",
            "guardian_consent": ConsentAnswer.AGREED,
        }
        return referrals.ReferralData(**(fields | changes))

    def referral(self, **changes: Any) -> str:
        return referrals.draft_referral(self.me, self.desk, self.referral_data(**changes)).value.id


@contextmanager
def opened_world(folder: Path, clock: HandClock, anchors: MemoryAnchors | None = None) -> Iterator[World]:
    """Copy the template to `folder` and sit down in it."""
    counter = itertools.count(1_000_000)
    with opened_copy(folder, clock, anchors) as vault:
        yield World(Desk(vault, clock, lambda: f"{next(counter):032x}"), clock, template().people)
