"""Words about people: kinds, states, relations, special groups."""

from __future__ import annotations

from enum import StrEnum


class PersonKind(StrEnum):
    """Why the vault knows a person."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    STAFF = "staff"
    OTHER = "other"


class Gender(StrEnum):
    """As the roster says it."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class StudentStatus(StrEnum):
    """Whether the student is at the school today."""

    ENROLLED = "enrolled"
    ON_LEAVE = "on_leave"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    GRADUATED = "graduated"


class Relation(StrEnum):
    """What a guardian is to the student."""

    FATHER = "father"
    MOTHER = "mother"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


class SpecialGroup(StrEnum):
    """`special_group_member.types` of SYS-21."""

    LEFT_BEHIND = "left_behind"
    SINGLE_PARENT = "single_parent"
    DIVORCED = "divorced"
    ORPHAN = "orphan"
    POVERTY_REGISTERED = "poverty_registered"
    DISABLED = "disabled"
    LEARNING_DIFFICULTY = "learning_difficulty"
    MIGRANT = "migrant"
    BULLIED = "bullied"
    DOMESTIC_VIOLENCE = "domestic_violence"
    CHRONIC_ILLNESS = "chronic_illness"
    FRONTLINE_FAMILY = "frontline_family"
    PUBERTY_GIRL_NEED = "puberty_girl_need"
    PROBLEM_BEHAVIOUR = "problem_behaviour"
    OTHER = "other"
