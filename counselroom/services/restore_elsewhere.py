"""Restoring a backup where no vault is open: look at the file, restore it, give its first account a new passphrase.

A backup holds no passphrase, so that the restored vault opens with a sheet alone until somebody gets a new one; an
account is told its new slot here, or its passphrase would belong to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from counselroom.desktop.clock import Clock
from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.model.people import Account, Person
from counselroom.rules.access import KEYLESS_ROLES, Action, Actor, Subject
from counselroom.services import access
from counselroom.services.accounts import AccountView, actor_at_the_desk, list_accounts
from counselroom.services.changes import Done
from counselroom.services.desk import Desk
from counselroom.services.drafts import discard_draft
from counselroom.services.first_run import PLACE as FIRST_RUN
from counselroom.vault.keys.argon import KdfParameters, calibrate
from counselroom.vault.keys.passphrase import require_strong
from counselroom.vault.keys.slots import require_login
from counselroom.vault.keys.unlocking import Passphrase, Sheet
from counselroom.vault.progress import Cancel, Progress, never, silent
from counselroom.vault.restore import NewLogin, restore_backup
from counselroom.vault.state import AnchorStore
from counselroom.vault.vault import unlock_vault
from counselroom.vault.verification import read_trailer, root_from_sheet, verify_backup


@dataclass(frozen=True)
class BackupFacts:
    """What a backup says without a secret; proved by nothing but its checksum.

    Attributes:
        path: the file.
        made_at: when it was made, aware.
        rows: rows of all tables together.
        size: bytes of the file.
        sheet_mark: the mark printed on the sheets that open it.
    """

    path: Path
    made_at: datetime
    rows: int
    size: int
    sheet_mark: str


@dataclass(frozen=True)
class RestoredRoom:
    """A restored vault, opened with its new passphrase.

    Attributes:
        desk: the vault, open.
        actor: whose passphrase it is.
        rows: rows that were restored.
    """

    desk: Desk
    actor: Actor
    rows: int


def look_into_backup(path: Path, *, progress: Progress = silent, cancel: Cancel = never) -> BackupFacts:
    """Read every byte of a backup, compare it with its checksum, and return what it says about itself.

    Raises:
        UserError: what `verify_backup` finds without a secret.
    """
    header = verify_backup(path, progress=progress, cancel=cancel).header
    return BackupFacts(path, header.created_at, header.rows, path.stat().st_size, header.root_fingerprint)


def check_sheet(path: Path, digits: str) -> None:
    """Tell whether a recovery sheet opens a backup.

    Raises:
        RecoveryCodeError: the digits are of no sheet; names the wrong groups.
        WrongSheetForBackup: they are of another sheet.
        UserError: the file is no backup.
    """
    root_from_sheet(read_trailer(path).header, digits).wipe()


def restore_to_new_place(
    backup: Path,
    target: Path,
    *,
    sheet: str,
    login: str,
    passphrase: str,
    clock: Clock,
    entropy: Callable[[int], bytes],
    new_id: Callable[[], str],
    anchors: AnchorStore,
    kdf: KdfParameters | None = None,
    progress: Progress = silent,
    cancel: Cancel = never,
    choose: Callable[[Sequence[AccountView]], str] | None = None,
) -> RestoredRoom:
    """Restore a backup into a new folder and open it with a new passphrase, given to an account of it.

    Args:
        backup: the file.
        target: folder of the new vault; missing or empty.
        sheet: digits of a recovery sheet.
        login: login name of the new passphrase.
        passphrase: the new passphrase.
        clock: where time comes from.
        entropy: `secrets.token_bytes`.
        new_id: makes ids.
        anchors: where this machine keeps anchors.
        kdf: cost of the passphrase; calibrated when None.
        progress: told what is done.
        cancel: stops the work while the vault is written.
        choose: asked for the id of the account the passphrase is for, when several could have it; the first
            director's without. Until it answers, the vault is restored and opened by the sheet alone.

    Raises:
        UserError: what `restore_backup` raises, in which case nothing is left; or the vault has no account.
    """
    require_login(login)
    require_strong(passphrase, [login])
    target.parent.mkdir(parents=True, exist_ok=True)
    restored = restore_backup(
        backup,
        target,
        sheet=sheet,
        login=NewLogin(login, passphrase, kdf or calibrate()),
        now=clock.now,
        entropy=entropy,
        anchors=anchors,
        progress=progress,
        cancel=cancel,
    )
    if restored.slot_id is None:
        message = "a passphrase without a slot"
        raise Bug(message)
    vault = unlock_vault(target, Sheet(sheet), anchors=anchors, now=clock.now)
    try:
        desk = Desk(vault, clock, new_id)
        director = actor_at_the_desk(desk)
        account_id = director.account_id
        able = [account for account in list_accounts(director, desk) if _can_have_key(account)]
        if choose is not None and len(able) > 1:
            account_id = choose(able)
        give_slot(director, desk, account_id, restored.slot_id)
    finally:
        vault.close()
    vault = unlock_vault(target, Passphrase(passphrase, login), anchors=anchors, now=clock.now)
    try:
        desk = Desk(vault, clock, new_id)
        actor = actor_at_the_desk(desk)
        # The first backup is made within the first run, which is over for who has come back from it.
        discard_draft(actor, desk, FIRST_RUN)
        return RestoredRoom(desk, actor, restored.header.rows)
    except BaseException:
        vault.close()
        raise


def _can_have_key(account: AccountView) -> bool:
    return not account.closed and bool(account.roles - KEYLESS_ROLES)


def give_slot(actor: Actor, desk: Desk, account_id: str, slot_id: str) -> Done[AccountView]:
    """Tell an account the slot of its new passphrase, after a restore.

    Raises:
        AccessDenied: only the director may.
        UserError: the account is closed, or another account has this slot.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account", account_id), work)
        account = work.session.get(Account, account_id)
        if account is None or account.closed_at is not None:
            raise UserError(_("This account is closed already."), _("Nothing was changed."))
        account.slot_id = slot_id
        work.touch(account, actor)
        person = work.session.get_one(Person, account.person_id)
        roles = account.role_set()
        view = AccountView(account.id, person.id, person.name, roles, has_key=True, closed=False)
        return Done(view, work.changes())
