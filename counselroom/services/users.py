"""People who open the vault: their account and their passphrase, changed together (SYS-02).

Who may is asked before a secret is looked at, and the secret typed once more before anything is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import KEYLESS_ROLES, Action, Actor, Role, Subject
from counselroom.services import access
from counselroom.services.accounts import AccountView, add_account, close_account, list_accounts
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import Desk
from counselroom.services.recovery_sheets import Sheets
from counselroom.vault.credentials import Doer, add_slot, change_passphrase, new_sheet, remove_slot, renew_sheet
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.keys.recovery_code import decode
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.keys.unlocking import Credential, Passphrase, open_slot


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
    machine_secret: bytes | None = None,
    kdf: KdfParameters | None = None,
) -> Done[str]:
    """Replace the passphrase of whoever works here and return the login name.

    Raises:
        UserError: the vault was opened with a sheet, or what `change_passphrase` raises.
    """
    login = desk.vault.slot.login
    with desk.look() as work:
        access.allow(actor, Action.WRITE, Subject("slot", desk.vault.slot.slot_id), work)
    if not login:
        raise UserError(
            _("The vault was opened with a recovery sheet, which has no passphrase to change."),
            _("Nothing was changed."),
            _("Please lock, and unlock with your passphrase."),
        )
    change_passphrase(
        desk.vault, old, new, login=login, doer=_doer(actor), entropy=entropy, machine_secret=machine_secret, kdf=kdf
    )
    return Done(login, ChangeSet(frozenset({("slot", desk.vault.slot.slot_id)})))


def offer_sheets(actor: Actor, desk: Desk, credential: Credential, *, entropy: Callable[[int], bytes]) -> Sheets:
    """Return the digits of two new recovery sheets, to be printed and typed back before they open anything.

    Raises:
        AccessDenied: only the director may.
        WrongSecret: the passphrase is not that of whoever works here.
    """
    with desk.look() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("recovery_sheet"), work)
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
) -> Done[AccountView]:
    """Add an account with a login and a passphrase of its own; one whose roles work on paper gets neither.

    Raises:
        AccessDenied: the actor does not direct the room.
        UserError: what `add_slot` and `add_account` raise; nothing is left of the slot then.
    """
    with desk.look() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account"), work)
    if roles and roles <= KEYLESS_ROLES:
        return add_account(actor, desk, name, roles, None)
    if not name.strip() or not roles:
        return add_account(actor, desk, name, roles, "none")  # refuses with its sentence, before a slot is made
    slot = add_slot(desk.vault, login, passphrase, doer=_doer(actor), entropy=entropy, kdf=kdf)
    try:
        return add_account(actor, desk, name, roles, slot.slot_id)
    except UserError:
        remove_slot(desk.vault, slot.slot_id, doer=_doer(actor))
        raise


def close_user(actor: Actor, desk: Desk, account_id: str, credential: Credential) -> Done[AccountView]:
    """Close an account and remove its passphrase, after the own one was typed once more.

    Raises:
        AccessDenied: the actor does not direct the room.
        WrongSecret: the passphrase is not that of whoever works here.
        UserError: it is one's own account, or what `close_account` raises.
    """
    with desk.look() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account", account_id), work)
    if account_id == actor.account_id:
        raise UserError(
            _("This is your own account."),
            _("Nothing was changed."),
            _("Somebody else who directs the room can close it."),
        )
    _require_own(desk, credential)
    slot_id = next((view.slot_id for view in list_accounts(actor, desk) if view.id == account_id), None)
    done = close_account(actor, desk, account_id)
    if slot_id is not None and any(slot.slot_id == slot_id for slot in desk.vault.slots().slots):
        remove_slot(desk.vault, slot_id, doer=_doer(actor))
    return done


def _require_own(desk: Desk, credential: Credential) -> None:
    """Refuse a passphrase that is another's; a sheet is whoever's holds it."""
    slots = desk.vault.slots().slots
    if isinstance(credential, Passphrase):
        slots = tuple(slot for slot in slots if slot.slot_id == desk.vault.slot.slot_id)
    open_slot(slots, credential)[1].wipe()


def _doer(actor: Actor) -> Doer:
    return Doer(actor.account_id, tuple(sorted(actor.roles)), actor.reason)
