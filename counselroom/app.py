"""Composition root: the real clock, randomness and keychain of this machine, put together in one place."""

from __future__ import annotations

import secrets
import uuid

from counselroom.desktop.keychain import SystemKeychain
from counselroom.services.anchor_store import KeychainAnchors
from counselroom.vault.state import AnchorStore


def new_id() -> str:
    """Return the id of a new row: 32 hex digits."""
    return uuid.uuid4().hex


def entropy(size: int) -> bytes:
    """Return `size` bytes of the operating system's randomness."""
    return secrets.token_bytes(size)


def anchors() -> AnchorStore:
    """Return where this machine keeps anchors: its keychain, which may be missing or locked."""
    return KeychainAnchors(SystemKeychain())
