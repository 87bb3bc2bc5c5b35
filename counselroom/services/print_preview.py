"""The sheet before it is printed: loaded once from the vault, then drawn as often as a choice changes.

Looking at it is reading the record and is audited as such; nothing is written in the print log, and no copy is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from counselroom.model.people import Person, Student
from counselroom.printing.audiences import audience_name
from counselroom.printing.audiences import select as select_items
from counselroom.printing.conditions import applies
from counselroom.printing.definitions import Audience, Form, Item, ItemType
from counselroom.printing.form_values import FormValue, is_given
from counselroom.printing.renderer import file_name, render
from counselroom.printing.style import SEAL
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.form_subjects import FormSubject, load_subject
from counselroom.services.print_making import (
    HeadMatter,
    PrintRequest,
    answers,
    form_for,
    head_matter,
    head_of,
    last_copy,
    refuse_what_is_not_ready,
)
from counselroom.services.rows import guardians_of

_SHORTEST_NAME = 2
_PEN = "签名："


@dataclass(frozen=True)
class Prepared:
    """A record as a form sees it, ready to be drawn for any of its readers; blank when there is no record.

    Attributes:
        form_id: the form.
        title: its title.
        number: the record's own number; empty for a blank form.
        is_blank: whether it is for the pen.
        is_secret: whether a filled sheet says to whom it goes and what for.
        audiences: key and Chinese name of each reader the form is made for.
        copy_labels: what stands on the copy of each reader who has one of their own, by key; empty for one sheet.
        purpose: what such a sheet is usually for.
        next_copy: the number the next copy will get.
        form: the definition, for `draw`.
        matter: what stands on every sheet, for `draw`.
        subject: the record, for `draw`.
        values: its answers, for `draw`.
        others: names of other students in its free text by linkId, for `draw`.
    """

    form_id: str
    title: str
    number: str
    is_blank: bool
    is_secret: bool
    audiences: tuple[tuple[str, str], ...]
    copy_labels: tuple[tuple[str, str], ...]
    purpose: str
    next_copy: int
    form: Form
    matter: HeadMatter
    subject: FormSubject | None
    values: Mapping[str, FormValue] | None
    others: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LeavingItem:
    """Something that goes out with a sheet, or could.

    Attributes:
        link_id: its linkId.
        text: its label.
        optional: goes out only when it is ticked for this print.
        needs_director: the director must agree.
        may_go: False when the director must agree and has not.
        is_given: whether there is anything to print.
    """

    link_id: str
    text: str
    optional: bool
    needs_director: bool
    may_go: bool
    is_given: bool


@dataclass(frozen=True)
class Check:
    """What one looks at before printing.

    Attributes:
        signs: what is signed by hand afterwards.
        seals: whose seal is set afterwards.
        empty: labels of what is left blank.
        filled: how many items are filled in.
        others: other students' names that stand in free text, with the label of the text.
        pen_words: words on the sheet beside which a pen will write.
    """

    signs: tuple[str, ...]
    seals: tuple[str, ...]
    empty: tuple[str, ...]
    filled: int
    others: tuple[tuple[str, str], ...]
    pen_words: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A drawn sheet.

    Attributes:
        pdf: the document.
        pages: how many pages.
        warnings: sentences to read before printing.
        items: what goes out.
        check: what to look at.
        file_name: proposed when it is saved; a number, a title and a day.
    """

    pdf: bytes
    pages: int
    warnings: tuple[str, ...]
    items: tuple[LeavingItem, ...]
    check: Check
    file_name: str


def prepare(actor: Actor, desk: Desk, form_id: str, entity_id: str = "", form_hash: str = "") -> Prepared:
    """Load what a sheet shows; without a record, a blank form under the school's head.

    `form_hash` names an earlier definition of the form, as an old print was made; empty for the one in use.

    Raises:
        AccessDenied: the actor may not read this record, or must state a reason.
        UserError: there is no such form or record.
    """
    with desk.look() as work:
        form = form_for(work, form_id, form_hash, entity_id)
        if not entity_id:
            access.allow(actor, Action.READ, Subject("school"), work)
            return _prepared(form, head_matter(work, actor), None, None, {}, 0)
        subject = load_subject(work, form.definition.form.subject, entity_id)
        access.allow(actor, Action.READ, subject.access, work)
        values = answers(form, subject)
        others = _others(work, form, subject, values)
        copies = last_copy(work, form_id, entity_id)
        return _prepared(form, head_matter(work, actor), subject, values, others, copies)


