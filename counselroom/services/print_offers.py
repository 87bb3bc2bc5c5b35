"""What can be printed: the forms there are, and the records of a student or of a class they can be filled from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.archive import ArchiveCard, PsychArchive
from counselroom.model.base import Record
from counselroom.model.care import FollowUpRecord, FollowUpTask
from counselroom.model.counselling import Appointment, CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.crisis_events import CrisisAssessment, CrisisEvent, CrisisReport, GuardianNotice
from counselroom.model.office import PrintLog
from counselroom.model.people import Person, Student
from counselroom.model.school import OrgUnit
from counselroom.printing.audiences import audience_name
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.care_words import TaskState
from counselroom.rules.printing import PrintState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, audit_papers, forms
from counselroom.services.desk import Desk, Work
from counselroom.services.form_subjects import load_subject
from counselroom.services.print_making import form_for
from counselroom.services.register_papers import paper_of
from counselroom.services.student_rows import CLASS_WORDS, GRADE
from counselroom.vault.name_readings import initials, plain_reading, spell

_OF_A_PERIOD = ("statistics", "appointment_list", audit_papers.ENTITY)
"""Subjects that are a period and no record."""
OFFERED = 12
"""Records of one kind that are offered for one student, the newest first."""


@dataclass(frozen=True)
class FormLine:
    """A form of the program.

    Attributes:
        form_id: such as `F-50`.
        title: its Chinese title.
        purpose: what it is usually for; may be empty.
        secrecy: how secret it is once it is filled.
        audiences: key and Chinese name of each reader.
        subject: the kind of record it is filled from.
        is_own: whether the school prints its own copy of it.
        words: other ways to type it: number without a dash, pinyin, initials; lower case.
    """

    form_id: str
    title: str
    purpose: str
    secrecy: Secrecy
    audiences: tuple[tuple[str, str], ...]
    subject: str
    is_own: bool
    words: tuple[str, ...]

    @property
    def is_filled_from_records(self) -> bool:
        """Whether it can be printed for several students at once."""
        return self.subject in _KINDS

    def fits(self, typed: str) -> bool:
        """Tell whether what was typed, in lower case, means this form; nothing means all."""
        return typed in self.title.lower() or any(word.startswith(typed) for word in self.words)


@dataclass(frozen=True)
class Offer:
    """A form that can be filled from a record.

    Attributes:
        form_id: the form.
        title: its title.
        entity: kind of the record, a name of a table; empty for a blank form.
        entity_id: the record; empty for a blank form.
        number: the record's own number.
        is_printed: whether a copy of it exists.
    """

    form_id: str
    title: str
    entity: str
    entity_id: str
    number: str
    is_printed: bool


@dataclass(frozen=True)
class Offers:
    """What can be printed about one student; `case_code` when only of one case."""

    person_id: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class BatchRow:
    """One of the records a batch can print."""

    entity_id: str
    student: str
    student_no: str | None
    class_name: str
    number: str


@dataclass(frozen=True)
class _Kind:
    """Where the records of a kind of subject stand, of whom they are, and in which order."""

    table: type[Record]
    entity: str
    person: InstrumentedAttribute[str]
    order: InstrumentedAttribute[Any]
    case: InstrumentedAttribute[Any] | None = None
    event: InstrumentedAttribute[str] | None = None
    """For a paper of a 专案, the column that says of which: the student stands there."""
    key: InstrumentedAttribute[str] | None = None
    """What the record is asked for by, where that is not its id."""
    only: ColumnElement[bool] | None = None
    """Which rows count, where not all do."""

    @property
    def ids(self) -> Any:
        """The column by which a record is asked for."""
        return self.table.id if self.key is None else self.key


_KINDS: Mapping[str, _Kind] = {
    "referral": _Kind(Referral, "referral", Referral.student_id, Referral.created_at, Referral.case_id),
    "session": _Kind(
        SessionRecord, "session_record", SessionRecord.client_id, SessionRecord.held_on, SessionRecord.case_id
    ),
    "consent": _Kind(Consent, "consent", Consent.client_id, Consent.created_at),
    "card": _Kind(ArchiveCard, "archive_card", ArchiveCard.student_id, ArchiveCard.created_at),
    "appointment": _Kind(Appointment, "appointment", Appointment.client_id, Appointment.starts_at),
    "crisis_event": _Kind(
        CrisisEvent, "crisis_event", CrisisEvent.student_id, CrisisEvent.found_at, CrisisEvent.case_id
    ),
    "crisis_assessment": _Kind(
        CrisisAssessment,
        "crisis_assessment",
        CrisisAssessment.student_id,
        CrisisAssessment.assessed_at,
        CrisisAssessment.case_id,
    ),
    "guardian_notice": _Kind(
        GuardianNotice,
        "guardian_notice",
        CrisisEvent.student_id,
        GuardianNotice.created_at,
        CrisisEvent.case_id,
        GuardianNotice.event_id,
    ),
    "crisis_report": _Kind(
        CrisisReport,
        "crisis_report",
        CrisisEvent.student_id,
        CrisisReport.created_at,
        CrisisEvent.case_id,
        CrisisReport.event_id,
    ),
    "archive": _Kind(PsychArchive, "psych_archive", PsychArchive.student_id, PsychArchive.opened_on),
    "follow_up": _Kind(FollowUpRecord, "follow_up_record", FollowUpRecord.student_id, FollowUpRecord.held_on),
    # A plan is what is open of a student, and asked for by the student.
    "follow_up_plan": _Kind(
        FollowUpTask,
        "follow_up_plan",
        FollowUpTask.student_id,
        FollowUpTask.student_id,
        key=FollowUpTask.student_id,
        only=FollowUpTask.state == TaskState.OPEN,
    ),
}


def list_forms(actor: Actor, desk: Desk) -> tuple[FormLine, ...]:
    """Return all forms, by number."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("form_in_use"), work)
        own = forms.school_copies(work)
    return tuple(
        FormLine(
            form.id,
            form.title,
            form.definition.form.purpose,
            Secrecy(form.secrecy),
            tuple((each.value, audience_name(each)) for each in form.definition.form.audiences),
            form.definition.form.subject,
            form.id in own,
            _words(form.id, form.title),
        )
        for form in sorted(forms.all_forms().values(), key=lambda form: form.id)
    )


