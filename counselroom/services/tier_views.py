"""Tiers of care as pages and dialogs show them, for the services that propose, decide and end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from counselroom.model.care import TierRecord
from counselroom.model.people import Account, Person, Student
from counselroom.rules import tiers as rules
from counselroom.rules.access import Actor, Role
from counselroom.rules.care_words import CareTier, TierChange, TierState, TierSubtype
from counselroom.rules.tiers import Evidence, EvidenceKind
from counselroom.services.desk import Work
from counselroom.services.follow_up_rows import rules_in_use


@dataclass(frozen=True)
class TierData:
    """What is typed in for a tier; `event_id` is the 专案 it came out of."""

    student_id: str
    tier: CareTier
    subtype: TierSubtype
    evidence: tuple[Evidence, ...]
    reason: str = ""
    contact_name: str = ""
    contact_id: str | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class TierView:
    """A tier record.

    Attributes:
        data: what was typed in.
        rules: keys of the follow-up rules that hold for it.
        asks: what those rules ask for, in words.
        may_confirm: whether the reader could confirm it now.
        is_review_due: whether the day of its review is over or today.
        seen: when the row was last changed.
    """

    id: str
    student_name: str
    student_no: str | None
    data: TierData
    change: TierChange
    state: TierState
    counsellor_id: str
    counsellor_name: str
    rules: tuple[str, ...]
    asks: tuple[str, ...]
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: str
    effective_on: date | None
    review_due_on: date | None
    ended_at: datetime | None
    end_reason: str | None
    may_confirm: bool
    is_review_due: bool
    seen: datetime


def evidence_of(row: TierRecord) -> tuple[Evidence, ...]:
    """Return what a tier is based on."""
    return tuple(Evidence(EvidenceKind(each["kind"]), each["note"], each.get("where", "")) for each in row.evidence)


def tier_view(work: Work, actor: Actor, row: TierRecord) -> TierView:
    """Return a tier as `actor` sees it."""
    people = select(Person.id, Person.name).where(Person.id.in_([row.student_id, row.counsellor_id]))
    names = {found.id: found.name for found in work.session.execute(people)}
    student_no = work.session.scalar(select(Student.student_no).where(Student.id == row.student_id))
    decided_by = None
    if row.decided_by is not None:
        decided_by = work.session.scalar(
            select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == row.decided_by)
        )
    data = TierData(
        row.student_id,
        row.tier,
        row.subtype,
        evidence_of(row),
        row.reason or "",
        row.contact_name or "",
        row.contact_id,
        row.event_id,
    )
    ready = row.state is TierState.PROPOSED and not rules.obstacles(row.tier, row.change, data.evidence)
    decides = Role.CENTER_DIRECTOR in actor.roles or not rules.needs_director(row.change)
    tasks = {rule.key: rule.task for rule in rules_in_use(work).entries}
    return TierView(
        id=row.id,
        student_name=names[row.student_id],
        student_no=student_no,
        data=data,
        change=row.change,
        state=row.state,
        counsellor_id=row.counsellor_id,
        counsellor_name=names[row.counsellor_id],
        rules=tuple(row.rules),
        asks=tuple(tasks[key] for key in row.rules if key in tasks),
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        decided_by=decided_by or "",
        effective_on=row.effective_on,
        review_due_on=row.review_due_on,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        may_confirm=ready and decides,
        is_review_due=row.state is TierState.CONFIRMED
        and row.review_due_on is not None
        and row.review_due_on <= work.now.date(),
        seen=row.updated_at,
    )
