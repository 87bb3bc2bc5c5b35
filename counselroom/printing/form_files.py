"""Reads form definitions and refuses a wrong one with its file, its line and the reason."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing import audiences
from counselroom.printing.definitions import COLUMNS, Definition, Form, Item, ItemType
from counselroom.printing.fonts import DRAWN_BOXES, form_font
from counselroom.printing.forbidden_words import find_forbidden
from counselroom.printing.register_check import register_fault
from counselroom.printing.toml_lines import line_of, line_of_syntax_error
from counselroom.rules.disclosure import DisclosureClass

FOLDER = "forms"
Location = tuple[str | int, ...]


class FormRefused(UserError):
    """A form definition that cannot be used.

    Attributes:
        file: the file's name.
        line: the line of the entry that is wrong, from 1.
        reason: a translated sentence.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        super().__init__(
            _("The form {file} cannot be used, line {line}: {reason}").format(file=file, line=line, reason=reason),
            _("The other forms and all records are not touched."),
            _("Please correct this line or take the form as it was before."),
        )


class _Fault(Exception):
    def __init__(self, location: Location, reason: str) -> None:
        self.location = location
        self.reason = reason
        super().__init__()


def read_form(source: str, file: str, columns: Mapping[str, DisclosureClass]) -> Form:
    """Read and check one definition.

    Args:
        source: the TOML text.
        file: the file's name, for the refusal; a name that starts with `F-` must agree with the form's number.
        columns: the class of every path an item may be bound to.

    Raises:
        FormRefused: with file, line and reason.
    """
    text = source.replace("\r\n", "\n").removeprefix("\ufeff")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = line_of_syntax_error(str(error))
        raise FormRefused(file, line, _("this is not a valid TOML file.")) from None
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise FormRefused(file, line_of(text, first["loc"]), _reason(first)) from None
    try:
        classes = _check(definition, file, columns)
    except _Fault as fault:
        raise FormRefused(file, line_of(text, fault.location), fault.reason) from None
    return Form(definition, text, hashlib.sha256(text.encode()).hexdigest(), classes)


def load_form(form_id: str, columns: Mapping[str, DisclosureClass]) -> Form:
    """Read the shipped form `form_id`, such as `F-50`. Raises FormRefused, or Bug when there is no such file."""
    return read_form(resources.read_text(f"{FOLDER}/{form_id}.toml"), f"{form_id}.toml", columns)


def load_forms(columns: Mapping[str, DisclosureClass]) -> dict[str, Form]:
    """Read all shipped forms, by id. Raises FormRefused for the first that is wrong."""
    names = (name.removeprefix(f"{FOLDER}/").removesuffix(".toml") for name in resources.names(FOLDER, ".toml"))
    return {name: load_form(name, columns) for name in names}


def check_school_copy(original: Form, copy: Form, file: str) -> None:
    """Refuse a school's edited copy that leaves out what the law or good practice fixes.

    A fixed footnote stays, the secrecy does not sink, the copy's id is the original's with `.school`, and no audience
    gets an item it did not get before.

    Raises:
        FormRefused: with file, line and reason.
    """
    source = copy.source
    if copy.id != f"{original.id}.school":
        raise FormRefused(file, line_of(source, ("form", "id")), _("the number of a school's copy ends in .school."))
    if copy.secrecy < original.secrecy:
        raise FormRefused(file, line_of(source, ("form", "secrecy")), _("the secrecy may not be lowered."))
    kept = {footnote.text for footnote in copy.definition.footnote}
    for footnote in original.definition.footnote:
        if footnote.fixed and footnote.text not in kept:
            reason = _("a fixed footnote is missing: {text}").format(text=footnote.text)
            raise FormRefused(file, line_of(source, ("footnote",)), reason)
    before = {item.link_id: item for item in original.definition.item}
    for number, item in enumerate(copy.definition.item):
        known = before.get(item.link_id)
        if known is not None and (not set(item.audiences) <= set(known.audiences) or item.bind != known.bind):
            reason = _("the item {item} may not be given to more readers or bound anew.").format(item=item.link_id)
            raise FormRefused(file, line_of(source, ("item", number, "linkId")), reason)


