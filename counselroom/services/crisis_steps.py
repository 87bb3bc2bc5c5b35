"""Items of a checklist: done, not applicable, taken back, given to somebody, corrected (SYS-27)."""

from __future__ import annotations

from datetime import datetime

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.counselling import Amendment
from counselroom.model.crisis_events import CrisisEvent, CrisisStep
from counselroom.rules import crisis as rules
from counselroom.rules.access import Action, Actor
from counselroom.rules.crisis import StepObstacle
from counselroom.rules.crisis_words import CrisisState, StepState
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, crisis_rows
from counselroom.services.changes import ChangeSet, Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on
from counselroom.vault import deeds


class StepRefused(UserError):
    """An item can't be settled so.

    Attributes:
        obstacles: why.
    """

    def __init__(self, obstacles: tuple[StepObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            StepObstacle.SETTLED: _("it is settled already"),
            StepObstacle.WAITS: _("items before it are open"),
            StepObstacle.IN_FUTURE: _("the time lies in the future"),
            StepObstacle.BEFORE_FOUND: _("the time lies before it was found"),
            StepObstacle.NO_LATE_REASON: _("it is late and the reason is missing"),
            StepObstacle.NO_SKIP_REASON: _("the reason is missing"),
            StepObstacle.NOBODY: _("who did it is missing"),
        }
        super().__init__(
            _("This item cannot be settled yet: {what}.").format(
                what=pgettext("list", "; ").join(words[item] for item in obstacles)
            ),
            _("Nothing was changed."),
        )


_HARMED = "CK-B"
_AROUND = "CK-D"


def complete_step(
    actor: Actor,
    desk: Desk,
    step_id: str,
    *,
    done_at: datetime | None = None,
    done_by: str = "",
    note: str = "",
    late_reason: str = "",
) -> Done[None]:
    """Note that an item is done; what depends on it begins to count.

    Args:
        actor: who writes it down.
        desk: the open vault.
        step_id: id of the item.
        done_at: when it was done; now, if left out.
        done_by: who did it; the actor, if left out.
        note: what is to be known about it.
        late_reason: why it was late; asked for when it was.

    Raises:
        StepRefused: it is settled, waits for others, is late without a reason, or the time can't be.
        UserError: the 专案 is closed.
    """
    with desk.change() as work:
        row, event = _load(work, step_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        rows = crisis_rows.step_rows(work, event.id)
        now = crisis_rows.reading(desk, work)
        present = crisis_rows.present_of(now, event, rows).at
        at = done_at or present
        who = done_by.strip() or crisis_rows.name_of(work, actor.person_id)
        obstacles = rules.obstacles_to_doing(
            crisis_rows.as_rule(row),
            [crisis_rows.as_rule(one) for one in rows],
            found_at=event.found_at,
            done_at=at,
            now=max(present, work.now),
            grace=crisis_rows.grace(work),
            done_by=who,
            late_reason=late_reason,
        )
        if obstacles:
            raise StepRefused(obstacles)
        row.state, row.done_at, row.done_by = StepState.DONE, at, who
        row.note, row.late_reason = note.strip() or None, late_reason.strip() or None
        return _settled(work, actor, desk, row, event, _("“{title}” is done.").format(title=row.title))


def skip_step(actor: Actor, desk: Desk, step_id: str, reason: str) -> Done[None]:
    """Set an item aside as not applicable; the reason stays with it.

    Raises:
        StepRefused: it is settled, waits for others, or there is no reason.
        UserError: the 专案 is closed.
    """
    with desk.change() as work:
        row, event = _load(work, step_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        steps = [crisis_rows.as_rule(one) for one in crisis_rows.step_rows(work, event.id)]
        obstacles = rules.obstacles_to_skipping(crisis_rows.as_rule(row), steps, reason)
        if obstacles:
            raise StepRefused(obstacles)
        row.state, row.skip_reason = StepState.NOT_APPLICABLE, reason.strip()
        return _settled(work, actor, desk, row, event, _("“{title}” does not apply.").format(title=row.title))


def reopen_step(actor: Actor, desk: Desk, step_id: str, seen: datetime) -> Done[str]:
    """Take the settling of an item back: the row stays as it was, void, and an open copy with its deadline follows.

    Raises:
        UserError: it has moved on since, or the 专案 is closed.
    """
    with desk.change() as work:
        row, event = _load(work, step_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if row.state is StepState.OPEN or row.updated_at != seen:
            raise moved_on()
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, _UNDONE
        crisis_rows.stamp(work, row, actor)
        again = CrisisStep(**{column.name: getattr(row, column.name) for column in CrisisStep.__table__.columns})
        again.id = work.new_id()
        again.created_at, again.created_by = work.now, actor.account_id
        again.voided_at = again.voided_by = again.void_reason = None
        again.state = StepState.OPEN
        again.done_at = again.recorded_at = None
        again.done_by = again.note = again.late_reason = again.skip_reason = again.recorded_by = None
        work.session.add(again)
        crisis_rows.stamp(work, again, actor)
        work.changed("crisis_event", event.id)
        work.session.flush()
        return Done(again.id, work.changes())


_UNDONE = "撤销"
"""Kept in the record, which is Chinese whatever the window speaks."""


def assign_step(actor: Actor, desk: Desk, step_id: str, owner_id: str | None) -> Done[None]:
    """Name the person who does an open item. Raises UserError when it is settled."""
    with desk.change() as work:
        row, event = _load(work, step_id)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if row.state is not StepState.OPEN:
            raise StepRefused((StepObstacle.SETTLED,))
        row.owner_id = owner_id
        crisis_rows.stamp(work, row, actor)
        work.changed("crisis_event", event.id)
        return Done(None, work.changes())


def correct_step(actor: Actor, desk: Desk, step_id: str, text: str, reason: str) -> Done[None]:
    """Set a correction (更正) beside a settled item; both stay visible.

    Raises:
        UserError: text or reason is missing, or the item is open and can simply be settled.
    """
    if not text.strip() or not reason.strip():
        raise UserError(_("A correction needs its text and its reason."), _("Nothing was changed."))
    with desk.change() as work:
        row, event = _load(work, step_id, even_closed=True)
        access.allow(actor, Action.WRITE, crisis_rows.event_subject(work, event, actor), work)
        if row.state is StepState.OPEN:
            raise UserError(_("This item is still open."), _("Nothing was changed."))
        told = work.event(actor, Action.AMEND, "crisis_step", row.id)
        with deeds.amend(work.session, desk.vault.audit, told, new_id=work.new_id):
            work.session.add(
                Amendment(
                    **work.common(actor, Secrecy.S2, work.now.date()),
                    entity="crisis_step",
                    entity_id=row.id,
                    subject_person=event.student_id,
                    section=None,
                    text=text.strip(),
                    reason=reason.strip(),
                )
            )
        work.changed("crisis_event", event.id)
        return Done(None, work.changes())


def _load(work: Work, step_id: str, *, even_closed: bool = False) -> tuple[CrisisStep, CrisisEvent]:
    row = work.session.get(CrisisStep, step_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such item."), _("Nothing was changed."))
    load = crisis_rows.load_event if even_closed else crisis_rows.open_event
    return row, load(work, row.event_id)


def _settled(work: Work, actor: Actor, desk: Desk, row: CrisisStep, event: CrisisEvent, sentence: str) -> Done[None]:
    row.recorded_at, row.recorded_by = work.now, actor.account_id
    crisis_rows.stamp(work, row, actor)
    if event.state is CrisisState.REPORTED:
        event.state = CrisisState.ASSESSING
        work.touch(event, actor)
    work.changed("crisis_event", event.id)
    now = crisis_rows.reading(desk, work)
    crisis_rows.start_clocks(work, actor, now, event.id)
    of_list = [step for step in crisis_rows.step_rows(work, event.id) if step.checklist == _HARMED]
    if row.checklist == _HARMED and all(step.state is not StepState.OPEN for step in of_list):
        crisis_rows.hang(work, actor, now, event, _AROUND)  # triggers §3.G: who stood around needs care then
    changes: ChangeSet = work.changes(Undo(sentence, "reopen_step", {"step_id": row.id, "seen": row.updated_at}))
    return Done(None, changes)
