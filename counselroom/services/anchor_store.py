"""Joins the vault's anchors with the keychain of this computer: neither knows the other."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol, runtime_checkable

from counselroom.desktop.keychain import Keychain, KeychainUnavailable
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.keys.unlocking import Credential, Sheet, on_this_computer
from counselroom.vault.state import Anchor, AnchorStore, AnchorUnavailable

MACHINE_SECRET_SIZE = 32
"""Bytes of the secret that binds a slot to this computer."""
_ANCHOR = re.compile(r"([0-9]{1,15}):([0-9]{1,15}):([0-9a-f]{64})\Z")


@runtime_checkable
class MachineSecrets(Protocol):
    """Keeps the secret that binds slots of a vault to this computer. Each call takes 5 s at most."""

    def machine_secret(self, vault_id: str) -> bytes | None:
        """Return the 32 bytes, or None when there are none. Raises AnchorUnavailable."""
        ...

    def new_machine_secret(self, vault_id: str, entropy: Callable[[int], bytes]) -> bytes:
        """Make and keep another secret. Raises AnchorUnavailable."""
        ...

    def forget_machine_secret(self, vault_id: str) -> None:
        """Remove the secret. Raises AnchorUnavailable."""
        ...


def with_machine_secret(credential: Credential, folder: Path, anchors: AnchorStore) -> Credential:
    """Return what was typed with the secret of this computer where a slot of its login is bound to one.

    A keychain that is not there or does not answer is left out: the slot then says so itself.

    Raises:
        KeysMissing, KeysDamaged, KeysTooNew, KdfRefused: see `SlotFile.copies`.
    """
    if isinstance(credential, Sheet) or not isinstance(anchors, MachineSecrets):
        return credential
    file = SlotFile.read(folder)
    if not any(slot.kind is SlotKind.BOUND and credential.login in (None, slot.login) for slot in file.slots):
        return credential
    with suppress(AnchorUnavailable):
        return on_this_computer(credential, anchors.machine_secret(file.vault_id))
    return credential


class KeychainAnchors:
    """Keeps anchors as `generation:seq:hash`, one entry for each vault, and the machine secret beside them."""

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain

    def load(self, vault_id: str) -> Anchor | None:
        """Return the anchor of a vault; None when none was saved or the entry is not one of ours.

        An unreadable entry proves nothing, so that it is written anew like a missing one.

        Raises:
            AnchorUnavailable: the keychain does not answer.
        """
        match = _ANCHOR.match(self._read(_anchor_name(vault_id)) or "")
        return None if match is None else Anchor(int(match[1]), int(match[2]), match[3])

    def save(self, vault_id: str, anchor: Anchor) -> None:
        """Keep the anchor of a vault. Raises AnchorUnavailable."""
        self._write(_anchor_name(vault_id), f"{anchor.generation}:{anchor.audit_seq}:{anchor.audit_hash}")

    def machine_secret(self, vault_id: str) -> bytes | None:
        """Return the 32 bytes that bind slots of this vault to this computer; None when there are none.

        Raises:
            AnchorUnavailable: the keychain does not answer.
        """
        try:
            secret = b64decode(self._read(_secret_name(vault_id)) or "", validate=True)
        except (NotBase64, ValueError):
            return None
        return secret if len(secret) == MACHINE_SECRET_SIZE else None

    def new_machine_secret(self, vault_id: str, entropy: Callable[[int], bytes]) -> bytes:
        """Make the secret of this computer for a vault, keep it, and return it as the keychain gives it back.

        Raises:
            AnchorUnavailable: the keychain does not answer, or does not keep it.
        """
        secret = entropy(MACHINE_SECRET_SIZE)
        self._write(_secret_name(vault_id), b64encode(secret).decode("ascii"))
        if self.machine_secret(vault_id) != secret:
            raise AnchorUnavailable("not kept")
        return secret

    def forget_machine_secret(self, vault_id: str) -> None:
        """Remove the secret: slots bound to this computer open no more. Raises AnchorUnavailable."""
        try:
            self._keychain.remove(_secret_name(vault_id))
        except KeychainUnavailable as unavailable:
            raise AnchorUnavailable(str(unavailable)) from None

    def _read(self, name: str) -> str | None:
        try:
            return self._keychain.read(name)
        except KeychainUnavailable as unavailable:
            raise AnchorUnavailable(str(unavailable)) from None

    def _write(self, name: str, value: str) -> None:
        try:
            self._keychain.write(name, value)
        except KeychainUnavailable as unavailable:
            raise AnchorUnavailable(str(unavailable)) from None


def _anchor_name(vault_id: str) -> str:
    return f"anchor-{vault_id}"


def _secret_name(vault_id: str) -> str:
    return f"machine-secret-{vault_id}"