def _reason(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"] if isinstance(part, str))
    if error["type"] == "missing":
        return _("the entry {key} is missing.").format(key=key)
    if error["type"] == "extra_forbidden":
        return _("the entry {key} is not known.").format(key=key)
    return _("the entry {key} has a value that is not allowed.").format(key=key)


def _check(definition: Definition, file: str, columns: Mapping[str, DisclosureClass]) -> dict[str, DisclosureClass]:
    """Check what no single entry shows by itself; return the class of each item's answer."""
    if file.startswith("F-") and file.removesuffix(".toml") != definition.form.id:
        raise _Fault(("form", "id"), _("the number does not agree with the file's name."))
    _check_names(definition)
    for number, item in enumerate(definition.item):
        _check_item(definition, number, item)
    _check_grid(definition)
    _check_words(definition)
    wrong = register_fault(definition)
    if wrong is not None:
        raise _Fault(*wrong)
    return _check_disclosure(definition, columns)


def _check_names(definition: Definition) -> None:
    seen: set[str] = set()
    for number, item in enumerate(definition.item):
        if item.link_id in seen:
            raise _Fault(
                ("item", number, "linkId"), _("the linkId {item} stands there twice.").format(item=item.link_id)
            )
        seen.add(item.link_id)
    parts: set[str] = set()
    for number, part in enumerate(definition.part):
        if part.id in parts or part.id in seen:
            raise _Fault(("part", number, "id"), _("the part {part} stands there twice.").format(part=part.id))
        parts.add(part.id)
    known = {part.id for part in definition.parts()}
    used: list[tuple[Location, str]] = [
        (("item", number, "at"), place.part) for number, item in enumerate(definition.item) for place in item.at
    ]
    used += [(("signature", number, "part"), entry.part) for number, entry in enumerate(definition.signature)]
    used += [
        (("footnote", number, "part"), entry.part) for number, entry in enumerate(definition.footnote) if entry.part
    ]
    for location, name in used:
        if name not in known:
            raise _Fault(location, _("there is no part {part}.").format(part=name))


def _check_item(definition: Definition, number: int, item: Item) -> None:
    def fault(key: str, reason: str) -> _Fault:
        return _Fault(("item", number, key), reason)

    if (item.type in (ItemType.CHOICE, ItemType.CHOICES)) != bool(item.options):
        raise fault("type", _("options belong to a choice, and a choice needs them."))
    if len({option.code for option in item.options}) != len(item.options):
        raise fault("options", _("two options have the same code."))
    if (item.type is ItemType.TABLE) != bool(item.columns):
        raise fault("type", _("columns belong to a table, and a table needs them."))
    if len({column.link_id for column in item.columns}) != len(item.columns):
        raise fault("columns", _("two columns have the same linkId."))
    if item.type is ItemType.SIGNATURE and item.fillable:
        raise fault("bind", _("a signature is written by hand and is not bound."))
    if item.bind is not None and item.disclosure is not None:
        raise fault("disclosure", _("the class comes from the column an item is bound to."))
    if item.required and item.optional:
        raise fault("optional", _("an item is either required or optional."))
    for place in item.at:
        if place.col + place.span > COLUMNS + 1:
            raise fault("at", _("the item reaches beyond the twelve columns."))
        if place.label >= place.span:
            raise fault("at", _("the label leaves no room for the answer."))
        if item.type is ItemType.TABLE and (place.span != COLUMNS or place.rows != 1):
            raise fault("at", _("a table takes the twelve columns of one row."))
    readers = set(definition.form.audiences)
    for audience in item.audiences:
        if audience not in readers:
            reason = _("the form is not made for {audience}.").format(audience=audiences.audience_name(audience))
            raise fault("audiences", reason)
    if item.enable_when is not None:
        _check_condition(definition, number, item)


def _check_condition(definition: Definition, number: int, item: Item) -> None:
    condition = item.enable_when
    location = ("item", number, "enableWhen")
    if condition is None or bool(condition.all) == bool(condition.any):
        raise _Fault(location, _("a condition is one comparison, or all or any of several."))
    others = {other.link_id: other for other in definition.item if other is not item}
    for comparison in (*condition.all, *condition.any):
        other = others.get(comparison.question)
        if other is None:
            raise _Fault(location, _("there is no other item {item}.").format(item=comparison.question))
        if not set(item.audiences) <= set(other.audiences):
            reason = _("a reader of this item does not see the item {item} it depends on.")
            raise _Fault(location, reason.format(item=other.link_id))


def _check_grid(definition: Definition) -> None:
    taken: dict[tuple[str, int, int], str] = {}
    tables = {(place.part, place.row) for item in definition.item if item.type is ItemType.TABLE for place in item.at}
    for number, item in enumerate(definition.item):
        for place in item.at:
            for row in range(place.row, place.row + place.rows):
                if item.type is not ItemType.TABLE and (place.part, row) in tables:
                    raise _Fault(("item", number, "at"), _("a table takes the twelve columns of one row."))
                for col in range(place.col, place.col + place.span):
                    before = taken.setdefault((place.part, row, col), item.link_id)
                    if before != item.link_id:
                        reason = _("the item stands on the item {item}.").format(item=before)
                        raise _Fault(("item", number, "at"), reason)


def _texts(definition: Definition) -> Iterator[tuple[Location, str]]:
    """Yield every printed word of the form with its place."""
    yield ("form", "title"), definition.form.title
    yield ("form", "purpose"), definition.form.purpose
    for label in definition.form.copy_labels.values():
        yield ("form", "copy_labels"), label
    for number, item in enumerate(definition.item):
        yield ("item", number, "text"), item.text
        yield ("item", number, "unit"), item.unit
        yield ("item", number, "signed"), item.signed
        for option in item.options:
            yield ("item", number, "options"), option.text
        for column in item.columns:
            yield ("item", number, "columns"), column.text
            for option in column.options:
                yield ("item", number, "columns"), option.text
    for number, part in enumerate(definition.part):
        yield ("part", number, "title"), part.title
        yield ("part", number, "cut_text"), part.cut_text
    for number, signature in enumerate(definition.signature):
        yield ("signature", number, "text"), signature.text
    for number, footnote in enumerate(definition.footnote):
        yield ("footnote", number, "text"), footnote.text


def _check_words(definition: Definition) -> None:
    font = form_font()
    for location, text in _texts(definition):
        missing = [character for character in text if not font.covers(character) or character in DRAWN_BOXES]
        if missing:
            reason = _("the font has no character {characters}.")
            raise _Fault(location, reason.format(characters=" ".join(f"U+{ord(each):04X}" for each in missing)))
        words = find_forbidden(text)
        if words:
            raise _Fault(location, _("this word is not used on our papers: {word}").format(word=words[0]))


def _check_disclosure(definition: Definition, columns: Mapping[str, DisclosureClass]) -> dict[str, DisclosureClass]:
    ceilings = audiences.ceilings()
    classes: dict[str, DisclosureClass] = {}
    for number, item in enumerate(definition.item):
        kind = item.disclosure if item.bind is None else columns.get(item.bind)
        if kind is None:
            if item.bind is None:
                continue
            raise _Fault(("item", number, "bind"), _("there is no column {path}.").format(path=item.bind))
        classes[item.link_id] = kind
        # A table's column may have a class of its own; else it has the table's.
        inner = {
            columns[path] for path in (f"{item.bind}.{column.link_id}" for column in item.columns) if path in columns
        }
        for audience in item.audiences:
            if not all(ceilings[audience].allows(each, optional=item.optional) for each in {kind, *inner}):
                reason = _("{audience} may never see what the item {item} holds.").format(
                    audience=audiences.audience_name(audience), item=item.link_id
                )
                raise _Fault(("item", number, "audiences"), reason)
    return classes
