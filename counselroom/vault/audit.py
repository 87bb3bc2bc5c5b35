"""The audit log: append-only rows in an HMAC chain with epochs.

Every row's hash is HMAC-SHA256 over the hash of the row before and the canonical JSON of its own fields, so that an
edit, a deleted, swapped or inserted row is found by whoever holds the key, and can't be hidden by recomputing plain
hashes. A cut tail leaves a chain that is right in itself: only an anchor kept elsewhere finds it.

Rows hold who, when, what kind of deed and on which id; never content, names or search terms. All functions take a
SQLAlchemy `Session` or `Connection` and work in the caller's transaction: a change and its row become durable together.

Epochs: the chain's key comes from the root key. When the root key is rotated, the old epoch ends with a seal row under
the old key, a first row under the new key binds that seal, and the old key is kept wrapped under the new root, so that
the whole history stays verifiable.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from counselroom.errors import Bug
from counselroom.model.base import canonical_json, moment_text

if TYPE_CHECKING:
    from counselroom.vault.keys.root import RootKey

GENESIS: Final = bytes(32)
"""The hash before the first row."""
BEGIN: Final = "audit_begin"
"""Action of the first row of every epoch."""
SEAL: Final = "audit_seal"
"""Action of the last row of a sealed epoch."""
AUDIT_COLUMNS: Final = (
    "seq, at, actor_id, roles, action, entity, entity_id, reason, digest, generation, epoch, deed_id, prev_hash, hash"
)
"""The columns in the order of `AuditRow`, for a caller that reads them over another kind of connection."""


@dataclass(frozen=True)
class AuditEvent:
    """What is to be written down.

    Attributes:
        at: aware moment of the deed.
        actor_id: account id of who did it.
        roles: the roles in force.
        action: name of the action, such as `sign_session`.
        entity: table of the subject, such as `session_record`.
        entity_id: id of the subject.
        reason: reason code or sentence where one was asked for; never content of a record.
        digest: `AuditLog.digest` of the state before or after, hex, or empty.
        deed_id: id of the lawful deed (amend, redact, reassign, destroy) this row belongs to.
    """

    at: datetime
    actor_id: str
    roles: tuple[str, ...]
    action: str
    entity: str
    entity_id: str
    reason: str = ""
    digest: str = ""
    deed_id: str | None = None


class AuditRow(NamedTuple):
    """A stored row, in the order of `AUDIT_COLUMNS`."""

    seq: int
    at: str
    actor_id: str
    roles: str
    action: str
    entity: str
    entity_id: str
    reason: str
    digest: str
    generation: int
    epoch: int
    deed_id: str | None
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True)
class AuditHead:
    """The newest row: its number and its hash in hex. `AuditHead(0, "00…")` before the first row."""

    audit_seq: int
    audit_hash: str


class Anchored(Protocol):
    """A head kept outside the vault, such as `Anchor` or `AuditHead`."""

    @property
    def audit_seq(self) -> int:
        """Number of the anchored row."""
        ...

    @property
    def audit_hash(self) -> str:
        """Its hash in hex."""
        ...


class AuditFault(StrEnum):
    """What is wrong with the first bad row."""

    MISSING = "missing"
    """The row with this number is not there: deleted, swapped away or inserted elsewhere."""
    UNLINKED = "unlinked"
    """It doesn't follow from the row before."""
    FORGED = "forged"
    """Its hash is not what the key gives for its fields."""
    EPOCH = "epoch"
    """It stands in an epoch it can't belong to, or the list of epochs differs from the rows."""
    NO_KEY = "no_key"
    """The key of its epoch is not known."""
    CUT = "cut"
    """The log ends before the anchored row."""
    ANCHOR = "anchor"
    """The anchored row is there with another hash: this is another history."""


@dataclass(frozen=True)
class AuditVerdict:
    """Result of a verification.

    Attributes:
        rows: number of rows looked at.
        head: the newest row seen.
        fault: what is wrong, or None.
        bad_seq: number of the first bad row, or None.
    """

    rows: int
    head: AuditHead
    fault: AuditFault | None = None
    bad_seq: int | None = None

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return self.fault is None


_INSERT: Final = f"INSERT INTO audit_log ({AUDIT_COLUMNS}) VALUES ({', '.join('?' for _ in AuditRow._fields)})"  # noqa: S608 - constants
_NEWEST: Final = "SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1"


def _driven(connection: Session | Connection) -> Connection:
    """Return the connection for plain SQL: every reading and every change passes here, and it is twice as fast."""
    return connection.connection() if isinstance(connection, Session) else connection


def _mac(key: bytes, row: AuditRow) -> bytes:
    fields = canonical_json(["1", *row[:12]]).encode()
    return hmac.digest(key, row.prev_hash + fields, "sha256")