@cache
def _words(form_id: str, title: str) -> tuple[str, ...]:
    reading, number = plain_reading(title), form_id.lower()
    return number, number.replace("-", ""), spell(reading), initials(reading)


def offers_about(actor: Actor, desk: Desk, entity: str, entity_id: str) -> Offers:
    """Return what can be printed about a student, or in one case of a student.

    Records the actor may not read are left out.

    Args:
        actor: who asks.
        desk: the desk.
        entity: `student`, `case_file`, or a kind of record: then everything about its student; `register_row` or
            `register` with the key of a list: only this.
        entity_id: the id.

    Raises:
        UserError: there is no such record.
    """
    with desk.look() as work:
        if entity in ("register", "register_row"):
            return _register_offer(actor, work, entity, entity_id)
        if entity in _OF_A_PERIOD:
            return _period_offers(actor, work, entity, entity_id)
        person_id = _person(work, entity, entity_id)
        access.allow(actor, Action.READ, Subject("student", person_id, Secrecy.S2), work)
        case_id = entity_id if entity == "case_file" else None
        found = []
        for form in sorted(forms.all_forms().values(), key=lambda form: form.id):
            kind = _KINDS.get(form.definition.form.subject)
            if kind is None:
                continue
            query = _of(select(kind.ids).distinct(), kind)
            query = query.where(kind.person == person_id, kind.table.voided_at.is_(None))
            if case_id is not None and kind.case is not None:
                query = query.where(kind.case == case_id)
            ids = work.session.scalars(query.order_by(kind.order.desc()).limit(OFFERED)).all()
            printed = _printed(work, form.id, ids)
            for record_id in ids:
                subject = load_subject(work, form.definition.form.subject, record_id)
                if access.judge(actor, Action.READ, subject.access, work).allowed:
                    found.append(
                        Offer(form.id, form.title, kind.entity, record_id, subject.number, record_id in printed)
                    )
        return Offers(person_id, tuple(found))


