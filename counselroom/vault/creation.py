"""Making a new vault, whole or not at all.

It is built in a folder beside its final place and renamed at the end, so that a crash never leaves half a vault where
a whole one is expected, and nothing that exists is ever written over.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.base import moment_text
from counselroom.vault.admission import Banner
from counselroom.vault.audit import AuditLog, read_head
from counselroom.vault.engine import BEGIN_TO_WRITE, disk_faults, engine_over
from counselroom.vault.keys.argon import KdfParameters, calibrate
from counselroom.vault.keys.durable import sync_folder
from counselroom.vault.keys.passphrase import require_strong
from counselroom.vault.keys.recovery_code import SECRET_SIZE, encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind, passphrase_slot, recovery_slot, require_login
from counselroom.vault.keys.unlocking import Unlocked
from counselroom.vault.meta import vault_event, write_fact
from counselroom.vault.opened import state_of
from counselroom.vault.opening import DATABASE_NAME, create_database
from counselroom.vault.rotation_recovery import checkpoint
from counselroom.vault.schema import create_schema
from counselroom.vault.state import AnchorStore, write_state
from counselroom.vault.vault import Vault, open_vault

CREATED = "vault_created"
"""Action that the first audit row of a vault stands for; the chain itself calls it its beginning."""


class FolderNotEmpty(UserError):
    """A vault was to be made where something already is."""


@dataclass(frozen=True)
class NewVault:
    """A vault that was just made, and what opens it when everything else is lost.

    Attributes:
        vault: the vault, unlocked by the first login.
        sheet_a: digits of recovery sheet A, kept nowhere else.
        sheet_b: digits of recovery sheet B, kept nowhere else.
    """

    vault: Vault
    sheet_a: str = field(repr=False)
    sheet_b: str = field(repr=False)


def create_vault(
    folder: Path,
    *,
    logins: Sequence[tuple[str, str]],
    entropy: Callable[[int], bytes],
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    anchors: AnchorStore,
    kdf: KdfParameters | None = None,
) -> NewVault:
    """Make a vault with one slot for each login and two recovery sheets, and open it.

    Args:
        folder: where it shall be; missing or empty.
        logins: login names and passphrases, at least one.
        entropy: `secrets.token_bytes`.
        now: the clock, aware.
        new_id: makes the vault's id, 32 hex digits.
        anchors: where the anchors are kept.
        kdf: cost of a passphrase; calibrated to this machine (a second or two) when None.

    Raises:
        FolderNotEmpty: something is there; it is left alone.
        UnusableLogin, PassphraseTooWeak: see `require_login`, `require_strong`.
        NotSaved: the disk is full or fails; nothing is left.
    """
    for number, (login, passphrase) in enumerate(logins):
        require_login(login, [taken for taken, _passphrase in logins[:number]])
        require_strong(passphrase, [login])
    folder = folder.absolute()
    with disk_faults():
        _require_empty(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
    root, vault_id = RootKey.generate(entropy), new_id()
    parameters = kdf or calibrate()
    sheets = [entropy(SECRET_SIZE) for _sheet in range(2)]
    slots = (
        *(passphrase_slot(root, login, passphrase, parameters, entropy) for login, passphrase in logins),
        recovery_slot(root, SlotKind.SHEET_A, sheets[0], entropy),
        recovery_slot(root, SlotKind.SHEET_B, sheets[1], entropy),
    )
    staging = folder.with_name(f".{folder.name}.{entropy(4).hex()}.new")
    with disk_faults():
        staging.mkdir(mode=0o700)
        try:
            file = _build(staging, SlotFile(vault_id, slots), root, now())
            if folder.exists():
                folder.rmdir()
            staging.rename(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    vault = open_vault(folder, Unlocked(file, root, slots[0]), anchors=anchors, now=now)
    vault.banners = tuple(banner for banner in vault.banners if banner is not Banner.ANCHOR_NEW)  # of course it is
    return NewVault(vault, encode(sheets[0]), encode(sheets[1]))


def _build(folder: Path, slot_file: SlotFile, root: RootKey, now: datetime) -> SlotFile:
    """Write all files of a vault of generation 0, closed in order."""
    connection = create_database(folder / DATABASE_NAME, root.database_key())
    try:
        engine = engine_over(connection, BEGIN_TO_WRITE)
        with engine.begin() as writer:
            create_schema(writer)
            write_fact(writer, "vault_id", slot_file.vault_id)
            write_fact(writer, "generation", "0")
            write_fact(writer, "created_at", moment_text(now))
            write_fact(writer, "max_seen_utc", moment_text(now))
            audit = AuditLog(root.audit_key(), epoch=1, generation=0)
            audit.start(writer, vault_event(CREATED, slot_file.vault_id, slot_file.slots[0], now))
            head = read_head(writer)
        # A new database has its first pages in the log alone, and without it would look cut off.
        checkpoint(connection)
        write_state(folder, state_of(slot_file.vault_id, 0, head, is_open=False), root)
    finally:
        connection.close()
    return slot_file.write(folder, root)


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(
            _("The folder for the new vault is not empty."),
            _("Nothing in it was touched."),
            _("Please choose an empty or a new folder."),
        )
