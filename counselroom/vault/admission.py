"""Whether an unlocked vault may be written to: is it the vault it was when it was last seen?

Four witnesses are compared: the vault's own state file, the anchor outside it, the audit chain and the clock. A vault
that fails is not refused, since reading may be urgent, but opened read-only until the director accepts the finding
with a reason. Nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, text

from counselroom.errors import Bug
from counselroom.i18n import _
from counselroom.model.base import moment_of
from counselroom.vault.audit import AuditFault, AuditHead, audit_keys, read_head, verify_chain
from counselroom.vault.keys.root import RootKey, WrongKey
from counselroom.vault.meta import read_meta
from counselroom.vault.state import Anchor, VaultState

ACCEPTED: Final = "vault_accepted"
"""Action of the audit row with which the director accepts a finding."""
RESTORED: Final = "vault_restored"
"""Action of the audit row a restore writes: from there on the vault is lawfully behind an older anchor."""
VERIFIED_ROWS: Final = 1000
"""Audit rows verified at every unlock (R-15); `check` verifies all."""
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""A clock this far behind the newest moment seen was set back."""


class ReadOnlyReason(StrEnum):
    """Why a vault was opened read-only."""

    STATE_LOST = "state_lost"
    LOST_WAL = "lost_wal"
    BEHIND_ANCHOR = "behind_anchor"
    OTHER_HISTORY = "other_history"
    AUDIT_BROKEN = "audit_broken"

    def sentence(self) -> str:
        """Return what happened, in the user's language."""
        return {
            ReadOnlyReason.STATE_LOST: _("The vault's own note of how it was last closed is missing or damaged."),
            ReadOnlyReason.LOST_WAL: _(
                "The vault was not closed in order, and the file with its newest changes is missing."
            ),
            ReadOnlyReason.BEHIND_ANCHOR: _("This vault is older than the one last opened on this computer."),
            ReadOnlyReason.OTHER_HISTORY: _(
                "This vault has another history than the one last opened on this computer."
            ),
            ReadOnlyReason.AUDIT_BROKEN: _("The audit log of the vault was changed from outside."),
        }[self]


class Banner(StrEnum):
    """What is said at the top of the window, without hindering anything."""

    ANCHOR_UNAVAILABLE = "anchor_unavailable"
    ANCHOR_NEW = "anchor_new"
    CLOCK_BACK = "clock_back"
    RECOVERED = "recovered"

    def sentence(self) -> str:
        """Return the banner in the user's language."""
        return {
            Banner.ANCHOR_UNAVAILABLE: _(
                "The computer's keychain does not answer: whether the vault is the newest one could not be checked."
            ),
            Banner.ANCHOR_NEW: _("The vault is open on this computer for the first time."),
            Banner.CLOCK_BACK: _("The computer's clock was set back; please check date and time."),
            Banner.RECOVERED: _("The program ended unexpectedly last time; everything that was saved is there."),
        }[self]


@dataclass(frozen=True)
class Finding:
    """What the witnesses say.

    Attributes:
        reason: why the vault must be read-only, or None.
        banners: what to tell.
        vault_id: the id in the database.
        generation: the highest generation any witness knows.
        max_seen: the newest moment the vault has seen, aware.
        epoch: the audit epoch that is not sealed.
        head: the newest audit row.
    """

    reason: ReadOnlyReason | None
    banners: tuple[Banner, ...]
    vault_id: str
    generation: int
    max_seen: datetime
    epoch: int
    head: AuditHead


def assess(
    connection: Connection,
    root: RootKey,
    *,
    state: VaultState | None,
    wal_exists: bool,
    anchor: Anchor | None,
    now: datetime,
) -> Finding:
    """Compare the open database with what is known about it.

    Args:
        connection: reads the database.
        root: the root key of its current audit epoch.
        state: the state file, None when it is unreadable.
        wal_exists: a write-ahead log lies beside the database.
        anchor: the anchor, None when there is none or its place does not answer.
        now: the present, aware.
    """
    meta = read_meta(connection)
    generation = int(meta["generation"])
    max_seen = moment_of(meta["max_seen_utc"])
    witnesses: list[Anchor] = [] if anchor is None else [anchor]
    if state is None:
        reason: ReadOnlyReason | None = ReadOnlyReason.STATE_LOST
    elif state.is_open and not wal_exists:
        reason = ReadOnlyReason.LOST_WAL
    else:
        witnesses.append(Anchor(state.generation, state.audit_seq, state.audit_hash))
        reason = None
    for witness in witnesses:
        reason = reason or _against(connection, generation, witness)
    reason = reason or _chain_fault(connection, root)
    banners = []
    if now < max_seen - CLOCK_TOLERANCE:
        banners.append(Banner.CLOCK_BACK)
    if state is not None and state.is_open:
        banners.append(Banner.RECOVERED)
    return Finding(
        reason=reason,
        banners=tuple(banners),
        vault_id=meta["vault_id"],
        generation=max([generation, *(witness.generation for witness in witnesses)]),
        max_seen=max_seen,
        epoch=latest_epoch(connection),
        head=read_head(connection),
    )


def latest_epoch(connection: Connection) -> int:
    """Return the number of the newest audit epoch, the one that is not sealed."""
    return int(connection.execute(text("SELECT max(epoch) FROM audit_epoch")).scalar_one())


def _against(connection: Connection, generation: int, witness: Anchor) -> ReadOnlyReason | None:
    """Compare with one witness. Being ahead of it is normal: a crash came before it was told."""
    if generation < witness.generation:
        return ReadOnlyReason.BEHIND_ANCHOR
    stored = connection.execute(
        text("SELECT hash FROM audit_log WHERE seq = :seq"), {"seq": witness.audit_seq}
    ).scalar_one_or_none()
    if witness.audit_seq == 0 or (stored is not None and bytes(stored).hex() == witness.audit_hash):
        return None
    explained = connection.execute(
        text("SELECT count(*) FROM audit_log WHERE action IN (:accepted, :restored) AND generation > :generation"),
        {"accepted": ACCEPTED, "restored": RESTORED, "generation": witness.generation},
    ).scalar_one()
    if explained:
        return None
    return ReadOnlyReason.BEHIND_ANCHOR if stored is None else ReadOnlyReason.OTHER_HISTORY


def _chain_fault(connection: Connection, root: RootKey) -> ReadOnlyReason | None:
    """Verify the newest rows, back to the last finding that was accepted and no further."""
    head = read_head(connection).audit_seq
    accepted = connection.execute(
        text("SELECT max(seq) FROM audit_log WHERE action = :accepted"), {"accepted": ACCEPTED}
    ).scalar_one()
    rows = VERIFIED_ROWS if accepted is None else min(VERIFIED_ROWS, head - int(accepted) + 1)
    try:
        fault = verify_chain(connection, audit_keys(connection, root), rows).fault
    except (WrongKey, Bug):
        fault = AuditFault.NO_KEY
    return None if fault is None else ReadOnlyReason.AUDIT_BROKEN
