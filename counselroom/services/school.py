"""The school: profile, academic years and terms, special days, units, rooms (SYS-01, SYS-03)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from counselroom import resources
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.school import AcademicYear, CalendarDay, OrgUnit, Room, School, Term
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.school import DayKind, SchoolType, UnitKind, Vocabulary
from counselroom.rules.school_calendar import TermSpan, overlapping_terms
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk
from counselroom.services.rows import moved_on

_YEAR_NAME = re.compile(r"(\d{4})-(\d{4})\Z")
_SCHOOL_CODE = re.compile(r"[0-9A-Z]{1,12}\Z")


@dataclass(frozen=True)
class SchoolProfile:
    """What is printed on every form about the school."""

    name: str
    code: str
    school_type: SchoolType
    room_name: str
    room_phone: str | None = None


@dataclass(frozen=True)
class TermDates:
    """The dates of one term; both ends belong to it."""

    number: int
    starts_on: date
    ends_on: date
    appointment_stop_on: date


@dataclass(frozen=True)
class UnitView:
    """A unit of the school."""

    id: str
    kind: UnitKind
    name: str
    parent_id: str | None
    entry_year: int | None


@dataclass(frozen=True)
class RoomView:
    """A room for appointments."""

    id: str
    name: str
    active: bool


def vocabulary(school_type: SchoolType) -> Vocabulary:
    """Return the words of a type of school from `resources/schools.toml`."""
    entry = tomllib.loads(resources.read_text("resources/schools.toml"))[school_type.value]
    return Vocabulary(
        unit=entry["unit"],
        class_teacher=entry["class_teacher"],
        student_no=entry["student_no"],
        grades=tuple(entry["grades"]),
        warning_network=tuple(entry["warning_network"]),
    )


def school_profile(actor: Actor, desk: Desk) -> SchoolProfile | None:
    """Return the profile, or None before it was set."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("school"), work)
        row = work.session.scalar(select(School))
        return None if row is None else _profile(row)


def _profile(row: School) -> SchoolProfile:
    return SchoolProfile(row.name, row.code, row.school_type, row.room_name, row.room_phone)


def set_school_profile(
    actor: Actor, desk: Desk, profile: SchoolProfile, seen: datetime | None = None
) -> Done[SchoolProfile]:
    """Set name, code, type and room of the school.

    Raises:
        UserError: a name is empty, the code is not 1 to 12 capital letters and digits, or the school's data have moved
            on since `seen`.
    """
    if not profile.name.strip() or not profile.room_name.strip():
        raise UserError(_("The school and the room need a name."), _("Nothing was changed."))
    if not _SCHOOL_CODE.match(profile.code):
        raise UserError(
            _("The school's code is 1 to 12 capital letters and digits; it stands in archive numbers."),
            _("Nothing was changed."),
        )
    with desk.change() as work:
        row = work.session.scalar(select(School))
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("school", row.id if row else ""), work)
        if row is not None and seen is not None and row.updated_at != seen:
            raise moved_on()
        before = None if row is None else _profile(row)
        if row is None:
            row = School(**work.common(actor, Secrecy.S1, work.now.date()))
            work.session.add(row)
        row.name, row.code, row.school_type = profile.name.strip(), profile.code, profile.school_type
        row.room_name, row.room_phone = profile.room_name.strip(), profile.room_phone
        work.touch(row, actor)
        undo = None
        if before is not None:
            undo = Undo(
                _("The school's data were changed."), "set_school_profile", {"profile": before, "seen": work.now}
            )
        return Done(_profile(row), work.changes(undo))


