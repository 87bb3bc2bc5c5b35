"""专案 as the services of the crisis share it: loading, access, the clock that is believed, beginning, search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.crisis_events import CrisisEvent, CrisisLog, CrisisStep
from counselroom.model.people import Person, Student
from counselroom.rules import crisis as rules
from counselroom.rules.access import Actor, Subject
from counselroom.rules.crisis_plan import ClockStart, PlanItem
from counselroom.rules.crisis_words import CrisisKind, CrisisLevel, CrisisState, LogKind, StepState
from counselroom.rules.deadlines import ClockReading, Present, present
from counselroom.rules.numbering import Series
from counselroom.rules.secrecy import Secrecy
from counselroom.services import crisis_plans, numbers, parameter_values
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import crisis_subject
from counselroom.vault import search_index
from counselroom.vault.search_index import IndexEntry


@dataclass(frozen=True)
class EventData:
    """What is known when a 专案 begins.

    Attributes:
        student_id: whom it is about.
        found_at: when it was found; all deadlines count from here and it never changes.
        kind: what it is.
        level: how serious.
        found_by: who found it.
        occurred_at: when it happened, if known.
        place: where.
        facts: what happened, in facts only: it goes to the school's leaders.
        measures: what was done already.
        commander: who leads on the spot.
        care_point: what the class teacher is told.
        deputy_id: a second counsellor.
        case_id: the counselling case it came out of.
        restricted: whether only the two counsellors and named people may see it.
    """

    student_id: str
    found_at: datetime
    kind: CrisisKind
    level: CrisisLevel
    found_by: str | None = None
    occurred_at: datetime | None = None
    place: str | None = None
    facts: str | None = None
    measures: str | None = None
    commander: str | None = None
    care_point: str | None = None
    deputy_id: str | None = None
    case_id: str | None = None
    restricted: bool = False


def load_event(work: Work, event_id: str) -> CrisisEvent:
    """Return the row of a 专案. Raises UserError when there is none."""
    row = work.session.get(CrisisEvent, event_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such crisis case."), _("Nothing was changed."))
    return row


def event_subject(work: Work, row: CrisisEvent, actor: Actor) -> Subject:
    """Return a 专案 as the access rules see it when `actor` comes."""
    return crisis_subject(work, row, actor.person_id)


def open_event(work: Work, event_id: str) -> CrisisEvent:
    """Return the row of a 专案 that is not over. Raises UserError when there is none, or it is closed."""
    row = load_event(work, event_id)
    if row.closed_at is not None:
        raise UserError(_("This crisis case is closed."), _("Nothing was changed."))
    return row


def reading(desk: Desk, work: Work) -> ClockReading:
    """Return what the machine's clocks say in this piece of work."""
    return ClockReading(work.now, desk.clock.boot_id(), round(desk.clock.since_boot() * 1000))


def step_rows(work: Work, event_id: str) -> list[CrisisStep]:
    """Return the steps of a 专案 in the order of the plan, without those that an undo set aside."""
    query = select(CrisisStep).where(CrisisStep.event_id == event_id, CrisisStep.voided_at.is_(None))
    return list(work.session.scalars(query.order_by(CrisisStep.position, CrisisStep.id)))


def as_rule(row: CrisisStep) -> rules.Step:
    """Return a step as the rules see it; one set aside as not applicable is settled when that was written down."""
    skipped = row.state is StepState.NOT_APPLICABLE
    return rules.Step(
        row.id,
        row.item,
        row.position,
        row.state,
        row.duty,
        tuple(row.waits_for),
        row.limit_minutes,
        ClockStart.READY if row.waits_for and row.runs_from_at is None else ClockStart.FOUND,
        row.runs_from_at,
        row.due_at,
        row.recorded_at if skipped else row.done_at,
        row.late_reason,
        row.skip_reason,
    )


def grace(work: Work) -> timedelta:
    """Return how long what is to be done at once may take before it is late."""
    return timedelta(minutes=parameter_values.number(work, "crisis_at_once_minutes"))


def present_of(now: ClockReading, event: CrisisEvent, steps: list[CrisisStep]) -> Present:
    """Return what time it is for a 专案: by its newest stamp, never before its newest line (R-20)."""
    stamps = [
        ClockReading(row.clock_at, row.clock_boot or "", row.clock_ms or 0) for row in steps if row.clock_at is not None
    ]
    same = [stamp for stamp in stamps if stamp.boot == now.boot and stamp.ms <= now.ms]
    newest = max((event.updated_at, *(row.updated_at for row in steps)))
    return present(now, max(same, key=lambda stamp: stamp.ms, default=None), newest)


def trusted(now: ClockReading, event: CrisisEvent, steps: list[CrisisStep]) -> ClockReading:
    """Return the clocks with the time that can be believed, so that a clock set wrong gets into no new stamp."""
    return ClockReading(present_of(now, event, steps).at, now.boot, now.ms)


