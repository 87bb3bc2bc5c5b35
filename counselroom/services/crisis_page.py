"""A 专案 with all that stands around it, in one reading: what its page shows on the worst day of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.crisis import Referral
from counselroom.model.crisis_events import CrisisStep
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit, School
from counselroom.rules.access import Action, Actor
from counselroom.rules.people import Gender
from counselroom.rules.referral import ReferralState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows, parameter_values
from counselroom.services.crisis_log import ContactLine, LogLine, contacts_of, lines_of
from counselroom.services.crisis_papers import NoticeView, ReportView, notices_of, reports_of
from counselroom.services.crisis_views import EventView, event_view
from counselroom.services.desk import Desk, Work
from counselroom.services.guard_24h import GuardView, guards_of
from counselroom.services.plan_files import shipped_checklists
from counselroom.services.rows import GuardianView, guardians_of
from counselroom.services.student_rows import CLASS_WORDS, GRADE


@dataclass(frozen=True)
class CrisisPage:
    """A 专案 as its page and its dialogs need it.

    Attributes:
        event: the 专案 with its items.
        student_no: the student's number, or None.
        class_name: the student's class, or empty.
        gender: for whom the watchers are chosen.
        dorm: where the student lives at school, or empty.
        guards: the times of guard, the newest first.
        contacts: whom one reaches, guardians first.
        guardians: in the order in which they are called.
        lines: the 经过记录, the newest first.
        notices: to guardians, the oldest first.
        reports: written ones, the oldest first.
        referrals: id, number and state of those written since it was found.
        lists: key and title of the checklists that do not hang yet.
        staff: names of the room's own people.
        my_name: of the reader.
        grace: how long what is to be done at once may take before it is late.
        record_every: how often an observation is written down.
        watchers: how many stand guard at a time.
        room_phone: the number of the room, or empty.
    """

    event: EventView
    student_no: str | None
    class_name: str
    gender: Gender
    dorm: str
    guards: tuple[GuardView, ...]
    contacts: tuple[ContactLine, ...]
    guardians: tuple[GuardianView, ...]
    lines: tuple[LogLine, ...]
    notices: tuple[NoticeView, ...]
    reports: tuple[ReportView, ...]
    referrals: tuple[tuple[str, str, ReferralState], ...]
    lists: tuple[tuple[str, str], ...]
    staff: tuple[str, ...]
    my_name: str
    grace: timedelta
    record_every: timedelta
    watchers: int
    room_phone: str


def crisis_page(actor: Actor, desk: Desk, event_id: str = "", *, step_id: str = "") -> CrisisPage:
    """Return a 专案, by its own id or by that of one of its items; reading it leaves an audit row.

    Raises:
        UserError: there is no such 专案.
        AccessDenied: it is not the actor's to read.
    """
    with desk.look() as work:
        if step_id and not event_id:
            event_id = _event_of(work, step_id)
        row = crisis_rows.load_event(work, event_id)
        subject = crisis_rows.event_subject(work, row, actor)
        access.allow(actor, Action.READ, subject, work)
        if subject.secrecy is not Secrecy.S3:
            work.audit(actor, Action.READ, "crisis_event", row.id)
        event = event_view(work, crisis_rows.reading(desk, work), row)
        student_no, dorm, class_name, gender = work.session.execute(
            select(Student.student_no, Student.dorm, CLASS_WORDS, Person.gender)
            .join(Person, Person.id == Student.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(Student.id == row.student_id)
        ).one()
        hanging = {entry["key"] for entry in event.plan}
        return CrisisPage(
            event,
            student_no,
            class_name or "",
            gender,
            dorm or "",
            guards_of(work, event_id, event.now),
            contacts_of(work, row),
            guardians_of(work, row.student_id),
            lines_of(work, row),
            notices_of(work, event_id),
            reports_of(work, event_id),
            _referrals(work, row.student_id, row.found_at),
            tuple((key, found.title) for key, found in shipped_checklists().items() if key not in hanging),
            _staff(work),
            crisis_rows.name_of(work, actor.person_id),
            crisis_rows.grace(work),
            timedelta(hours=parameter_values.number(work, "guard_record_hours")),
            parameter_values.number(work, "guard_watchers"),
            work.session.scalar(select(School.room_phone)) or "",
        )


def _event_of(work: Work, step_id: str) -> str:
    found = work.session.scalar(select(CrisisStep.event_id).where(CrisisStep.id == step_id))
    if found is None:
        raise UserError(_("There is no such item."), _("Nothing was changed."))
    return found


def _referrals(work: Work, student_id: str, since: datetime) -> tuple[tuple[str, str, ReferralState], ...]:
    rows = work.session.execute(
        select(Referral.id, Referral.number, Referral.state)
        .where(Referral.student_id == student_id, Referral.voided_at.is_(None), Referral.created_at >= since)
        .order_by(Referral.created_at)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def _staff(work: Work) -> tuple[str, ...]:
    rows = work.session.scalars(
        select(Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Person.id.in_(select(Account.person_id)))  # or SQLite goes through all people for the few who work here
        .order_by(Account.created_at)
    )
    return tuple(rows)