def set_academic_year(
    actor: Actor, desk: Desk, name: str, terms: tuple[TermDates, ...], seen: datetime | None = None
) -> Done[str]:
    """Create an academic year such as `2026-2027`, or replace the dates of its terms; only the latter can be undone.

    Raises:
        UserError: the name is not two years in a row, a term ends before it begins, its stop day lies outside it,
            two terms overlap, or the year has moved on since `seen`.
    """
    match = _YEAR_NAME.match(name)
    if match is None or int(match[2]) != int(match[1]) + 1:
        raise UserError(_("An academic year is written like 2026-2027."), _("Nothing was changed."))
    if not terms or len({term.number for term in terms}) != len(terms):
        raise UserError(_("An academic year needs terms with different numbers."), _("Nothing was changed."))
    for term in terms:
        if not term.starts_on <= term.appointment_stop_on <= term.ends_on:
            raise UserError(
                _("Term {number} must begin before its stop day, and end after it.").format(number=term.number),
                _("Nothing was changed."),
            )
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("academic_year", name), work)
        spans = tuple(
            TermSpan(name, term.number, term.starts_on, term.ends_on, term.appointment_stop_on) for term in terms
        )
        stored = work.terms()
        others = tuple(span for span in stored if span.academic_year != name)
        if overlapping_terms(spans + others):
            raise UserError(_("Two terms overlap."), _("Nothing was changed."), _("Please correct the dates."))
        year = work.session.scalar(select(AcademicYear).where(AcademicYear.name == name))
        if year is not None and seen is not None and year.updated_at != seen:
            raise moved_on()
        undo = None if year is None else _undo_year(name, stored, work.now)
        first, last = min(span.starts_on for span in spans), max(span.ends_on for span in spans)
        if year is None:
            year = AcademicYear(**work.common(actor, Secrecy.S1, first), name=name, starts_on=first, ends_on=last)
            work.session.add(year)
        year.starts_on, year.ends_on = first, last
        work.touch(year, actor)
        work.session.flush()
        known = {row.number: row for row in work.session.scalars(select(Term).where(Term.academic_year_id == year.id))}
        for number, row in known.items():
            if number not in {span.number for span in spans}:
                work.session.delete(row)
        for span in spans:
            row = known.get(span.number) or Term(
                **work.common(actor, Secrecy.S1, span.starts_on), academic_year_id=year.id, number=span.number
            )
            row.starts_on, row.ends_on = span.starts_on, span.ends_on
            row.appointment_stop_on = span.appointment_stop_on
            work.session.add(row)
            work.touch(row, actor)
        return Done(name, work.changes(undo))


def _undo_year(name: str, stored: tuple[TermSpan, ...], now: datetime) -> Undo:
    before = tuple(
        TermDates(span.number, span.starts_on, span.ends_on, span.appointment_stop_on)
        for span in stored
        if span.academic_year == name
    )
    return Undo(_("The dates were changed."), "set_academic_year", {"name": name, "terms": before, "seen": now})


def list_terms(actor: Actor, desk: Desk) -> tuple[TermSpan, ...]:
    """Return the terms of the calendar in order."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("term"), work)
        return work.terms()


def mark_day(
    actor: Actor, desk: Desk, day: date, kind: DayKind, label: str, seen: datetime | None = None
) -> Done[date]:
    """Mark a day as a holiday, a make-up day, an exam or a day of attention; the same kind again changes its label.

    Raises:
        UserError: the mark has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("calendar_day", day.isoformat()), work)
        row = work.session.scalar(select(CalendarDay).where(CalendarDay.day == day, CalendarDay.kind == kind))
        if row is not None and seen is not None and row.updated_at != seen:
            raise moved_on()
        again = {"day": day, "kind": kind, "seen": work.now}
        undo = Undo(_("The day was marked."), "unmark_day", again)
        if row is None:
            row = CalendarDay(**work.common(actor, Secrecy.S1, day), day=day, kind=kind, label=label)
            work.session.add(row)
        else:
            undo = Undo(_("The day was marked."), "mark_day", {**again, "label": row.label})
        row.label = label
        work.touch(row, actor)
        return Done(day, work.changes(undo))


def unmark_day(actor: Actor, desk: Desk, day: date, kind: DayKind, seen: datetime | None = None) -> Done[date]:
    """Make a marked day an ordinary one again.

    Raises:
        UserError: it is not marked so, or the mark has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("calendar_day", day.isoformat()), work)
        row = work.session.scalar(select(CalendarDay).where(CalendarDay.day == day, CalendarDay.kind == kind))
        if row is None or (seen is not None and row.updated_at != seen):
            raise moved_on()
        again = {"day": day, "kind": kind, "label": row.label, "seen": work.now}
        undo = Undo(_("The mark was removed."), "mark_day", again)
        work.session.delete(row)
        work.changed("calendar_day", row.id)
        return Done(day, work.changes(undo))


def list_days(actor: Actor, desk: Desk, first: date, last: date) -> tuple[tuple[date, DayKind, str], ...]:
    """Return the marked days from `first` to `last`, both included."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("calendar_day"), work)
        rows = work.session.execute(
            select(CalendarDay.day, CalendarDay.kind, CalendarDay.label)
            .where(CalendarDay.day.between(first, last))
            .order_by(CalendarDay.day, CalendarDay.kind)
        )
        return tuple((day, kind, label) for day, kind, label in rows)


