"""All referrals of the room in one read: where each stands, how long a reply is awaited, what an emergency lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from counselroom.model.counselling import CaseFile
from counselroom.model.crisis import Referral, ReferralFeedback, ReferralSupplement
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules import referral as rules
from counselroom.rules.access import Action, Actor, Subject, decide
from counselroom.rules.referral import CompletionState, ReferralTarget, ReferralUrgency, Standing
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, parameter_values
from counselroom.services.desk import Desk, Work
from counselroom.services.student_heads import StudentHead
from counselroom.services.student_rows import CLASS_WORDS, GRADE

SHOWN_AT_MOST: Final = 2_000
"""The newest of them; what is older is found by the student."""


@dataclass(frozen=True)
class ReferralLine:
    """A referral in the list.

    Attributes:
        id: of the row.
        number: its number.
        student: whom it is about.
        to_kind: what kind of place it goes to.
        to_name: its name; empty where the reader may not open the referral.
        urgency: how urgent it is.
        who: the counsellor.
        standing: where it stands.
        since: the day it was issued, or begun.
        waited_days: how long a reply has been awaited; 0 for a draft.
        is_long: past the second reminder.
        replied_on: day of the newest reply, or None.
        next_visit_on: the next visit by the newest reply, or None.
        complete_by: until when what an emergency left out must be added, while it is missing.
        completion: how that stands.
        is_mine: the reader is its counsellor.
        readable: the reader may open it.
    """

    id: str
    number: str
    student: StudentHead
    to_kind: ReferralTarget
    to_name: str
    urgency: ReferralUrgency
    who: str
    standing: Standing
    since: date
    waited_days: int
    is_long: bool
    replied_on: date | None
    next_visit_on: date | None
    complete_by: datetime | None
    completion: CompletionState
    is_mine: bool
    readable: bool


_ORDER = {Standing.NO_REPLY: 1, Standing.WAITING: 2, Standing.DRAFT: 3, Standing.REPLIED: 4, Standing.OVER: 5}


def referral_lines(actor: Actor, desk: Desk) -> tuple[ReferralLine, ...]:
    """Return the referrals, what presses first: completions that run, then the longest without a reply.

    One out of a restricted case is not there for others; another counsellor's has no recipient's name. Being shown
    the list leaves an audit row.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("referral", secrecy=Secrecy.S2), work)
        counsellor = aliased(Person)
        newest = (
            select(
                ReferralFeedback.referral_id,
                func.max(ReferralFeedback.received_on).label("received_on"),
                func.max(ReferralFeedback.next_visit_on).label("next_visit_on"),
            )
            .where(ReferralFeedback.voided_at.is_(None))
            .group_by(ReferralFeedback.referral_id)
            .subquery()
        )
        rows = work.session.execute(
            select(
                Referral,
                Person.name,
                Student.student_no,
                CLASS_WORDS,
                counsellor.name,
                CaseFile.restricted,
                newest.c.received_on,
                newest.c.next_visit_on,
            )
            .join(Person, Person.id == Referral.student_id)
            .join(Student, Student.id == Referral.student_id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .join(counsellor, counsellor.id == Referral.counsellor_id)
            .outerjoin(CaseFile, CaseFile.id == Referral.case_id)
            .outerjoin(newest, newest.c.referral_id == Referral.id)
            .where(Referral.voided_at.is_(None))
            .order_by(Referral.created_at.desc())
            .limit(SHOWN_AT_MOST)
        ).all()
        added = _supplements(work)
        grants = access.grants_of(actor, work)
        first = parameter_values.number(work, "referral_reminder_first_days")
        second = parameter_values.number(work, "referral_reminder_second_days")
        today, found = work.now.date(), []
        for row, name, number, class_name, who, restricted, received_on, next_visit_on in rows:
            subject = Subject(
                "referral", row.id, Secrecy.S3, row.counsellor_id, restricted=bool(restricted), case_id=row.case_id
            )
            readable = decide(actor, Action.READ, subject, grants, work.now).allowed
            if restricted and not readable:
                continue
            since = (row.issued_at or row.created_at).astimezone(work.now.tzinfo).date()
            waited = 0 if row.issued_at is None else (today - since).days
            stands = rules.standing(row.state, waited, first)
            missing = _missing(row, added.get(row.id, []))
            found.append(
                ReferralLine(
                    id=row.id,
                    number=row.number,
                    student=StudentHead(row.student_id, name, number or "", class_name or ""),
                    to_kind=row.to_kind,
                    to_name=row.to_name if readable else "",
                    urgency=row.urgency,
                    who=who,
                    standing=stands,
                    since=since,
                    waited_days=waited,
                    is_long=stands is Standing.NO_REPLY and waited >= second,
                    replied_on=_day(received_on),
                    next_visit_on=_day(next_visit_on),
                    complete_by=row.complete_by if missing else None,
                    completion=rules.completion(row.complete_by, missing, work.now),
                    is_mine=row.counsellor_id == actor.person_id,
                    readable=readable,
                )
            )
        if any(line.readable for line in found):
            work.audit(actor, Action.READ, "referral", "list")
        return tuple(sorted(found, key=_urgency))


def _urgency(line: ReferralLine) -> tuple[bool, float, int, int]:
    due = line.complete_by
    return (due is None, 0.0 if due is None else due.timestamp(), _ORDER[line.standing], -line.waited_days)


def _supplements(work: Work) -> dict[str, list[ReferralSupplement]]:
    """Return what was added to emergencies afterwards, the oldest first."""
    found: dict[str, list[ReferralSupplement]] = {}
    query = select(ReferralSupplement).where(ReferralSupplement.voided_at.is_(None))
    for row in work.session.scalars(query.order_by(ReferralSupplement.created_at)):
        found.setdefault(row.referral_id, []).append(row)
    return found


def _missing(row: Referral, added: list[ReferralSupplement]) -> tuple[rules.IssueObstacle, ...]:
    if row.complete_by is None:
        return ()
    opinion, consent = row.supervisor_opinion, row.guardian_consent
    for supplement in added:
        opinion = supplement.supervisor_opinion or opinion
        consent = supplement.guardian_consent or consent
    return rules.still_missing(supervisor_opinion=opinion, guardian_consent=consent)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
