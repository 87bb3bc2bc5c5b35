"""The four lawful deeds: what they may do, that they leave their rows, and that nothing of a text stays behind."""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text, true
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from counselroom.errors import Bug
from counselroom.model import Base
from counselroom.model.counselling import Amendment, SessionRecord
from counselroom.rules.secrecy import Secrecy
from counselroom.vault import deeds, search_index
from counselroom.vault.audit import AuditLog, verify_chain
from counselroom.vault.protection import PROTECTED, DeedKind, content_columns
from counselroom.vault.schema import create_schema, safety_copy
from tests.vault.pages import pages_with
from tests.vault.sample_rows import KEY as AUDIT_KEY
from tests.vault.sample_rows import fill, other_than, row_of, sample_id
from tests.vault.storage import KEY, audit_event, engine_over, open_raw, opened, session_on

TABLES = sorted(name for name, rule in PROTECTED.items() if rule.by_deeds)
DEEDS: dict[DeedKind, Callable[..., str]] = {DeedKind.REDACT: deeds.redact, DeedKind.DESTROY: deeds.destroy}


@dataclass
class Room:
    """An open database, as a vault offers it."""

    raw: Any
    engine: Engine
    folder: Path
    log: AuditLog

    @contextmanager
    def change(self) -> Iterator[Session]:
        with session_on(self.engine) as session, session.begin():
            yield session

    def checkpoint(self) -> bool:
        return bool(self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database with the sample rows, copied for every test."""
    path = tmp_path_factory.mktemp("template") / "records.db"
    with opened(path) as engine:
        with engine.begin() as connection:
            create_schema(connection)
        with session_on(engine) as session, session.begin():
            fill(session)
    return path


@pytest.fixture
def room(tmp_path: Path, template: Path) -> Iterator[Room]:
    shutil.copy(template, tmp_path / "records.db")
    raw = open_raw(tmp_path / "records.db")
    raw.execute("PRAGMA busy_timeout = 50")
    yield Room(raw, engine_over(raw), tmp_path, AuditLog(AUDIT_KEY, 1, 1))
    raw.close()


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"deed{next(numbers)}"


def event(name: str, **fields: Any) -> Any:
    return audit_event(**({"entity": name, "entity_id": sample_id(name), "reason": "R-04"} | fields))


def row(session: Session, name: str) -> dict[str, Any] | None:
    found = session.connection().exec_driver_sql(f"SELECT * FROM {name} WHERE id = ?", (sample_id(name),))
    stored = found.mappings().one_or_none()
    return None if stored is None else dict(stored)


def deed_rows(session: Session) -> list[tuple[str, str, str, int | None]]:
    rows = session.execute(
        text("SELECT kind, entity, entity_id, open_token FROM deed WHERE id != 'deed' ORDER BY audit_seq")
    )
    return [tuple(one) for one in rows]


# What every deed writes.


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", DEEDS)
def test_a_deed_leaves_its_rows_and_the_chain_holds(
    room: Room, new_id: Callable[[], str], name: str, kind: DeedKind
) -> None:
    with room.change() as session:
        deed_id = DEEDS[kind](session, room.log, event(name), new_id=new_id)
    with room.change() as session:
        assert deed_rows(session)[-1] == (kind.value, name, sample_id(name), None)
        audit = session.execute(
            text("SELECT action, entity, entity_id, reason, length(digest) FROM audit_log WHERE deed_id = :id"),
            {"id": deed_id},
        ).one()
        assert tuple(audit) == (kind.value, name, sample_id(name), "R-04", 64)
        assert verify_chain(session, {1: AUDIT_KEY}).ok
        assert deeds.scrub_is_due(session)


@pytest.mark.parametrize("name", TABLES)
def test_redact_blanks_and_voids(room: Room, new_id: Callable[[], str], name: str) -> None:
    with room.change() as session:
        before = row(session, name)
        deeds.redact(session, room.log, event(name), new_id=new_id)
    with room.change() as session:
        after = row(session, name)
        assert before is not None
        assert after is not None
        blanked = content_columns(name)
        void = {"voided_at", "voided_by", "void_reason", "updated_at", "updated_by"} & set(after)
        assert {column: after[column] for column in blanked} == blanked
        assert {c: v for c, v in after.items() if c not in blanked and c not in void} == {
            c: v for c, v in before.items() if c not in blanked and c not in void
        }
        if void:
            assert (after["voided_by"], after["void_reason"]) == ("a" * 32, "R-04")


@pytest.mark.parametrize("name", TABLES)
def test_destroy_deletes(room: Room, new_id: Callable[[], str], name: str) -> None:
    with room.change() as session:
        deeds.destroy(session, room.log, event(name), new_id=new_id)
    with room.change() as session:
        assert row(session, name) is None


REASSIGNED = [(name, column) for name in TABLES for column in PROTECTED[name].reassignable]


@pytest.mark.parametrize(("name", "column"), REASSIGNED)
def test_reassign_changes_who_it_belongs_to(room: Room, new_id: Callable[[], str], name: str, column: str) -> None:
    target = Base.metadata.tables[name].columns[column]
    new: Any = 5
    with room.change() as session:
        if target.foreign_keys:
            (key,) = target.foreign_keys
            new = "other"
            tables = (
                ["person", "student"] if key.column.table.name in ("person", "student") else [key.column.table.name]
            )
            for table in tables:
                values = row_of(Base.metadata.tables[table], "other")
                values |= {"student_id": "other"} if table == "psych_archive" else {}
                if table == "psych_archive":
                    for one in ("person", "student"):
                        session.execute(
                            insert(Base.metadata.tables[one]).values(row_of(Base.metadata.tables[one], "other"))
                        )
                session.execute(insert(Base.metadata.tables[table]).values(values))
        before = row(session, name)
        deeds.reassign(session, room.log, event(name), {column: new}, new_id=new_id)
    with room.change() as session:
        after = row(session, name)
        assert before is not None
        assert after is not None
        assert after[column] == new
        changed = {c for c in after if after[c] != before[c]}
        assert changed <= {column, "updated_at", "updated_by"}
        assert not deeds.scrub_is_due(session)


@pytest.mark.parametrize("columns", [{}, {"sections": "{}"}, {"client_id": "x", "signed_by": "y"}])
def test_reassign_refuses_other_columns(room: Room, new_id: Callable[[], str], columns: dict[str, Any]) -> None:
    with room.change() as session, pytest.raises(Bug):
        deeds.reassign(session, room.log, event("session_record"), columns, new_id=new_id)


@pytest.mark.parametrize("name", ["audit_log", "audit_epoch", "deed", "person", "sqlite_master"])
def test_no_deed_on_the_log_or_on_what_is_not_protected(room: Room, new_id: Callable[[], str], name: str) -> None:
    for deed in (deeds.redact, deeds.destroy):
        with room.change() as session, pytest.raises(Bug):
            deed(session, room.log, event(name), new_id=new_id)
    with room.change() as session, pytest.raises(Bug):
        deeds.reassign(session, room.log, event(name), {"id": "x"}, new_id=new_id)


def test_no_deed_on_a_row_that_is_not_there(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session, pytest.raises(Bug):
        deeds.destroy(session, room.log, event("consent", entity_id="unknown"), new_id=new_id)


# What hangs on a row goes with it.


def test_what_hangs_on_a_note_goes_with_it(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session:
        deeds.destroy(session, room.log, event("session_record"), new_id=new_id)
    with room.change() as session:
        assert [one[:2] for one in deed_rows(session)] == [
            ("destroy", "amendment"),
            ("destroy", "archive_item"),
            ("destroy", "session_record"),
        ]
        for name in ("amendment", "archive_item", "session_record", "draft", "attachment", "search_entry"):
            assert session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name
        for name in ("draft_version", "attachment_chunk"):
            assert session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() == 0, name


def test_a_reply_goes_with_its_referral(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session:
        deeds.redact(session, room.log, event("referral"), new_id=new_id)
    with room.change() as session:
        reply = row(session, "referral_feedback")
        assert reply is not None
        assert (reply["recommendation"], reply["voided_by"]) == ("", "a" * 32)
        deeds.destroy(session, room.log, event("referral"), new_id=new_id)
        assert row(session, "referral_feedback") is None


def test_what_hangs_on_a_note_follows_to_the_other_person(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session:
        session.execute(insert(Base.metadata.tables["person"]).values(row_of(Base.metadata.tables["person"], "other")))
        deeds.reassign(session, room.log, event("session_record"), {"client_id": "other"}, new_id=new_id)
    with room.change() as session:
        for name in ("amendment", "attachment", "search_entry"):
            assert session.scalars(text(f"SELECT subject_person FROM {name}")).all() == ["other"], name


def test_a_note_moves_to_another_case_without_its_person(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session:
        deeds.reassign(session, room.log, event("session_record"), {"seq": 3}, new_id=new_id)
        assert len(deed_rows(session)) == 1


def test_an_object_in_the_session_sees_the_deed(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session:
        note = session.get(SessionRecord, "session_record")
        assert note is not None
        deeds.redact(session, room.log, event("session_record"), new_id=new_id)
        assert (note.sections, note.risk_level, note.void_reason) == ({}, None, "R-04")


# Amend.


def test_amend_lets_an_amendment_in(room: Room, new_id: Callable[[], str]) -> None:
    table = Base.metadata.tables["amendment"]
    with room.change() as session:
        with deeds.amend(session, room.log, event("session_record", digest="d" * 64), new_id=new_id) as deed_id:
            session.add(Amendment(**row_of(table, "second")))
        assert deed_id == "deed0"
        with pytest.raises(DatabaseError, match="protected: amendment"), session.begin_nested():
            session.execute(insert(table).values(row_of(table, "third")))
    with room.change() as session:
        assert session.execute(text("SELECT count(*) FROM amendment")).scalar_one() == 2
        assert session.execute(text("SELECT digest FROM audit_log ORDER BY seq DESC")).scalars().first() == "d" * 64


def test_amend_lets_no_amendment_of_another_row_in(room: Room, new_id: Callable[[], str]) -> None:
    table = Base.metadata.tables["amendment"]
    with pytest.raises(DatabaseError, match="protected: amendment"), room.change() as session:  # noqa: SIM117 - order
        with deeds.amend(session, room.log, event("consent"), new_id=new_id):
            session.execute(insert(table).values(row_of(table, "second")))


def test_a_change_waiting_in_the_session_does_not_slip_into_a_deed(room: Room, new_id: Callable[[], str]) -> None:
    with session_on(room.engine) as session:
        note = session.get(SessionRecord, "session_record")
        assert note is not None
        note.sections = {}
        with session.no_autoflush, pytest.raises(DatabaseError, match="protected: session_record"):
            deeds.redact(session, room.log, event("session_record"), new_id=new_id)


def test_a_failure_inside_a_deed_leaves_nothing(room: Room, new_id: Callable[[], str]) -> None:
    head = room.log.head
    with room.change() as session:
        before = head(session)
    with pytest.raises(ZeroDivisionError), room.change() as session:  # noqa: SIM117 - order
        with deeds.amend(session, room.log, event("session_record"), new_id=new_id):
            _ = 1 / 0
    with room.change() as session:
        assert head(session) == before
        assert deed_rows(session) == []


# Nothing but the deed's own columns on its own row.


@contextmanager
def open_deed(session: Session, room: Room, kind: DeedKind, name: str) -> Iterator[None]:
    with deeds._opened(session, room.log, event(name), kind, lambda: "open"):
        yield


MATRIX = [
    (name, kind, column.name) for name in TABLES for kind in DeedKind for column in Base.metadata.tables[name].columns
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    raw = open_raw(Path(":memory:"))
    engine = engine_over(raw)
    with engine.begin() as connection:
        create_schema(connection)
    with session_on(engine) as session, session.begin():
        log = fill(session)
    yield Room(raw, engine, tmp_path_factory.mktemp("shared"), log)
    raw.close()


@pytest.mark.parametrize(("name", "kind", "column"), MATRIX)
def test_an_open_deed_lets_its_own_columns_through(shared: Room, name: str, kind: DeedKind, column: str) -> None:
    target = Base.metadata.tables[name].columns[column]
    content = content_columns(name)
    with session_on(shared.engine) as session:
        with open_deed(session, shared, kind, name):
            found = session.execute(text(f"SELECT {column} FROM {name} WHERE id = :id"), {"id": sample_id(name)})
            new = other_than(found.scalar_one(), target)
            change = text(f"UPDATE {name} SET {column} = :new WHERE id = :id").bindparams(id=sample_id(name))
            touch = {"updated_at", "updated_by"}
            allowed = {
                DeedKind.REDACT: {"voided_at", "voided_by", "void_reason"} | touch,
                DeedKind.REASSIGN: set(PROTECTED[name].reassignable) | touch,
            }.get(kind, set())
            if kind is DeedKind.REASSIGN and not PROTECTED[name].reassignable:
                allowed = set()
            if kind is DeedKind.REDACT and column in content:
                session.execute(change, {"new": content[column]})
            if column in allowed and not target.foreign_keys:
                session.execute(change, {"new": new})
            elif column not in allowed and column not in PROTECTED[name].free:
                with pytest.raises(DatabaseError, match=f"protected: {name}"):
                    session.execute(change, {"new": new})
        session.rollback()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", DeedKind)
def test_only_destroy_lets_a_row_be_deleted(shared: Room, name: str, kind: DeedKind) -> None:
    with session_on(shared.engine) as session:
        with open_deed(session, shared, kind, name):
            removal = text(f"DELETE FROM {name} WHERE id = :id").bindparams(id=sample_id(name))
            if kind is not DeedKind.DESTROY:
                with pytest.raises(DatabaseError, match=f"protected: {name}"):
                    session.execute(removal)
        session.rollback()


@pytest.mark.parametrize("kind", DeedKind)
def test_a_deed_on_one_row_opens_no_other(shared: Room, kind: DeedKind) -> None:
    with session_on(shared.engine) as session:
        with open_deed(session, shared, kind, "consent"):
            for name in set(TABLES) - {"consent"}:
                for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET id = 'x'"):
                    with pytest.raises(DatabaseError, match=f"protected: {name}"):
                        session.execute(text(statement))
        session.rollback()


def attempt(name: str, kind: DeedKind) -> str:
    """Return a statement that the deed `kind` on a row of `name` lets through."""
    if kind is DeedKind.DESTROY:
        return f"DELETE FROM {name} WHERE id = :id"
    if kind is DeedKind.REDACT:
        column, value = next(iter(content_columns(name).items()))
        return f"UPDATE {name} SET {column} = {'NULL' if value is None else repr(value)} WHERE id = :id"
    return f"UPDATE {name} SET updated_by = 'x', {PROTECTED[name].reassignable[0]} = NULL WHERE id = :id"


ATTEMPTS = [
    (name, kind)
    for name in TABLES
    for kind in (DeedKind.DESTROY, DeedKind.REDACT, DeedKind.REASSIGN)
    if kind is not DeedKind.REASSIGN or (PROTECTED[name].reassignable and name != "print_log")
]


@pytest.mark.parametrize(("name", "kind"), ATTEMPTS)
def test_a_closed_deed_opens_nothing(shared: Room, name: str, kind: DeedKind) -> None:
    with session_on(shared.engine) as session:
        with open_deed(session, shared, kind, name):
            pass
        with pytest.raises(DatabaseError, match=f"protected: {name}"):
            session.execute(text(attempt(name, kind)), {"id": sample_id(name)})
        session.rollback()


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"amendment", "print_log"}))
@pytest.mark.parametrize("kind", [DeedKind.DESTROY, DeedKind.REDACT])
def test_a_deed_opens_no_other_row_of_its_table(shared: Room, name: str, kind: DeedKind) -> None:
    table = Base.metadata.tables[name]
    other = row_of(table, "other") | {
        key: value for key, value in {"seq": 77, "number": "N-77", "appointment_id": None}.items() if key in table.c
    }
    with session_on(shared.engine) as session:
        session.execute(insert(table).values(other))
        with open_deed(session, shared, kind, name):
            with pytest.raises(DatabaseError, match=f"protected: {name}"):
                session.execute(text(attempt(name, kind)), {"id": "other"})
            if kind is DeedKind.REDACT:
                session.execute(text(attempt(name, kind)), {"id": sample_id(name)})
        session.rollback()


# A deed can't be faked.


def raw_deed(session: Session, **fields: Any) -> None:
    values = {
        "id": "fake",
        "kind": "destroy",
        "entity": "consent",
        "entity_id": "consent",
        "audit_seq": 4,
        "reason": "",
        "at": "x",
        "open_token": 1,
    } | fields
    names = ", ".join(values)
    session.execute(text(f"INSERT INTO deed ({names}) VALUES ({', '.join(':' + name for name in values)})"), values)


def audited(session: Session, room: Room, **fields: Any) -> int:
    values = {"action": "destroy", "deed_id": "fake", "entity": "consent", "entity_id": "consent"} | fields
    return room.log.append(session, audit_event(**values))


def test_a_deed_needs_its_audit_row(room: Room) -> None:
    with pytest.raises(DatabaseError, match="protected: deed"), room.change() as session:
        raw_deed(session)


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "read"},
        {"deed_id": "deed"},
        {"deed_id": None},
        {"entity": "referral"},
        {"entity_id": "other"},
    ],
)
def test_the_audit_row_must_be_the_deeds_own(room: Room, fields: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="protected: deed"), room.change() as session:
        raw_deed(session, audit_seq=audited(session, room, **fields))


@pytest.mark.parametrize("fields", [{"open_token": None}, {"kind": "edit"}, {"audit_seq": 1}])
def test_a_deed_is_of_a_known_kind_and_begins_open(room: Room, fields: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="protected: deed"), room.change() as session:
        raw_deed(session, **({"audit_seq": audited(session, room)} | fields))


def test_an_open_deed_is_never_committed(room: Room) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), room.change() as session:  # noqa: PT012 - COMMIT raises
        raw_deed(session, audit_seq=audited(session, room))
        session.execute(text("DELETE FROM consent"))
    with room.change() as session:
        assert session.execute(text("SELECT count(*) FROM consent")).scalar_one() == 1
        assert deed_rows(session) == []


def test_an_audit_row_of_a_deed_is_not_committed_ahead_of_it(room: Room) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), room.change() as session:
        audited(session, room)


def test_a_closed_deed_is_never_opened_again(room: Room) -> None:
    with room.change() as session, pytest.raises(DatabaseError, match="protected: deed"):
        session.execute(text("UPDATE deed SET open_token = 1"))
    with room.change() as session, pytest.raises(DatabaseError, match="protected: deed"):
        session.execute(
            text("INSERT OR REPLACE INTO deed SELECT id, kind, entity, entity_id, audit_seq, reason, at, 1 FROM deed")
        )


# Nothing of the text stays.

SECRET = "𬱖说不出口的秘密𠀀"


def plant(room: Room, secret: str) -> None:
    """Write a secret into a note and everything that repeats it, and churn the tables around it."""
    with room.change() as session:
        tables = Base.metadata.tables
        note = row_of(tables["session_record"], "secret") | {"seq": 9, "appointment_id": None}
        session.execute(insert(tables["session_record"]).values(note | {"sections": {"a": secret}, "signed_at": None}))
        hanging = {"entity": "session_record", "entity_id": "secret"}
        for name, column in (("archive_item", "title"), ("draft", "state"), ("attachment", "name")):
            value: Any = {"a": secret} if name == "draft" else secret
            session.execute(insert(tables[name]).values(row_of(tables[name], f"s-{name}") | hanging | {column: value}))
        version = row_of(tables["draft_version"], "s-version") | {"draft_id": "s-draft", "state": {"a": secret}}
        session.execute(insert(tables["draft_version"]).values(version))
        chunk = row_of(tables["attachment_chunk"]) | {"attachment_id": "s-attachment", "data": secret.encode()}
        session.execute(insert(tables["attachment_chunk"]).values(chunk))
        entry = search_index.IndexEntry("session_record", "secret", None, None, Secrecy.S3, False, None, secret)
        search_index.index(session, entry, [secret])
    with room.change() as session:
        session.execute(text("UPDATE session_record SET signed_at = 'x' WHERE id = 'secret'"))
        with deeds.amend(session, room.log, event("session_record", entity_id="secret"), new_id=lambda: "amended"):
            amendment = row_of(tables["amendment"], "s-amendment") | hanging | {"text": secret, "reason": secret}
            session.execute(insert(tables["amendment"]).values(amendment))


@pytest.mark.parametrize("length", [1, 40, 400])
@pytest.mark.parametrize("kind", DEEDS)
def test_no_page_holds_the_text_after_scrubbing(
    room: Room, new_id: Callable[[], str], kind: DeedKind, length: int
) -> None:
    plant(room, SECRET * length)
    assert pages_with(room.folder / "records.db", KEY, "说不出口") >= 4
    safety_copy(room.folder, "0001").write_bytes(b"copy")
    with room.change() as session:
        assert search_index.search(session, "说不出口", true()).total == 1
        DEEDS[kind](session, room.log, event("session_record", entity_id="secret"), new_id=new_id)
    with room.change() as session:
        assert search_index.search(session, "说不出口", true()).total == 0
    assert pages_with(room.folder / "records.db", KEY, "𬱖说") >= 1, "the control: without scrubbing the log keeps it"
    assert deeds.scrub(room)
    for part in ("说不出口", "𠀀", "不出"):
        assert pages_with(room.folder / "records.db", KEY, part) == 0, part
    assert not list(room.folder.glob("*version*"))
    with room.change() as session:
        assert not deeds.scrub_is_due(session)


def test_scrubbing_waits_for_a_reader(room: Room, new_id: Callable[[], str]) -> None:
    plant(room, SECRET)
    reader = open_raw(room.folder / "records.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM consent").fetchone()
    with room.change() as session:
        deeds.destroy(session, room.log, event("session_record", entity_id="secret"), new_id=new_id)
    assert not deeds.scrub(room)
    with room.change() as session:
        assert deeds.scrub_is_due(session)
    reader.execute("ROLLBACK")
    reader.close()
    assert deeds.scrub(room)
    assert pages_with(room.folder / "records.db", KEY, "说不出口") == 0


def test_scrubbing_goes_through_a_large_index(room: Room, new_id: Callable[[], str]) -> None:
    chance = random.Random(3)
    for turn in range(4):
        with room.change() as session:
            for number in range(80):
                entry = search_index.IndexEntry("other", f"{turn}-{number}", None, None, Secrecy.S2, False, None, "")
                search_index.index(session, entry, ["".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(400))])
        if turn == 0:
            plant(room, SECRET)
    with room.change() as session:
        deeds.destroy(session, room.log, event("session_record", entity_id="secret"), new_id=new_id)
    assert deeds.scrub(room)
    for part in ("𠀀", "说不出口"):
        assert pages_with(room.folder / "records.db", KEY, part) == 0, part


def test_scrubbing_an_empty_index_is_harmless(room: Room) -> None:
    assert deeds.scrub(room)


def test_a_crisis_case_takes_all_that_hangs_on_it(room: Room, new_id: Callable[[], str]) -> None:
    with room.change() as session:
        deeds.destroy(session, room.log, event("crisis_event"), new_id=new_id)
    with room.change() as session:
        hanging = ("crisis_step", "crisis_log", "contact_attempt", "guard_period", "guard_shift", "guardian_notice")
        for name in (*hanging, "crisis_report", "crisis_event"):
            assert row(session, name) is None, name
        assert row(session, "tier_record") is not None
