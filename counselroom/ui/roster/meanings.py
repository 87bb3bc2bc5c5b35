"""What a column of a roster can hold, in words."""

from __future__ import annotations

from functools import cache

from counselroom.i18n import pgettext
from counselroom.rules.people import SpecialGroup
from counselroom.rules.roster_columns import Column
from counselroom.rules.roster_words import Field, Meaning

NONE = ""
"""Key of a column that is not imported."""


@cache
def _words() -> dict[str, str]:
    return {
        Field.NAME: pgettext("roster", "Name"),
        Field.NUMBER: pgettext("roster", "Student number"),
        Field.REGISTRATION_NUMBER: pgettext("roster", "National register number"),
        Field.GENDER: pgettext("roster", "Gender"),
        Field.BIRTH_DATE: pgettext("roster", "Birth date"),
        Field.GRADE: pgettext("roster", "Grade"),
        Field.CLASS: pgettext("roster", "Class"),
        Field.COLLEGE: pgettext("roster", "College"),
        Field.MAJOR: pgettext("roster", "Major"),
        Field.DORM: pgettext("roster", "Dormitory"),
        Field.PHONE: pgettext("roster", "Telephone"),
        Field.BACKUP_PHONE: pgettext("roster", "Second telephone"),
        Field.ADDRESS: pgettext("roster", "Address"),
        Field.ETHNICITY: pgettext("roster", "Ethnicity"),
        Field.POLITICAL_STATUS: pgettext("roster", "Political status"),
        Field.STATUS: pgettext("roster", "State of the student"),
        Field.ID_NUMBER: pgettext("roster", "Identity card (not kept)"),
        Field.SPECIAL_GROUP: pgettext("roster", "Special group"),
        Field.REMARK: pgettext("roster", "Remark (searched for groups)"),
        Field.GUARDIAN_NAME: pgettext("roster", "Guardian's name"),
        Field.GUARDIAN_RELATION: pgettext("roster", "Guardian's relation"),
        Field.GUARDIAN_PHONE: pgettext("roster", "Guardian's telephone"),
        Field.SECOND_GUARDIAN_NAME: pgettext("roster", "Second guardian's name"),
        Field.SECOND_GUARDIAN_RELATION: pgettext("roster", "Second guardian's relation"),
        Field.SECOND_GUARDIAN_PHONE: pgettext("roster", "Second guardian's telephone"),
        Field.FATHER_NAME: pgettext("roster", "Father's name"),
        Field.FATHER_PHONE: pgettext("roster", "Father's telephone"),
        Field.MOTHER_NAME: pgettext("roster", "Mother's name"),
        Field.MOTHER_PHONE: pgettext("roster", "Mother's telephone"),
        SpecialGroup.LEFT_BEHIND: pgettext("roster", "Left behind: yes or no"),
        SpecialGroup.SINGLE_PARENT: pgettext("roster", "Single parent: yes or no"),
        SpecialGroup.DIVORCED: pgettext("roster", "Parents divorced: yes or no"),
        SpecialGroup.ORPHAN: pgettext("roster", "Orphan: yes or no"),
        SpecialGroup.POVERTY_REGISTERED: pgettext("roster", "Poverty: yes or no"),
        SpecialGroup.DISABLED: pgettext("roster", "Disabled: yes or no"),
    }


def choices() -> tuple[tuple[str, str], ...]:
    """Return key and words of everything a column may hold, not importing it first."""
    return ((NONE, pgettext("roster", "Not imported")), *((str(key), words) for key, words in _words().items()))


def key_of(column: Column) -> str:
    """Return the key of what a column is taken for."""
    known = {key for key, _words in choices()}
    key = "" if column.meaning is None else str(column.meaning)
    return key if key in known else NONE


def meaning_of(key: str) -> Meaning | None:
    """Return the meaning of a key."""
    if key == NONE:
        return None
    return Field(key) if key in set(Field) else SpecialGroup(key)
