"""Unfinished pages and dialogs, kept encrypted so that a lock or a power cut costs no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from counselroom.model.safekeeping import Draft, DraftVersion
from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work

VERSION_EVERY = timedelta(minutes=5)
"""The state of a draft becomes a version when the newest version is this old."""
VERSIONS_KEPT_FOR = timedelta(days=7)
"""Older versions are dropped."""


@dataclass(frozen=True)
class DraftView:
    """A draft of the actor's."""

    place: str
    entity: str | None
    entity_id: str | None
    state: Mapping[str, Any]
    saved_at: datetime


def save_draft(
    actor: Actor,
    desk: Desk,
    place: str,
    state: Mapping[str, Any],
    entity: str | None = None,
    entity_id: str | None = None,
) -> Done[DraftView]:
    """Save the state of the page or dialog `place`; every five minutes the state before becomes a version of it."""
    with desk.change() as work:
        access.allow(actor, Action.KEEP_DRAFT, Subject("draft"), work)
        row = work.session.scalar(select(Draft).where(Draft.account_id == actor.account_id, Draft.place == place))
        if row is None:
            row = Draft(id=work.new_id(), account_id=actor.account_id, place=place)
            work.session.add(row)
        elif row.state != dict(state):
            _keep_version(work, row)
        row.entity, row.entity_id, row.state, row.saved_at = entity, entity_id, dict(state), work.now
        work.changed("draft", row.id)
        return Done(_view(row), work.changes())


def _keep_version(work: Work, row: Draft) -> None:
    newest = work.session.scalar(select(func.max(DraftVersion.saved_at)).where(DraftVersion.draft_id == row.id))
    if newest is not None and work.now - newest < VERSION_EVERY:
        return
    work.session.add(DraftVersion(id=work.new_id(), draft_id=row.id, state=row.state, saved_at=row.saved_at))
    work.session.execute(
        delete(DraftVersion).where(
            DraftVersion.draft_id == row.id, DraftVersion.saved_at < work.now - VERSIONS_KEPT_FOR
        )
    )


def find_draft(actor: Actor, desk: Desk, place: str) -> DraftView | None:
    """Return the actor's draft of a place, or None."""
    with desk.look() as work:
        access.allow(actor, Action.KEEP_DRAFT, Subject("draft"), work)
        row = work.session.scalar(select(Draft).where(Draft.account_id == actor.account_id, Draft.place == place))
        return None if row is None else _view(row)


def list_drafts(actor: Actor, desk: Desk) -> tuple[DraftView, ...]:
    """Return the actor's drafts, the newest first; nobody sees another's."""
    with desk.look() as work:
        access.allow(actor, Action.KEEP_DRAFT, Subject("draft"), work)
        query = select(Draft).where(Draft.account_id == actor.account_id).order_by(Draft.saved_at.desc())
        return tuple(_view(row) for row in work.session.scalars(query))


def draft_versions(actor: Actor, desk: Desk, place: str) -> tuple[tuple[datetime, Mapping[str, Any]], ...]:
    """Return (saved at, state) of the earlier states of one of the actor's drafts, the newest first."""
    with desk.look() as work:
        access.allow(actor, Action.KEEP_DRAFT, Subject("draft"), work)
        rows = work.session.execute(
            select(DraftVersion.saved_at, DraftVersion.state)
            .join(Draft, Draft.id == DraftVersion.draft_id)
            .where(Draft.account_id == actor.account_id, Draft.place == place)
            .order_by(DraftVersion.saved_at.desc(), DraftVersion.id)
        )
        return tuple((saved_at, state) for saved_at, state in rows)


def discard_draft(actor: Actor, desk: Desk, place: str) -> Done[bool]:
    """Discard one of the actor's drafts with its versions; return whether there was one."""
    with desk.change() as work:
        access.allow(actor, Action.KEEP_DRAFT, Subject("draft"), work)
        row = work.session.scalar(select(Draft).where(Draft.account_id == actor.account_id, Draft.place == place))
        if row is None:
            return Done(value=False)
        work.session.execute(delete(DraftVersion).where(DraftVersion.draft_id == row.id))
        work.session.delete(row)
        work.changed("draft", row.id)
        return Done(value=True, changes=work.changes())


def _view(row: Draft) -> DraftView:
    return DraftView(row.place, row.entity, row.entity_id, row.state, row.saved_at)