def begin_event(
    work: Work, actor: Actor, now: ClockReading, data: EventData, checklists: tuple[str, ...], assessment_id: str | None
) -> CrisisEvent:
    """Begin a 专案 with its checklists; within a piece of work that was allowed.

    Raises:
        UserError: there is no such student, or it was found in the future.
    """
    if work.session.get(Student, data.student_id) is None:
        raise UserError(_("There is no such student."), _("Nothing was changed."))
    if data.found_at > work.now:
        raise UserError(_("It cannot have been found in the future."), _("Nothing was changed."))
    row = CrisisEvent(
        **work.common(actor, Secrecy.S2, data.found_at.date()),
        code=numbers.next_code(work, Series.CRISIS, data.found_at.year),
        assessment_id=assessment_id,
        counsellor_id=actor.person_id,
        state=CrisisState.REPORTED,
        plan=[],
        started_at=work.now,
        started_by=actor.account_id,
        **{name: getattr(data, name) for name in EventData.__dataclass_fields__},
    )
    work.session.add(row)
    work.session.flush()
    for key in checklists:
        hang(work, actor, now, row, key)
    log(work, actor, row, LogKind.STATE, _("The crisis case was begun."))
    index(work, row)
    work.touch(row, actor)
    work.session.flush()
    return row


def hang(work: Work, actor: Actor, now: ClockReading, event: CrisisEvent, key: str) -> None:
    """Hang a checklist on a 专案, unless it hangs there; its words and limits stay as they are today (R-17)."""
    if any(entry["key"] == key for entry in event.plan):
        return
    found = crisis_plans.checklist(work, key)
    now = trusted(now, event, step_rows(work, event.id))
    last = work.session.scalar(
        select(func.max(CrisisStep.position)).where(CrisisStep.event_id == event.id, CrisisStep.checklist != "")
    )
    for position, item in enumerate(found.items, start=(last or 0) + 1):
        work.session.add(_step(work, actor, now, event, key, item, position))
    entry = {"key": key, "title": found.title, "version": str(found.version), "sha256": found.sha256}
    entry["own"] = "1" if found.is_own else ""
    event.plan = [*event.plan, entry]
    work.session.flush()


def _step(
    work: Work, actor: Actor, now: ClockReading, event: CrisisEvent, key: str, item: PlanItem, position: int
) -> CrisisStep:
    minutes = crisis_plans.minutes_of(work, item.within, item.minutes)
    row = CrisisStep(
        **work.common(actor, Secrecy.S2, event.found_at.date()),
        event_id=event.id,
        checklist=key,
        item=item.key,
        position=position,
        stage=item.stage,
        title=item.title,
        detail=item.detail or None,
        duty=item.duty,
        document=item.document or None,
        evidence_needed=item.evidence,
        waits_for=list(item.waits_for),
        limit_minutes=minutes,
        owner_role=item.owner.value,
        owner_id=None,
        state=StepState.OPEN,
    )
    if item.clock is ClockStart.FOUND and minutes is not None:
        start_clock(row, now, event.found_at)
    return row


def start_clock(row: CrisisStep, now: ClockReading, runs_from: datetime) -> None:
    """Set the deadline of a step, once, with what the machine's clocks say."""
    row.runs_from_at = runs_from
    row.due_at = rules.deadline_of(runs_from, row.limit_minutes)
    row.clock_at, row.clock_boot, row.clock_ms = now.at, now.boot, now.ms


def start_clocks(work: Work, actor: Actor, now: ClockReading, event_id: str) -> None:
    """Set the deadlines of the steps whose limits count from now on."""
    work.session.flush()
    rows = {row.id: row for row in step_rows(work, event_id)}
    now = trusted(now, load_event(work, event_id), list(rows.values()))
    for step_id, runs_from in rules.clocks_that_begin([as_rule(row) for row in rows.values()]).items():
        start_clock(rows[step_id], now, runs_from)
        stamp(work, rows[step_id], actor)


def stamp(work: Work, row: CrisisStep, actor: Actor) -> None:
    """Stamp a changed step; it is told of as the 专案 it belongs to."""
    row.updated_at, row.updated_by = work.now, actor.account_id
    work.changed("crisis_event", row.event_id)


def log(
    work: Work, actor: Actor, event: CrisisEvent, kind: LogKind, said: str, at: datetime | None = None
) -> CrisisLog:
    """Add a line to the 经过记录."""
    row = CrisisLog(
        **work.common(actor, Secrecy.S2, event.found_at.date()),
        event_id=event.id,
        at=at or work.now,
        kind=kind,
        said=said,
    )
    work.session.add(row)
    work.changed("crisis_event", event.id)
    return row


def index(work: Work, event: CrisisEvent) -> None:
    """Let search find a 专案 by what it says."""
    subject = crisis_subject(work, event)
    lines = work.session.scalars(
        select(CrisisLog.said).where(CrisisLog.event_id == event.id, CrisisLog.kind != LogKind.STATE)
    )
    entry = IndexEntry(
        entity="crisis_event",
        entity_id=event.id,
        subject_person=event.student_id,
        owner=event.counsellor_id,
        secrecy=subject.secrecy,
        restricted=subject.restricted,
        occurred_on=event.found_at.date(),
        title=event.code,
    )
    texts = [event.code, event.facts or "", event.measures or "", event.outcome or "", *lines]
    search_index.index(work.session, entry, texts)


def name_of(work: Work, person_id: str | None) -> str:
    """Return a person's name, or nothing."""
    return (work.session.scalar(select(Person.name).where(Person.id == person_id)) or "") if person_id else ""
