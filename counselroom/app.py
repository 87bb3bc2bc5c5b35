"""Composition root: the real clock, randomness and keychain of this machine, put together in one place."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counselroom.desktop.relauncher import Handover
    from counselroom.vault.state import AnchorStore


def new_id() -> str:
    """Return the id of a new row: 32 hex digits."""
    from uuid import uuid4  # nothing has a new id while the window is locked

    return uuid4().hex


def entropy(size: int) -> bytes:
    """Return `size` bytes of the operating system's randomness."""
    return secrets.token_bytes(size)


def anchors() -> AnchorStore:
    """Return where this machine keeps anchors: its keychain, which may be missing or locked."""
    from counselroom.desktop.keychain import SystemKeychain
    from counselroom.services.anchor_store import KeychainAnchors

    return KeychainAnchors(SystemKeychain())


def open_window(vault_folder: Path | None = None, after_lock: Handover | None = None) -> int:
    """Open the window on a vault, or on the one opened last, and return the exit code when it is closed.

    Nothing that reads a vault is imported before a passphrase was typed.

    Args:
        vault_folder: the vault; None takes the one this computer opened last.
        after_lock: what the process said that this one replaces.

    Raises:
        UserError: there is no screen.
    """
    from counselroom.ui.start import run_window

    return run_window(vault_folder, after_lock, anchors=anchors, new_id=new_id, entropy=entropy)


def open_gallery() -> int:
    """Show every component in every state, for whoever changes the look; return the exit code."""
    from counselroom import i18n
    from counselroom.ui.gallery_window import run_gallery

    i18n.use()
    return run_gallery()
