"""Printing filled forms: access, audience, recipient and purpose, copy number, and a line in the print log (SYS-02).

The page exists in memory only. Who saves or prints it afterwards and fails must void the print, so that the copy
number is not counted among the papers that exist.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.office import PrintLog
from counselroom.printing.audiences import select as select_items
from counselroom.printing.definitions import Audience
from counselroom.printing.head import Head
from counselroom.printing.renderer import file_name, render
from counselroom.rules.access import Action, Actor
from counselroom.rules.printing import PrintState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, forms
from counselroom.services.changes import Done
from counselroom.services.desk import Desk
from counselroom.services.form_subjects import load_subject
from counselroom.services.print_making import (
    PrintRequest,
    answers,
    form_for,
    form_named,
    head_matter,
    head_of,
    last_copy,
    refuse_what_is_not_ready,
)

__all__ = ["PrintLine", "PrintRequest", "Printed", "answers", "list_prints", "print_blank", "print_form", "void_print"]


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
    with desk.change() as work:
        form = form_for(work, request.form_id, request.form_hash, request.entity_id)
        subject = load_subject(work, form.definition.form.subject, request.entity_id)
        access.allow(actor, Action.PRINT, subject.access, work)
        selection = select_items(form, request.audience, request.ticked)
        refuse_what_is_not_ready(subject, request, needs_director=bool(selection.director))
        copy_no = last_copy(work, request.form_id, request.entity_id) + 1
        head = head_of(head_matter(work, actor), subject, request, form, copy_no)
        rendered = render(form, request.audience, answers(form, subject), head, ticked=request.ticked)
        row = PrintLog(
            id=work.new_id(),
            printed_at=work.now,
            printed_by=actor.account_id,
            form_id=request.form_id,
            form_hash=forms.remember_form(work, form),
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
        subject = load_subject(work, form_named(row.form_id).definition.form.subject, row.entity_id)
        access.allow(actor, Action.PRINT, subject.access, work)
        row.state = PrintState.VOIDED
        work.changed("print_log", row.id)
        return Done(None, work.changes())


def list_prints(actor: Actor, desk: Desk, form_id: str, entity_id: str) -> tuple[PrintLine, ...]:
    """Return the prints of one record with one form, the oldest first."""
    with desk.look() as work:
        subject = load_subject(work, form_named(form_id).definition.form.subject, entity_id)
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
    form = form_named(form_id)
    return render(form, audience or form.definition.form.audiences[0], None, Head(school=school)).pdf
