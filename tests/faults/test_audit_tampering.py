"""Six kinds of tampering with an audit log, each at random places: every one is caught and the first bad row named."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

import pytest
import sqlcipher3.dbapi2

from counselroom.model import Base
from counselroom.vault.audit import AUDIT_COLUMNS, AuditHead, AuditLog, AuditRow, seal_epoch, verify_rows
from counselroom.vault.keys.root import RootKey
from tests.faults.scale import count
from tests.vault.storage import audit_event, engine_over

pytestmark = pytest.mark.faults

OLD, NEW = RootKey(bytes([1]) * 32), RootKey(bytes([2]) * 32)
KEYS = {1: OLD.audit_key(), 2: NEW.audit_key()}
ROWS = 120


@pytest.fixture(scope="module")
def rows() -> list[AuditRow]:
    raw = sqlcipher3.dbapi2.connect(":memory:", isolation_level=None)
    engine = engine_over(raw)
    with engine.begin() as connection:
        Base.metadata.create_all(connection, tables=[Base.metadata.tables[n] for n in ("audit_log", "audit_epoch")])
        log = AuditLog(KEYS[1], 1, 1)
        log.start(connection, audit_event())
        while log.head(connection).audit_seq < ROWS:
            if log.head(connection).audit_seq == ROWS // 2:
                log = seal_epoch(connection, log, OLD, NEW, audit_event())
            log.append(connection, audit_event(f"action{log.head(connection).audit_seq % 7}"))
        found = connection.exec_driver_sql(f"SELECT {AUDIT_COLUMNS} FROM audit_log ORDER BY seq").all()
    raw.close()
    return [AuditRow(*row) for row in found]


def edit(rows: list[AuditRow], chance: random.Random) -> int:
    at = chance.randrange(len(rows))
    column = chance.choice(["at", "actor_id", "roles", "action", "entity", "entity_id", "reason", "digest", "deed_id"])
    rows[at] = rows[at]._replace(**{column: "x"})
    return at + 1


def delete(rows: list[AuditRow], chance: random.Random) -> int:
    at = chance.randrange(len(rows) - 1)
    del rows[at]
    return at + 1


def swap(rows: list[AuditRow], chance: random.Random) -> int:
    """Two rows change places and take each other's number, as a careful forger would."""
    first, second = sorted(chance.sample(range(len(rows)), 2))
    one, two = rows[first], rows[second]
    rows[first], rows[second] = two._replace(seq=one.seq), one._replace(seq=two.seq)
    return first + 1


def insert(rows: list[AuditRow], chance: random.Random) -> int:
    """A copied row is put in and all later rows are renumbered."""
    at = chance.randrange(1, len(rows))
    rows.insert(at, rows[(at + chance.randrange(1, len(rows))) % len(rows)])
    rows[at:] = [row._replace(seq=at + 1 + i) for i, row in enumerate(rows[at:])]
    return at + 1


def cut(rows: list[AuditRow], chance: random.Random) -> int:
    at = chance.randrange(ROWS // 2 + 3, len(rows))
    del rows[at:]
    return at + 1


def rehash(rows: list[AuditRow], chance: random.Random) -> int:
    """A row is edited and every later hash recomputed without the key."""
    at = chance.randrange(len(rows))
    rows[at] = rows[at]._replace(actor_id="b" * 32)
    previous = rows[at].prev_hash
    for i in range(at, len(rows)):
        body = previous + repr(rows[i][:12]).encode()
        rows[i] = rows[i]._replace(prev_hash=previous, hash=hashlib.sha256(body).digest())
        previous = rows[i].hash
    return at + 1


@pytest.mark.parametrize("tamper", [edit, delete, swap, insert, cut, rehash])
def test_every_tampering_is_caught(
    rows: list[AuditRow], tamper: Callable[[list[AuditRow], random.Random], int]
) -> None:
    anchor = AuditHead(rows[-1].seq, rows[-1].hash.hex())
    assert verify_rows(rows, KEYS, anchor=anchor).ok
    chance = random.Random(tamper.__name__)
    for turn in range(count(ci=40, more=200, full=200)):
        changed = list(rows)
        expected = tamper(changed, chance)
        verdict = verify_rows(changed, KEYS, anchor=anchor)
        assert verdict.bad_seq == expected, (tamper.__name__, turn)


def test_a_cut_tail_goes_unnoticed_without_an_anchor(rows: list[AuditRow]) -> None:
    """The control: what the anchor is for."""
    chance = random.Random(5)
    for _ in range(count(ci=40, more=200, full=200)):
        changed = list(rows)
        cut(changed, chance)
        assert verify_rows(changed, KEYS).ok
