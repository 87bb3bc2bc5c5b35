"""The desk: the opened vault with clock and ids, and one piece of work on it.

A service opens a piece of work, asks `access.allow`, does one transaction, and returns dataclasses. Reading what is
secret leaves an audit row and is therefore a writing transaction too, except in a vault that opened read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from counselroom.desktop.clock import Clock
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.base import Record
from counselroom.model.school import AcademicYear, Term
from counselroom.rules.access import Actor
from counselroom.rules.school_calendar import TermSpan, place_of
from counselroom.rules.secrecy import Secrecy
from counselroom.services.changes import ChangeSet, Undo
from counselroom.vault.audit import AuditEvent
from counselroom.vault.vault import Vault


class AccessDenied(UserError):
    """Access was refused; the refusal is kept in the audit log.

    Attributes:
        actor: who was refused.
        action: what was refused, a word of `rules.access.Action` or a service's own.
        entity: kind of the record.
        entity_id: its id.
        refusal: the rule's reason, a word of `rules.access.Refusal`.
    """

    def __init__(self, actor: Actor, action: str, entity: str, entity_id: str, refusal: str, sentence: str) -> None:
        super().__init__(sentence, _("Nothing was changed and nothing was shown."))
        self.actor = actor
        self.action = action
        self.entity = entity
        self.entity_id = entity_id
        self.refusal = refusal


class CommonColumns(TypedDict):
    """The common columns of a new row."""

    id: str
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    academic_year: str | None
    term: str | None
    secrecy: Secrecy


@dataclass
class Work:
    """One transaction of a service."""

    session: Session
    vault: Vault
    now: datetime
    new_id: Callable[[], str]
    writable: bool
    _changed: set[tuple[str, str]] = field(default_factory=set)

    def audit(
        self, actor: Actor, action: str, entity: str, entity_id: str, *, digest: str = "", deed_id: str | None = None
    ) -> int:
        """Append a row to the audit log within this transaction and return its number; -1 in a read-only vault."""
        if not self.writable:
            return -1
        return self.vault.audit.append(
            self.session, self.event(actor, action, entity, entity_id, digest=digest, deed_id=deed_id)
        )

    def event(
        self, actor: Actor, action: str, entity: str, entity_id: str, *, digest: str = "", deed_id: str | None = None
    ) -> AuditEvent:
        """Return the audit event of `actor` at this moment."""
        return AuditEvent(
            at=self.now,
            actor_id=actor.account_id,
            roles=tuple(sorted(actor.roles)),
            action=action,
            entity=entity,
            entity_id=entity_id,
            reason=actor.reason,
            digest=digest,
            deed_id=deed_id,
        )

    def keyed(self, content_hash: str) -> str:
        """Return the digest of signed content for the audit log: keyed, or a blanked short text could be guessed."""
        return self.vault.audit.digest({"content_hash": content_hash})

    def common(self, actor: Actor, secrecy: Secrecy, on: date, row_id: str | None = None) -> CommonColumns:
        """Return the common columns of a new row about an event of the day `on` (R-18)."""
        place = place_of(on, self.terms())
        return {
            "id": row_id or self.new_id(),
            "created_at": self.now,
            "created_by": actor.account_id,
            "updated_at": self.now,
            "updated_by": actor.account_id,
            "academic_year": place.academic_year,
            "term": place.term,
            "secrecy": secrecy,
        }

    def place(self, row: Record, on: date) -> None:
        """Set the academic year and term of a row whose event was moved to the day `on` (R-18)."""
        place = place_of(on, self.terms())
        row.academic_year, row.term = place.academic_year, place.term

    def terms(self) -> tuple[TermSpan, ...]:
        """Return the terms of the school's calendar in order."""
        rows = self.session.execute(
            select(AcademicYear.name, Term.number, Term.starts_on, Term.ends_on, Term.appointment_stop_on)
            .join(Term, Term.academic_year_id == AcademicYear.id)
            .order_by(Term.starts_on)
        )
        return tuple(TermSpan(*row) for row in rows)

    def touch(self, row: Record, actor: Actor) -> None:
        """Stamp a changed row and note it for the ChangeSet."""
        row.updated_at = self.now
        row.updated_by = actor.account_id
        self.changed(row.__tablename__, row.id)

    def changed(self, kind: str, row_id: str) -> None:
        """Note that something changed."""
        self._changed.add((kind, row_id))

    def changes(self, undo: Undo | None = None) -> ChangeSet:
        """Return what changed in this piece of work."""
        return ChangeSet(frozenset(self._changed), undo)


@dataclass(frozen=True)
class Desk:
    """What every service works on.

    Attributes:
        vault: the unlocked vault.
        clock: where time comes from.
        new_id: makes the id of a new row.
    """

    vault: Vault
    clock: Clock
    new_id: Callable[[], str]

    @contextmanager
    def change(self) -> Iterator[Work]:
        """Open a writing transaction; a refusal inside it is rolled back and then written to the audit log.

        Raises:
            VaultReadOnly: the vault was opened read-only.
        """
        try:
            with self.vault.change() as session:
                yield Work(session, self.vault, self.clock.now(), self.new_id, writable=True)
        except AccessDenied as denied:
            with self.vault.change() as session:
                work = Work(session, self.vault, self.clock.now(), self.new_id, writable=True)
                work.audit(
                    denied.actor, f"denied:{denied.action}", denied.entity, denied.entity_id, digest=denied.refusal
                )
            raise

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Open a transaction for reading that may leave audit rows; nothing is written in a read-only vault."""
        if self.vault.read_only is None:
            with self.change() as work:
                yield work
            return
        with self.vault.reading() as session:
            yield Work(session, self.vault, self.clock.now(), self.new_id, writable=False)
