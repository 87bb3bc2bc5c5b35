"""The four lawful deeds on protected rows, and what must go with them.

Each deed writes its audit row and its `deed` row, does its work while the deed is open, and closes it, all in the
caller's transaction. An open deed can't be committed (a deferred foreign key to a table that is always empty), so the
leave it gives ends with the transaction at the latest. Rows that hang on the row (amendments, archive items, feedback)
are treated alike, each under a deed of its own.

After redact and destroy the text is gone from every row, draft, attachment and from search; its bytes leave the file
only with `scrub`, which the caller runs soon after the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from counselroom.errors import Bug
from counselroom.model import Base
from counselroom.model.base import moment_text
from counselroom.model.safekeeping import (
    Attachment,
    AttachmentChunk,
    Deed,
    Draft,
    SearchEntry,
    VaultMeta,
)
from counselroom.vault import search_index
from counselroom.vault.audit import AuditEvent, AuditLog
from counselroom.vault.protection import PROTECTED, DeedKind, content_columns
from counselroom.vault.schema import forget_safety_copies

SCRUB_DUE: Final = "scrub_due"
"""Key of `vault_meta` that stands from a redaction or destruction until `scrub` is through."""

_HANGING: Final = (("amendment", "entity_id", "entity"), ("archive_item", "entity_id", "entity"))
_HANGING_BY: Final = {
    "referral": (("referral_feedback", "referral_id"), ("referral_supplement", "referral_id")),
    "crisis_event": (
        ("crisis_step", "event_id"),
        ("crisis_log", "event_id"),
        ("contact_attempt", "event_id"),
        ("guard_period", "event_id"),
        ("guardian_notice", "event_id"),
        ("crisis_report", "event_id"),
    ),
    "guard_period": (("guard_shift", "period_id"),),
    "follow_up_task": (("follow_up_record", "task_id"),),
}
"""By table: the protected tables whose rows exist only for one of its rows, each with the column that says which."""
_PERSON_COLUMNS: Final = frozenset({"client_id", "student_id", "subject_person"})


class Scrubbable(Protocol):
    """What `scrub` needs of an open vault."""

    @property
    def folder(self) -> Path:
        """The vault's folder."""
        ...

    def change(self) -> AbstractContextManager[Session]:
        """Open a transaction on the writing connection."""
        ...

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the database and empty it; False when a reader is in the way."""
        ...


@contextmanager
def amend(session: Session, audit: AuditLog, event: AuditEvent, *, new_id: Callable[[], str]) -> Iterator[str]:
    """Open an amend deed on the row of `event`, in whose block one amendment or more may be inserted.

    Args:
        session: the caller's transaction.
        audit: the audit log.
        event: who, when, why and on which row; its action is replaced.
        new_id: makes the id of the deed.

    Yields:
        The id of the deed.

    Raises:
        Bug: the table knows no deeds.
    """
    with _opened(session, audit, event, DeedKind.AMEND, new_id) as deed_id:
        yield deed_id


def redact(session: Session, audit: AuditLog, event: AuditEvent, *, new_id: Callable[[], str]) -> str:
    """Blank what the row of `event` and all that hangs on it say, and void them; return the id of the deed.

    The rows stay, so that numbers and dates stay complete. See `amend` for arguments and errors.
    """
    for entity, entity_id in _hanging(session, event.entity, event.entity_id):
        redact(session, audit, replace(event, entity=entity, entity_id=entity_id), new_id=new_id)
    with _opened(session, audit, event, DeedKind.REDACT, new_id) as deed_id:
        table = _table(event.entity)
        at = moment_text(event.at)
        stamps = {"updated_at": at, "updated_by": event.actor_id}
        stamps |= {"voided_at": at, "voided_by": event.actor_id, "void_reason": event.reason}
        values = content_columns(event.entity) | {name: stamps[name] for name in stamps if name in table.columns}
        _write(session, event, values)
        _forget(session, event)
    return deed_id


def reassign(
    session: Session,
    audit: AuditLog,
    event: AuditEvent,
    columns: Mapping[str, str | int | None],
    *,
    new_id: Callable[[], str],
) -> str:
    """Give the row of `event` to another person or file; return the id of the deed.

    Amendments, attachments and search follow to the new person. See `amend` for the other arguments and errors.

    Args:
        session: the caller's transaction.
        audit: the audit log.
        event: who, when, why and on which row.
        columns: new values of columns that name a person or a file.
        new_id: makes the id of the deed.

    Raises:
        Bug: a column is not one that reassign may change.
    """
    if not columns or not set(columns) <= set(_protection_of(event.entity)):
        message = "reassign changes only who or what file a row belongs to"
        raise Bug(message)
    persons = [columns[name] for name in columns if name in _PERSON_COLUMNS]
    with _opened(session, audit, event, DeedKind.REASSIGN, new_id) as deed_id:
        stamps = {"updated_at": moment_text(event.at), "updated_by": event.actor_id}
        kept = {name: stamps[name] for name in stamps if name in _table(event.entity).columns}
        _write(session, event, {**columns, **kept})
        for person in persons:
            for mapped in (Attachment, SearchEntry):
                session.execute(update(mapped).where(*_about(mapped, event)).values(subject_person=person))
    for person in persons:
        for entity, entity_id in _hanging(session, event.entity, event.entity_id):
            if "subject_person" in _table(entity).columns:
                hanging = replace(event, entity=entity, entity_id=entity_id)
                reassign(session, audit, hanging, {"subject_person": person}, new_id=new_id)
    return deed_id


def record_merge(session: Session, audit: AuditLog, event: AuditEvent, *, new_id: Callable[[], str]) -> str:
    """Write down that the person of `event` is given up for another one; return the id of the deed.

    The rows of the person follow by `reassign`, each with a deed of its own, in the same transaction. A person's own
    row is protected by no trigger, so this deed lets nothing through: it says what was done as one thing.
    """
    with _recorded(session, audit, event, DeedKind.REASSIGN, new_id) as deed_id:
        pass
    return deed_id


def destroy(session: Session, audit: AuditLog, event: AuditEvent, *, new_id: Callable[[], str]) -> str:
    """Delete the row of `event` and all that hangs on it; return the id of the deed, which stays as a tombstone.

    See `amend` for arguments and errors.
    """
    for entity, entity_id in _hanging(session, event.entity, event.entity_id):
        destroy(session, audit, replace(event, entity=entity, entity_id=entity_id), new_id=new_id)
    with _opened(session, audit, event, DeedKind.DESTROY, new_id) as deed_id:
        _forget(session, event)
        table = _table(event.entity)
        session.execute(delete(table).where(table.c.id == event.entity_id))
    session.expire_all()
    return deed_id


@contextmanager
def _opened(
    session: Session, audit: AuditLog, event: AuditEvent, kind: DeedKind, new_id: Callable[[], str]
) -> Iterator[str]:
    _protection_of(event.entity)
    with _recorded(session, audit, event, kind, new_id) as deed_id:
        yield deed_id


@contextmanager
def _recorded(
    session: Session, audit: AuditLog, event: AuditEvent, kind: DeedKind, new_id: Callable[[], str]
) -> Iterator[str]:
    session.flush()  # what the caller changed before must stand the triggers without the deed
    deed_id = new_id()
    digest = event.digest or audit.digest(_state_of(session, event))
    seq = audit.append(session, replace(event, action=kind.value, digest=digest, deed_id=deed_id))
    session.execute(
        insert(Deed).values(
            id=deed_id,
            kind=kind.value,
            entity=event.entity,
            entity_id=event.entity_id,
            audit_seq=seq,
            reason=event.reason,
            at=event.at,
            open_token=1,
        )
    )
    yield deed_id
    session.flush()
    session.execute(update(Deed).where(Deed.id == deed_id).values(open_token=None))


def _protection_of(entity: str) -> tuple[str, ...]:
    """Return the columns of a table that reassign may change. Raises Bug when no deed is lawful on it."""
    protection = PROTECTED.get(entity)
    if protection is None or not protection.by_deeds:
        message = f"no deeds on {entity}"
        raise Bug(message)
    return protection.reassignable


def _table(entity: str) -> Table:
    return Base.metadata.tables[entity]


def _state_of(session: Session, event: AuditEvent) -> dict[str, Any]:
    """Return the row as it is stored, so that its digest doesn't depend on the types of the model."""
    table = _table(event.entity)
    row = session.connection().exec_driver_sql(
        f"SELECT * FROM {table.name} WHERE id = ?",  # noqa: S608 - a table of the model
        (event.entity_id,),
    )
    found = row.mappings().one_or_none()
    if found is None:
        message = f"a deed on a row of {event.entity} that is not there"
        raise Bug(message)
    return dict(found)


