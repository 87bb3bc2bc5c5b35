"""Going back to a backup while the vault is open: what would be lost, who may, and the restored vault beside it.

The present vault is not touched here. The restored one waits beside it until the window has closed the present one and
puts it in its place, where the present one is kept under another name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.desk import Desk
from counselroom.services.through import Through, here
from counselroom.vault.backup import driver_connection
from counselroom.vault.comparison import Difference, compare_backup
from counselroom.vault.keys.unlocking import Credential, on_this_computer, open_slot
from counselroom.vault.progress import Cancel, Progress, never, silent
from counselroom.vault.restore import PresentKeys, restore_backup
from counselroom.vault.swap import place_beside


@dataclass(frozen=True)
class Comparison:
    """A backup beside the present vault.

    Attributes:
        path: the file, proved genuine.
        made_at: when it was made.
        lines: by kind of record.
        has_account: whoever works here has an account in the backup too.
    """

    path: Path
    made_at: datetime
    lines: tuple[Difference, ...]
    has_account: bool


def compare_with_backup(
    actor: Actor,
    desk: Desk,
    path: Path,
    *,
    progress: Progress = silent,
    cancel: Cancel = never,
    through: Through = here,
) -> Comparison:
    """Verify a backup whole and tell what would be lost, and what would come back, by restoring it.

    Raises:
        AccessDenied: the actor may not look at backups.
        UserError: what `compare_backup` finds.
    """

    def begin() -> None:
        with desk.look() as work:
            access.allow(actor, Action.CHECK, Subject("backup", path.name), work)

    through(begin)
    vault = desk.vault
    with vault.job_reader() as session:
        found = compare_backup(
            path,
            vault.root,
            driver_connection(session),
            vault.slot.slot_id,
            progress=progress,
            cancel=cancel,
        )
    return Comparison(path, found.header.created_at, found.differences, found.has_account)


def restore_beside(
    actor: Actor,
    desk: Desk,
    path: Path,
    credential: Credential,
    *,
    entropy: Callable[[int], bytes],
    progress: Progress = silent,
    cancel: Cancel = never,
    through: Through = here,
) -> Path:
    """Restore a backup beside the present vault and return its folder, which waits to be put in its place.

    Args:
        actor: the director, with a reason.
        desk: the open vault.
        path: the backup.
        credential: the passphrase of whoever works here, or a sheet, typed once more.
        entropy: `secrets.token_bytes`.
        progress: told what is done.
        cancel: stops the work; nothing is left.
        through: how the short change at the beginning is done.

    Raises:
        AccessDenied: the actor does not direct the room, or stated no reason.
        WrongSecret, RecoveryCodeError: the secret is not right.
        UserError: what `restore_backup` raises; the present vault is unchanged.
    """

    def begin() -> None:
        with desk.change() as work:
            access.allow(actor, Action.RESTORE, Subject("backup", path.name), work)

    through(begin)
    vault = desk.vault
    slots = vault.slots().slots
    open_slot(slots, on_this_computer(credential, vault.machine_secret))[1].wipe()
    target = place_beside(vault.folder, desk.clock.now())
    present = PresentKeys(vault.root, vault.slot, slots, vault.generation)
    return restore_backup(
        path,
        target,
        present=present,
        now=desk.clock.now,
        entropy=entropy,
        anchors=None,
        progress=progress,
        cancel=cancel,
    ).folder
