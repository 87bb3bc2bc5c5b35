"""Persons, students, guardians, special groups, accounts (SYS-01, SYS-02, SYS-21)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import (
    ADMINISTRATIVE,
    CARE_POINT,
    CONTACT,
    IDENTITY,
    OTHERS,
    Base,
    Json,
    Moment,
    Record,
    word,
)
from counselroom.rules.access import Role
from counselroom.rules.people import Gender, PersonKind, Relation, SpecialGroup, StudentStatus


class Person(Record):
    """Anyone the vault knows by name."""

    __tablename__ = "person"

    kind: Mapped[PersonKind] = mapped_column(word(PersonKind), info=ADMINISTRATIVE)
    name: Mapped[str] = mapped_column(info=IDENTITY)
    gender: Mapped[Gender] = mapped_column(word(Gender), info=IDENTITY)
    birth_date: Mapped[date | None] = mapped_column(info=IDENTITY)
    phone: Mapped[str | None] = mapped_column(info=CONTACT)
    backup_phone: Mapped[str | None] = mapped_column(info=CONTACT)
    address: Mapped[str | None] = mapped_column(info=CONTACT)


class Student(Record):
    """What makes a person a student. `id` is the person's id, so that a subject has one identifier everywhere."""

    __tablename__ = "student"
    __table_args__ = (Index("ix_student_status_number", "status", "student_no"),)

    id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, info=ADMINISTRATIVE)
    student_no: Mapped[str | None] = mapped_column(unique=True, info=IDENTITY)
    class_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True, info=IDENTITY)
    status: Mapped[StudentStatus] = mapped_column(word(StudentStatus), info=ADMINISTRATIVE)
    left_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    dorm: Mapped[str | None] = mapped_column(info=IDENTITY)
    ethnicity: Mapped[str | None] = mapped_column(info=IDENTITY)
    political_status: Mapped[str | None] = mapped_column(info=IDENTITY)


class Guardian(Record):
    """A guardian of a student; `position` 1 is called first."""

    __tablename__ = "guardian"
    __table_args__ = (UniqueConstraint("student_id", "person_id"),)

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=ADMINISTRATIVE)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=ADMINISTRATIVE)
    relation: Mapped[Relation] = mapped_column(word(Relation), info=IDENTITY)
    position: Mapped[int] = mapped_column(info=ADMINISTRATIVE)


class SpecialGroupMember(Record):
    """That a student belongs to special groups, and who looks after them."""

    __tablename__ = "special_group_member"

    student_id: Mapped[str] = mapped_column(ForeignKey("student.id"), index=True, info=ADMINISTRATIVE)
    special_group: Mapped[SpecialGroup] = mapped_column(word(SpecialGroup), info=OTHERS)
    since: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)
    contact_person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=ADMINISTRATIVE)
    plan: Mapped[str | None] = mapped_column(info=CARE_POINT)
    ended_on: Mapped[date | None] = mapped_column(info=ADMINISTRATIVE)


class Account(Record):
    """Someone who may unlock the vault. Roles are a set: most schools have one teacher who is everything."""

    __tablename__ = "account"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True, info=ADMINISTRATIVE)
    slot_id: Mapped[str | None] = mapped_column(unique=True, info=ADMINISTRATIVE)
    """The key slot; none for roles that get no key (`sys_admin`, `crisis_head`)."""
    roles: Mapped[list[str]] = mapped_column(Json, info=ADMINISTRATIVE)
    closed_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)

    def role_set(self) -> frozenset[Role]:
        """Return the roles as the rules know them."""
        return frozenset(Role(role) for role in self.roles)


class DifferentPersons(Record):
    """Two students somebody looked at and found to be two: they are not shown as a likely pair again."""

    __tablename__ = "different_persons"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    first_id: Mapped[str] = mapped_column(ForeignKey("person.id"), info=IDENTITY)
    """The smaller of the two identifiers, so that a pair has one row."""
    second_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)


class AccessGrant(Base):
    """Leave for one account to see one record of another, with a reason and an end."""

    __tablename__ = "access_grant"

    id: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True, info=ADMINISTRATIVE)
    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    reason: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    granted_by: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    granted_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    expires_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
