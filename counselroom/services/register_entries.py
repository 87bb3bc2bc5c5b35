"""Takes the answers of a row as they were typed, and refuses what its register does not ask for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Final

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.services.register_definitions import Register, RegisterField, applying

LONGEST_LINE: Final = 400
LONGEST_NOTE: Final = 20_000
GREATEST: Final = 1_000_000
MOST_ROWS: Final = 200
"""Rows of a table inside one row."""


class EntryRefused(UserError):
    """Answers that can't be kept as they are.

    Attributes:
        fields: what is wrong, a translated sentence by linkId.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(next(iter(self.fields.values())), _("Nothing was saved; everything typed is still here."))


@dataclass
class _Answers:
    kept: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def kept_answers(register: Register, data: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return the answers as they are stored: of fields that apply and are filled in, as JSON values.

    Args:
        register: the register.
        data: answers by linkId: text, whole numbers, truth values, `2026-11-22`, `14:05`, codes, lists of codes, lists
            of answers by linkId for a table. Empty ones are left out.
        whole: refuse a row in which something required is missing; a draft may lack it.

    Raises:
        EntryRefused: an answer is not of the kind of its field, is unknown, or is missing.
    """
    answers = _Answers()
    unknown = set(data) - {each.link_id for each in register.fields}
    if unknown:
        raise EntryRefused(dict.fromkeys(sorted(unknown), _("This register does not ask for this.")))
    for each in register.fields:
        _take(answers, each, data.get(each.link_id))
    if answers.wrong:
        raise EntryRefused(answers.wrong)
    there = applying(register.key, answers.kept)
    kept = {link_id: value for link_id, value in answers.kept.items() if link_id in there}
    student = register.person if register.about_student else ""
    missing = [
        each
        for each in register.fields
        if each.required and each.link_id in there and each.link_id not in kept and each.link_id != student
    ]
    if whole and missing:
        raise EntryRefused(
            {each.link_id: _("“{field}” is not filled in.").format(field=each.label) for each in missing}
        )
    return kept


def _take(answers: _Answers, asked: RegisterField, value: Any) -> None:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "" or value == [] or value == ():
        return
    try:
        taken = _TAKERS[asked.type](asked, value)
        if taken not in ("", []):
            answers.kept[asked.link_id] = taken
    except (TypeError, ValueError, KeyError) as error:
        sentence = str(error.args[0]) if isinstance(error, _Wrong) else _sentence(asked)
        answers.wrong[asked.link_id] = sentence


class _Wrong(ValueError):
    """Carries the sentence for the user."""


def _sentence(asked: RegisterField) -> str:
    match asked.type:
        case "date":
            return _("“{field}” is a day, such as 2026-11-22.").format(field=asked.label)
        case "time":
            return _("“{field}” is a time of day, such as 14:05.").format(field=asked.label)
        case "int":
            most = GREATEST if asked.most is None else asked.most
            return _("“{field}” is a whole number from 0 to {most}.").format(field=asked.label, most=f"{most:,}")
        case "choice" | "choices":
            return _("“{field}” has an answer that is not offered.").format(field=asked.label)
        case _:
            return _("“{field}” is too long or holds something that is not text.").format(field=asked.label)


def _text(asked: RegisterField, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    is_note = asked.type == "note"
    text = value if is_note else " ".join(value.split())
    strange = [each for each in text if unicodedata.category(each) in ("Cc", "Cs") and not (is_note and each in "\n\t")]
    if strange or len(text) > (LONGEST_NOTE if is_note else LONGEST_LINE):
        raise ValueError
    return text


def _date(asked: RegisterField, value: Any) -> str:
    del asked
    return date.fromisoformat(value).isoformat()


def _time(asked: RegisterField, value: Any) -> str:
    del asked
    return time.fromisoformat(value).strftime("%H:%M")


def _int(asked: RegisterField, value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if not 0 <= value <= (GREATEST if asked.most is None else asked.most):
        raise ValueError
    return value


def _bool(asked: RegisterField, value: Any) -> bool:
    del asked
    if not isinstance(value, bool):
        raise TypeError
    return value


def _choice(asked: RegisterField, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    if value not in {choice.code for choice in asked.choices}:
        if not any(choice.other for choice in asked.choices):
            raise ValueError
        return _text(asked, value)
    return value


def _choices(asked: RegisterField, value: Any) -> list[str]:
    if isinstance(value, str):
        raise TypeError
    chosen = [_choice(asked, each) for each in value]
    order = {choice.code: place for place, choice in enumerate(asked.choices)}
    return sorted(dict.fromkeys(chosen), key=lambda code: (order.get(code, len(order)), code))


def _table(asked: RegisterField, value: Any) -> list[dict[str, Any]]:
    if isinstance(value, str) or len(value) > MOST_ROWS:
        raise TypeError
    rows = []
    for row in value:
        answers = _Answers()
        if not set(row) <= {column.link_id for column in asked.columns}:
            raise KeyError
        for column in asked.columns:
            _take(answers, column, row.get(column.link_id))
        if answers.wrong:
            raise _Wrong(next(iter(answers.wrong.values())))
        if answers.kept:
            rows.append(answers.kept)
    return rows


_TAKERS: Final[dict[str, Callable[[RegisterField, Any], Any]]] = {
    "text": _text,
    "note": _text,
    "person": _text,
    "date": _date,
    "time": _time,
    "int": _int,
    "bool": _bool,
    "choice": _choice,
    "choices": _choices,
    "table": _table,
}
