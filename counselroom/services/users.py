"""People who open the vault: their account and their passphrase, changed together (SYS-02).

Who may is asked before a secret is looked at, and the secret typed once more before anything is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import KEYLESS_ROLES, Action, Actor, Role, Subject
from counselroom.services import access
from counselroom.services.accounts import AccountView, add_account, close_account, list_accounts
from counselroom.services.anchor_store import MachineSecrets
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import Desk
from counselroom.services.recovery_sheets import Sheets
from counselroom.services.through import Through, here
from counselroom.vault.credentials import (
    Doer,
    ReadySlot,
    new_sheet,
    put_slot,
    ready_binding,
    ready_change,
    ready_slot,
    remove_slot,
    renew_sheet,
)
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.keys.recovery_code import decode
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.keys.unlocking import Credential, Passphrase, on_this_computer, open_slot
from counselroom.vault.state import AnchorUnavailable


class KeychainSilent(UserError):
    """The keychain of this computer does not answer."""


@dataclass(frozen=True)
class UserLine:
    """An account as the settings list it.

    Attributes:
        account: the account.
        login: its login name; empty without a key.
        bound: its passphrase opens the vault on one computer only.
    """

    account: AccountView
    login: str
    bound: bool


def list_users(actor: Actor, desk: Desk) -> tuple[UserLine, ...]:
    """Return all accounts with their logins, the oldest first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("account"), work)
    slots = {slot.slot_id: slot for slot in desk.vault.slots().slots}
    lines = []
    for view in list_accounts(actor, desk):
        slot = slots.get(view.slot_id or "")
        lines.append(
            UserLine(view, "" if slot is None else slot.login, slot is not None and slot.kind is SlotKind.BOUND)
        )
    return tuple(lines)


def change_own_passphrase(
    actor: Actor,
    desk: Desk,
    old: str,
    new: str,
    *,
    entropy: Callable[[int], bytes],
    kdf: KdfParameters | None = None,
    through: Through = here,
) -> Done[str]:
    """Replace the passphrase of whoever works here and return the login name. Takes seconds, belongs into a job.

    Raises:
        UserError: the vault was opened with a sheet, or what `ready_change` and `put_slot` raise.
    """

    def begin() -> str:
        with desk.look() as work:
            access.allow(actor, Action.WRITE, Subject("slot", desk.vault.slot.slot_id), work)
        return _own_login(desk)

    login = through(begin)
    vault = desk.vault
    ready = ready_change(vault, old, new, login=login, entropy=entropy, kdf=kdf, machine_secret=vault.machine_secret)
    slot = through(lambda: put_slot(vault, ready, doer=_doer(actor)))
    return Done(login, ChangeSet(frozenset({("slot", slot.slot_id)})))


def bind_to_this_computer(
    actor: Actor,
    desk: Desk,
    passphrase: str,
    secrets: MachineSecrets,
    *,
    entropy: Callable[[int], bytes],
    through: Through = here,
) -> Done[str]:
    """Let the own passphrase open the vault together with this computer's keychain only. Belongs into a job.

    Where somebody else's passphrase is bound here already, both use the same secret.

    Raises:
        KeychainSilent: the keychain does not answer or keeps nothing; nothing was changed.
        UserError: the vault was opened with a sheet, or what `ready_binding` and `put_slot` raise.
    """

    def begin() -> str:
        with desk.look() as work:
            access.allow(actor, Action.WRITE, Subject("slot", desk.vault.slot.slot_id), work)
        return _own_login(desk)

    login = through(begin)
    vault = desk.vault
    try:
        secret = secrets.machine_secret(vault.vault_id) or secrets.new_machine_secret(vault.vault_id, entropy)
    except AnchorUnavailable:
        raise KeychainSilent(
            _("The keychain of this computer does not answer, so nothing can be bound to it."),
            _("Nothing was changed; your passphrase opens the vault as before."),
            _("Please log in to the computer again, and try once more."),
        ) from None
    ready = ready_binding(
        vault, passphrase, login=login, entropy=entropy, machine_secret=vault.machine_secret, bind_to=secret
    )
    return through(lambda: _put_binding(actor, desk, ready, secret))


def unbind_from_this_computer(
    actor: Actor,
    desk: Desk,
    passphrase: str,
    secrets: MachineSecrets,
    *,
    entropy: Callable[[int], bytes],
    through: Through = here,
) -> Done[str]:
    """Let the own passphrase alone open the vault again. Belongs into a job.

    Raises:
        UserError: the vault was opened with a sheet, or what `ready_binding` and `put_slot` raise.
    """

    def begin() -> str:
        with desk.look() as work:
            access.allow(actor, Action.WRITE, Subject("slot", desk.vault.slot.slot_id), work)
        return _own_login(desk)

    login = through(begin)
    vault = desk.vault
    ready = ready_binding(
        vault, passphrase, login=login, entropy=entropy, machine_secret=vault.machine_secret, bind_to=None
    )
    done = through(lambda: _put_binding(actor, desk, ready, None))
    if not any(slot.kind is SlotKind.BOUND for slot in vault.slots().slots):
        with suppress(AnchorUnavailable):  # a secret that is left opens nothing
            secrets.forget_machine_secret(vault.vault_id)
    return done