class AuditLog:
    """Writes rows of one epoch and one generation."""

    def __init__(self, key: bytes, epoch: int, generation: int) -> None:
        if len(key) != 32:
            message = "an audit key has 32 bytes"
            raise Bug(message)
        self._key = key
        self.epoch = epoch
        self.generation = generation

    def start(self, connection: Session | Connection, event: AuditEvent) -> int:
        """Begin the first epoch of a new vault with `event` as its first row, and return its number (1)."""
        connection.execute(
            text("INSERT INTO audit_epoch (epoch, started_seq) VALUES (:epoch, 1)"), {"epoch": self.epoch}
        )
        return self.append(connection, replace(event, action=BEGIN))

    def append(self, connection: Session | Connection, event: AuditEvent) -> int:
        """Write `event` as the next row, in the caller's transaction, and return its number.

        The caller holds the write lock (`BEGIN IMMEDIATE`), so no two rows can get one number.
        """
        before = self.head(connection)
        row = AuditRow(
            seq=before.audit_seq + 1,
            at=moment_text(event.at),
            actor_id=event.actor_id,
            roles=" ".join(sorted(event.roles)),
            action=event.action,
            entity=event.entity,
            entity_id=event.entity_id,
            reason=event.reason,
            digest=event.digest,
            generation=self.generation,
            epoch=self.epoch,
            deed_id=event.deed_id,
            prev_hash=bytes.fromhex(before.audit_hash),
            hash=b"",
        )
        _driven(connection).exec_driver_sql(_INSERT, (*row[:13], _mac(self._key, row)))
        return row.seq

    def head(self, connection: Session | Connection) -> AuditHead:
        """Return the newest row's number and hash."""
        return read_head(connection)

    def digest(self, state: Mapping[str, Any]) -> str:
        """Return a keyed digest (64 hex digits) of a row's state, for `AuditEvent.digest`.

        Keyed, because a plain hash of a short value could be found by trying all values once the row is destroyed.
        """
        return hmac.digest(self._key, b"state\0" + canonical_json(state).encode(), "sha256").hex()


def read_head(connection: Session | Connection) -> AuditHead:
    """Return the newest row's number and hash without any key."""
    row = _driven(connection).exec_driver_sql(_NEWEST).first()
    return AuditHead(0, GENESIS.hex()) if row is None else AuditHead(row[0], row[1].hex())


def read_epoch(connection: Session | Connection) -> int:
    """Return the number of the epoch that is not sealed.

    Raises:
        Bug: there is none, or more than one.
    """
    return int(connection.execute(text("SELECT epoch FROM audit_epoch WHERE sealed_seq IS NULL")).scalar_one())


def audit_keys(connection: Session | Connection, root: RootKey) -> dict[int, bytes]:
    """Return the keys of all epochs: the sealed ones unwrapped with `root`, the current one derived from it.

    Raises:
        WrongKey: a sealed key was wrapped under another root.
    """
    rows = connection.execute(text("SELECT epoch, wrapped_key FROM audit_epoch ORDER BY epoch")).all()
    return {epoch: root.audit_key() if wrapped is None else root.unwrap(wrapped) for epoch, wrapped in rows}


def seal_epoch(
    connection: Session | Connection, log: AuditLog, old_root: RootKey, new_root: RootKey, event: AuditEvent
) -> AuditLog:
    """End the epoch of `log` and begin the next one under `new_root`, in the caller's transaction.

    `event` says who rotates the key and why; its action is replaced by `SEAL` and `BEGIN`. Every sealed key, also of
    earlier epochs, is wrapped under `new_root`: the old root opens none of them afterwards.

    Returns:
        The log to write to from now on.
    """
    sealed = log.append(connection, replace(event, action=SEAL))
    keys = audit_keys(connection, old_root)
    for epoch, key in keys.items():
        connection.execute(
            text("UPDATE audit_epoch SET wrapped_key = :key, sealed_seq = coalesce(sealed_seq, :seq) WHERE epoch = :e"),
            {"key": new_root.wrap(key), "seq": sealed, "e": epoch},
        )
    following = AuditLog(new_root.audit_key(), log.epoch + 1, log.generation)
    connection.execute(
        text("INSERT INTO audit_epoch (epoch, started_seq) VALUES (:epoch, :seq)"),
        {"epoch": following.epoch, "seq": sealed + 1},
    )
    following.append(connection, replace(event, action=BEGIN))
    return following


