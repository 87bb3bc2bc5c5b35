"""The audit chain: what it writes, what it finds, and how epochs follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlcipher3.dbapi2
from sqlalchemy import Connection, text

from counselroom.errors import Bug
from counselroom.model import Base
from counselroom.vault.audit import (
    AUDIT_COLUMNS,
    BEGIN,
    GENESIS,
    SEAL,
    AuditFault,
    AuditHead,
    AuditLog,
    AuditRow,
    audit_keys,
    read_epoch,
    read_head,
    seal_epoch,
    verify_chain,
    verify_rows,
)
from counselroom.vault.keys.root import RootKey
from tests.vault.storage import audit_event, engine_over

FIRST = RootKey(bytes([1]) * 32)
SECOND = RootKey(bytes([2]) * 32)
THIRD = RootKey(bytes([3]) * 32)


@pytest.fixture
def connection() -> Iterator[Connection]:
    raw = sqlcipher3.dbapi2.connect(":memory:", isolation_level=None)
    engine = engine_over(raw)
    with engine.begin() as opened:
        Base.metadata.create_all(opened, tables=[Base.metadata.tables[n] for n in ("audit_log", "audit_epoch")])
    with engine.begin() as opened:
        yield opened
    raw.close()


@pytest.fixture
def log(connection: Connection) -> AuditLog:
    log = AuditLog(FIRST.audit_key(), 1, 1)
    assert log.start(connection, audit_event()) == 1
    return log


def rows_of(connection: Connection) -> list[AuditRow]:
    return [AuditRow(*row) for row in connection.execute(text(f"SELECT {AUDIT_COLUMNS} FROM audit_log ORDER BY seq"))]


def change(connection: Connection, sql: str, **values: Any) -> None:
    connection.execute(text(sql), values)


def test_rows_are_numbered_from_one_and_linked(connection: Connection, log: AuditLog) -> None:
    assert [log.append(connection, audit_event("read")) for _ in range(3)] == [2, 3, 4]
    rows = rows_of(connection)
    assert [row.action for row in rows] == [BEGIN, "read", "read", "read"]
    assert rows[0].prev_hash == GENESIS
    assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert log.head(connection) == AuditHead(4, rows[-1].hash.hex()) == read_head(connection)


def test_an_empty_log_has_a_head_of_its_own(connection: Connection) -> None:
    assert read_head(connection) == AuditHead(0, "00" * 32)
    assert verify_chain(connection, {}).ok


def test_a_row_keeps_everything_it_was_given(connection: Connection) -> None:
    log = AuditLog(FIRST.audit_key(), 1, 7)
    log.start(connection, audit_event())
    given = audit_event("sign", roles=("director", "counsellor"), reason="R1", digest="ab", deed_id="d")
    log.append(connection, given)
    row = rows_of(connection)[1]
    assert row.at == "2026-11-22T05:07:00.000000Z+00:00"
    assert row[2:12] == ("a" * 32, "counsellor director", "sign", "session_record", "e" * 32, "R1", "ab", 7, 1, "d")


def test_a_whole_log_verifies(connection: Connection, log: AuditLog) -> None:
    for _ in range(5):
        log.append(connection, audit_event())
    verdict = verify_chain(connection, {1: FIRST.audit_key()}, anchor=log.head(connection))
    assert verdict.ok
    assert (verdict.rows, verdict.head, verdict.bad_seq) == (6, log.head(connection), None)


@pytest.mark.parametrize(
    "column", ["at", "actor_id", "roles", "action", "entity", "entity_id", "reason", "digest", "deed_id"]
)
def test_every_column_is_under_the_hash(connection: Connection, log: AuditLog, column: str) -> None:
    for _ in range(4):
        log.append(connection, audit_event())
    change(connection, f"UPDATE audit_log SET {column} = 'x' WHERE seq = 3")
    verdict = verify_chain(connection, {1: FIRST.audit_key()})
    assert (verdict.fault, verdict.bad_seq, verdict.rows) == (AuditFault.FORGED, 3, 2)
    assert verdict.head.audit_seq == 2


def test_the_generation_is_under_the_hash(connection: Connection, log: AuditLog) -> None:
    log.append(connection, audit_event())
    change(connection, "UPDATE audit_log SET generation = 9 WHERE seq = 2")
    assert verify_chain(connection, {1: FIRST.audit_key()}).fault is AuditFault.FORGED


def test_a_deleted_row_is_missing(connection: Connection, log: AuditLog) -> None:
    for _ in range(4):
        log.append(connection, audit_event())
    change(connection, "DELETE FROM audit_log WHERE seq = 3")
    verdict = verify_chain(connection, {1: FIRST.audit_key()})
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.MISSING, 3)


def test_a_deleted_first_row_is_missing(connection: Connection, log: AuditLog) -> None:
    log.append(connection, audit_event())
    change(connection, "DELETE FROM audit_log WHERE seq = 1")
    verdict = verify_chain(connection, {1: FIRST.audit_key()})
    assert (verdict.fault, verdict.bad_seq, verdict.head) == (AuditFault.MISSING, 1, AuditHead(0, "00" * 32))


def test_another_link_is_found(connection: Connection, log: AuditLog) -> None:
    log.append(connection, audit_event())
    change(connection, "UPDATE audit_log SET prev_hash = :h WHERE seq = 2", h=bytes(32))
    assert verify_chain(connection, {1: FIRST.audit_key()}).fault is AuditFault.UNLINKED


def test_a_cut_tail_needs_an_anchor(connection: Connection, log: AuditLog) -> None:
    for _ in range(4):
        log.append(connection, audit_event())
    anchor = log.head(connection)
    change(connection, "DELETE FROM audit_log WHERE seq > 3")
    assert verify_chain(connection, {1: FIRST.audit_key()}).ok
    verdict = verify_chain(connection, {1: FIRST.audit_key()}, anchor=anchor)
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.CUT, 4)


def test_an_anchor_of_another_history_is_found(connection: Connection, log: AuditLog) -> None:
    for _ in range(4):
        log.append(connection, audit_event())
    for last in (None, 2, 4):
        verdict = verify_chain(connection, {1: FIRST.audit_key()}, last, AuditHead(2, "11" * 32))
        assert (verdict.fault, verdict.bad_seq) == (AuditFault.ANCHOR, 2)


def test_an_older_right_anchor_is_no_fault(connection: Connection, log: AuditLog) -> None:
    anchor = log.head(connection)
    for _ in range(4):
        log.append(connection, audit_event())
    for last in (None, 2, 4, 5, 9):
        assert verify_chain(connection, {1: FIRST.audit_key()}, last, anchor).ok
    assert verify_chain(connection, {1: FIRST.audit_key()}, 2, AuditHead(0, "00" * 32)).ok


def test_an_anchor_whose_row_is_gone_is_found(connection: Connection, log: AuditLog) -> None:
    for _ in range(6):
        log.append(connection, audit_event())
    anchor = AuditHead(2, rows_of(connection)[1].hash.hex())
    change(connection, "DELETE FROM audit_log WHERE seq = 2")
    assert verify_chain(connection, {1: FIRST.audit_key()}, 2).ok
    assert verify_chain(connection, {1: FIRST.audit_key()}, 2, anchor).fault is AuditFault.ANCHOR


def test_the_newest_rows_alone(connection: Connection, log: AuditLog) -> None:
    for _ in range(9):
        log.append(connection, audit_event())
    change(connection, "UPDATE audit_log SET reason = 'x' WHERE seq = 4")
    keys = {1: FIRST.audit_key()}
    assert verify_chain(connection, keys, last=6).rows == 6
    assert verify_chain(connection, keys, last=6).ok
    assert verify_chain(connection, keys, last=7).bad_seq == 4


def test_the_base_of_the_newest_rows_must_link(connection: Connection, log: AuditLog) -> None:
    for _ in range(9):
        log.append(connection, audit_event())
    change(connection, "UPDATE audit_log SET hash = :h WHERE seq = 8", h=bytes(32))
    verdict = verify_chain(connection, {1: FIRST.audit_key()}, last=2)
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.UNLINKED, 9)


def test_epochs_follow_each_other(connection: Connection, log: AuditLog) -> None:
    log.append(connection, audit_event())
    second = seal_epoch(connection, log, FIRST, SECOND, audit_event(reason="turnover"))
    second.append(connection, audit_event())
    third = seal_epoch(connection, second, SECOND, THIRD, audit_event())
    third.append(connection, audit_event())
    assert [(row.epoch, row.action) for row in rows_of(connection)] == [
        (1, BEGIN),
        (1, "read"),
        (1, SEAL),
        (2, BEGIN),
        (2, "read"),
        (2, SEAL),
        (3, BEGIN),
        (3, "read"),
    ]
    assert read_epoch(connection) == third.epoch == 3
    keys = audit_keys(connection, THIRD)
    assert keys == {1: FIRST.audit_key(), 2: SECOND.audit_key(), 3: THIRD.audit_key()}
    assert verify_chain(connection, keys).ok
    for last in range(1, 10):
        assert verify_chain(connection, keys, last=last).ok, last


def test_an_old_root_opens_no_sealed_key_after_rotation(connection: Connection, log: AuditLog) -> None:
    from counselroom.vault.keys.root import WrongKey

    second = seal_epoch(connection, log, FIRST, SECOND, audit_event())
    seal_epoch(connection, second, SECOND, THIRD, audit_event())
    for old in (FIRST, SECOND):
        with pytest.raises(WrongKey):
            audit_keys(connection, old)


@pytest.fixture
def sealed(connection: Connection, log: AuditLog) -> dict[int, bytes]:
    log.append(connection, audit_event())
    second = seal_epoch(connection, log, FIRST, SECOND, audit_event())
    second.append(connection, audit_event())
    return audit_keys(connection, SECOND)


def test_a_tail_in_a_retired_epoch_is_found(connection: Connection, sealed: dict[int, bytes]) -> None:
    """Whoever still holds the old key can't cut the newer epoch and go on in the old one."""
    change(connection, "DELETE FROM audit_log WHERE seq >= 3")
    AuditLog(sealed[1], 1, 1).append(connection, audit_event())
    verdict = verify_chain(connection, sealed)
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.EPOCH, 3)


