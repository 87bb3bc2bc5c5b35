"""学年升级: every class becomes the class of the next grade, the last grade graduates, the next school year begins.

All of it is one change. It is not undone by a button, because the room works on with the new classes at once; who was
moved by mistake is moved back by hand, in the student's data, and nothing of a record depends on the class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select, update

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Student
from counselroom.model.school import AcademicYear, OrgUnit, School, Term
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.people import StudentStatus
from counselroom.rules.roll_over import Outcome, next_class, next_year
from counselroom.rules.school import SchoolType, UnitKind
from counselroom.rules.school_calendar import TermSpan, place_of
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work

_WEEKS = timedelta(weeks=52)
"""The terms of the next year are proposed on the same weekdays."""


@dataclass(frozen=True)
class ClassStep:
    """What is to become of the students of one class.

    Attributes:
        class_id: the class of today.
        outcome: move, graduate or stay.
        target: name of the class they move to; empty otherwise.
    """

    class_id: str
    outcome: Outcome
    target: str = ""


@dataclass(frozen=True)
class ProposedStep:
    """A step with what the page shows of it; students on leave stay where they are."""

    step: ClassStep
    grade: str
    name: str
    enrolled: int
    on_leave: int


@dataclass(frozen=True)
class RollOverPlan:
    """The proposal: from which year into which, and every class that has students."""

    from_year: str
    to_year: str
    steps: tuple[ProposedStep, ...]


@dataclass(frozen=True)
class RollOverCounts:
    """What happened, or in a dry run would happen."""

    moved: int
    graduated: int
    stayed: int
    new_classes: int


def propose_roll_over(actor: Actor, desk: Desk) -> RollOverPlan:
    """Return what every class would become next year."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("org_unit"), work)
        school_type = work.session.scalar(select(School.school_type)) or SchoolType.JUNIOR
        year = place_of(work.now.date(), work.terms()).academic_year
        counts: dict[tuple[str | None, StudentStatus], int] = {
            (row[0], row[1]): row[2]
            for row in work.session.execute(
                select(Student.class_id, Student.status, func.count())
                .where(Student.voided_at.is_(None), Student.class_id.is_not(None))
                .group_by(Student.class_id, Student.status)
            )
        }
        units = {unit.id: unit for unit in work.session.scalars(select(OrgUnit).where(OrgUnit.voided_at.is_(None)))}
        steps = []
        for unit in sorted(units.values(), key=lambda unit: (-(unit.entry_year or 0), unit.name)):
            enrolled = counts.get((unit.id, StudentStatus.ENROLLED), 0)
            on_leave = counts.get((unit.id, StudentStatus.ON_LEAVE), 0)
            if unit.kind is UnitKind.CLASS and enrolled + on_leave:
                above = units.get(unit.parent_id or "")
                proposed = _proposal(unit.name, above.name if above is not None else "", school_type)
                step = ClassStep(unit.id, proposed[0], proposed[1])
                grade = above.name if above is not None else ""
                steps.append(ProposedStep(step, grade, unit.name, enrolled, on_leave))
        return RollOverPlan(year, next_year(year), tuple(steps))


def try_roll_over(
    actor: Actor, desk: Desk, steps: Sequence[ClassStep], held_back: frozenset[str] = frozenset()
) -> RollOverCounts:
    """Return what `roll_over` would do, without doing it.

    Raises:
        UserError: two classes would become the same one, or a class to move to has no name.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("org_unit"), work)
        _check(work, steps)
        return _counts(work, steps, held_back)


def roll_over(
    actor: Actor,
    desk: Desk,
    steps: Sequence[ClassStep],
    left_on: date,
    held_back: frozenset[str] = frozenset(),
) -> Done[RollOverCounts]:
    """Move all classes at once, let the last grade graduate on `left_on`, and begin the next academic year.

    Students on leave and those held back stay in their class, which the next cohort will join.

    Raises:
        UserError: two classes would become the same one, or a class to move to has no name.
        AccessDenied: only the director may.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("org_unit"), work)
        _check(work, steps)
        counts = _counts(work, steps, held_back)
        going = [Student.status == StudentStatus.ENROLLED, Student.voided_at.is_(None)]
        if held_back:
            going.append(Student.id.not_in(held_back))
        stamps = {"updated_at": work.now, "updated_by": actor.account_id}
        graduating = [step.class_id for step in steps if step.outcome is Outcome.GRADUATE]
        work.session.execute(
            update(Student)
            .where(Student.class_id.in_(graduating), *going)
            .values(status=StudentStatus.GRADUATED, left_on=left_on, **stamps)
        )
        targets = {step.class_id: _target(work, actor, step) for step in steps if step.outcome is Outcome.MOVE}
        work.session.flush()
        if targets:
            # One statement for all: whoever moved up must not be met again by the step of the class he came to.
            work.session.execute(
                update(Student)
                .where(Student.class_id.in_(list(targets)), *going)
                .values(class_id=case(targets, value=Student.class_id), **stamps)
            )
        _pass_cohorts_on(work, actor, targets)
        _begin_year(work, actor)
        for step in steps:
            work.changed("student", step.class_id)
        work.session.expire_all()
        return Done(counts, work.changes())


def _proposal(name: str, grade: str, school_type: SchoolType) -> tuple[Outcome, str]:
    """The name of the class says its grade; where it says none, the grade above it does and the name stays."""
    own = next_class(name, school_type)
    if own.outcome is not Outcome.STAY or not grade:
        return own.outcome, own.name
    above = next_class(grade, school_type)
    return above.outcome, name if above.outcome is Outcome.MOVE else ""