def _write(session: Session, event: AuditEvent, values: Mapping[str, Any]) -> None:
    """Change the row with values in their stored form."""
    columns = ", ".join(f"{name} = ?" for name in values)
    session.connection().exec_driver_sql(
        f"UPDATE {_table(event.entity).name} SET {columns} WHERE id = ?",  # noqa: S608 - names of the model
        (*values.values(), event.entity_id),
    )
    session.expire_all()


def _hanging(session: Session, entity: str, entity_id: str) -> list[tuple[str, str]]:
    """Return (table, id) of the protected rows that exist only for the given one."""
    found: list[tuple[str, str]] = []
    for name, id_column, entity_column in _HANGING:
        table = _table(name)
        about = (table.c[entity_column] == entity, table.c[id_column] == entity_id)
        found += [(name, row) for row in session.scalars(select(table.c.id).where(*about).order_by(table.c.id))]
    for name, column in _HANGING_BY.get(entity, ()):
        table = _table(name)
        of_it = select(table.c.id).where(table.c[column] == entity_id).order_by(table.c.id)
        found += [(name, row) for row in session.scalars(of_it)]
    return found


def _about(mapped: type[Attachment | Draft | SearchEntry], event: AuditEvent) -> tuple[Any, Any]:
    return (mapped.entity == event.entity, mapped.entity_id == event.entity_id)


