"""查阅留痕: who opened, printed, exported or changed what belongs to a student, and who was refused (R-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from counselroom.model import Base
from counselroom.model.counselling import CaseFile
from counselroom.model.people import Account, Person
from counselroom.model.references import subject_tables
from counselroom.model.safekeeping import AuditRow
from counselroom.rules.access import Action, Actor, Subject, decide
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import case_subject

SHOWN = 300
"""Lines returned at most, the newest."""
_DENIED = "denied:"
_OF_CASES = (("session_record", "case_id"), ("referral", "case_id"))
_HANGING = ("attachment", "amendment", "print_log")


@dataclass(frozen=True)
class AccessLine:
    """One access.

    Attributes:
        at: when.
        who: name of the person behind the account; empty for one that is not known any more.
        action: what was done, a word of `rules.access.Action` or of a deed.
        entity: the table of the record.
        reason: why, where the rules asked for it.
        denied: it was refused.
    """

    at: datetime
    who: str
    action: str
    entity: str
    reason: str
    denied: bool


def access_lines(actor: Actor, desk: Desk, student_id: str, limit: int = SHOWN) -> tuple[AccessLine, ...]:
    """Return who had to do with the records of a student, the newest first.

    Accesses to a restricted case are told only to who may read it: they would say whom it is about.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student", student_id, Secrecy.S2), work)
        hidden = _hidden(work, actor, student_id)
        found: dict[int, AuditRow] = {}
        for row in work.session.scalars(
            select(AuditRow)
            .where(AuditRow.entity.in_(("student", "person")), AuditRow.entity_id == student_id)
            .order_by(AuditRow.seq.desc())
            .limit(limit)
        ):
            found[row.seq] = row
        for table, column in subject_tables():
            about = select(table.c.id).where(column == student_id)
            for row in work.session.scalars(
                select(AuditRow)
                .where(AuditRow.entity == table.name, AuditRow.entity_id.in_(about))
                .order_by(AuditRow.seq.desc())
                .limit(limit + len(hidden))
            ):
                if (row.entity, row.entity_id) not in hidden:
                    found[row.seq] = row
        names = {
            row.id: row.name
            for row in work.session.execute(
                select(Account.id, Person.name).join(Person, Person.id == Account.person_id)
            )
        }
        return tuple(
            AccessLine(
                row.at,
                names.get(row.actor_id, ""),
                row.action.removeprefix(_DENIED),
                row.entity,
                row.reason,
                row.action.startswith(_DENIED),
            )
            for _seq, row in sorted(found.items(), reverse=True)[:limit]
        )


def _hidden(work: Work, actor: Actor, student_id: str) -> frozenset[tuple[str, str]]:
    """Return (table, id) of everything in restricted cases of the student that the reader may not read."""
    grants = access.grants_of(actor, work)
    cases = [
        row.id
        for row in work.session.scalars(select(CaseFile).where(CaseFile.client_id == student_id, CaseFile.restricted))
        if not decide(actor, Action.READ, case_subject(row), grants, work.now).allowed
    ]
    if not cases:
        return frozenset()
    tables = Base.metadata.tables
    hidden = {("case_file", case) for case in cases}
    for name, column in _OF_CASES:
        table = tables[name]
        hidden |= {(name, row) for row in work.session.scalars(select(table.c.id).where(table.c[column].in_(cases)))}
    for name in _HANGING:
        table = tables[name]
        about = or_(
            *((table.c.entity == entity) & (table.c.entity_id == entity_id) for entity, entity_id in sorted(hidden))
        )
        of_student = table.c.subject_person == student_id
        hidden |= {(name, row) for row in work.session.scalars(select(table.c.id).where(of_student, about))}
    return frozenset(hidden)
