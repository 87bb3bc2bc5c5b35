"""Rotating the root key: after it, nothing that was ever typed, printed or copied opens the vault as it goes on.

Needed when somebody leaves, or a sheet or stick is lost. Order of the steps, so that a crash at any moment leaves a
vault that opens with exactly one key (see `rotation_recovery`):

1. the slot file gets a pending section: the new slots, and each root wrapped under the other;
2. one transaction seals the audit epoch under the old key and begins the next one: the point of no return;
3. the database is encrypted anew;
4. the state file is written under the new root, then the slot file with the new slots alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.admission import latest_epoch
from counselroom.vault.audit import AuditEvent, AuditLog, seal_epoch
from counselroom.vault.credentials import Doer, Entropy
from counselroom.vault.engine import NotSaved, disk_faults
from counselroom.vault.keys.argon import calibrate
from counselroom.vault.keys.recovery_code import SECRET_SIZE, encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import Pending, SlotFile
from counselroom.vault.keys.slots import Slot, SlotKind, passphrase_slot, recovery_slot
from counselroom.vault.keys.unlocking import Passphrase, open_slot
from counselroom.vault.opened import Vault
from counselroom.vault.rotation_recovery import Settled
from counselroom.vault.schema import forget_safety_copies

ROTATED = "root_key_rotated"
"""Action given to the audit log, which writes it as the seal and the beginning of two epochs."""


class NobodyLeft(UserError):
    """A rotation was asked for in which the person at the keyboard, or everybody, would lose the way in."""


@dataclass(frozen=True)
class NewSheets:
    """What a rotation gives: the old sheets and all older backups' sheets stay apart from these.

    Attributes:
        sheet_a: digits of the new recovery sheet A.
        sheet_b: digits of the new recovery sheet B.
        dropped: login names that lost their slot, because their passphrase was not given.
    """

    sheet_a: str = field(repr=False)
    sheet_b: str = field(repr=False)
    dropped: tuple[str, ...]


def rotate_root_key(
    vault: Vault,
    passphrases: Mapping[str, str],
    *,
    doer: Doer,
    entropy: Entropy,
    machine_secret: bytes | None = None,
) -> NewSheets:
    """Replace the root key of an unlocked vault; the vault stays open under the new one.

    Slots keep their ids. Backups made before still open with the sheets of their time.

    Args:
        vault: the unlocked vault; no job may be reading from it.
        passphrases: current passphrase of every login that keeps its slot; the others lose theirs.
        doer: for the audit log.
        entropy: `secrets.token_bytes`.
        machine_secret: 32 bytes of the keychain, when a bound slot is among them.

    Raises:
        WrongSecret, MachineSecretMissing: a passphrase is wrong; nothing was changed.
        NobodyLeft: no passphrase is given, or not that of the login that opened the vault; nothing was changed.
        VaultReadOnly, KeysChanged: nothing was changed.
        NotSaved: the disk is full or fails; close the vault, the next unlock ends the rotation or takes it back.
    """
    file = vault.slots()
    if not passphrases or (not vault.slot.kind.is_sheet and vault.slot.login not in passphrases):
        raise NobodyLeft(
            _("After this nobody here could open the vault with a passphrase."),
            _("Nothing was changed."),
            _("Please give at least your own passphrase."),
        )
    new_root = RootKey.generate(entropy)
    kept = [
        _renewed(file, new_root, Passphrase(text, login, machine_secret), entropy)
        for login, text in passphrases.items()
    ]
    secrets = [entropy(SECRET_SIZE) for _sheet in range(2)]
    sheets = [
        recovery_slot(new_root, kind, secret, entropy)
        for kind, secret in zip((SlotKind.SHEET_A, SlotKind.SHEET_B), secrets, strict=True)
    ]
    following = SlotFile(file.vault_id, (*kept, *sheets))
    slot = next(slot for slot in following.slots if _same_holder(slot, vault.slot))
    pending = Pending(
        slots=following.slots,
        new_under_old=vault.root.wrap(new_root.material()),
        old_under_new=new_root.wrap(vault.root.material()),
        epoch=vault.audit.epoch + 1,
    )
    try:
        with vault.change() as session, disk_faults():
            replace(file, pending=pending).write(vault.folder, vault.root)
            audit = seal_epoch(session, vault.audit, vault.root, new_root, _event(vault, doer))
    except NotSaved:
        # A COMMIT that reported an error may be durable all the same; then there is no way back.
        with vault.reading() as session:
            if latest_epoch(session.connection()) < pending.epoch:
                raise
        audit = AuditLog(new_root.audit_key(), pending.epoch, vault.generation)
    old_root = vault.root
    vault.adopt(Settled(new_root, slot, following), audit)
    with disk_faults():
        following.write(vault.folder, new_root)
        forget_safety_copies(vault.folder)  # they open with the old keys
    old_root.wipe()
    left = {slot.login for slot in kept}
    return NewSheets(
        encode(secrets[0]), encode(secrets[1]), tuple(login for login in file.logins() if login not in left)
    )


def _renewed(file: SlotFile, new_root: RootKey, credential: Passphrase, entropy: Entropy) -> Slot:
    """Return the slot of the new root for a passphrase that opens the vault now."""
    slot, root = open_slot(file.slots, credential)
    root.wipe()
    bound_to = credential.machine_secret if slot.kind is SlotKind.BOUND else None
    fresh = passphrase_slot(new_root, slot.login, credential.text, slot.kdf or calibrate(), entropy, bound_to)
    return replace(fresh, slot_id=slot.slot_id)


def _same_holder(new: Slot, old: Slot) -> bool:
    return new.kind is old.kind if old.kind.is_sheet else new.slot_id == old.slot_id


def _event(vault: Vault, doer: Doer) -> AuditEvent:
    return AuditEvent(
        at=vault.now(),
        actor_id=doer.account_id,
        roles=doer.roles,
        action=ROTATED,
        entity="vault",
        entity_id=vault.vault_id,
        reason=doer.reason,
    )
