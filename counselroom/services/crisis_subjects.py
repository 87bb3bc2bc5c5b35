"""专案 and their papers as forms see them: F-42, F-43, F-44, F-46, F-56."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from counselroom.model.crisis_events import (
    ContactAttempt,
    CrisisAssessment,
    CrisisEvent,
    CrisisReport,
    GuardianNotice,
)
from counselroom.model.people import Account, Person
from counselroom.model.safekeeping import Attachment
from counselroom.printing.definitions import Audience
from counselroom.printing.form_values import FormValue
from counselroom.rules.crisis_words import ContactPurpose, ContactRole, StepState
from counselroom.services import crisis_rows
from counselroom.services.desk import Work
from counselroom.services.form_parts import (
    FormSubject,
    Values,
    guardian_values,
    missing,
    name_of,
    room_values,
    student_values,
    term_name,
    words,
)
from counselroom.services.guard_subjects import guard_values
from counselroom.services.rows import crisis_subject, guardians_of, record_subject

OUTSIDE = frozenset({Audience.GUARDIAN, Audience.LEADING_GROUP, Audience.POLICE, Audience.HOSPITAL})
"""Readers who get a paper only once it is issued."""


def _assessment(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(CrisisAssessment, entity_id)
    if row is None or row.voided_at is not None:
        raise missing()
    subject, _person = record_subject(work, "crisis_assessment", row.id)
    values: Values = {
        **student_values(work, row.student_id),
        **room_values(work),
        "assessment.assessed_at": _when(row.assessed_at),
        "assessment.source": row.source.value,
        "assessment.criteria": tuple(row.criteria),
        "assessment.coping_fails": "yes" if row.coping_fails else "no",
        "assessment.ideation": row.ideation.value,
        "assessment.level": None if row.level is None else row.level.value,
        "assessment.in_school": "yes" if row.in_school_manageable else "no",
        "assessment.reassess_on": row.reassess_on,
        "assessment.counsellor": name_of(work, row.counsellor_id),
        **{f"assessment.{name}": getattr(row, name) for name in ASSESSMENT_TEXTS},
    }
    return FormSubject(subject, row.student_id, "", row.academic_year, term_name(row.term), values)


ASSESSMENT_TEXTS = (
    "place",
    "own_criterion",
    "life_events",
    "emotion",
    "somatic",
    "cognition",
    "behaviour",
    "plan_means",
    "history",
    "protective",
    "target_of_harm",
    "opinion",
    "advice",
)
"""Columns of an assessment that a form prints as they are."""


def _event_values(work: Work, event: CrisisEvent) -> Values:
    """Return what a form says of a 专案."""
    rows = crisis_rows.step_rows(work, event.id)
    report = next((row for row in rows if row.item == "CK-E-08"), None)
    contacts = list(
        work.session.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.event_id == event.id, ContactAttempt.voided_at.is_(None))
            .order_by(ContactAttempt.at)
        )
    )
    reports = [row for row in contacts if row.purpose is ContactPurpose.REPORT]
    guardians = [row for row in contacts if row.role is ContactRole.GUARDIAN]
    return {
        **student_values(work, event.student_id),
        **room_values(work),
        "event.code": event.code,
        "event.found_at": _when(event.found_at),
        "event.found_by": event.found_by,
        "event.occurred_at": _when(event.occurred_at),
        "event.place": event.place,
        "event.kind": event.kind.value,
        "event.level": event.level.value,
        "event.facts": event.facts,
        "event.measures": event.measures,
        "event.commander": event.commander,
        "event.counsellor": name_of(work, event.counsellor_id),
        "event.report_due": _when(report.due_at) if report else None,
        "event.report_done": _when(report.done_at) if report else None,
        "event.reports": [_contact(row) for row in reports],
        "event.attempts": [_contact(row) for row in guardians],
        "event.authorisations": [_contact(row) for row in contacts if row.purpose is ContactPurpose.AUTHORISE],
        **guard_values(work, event),
        "event.steps": _steps(work, event),
        "event.outcome": event.outcome,
    }


def _steps(work: Work, event: CrisisEvent) -> list[dict[str, FormValue]]:
    rows = crisis_rows.step_rows(work, event.id)
    attached = select(Attachment.entity_id, func.count()).where(
        Attachment.entity == "crisis_step",
        Attachment.entity_id.in_([row.id for row in rows]),
        Attachment.voided_at.is_(None),
    )
    files = {found[0]: found[1] for found in work.session.execute(attached.group_by(Attachment.entity_id))}
    return [
        {
            "number": number,
            "title": row.title,
            "owner": name_of(work, row.owner_id) or words()["step_owner"][row.owner_role],
            "due": _short(row.due_at, event.found_at),
            "done": _short(row.done_at, event.found_at),
            "result": {
                StepState.OPEN: "",
                StepState.DONE: "；".join(part for part in (row.done_by, row.note, row.late_reason) if part),
                StepState.NOT_APPLICABLE: f"不适用：{row.skip_reason or ''}",
            }[row.state],
            "evidence": str(files[row.id]) if row.id in files else "",
        }
        for number, row in enumerate(rows, start=1)
    ]


def _contact(row: ContactAttempt) -> dict[str, FormValue]:
    named = words()
    return {
        "at": f"{row.at:%m-%d %H:%M}",
        "who": "".join(part for part in (named["contact_role"][row.role], " ", row.name) if part).strip(),
        "mode": named["contact_mode"][row.mode],
        "outcome": "；".join(part for part in (named["contact_outcome"][row.outcome], row.said) if part),
    }


def _event(work: Work, entity_id: str) -> FormSubject:
    row = crisis_rows.load_event(work, entity_id)
    values = _event_values(work, row)
    subject = crisis_subject(work, row)
    return FormSubject(subject, row.student_id, row.code, row.academic_year, term_name(row.term), values)


def _notice(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(GuardianNotice, entity_id)
    if row is None or row.voided_at is not None:
        raise missing()
    event = crisis_rows.load_event(work, row.event_id)
    values: Values = {
        **_event_values(work, event),
        **_guardian(work, event.student_id, row.guardian_id),
        "notice.addressee": row.addressee,
        "notice.facts": row.facts,
        "notice.request": row.request,
        "notice.contact_person": row.contact_person,
        "notice.mode": row.mode.value,
        "notice.issued_at": _when(row.issued_at),
        "notice.issued_by": _account(work, row.issued_by),
    }
    held_back = frozenset() if row.issued_at is not None else OUTSIDE
    return FormSubject(
        crisis_subject(work, event),
        event.student_id,
        event.code,
        row.academic_year,
        term_name(row.term),
        values,
        not_ready_for=held_back,
    )


def _guardian(work: Work, student_id: str, guardian_id: str | None) -> Values:
    """Return the guardian the notice goes to, in the place of the one who is called first."""
    found = next((one for one in guardians_of(work, student_id) if one.id == guardian_id), None)
    return {} if found is None else guardian_values(found)


def _report(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(CrisisReport, entity_id)
    if row is None or row.voided_at is not None:
        raise missing()
    event = crisis_rows.load_event(work, row.event_id)
    values: Values = {
        **_event_values(work, event),
        **{f"report.{name}": getattr(row, name) for name in REPORT_TEXTS},
        "report.due_at": _when(row.due_at),
        "report.issued_at": _when(row.issued_at),
        "report.author": _account(work, row.issued_by),
    }
    held_back = frozenset() if row.issued_at is not None else OUTSIDE
    return FormSubject(
        crisis_subject(work, event),
        event.student_id,
        event.code,
        row.academic_year,
        term_name(row.term),
        values,
        not_ready_for=held_back,
    )


REPORT_TEXTS = ("persons", "course", "cause", "nature", "measures", "help_needed", "other", "enclosures")
"""Columns of a report that a form prints as they are."""


def _account(work: Work, account_id: str | None) -> str | None:
    query = select(Person.name).join(Account, Account.person_id == Person.id).where(Account.id == account_id)
    return None if account_id is None else work.session.scalar(query)


def _when(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _short(moment: datetime | None, since: datetime) -> str:
    """Return a moment for a narrow column: the hour alone on the day it was found."""
    if moment is None:
        return ""
    same_day = moment.date() == since.date() and moment - since < timedelta(days=1)
    return f"{moment:%H:%M}" if same_day else f"{moment:%m-%d %H:%M}"


CRISIS_LOADERS: dict[str, Callable[[Work, str], FormSubject]] = {
    "crisis_assessment": _assessment,
    "crisis_event": _event,
    "guardian_notice": _notice,
    "crisis_report": _report,
}
"""By the kind of subject a form names."""
