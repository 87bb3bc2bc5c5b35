"""Search over signed text. Access is decided before counting: a hit nobody may see is not even a number (R-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select

from counselroom.model.archive import ArchiveItem
from counselroom.model.counselling import SessionRecord
from counselroom.model.safekeeping import SearchEntry
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.vault import search_index


@dataclass(frozen=True)
class Hit:
    """A record that contains the words; opening it asks for access again."""

    entity: str
    entity_id: str
    subject_person: str | None
    occurred_on: date | None
    title: str


@dataclass(frozen=True)
class Hits:
    """How many records the actor may see contain the words, and the newest of them."""

    total: int
    hits: tuple[Hit, ...]


def search_text(actor: Actor, desk: Desk, query: str, limit: int = 50) -> Hits:
    """Return the records that contain every word of `query`; words of two characters are found too.

    Being told of a hit in another's secret text is reading it, and leaves an audit row; the words looked for do not
    stand in it.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("search_entry", secrecy=Secrecy.S2), work)
        found = search_index.search(work.session, query, _may_see(actor, work), limit)
        if any(entry.secrecy is Secrecy.S3 and entry.owner != actor.person_id for entry in found.entries):
            work.audit(actor, Action.READ, "search_entry", "")
        return Hits(
            found.total,
            tuple(
                Hit(entry.entity, entry.entity_id, entry.subject_person, entry.occurred_on, entry.title)
                for entry in found.entries
            ),
        )


def _may_see(actor: Actor, work: Work) -> ColumnElement[bool]:
    """Return the rules of `rules.access.decide` for reading, as a condition on the entries of the index."""
    allowed: list[ColumnElement[bool]] = [SearchEntry.secrecy != Secrecy.S3]
    open_to_room = SearchEntry.restricted.is_(False)
    if Role.COUNSELLOR in actor.roles:
        nobodys = and_(SearchEntry.owner.is_(None), open_to_room)
        allowed.append(or_(nobodys, SearchEntry.owner == actor.person_id))
    granted = [grant for grant in access.grants_of(actor, work) if work.now < grant.expires_at]
    if granted:
        cases = [grant.entity_id for grant in granted if grant.entity == "case_file"]
        of_cases = select(SessionRecord.id).where(SessionRecord.case_id.in_(cases))
        allowed.append(and_(SearchEntry.entity == "session_record", SearchEntry.entity_id.in_(of_cases)))
        allowed += [
            and_(SearchEntry.entity == grant.entity, SearchEntry.entity_id == grant.entity_id) for grant in granted
        ]
    if Role.ARCHIVE_MANAGER in actor.roles:
        filed = select(ArchiveItem.entity_id).where(
            ArchiveItem.entity == SearchEntry.entity, ArchiveItem.filed_at.is_not(None)
        )
        allowed.append(and_(open_to_room, SearchEntry.entity_id.in_(filed)))
    if Role.CENTER_DIRECTOR in actor.roles and actor.reason.strip():
        allowed.append(open_to_room)
    return or_(false(), *allowed)
