"""Where a quick note can be given to beside a student: the open records of some students."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from counselroom.model.counselling import CaseFile
from counselroom.model.crisis_events import CrisisEvent
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import CaseStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk
from counselroom.services.rows import case_subject, crisis_subject

_OVER = (CaseStatus.CLOSED, CaseStatus.ARCHIVED)


@dataclass(frozen=True)
class OpenRecord:
    """An open record of a student; `entity` is `case_file` or `crisis_event`."""

    student_id: str
    entity: str
    id: str
    code: str


def open_records(actor: Actor, desk: Desk, student_ids: Sequence[str]) -> tuple[OpenRecord, ...]:
    """Return the open 专案 and cases of these students the reader may write in; an owner's own are told only."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("crisis_event", secrecy=Secrecy.S2), work)
        events = work.session.scalars(
            select(CrisisEvent)
            .where(
                CrisisEvent.student_id.in_(student_ids),
                CrisisEvent.closed_at.is_(None),
                CrisisEvent.voided_at.is_(None),
            )
            .order_by(CrisisEvent.code)
        ).all()
        cases = work.session.scalars(
            select(CaseFile)
            .where(CaseFile.client_id.in_(student_ids), CaseFile.status.not_in(_OVER), CaseFile.voided_at.is_(None))
            .order_by(CaseFile.code)
        ).all()
        found = [
            OpenRecord(row.student_id, "crisis_event", row.id, row.code)
            for row in events
            if access.judge(actor, Action.WRITE, crisis_subject(work, row, actor.person_id), work).allowed
        ]
        found += [
            OpenRecord(row.client_id, "case_file", row.id, row.code)
            for row in cases
            if access.judge(actor, Action.WRITE, case_subject(row), work).allowed
        ]
        return tuple(found)