def _check(work: Work, steps: Sequence[ClassStep]) -> None:
    """Refuse what would mix two classes that nobody could part again."""
    if any(step.outcome is Outcome.MOVE and not step.target.strip() for step in steps):
        raise UserError(_("A class that moves needs the name of its next class."), _("Nothing was changed."))
    places = [_place(work, step) for step in steps if step.outcome is not Outcome.GRADUATE]
    if len(places) != len(set(places)):
        raise UserError(
            _("Two classes would become the same one."),
            _("Nothing was changed."),
            _("Please give each class a name of its own."),
        )


def _place(work: Work, step: ClassStep) -> tuple[str, str]:
    """Return grade and name of the class the students of a step will be in."""
    source, grade, name = _source(work, step)
    if step.outcome is Outcome.MOVE:
        return name, step.target.strip()
    return (grade.name if grade is not None else source.parent_id or ""), source.name


def _source(work: Work, step: ClassStep) -> tuple[OrgUnit, OrgUnit | None, str]:
    """Return the class of today, the grade above it, and the name of the next grade or the id of what stands there."""
    source = work.session.get(OrgUnit, step.class_id)
    if source is None:
        raise UserError(_("There is no such class."), _("Nothing was changed."))
    above = work.session.get(OrgUnit, source.parent_id) if source.parent_id is not None else None
    if above is None or above.kind is not UnitKind.GRADE:
        return source, None, source.parent_id or ""
    school_type = work.session.scalar(select(School.school_type)) or SchoolType.JUNIOR
    grade = next_class(above.name, school_type)
    return source, above, grade.name if grade.outcome is Outcome.MOVE else above.name


def _counts(work: Work, steps: Sequence[ClassStep], held_back: frozenset[str]) -> RollOverCounts:
    going = {
        row[0]: row[1]
        for row in work.session.execute(
            select(Student.class_id, func.count())
            .where(Student.voided_at.is_(None), Student.status == StudentStatus.ENROLLED, Student.id.not_in(held_back))
            .group_by(Student.class_id)
        )
    }
    total = work.session.scalar(
        select(func.count())
        .select_from(Student)
        .where(Student.voided_at.is_(None), Student.status.in_((StudentStatus.ENROLLED, StudentStatus.ON_LEAVE)))
    )
    names = set(work.session.scalars(select(OrgUnit.name).where(OrgUnit.kind == UnitKind.CLASS)))
    moved = sum(going.get(step.class_id, 0) for step in steps if step.outcome is Outcome.MOVE)
    graduated = sum(going.get(step.class_id, 0) for step in steps if step.outcome is Outcome.GRADUATE)
    new = sum(step.outcome is Outcome.MOVE and step.target.strip() not in names for step in steps)
    return RollOverCounts(moved, graduated, (total or 0) - moved - graduated, new)


def _target(work: Work, actor: Actor, step: ClassStep) -> str:
    """Return the id of the class a class becomes; it is added, with the grade above it, where it is missing."""
    source, grade, next_grade = _source(work, step)
    parent_id = source.parent_id
    if grade is not None and next_grade != grade.name:
        parent_id = _unit(work, actor, UnitKind.GRADE, next_grade, grade.parent_id)
    return _unit(work, actor, UnitKind.CLASS, step.target.strip(), parent_id)


def _unit(work: Work, actor: Actor, kind: UnitKind, name: str, parent_id: str | None) -> str:
    parent = OrgUnit.parent_id.is_(None) if parent_id is None else OrgUnit.parent_id == parent_id
    found = work.session.scalar(select(OrgUnit).where(OrgUnit.kind == kind, OrgUnit.name == name, parent))
    if found is None:
        found = OrgUnit(
            **work.common(actor, Secrecy.S1, work.now.date()), kind=kind, name=name, parent_id=parent_id, active=True
        )
        work.session.add(found)
        work.session.flush()
    if not found.active:
        found.active = True
    work.changed("org_unit", found.id)
    return found.id


def _pass_cohorts_on(work: Work, actor: Actor, targets: dict[str, str]) -> None:
    """The year of entry goes with the cohort; a class left empty by it waits for the cohort one year younger."""
    units = {
        unit.id: unit
        for unit in work.session.scalars(select(OrgUnit).where(OrgUnit.id.in_({*targets, *targets.values()})))
    }
    years = {class_id: units[class_id].entry_year for class_id in targets}
    for class_id, target in targets.items():
        if units[target].entry_year != years[class_id]:
            units[target].entry_year = years[class_id]
            work.touch(units[target], actor)
    for class_id in set(targets) - set(targets.values()):
        year = years[class_id]
        if year is not None:
            units[class_id].entry_year = year + 1
            work.touch(units[class_id], actor)


def _begin_year(work: Work, actor: Actor) -> None:
    """Add the next academic year with its terms 52 weeks later, where the school has not set it already."""
    name = next_year(place_of(work.now.date(), work.terms()).academic_year)
    if work.session.scalar(select(AcademicYear.id).where(AcademicYear.name == name)) is not None:
        return
    last: list[TermSpan] = [term for term in work.terms() if next_year(term.academic_year) == name]
    if not last:
        return
    first, end = last[0].starts_on + _WEEKS, last[-1].ends_on + _WEEKS
    year = AcademicYear(**work.common(actor, Secrecy.S1, first), name=name, starts_on=first, ends_on=end)
    work.session.add(year)
    work.session.flush()
    for span in last:
        term = Term(
            **work.common(actor, Secrecy.S1, span.starts_on + _WEEKS),
            academic_year_id=year.id,
            number=span.number,
            starts_on=span.starts_on + _WEEKS,
            ends_on=span.ends_on + _WEEKS,
            appointment_stop_on=span.appointment_stop_on + _WEEKS,
        )
        work.session.add(term)
    work.changed("academic_year", year.id)
    work.session.flush()
