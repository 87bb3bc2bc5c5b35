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
from counselroom.vault.opened import KeysChanged, Vault

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


@dataclass(frozen=True)
class ReadySlot:
    """A slot that was derived, which takes up to a second, and is written by `put_slot`, which is quick.

    Attributes:
        slot: the new slot.
        action: action of the audit row.
        replaces: the slot in whose place it goes, or None for another one.
        root: fingerprint of the root key in it.
    """

    slot: Slot
    action: str
    replaces: Slot | None
    root: str


def ready_change(
    vault: Vault,
    old: str,
    new: str,
    *,
    login: str,
    entropy: Entropy,
    kdf: KdfParameters | None = None,
    machine_secret: bytes | None = None,
) -> ReadySlot:
    """Derive the slot of another passphrase of a login, whose id stays. Reads nothing but the slot file.

    Args:
        vault: the unlocked vault.
        old: the passphrase until now.
        new: the new one.
        login: whose.
        entropy: `secrets.token_bytes`.
        kdf: cost; that of the old slot when None.
        machine_secret: 32 bytes of the keychain for a bound slot; the slot stays bound or free as it was.

    Raises:
        WrongSecret: `old` is not the passphrase of `login`, or there is no such login.
        MachineSecretMissing: a bound slot without its secret.
        PassphraseTooWeak: see `require_strong`.
        KeysChanged: the slot file is another.
    """
    slot, root = open_slot(vault.slots().slots, Passphrase(old, login, machine_secret))
    root.wipe()
    require_strong(new, [login])
    bound_to = machine_secret if slot.kind is SlotKind.BOUND else None
    fresh = passphrase_slot(vault.root, login, new, kdf or slot.kdf or calibrate(), entropy, bound_to)
    return _ready(vault, replace(fresh, slot_id=slot.slot_id), "passphrase_changed", slot)


def ready_binding(
    vault: Vault,
    passphrase: str,
    *,
    login: str,
    entropy: Entropy,
    machine_secret: bytes | None,
    bind_to: bytes | None,
) -> ReadySlot:
    """Derive the slot of the same passphrase bound to a computer, or with None for `bind_to` to none.

    Args:
        vault: the unlocked vault.
        passphrase: that of `login`, typed once more.
        login: whose.
        entropy: `secrets.token_bytes`.
        machine_secret: the secret it is bound to now, or None.
        bind_to: 32 bytes of the keychain of this computer, or None.

    Raises:
        WrongSecret, MachineSecretMissing, KeysChanged: as `ready_change`.
    """
    slot, root = open_slot(vault.slots().slots, Passphrase(passphrase, login, machine_secret))
    root.wipe()
    fresh = passphrase_slot(vault.root, login, passphrase, slot.kdf or calibrate(), entropy, bind_to)
    action = "slot_unbound" if bind_to is None else "slot_bound"
    return _ready(vault, replace(fresh, slot_id=slot.slot_id), action, slot)


def ready_slot(
    vault: Vault,
    login: str,
    passphrase: str,
    *,
    entropy: Entropy,
    kdf: KdfParameters | None = None,
    machine_secret: bytes | None = None,
) -> ReadySlot:
    """Derive the slot of another account; it is bound to this machine when `machine_secret` is given.

    Raises:
        UnusableLogin, PassphraseTooWeak: see `require_login`, `require_strong`.
        KeysChanged: the slot file is another.
    """
    require_login(login, vault.slots().logins())
    require_strong(passphrase, [login])
    fresh = passphrase_slot(vault.root, login, passphrase, kdf or calibrate(), entropy, machine_secret)
    return _ready(vault, fresh, "slot_added", None)


def put_slot(vault: Vault, ready: ReadySlot, *, doer: Doer) -> Slot:
    """Write a slot that was derived before and return it.

    Raises:
        UnusableLogin: the login was taken meanwhile.
        KeysChanged: the slot it goes in the place of, or the root key, was changed meanwhile.
        VaultReadOnly, NotSaved: nothing was changed.
    """
    file = vault.slots()
    if ready.root != vault.root.fingerprint():
        raise KeysChanged
    if ready.replaces is None:
        require_login(ready.slot.login, file.logins())
        slots = (*file.slots, ready.slot)
    elif ready.replaces in file.slots:
        slots = tuple(ready.slot if slot == ready.replaces else slot for slot in file.slots)
    else:
        raise KeysChanged
    _write(vault, replace(file, slots=slots), ready.action, ready.slot, doer)
    if vault.slot.slot_id == ready.slot.slot_id:
        vault.slot = ready.slot
    return ready.slot


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
    """Replace the passphrase of a login and return its slot: `ready_change` and `put_slot` in one."""
    ready = ready_change(vault, old, new, login=login, entropy=entropy, kdf=kdf, machine_secret=machine_secret)
    return put_slot(vault, ready, doer=doer)


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
    slots = vault.slots().slots
    open_slot(slots, sheet)[1].wipe()
    slot = next((slot for slot in slots if not slot.kind.is_sheet and slot.login == login), None)
    if slot is None:
        raise WrongSecret
    require_strong(new, [login])
    fresh = passphrase_slot(vault.root, login, new, kdf or slot.kdf or calibrate(), entropy)
    ready = _ready(vault, replace(fresh, slot_id=slot.slot_id), "passphrase_reset", slot)
    return put_slot(vault, ready, doer=doer)


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
    """Add a slot for another account and return it: `ready_slot` and `put_slot` in one."""
    ready = ready_slot(vault, login, passphrase, entropy=entropy, kdf=kdf, machine_secret=machine_secret)
    return put_slot(vault, ready, doer=doer)


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


def _ready(vault: Vault, slot: Slot, action: str, replaces: Slot | None) -> ReadySlot:
    return ReadySlot(slot, action, replaces, vault.root.fingerprint())


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
