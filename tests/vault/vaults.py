"""Real vaults for tests of opening, closing and rotating: one template for each process, copied for each test."""

from __future__ import annotations

import atexit
import hashlib
import itertools
import secrets
import shutil
import tempfile
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from counselroom.vault.audit import AuditEvent, audit_keys, verify_chain
from counselroom.vault.creation import NewVault, create_vault
from counselroom.vault.credentials import Doer
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.recovery_code import decode
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.keys.unlocking import Sheet, Unlocked
from counselroom.vault.state import Anchor, AnchorUnavailable
from counselroom.vault.vault import Vault, open_vault, unlock_vault

LOGIN = "用户 1"
PASSPHRASE = "xigua tangyuan beidou shuijing"
DOER = Doer("a" * 32, ("center_director",), "人员变动")
CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 11, 22, 13, 7, tzinfo=CHINA)


class Clock:
    """A clock that moves on by a second each time it is read, and that a test can turn."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


class Anchors:
    """Anchors in memory; `broken` stands for a keychain that does not answer."""

    def __init__(self) -> None:
        self.kept: dict[str, Anchor] = {}
        self.broken = False

    def load(self, vault_id: str) -> Anchor | None:
        if self.broken:
            raise AnchorUnavailable
        return self.kept.get(vault_id)

    def save(self, vault_id: str, anchor: Anchor) -> None:
        if self.broken:
            raise AnchorUnavailable
        self.kept[vault_id] = anchor


_numbers = itertools.count(1)


def new_id() -> str:
    return hashlib.md5(str(next(_numbers)).encode(), usedforsecurity=False).hexdigest()


@cache
def template() -> tuple[Path, NewVault]:
    """Make one vault for the whole process: the derivation of its passphrase costs a fraction of a second."""
    folder = Path(tempfile.mkdtemp(prefix="template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = create_vault(
        folder / "vault",
        logins=[(LOGIN, PASSPHRASE)],
        entropy=secrets.token_bytes,
        now=Clock(START - timedelta(days=1)),
        new_id=new_id,
        anchors=Anchors(),
        kdf=FLOOR,
    )
    made.vault.close()
    return folder / "vault", made


class Place:
    """A copy of the template, with clock and anchors."""

    def __init__(self, folder: Path) -> None:
        source, made = template()
        self.folder = folder / "vault"
        shutil.copytree(source, self.folder)
        self.sheet_a, self.sheet_b = made.sheet_a, made.sheet_b
        self.clock, self.anchors = Clock(), Anchors()

    def unlock(self, sheet: str | None = None, *, accept_reason: str | None = None) -> Vault:
        """Open with a sheet (sheet A when None)."""
        return unlock_vault(
            self.folder,
            Sheet(sheet or self.sheet_a),
            anchors=self.anchors,
            now=self.clock,
            accept_reason=accept_reason,
        )

    def reopen(self, unlocked: Unlocked) -> Vault:
        """Open with a root key at hand."""
        return open_vault(self.folder, unlocked, anchors=self.anchors, now=self.clock)

    def held(self) -> Unlocked:
        """Return the root key as the first sheet gives it, without any derivation of a passphrase."""
        file = SlotFile.read(self.folder)
        slot = next(slot for slot in file.slots if slot.kind is SlotKind.SHEET_A)
        return Unlocked(file, slot.open(decode(self.sheet_a)), slot)

    @property
    def database(self) -> Path:
        return self.folder / "records.db"

    def content(self) -> dict[str, str]:
        """Return a digest of every file but the lock file, which holds nothing."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.iterdir())
            if path.name != "vault.lock"
        }


def add_row(vault: Vault, session: Session, key: str) -> int:
    """Write a business row and its audit row, as a service does."""
    session.execute(
        text("INSERT INTO parameter (key, value, changed_at, changed_by) VALUES (:key, '1', :at, 'test')"),
        {"key": key, "at": "2026-11-22T05:07:00.000000Z+08:00"},
    )
    event = AuditEvent(vault.now(), "test", ("counsellor",), "set_parameter", "parameter", key)
    return vault.audit.append(session, event)


def save_row(vault: Vault, key: str) -> int:
    """Commit a business row and return the number of its audit row."""
    with vault.change() as session:
        return add_row(vault, session, key)


def saved_rows(vault: Vault) -> set[str]:
    """Return the keys of the rows that are there."""
    with vault.reading() as session:
        return set(session.execute(text("SELECT key FROM parameter")).scalars())


def audit_actions(vault: Vault) -> list[str]:
    """Return the actions of all audit rows in order."""
    with vault.reading() as session:
        return list(session.execute(text("SELECT action FROM audit_log ORDER BY seq")).scalars())


def require_sound(vault: Vault) -> None:
    """Both integrity checks, and the whole audit chain over all epochs."""
    for pragma in ("cipher_integrity_check", "integrity_check"):
        connection = vault.open_reader()
        found = connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.close()
        assert found in ([], [("ok",)]), (pragma, found)
    with vault.reading() as session:
        verdict = verify_chain(session, audit_keys(session, vault.root))
    assert verdict.ok, verdict
