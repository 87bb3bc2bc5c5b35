"""Reads checklists and criteria, shipped or edited by a school, and refuses a wrong one with file, line and reason."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.forbidden_words import find_forbidden
from counselroom.printing.toml_lines import line_of, line_of_syntax_error
from counselroom.rules.crisis_criteria import Criterion
from counselroom.rules.crisis_plan import (
    Checklist,
    ClockStart,
    FaultKind,
    PlanFault,
    PlanItem,
    StepOwner,
    copy_fault,
    plan_fault,
)
from counselroom.rules.crisis_words import Duty
from counselroom.services.parameter_values import definitions

FOLDER = "resources/checklists"
CRITERIA = "resources/criteria.toml"
_UNITS = {"分钟": 1, "小时": 60}
"""Minutes in the unit of a parameter that gives a limit."""
Location = tuple[str | int, ...]


class PlanRefused(UserError):
    """A checklist or a list of criteria that cannot be used.

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
            _("The plan {file} cannot be used, line {line}: {reason}").format(file=file, line=line, reason=reason),
            _("The plan that was in use still holds, and no record is touched."),
            _("Please correct this line or take the plan as it was before."),
        )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Head(_Strict):
    key: str = Field(pattern=r"^CK-[A-Z]$")
    title: str = Field(min_length=1)
    version: int = Field(ge=1)
    source: str = ""


class _Item(_Strict):
    key: str = Field(pattern=r"^CK-[A-Z]-[0-9]{2}$")
    stage: str = Field(min_length=1, max_length=12)
    title: str = Field(min_length=1, max_length=40)
    detail: str = Field(default="", max_length=200)
    duty: Duty | None = None
    owner: StepOwner
    within: str = ""
    minutes: int | None = Field(default=None, ge=0, le=60 * 24 * 60)
    clock: ClockStart = ClockStart.FOUND
    waits_for: tuple[str, ...] = ()
    document: str = Field(default="", pattern=r"^(F-[0-9]{2})?$")
    evidence: bool = False
    fixed: bool = False


class _File(_Strict):
    checklist: _Head
    item: tuple[_Item, ...]


class _Criterion(_Strict):
    key: str = Field(pattern=r"^C[0-9]{2}$")
    text: str = Field(min_length=1)
    group: str = ""
    at_once: bool = False
    own_words: bool = False
    source: str = ""


class _Version(_Strict):
    version: int = Field(ge=1)


class _Criteria(_Strict):
    criteria: _Version
    criterion: tuple[_Criterion, ...]


_Model = TypeVar("_Model", bound=BaseModel)


def read_checklist(source: str, file: str, *, original: Checklist | None = None) -> Checklist:
    """Read and check one checklist.

    Args:
        source: the TOML text.
        file: the file's name, for the refusal.
        original: the shipped list, when this is a school's copy of it.

    Raises:
        PlanRefused: with file, line and reason.
    """
    text = _plain(source)
    found = _parse(_File, text, file)
    items = tuple(
        PlanItem(**{name: getattr(item, name) for name in _Item.model_fields})  # the same names by design
        for item in found.item
    )
    head = found.checklist
    if original is not None and head.key != original.key:
        raise PlanRefused(file, line_of(text, ("checklist", "key")), _("the number is not that of the list it copies."))
    fault = plan_fault(head.key, items) or (copy_fault(original.items, items) if original is not None else None)
    if fault is not None:
        raise PlanRefused(file, line_of(text, _place(fault)), _sentence(fault.kind))
    for number, item in enumerate(items):
        if item.within and limit_unit(item.within) is None:
            reason = _("{key} is not a parameter with a time.").format(key=item.within)
            raise PlanRefused(file, line_of(text, ("item", number, "within")), reason)
        for entry in ("stage", "title", "detail"):
            words = find_forbidden(getattr(item, entry))
            if words:
                reason = _("this word is not used on our papers: {word}").format(word=words[0])
                raise PlanRefused(file, line_of(text, ("item", number, entry)), reason)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Checklist(head.key, head.title, head.version, items, digest, text, is_own=original is not None)


