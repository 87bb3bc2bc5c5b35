"""From what a person types to the root key. Needs no database, so that the locked window can do it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from counselroom.i18n import _
from counselroom.vault.keys.passphrase import LONGEST, normalised
from counselroom.vault.keys.recovery_code import decode
from counselroom.vault.keys.root import RootKey, WrongKey
from counselroom.vault.keys.slot_file import KeysForged, SlotFile
from counselroom.vault.keys.slots import MachineSecretMissing, Slot, WrongSecret


@dataclass(frozen=True)
class Passphrase:
    """A typed passphrase.

    Attributes:
        text: as typed.
        login: the login name it belongs to; None tries every account.
        machine_secret: 32 bytes of the keychain, where a slot is bound to this machine.
    """

    text: str = field(repr=False)
    login: str | None = None
    machine_secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Sheet:
    """The typed or scanned digits of a recovery sheet."""

    digits: str = field(repr=False)


Credential = Passphrase | Sheet


def on_this_computer(credential: Credential, machine_secret: bytes | None) -> Credential:
    """Return what was typed together with the secret of this computer; a sheet needs none."""
    return replace(credential, machine_secret=machine_secret) if isinstance(credential, Passphrase) else credential


@dataclass(frozen=True)
class Unlocked:
    """What a credential opened. While a rotation is pending there are two roots, and the database tells which counts.

    Attributes:
        file: the slot file, its HMAC checked.
        root: the root key of its slots.
        slot: the slot that opened, or None when only a pending one did.
        next_root: the root key a pending rotation leads to, or None.
        next_slot: the slot of the pending section that opens, or None.
    """

    file: SlotFile
    root: RootKey
    slot: Slot | None
    next_root: RootKey | None = None
    next_slot: Slot | None = None

    def forget(self) -> None:
        """Wipe the keys."""
        self.root.wipe()
        if self.next_root is not None:
            self.next_root.wipe()


def unlock(folder: Path, credential: Credential) -> Unlocked:
    """Open the slot file of a vault. Takes 0.1 to 1 s for each passphrase slot tried.

    A copy whose content differs from the first is looked at only when the first is forged: what a crash left in the
    second copy, such as a slot that was being removed, opens nothing.

    Raises:
        WrongSecret: nothing opens, or a text beyond any passphrase.
        RecoveryCodeError: the digits are not those of any sheet.
        MachineSecretMissing: only a bound slot could fit, and the keychain gave no secret.
        KeysForged: a slot opens, but the file was changed without the root key.
        KeysMissing, KeysDamaged, KeysTooNew, KdfRefused: see `SlotFile.copies`.
    """
    copies = SlotFile.copies(folder)
    for copy in copies:
        try:
            unlocked = _open_copy(copy, credential)
        except WrongKey:  # a slot opened, but the two roots of the pending section don't belong together
            continue
        if copy.is_genuine(unlocked.root):
            return unlocked
        unlocked.forget()
    raise KeysForged(
        _("The key file of the vault was changed from outside."),
        _("Nothing was opened or changed."),
        _("Please put back the original key file from a copy of the vault folder, or restore a backup."),
    )


def open_slot(slots: tuple[Slot, ...], credential: Credential) -> tuple[Slot, RootKey]:
    """Return the first of `slots` that the credential opens, and the root key in it.

    Raises:
        WrongSecret, RecoveryCodeError, MachineSecretMissing: see `unlock`.
    """
    if isinstance(credential, Sheet):
        secret, machine_secret = decode(credential.digits), None
        candidates = [slot for slot in slots if slot.kind.is_sheet]
    else:
        if len(credential.text) > LONGEST:
            raise WrongSecret
        secret, machine_secret = normalised(credential.text), credential.machine_secret
        candidates = [slot for slot in slots if not slot.kind.is_sheet and credential.login in (None, slot.login)]
    unbound: MachineSecretMissing | None = None
    for slot in candidates:
        try:
            return slot, slot.open(secret, machine_secret)
        except WrongSecret:
            continue
        except MachineSecretMissing as missing:
            unbound = missing
    raise unbound or WrongSecret


def _open_copy(copy: SlotFile, credential: Credential) -> Unlocked:
    if copy.pending is None:
        slot, root = open_slot(copy.slots, credential)
        return Unlocked(copy, root, slot)
    current = _try_slots(copy.slots, credential)
    following = _try_slots(copy.pending.slots, credential)
    if current is not None:
        slot, root = current
        next_root = RootKey(root.unwrap(copy.pending.new_under_old))
        return Unlocked(copy, root, slot, next_root, None if following is None else following[0])
    if following is None:
        raise WrongSecret
    next_slot, next_root = following
    return Unlocked(copy, RootKey(next_root.unwrap(copy.pending.old_under_new)), None, next_root, next_slot)


def _try_slots(slots: tuple[Slot, ...], credential: Credential) -> tuple[Slot, RootKey] | None:
    try:
        return open_slot(slots, credential)
    except WrongSecret:
        return None
