"""The fields of the archive card as its form (F-19) has them, for typing the card in section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from counselroom.rules.archive import CollectionSource, FamilyStructure
from counselroom.rules.people import SpecialGroup
from counselroom.services import forms
from counselroom.services.archives import CardData, FamilyMember, MajorEvent
from counselroom.services.register_definitions import RegisterField, field_of

_FORM = "F-19"
_PREFIX = "card."
_NOT_TYPED = frozenset({"archive_no"})
_TABLES: Mapping[str, type[FamilyMember] | type[MajorEvent]] = {
    "family_members": FamilyMember,
    "major_events": MajorEvent,
}


@dataclass(frozen=True)
class CardSection:
    """A part of the form that is typed in, with its fields in order."""

    title: str
    fields: tuple[RegisterField, ...]


def card_sections() -> tuple[CardSection, ...]:
    """Return the parts of the form whose fields are those of the card."""
    definition = forms.all_forms()[_FORM].definition
    sections = []
    for part in definition.part:
        asked = tuple(
            _as_typed(field_of(item))
            for item in definition.item
            if item.at
            and item.at[0].part == part.id
            and (item.bind or "").startswith(_PREFIX)
            and (item.bind or "").removeprefix(_PREFIX) not in _NOT_TYPED
        )
        if asked:
            sections.append(CardSection(part.title, asked))
    return tuple(sections)


def answers_of(data: CardData) -> dict[str, Any]:
    """Return a card as JSON values by field."""
    found: dict[str, Any] = {}
    for item in fields(CardData):
        value = getattr(data, item.name)
        if item.name in _TABLES:
            found[item.name] = [dict(vars(row)) for row in value]
        elif item.name == "special_groups":
            found[item.name] = sorted(group.value for group in value)
        elif isinstance(value, date):
            found[item.name] = value.isoformat()
        else:
            found[item.name] = value or ""
    return found


def card_of(answers: Mapping[str, Any]) -> CardData:
    """Return the card that was typed in. Raises ValueError for a day that is none."""
    values: dict[str, Any] = {}
    for item in fields(CardData):
        value = answers.get(item.name)
        if item.name in _TABLES:
            row = _TABLES[item.name]
            names = {column.name for column in fields(row)}
            blank = dict.fromkeys(names, "")
            values[item.name] = tuple(
                row(**{**blank, **{name: str(text) for name, text in line.items() if name in names}})
                for line in value or ()
            )
        elif item.name == "special_groups":
            values[item.name] = frozenset(SpecialGroup(group) for group in value or ())
        elif item.name == "family_structure":
            values[item.name] = FamilyStructure(value) if value else None
        elif item.name == "source":
            values[item.name] = CollectionSource(value) if value else None
        elif item.name == "collected_on":
            values[item.name] = date.fromisoformat(value) if value else None
        else:
            values[item.name] = str(value).strip() or None if value else None
    return CardData(**values)


def _as_typed(field: RegisterField) -> RegisterField:
    """Return a field as it is typed in: what is chosen is one of the codes, and a day in a table may be a year only."""
    return replace(
        field,
        choices=tuple(replace(choice, other=False) for choice in field.choices),
        columns=tuple(replace(column, type="text") for column in field.columns),
    )