def read_criteria(source: str, file: str) -> tuple[Criterion, ...]:
    """Read and check the criteria; numbers of the school still stand in braces.

    Raises:
        PlanRefused: with file, line and reason.
    """
    text = _plain(source)
    found = _parse(_Criteria, text, file).criterion
    for number, criterion in enumerate(found):
        if criterion.key in {other.key for other in found[:number]}:
            raise PlanRefused(file, line_of(text, ("criterion", number, "key")), _sentence(FaultKind.TWICE))
        try:
            shown = criterion.text.format_map(dict.fromkeys(definitions(), "1"))
        except (KeyError, ValueError, IndexError):
            reason = _("the braces do not hold the key of a parameter.")
            raise PlanRefused(file, line_of(text, ("criterion", number, "text")), reason) from None
        words = find_forbidden(shown)
        if words:
            reason = _("this word is not used on our papers: {word}").format(word=words[0])
            raise PlanRefused(file, line_of(text, ("criterion", number, "text")), reason)
    return tuple(Criterion(item.key, item.text, item.at_once, item.own_words, item.group) for item in found)


@cache
def shipped_checklists() -> dict[str, Checklist]:
    """Return the checklists that come with the program, by key. Raises PlanRefused for the first that is wrong."""
    found = {}
    for name in resources.names(FOLDER, ".toml"):
        file = name.rpartition("/")[2]
        checklist = read_checklist(resources.read_text(name), file)
        if file != f"{checklist.key}.toml":
            raise PlanRefused(file, 1, _("the number does not agree with the file's name."))
        found[checklist.key] = checklist
    return found


@cache
def shipped_criteria() -> tuple[Criterion, ...]:
    """Return the criteria that come with the program. Raises PlanRefused when they are wrong."""
    return read_criteria(resources.read_text(CRITERIA), CRITERIA.rpartition("/")[2])


def limit_unit(parameter: str) -> int | None:
    """Return how many minutes one unit of a parameter is, or None when it is not a time."""
    definition = definitions().get(parameter)
    return None if definition is None else _UNITS.get(definition.unit)


def _plain(source: str) -> str:
    return source.replace("\r\n", "\n").removeprefix("\ufeff")


def _parse(model: type[_Model], text: str, file: str) -> _Model:
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = line_of_syntax_error(str(error))
        raise PlanRefused(file, line, _("this is not a valid TOML file.")) from None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"] if isinstance(part, str))
        reasons = {
            "missing": _("the entry {key} is missing."),
            "extra_forbidden": _("the entry {key} is not known."),
        }
        reason = reasons.get(first["type"], _("the entry {key} has a value that is not allowed."))
        raise PlanRefused(file, line_of(text, first["loc"]), reason.format(key=key)) from None


def _place(fault: PlanFault) -> Location:
    return ("checklist", "key") if fault.item < 0 else ("item", fault.item, fault.entry)


def _sentence(kind: FaultKind) -> str:
    match kind:
        case FaultKind.NO_ITEMS:
            return _("a checklist needs at least one item.")
        case FaultKind.TWICE:
            return _("this number stands there twice, or is not one of this list.")
        case FaultKind.UNKNOWN_ITEM:
            return _("it waits for an item that is not in this list.")
        case FaultKind.CIRCLE:
            return _("the items wait for each other in a circle and could never start.")
        case FaultKind.TWO_LIMITS:
            return _("an item has either a parameter or minutes as its limit.")
        case FaultKind.READY_WITHOUT_WAITING:
            return _("an item whose time counts from other items must wait for some.")
        case FaultKind.DUTY_MISSING:
            return _("one of the seven duties of every crisis case would be missing.")
        case FaultKind.FIXED_MISSING:
            return _("an item that every school keeps is missing.")
        case FaultKind.LIMIT_LENGTHENED:
            return _("the time of an item that every school keeps is set in the parameters, not here.")