def test_no_row_follows_a_seal_in_its_epoch(connection: Connection, sealed: dict[int, bytes]) -> None:
    change(connection, "DELETE FROM audit_log WHERE seq >= 4")
    AuditLog(sealed[1], 1, 1).append(connection, audit_event())
    assert verify_chain(connection, sealed).bad_seq == 4


def test_a_new_epoch_needs_a_seal(connection: Connection, sealed: dict[int, bytes]) -> None:
    change(connection, "DELETE FROM audit_log WHERE seq >= 3")
    AuditLog(sealed[2], 2, 1).append(connection, audit_event(BEGIN))
    verdict = verify_chain(connection, sealed)
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.EPOCH, 3)


def test_a_new_epoch_begins_with_its_own_row(connection: Connection, sealed: dict[int, bytes]) -> None:
    change(connection, "DELETE FROM audit_log WHERE seq >= 3")
    AuditLog(sealed[2], 2, 1).append(connection, audit_event())
    verdict = verify_chain(connection, sealed)
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.EPOCH, 3)


def test_no_epoch_begins_twice(connection: Connection, log: AuditLog) -> None:
    log.append(connection, audit_event(BEGIN))
    verdict = verify_chain(connection, {1: FIRST.audit_key()})
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.EPOCH, 2)


def test_a_missing_key_is_named(connection: Connection, sealed: dict[int, bytes]) -> None:
    verdict = verify_chain(connection, {1: sealed[1]})
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.NO_KEY, 4)


