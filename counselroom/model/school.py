"""The school, its calendar and its units (SYS-01, SYS-03)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import ADMINISTRATIVE, Record, word
from counselroom.rules.school import DayKind, SchoolType, UnitKind


class School(Record):
    """The school whose room this is; one row."""

    __tablename__ = "school"

    name: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    code: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """Stands in archive numbers."""
    school_type: Mapped[SchoolType] = mapped_column(word(SchoolType), info=ADMINISTRATIVE)
    room_name: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """What the room calls itself on paper, `心理辅导室`."""
    room_phone: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)


class AcademicYear(Record):
    """A school year, `2026-2027`."""

    __tablename__ = "academic_year"

    name: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    starts_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    ends_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)


class Term(Record):
    """A term of an academic year; after `appointment_stop_on` no appointment may be booked in it."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("academic_year_id", "number"),)

    academic_year_id: Mapped[str] = mapped_column(ForeignKey("academic_year.id"), info=ADMINISTRATIVE)
    number: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    starts_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    ends_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    appointment_stop_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)


class CalendarDay(Record):
    """A day that is not an ordinary school day or weekend."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("day", "kind"),)

    day: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    kind: Mapped[DayKind] = mapped_column(word(DayKind), info=ADMINISTRATIVE)
    label: Mapped[str] = mapped_column(info=ADMINISTRATIVE)


class OrgUnit(Record):
    """A grade, college, class, dormitory or office."""

    __tablename__ = "org_unit"
    __table_args__ = (UniqueConstraint("parent_id", "kind", "name"),)

    kind: Mapped[UnitKind] = mapped_column(word(UnitKind), info=ADMINISTRATIVE)
    name: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True, info=ADMINISTRATIVE)
    entry_year: Mapped[int | None] = mapped_column(info=ADMINISTRATIVE)
    """Year in which the cohort of a class entered the school."""
    active: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)


class Room(Record):
    """A room in which appointments are held (SYS-47)."""

    __tablename__ = "room"

    name: Mapped[str] = mapped_column(unique=True, info=ADMINISTRATIVE)
    active: Mapped[bool] = mapped_column(info=ADMINISTRATIVE)