def add_unit(
    actor: Actor, desk: Desk, kind: UnitKind, name: str, parent_id: str | None = None, entry_year: int | None = None
) -> Done[UnitView]:
    """Add a grade, college, class or other unit.

    Raises:
        UserError: there is one of this name already, or the name is empty.
    """
    name = name.strip()
    if not name:
        raise UserError(_("The unit needs a name."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.IMPORT, Subject("org_unit"), work)
        twin = select(OrgUnit.id).where(OrgUnit.kind == kind, OrgUnit.name == name, OrgUnit.parent_id.is_(parent_id))
        if work.session.scalar(twin) is not None:
            raise UserError(_("There is a unit of this name already."), _("Nothing was changed."))
        row = OrgUnit(
            **work.common(actor, Secrecy.S1, work.now.date()),
            kind=kind,
            name=name,
            parent_id=parent_id,
            entry_year=entry_year,
            active=True,
        )
        work.session.add(row)
        work.changed("org_unit", row.id)
        again = {"unit_id": row.id, "name": name, "active": False, "seen": work.now}
        undo = Undo(_("The unit was added."), "set_unit", again)
        return Done(UnitView(row.id, kind, name, parent_id, entry_year), work.changes(undo))


def list_units(actor: Actor, desk: Desk, kind: UnitKind | None = None) -> tuple[UnitView, ...]:
    """Return the units of the school, of one kind or of all, by name."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("org_unit"), work)
        query = select(OrgUnit).where(OrgUnit.active, OrgUnit.voided_at.is_(None)).order_by(OrgUnit.name)
        if kind is not None:
            query = query.where(OrgUnit.kind == kind)
        return tuple(
            UnitView(row.id, row.kind, row.name, row.parent_id, row.entry_year) for row in work.session.scalars(query)
        )


def add_room(actor: Actor, desk: Desk, name: str) -> Done[str]:
    """Add a room for appointments and return its id.

    Raises:
        UserError: there is one of this name already, or the name is empty.
    """
    name = name.strip()
    if not name:
        raise UserError(_("The room needs a name."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("room"), work)
        if work.session.scalar(select(Room.id).where(Room.name == name)) is not None:
            raise UserError(_("There is a room of this name already."), _("Nothing was changed."))
        row = Room(**work.common(actor, Secrecy.S1, work.now.date()), name=name, active=True)
        work.session.add(row)
        work.changed("room", row.id)
        again = {"room_id": row.id, "name": name, "active": False, "seen": work.now}
        undo = Undo(_("The room was added."), "set_room", again)
        return Done(row.id, work.changes(undo))


def set_room(
    actor: Actor, desk: Desk, room_id: str, name: str, *, active: bool, seen: datetime | None = None
) -> Done[str]:
    """Rename a room, or take it out of use; appointments that were held in it stay.

    Raises:
        UserError: the room is not known, the name is empty, another room has it, or it has moved on since `seen`.
    """
    name = name.strip()
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("room", room_id), work)
        row = work.session.get(Room, room_id)
        if row is None or not name:
            raise UserError(_("The room needs a name."), _("Nothing was changed."))
        if work.session.scalar(select(Room.id).where(Room.name == name, Room.id != room_id)) is not None:
            raise UserError(_("There is a room of this name already."), _("Nothing was changed."))
        if seen is not None and row.updated_at != seen:
            raise moved_on()
        again = {"room_id": row.id, "name": row.name, "active": row.active, "seen": work.now}
        undo = Undo(_("The room was changed."), "set_room", again)
        row.name, row.active = name, active
        work.touch(row, actor)
        return Done(row.id, work.changes(undo))


def list_rooms(actor: Actor, desk: Desk) -> tuple[RoomView, ...]:
    """Return all rooms by name, those out of use too."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("room"), work)
        rows = work.session.scalars(select(Room).where(Room.voided_at.is_(None)).order_by(Room.name))
        return tuple(RoomView(row.id, row.name, row.active) for row in rows)