def draw(prepared: Prepared, audience: str, ticked: Collection[str], recipient: str, purpose: str) -> Sheet:
    """Draw a sheet for one reader. Touches no vault and takes some tens of milliseconds.

    Raises:
        AudienceRefused: the form is not made for this reader.
        UserError: it is not ready for this reader, or the director has not agreed.
    """
    form, subject, reader = prepared.form, prepared.subject, Audience(audience)
    offered = {item.link_id for item in form.definition.item if item.optional and reader in item.audiences}
    chosen = frozenset(ticked) & offered
    request = PrintRequest(form.id, "", reader, recipient, purpose, chosen)
    selection = select_items(form, reader, chosen)
    if subject is None:
        head = prepared.matter.blank()
    else:
        refuse_what_is_not_ready(subject, request, needs_director=bool(selection.director))
        head = head_of(prepared.matter, subject, request, form, prepared.next_copy)
    rendered = render(form, reader, prepared.values, head, ticked=chosen)
    name = file_name(form, head)
    items = _leaving(prepared, reader) if subject else ()
    return Sheet(rendered.pdf, rendered.pages, rendered.warnings, items, _check(prepared, reader, chosen), name)


def _prepared(
    form: Form,
    matter: HeadMatter,
    subject: FormSubject | None,
    values: Mapping[str, FormValue] | None,
    others: Mapping[str, tuple[str, ...]],
    copies: int,
) -> Prepared:
    return Prepared(
        form_id=form.id.removesuffix(".school"),
        title=form.title,
        number=subject.number if subject else "",
        is_blank=subject is None,
        is_secret=subject is not None and Secrecy(form.secrecy).leaves_a_trace,
        audiences=tuple((each.value, audience_name(each)) for each in form.definition.form.audiences),
        copy_labels=tuple((each.value, label) for each, label in form.definition.form.copy_labels.items()),
        purpose=form.definition.form.purpose,
        next_copy=copies + 1,
        form=form,
        matter=matter,
        subject=subject,
        values=values,
        others=others,
    )


def _leaving(prepared: Prepared, reader: Audience) -> tuple[LeavingItem, ...]:
    form, subject, values = prepared.form, prepared.subject, prepared.values or {}
    found = []
    for item in form.definition.item:
        if reader not in item.audiences or not item.fillable:
            continue
        needed = False
        if item.optional:
            needed = bool(select_items(form, reader, {item.link_id}).director)
        may_go = not needed or (subject is not None and subject.director_agreed)
        given = is_given(values.get(item.link_id))
        found.append(LeavingItem(item.link_id, _label(item), item.optional, needed, may_go, given))
    return tuple(found)


def _check(prepared: Prepared, reader: Audience, ticked: frozenset[str]) -> Check:
    selection = select_items(prepared.form, reader, ticked)
    values = prepared.values or {}
    signs = [signature.text for signature in selection.signatures]
    seals = [signature.text for signature in selection.signatures if signature.seal]
    empty, filled = [], 0
    for item in selection.items:
        if item.signed:
            signs.append(item.signed)
        if item.type is ItemType.SIGNATURE:
            signs.append(_label(item))
        elif is_given(values.get(item.link_id)):
            filled += 1
        elif prepared.subject is not None and item.fillable and applies(item.enable_when, values):
            empty.append(_label(item))
    named = [(name, _label(item)) for item in selection.items for name in prepared.others.get(item.link_id, ())]
    words = (_PEN, SEAL, *_own_seal(prepared), *(f"{item.signed}：" for item in selection.items if item.signed))
    return Check(tuple(signs), tuple(seals), tuple(empty), filled, tuple(named), words)


def _own_seal(prepared: Prepared) -> tuple[str, ...]:
    return (prepared.matter.words.seal,) if prepared.matter.words.seal else ()


def _label(item: Item) -> str:
    """Return the words of an item without what shapes them on paper."""
    return item.label.replace("\u3000", "")


def _others(
    work: Work, form: Form, subject: FormSubject, values: Mapping[str, FormValue]
) -> Mapping[str, tuple[str, ...]]:
    """Return the names of other students that stand in free text, by linkId."""
    texts = {item.link_id: text for item in form.definition.item if (text := _free_text(item, values))}
    if not texts:
        return {}
    together = "\n".join(texts.values())
    own = {str(values.get(item.link_id)) for item in form.definition.item if item.bind == "student.name"}
    own |= {str(values.get(item.link_id)) for item in form.definition.item if item.type is ItemType.PERSON}
    if subject.person_id is not None:
        own |= {guardian.name for guardian in guardians_of(work, subject.person_id)}
    # Compared by the database: a large school's names are not all brought here for the few that are met.
    names = work.session.scalars(
        select(Person.name)
        .join(Student, Student.id == Person.id)
        .where(func.length(Person.name) >= _SHORTEST_NAME, func.instr(together, Person.name) > 0)
    )
    met = sorted(set(names) - own)
    return {link_id: tuple(name for name in met if name in text) for link_id, text in texts.items()}


def _free_text(item: Item, values: Mapping[str, FormValue]) -> str:
    value = values.get(item.link_id)
    if item.type is ItemType.NOTE and isinstance(value, str):
        return value
    if item.type is ItemType.TABLE and value:
        return str(value)
    return ""
