"""Reads the follow-up rules, shipped or edited by a school, and refuses a wrong one with file, line and reason."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.forbidden_words import find_forbidden
from counselroom.printing.toml_lines import line_of, line_of_syntax_error
from counselroom.rules.follow_up import OFTEN, Doer, FollowUpRule, Holidays, Per, RuleKind, Situation, looser
from counselroom.rules.school import SchoolType
from counselroom.services.parameter_values import definitions

FILE = "follow_up_rules.toml"
_UNIT = {"within_days": "天", "gap_days": "天", "check_days": "天", "lasts_months": "个月"}
"""The unit that a parameter must have in the place of a number."""


class RulesRefused(UserError):
    """Follow-up rules that cannot be used.

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
            _("The follow-up rules in {file} cannot be used, line {line}: {reason}").format(
                file=file, line=line, reason=reason
            ),
            _("The rules that were in use still hold, and no task is touched."),
            _("Please correct this line or take the rules as they were before."),
        )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Head(_Strict):
    version: int = Field(ge=1)


_Days = int | str


class _Rule(_Strict):
    key: str = Field(pattern=r"^FR-[0-9]{2}$")
    about: str = Field(min_length=1, max_length=40)
    when: tuple[Situation, ...] = Field(min_length=1)
    who: str = Field(min_length=1, max_length=20)
    doer: Doer
    task: str = Field(min_length=1, max_length=60)
    times: int = Field(ge=1, default=1)
    per: Per
    gap_days: _Days | None = None
    within_days: _Days | None = None
    check_days: _Days | None = None
    lasts_months: _Days | None = None
    kind: RuleKind
    holidays: Holidays
    schools: tuple[SchoolType, ...] = ()
    locked: bool = False
    ends: str = Field(min_length=1, max_length=40)
    source: str = ""
    reason: str = ""


class _File(_Strict):
    rules: _Head
    rule: tuple[_Rule, ...]


@dataclass(frozen=True)
class RuleFile:
    """Rules as a file has them, with the numbers of parameters still to be put in.

    Attributes:
        source: its text.
        sha256: of the text.
        version: that of the file.
        is_own: whether it is the school's copy.
    """

    source: str
    sha256: str
    version: int
    is_own: bool
    entries: tuple[_Rule, ...]

    def in_force(self, parameters: Mapping[str, int]) -> tuple[FollowUpRule, ...]:
        """Return the rules with the school's numbers in them.

        Args:
            parameters: the value that holds of each parameter that counts days or months.
        """
        return tuple(_rule(entry, parameters) for entry in self.entries)


def read_rules(source: str, file: str, *, original: RuleFile | None = None) -> RuleFile:
    """Read and check follow-up rules.

    Args:
        source: the TOML text.
        file: the file's name, for the refusal.
        original: the shipped rules, when these are a school's copy of them.

    Raises:
        RulesRefused: with file, line and reason.
    """
    text = source.replace("\r\n", "\n").removeprefix("\ufeff")
    found = _parse(text, file)
    for number, entry in enumerate(found.rule):
        _check(text, file, number, entry, found.rule[:number])
    kept = RuleFile(
        text, hashlib.sha256(text.encode()).hexdigest(), found.rules.version, original is not None, found.rule
    )
    if original is not None:
        _check_copy(kept, original, file)
    return kept


@cache
def shipped_rules() -> RuleFile:
    """Return the rules that come with the program. Raises RulesRefused when they are wrong."""
    return read_rules(resources.read_text(f"resources/{FILE}"), FILE)


def parameter_keys() -> tuple[str, ...]:
    """Return the keys of the parameters a rule may count with."""
    return tuple(key for key, each in definitions().items() if each.unit in _UNIT.values())


