"""What printing, its preview and its batch share: the form, the answers, what stands around them, and the copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.model.office import PrintLog
from counselroom.model.people import Person
from counselroom.model.school import School
from counselroom.printing.audiences import audience_name
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.form_values import FormValue
from counselroom.printing.head import Head
from counselroom.printing.list_form import list_form
from counselroom.rules.access import Actor
from counselroom.rules.secrecy import Secrecy
from counselroom.services import forms
from counselroom.services.desk import Work
from counselroom.services.form_subjects import FormSubject
from counselroom.services.paper_heads import PaperHead, head_words
from counselroom.services.register_papers import is_list_key


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
        more_copies: how many copies follow this one at once; each has its own number.
        form_hash: an earlier definition of the form, as an old print was made; empty for the one in use.
    """

    form_id: str
    entity_id: str
    audience: Audience
    recipient: str = ""
    purpose: str = ""
    ticked: frozenset[str] = frozenset()
    saved: bool = False
    more_copies: int = 0
    form_hash: str = ""


@dataclass(frozen=True)
class HeadMatter:
    """What stands on every sheet of the school, set once, and who prints when.

    Attributes:
        school: its own line, or its name with the room's.
        printed_by: name of who prints.
        printed_at: when.
        words: what the school set beside it.
    """

    school: str
    printed_by: str
    printed_at: datetime
    words: PaperHead

    def blank(self) -> Head:
        """Return what stands around a form for the pen."""
        return Head(self.school, logo=self.words.logo, prefix=self.words.prefix, seal=self.words.seal)


def form_named(form_id: str) -> Form:
    """Return a form of the program. Raises UserError when there is none of this number."""
    try:
        return forms.all_forms()[form_id]
    except KeyError:
        raise UserError(
            _("There is no form {form}.").format(form=form_id),
            _("Nothing was printed."),
            _("“counselroom forms” lists all forms."),
        ) from None


def form_for(work: Work, form_id: str, form_hash: str = "", entity_id: str = "") -> Form:
    """Return the form a sheet is printed with.

    Args:
        work: the piece of work.
        form_id: its number.
        form_hash: an earlier definition, as an old print was made; empty for the one in use.
        entity_id: what is printed: the list of a register whose rows are sheets has a form made from it.

    Raises:
        UserError: there is no such form, or its earlier definition is not kept.
    """
    form = forms.kept(work, form_hash) if form_hash else forms.current(work, form_id)
    found = form or form_named(form_id if not form_hash else f"{form_id} {form_hash[:8]}")
    register = found.definition.register_head
    if register is None or register.rows is not None or not is_list_key(entity_id):
        return found
    return list_form(found)


def answers(form: Form, subject: FormSubject) -> Mapping[str, FormValue]:
    """Return the answers to a form's bound items from a record.

    Raises:
        Bug: an item is bound to a path that this kind of record does not have.
    """
    found: dict[str, FormValue] = {}
    for item in form.definition.item:
        if item.bind is None:
            if item.disclosure is not None:  # kept in a register under its linkId
                found[item.link_id] = subject.values.get(item.link_id)
            continue
        if item.bind not in subject.values:
            message = f"{form.id} binds {item.bind}, which its subject does not have"
            raise Bug(message)
        found[item.link_id] = subject.values[item.bind]
    return found


def last_copy(work: Work, form_id: str, entity_id: str) -> int:
    """Return the number of the last copy of a record made with a form; 0 when there is none."""
    query = select(func.max(PrintLog.copy_no)).where(PrintLog.form_id == form_id, PrintLog.entity_id == entity_id)
    return work.session.scalar(query) or 0


def head_matter(work: Work, actor: Actor) -> HeadMatter:
    """Return what stands on every sheet."""
    school = work.session.scalar(select(School))
    words = head_words(work)
    return HeadMatter(
        words.line or (f"{school.name}{school.room_name}" if school else ""),
        work.session.scalar(select(Person.name).where(Person.id == actor.person_id)) or "",
        work.now,
        words,
    )


def head_of(matter: HeadMatter, subject: FormSubject, request: PrintRequest, form: Form, copy_no: int) -> Head:
    """Return what stands around a filled form; recipient and purpose on a secret one, prefilled where left empty."""
    secret = Secrecy(form.secrecy).leaves_a_trace
    return replace(
        matter.blank(),
        number=subject.number,
        academic_year=subject.academic_year or "",
        term=subject.term or "",
        printed_by=matter.printed_by,
        printed_at=matter.printed_at,
        copy_no=copy_no,
        copies=copy_no + request.more_copies,
        recipient=(request.recipient.strip() or audience_name(request.audience)) if secret else "",
        purpose=(request.purpose.strip() or form.definition.form.purpose) if secret else "",
    )


def refuse_what_is_not_ready(subject: FormSubject, request: PrintRequest, *, needs_director: bool) -> None:
    """Raise UserError for a reader who cannot have it yet, or for text the director has not let out."""
    if request.audience in subject.not_ready_for:
        raise UserError(
            _("This is not issued yet and cannot go out to this reader."),
            _("Nothing was printed."),
            _("Issue it first."),
        )
    if needs_director and not subject.director_agreed:
        raise UserError(
            _("The director has not agreed that this text goes out."),
            _("Nothing was printed."),
            _("Ask the director, or print without it."),
        )
