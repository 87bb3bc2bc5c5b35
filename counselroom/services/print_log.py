"""The print log: every copy that left the room, and the ones that were voided (SYS-02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from counselroom.model.office import PrintLog
from counselroom.model.people import Account, Person
from counselroom.printing.audiences import audience_name
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.printing import PrintState
from counselroom.services import access, forms
from counselroom.services.desk import Desk

SEES_ALL = frozenset({Role.CENTER_DIRECTOR, Role.ARCHIVE_MANAGER})
"""Roles that see what others printed; a counsellor sees the copies of their own hand."""
SHOWN = 500
"""Lines of a list at most; the rest is found by the filter."""


@dataclass(frozen=True)
class LogLine:
    """A copy.

    Attributes:
        print_id: its id.
        printed_at: when.
        printed_by: name of who printed it.
        form_id: the form.
        title: its title; empty for a form the program no longer has.
        copy_no: its number.
        audience: the reader, in Chinese.
        recipient: to whom it went; empty for a sheet that does not say.
        purpose: what for.
        state: what became of it.
        entity: kind of the record.
        entity_id: its id.
        form_hash: the definition it was made with.
    """

    print_id: str
    printed_at: datetime
    printed_by: str
    form_id: str
    title: str
    copy_no: int
    audience: str
    recipient: str
    purpose: str
    state: PrintState
    entity: str
    entity_id: str
    form_hash: str


@dataclass(frozen=True)
class LogLines:
    """A piece of the log, newest first, and how many lines there are in all."""

    total: int
    lines: tuple[LogLine, ...]


def print_log(
    actor: Actor, desk: Desk, *, form_id: str = "", state: PrintState | None = None, query: str = ""
) -> LogLines:
    """Return the log, newest first.

    Args:
        actor: who asks.
        desk: the desk.
        form_id: only prints with this form.
        state: only prints of this state.
        query: only prints whose form, recipient or purpose holds these words.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("print_log"), work)
        where = []
        if not actor.roles & SEES_ALL:
            where.append(PrintLog.printed_by == actor.account_id)
        if form_id:
            where.append(PrintLog.form_id == form_id)
        if state is not None:
            where.append(PrintLog.state == state)
        words = query.strip()
        if words:
            titled = [each.id for each in forms.all_forms().values() if words in each.title]
            where.append(
                PrintLog.form_id.icontains(words, autoescape=True)
                | PrintLog.form_id.in_(titled)
                | PrintLog.recipient.icontains(words, autoescape=True)
                | PrintLog.purpose.icontains(words, autoescape=True)
            )
        total = work.session.scalar(select(func.count()).select_from(PrintLog).where(*where)) or 0
        rows = work.session.execute(
            select(PrintLog, Person.name)
            .join(Account, Account.id == PrintLog.printed_by)
            .join(Person, Person.id == Account.person_id)
            .where(*where)
            .order_by(PrintLog.printed_at.desc(), PrintLog.copy_no.desc())
            .limit(SHOWN)
        )
        return LogLines(total, tuple(_line(row, name) for row, name in rows))


def _line(row: PrintLog, name: str) -> LogLine:
    form = forms.all_forms().get(row.form_id)
    return LogLine(
        row.id,
        row.printed_at,
        name,
        row.form_id,
        form.title if form else "",
        row.copy_no,
        audience_name(Audience(row.audience)),
        row.recipient or "",
        row.purpose or "",
        row.state,
        row.entity,
        row.entity_id,
        row.form_hash,
    )