def _forget(session: Session, event: AuditEvent) -> None:
    """Delete everything that repeats what the row says, and note that the file must be scrubbed."""
    search_index.remove(session, event.entity, event.entity_id)
    session.execute(delete(Draft).where(*_about(Draft, event)))  # and, by the foreign key, its versions
    attachments = select(Attachment.id).where(*_about(Attachment, event))
    session.execute(delete(AttachmentChunk).where(AttachmentChunk.attachment_id.in_(attachments)))
    session.execute(delete(Attachment).where(*_about(Attachment, event)))
    session.execute(sqlite_insert(VaultMeta).values(key=SCRUB_DUE, value="1").on_conflict_do_nothing())


def scrub_is_due(session: Session) -> bool:
    """Return True when a redaction or destruction was not followed by a complete `scrub` yet."""
    return session.get(VaultMeta, SCRUB_DUE) is not None


def at_once(work: Callable[[], bool]) -> bool:
    """Do a piece of work here and now."""
    return work()


def scrub(vault: Scrubbable, do: Callable[[Callable[[], bool]], bool] = at_once) -> bool:
    """Take the bytes of redacted and destroyed text out of the vault's files.

    Deleted cells are overwritten by `secure_delete` at once, but the full-text index keeps tokens until they are
    merged away, the write-ahead log keeps old pages until it is emptied, and a copy made before a migration keeps
    everything. Works in pieces of some 20 ms each, with 50,000 notes for 5 s; safe to be interrupted and repeated.

    Args:
        vault: the open vault.
        do: does a piece of work that needs the writing connection; `Job.change` when called from a job.

    Returns:
        True when all is gone; False when a reading job was in the way: call again when it is done.
    """

    def merge(first: bool) -> bool:
        with vault.change() as session:
            return search_index.merge_step(session, first=first)

    def finish() -> bool:
        with vault.change() as session:
            session.execute(delete(VaultMeta).where(VaultMeta.key == SCRUB_DUE))
        return True

    more = do(lambda: merge(first=True))
    while more:
        more = do(lambda: merge(first=False))
    forget_safety_copies(vault.folder)
    return do(vault.checkpoint) and do(finish)
