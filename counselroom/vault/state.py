"""`vault.state`, the vault's own note of how it was left, and the anchor kept outside the vault.

The page HMACs of the database find every flipped bit, but not a vault that is older than it should be: a folder copied
back, or a write-ahead log that was lost. The state file, under an HMAC of the root key, tells whether the vault was
closed in order; the anchor, kept in the operating system's keychain, tells how far it had come.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from counselroom.vault.keys.durable import write_durably
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import canonical

FORMAT: Final = 1
"""Version of the state file this program writes."""
STATE_NAME: Final = "vault.state"
_LIMIT: Final = 4096  # bytes
_TYPES: Final = {
    "format": int,
    "vault_id": str,
    "is_open": bool,
    "generation": int,
    "audit_seq": int,
    "audit_hash": str,
    "cipher_profile": str,
}


@dataclass(frozen=True)
class Anchor:
    """How far a vault had come when it was last seen.

    Attributes:
        generation: counts the unlockings of the vault.
        audit_seq: number of the newest audit row.
        audit_hash: its hash, 64 hex digits.
    """

    generation: int
    audit_seq: int
    audit_hash: str


class AnchorUnavailable(Exception):
    """The place of the anchors does not answer now. A reason for a banner, never for a refusal."""


class AnchorStore(Protocol):
    """Where anchors are kept, outside every vault."""

    def load(self, vault_id: str) -> Anchor | None:
        """Return the anchor of a vault, or None when none was ever saved. Raises AnchorUnavailable."""
        ...

    def save(self, vault_id: str, anchor: Anchor) -> None:
        """Keep the anchor of a vault. Raises AnchorUnavailable."""
        ...


class StateUnreadable(Exception):
    """There is no state file, it is damaged, or it was not written under this root key."""


@dataclass(frozen=True)
class VaultState:
    """How the vault was left.

    Attributes:
        vault_id: id of the vault, 32 hex digits.
        is_open: a process had it open, and did not close it in order.
        generation: its generation then.
        audit_seq: number of its newest audit row then.
        audit_hash: hash of that row, 64 hex digits.
        cipher_profile: name of the database's page format.
    """

    vault_id: str
    is_open: bool
    generation: int
    audit_seq: int
    audit_hash: str
    cipher_profile: str


def read_state(folder: Path, root: RootKey) -> VaultState:
    """Return the state of the vault in `folder`.

    Raises:
        StateUnreadable: missing, damaged, of another format, or of another root key.
    """
    try:
        with (folder / STATE_NAME).open("rb") as stream:
            raw = stream.read(_LIMIT + 1)
        values = json.loads(raw.decode("ascii"))
        mac = bytes.fromhex(values.pop("mac"))
        genuine = hmac.compare_digest(mac, _mac(values, root))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StateUnreadable from None
    if not genuine or len(raw) > _LIMIT or {name: type(value) for name, value in values.items()} != _TYPES:
        raise StateUnreadable
    if values.pop("format") != FORMAT:
        raise StateUnreadable
    return VaultState(**values)


def write_state(folder: Path, state: VaultState, root: RootKey) -> None:
    """Replace the state file durably. Raises OSError; the old one is then intact."""
    values = asdict(state) | {"format": FORMAT}
    write_durably(folder / STATE_NAME, canonical(values | {"mac": _mac(values, root).hex()}))


def _mac(values: dict[str, Any], root: RootKey) -> bytes:
    return hmac.digest(root.state_mac_key(), canonical(values), "sha256")
