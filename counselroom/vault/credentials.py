"""Who may open the vault: changing a passphrase, adding and removing slots, renewing a recovery sheet.

Each change is written to the audit log first and to the slot file second: a change that nobody wrote down would be
worse than a line about one that a full disk prevented. A removed secret opens the vault no more, but whoever kept both
it and an old copy of the folder can read that copy: only rotating the root key ends that for copies made afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.vault.audit import AuditEvent
from counselroom.vault.engine import disk_faults
from counselroom.vault.keys.argon import KdfParameters, calibrate
from counselroom.vault.keys.passphrase import require_strong
from counselroom.vault.keys.recovery_code import SECRET_SIZE, decode, encode
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import Slot, SlotKind, WrongSecret, passphrase_slot, recovery_slot, require_login
from counselroom.vault.keys.unlocking import Passphrase, Sheet, open_slot
from counselroom.vault.opened import Vault

Entropy = Callable[[int], bytes]


class LastSlot(UserError):
    """The only passphrase of a vault was to be removed."""


@dataclass(frozen=True)
class Doer:
    """Who changes a secret, for the audit log.

    Attributes:
        account_id: id of the account.
        roles: its roles.
        reason: reason where one was asked for.
    """

    account_id: str
    roles: tuple[str, ...]
    reason: str = ""


def change_passphrase(
    vault: Vault,
    old: str,
    new: str,
    *,
    login: str,
    doer: Doer,
    entropy: Entropy,
    kdf: KdfParameters | None = None,
    machine_secret: bytes | None = None,
) -> Slot:
    """Replace the passphrase of a login and return its slot, whose id stays.

    Args:
        vault: the unlocked vault.
        old: the passphrase until now.
        new: the new one.
        login: whose.
        doer: for the audit log.
        entropy: `secrets.token_bytes`.
        kdf: cost; that of the old slot when None.
        machine_secret: 32 bytes of the keychain for a bound slot; the slot stays bound or free as it was.

    Raises:
        WrongSecret: `old` is not the passphrase of `login`, or there is no such login.
        MachineSecretMissing: a bound slot without its secret.
        PassphraseTooWeak: see `require_strong`.
        VaultReadOnly, NotSaved, KeysChanged: nothing was changed.
    """
    file = vault.slots()
    slot, root = open_slot(file.slots, Passphrase(old, login, machine_secret))
    root.wipe()
    require_strong(new, [login])
    bound_to = machine_secret if slot.kind is SlotKind.BOUND else None
    fresh = passphrase_slot(vault.root, login, new, kdf or slot.kdf or calibrate(), entropy, bound_to)
    fresh = replace(fresh, slot_id=slot.slot_id)
    _write(vault, _replaced(file, slot, fresh), "passphrase_changed", fresh, doer)
    return fresh


def reset_passphrase(
    vault: Vault,
    sheet: Sheet,
    new: str,
    *,
    login: str,
    doer: Doer,
    entropy: Entropy,
    kdf: KdfParameters | None = None,
) -> Slot:
    """Give a login whose passphrase was forgotten a new one, on the strength of a recovery sheet.

    The slot keeps its id and is not bound to a machine afterwards.

    Raises:
        WrongSecret, RecoveryCodeError: the sheet opens nothing, or there is no such login.
        PassphraseTooWeak, VaultReadOnly, NotSaved, KeysChanged: nothing was changed.
    """
    file = vault.slots()
    open_slot(file.slots, sheet)[1].wipe()
    slot = next((slot for slot in file.slots if not slot.kind.is_sheet and slot.login == login), None)
    if slot is None:
        raise WrongSecret
    require_strong(new, [login])
    fresh = passphrase_slot(vault.root, login, new, kdf or slot.kdf or calibrate(), entropy)
    fresh = replace(fresh, slot_id=slot.slot_id)
    _write(vault, _replaced(file, slot, fresh), "passphrase_reset", fresh, doer)
    return fresh


def add_slot(
    vault: Vault,
    login: str,
    passphrase: str,
    *,
    doer: Doer,
    entropy: Entropy,
    kdf: KdfParameters | None = None,
    machine_secret: bytes | None = None,
) -> Slot:
    """Add a slot for another account and return it; it is bound to this machine when `machine_secret` is given.

    Raises:
        UnusableLogin, PassphraseTooWeak: see `require_login`, `require_strong`.
        VaultReadOnly, NotSaved, KeysChanged: nothing was changed.
    """
    file = vault.slots()
    require_login(login, file.logins())
    require_strong(passphrase, [login])
    fresh = passphrase_slot(vault.root, login, passphrase, kdf or calibrate(), entropy, machine_secret)
    _write(vault, replace(file, slots=(*file.slots, fresh)), "slot_added", fresh, doer)
    return fresh


def remove_slot(vault: Vault, slot_id: str, *, doer: Doer) -> None:
    """Remove the slot of an account; its passphrase opens nothing any more.

    Raises:
        LastSlot: it is the only one with a passphrase.
        Bug: there is no such slot, or it is a sheet's.
        VaultReadOnly, NotSaved, KeysChanged: nothing was changed.
    """
    file = vault.slots()
    logins = [slot for slot in file.slots if not slot.kind.is_sheet]
    removed = next((slot for slot in logins if slot.slot_id == slot_id), None)
    if removed is None:
        message = "no such slot"
        raise Bug(message)
    if len(logins) == 1:
        raise LastSlot(
            _("This is the only passphrase of the vault."),
            _("Nothing was changed."),
            _("Please add another login first."),
        )
    rest = tuple(slot for slot in file.slots if slot is not removed)
    _write(vault, replace(file, slots=rest), "slot_removed", removed, doer)


def new_sheet(entropy: Entropy) -> str:
    """Return the digits of a sheet that opens nothing yet: it can be printed and typed back first."""
    return encode(entropy(SECRET_SIZE))


def renew_sheet(vault: Vault, kind: SlotKind, *, doer: Doer, entropy: Entropy, digits: str | None = None) -> str:
    """Make a new recovery sheet A or B and return its digits; the old sheet opens nothing any more.

    Args:
        vault: the unlocked vault.
        kind: which of the two.
        doer: for the audit log.
        entropy: `secrets.token_bytes`.
        digits: those of `new_sheet`; made here when None.

    Raises:
        Bug: `kind` is not a sheet's.
        RecoveryCodeError: the digits are those of no sheet.
        VaultReadOnly, NotSaved, KeysChanged: nothing was changed.
    """
    file = vault.slots()
    secret = entropy(SECRET_SIZE) if digits is None else decode(digits)
    fresh = recovery_slot(vault.root, kind, secret, entropy)
    rest = tuple(slot for slot in file.slots if slot.kind is not kind)
    _write(vault, replace(file, slots=(*rest, fresh)), "sheet_renewed", fresh, doer)
    return encode(secret)


def _replaced(file: SlotFile, old: Slot, new: Slot) -> SlotFile:
    return replace(file, slots=tuple(new if slot is old else slot for slot in file.slots))


def _write(vault: Vault, file: SlotFile, action: str, slot: Slot, doer: Doer) -> None:
    raw_size_checked = file.to_bytes(vault.root)  # a file that could not be read back fails before the audit row
    del raw_size_checked
    event = AuditEvent(
        at=vault.now(),
        actor_id=doer.account_id,
        roles=doer.roles,
        action=action,
        entity="slot",
        entity_id=slot.slot_id,
        reason=doer.reason,
    )
    with vault.change() as session:
        vault.audit.append(session, event)
    with disk_faults():
        file.write(vault.folder, vault.root)
    if slot.slot_id == vault.slot.slot_id and action != "slot_removed":
        vault.slot = slot
