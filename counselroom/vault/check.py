"""Checking an unlocked vault thoroughly: what `counselroom check` and the weekly check do.

Every part is looked at, also after one has failed, and every finding is a sentence that a teacher can act on. Nothing
is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.model.safekeeping import Attachment
from counselroom.vault.admission import ACCEPTED, RESTORED
from counselroom.vault.attachments import AttachmentDamaged, read
from counselroom.vault.audit import AuditFault, audit_keys, verify_chain
from counselroom.vault.backup import driver_connection
from counselroom.vault.integrity import check_integrity
from counselroom.vault.keys.root import WrongKey
from counselroom.vault.keys.slot_file import FILE_NAMES, SlotFile
from counselroom.vault.opened import Vault
from counselroom.vault.opening import DatabaseRefused
from counselroom.vault.progress import Cancel, Progress, Step, never, silent, stop_if
from counselroom.vault.schema import create_schema
from counselroom.vault.state import Anchor, AnchorStore, AnchorUnavailable


class CheckPart(StrEnum):
    """What is looked at, in this order."""

    FILE = "file"
    """Every page and the structure of the database."""
    LINKS = "links"
    """Every row that another refers to is there."""
    SCHEMA = "schema"
    """Tables, indexes and triggers are those of this program."""
    AUDIT = "audit"
    """The audit log over all epochs, and the anchor outside the vault."""
    SEARCH = "search"
    """The full-text index belongs to the records."""
    ATTACHMENTS = "attachments"
    """Every attachment is, piece by piece, what was attached."""
    KEYS = "keys"
    """Both copies of the slot file are there, alike and sealed by the root key."""


@dataclass(frozen=True)
class CheckFinding:
    """Something that is not as it should be.

    Attributes:
        part: where.
        sentence: what, in the user's language.
        count: how many places; 1 where counting makes no sense.
    """

    part: CheckPart
    sentence: str
    count: int = 1


@dataclass(frozen=True)
class CheckReport:
    """The result of a check.

    Attributes:
        findings: what is wrong, in the order of `CheckPart`.
        audit_rows: rows of the audit log that were verified.
        anchored: an anchor outside the vault was there to compare with.
    """

    findings: tuple[CheckFinding, ...]
    audit_rows: int
    anchored: bool

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self.findings


def check_vault(
    vault: Vault, *, anchors: AnchorStore | None = None, progress: Progress = silent, cancel: Cancel = never
) -> CheckReport:
    """Look at every part of an unlocked vault.

    Args:
        vault: the vault; everything is read over connections of its own.
        anchors: where this machine keeps anchors, None for none.
        progress: told which part is done.
        cancel: stops the work.

    Raises:
        Cancelled: stopped.
    """
    work = _Check(vault, _anchor_of(vault, anchors), cancel)
    parts: tuple[tuple[CheckPart, Callable[[], None]], ...] = (
        (CheckPart.FILE, work.file),
        (CheckPart.LINKS, work.links),
        (CheckPart.SCHEMA, work.schema),
        (CheckPart.AUDIT, work.audit),
        (CheckPart.SEARCH, work.search),
        (CheckPart.ATTACHMENTS, work.attachments),
        (CheckPart.KEYS, work.keys),
    )
    for number, (part, look) in enumerate(parts):
        progress(Step.CHECK, number, len(parts))
        stop_if(cancel)
        try:
            look()
        except (dbapi2.DatabaseError, DatabaseError, DatabaseRefused, Bug):
            work.found(part, _("A part of the check could not be done, because the vault's file can't be read there."))
    progress(Step.CHECK, len(parts), len(parts))
    return CheckReport(tuple(work.findings), work.audit_rows, work.anchor is not None)


def schema_shape(connection: dbapi2.Connection) -> dict[str, Any]:
    """Return what a schema is made of, independent of how its statements are spelled or columns ordered."""
    shape: dict[str, Any] = {}
    for kind, name, statement in connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'trigger') ORDER BY name"
    ).fetchall():
        if kind == "trigger":
            shape[name] = " ".join(statement.split())
            continue
        indexes = connection.execute(f'PRAGMA index_list("{name}")').fetchall()
        shape[name] = (
            {row[1:] for row in connection.execute(f'PRAGMA table_xinfo("{name}")')},
            {row[2:] for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')},
            {
                (bool(unique), tuple(row[2] for row in connection.execute(f'PRAGMA index_info("{index}")')))
                for _number, index, unique, *_rest in indexes
            },
        )
    return shape


@cache
def _expected_shape() -> dict[str, Any]:
    engine = create_engine("sqlite://", module=dbapi2)  # in memory: a schema without a row
    with engine.connect() as connection:
        create_schema(connection)
        shape = schema_shape(connection.connection.driver_connection)
    engine.dispose()
    return shape


def _anchor_of(vault: Vault, anchors: AnchorStore | None) -> Anchor | None:
    try:
        return anchors.load(vault.vault_id) if anchors is not None else None
    except AnchorUnavailable:
        return None


class _Check:
    """The parts of one check and what they find."""

    def __init__(self, vault: Vault, anchor: Anchor | None, cancel: Cancel) -> None:
        self._vault = vault
        self._cancel = cancel
        self.anchor = anchor
        self.findings: list[CheckFinding] = []
        self.audit_rows = 0
        if vault.read_only is not None:
            self.found(CheckPart.AUDIT, vault.read_only.sentence())

    def found(self, part: CheckPart, sentence: str, count: int = 1, row: int | None = None) -> None:
        """Note a finding."""
        self.findings.append(CheckFinding(part, sentence.format(count=count, row=row), count))

    def file(self) -> None:
        """Run both integrity checks."""
        found = check_integrity(self._vault.open_reader, self._cancel)
        if not found.readable:
            self.found(CheckPart.FILE, _("The vault's file can't be opened any more."))
        if found.bad_pages:
            sentence = _("{count} pages of the vault's file are damaged. Please restore the newest good backup.")
            self.found(CheckPart.FILE, sentence, len(found.bad_pages))
        elif found.faults:
            sentence = _("The structure of the vault's file has {count} faults. Please restore the newest good backup.")
            self.found(CheckPart.FILE, sentence, found.faults)

    def links(self) -> None:
        """Find rows whose counterpart is missing."""
        with self._vault.job_reader() as session:
            rows = driver_connection(session).execute("PRAGMA foreign_key_check").fetchall()
        if rows:
            self.found(CheckPart.LINKS, _("{count} entries refer to others that are missing."), len(rows))

    def schema(self) -> None:
        """Compare tables, indexes and triggers with a fresh schema."""
        with self._vault.job_reader() as session:
            here = schema_shape(driver_connection(session))
        expected = _expected_shape()
        wrong = [name for name in here.keys() | expected.keys() if here.get(name) != expected.get(name)]
        if wrong:
            sentence = _("{count} tables or protections of the vault are not those of this program.")
            self.found(CheckPart.SCHEMA, sentence, len(wrong))

    def audit(self) -> None:
        """Walk the whole audit chain."""
        with self._vault.job_reader() as session:
            try:
                keys = audit_keys(session, self._vault.root)
            except WrongKey:
                self.found(CheckPart.AUDIT, _("The audit log holds a key that doesn't belong to this vault."))
                return
            verdict = verify_chain(session, keys, anchor=self._lawful_anchor(session))
        self.audit_rows = verdict.rows
        if verdict.fault in (AuditFault.CUT, AuditFault.ANCHOR):
            sentence = _("The audit log is not the one this computer remembers, from row {row} on.")
            self.found(CheckPart.AUDIT, sentence, row=verdict.bad_seq)
        elif verdict.fault is not None:
            sentence = _("The audit log was changed from outside: the first wrong row is number {row}.")
            self.found(CheckPart.AUDIT, sentence, row=verdict.bad_seq)

    def search(self) -> None:
        """Compare the entries with what the full-text index holds."""
        with self._vault.job_reader() as session:
            missing, stray = (
                driver_connection(session)
                .execute(
                    "SELECT (SELECT count(*) FROM search_entry WHERE id NOT IN (SELECT id FROM search_text_docsize)),"
                    " (SELECT count(*) FROM search_text_docsize WHERE id NOT IN (SELECT id FROM search_entry))"
                )
                .fetchone()
            )
        if missing or stray:
            sentence = _("The search index doesn't match the records in {count} places.")
            self.found(CheckPart.SEARCH, sentence, missing + stray)

    def attachments(self) -> None:
        """Read every attachment and compare its digests."""
        damaged = 0
        with self._vault.job_reader() as session:
            for key in session.execute(select(Attachment.id)).scalars().all():
                stop_if(self._cancel)
                try:
                    read(session, key)
                except AttachmentDamaged:
                    damaged += 1
        if damaged:
            self.found(CheckPart.ATTACHMENTS, _("{count} attachments are damaged or incomplete."), damaged)

    def keys(self) -> None:
        """Look at both copies of the slot file."""
        try:
            copies = SlotFile.copies(self._vault.folder)
        except UserError as fault:
            self.found(CheckPart.KEYS, fault.happened)
            return
        genuine = [copy for copy in copies if copy.is_genuine(self._vault.root)]
        if len(genuine) < len(FILE_NAMES) or genuine[0] != genuine[1]:
            self.found(
                CheckPart.KEYS,
                _("The two copies of the key file are not both there and alike; unlocking the vault makes them anew."),
            )
        if genuine and not genuine[0].sheets():
            self.found(CheckPart.KEYS, _("There is no valid recovery sheet. Please make a new one."))

    def _lawful_anchor(self, session: Session) -> Anchor | None:
        """Return the anchor, unless a restore or the director's acceptance since then explains another history."""
        if self.anchor is None:
            return None
        explained = session.execute(
            text("SELECT count(*) FROM audit_log WHERE action IN (:accepted, :restored) AND generation > :generation"),
            {"accepted": ACCEPTED, "restored": RESTORED, "generation": self.anchor.generation},
        ).scalar_one()
        return None if explained else self.anchor
