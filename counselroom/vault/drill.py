"""The restore drill: a backup is really restored and opened, looked at, and thrown away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from counselroom.vault.audit import audit_keys, verify_chain
from counselroom.vault.backup import driver_connection
from counselroom.vault.comparison import Content, contents, newest_moment
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.unlocking import Unlocked
from counselroom.vault.progress import Cancel, Progress, never, silent
from counselroom.vault.restore import PresentKeys, restore_backup
from counselroom.vault.state import Anchor
from counselroom.vault.trailer import Header
from counselroom.vault.vault import Sheet, Vault, open_vault, unlock_vault


@dataclass(frozen=True)
class DrillReport:
    """What the restored vault held.

    Attributes:
        header: what the backup says about itself, proved.
        contents: records by kind.
        newest: moment of the newest record, None for an empty vault.
        audit_ok: the whole audit chain, over all epochs, is right.
    """

    header: Header
    contents: tuple[Content, ...]
    newest: datetime | None
    audit_ok: bool


class _NoAnchors:
    """A throw-away vault leaves no trace in the keychain."""

    def load(self, vault_id: str) -> None:
        """Know of no anchor: nothing was ever saved."""
        del vault_id

    def save(self, vault_id: str, anchor: Anchor) -> None:
        """Keep nothing."""


def drill_restore(
    backup: Path,
    sheet: str | None,
    scratch: Path,
    *,
    present: PresentKeys | None = None,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    progress: Progress = silent,
    cancel: Cancel = never,
) -> DrillReport:
    """Restore a backup below `scratch`, open it, look at it, and remove it again.

    What is written there is encrypted like every vault.

    Args:
        backup: the file; read only.
        sheet: the digits as typed from the paper, the better drill; or None with
        scratch: a folder with room for the vault.
        present: the keys of the open vault.
        now: the present, aware.
        entropy: `secrets.token_bytes`.
        progress: told what is done.
        cancel: stops the work.

    Raises:
        UserError: what `restore_backup` and `unlock_vault` raise; nothing is left.
    """
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=scratch))
    try:
        restored = restore_backup(
            backup,
            folder / "vault",
            sheet=sheet,
            present=present,
            now=now,
            entropy=entropy,
            anchors=None,
            progress=progress,
            cancel=cancel,
        )
        vault = _opened(restored.folder, sheet, present, now)
        try:
            with vault.reading() as session:
                found = contents(driver_connection(session))
                chain = verify_chain(session, audit_keys(session, vault.root))
        finally:
            vault.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return DrillReport(restored.header, found, newest_moment(found), chain.ok)


def _opened(folder: Path, sheet: str | None, present: PresentKeys | None, now: Callable[[], datetime]) -> Vault:
    if sheet is not None or present is None:
        return unlock_vault(folder, Sheet(sheet or ""), anchors=_NoAnchors(), now=now)
    unlocked = Unlocked(SlotFile.copies(folder)[0], RootKey(present.root.material()), present.slot)
    return open_vault(folder, unlocked, anchors=_NoAnchors(), now=now)