def _period_offers(actor: Actor, work: Work, entity: str, entity_id: str) -> Offers:
    """Return the forms of a period, which is about nobody in particular."""
    found = []
    for form in sorted(forms.all_forms().values(), key=lambda form: form.id):
        if form.definition.form.subject == entity:
            if entity == audit_papers.ENTITY:  # that it can be printed says nothing; the sheet itself asks for a reason
                access.allow(actor, Action.READ_AUDIT, Subject(entity), work)
            else:
                access.allow(actor, Action.READ, load_subject(work, entity, entity_id).access, work)
            printed = entity_id in _printed(work, form.id, [entity_id])
            found.append(Offer(form.id, form.title, entity, entity_id, "", printed))
    return Offers("", tuple(found))


def _register_offer(actor: Actor, work: Work, entity: str, entity_id: str) -> Offers:
    paper = paper_of(work, entity_id)
    access.allow(actor, Action.READ, paper.access, work)
    form = form_for(work, paper.register.form_id, entity_id=entity_id)
    printed = entity_id in _printed(work, form.id, [entity_id])
    return Offers("", (Offer(form.id, form.title, entity, entity_id, "", printed),))


def batch_rows(actor: Actor, desk: Desk, form_id: str, unit_id: str = "") -> tuple[BatchRow, ...]:
    """Return the records that a form can be filled from, by class and student; of one class or grade if given.

    Records the actor may not print are left out.

    Raises:
        UserError: the form is not printed from a record.
    """
    form = forms.all_forms().get(form_id)
    kind = None if form is None else _KINDS.get(form.definition.form.subject)
    if form is None or kind is None:
        raise UserError(_("This form is not printed from a record."), _("Nothing was printed."))
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student", secrecy=Secrecy.S2), work)
        query = (
            _of(select(kind.ids, Person.name, Student.student_no, CLASS_WORDS, kind.order).distinct(), kind)
            .join(Person, Person.id == kind.person)
            .join(Student, Student.id == kind.person, isouter=True)
            .join(OrgUnit, OrgUnit.id == Student.class_id, isouter=True)
            .join(GRADE, GRADE.id == OrgUnit.parent_id, isouter=True)
            .where(kind.table.voided_at.is_(None))
        )
        if unit_id:
            query = query.where(or_(OrgUnit.id == unit_id, OrgUnit.parent_id == unit_id))
        rows = work.session.execute(query.order_by(CLASS_WORDS, Student.student_no, kind.order)).all()
        found = []
        for record_id, name, student_no, unit, _order in rows:
            subject = load_subject(work, form.definition.form.subject, record_id)
            if access.judge(actor, Action.PRINT, subject.access, work).allowed:
                found.append(BatchRow(record_id, name, student_no, unit or "", subject.number))
        return tuple(found)


def _of(query: Any, kind: _Kind) -> Any:
    """Join a paper of a 专案 to it, where the student stands, and leave out rows that do not count."""
    if kind.only is not None:
        query = query.where(kind.only)
    if kind.event is None:
        return query
    joined = query.select_from(kind.table).join(CrisisEvent, CrisisEvent.id == kind.event)
    return joined.where(CrisisEvent.voided_at.is_(None))


def _printed(work: Work, form_id: str, ids: Any) -> frozenset[str]:
    rows = work.session.scalars(
        select(func.distinct(PrintLog.entity_id)).where(
            PrintLog.form_id == form_id, PrintLog.entity_id.in_(ids), PrintLog.state != PrintState.VOIDED
        )
    )
    return frozenset(rows)


def _person(work: Work, entity: str, entity_id: str) -> str:
    if entity == "student":
        known = work.session.get(Student, entity_id)
        found = None if known is None else known.id
    elif entity == "case_file":
        found = work.session.scalar(select(CaseFile.client_id).where(CaseFile.id == entity_id))
    else:
        kind = next((each for name, each in _KINDS.items() if entity in (name, each.entity)), None)
        found = None
        if kind is not None:
            found = work.session.scalar(_of(select(kind.person), kind).where(kind.ids == entity_id))
    if found is None:
        raise UserError(_("There is no such record for this form."), _("Nothing was printed."))
    return found
