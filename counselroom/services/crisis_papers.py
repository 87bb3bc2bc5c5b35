"""Papers of a 专案: the notice to a guardian with its reply (F-46) and the written report (F-56)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.crisis_events import CrisisEvent, CrisisReport, CrisisStep, GuardianNotice
from counselroom.rules.access import Action, Actor, Refusal, Role
from counselroom.rules.crisis_words import ContactMode
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import content_hash
from counselroom.services import access, crisis_rows
from counselroom.services.changes import Done
from counselroom.services.desk import AccessDenied, Desk, Work

_WRITTEN = "CK-E-13"
"""The item whose deadline is that of the written report."""


@dataclass(frozen=True)
class NoticeData:
    """What a guardian is told.

    Attributes:
        addressee: to whom it is written.
        facts: what happened, in facts only.
        request: what the school asks for.
        contact_person: whom to ask at school.
        mode: how it reaches the guardian.
        guardian_id: the guardian's row, where there is one.
    """

    addressee: str
    facts: str
    request: str
    contact_person: str | None = None
    mode: ContactMode = ContactMode.FACE
    guardian_id: str | None = None


@dataclass(frozen=True)
class NoticeReply:
    """What came back; each part is told once."""

    reply: str | None = None
    expected_at: datetime | None = None
    arrived_at: datetime | None = None
    receipt_at: datetime | None = None


@dataclass(frozen=True)
class NoticeView:
    """A notice; issued, its text stays."""

    id: str
    data: NoticeData
    issued_at: datetime | None
    reply: NoticeReply


@dataclass(frozen=True)
class ReportData:
    """The fixed fields of the written report (001#4)."""

    persons: str
    course: str
    measures: str
    cause: str | None = None
    nature: str | None = None
    help_needed: str | None = None
    other: str | None = None
    enclosures: str | None = None


@dataclass(frozen=True)
class ReportView:
    """A written report; issued, its text stays."""

    id: str
    data: ReportData
    due_at: datetime | None
    issued_at: datetime | None
    approved_at: datetime | None


def write_notice(
    actor: Actor, desk: Desk, event_id: str, data: NoticeData, notice_id: str | None = None
) -> Done[NoticeView]:
    """Write a notice to a guardian, or change one that is not issued.

    Raises:
        UserError: addressee, facts or request is empty, it is issued, or the 专案 is closed.
    """
    if not (data.addressee.strip() and data.facts.strip() and data.request.strip()):
        raise UserError(_("A notice needs its addressee, the facts and the request."), _("Nothing was changed."))
    with desk.change() as work:
        event = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if notice_id is None:
            row = GuardianNotice(**work.common(actor, Secrecy.S2, event.found_at.date()), event_id=event_id)
            work.session.add(row)
        else:
            row = _notice(work, notice_id, event_id)
            _refuse_issued(row)
        for field in fields(NoticeData):
            setattr(row, field.name, getattr(data, field.name))
        _touch(work, actor, row, event)
        return Done(_notice_view(row), work.changes())


def issue_notice(actor: Actor, desk: Desk, notice_id: str) -> Done[NoticeView]:
    """Issue a notice: its text is locked. Raises UserError when it is issued already."""
    with desk.change() as work:
        row, event = _load_notice(work, notice_id)
        digest = content_hash({field.name: getattr(row, field.name) for field in fields(NoticeData)})
        subject = crisis_rows.event_subject(work, event, actor)
        access.allow(actor, Action.WRITE, subject, work, digest=work.keyed(digest))
        _refuse_issued(row)
        row.issued_at, row.issued_by, row.content_hash = work.now, actor.account_id, digest
        _touch(work, actor, row, event)
        return Done(_notice_view(row), work.changes())


def record_reply(actor: Actor, desk: Desk, notice_id: str, reply: NoticeReply) -> Done[NoticeView]:
    """Add what came back to an issued notice; what was told before stays.

    Raises:
        UserError: it is not issued, or something would be told a second time.
    """
    with desk.change() as work:
        row, event = _load_notice(work, notice_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if row.issued_at is None:
            raise UserError(_("This notice is not issued yet."), _("Nothing was changed."))
        for field in fields(NoticeReply):
            said, before = getattr(reply, field.name), getattr(row, field.name)
            if said is None or said == before:
                continue
            if before is not None:
                raise UserError(_("This part of the reply is recorded already."), _("Nothing was changed."))
            setattr(row, field.name, said)
        _touch(work, actor, row, event)
        return Done(_notice_view(row), work.changes())


def list_notices(actor: Actor, desk: Desk, event_id: str) -> tuple[NoticeView, ...]:
    """Return the notices of a 专案, the oldest first."""
    with desk.look() as work:
        event = crisis_rows.load_event(work, event_id)
        access.allow(actor, Action.READ, crisis_rows.event_subject(work, event, actor), work)
        return notices_of(work, event_id)


def notices_of(work: Work, event_id: str) -> tuple[NoticeView, ...]:
    """Return the notices of a 专案 within a piece of work, the oldest first."""
    query = select(GuardianNotice).where(GuardianNotice.event_id == event_id, GuardianNotice.voided_at.is_(None))
    return tuple(_notice_view(row) for row in work.session.scalars(query.order_by(GuardianNotice.created_at)))


def write_report(
    actor: Actor, desk: Desk, event_id: str, data: ReportData, report_id: str | None = None
) -> Done[ReportView]:
    """Write the report of a 专案, or change one that is not issued; its deadline is that of its item.

    Raises:
        UserError: persons, course or measures is empty, it is issued, or the 专案 is closed.
    """
    if not (data.persons.strip() and data.course.strip() and data.measures.strip()):
        raise UserError(_("A report needs the persons, the course and the measures."), _("Nothing was changed."))
    with desk.change() as work:
        event = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if report_id is None:
            row = CrisisReport(**work.common(actor, Secrecy.S2, event.found_at.date()), event_id=event_id)
            row.due_at = work.session.scalar(
                select(CrisisStep.due_at).where(
                    CrisisStep.event_id == event_id, CrisisStep.item == _WRITTEN, CrisisStep.voided_at.is_(None)
                )
            )
            work.session.add(row)
        else:
            row, _event = _load_report(work, report_id)
            _refuse_issued(row)
        for field in fields(ReportData):
            setattr(row, field.name, getattr(data, field.name))
        _touch(work, actor, row, event)
        return Done(_report_view(row), work.changes())


def issue_report(actor: Actor, desk: Desk, report_id: str) -> Done[ReportView]:
    """Issue the written report: its text is locked. Raises UserError when it is issued already."""
    with desk.change() as work:
        row, event = _load_report(work, report_id)
        digest = content_hash({field.name: getattr(row, field.name) for field in fields(ReportData)})
        subject = crisis_rows.event_subject(work, event, actor)
        access.allow(actor, Action.WRITE, subject, work, digest=work.keyed(digest))
        _refuse_issued(row)
        row.issued_at, row.issued_by, row.content_hash = work.now, actor.account_id, digest
        _touch(work, actor, row, event)
        return Done(_report_view(row), work.changes())


def approve_report(actor: Actor, desk: Desk, report_id: str) -> Done[ReportView]:
    """Note the director's approval of an issued report.

    Raises:
        AccessDenied: the actor is not the director.
        UserError: it is not issued, or approved already.
    """
    with desk.change() as work:
        row, event = _load_report(work, report_id)
        access.allow(actor, Action.READ, crisis_rows.event_subject(work, event, actor), work)
        if Role.CENTER_DIRECTOR not in actor.roles:
            sentence = _("Only the director may approve a report.")
            raise AccessDenied(actor, "approve_report", "crisis_report", row.id, Refusal.ROLE, sentence)
        if row.issued_at is None or row.approved_at is not None:
            raise UserError(_("An issued report is approved once."), _("Nothing was changed."))
        row.approved_at, row.approved_by = work.now, actor.account_id
        work.audit(actor, "approve_report", "crisis_report", row.id)
        _touch(work, actor, row, event)
        return Done(_report_view(row), work.changes())


def list_reports(actor: Actor, desk: Desk, event_id: str) -> tuple[ReportView, ...]:
    """Return the written reports of a 专案, the oldest first."""
    with desk.look() as work:
        event = crisis_rows.load_event(work, event_id)
        access.allow(actor, Action.READ, crisis_rows.event_subject(work, event, actor), work)
        return reports_of(work, event_id)


def reports_of(work: Work, event_id: str) -> tuple[ReportView, ...]:
    """Return the written reports of a 专案 within a piece of work, the oldest first."""
    query = select(CrisisReport).where(CrisisReport.event_id == event_id, CrisisReport.voided_at.is_(None))
    return tuple(_report_view(row) for row in work.session.scalars(query.order_by(CrisisReport.created_at)))


def _notice(work: Work, notice_id: str, event_id: str | None = None) -> GuardianNotice:
    row = work.session.get(GuardianNotice, notice_id)
    if row is None or row.voided_at is not None or (event_id is not None and row.event_id != event_id):
        raise UserError(_("There is no such notice."), _("Nothing was changed."))
    return row


def _load_notice(work: Work, notice_id: str) -> tuple[GuardianNotice, CrisisEvent]:
    row = _notice(work, notice_id)
    return row, crisis_rows.load_event(work, row.event_id)


def _load_report(work: Work, report_id: str) -> tuple[CrisisReport, CrisisEvent]:
    row = work.session.get(CrisisReport, report_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such report."), _("Nothing was changed."))
    return row, crisis_rows.load_event(work, row.event_id)


def _refuse_issued(row: GuardianNotice | CrisisReport) -> None:
    if row.issued_at is not None:
        raise UserError(_("This paper is issued and can no longer be edited."), _("The issued paper is unchanged."))


def _touch(work: Work, actor: Actor, row: GuardianNotice | CrisisReport, event: CrisisEvent) -> None:
    work.touch(row, actor)
    work.changed("crisis_event", event.id)
    work.session.flush()


def _notice_view(row: GuardianNotice) -> NoticeView:
    data = NoticeData(**{field.name: getattr(row, field.name) for field in fields(NoticeData)})
    reply = NoticeReply(**{field.name: getattr(row, field.name) for field in fields(NoticeReply)})
    return NoticeView(row.id, data, row.issued_at, reply)


def _report_view(row: CrisisReport) -> ReportView:
    data = ReportData(**{field.name: getattr(row, field.name) for field in fields(ReportData)})
    return ReportView(row.id, data, row.due_at, row.issued_at, row.approved_at)