def verify_rows(
    rows: Iterable[tuple[Any, ...]],
    keys_by_epoch: Mapping[int, bytes],
    before: AuditRow | None = None,
    anchor: Anchored | None = None,
) -> AuditVerdict:
    """Walk `rows` (values of `AUDIT_COLUMNS` in ascending order) and name the first bad one.

    Args:
        rows: the rows after `before`; all rows when `before` is None.
        keys_by_epoch: 32-byte keys of all epochs up to the current one.
        before: a row taken as right, whose hash the first row must continue.
        anchor: a head known from elsewhere. It is looked for among `before` and `rows` only.
    """
    previous = before
    count = 0
    for values in rows:
        row = AuditRow(*values)
        fault = _fault_of(row, previous, keys_by_epoch) or _against_anchor(row, anchor)
        if fault is not None:
            expected = previous.seq + 1 if previous else 1
            return AuditVerdict(count, _head_of(previous), fault, expected)
        previous = row
        count += 1
    head = _head_of(previous)
    if anchor is not None and head.audit_seq < anchor.audit_seq:
        return AuditVerdict(count, head, AuditFault.CUT, head.audit_seq + 1)
    if previous is not None and previous.epoch != max(keys_by_epoch, default=0):
        # A holder of a retired key could cut the newer epochs and go on in the old one.
        return AuditVerdict(count, head, AuditFault.EPOCH, previous.seq)
    return AuditVerdict(count, head)


def _head_of(row: AuditRow | None) -> AuditHead:
    return AuditHead(0, GENESIS.hex()) if row is None else AuditHead(row.seq, row.hash.hex())


def _fault_of(row: AuditRow, previous: AuditRow | None, keys_by_epoch: Mapping[int, bytes]) -> AuditFault | None:
    if row.seq != (previous.seq + 1 if previous else 1):
        return AuditFault.MISSING
    if row.prev_hash != (previous.hash if previous else GENESIS):
        return AuditFault.UNLINKED
    begins = previous is None or previous.action == SEAL
    if (row.action == BEGIN) != begins or (previous is not None and row.epoch != previous.epoch + begins):
        return AuditFault.EPOCH
    key = keys_by_epoch.get(row.epoch)
    if key is None:
        return AuditFault.NO_KEY
    if not hmac.compare_digest(_mac(key, row), row.hash):
        return AuditFault.FORGED
    return None


def _against_anchor(row: AuditRow, anchor: Anchored | None) -> AuditFault | None:
    if anchor is not None and row.seq == anchor.audit_seq and row.hash.hex() != anchor.audit_hash:
        return AuditFault.ANCHOR
    return None


def verify_chain(
    connection: Session | Connection,
    keys_by_epoch: Mapping[int, bytes],
    last: int | None = None,
    anchor: Anchored | None = None,
) -> AuditVerdict:
    """Verify the log of an open vault or backup image.

    Args:
        connection: a SQLAlchemy session or connection.
        keys_by_epoch: from `audit_keys`.
        last: look at the newest `last` rows only (at unlock); None walks all epochs from the first row.
        anchor: a head kept outside the vault. With `last`, an anchored row older than the part looked at is compared
            with its stored hash alone.
    """
    head = read_head(connection)
    first = 1 if last is None else max(1, head.audit_seq - last + 1)
    base = _select(connection, "seq = :first - 1", first).first()
    rows = _select(connection, "seq >= :first", first) if first > 1 else _select(connection, "1", first)
    before = None if base is None or first == 1 else AuditRow(*base)
    verdict = verify_rows(rows, keys_by_epoch, before, anchor)
    if not verdict.ok:
        return verdict
    if anchor is not None and 0 < anchor.audit_seq < first:
        stored = _select(connection, "seq = :first", anchor.audit_seq).first()
        if stored is None or AuditRow(*stored).hash.hex() != anchor.audit_hash:
            return AuditVerdict(verdict.rows, verdict.head, AuditFault.ANCHOR, anchor.audit_seq)
    return verdict if last is not None else _epochs_fit(connection, verdict)


def _select(connection: Session | Connection, condition: str, first: int) -> Any:
    statement = f"SELECT {AUDIT_COLUMNS} FROM audit_log WHERE {condition} ORDER BY seq"  # noqa: S608 - constants only
    return connection.execute(text(statement), {"first": first} if ":first" in condition else {})


def _epochs_fit(connection: Session | Connection, verdict: AuditVerdict) -> AuditVerdict:
    """Compare the list of epochs, which carries no hash of its own, with the verified rows."""
    from_rows = connection.execute(
        text(
            "SELECT epoch, min(seq), CASE WHEN max(action = :seal) THEN max(seq) END "
            "FROM audit_log GROUP BY epoch ORDER BY epoch"
        ),
        {"seal": SEAL},
    ).all()
    listed = connection.execute(text("SELECT epoch, started_seq, sealed_seq FROM audit_epoch ORDER BY epoch")).all()
    for found, expected in zip(listed, from_rows, strict=False):
        if tuple(found) != tuple(expected):
            return AuditVerdict(verdict.rows, verdict.head, AuditFault.EPOCH, expected[1])
    if len(listed) != len(from_rows):
        return AuditVerdict(verdict.rows, verdict.head, AuditFault.EPOCH, verdict.head.audit_seq + 1)
    return verdict
