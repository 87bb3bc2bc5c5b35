"""Search says the same as the access rules, for every kind of reader, entry and grant."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from counselroom.model.archive import ArchiveItem
from counselroom.rules.access import Action, Actor, Role, Subject, decide
from counselroom.rules.archive import ArchiveItemKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, accounts
from counselroom.services.search import search_text
from counselroom.vault import search_index
from tests.services.world import World

WORD = "失眠"


@pytest.fixture(scope="module")
def entries(shared: World) -> dict[str, Subject]:
    """Index one entry of every kind: each level, owner, restriction and filing."""
    subjects: dict[str, Subject] = {}
    archive_id = shared.card().archive_id
    owners = (shared.me.person_id, shared.colleague.person_id, None)
    with shared.desk.change() as work:
        combinations = product((Secrecy.S1, Secrecy.S2, Secrecy.S3), owners, (False, True), (False, True))
        for number, (secrecy, owner, restricted, filed) in enumerate(combinations):
            row_id = f"e{number}"
            subjects[row_id] = Subject("archive_card", row_id, secrecy, owner, restricted, filed)
            entry = search_index.IndexEntry(
                "archive_card", row_id, None, owner, secrecy, restricted, date(2026, 9, 1) + timedelta(number), row_id
            )
            search_index.index(work.session, entry, (f"近来{WORD}",))
            # an item that waits to be filed opens nothing
            work.session.add(
                ArchiveItem(
                    **work.common(shared.me, Secrecy.S3, date(2026, 9, 1)),
                    archive_id=archive_id,
                    kind=ArchiveItemKind.CARD,
                    entity="archive_card",
                    entity_id=row_id,
                    title="",
                    dated_on=date(2026, 9, 1),
                    filed_at=work.now if filed else None,
                    filed_by="" if filed else None,
                )
            )
    director = shared.director.because("值班接手")
    for row_id in ("e26", "e31", "e33"):
        accounts.grant_access(director, shared.desk, shared.colleague.account_id, "archive_card", row_id, 60 * 24)
    return subjects


ROLE_SETS = [
    frozenset({Role.COUNSELLOR}),
    frozenset({Role.ARCHIVE_MANAGER}),
    frozenset({Role.CENTER_DIRECTOR}),
    frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER}),
    frozenset({Role.COUNSELLOR, Role.CENTER_DIRECTOR}),
    frozenset({Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR}),
    frozenset(Role),
]


@pytest.mark.parametrize("reason", ["", "督导"])
@pytest.mark.parametrize("roles", ROLE_SETS)
@pytest.mark.parametrize("who", ["me", "colleague"])
def test_search_tells_what_the_rules_allow_and_counts_no_more(
    shared: World, entries: dict[str, Subject], who: str, roles: frozenset[Role], reason: str
) -> None:
    person: Actor = getattr(shared, who)
    actor = Actor(person.account_id, person.person_id, roles, reason)
    with shared.desk.look() as work:
        grants = access.grants_of(actor, work)
        allowed = {
            row_id
            for row_id, subject in entries.items()
            if decide(actor, Action.READ, subject, grants, work.now).allowed
        }
    found = search_text(actor, shared.desk, WORD)
    assert {hit.entity_id for hit in found.hits} == allowed
    assert found.total == len(allowed)


def test_the_newest_come_first_and_the_total_counts_the_rest(shared: World, entries: dict[str, Subject]) -> None:
    everything = search_text(shared.me.because("督导"), shared.desk, WORD)
    some = search_text(shared.me.because("督导"), shared.desk, WORD, limit=3)
    assert (some.total, len(some.hits)) == (everything.total, 3)
    assert some.hits == everything.hits[:3]
    days = [hit.occurred_on for hit in everything.hits]
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]  # every entry has its day
    assert everything.total <= len(entries)


def test_an_expired_grant_finds_nothing(world: World) -> None:
    world.note("近来失眠")
    note_id = world.note("又失眠", student=1)
    director = world.director.because("值班接手")
    accounts.grant_access(director, world.desk, world.colleague.account_id, "session_record", note_id, 5)
    assert [hit.entity_id for hit in search_text(world.colleague, world.desk, WORD).hits] == [note_id]
    world.clock.moment += timedelta(minutes=5)
    assert search_text(world.colleague, world.desk, WORD).total == 0


def test_nothing_to_look_for_finds_nothing(shared: World) -> None:
    for query in ("", "  ", "\n"):
        assert search_text(shared.me, shared.desk, query).total == 0
