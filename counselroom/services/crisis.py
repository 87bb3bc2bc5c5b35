"""专案: begin, see, go on, close (SYS-26). Steps, log, guard and papers have services of their own."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.crisis_events import CrisisEvent, CrisisStep
from counselroom.rules import crisis as rules
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.crisis import CloseObstacle
from counselroom.rules.crisis_plan import AFFECTS_OTHERS, StepOwner, checklists_for
from counselroom.rules.crisis_words import CrisisState, Ideation, LogKind, StepState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows, triggers
from counselroom.services.changes import Done, Undo
from counselroom.services.crisis_rows import EventData
from counselroom.services.crisis_views import (
    EventView,
    blocks_of,
    data_of,
    event_view,
    level_word,
    state_word,
)
from counselroom.services.desk import Desk, Work
from counselroom.services.guard_rows import guard_state
from counselroom.services.plan_files import shipped_checklists
from counselroom.services.rows import moved_on
from counselroom.services.triggers import Event as Told
from counselroom.services.triggers import Happened
from counselroom.vault import search_index


class NotReadyToClose(UserError):
    """A 专案 can't be closed yet.

    Attributes:
        obstacles: what stands in the way.
    """

    def __init__(self, obstacles: tuple[CloseObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            CloseObstacle.OPEN_STEPS: _("items are open"),
            CloseObstacle.DUTY_MISSING: _("one of the seven duties has neither a time nor a reason"),
            CloseObstacle.SILENTLY_LATE: _("an item was late without a reason"),
            CloseObstacle.GUARD_RUNNING: _("the guard is not handed over"),
            CloseObstacle.GUARD_GAP: _("a gap in the guard is not explained"),
            CloseObstacle.NO_OUTCOME: _("the outcome is missing"),
            CloseObstacle.NOT_SETTLED_DOWN: _("it is not marked as stabilised"),
        }
        super().__init__(
            _("The crisis case cannot be closed yet: {what}.").format(
                what=pgettext("list", "; ").join(words[item] for item in obstacles)
            ),
            _("Everything recorded is saved."),
        )


def start_event(actor: Actor, desk: Desk, data: EventData, ideation: Ideation = Ideation.NONE) -> Done[str]:
    """Begin a 专案: the clock runs, the checklists hang, nothing is asked; returns its id.

    Raises:
        UserError: there is no such student, or it was found in the future.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("crisis_event", secrecy=Secrecy.S2), work)
        now = crisis_rows.reading(desk, work)
        row = crisis_rows.begin_event(work, actor, now, data, checklists_for(data.kind, ideation), None)
        undo = Undo(
            _("The crisis case {code} was begun.").format(code=row.code),
            "take_back_event",
            {"event_id": row.id, "seen": row.updated_at},
        )
        return Done(row.id, work.changes(undo))


def take_back_event(actor: Actor, desk: Desk, event_id: str, seen: datetime) -> Done[None]:
    """Take the beginning of a 专案 back, as long as nothing was done in it; its code is not given again.

    Raises:
        UserError: something was done since; it is closed as begun by mistake then.
    """
    with desk.change() as work:
        row = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, row, actor), work)
        if row.updated_at != seen or any(step.updated_at != seen for step in crisis_rows.step_rows(work, event_id)):
            raise moved_on()
        for step in crisis_rows.step_rows(work, event_id):
            step.voided_at, step.voided_by, step.void_reason = work.now, actor.account_id, _UNDONE
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, _UNDONE
        work.touch(row, actor)
        search_index.remove(work.session, "crisis_event", row.id)
        return Done(None, work.changes())


_UNDONE = "撤销启动"
"""Kept in the record, which is Chinese whatever the window speaks."""


def edit_event(actor: Actor, desk: Desk, event_id: str, data: EventData, seen: datetime | None = None) -> Done[None]:
    """Change what is known of a 专案. Student and when it was found stay: the deadlines count from there.

    Raises:
        UserError: it is closed, has moved on since `seen`, or student or moment would change.
    """
    with desk.change() as work:
        row = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, row, actor), work)
        if seen is not None and row.updated_at != seen:
            raise moved_on()
        if (data.student_id, data.found_at) != (row.student_id, row.found_at):
            raise UserError(
                _("Student and time of finding stay as they were begun: all deadlines count from there."),
                _("Nothing was changed."),
                _("If they are wrong, close it as begun by mistake and begin a new one."),
            )
        before = data_of(row)
        for field in fields(EventData):
            setattr(row, field.name, getattr(data, field.name))
        if data.kind in AFFECTS_OTHERS or data.kind is not before.kind:
            for key in checklists_for(data.kind, Ideation.NONE):
                crisis_rows.hang(work, actor, crisis_rows.reading(desk, work), row, key)
        if data.level is not before.level:
            said = _("The level is now: {level}.").format(level=level_word(data.level))
            crisis_rows.log(work, actor, row, LogKind.STATE, said)
        crisis_rows.index(work, row)
        work.touch(row, actor)
        return Done(None, work.changes())


def hang_checklist(actor: Actor, desk: Desk, event_id: str, key: str) -> Done[None]:
    """Hang one more checklist on a 专案. Raises UserError when it is closed, or there is no such list."""
    with desk.change() as work:
        row = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, row, actor), work)
        if key not in shipped_checklists():
            raise UserError(_("There is no such checklist."), _("Nothing was changed."))
        crisis_rows.hang(work, actor, crisis_rows.reading(desk, work), row, key)
        work.touch(row, actor)
        return Done(None, work.changes())


