"""Protected rows: every way to change or delete one without a lawful deed fails and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from counselroom.model import Base
from counselroom.vault import protection
from counselroom.vault.opening import guard, unguard
from counselroom.vault.protection import PROTECTED, Protection, content_columns
from counselroom.vault.schema import create_schema, trigger_statements
from tests.vault.sample_rows import STAMPS, fill, other_than, protected_ids, row_of
from tests.vault.storage import NOW, engine_over, open_raw, session_on

KEYS = protected_ids()
NAMES = sorted(PROTECTED)


@pytest.fixture(scope="module")
def raw() -> Iterator[Any]:
    raw = open_raw(Path(":memory:"))
    yield raw
    raw.close()


@pytest.fixture(scope="module")
def database(raw: Any) -> Engine:
    engine = engine_over(raw)
    with engine.begin() as connection:
        create_schema(connection)
    with session_on(engine) as session, session.begin():
        fill(session)
    return engine


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with session_on(database) as session:
        yield session
        session.rollback()


def stored(session: Session, name: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.connection().exec_driver_sql(f"SELECT * FROM {name} ORDER BY rowid")]


def test_the_file_is_what_the_rules_and_the_model_say() -> None:
    assert protection.TRIGGERS_FILE.read_text(encoding="utf-8") == protection.render()


def test_writing_the_file_again_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "TRIGGERS_FILE", tmp_path / "triggers.sql")
    protection.write()
    assert (tmp_path / "triggers.sql").read_text(encoding="utf-8") == protection.render()


def test_no_table_is_forgotten() -> None:
    stamped = {name for name, table in Base.metadata.tables.items() if set(STAMPS) & set(table.columns.keys())}
    always = {
        "amendment", "referral_feedback", "referral_supplement", "print_log", "register_row", "audit_log",
        "audit_epoch", "deed",
        "crisis_event", "crisis_step", "crisis_log", "contact_attempt", "guard_period", "guard_shift", "tier_record",
        "follow_up_task", "follow_up_record",
    }  # fmt: skip
    assert set(PROTECTED) == stamped | always


def test_every_protected_table_has_its_triggers(session: Session) -> None:
    found = set(session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
    wanted = {f"protect_{name}_{what}" for name in PROTECTED for what in ("update", "delete")}
    assert found == wanted | {f"protect_{name}_insert" for name in ("audit_log", "deed_gate", "deed", "amendment")}
    assert len(trigger_statements()) == len(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_name_columns_that_exist(name: str) -> None:
    rule: Protection = PROTECTED[name]
    columns = set(Base.metadata.tables[name].columns.keys())
    assert set(rule.free) | set(rule.reassignable) | set(rule.blank) <= columns
    assert not set(rule.reassignable) & set(content_columns(name))


def test_what_a_redaction_blanks() -> None:
    assert content_columns("session_record") == {
        "sections": "{}",
        "topics": "[]",
        "risk_level": None,
        "consent_exception": None,
    }
    assert content_columns("amendment") == {"text": "", "reason": ""}
    assert content_columns("consent") == {"signed_by": "", "signer_relation": "", "scope": None}
    assert content_columns("archive_card")["family_members"] == "[]"
    assert content_columns("print_log") == {"recipient": None}
    assert content_columns("register_row") == {"data": "{}"}


LAWFUL = {("consent", "withdrawn_at")} | {
    (name, column)
    for name in NAMES
    if {"updated_at", "updated_by"} & set(PROTECTED[name].free)
    for column in ("updated_at", "updated_by")
}
"""What needs no deed; the steps of the other free columns have tests of their own below."""
CHANGES = [(name, column.name) for name in NAMES for column in Base.metadata.tables[name].columns]


@pytest.mark.parametrize(("name", "column"), CHANGES)
def test_no_column_changes_by_plain_sql(session: Session, name: str, column: str) -> None:
    key, value = KEYS[name]
    table = Base.metadata.tables[name]
    before = session.execute(text(f"SELECT {column} FROM {name} WHERE {key} = :key"), {"key": value}).scalar_one()
    change = text(f"UPDATE {name} SET {column} = :new WHERE {key} = :key").bindparams(
        new=other_than(before, table.columns[column]), key=value
    )
    if (name, column) in LAWFUL:
        session.execute(change)
    else:
        with pytest.raises(DatabaseError, match=f"protected: {name}"):
            session.execute(change)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("verb", ["DELETE FROM {name}", "DELETE FROM {name} WHERE {key} = :key"])
def test_no_row_is_deleted_by_plain_sql(session: Session, name: str, verb: str) -> None:
    before = stored(session, name)
    key, value = KEYS[name]
    statement = text(verb.format(name=name, key=key))
    with pytest.raises(DatabaseError, match=f"protected: {name}"):
        session.execute(statement, {"key": value} if ":key" in verb else {})
    assert stored(session, name) == before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_no_row_is_replaced(session: Session, name: str, verb: str) -> None:
    before = stored(session, name)
    values = ", ".join("?" for _ in before[0])
    with pytest.raises(DatabaseError, match="protected: "):
        session.connection().exec_driver_sql(f"{verb} INTO {name} VALUES ({values})", before[0])
    assert stored(session, name) == before


FREEZING = [name for name in NAMES if PROTECTED[name].frozen_when != "1"]


@pytest.mark.parametrize("name", FREEZING)
def test_no_row_is_pushed_aside_by_an_open_one(session: Session, name: str) -> None:
    table = Base.metadata.tables[name]
    open_row = row_of(table, "open", frozen=False)
    for column in ("seq", "number", "appointment_id"):
        if column in open_row:
            open_row[column] = {"seq": 77, "number": "N-77", "appointment_id": None}[column]
    session.execute(table.insert().values(open_row))
    before = stored(session, name)
    with pytest.raises(DatabaseError, match=f"protected: {name}"):
        session.execute(text(f"UPDATE OR REPLACE {name} SET id = :key WHERE id = 'open'"), {"key": KEYS[name][1]})
    with pytest.raises(DatabaseError, match=f"protected: {name}"):
        session.execute(text(f"UPDATE OR REPLACE {name} SET rowid = 1 WHERE id = 'open'"))
    assert stored(session, name) == before
    session.execute(text(f"DELETE FROM {name} WHERE id = 'open'"))


def test_a_unique_number_pushes_no_row_aside(session: Session) -> None:
    table = Base.metadata.tables["session_record"]
    values = row_of(table, "open", frozen=False) | {"seq": 77, "appointment_id": None}
    session.execute(table.insert().values(values))
    for change in ("seq = 1", "appointment_id = 'appointment'"):
        with pytest.raises(DatabaseError, match="protected: session_record"):
            session.execute(text(f"UPDATE OR REPLACE session_record SET {change} WHERE id = 'open'"))


@pytest.mark.parametrize("name", FREEZING)
def test_a_row_that_is_not_frozen_is_free(session: Session, name: str) -> None:
    table = Base.metadata.tables[name]
    values = row_of(table, "open", frozen=False)
    for column in ("seq", "number", "appointment_id"):
        if column in values:
            values[column] = {"seq": 77, "number": "N-77", "appointment_id": None}[column]
    session.execute(table.insert().values(values))
    session.execute(update(table).where(table.c.id == "open").values(updated_by="x"))
    session.execute(delete(table).where(table.c.id == "open"))


@pytest.mark.parametrize("name", NAMES)
def test_no_row_changes_by_upsert(session: Session, name: str) -> None:
    table = Base.metadata.tables[name]
    key, _ = KEYS[name]
    row = stored(session, name)[0]
    values = dict(zip(table.columns.keys(), row, strict=True))
    target = (
        "seq"
        if name == "audit_log"
        else next(c.name for c in table.columns if c.name not in PROTECTED[name].free and c.name != key)
    )
    statement = (
        f"INSERT INTO {name} ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})"
        f" ON CONFLICT ({key}) DO UPDATE SET {target} = 'x'"
    )
    with pytest.raises(DatabaseError, match="protected: "):
        session.connection().exec_driver_sql(statement, tuple(values.values()))


@pytest.mark.parametrize("name", NAMES)
def test_no_row_changes_by_core(session: Session, name: str) -> None:
    table = Base.metadata.tables[name]
    key, value = KEYS[name]
    column = next(c for c in table.columns if c.name not in PROTECTED[name].free and c.name != key)
    with pytest.raises(DatabaseError, match=f"protected: {name}"):
        session.execute(
            update(table).where(table.c[key] == value).values({column.name: text("'changed'")}),
        )
    with pytest.raises(DatabaseError, match=f"protected: {name}"):
        session.execute(delete(table).where(table.c[key] == value))


@pytest.mark.parametrize("name", NAMES)
def test_no_row_changes_by_orm(session: Session, name: str) -> None:
    (mapped,) = (one.class_ for one in Base.registry.mappers if one.local_table.name == name)
    row = session.get(mapped, KEYS[name][1])
    column = {"audit_log": "reason", "audit_epoch": "started_seq", "deed": "reason", "print_log": "purpose"}
    setattr(row, column.get(name, "created_by"), 5 if name == "audit_epoch" else "changed")
    with pytest.raises(DatabaseError, match=f"protected: {name}"):
        session.flush()
    session.rollback()
    row = session.get(mapped, KEYS[name][1])
    session.delete(row)
    with pytest.raises(DatabaseError, match="protected: "):
        session.flush()


def test_merging_an_orm_copy_fails(session: Session) -> None:
    from counselroom.model.counselling import SessionRecord

    session.merge(SessionRecord(**row_of(Base.metadata.tables["session_record"]) | {"place": "changed"}))
    with pytest.raises(DatabaseError, match="protected: session_record"):
        session.flush()


def test_an_upsert_of_core_fails(session: Session) -> None:
    table = Base.metadata.tables["consent"]
    statement = upsert(table).values(row_of(table)).on_conflict_do_update(index_elements=["id"], set_={"scope": "x"})
    with pytest.raises(DatabaseError, match="protected: consent"):
        session.execute(statement)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE {name}",
        "DROP TRIGGER protect_{name}_update",
        "DROP TRIGGER protect_{name}_delete",
        "ALTER TABLE {name} RENAME TO other",
        "ALTER TABLE {name} ADD COLUMN extra TEXT",
        "CREATE TEMP TRIGGER t AFTER UPDATE ON main.{name} BEGIN SELECT 1; END",
    ],
)
def test_the_guarded_connection_keeps_schema_and_triggers(
    raw: Any, database: Engine, name: str, statement: str
) -> None:
    guard(raw)
    try:
        with pytest.raises(sqlcipher3.dbapi2.DatabaseError, match=r"not authorized|prohibited"):
            raw.execute(statement.format(name=name))
    finally:
        unguard(raw)


@pytest.mark.parametrize(
    "pragma",
    ["recursive_triggers = OFF", "foreign_keys = OFF", "writable_schema = ON", "ignore_check_constraints = ON"],
)
def test_the_guarded_connection_keeps_its_settings(raw: Any, database: Engine, pragma: str) -> None:
    guard(raw)
    try:
        with pytest.raises(sqlcipher3.dbapi2.DatabaseError, match=r"not authorized|prohibited"):
            raw.execute(f"PRAGMA {pragma}")
    finally:
        unguard(raw)


# What may change without a deed.


def test_a_consent_is_withdrawn_once(session: Session) -> None:
    session.execute(text("UPDATE consent SET withdrawn_at = 'a', updated_by = 'x'"))
    session.execute(text("UPDATE consent SET updated_by = 'y'"))
    for value in ("'b'", "NULL"):
        with pytest.raises(DatabaseError, match="protected: consent"):
            session.execute(text(f"UPDATE consent SET withdrawn_at = {value}"))


def test_a_referral_goes_on_and_never_back(session: Session) -> None:
    session.execute(text("UPDATE referral SET state = 'accepted', updated_by = 'x'"))
    for state in ("assessed", "consented", "waived"):
        with pytest.raises(DatabaseError, match="protected: referral"):
            session.execute(text(f"UPDATE referral SET state = '{state}'"))
    with pytest.raises(DatabaseError, match="protected: referral"):
        session.execute(text("UPDATE referral SET state = 'closed', summary = 'x'"))


def test_a_row_of_a_register_is_voided_as_a_whole(session: Session) -> None:
    for change in ("voided_at = 'a'", "voided_by = 'x'", "void_reason = 'y'", "voided_at = 'a', void_reason = 'y'"):
        with pytest.raises(DatabaseError, match="protected: register_row"):
            session.execute(text(f"UPDATE register_row SET {change}"))
    session.execute(text("UPDATE register_row SET voided_at = 'a', voided_by = 'x', void_reason = 'y'"))
    for change in ("void_reason = 'z'", "voided_at = 'b'", "voided_by = 'z'", "voided_at = NULL", "state = 'draft'"):
        with pytest.raises(DatabaseError, match="protected: register_row"):
            session.execute(text(f"UPDATE register_row SET {change}"))
    session.execute(text("UPDATE register_row SET updated_by = 'z'"))
    session.execute(text("UPDATE register_row SET voided_at = NULL, voided_by = NULL, void_reason = NULL"))


def test_what_was_blanked_in_a_register_is_not_taken_back(session: Session) -> None:
    values = row_of(Base.metadata.tables["register_row"], "blank") | {"data": {}}
    values |= {"voided_at": NOW, "voided_by": "x", "void_reason": "y"}
    session.execute(Base.metadata.tables["register_row"].insert().values(values))
    with pytest.raises(DatabaseError, match="protected: register_row"):
        session.execute(
            text("UPDATE register_row SET voided_at = NULL, voided_by = NULL, void_reason = NULL WHERE id = 'blank'")
        )


def test_a_print_is_voided_once(session: Session) -> None:
    session.execute(text("UPDATE print_log SET state = 'voided'"))
    with pytest.raises(DatabaseError, match="protected: print_log"):
        session.execute(text("UPDATE print_log SET state = 'printed'"))


def test_an_epoch_is_sealed_once_and_its_key_wrapped_again(session: Session) -> None:
    for change in ("sealed_seq = 3", "wrapped_key = x'00'", "wrapped_key = x'00', sealed_seq = 3, started_seq = 2"):
        with pytest.raises(DatabaseError, match="protected: audit_epoch"):
            session.execute(text(f"UPDATE audit_epoch SET {change}"))
    session.execute(text("UPDATE audit_epoch SET sealed_seq = 3, wrapped_key = x'00'"))
    session.execute(text("UPDATE audit_epoch SET wrapped_key = x'01'"))
    for change in ("sealed_seq = 4", "sealed_seq = NULL", "wrapped_key = NULL"):
        with pytest.raises(DatabaseError, match="protected: audit_epoch"):
            session.execute(text(f"UPDATE audit_epoch SET {change}"))


@pytest.mark.parametrize("seq", [1, 2, 5, 99])
def test_the_audit_log_only_grows_at_its_end(session: Session, seq: int) -> None:
    row = list(stored(session, "audit_log")[0])
    newest = session.execute(text("SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1")).scalar_one()
    row[0], row[12] = seq, newest
    statement = f"INSERT INTO audit_log VALUES ({', '.join('?' for _ in row)})"
    with pytest.raises(DatabaseError, match="protected: audit_log"):
        session.connection().exec_driver_sql(statement, tuple(row))


def test_an_audit_row_must_be_linked(session: Session) -> None:
    row = list(stored(session, "audit_log")[0])
    row[0] = len(stored(session, "audit_log")) + 1
    statement = f"INSERT INTO audit_log VALUES ({', '.join('?' for _ in row)})"
    with pytest.raises(DatabaseError, match="protected: audit_log"):
        session.connection().exec_driver_sql(statement, tuple(row))


def test_nothing_enters_the_gate(session: Session) -> None:
    with pytest.raises(DatabaseError, match="protected: deed_gate"):
        session.execute(text("INSERT INTO deed_gate (id) VALUES (1)"))


def test_no_amendment_without_a_deed(session: Session) -> None:
    table = Base.metadata.tables["amendment"]
    with pytest.raises(DatabaseError, match="protected: amendment"):
        session.execute(table.insert().values(row_of(table, "second")))


# What is told only once in a 专案.


def opened(session: Session, name: str, **values: Any) -> None:
    """Insert an unprotected row with the id `open`."""
    table = Base.metadata.tables[name]
    session.execute(table.insert().values(row_of(table, "open", frozen=False) | values))


def refused(session: Session, name: str, *changes: str) -> None:
    for change in changes:
        with pytest.raises(DatabaseError, match=f"protected: {name}"):
            session.execute(text(f"UPDATE {name} SET {change} WHERE id = 'open'"))


def test_a_deadline_is_set_once_and_never_moves(session: Session) -> None:
    opened(session, "crisis_step", due_at=None, runs_from_at=None, clock_at=None, clock_boot=None, clock_ms=None)
    session.execute(text("UPDATE crisis_step SET due_at = 'a', runs_from_at = 'a', clock_ms = 1 WHERE id = 'open'"))
    refused(session, "crisis_step", "due_at = 'b'", "due_at = NULL", "runs_from_at = NULL", "clock_ms = 2")
    refused(session, "crisis_step", "title = 'x'", "waits_for = '[]'", "limit_minutes = 9", "event_id = 'x'")


def test_a_settled_step_is_only_voided(session: Session) -> None:
    opened(session, "crisis_step")
    session.execute(text("UPDATE crisis_step SET state = 'done', note = 'n', done_at = 'a' WHERE id = 'open'"))
    refused(session, "crisis_step", "state = 'open'", "note = 'm'", "done_at = 'b'", "late_reason = 'r'", "note = NULL")
    refused(session, "crisis_step", "voided_at = 'a'", "void_reason = 'r'")
    void = "voided_at = 'a', voided_by = 'b', void_reason = 'c'"
    refused(session, "crisis_step", f"{void}, note = 'm'")
    session.execute(text(f"UPDATE crisis_step SET {void} WHERE id = 'open'"))
    refused(session, "crisis_step", "voided_at = NULL, voided_by = NULL, void_reason = NULL", "void_reason = 'd'")


def test_when_a_crisis_was_found_never_changes(session: Session) -> None:
    opened(session, "crisis_event", closed_at=None, code="Z1")
    session.execute(text("UPDATE crisis_event SET state = 'responding', level = 'severe' WHERE id = 'open'"))
    refused(session, "crisis_event", "found_at = 'x'", "started_at = 'x'", "code = 'Z2'", "student_id = NULL")
    session.execute(text("UPDATE crisis_event SET closed_at = 'x', state = 'closed' WHERE id = 'open'"))
    refused(session, "crisis_event", "state = 'responding'", "closed_at = NULL", "outcome = 'x'", "plan = '[]'")
    with pytest.raises(DatabaseError, match="protected: crisis_event"):
        session.execute(text("DELETE FROM crisis_event WHERE id = 'open'"))


def test_an_issued_notice_takes_its_reply_once(session: Session) -> None:
    opened(session, "guardian_notice", issued_at=None, reply=None, receipt_at=None)
    session.execute(text("UPDATE guardian_notice SET facts = 'f', issued_at = 'a' WHERE id = 'open'"))
    refused(session, "guardian_notice", "facts = 'g'", "request = 'g'", "issued_at = 'b'")
    session.execute(text("UPDATE guardian_notice SET reply = 'r' WHERE id = 'open'"))
    refused(session, "guardian_notice", "reply = 's'", "reply = NULL")
    session.execute(text("UPDATE guardian_notice SET receipt_at = 'r' WHERE id = 'open'"))


def test_a_confirmed_tier_goes_on_and_never_back(session: Session) -> None:
    opened(session, "tier_record", ended_at=None)
    session.execute(text("UPDATE tier_record SET state = 'confirmed', reason = 'r' WHERE id = 'open'"))
    refused(session, "tier_record", "state = 'proposed'", "reason = 's'", "tier = 'key_concern', reason = 's'")
    session.execute(text("UPDATE tier_record SET review_due_on = 'd' WHERE id = 'open'"))
    session.execute(text("UPDATE tier_record SET state = 'ended', end_reason = 'e' WHERE id = 'open'"))
    refused(session, "tier_record", "state = 'confirmed'", "end_reason = 'f'", "review_due_on = 'e'")


def test_the_day_of_a_follow_up_never_moves(session: Session) -> None:
    opened(session, "follow_up_task", replaced_by=None)
    session.execute(text("UPDATE follow_up_task SET owner_id = NULL WHERE id = 'open'"))
    refused(session, "follow_up_task", "due_on = 'x'", "task = 'x'", "rule = 'x'")
    session.execute(text("UPDATE follow_up_task SET state = 'done' WHERE id = 'open'"))
    refused(session, "follow_up_task", "state = 'open'", "state = 'waived'", "owner_id = 'person'")
