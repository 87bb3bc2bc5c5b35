"""Reads the short lists a school may edit (topics, phrases, templates); a wrong one is refused with file and line."""

from __future__ import annotations

import tomllib
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.toml_lines import line_of, line_of_syntax_error

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """An entry of a list: nothing in it that is not known, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListRefused(UserError):
    """A list that cannot be used.

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
            _("The list {file} cannot be used, line {line}: {reason}").format(file=file, line=line, reason=reason),
            _("No record is touched."),
            _("Please correct this line or take the list as it was before."),
        )


def read_list(model: type[Model], source: str, file: str) -> Model:
    """Read and check the TOML text of one list.

    Args:
        model: the shape of the whole file.
        source: the text.
        file: the file's name, for the refusal.

    Raises:
        ListRefused: with file, line and reason.
    """
    text = source.replace("\r\n", "\n").removeprefix("\ufeff")
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = line_of_syntax_error(str(error))
        raise ListRefused(file, line, _("this is not a valid TOML file.")) from None
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
        raise ListRefused(file, line_of(text, first["loc"]), reason.format(key=key)) from None


def refuse_twice(source: str, file: str, table: str, keys: list[str]) -> None:
    """Refuse a list in which a key stands twice.

    Args:
        source: the text.
        file: the file's name.
        table: the name of the repeated table, such as `topic`.
        keys: the keys in their order.

    Raises:
        ListRefused: naming the line of the second one.
    """
    for number, key in enumerate(keys):
        if key in keys[:number]:
            reason = _("{key} stands there twice.").format(key=key)
            raise ListRefused(file, line_of(source, (table, number, "key")), reason)