def _parse(text: str, file: str) -> _File:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = line_of_syntax_error(str(error))
        raise RulesRefused(file, line, _("this is not a valid TOML file.")) from None
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = first["loc"][:3]
        key = ".".join(str(part) for part in place if isinstance(part, str))
        reasons = {
            "missing": _("the entry {key} is missing."),
            "extra_forbidden": _("the entry {key} is not known."),
        }
        reason = reasons.get(first["type"], _("the entry {key} has a value that is not allowed."))
        raise RulesRefused(file, line_of(text, place), reason.format(key=key)) from None


def _check(text: str, file: str, number: int, entry: _Rule, before: tuple[_Rule, ...]) -> None:
    """Refuse what no single entry shows by itself."""

    def refuse(name: str, reason: str) -> RulesRefused:
        return RulesRefused(file, line_of(text, ("rule", number, name)), reason)

    if entry.key in {other.key for other in before}:
        raise refuse("key", _("the rule {key} stands there twice.").format(key=entry.key))
    if (entry.per, entry.times) not in OFTEN:
        raise refuse("times", _("so many times in this span is not a rhythm the program knows."))
    if (entry.per is Per.ONCE) != (entry.within_days is not None):
        raise refuse("within_days", _("a rule that asks once says within how many days, and no other does."))
    if (entry.per is Per.STANDING) != (entry.check_days is not None):
        raise refuse("check_days", _("a standing duty says how often it is confirmed, and no other rule does."))
    if entry.gap_days is not None and (entry.per, entry.times) != (Per.MONTH, 2):
        raise refuse("gap_days", _("only a rule that asks twice a month has a longest gap."))
    for name, unit in _UNIT.items():
        value = getattr(entry, name)
        if isinstance(value, str):
            definition = definitions().get(value)
            if definition is None or definition.unit != unit:
                raise refuse(name, _("{key} is not a parameter with a time.").format(key=value))
        elif value is not None and not 1 <= value <= 400:
            raise refuse(name, _("the entry {key} has a value that is not allowed.").format(key=name))
    if isinstance(entry.gap_days, int) and entry.gap_days < 16:
        raise refuse("gap_days", _("the halves of a month are up to 16 days long; take two weeks for less."))
    for name in ("about", "who", "task", "ends"):
        words = find_forbidden(getattr(entry, name))
        if words:
            reason = _("this word is not used on our papers: {word}").format(word=words[0])
            raise refuse(name, reason)


def _check_copy(copy: RuleFile, original: RuleFile, file: str) -> None:
    """Refuse a copy that leaves a rule out, or asks for less without saying why (C3)."""
    defaults = {key: int(definitions()[key].default) for key in parameter_keys()}
    known = {entry.key: (number, entry) for number, entry in enumerate(copy.entries)}
    for rule in original.in_force(defaults):
        if rule.key not in known:
            raise RulesRefused(file, 1, _("the rule {key} is missing.").format(key=rule.key))
        number, entry = known[rule.key]
        if not looser(rule, _rule(entry, defaults)):
            continue
        line = line_of(copy.source, ("rule", number, "key"))
        if rule.locked:
            raise RulesRefused(file, line, _("the rule {key} may not ask for less.").format(key=rule.key))
        if not entry.reason.strip():
            reason = _("the rule {key} asks for less than before; please write the reason beside it.")
            raise RulesRefused(file, line, reason.format(key=rule.key))


def _rule(entry: _Rule, parameters: Mapping[str, int]) -> FollowUpRule:
    def number(value: _Days | None) -> int | None:
        return parameters[value] if isinstance(value, str) else value

    return FollowUpRule(
        key=entry.key,
        about=entry.about,
        when=entry.when,
        who=entry.who,
        doer=entry.doer,
        task=entry.task,
        times=entry.times,
        per=entry.per,
        gap_days=number(entry.gap_days),
        within_days=number(entry.within_days),
        check_days=number(entry.check_days),
        lasts_months=number(entry.lasts_months),
        kind=entry.kind,
        holidays=entry.holidays,
        schools=entry.schools,
        locked=entry.locked,
        ends=entry.ends,
        source=entry.source,
    )
