"""Printing filled forms: access, audience, recipient and purpose, copy number, and a line in the print log (SYS-02).

The page exists in memory only. Who saves or prints it afterwards and fails must void the print, so that the copy
number is not counted among the papers that exist.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.model.office import PrintLog
from counselroom.model.people import Person
from counselroom.model.school import School
from counselroom.printing.audiences import audience_name
from counselroom.printing.audiences import select as select_items
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.form_values import FormValue
from counselroom.printing.head import Head
from counselroom.printing.renderer import file_name, render
from counselroom.rules.access import Action, Actor
from counselroom.rules.printing import PrintState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, forms
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.services.form_subjects import FormSubject, load_subject


@dataclass(frozen=True)
class PrintRequest:
    """What is to be printed, for whom and why.

    Attributes:
        form_id: such as `F-50`.
        entity_id: id of the record the form is about.
        audience: who will read it; a ceiling on what can be on it.
        recipient: the person or institution; empty takes the audience's name.
        purpose: what for; empty takes the form's usual purpose.
        ticked: linkIds of optional items that go out this time.
        saved: the page goes to a file and not to a printer.
    """

    form_id: str
    entity_id: str
    audience: Audience
    recipient: str = ""
    purpose: str = ""
    ticked: frozenset[str] = frozenset()
    saved: bool = False


@dataclass(frozen=True)
class Printed:
    """A finished print and its line in the log."""

    print_id: str
    pdf: bytes
    pages: int
    warnings: tuple[str, ...]
    copy_no: int
    file_name: str


@dataclass(frozen=True)
class PrintLine:
    """A line of the print log."""

    print_id: str
    form_id: str
    audience: str
    recipient: str | None
    purpose: str | None
    copy_no: int
    state: PrintState


def print_form(actor: Actor, desk: Desk, request: PrintRequest) -> Done[Printed]:
    """Render one filled form in memory and write its line in the print log.

    Raises:
        AccessDenied: the actor may not print this record, or must state a reason.
        AudienceRefused: the form is not made for this audience.
        UserError: the record does not exist, is not ready for this reader, or an optional item needs the director.
    """
    form = _form(request.form_id)
    with desk.change() as work:
        subject = load_subject(work, form.definition.form.subject, request.entity_id)
        access.allow(actor, Action.PRINT, subject.access, work)
        if request.audience in subject.not_ready_for:
            raise UserError(
                _("This is not issued yet and cannot go out to this reader."),
                _("Nothing was printed."),
                _("Issue it first."),
            )
        selection = select_items(form, request.audience, request.ticked)
        if selection.director and not subject.director_agreed:
            raise UserError(
                _("The director has not agreed that this text goes out."),
                _("Nothing was printed."),
                _("Ask the director, or print without it."),
            )
        copy_no = _last_copy(work, form.id, request.entity_id) + 1
        head = _head(work, actor, subject, request, form, copy_no)
        rendered = render(form, request.audience, answers(form, subject), head, ticked=request.ticked)
        row = PrintLog(
            id=work.new_id(),
            printed_at=work.now,
            printed_by=actor.account_id,
            form_id=form.id,
            form_hash=forms.remember(work, form.id),
            entity=subject.access.entity,
            entity_id=request.entity_id,
            subject_person=subject.person_id,
            secrecy=Secrecy(form.secrecy),
            audience=request.audience.value,
            recipient=head.recipient or None,
            purpose=head.purpose or None,
            copies=1,
            copy_no=copy_no,
            sha256=hashlib.sha256(rendered.pdf).hexdigest(),
            state=PrintState.SAVED if request.saved else PrintState.PRINTED,
        )
        work.session.add(row)
        work.changed("print_log", row.id)
        printed = Printed(row.id, rendered.pdf, rendered.pages, rendered.warnings, copy_no, file_name(form, head))
        return Done(printed, work.changes())


def void_print(actor: Actor, desk: Desk, print_id: str) -> Done[None]:
    """Void a print that failed on its way to paper or file; its copy number stays used and marked.

    Raises:
        UserError: there is no such print, or it is void already.
    """
    with desk.change() as work:
        row = work.session.get(PrintLog, print_id)
        if row is None or row.state is PrintState.VOIDED:
            raise UserError(_("There is no such print to be voided."), _("Nothing was changed."))
        subject = load_subject(work, _form(row.form_id).definition.form.subject, row.entity_id)
        access.allow(actor, Action.PRINT, subject.access, work)
        row.state = PrintState.VOIDED
        work.changed("print_log", row.id)
        return Done(None, work.changes())


def list_prints(actor: Actor, desk: Desk, form_id: str, entity_id: str) -> tuple[PrintLine, ...]:
    """Return the prints of one record with one form, the oldest first."""
    with desk.look() as work:
        subject = load_subject(work, _form(form_id).definition.form.subject, entity_id)
        access.allow(actor, Action.READ, subject.access, work)
        rows = work.session.scalars(
            select(PrintLog)
            .where(PrintLog.form_id == form_id, PrintLog.entity_id == entity_id)
            .order_by(PrintLog.copy_no)
        )
        return tuple(
            PrintLine(row.id, row.form_id, row.audience, row.recipient, row.purpose, row.copy_no, row.state)
            for row in rows
        )


def print_blank(form_id: str, audience: Audience | None = None, school: str = "") -> bytes:
    """Return a blank form for the pen as PDF; needs no vault, because it holds nothing (R-19).

    Raises:
        UserError: there is no such form, or it is not made for this audience.
    """
    form = _form(form_id)
    return render(form, audience or form.definition.form.audiences[0], None, Head(school=school)).pdf


def answers(form: Form, subject: FormSubject) -> Mapping[str, FormValue]:
    """Return the answers to a form's bound items from a record.

    Raises:
        Bug: an item is bound to a path that this kind of record does not have.
    """
    found: dict[str, FormValue] = {}
    for item in form.definition.item:
        if item.bind is None:
            continue
        if item.bind not in subject.values:
            message = f"{form.id} binds {item.bind}, which its subject does not have"
            raise Bug(message)
        found[item.link_id] = subject.values[item.bind]
    return found


def _form(form_id: str) -> Form:
    try:
        return forms.all_forms()[form_id]
    except KeyError:
        raise UserError(
            _("There is no form {form}.").format(form=form_id),
            _("Nothing was printed."),
            _("“counselroom forms” lists all forms."),
        ) from None


def _last_copy(work: Work, form_id: str, entity_id: str) -> int:
    query = select(func.max(PrintLog.copy_no)).where(PrintLog.form_id == form_id, PrintLog.entity_id == entity_id)
    return work.session.scalar(query) or 0


def _head(work: Work, actor: Actor, subject: FormSubject, request: PrintRequest, form: Form, copy_no: int) -> Head:
    school = work.session.scalar(select(School))
    secret = Secrecy(form.secrecy).leaves_a_trace
    return Head(
        school=f"{school.name}{school.room_name}" if school else "",
        number=subject.number,
        academic_year=subject.academic_year or "",
        term=subject.term or "",
        printed_by=work.session.scalar(select(Person.name).where(Person.id == actor.person_id)) or "",
        printed_at=work.now,
        copy_no=copy_no,
        copies=copy_no,
        recipient=(request.recipient.strip() or audience_name(request.audience)) if secret else "",
        purpose=(request.purpose.strip() or form.definition.form.purpose) if secret else "",
    )