def add_step(
    actor: Actor, desk: Desk, event_id: str, title: str, due_at: datetime | None = None, owner_id: str | None = None
) -> Done[str]:
    """Add an item of one's own to a 专案; returns its id. Raises UserError for an empty title or a past deadline."""
    if not title.strip():
        raise UserError(_("An item needs its words."), _("Nothing was changed."))
    with desk.change() as work:
        event = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if due_at is not None and due_at <= work.now:
            raise UserError(_("A deadline lies in the future."), _("Nothing was changed."))
        rows = crisis_rows.step_rows(work, event_id)
        row = CrisisStep(
            **work.common(actor, Secrecy.S2, event.found_at.date()),
            event_id=event_id,
            checklist="",
            item=f"+{sum(not step.checklist for step in rows) + 1:02d}",
            position=max((step.position for step in rows), default=0) + 1,
            stage=pgettext("stage", "Added"),
            title=title.strip(),
            evidence_needed=False,
            waits_for=[],
            owner_role=StepOwner.COUNSELLOR.value,
            owner_id=owner_id,
            state=StepState.OPEN,
        )
        if due_at is not None:
            row.limit_minutes = max(1, round((due_at - work.now) / timedelta(minutes=1)))
            crisis_rows.start_clock(row, crisis_rows.trusted(crisis_rows.reading(desk, work), event, rows), work.now)
        work.session.add(row)
        crisis_rows.stamp(work, row, actor)
        work.session.flush()
        return Done(row.id, work.changes())


def set_event_state(actor: Actor, desk: Desk, event_id: str, state: CrisisState) -> Done[None]:
    """Lead a 专案 on to another state; closing has its own function.

    Raises:
        UserError: the state can't follow the present one.
    """
    with desk.change() as work:
        row = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, row, actor), work)
        ends = (CrisisState.CLOSED, CrisisState.FALSE_ALARM)
        if state in ends or not rules.may_become(row.state, state):
            raise UserError(
                _("This step does not follow from the crisis case's present state."), _("Nothing was changed.")
            )
        was_responding = row.state is CrisisState.RESPONDING
        row.state = state
        crisis_rows.log(work, actor, row, LogKind.STATE, _("It is now: {state}.").format(state=state_word(state)))
        if state is CrisisState.RESPONDING:
            _tell(work, actor, row, Happened.CRISIS_RESPONSE)
        elif was_responding:
            _tell(work, actor, row, Happened.CRISIS_RESPONSE_OVER)
        work.touch(row, actor)
        return Done(None, work.changes())


def close_event(actor: Actor, desk: Desk, event_id: str, outcome: str) -> Done[None]:
    """Close a 专案.

    Raises:
        NotReadyToClose: items are open, one of the seven duties shows nothing (R-05), the guard runs or has a gap that
            is not explained (R-06), or the outcome is missing.
    """
    with desk.change() as work:
        row = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, row, actor), work)
        obstacles = blocks_of(work, row, outcome)
        if obstacles:
            raise NotReadyToClose(obstacles)
        row.outcome = outcome.strip()
        _end(work, actor, row, CrisisState.CLOSED)
        crisis_rows.index(work, row)
        _tell(work, actor, row, Happened.CRISIS_OVER)
        return Done(None, work.changes())


def close_as_mistaken(actor: Actor, desk: Desk, event_id: str, reason: str) -> Done[None]:
    """Close a 专案 that was begun by mistake (误启动); it stays in the record with its reason.

    Raises:
        UserError: no reason, or it is over.
    """
    if not reason.strip():
        raise UserError(_("Please say why it was begun by mistake; it stays in the record."), _("Nothing was changed."))
    with desk.change() as work:
        row = crisis_rows.open_event(work, event_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, row, actor), work)
        running = guard_state(work, event_id).running
        if running:
            raise NotReadyToClose((CloseObstacle.GUARD_RUNNING,))
        was_responding = row.state is CrisisState.RESPONDING
        row.close_reason = reason.strip()
        _end(work, actor, row, CrisisState.FALSE_ALARM)
        if was_responding:
            _tell(work, actor, row, Happened.CRISIS_RESPONSE_OVER)
        return Done(None, work.changes())


def event(actor: Actor, desk: Desk, event_id: str) -> EventView:
    """Return a 专案 whole; reading it leaves an audit row."""
    with desk.look() as work:
        row = crisis_rows.load_event(work, event_id)
        subject = crisis_rows.event_subject(work, row, actor)
        access.allow(actor, Action.READ, subject, work)
        if subject.secrecy is not Secrecy.S3:
            work.audit(actor, Action.READ, "crisis_event", row.id)
        return event_view(work, crisis_rows.reading(desk, work), row)


def _end(work: Work, actor: Actor, row: CrisisEvent, state: CrisisState) -> None:
    row.state, row.closed_at, row.closed_by = state, work.now, actor.account_id
    crisis_rows.log(work, actor, row, LogKind.STATE, _("It is now: {state}.").format(state=state_word(state)))
    work.touch(row, actor)


def _tell(work: Work, actor: Actor, row: CrisisEvent, what: Happened) -> None:
    """Let follow-up begin or end what hangs on the state of a 专案 (triggers §3.G)."""
    work.session.flush()
    triggers.fire(work, actor, Told(what, row.student_id, row.id, row.counsellor_id, work.now.date()))