@pytest.mark.parametrize(
    ("sql", "bad_seq"),
    [
        ("UPDATE audit_epoch SET started_seq = 2 WHERE epoch = 1", 1),
        ("UPDATE audit_epoch SET sealed_seq = 2 WHERE epoch = 1", 1),
        ("UPDATE audit_epoch SET sealed_seq = 9 WHERE epoch = 2", 4),
        ("DELETE FROM audit_epoch WHERE epoch = 2", 6),
        ("INSERT INTO audit_epoch (epoch, started_seq) VALUES (3, 9)", 6),
    ],
)
def test_the_list_of_epochs_must_fit_the_rows(
    connection: Connection, sealed: dict[int, bytes], sql: str, bad_seq: int
) -> None:
    assert verify_chain(connection, sealed).ok
    change(connection, sql)
    verdict = verify_chain(connection, sealed)
    assert (verdict.fault, verdict.bad_seq) == (AuditFault.EPOCH, bad_seq)


def test_rows_of_any_connection_can_be_verified(connection: Connection, log: AuditLog) -> None:
    log.append(connection, audit_event())
    rows = rows_of(connection)
    assert verify_rows(rows, {1: FIRST.audit_key()}).ok
    assert verify_rows([rows[0], rows[1]._replace(hash=bytes(32))], {1: FIRST.audit_key()}).bad_seq == 2
    assert verify_rows(rows[:1], {1: FIRST.audit_key()}, anchor=AuditHead(2, "")).fault is AuditFault.CUT


def test_a_digest_is_keyed_and_canonical() -> None:
    log, other = AuditLog(bytes(32), 1, 1), AuditLog(bytes([1]) * 32, 1, 1)
    assert log.digest({"a": 1, "b": "张"}) == log.digest({"b": "张", "a": 1})
    assert log.digest({"a": 1}) != log.digest({"a": 2})
    assert log.digest({"a": 1}) != other.digest({"a": 1})
    assert len(log.digest({})) == 64


def test_a_short_key_is_a_bug() -> None:
    with pytest.raises(Bug):
        AuditLog(b"short", 1, 1)