def offer_sheets(
    actor: Actor, desk: Desk, credential: Credential, *, entropy: Callable[[int], bytes], through: Through = here
) -> Sheets:
    """Return the digits of two new recovery sheets, to be printed and typed back before they open anything.

    Raises:
        AccessDenied: only the director may.
        WrongSecret: the passphrase is not that of whoever works here.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("recovery_sheet"), work)

    through(begin)
    _require_own(desk, credential)
    return Sheets(new_sheet(entropy), new_sheet(entropy))


def replace_sheets(actor: Actor, desk: Desk, sheets: Sheets, *, entropy: Callable[[int], bytes]) -> Done[Sheets]:
    """Let two sheets that were typed back open the vault from now on; those of before open nothing any more.

    Raises:
        AccessDenied: only the director may.
        RecoveryCodeError: the digits are of no sheet; VaultReadOnly, NotSaved, KeysChanged as `renew_sheet`.
    """
    with desk.look() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("recovery_sheet"), work)
    for digits in (sheets.a, sheets.b):
        decode(digits)  # both are looked at before the first is written
    for kind, digits in ((SlotKind.SHEET_A, sheets.a), (SlotKind.SHEET_B, sheets.b)):
        renew_sheet(desk.vault, kind, doer=_doer(actor), entropy=entropy, digits=digits)
    return Done(sheets, ChangeSet(frozenset({("slot", "")})))


def add_user(
    actor: Actor,
    desk: Desk,
    name: str,
    roles: frozenset[Role],
    login: str,
    passphrase: str,
    *,
    entropy: Callable[[int], bytes],
    kdf: KdfParameters | None = None,
    through: Through = here,
) -> Done[AccountView]:
    """Add an account with a login and a passphrase of its own; one whose roles work on paper gets neither.

    Takes a second where there is a passphrase, and belongs into a job.

    Raises:
        AccessDenied: the actor does not direct the room.
        UserError: what `ready_slot`, `put_slot` and `add_account` raise; nothing is left of the slot then.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account"), work)

    through(begin)
    if roles and roles <= KEYLESS_ROLES:
        return through(lambda: add_account(actor, desk, name, roles, None))
    if not name.strip() or not roles:
        return through(lambda: add_account(actor, desk, name, roles, "none"))  # refuses, before a slot is made
    ready = ready_slot(desk.vault, login, passphrase, entropy=entropy, kdf=kdf)

    def put() -> Done[AccountView]:
        slot = put_slot(desk.vault, ready, doer=_doer(actor))
        try:
            return add_account(actor, desk, name, roles, slot.slot_id)
        except UserError:
            remove_slot(desk.vault, slot.slot_id, doer=_doer(actor))
            raise

    return through(put)


def close_user(
    actor: Actor, desk: Desk, account_id: str, credential: Credential, *, through: Through = here
) -> Done[AccountView]:
    """Close an account and remove its passphrase, after the own one was typed once more. Belongs into a job.

    Raises:
        AccessDenied: the actor does not direct the room.
        WrongSecret: the passphrase is not that of whoever works here.
        UserError: it is one's own account, or what `close_account` raises.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account", account_id), work)
        if account_id == actor.account_id:
            raise UserError(
                _("This is your own account."),
                _("Nothing was changed."),
                _("Somebody else who directs the room can close it."),
            )

    def end() -> Done[AccountView]:
        slot_id = next((view.slot_id for view in list_accounts(actor, desk) if view.id == account_id), None)
        done = close_account(actor, desk, account_id)
        if slot_id is not None and any(slot.slot_id == slot_id for slot in desk.vault.slots().slots):
            remove_slot(desk.vault, slot_id, doer=_doer(actor))
        return done

    through(begin)
    _require_own(desk, credential)
    return through(end)


def _own_login(desk: Desk) -> str:
    """Return the login of whoever works here. Raises UserError after a sheet, which has no passphrase."""
    slot = desk.vault.slot
    if not slot.login:
        raise UserError(
            _("The vault was opened with a recovery sheet, which has no passphrase to change."),
            _("Nothing was changed."),
            _("Please lock, and unlock with your passphrase."),
        )
    return slot.login


def _put_binding(actor: Actor, desk: Desk, ready: ReadySlot, secret: bytes | None) -> Done[str]:
    slot = put_slot(desk.vault, ready, doer=_doer(actor))
    desk.vault.machine_secret = secret
    return Done(slot.login, ChangeSet(frozenset({("slot", slot.slot_id)})))


def _require_own(desk: Desk, credential: Credential) -> None:
    """Refuse a passphrase that is another's; a sheet is whoever's holds it."""
    vault = desk.vault
    slots = vault.slots().slots
    if isinstance(credential, Passphrase):
        slots = tuple(slot for slot in slots if slot.slot_id == vault.slot.slot_id)
    open_slot(slots, on_this_computer(credential, vault.machine_secret))[1].wipe()


def _doer(actor: Actor) -> Doer:
    return Doer(actor.account_id, tuple(sorted(actor.roles)), actor.reason)
