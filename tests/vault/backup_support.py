"""A small vault with people in it, and what tests of backups need around it."""

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

from sqlalchemy import insert, text

from counselroom.model.base import moment_text
from counselroom.model.office import Parameter
from counselroom.model.people import Person, Student
from counselroom.rules.people import Gender, PersonKind, StudentStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.vault.audit import AuditEvent
from counselroom.vault.backup import BackupReceipt, write_backup
from counselroom.vault.creation import NewVault, create_vault
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.state import Anchor, AnchorUnavailable
from counselroom.vault.vault import Sheet, Vault, unlock_vault

CHINA = timezone(timedelta(hours=8))
PASSPHRASE = "mu chuang yu dian qiu feng"  # invented
LOGIN = "用户 1"
NAME = "心理中心"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 18, 0, 0, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class Anchors:
    """Anchors in memory; `broken` as a keychain that does not answer."""

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
def _template() -> tuple[Path, NewVault]:
    """Make one vault for all tests of a process; making it anew each time would take a second of key derivation."""
    folder = Path(tempfile.mkdtemp(prefix="template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = create_vault(
        folder / "vault",
        logins=[(LOGIN, PASSPHRASE)],
        entropy=secrets.token_bytes,
        now=Clock(),
        new_id=new_id,
        anchors=Anchors(),
        kdf=FLOOR,
    )
    made.vault.close()
    return folder / "vault", made


class Office:
    """A vault of its own, opened by sheet A, and a folder standing for a stick."""

    def __init__(self, folder: Path) -> None:
        template, made = _template()
        self.folder = folder
        self.clock, self.anchors = Clock(), Anchors()
        self.sheet_a, self.sheet_b = made.sheet_a, made.sheet_b
        self.stick = folder / "stick"
        self.stick.mkdir(parents=True)
        shutil.copytree(template, folder / "vault")
        self.vault: Vault = self.unlock()

    def unlock(self) -> Vault:
        """Open the vault (again)."""
        return unlock_vault(self.folder / "vault", Sheet(self.sheet_a), anchors=self.anchors, now=self.clock)

    def add_students(self, count: int, *, note: str = "") -> list[str]:
        """Add students with as many audit rows; `note` fills a parameter, so that the vault can be made large."""
        ids = [new_id() for _number in range(count)]
        common = {
            "created_at": self.clock(),
            "created_by": "test",
            "updated_at": self.clock(),
            "updated_by": "test",
            "secrecy": Secrecy.S2,
        }
        with self.vault.change() as session:
            session.execute(
                insert(Person),
                [
                    common | {"id": key, "kind": PersonKind.STUDENT, "name": f"学生{key[:6]}", "gender": Gender.FEMALE}
                    for key in ids
                ],
            )
            session.execute(insert(Student), [common | {"id": key, "status": StudentStatus.ENROLLED} for key in ids])
            for key in ids:
                self.vault.audit.append(
                    session, AuditEvent(self.clock(), "test", ("counsellor",), "create_student", "student", key)
                )
            if note:
                session.execute(
                    insert(Parameter),
                    [
                        {
                            "key": f"note{new_id()}",
                            "value": note + key,
                            "changed_at": self.clock(),
                            "changed_by": "test",
                        }
                        for key in ids
                    ],
                )
        return ids

    def touch_student(self, student_id: str) -> None:
        """Change a student, so that the row is newer than in an older backup."""
        with self.vault.change() as session:
            session.execute(
                text("UPDATE student SET updated_at = :at WHERE id = :id"),
                {"at": moment_text(self.clock()), "id": student_id},
            )

    def backup(self, **changes: object) -> BackupReceipt:
        arguments: dict[str, object] = {"name": NAME, "now": self.clock, "entropy": secrets.token_bytes}
        return write_backup(self.vault, self.stick, **arguments | changes)  # type: ignore[arg-type] # keyword arguments

    def names(self) -> list[str]:
        return sorted(path.name for path in self.stick.iterdir())


def file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
