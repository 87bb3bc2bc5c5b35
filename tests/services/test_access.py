"""R-01 through the services, on real rows: who gets whose secret text, what is refused, and what trace each leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Action, Actor, Refusal, Role
from counselroom.rules.secrecy import Secrecy
from counselroom.services import (
    access,
    accounts,
    appointments,
    archives,
    backups,
    cases,
    consents,
    corrections,
    drafts,
    parameters,
    prints,
    referrals,
    school,
    search,
    sessions,
    students,
)
from counselroom.services.desk import AccessDenied, Desk
from counselroom.services.rows import case_subject, load_case
from tests.services.world import World

SECRET = "夜里反复想起自伤的念头"


@dataclass(frozen=True)
class Room:
    """A room in which the first counsellor has written everything there is to write."""

    world: World
    case_id: str
    note_id: str
    draft_id: str
    card_id: str
    archive_id: str
    referral_id: str

    @property
    def desk(self) -> Desk:
        return self.world.desk


def furnished(world: World) -> Room:
    case_id = world.case(goals=("能安睡",))
    note_id = world.note(SECRET, case_id=case_id)
    draft_id = sessions.start_note(world.me, world.desk, case_id, world.draft("未签署")).value.id
    card = world.card(archives.CardData(interests="独自画画"))
    return Room(world, case_id, note_id, draft_id, card.id, card.archive_id, world.referral(case_id=case_id))


@pytest.fixture
def room(world: World) -> Room:
    return furnished(world)


@pytest.fixture(scope="module")
def common(shared: World) -> Room:
    """A room for refusals and reads, which leave audit rows and prints only."""
    return furnished(shared)


Call = Callable[[Actor, Room], Any]
READS: dict[str, Call] = {
    "session": lambda actor, room: sessions.session(actor, room.desk, room.note_id),
    "list_sessions": lambda actor, room: sessions.list_sessions(actor, room.desk, room.case_id),
    "case": lambda actor, room: cases.case(actor, room.desk, room.case_id),
    "referral": lambda actor, room: referrals.referral(actor, room.desk, room.referral_id),
    "print": lambda actor, room: prints.print_form(
        actor, room.desk, prints.PrintRequest("F-11", room.note_id, Audience.ROOM)
    ),
    "list_prints": lambda actor, room: prints.list_prints(actor, room.desk, "F-11", room.note_id),
}
WRITES: dict[str, Call] = {
    "start_note": lambda actor, room: sessions.start_note(actor, room.desk, room.case_id, room.world.draft("他写")),
    "save_note": lambda actor, room: sessions.save_note(actor, room.desk, room.draft_id, room.world.draft("他改")),
    "sign_note": lambda actor, room: sessions.sign_note(actor, room.desk, room.draft_id),
    "sign_signed_note": lambda actor, room: sessions.sign_note(actor, room.desk, room.note_id),
    "amend_note": lambda actor, room: sessions.amend_note(actor, room.desk, room.note_id, "更正", "笔误"),
    "restrict_case": lambda actor, room: cases.restrict_case(actor, room.desk, room.case_id, restricted=True),
    "edit_referral": lambda actor, room: referrals.edit_referral(
        actor, room.desk, room.referral_id, room.world.referral_data(reason="别的原因")
    ),
    "issue_referral": lambda actor, room: referrals.issue_referral(actor, room.desk, room.referral_id),
}


def refused(room: Room, call: Call, actor: Actor) -> Refusal:
    """Call, expect a refusal that leaves nothing but its own audit row, and return why."""
    before = room.world.dump()
    refusal = denied(room, call, actor)
    assert room.world.dump() == before
    return refusal


def denied(room: Room, call: Call, actor: Actor) -> Refusal:
    """Call, expect a refusal with its own audit row, and return why."""
    log = room.world.audit()
    with pytest.raises(AccessDenied) as caught:
        call(actor, room)
    (row,) = room.world.audit()[len(log) :]
    assert row.action == f"denied:{caught.value.action}"
    assert (row.actor_id, row.digest, row.reason) == (actor.account_id, caught.value.refusal, actor.reason)
    assert (row.entity, row.entity_id) == (caught.value.entity, caught.value.entity_id)
    assert SECRET not in caught.value.sentence()
    return Refusal(caught.value.refusal)


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_another_counsellor_gets_and_changes_nothing(common: Room, name: str) -> None:
    assert refused(common, (READS | WRITES)[name], common.world.colleague) is Refusal.NOT_YOURS
    assert denied(common, (READS | WRITES)[name], common.world.colleague.because("想看看")) is Refusal.NOT_YOURS


@pytest.mark.parametrize("name", READS)
def test_its_own_counsellor_reads_and_leaves_a_trace(common: Room, name: str) -> None:
    log = common.world.audit()
    READS[name](common.world.me, common)
    (row,) = common.world.audit()[len(log) :]
    assert row.actor_id == common.world.me.account_id
    assert row.action == ("print" if name == "print" else "read")
    assert row.entity in ("session_record", "case_file", "referral")


@pytest.mark.parametrize("name", READS)
def test_the_director_needs_a_reason_which_is_kept(common: Room, name: str) -> None:
    assert refused(common, READS[name], common.world.director) is Refusal.REASON_NEEDED
    assert denied(common, READS[name], common.world.director.because(" \n")) is Refusal.REASON_NEEDED
    log = common.world.audit()
    READS[name](common.world.director.because("督导复核"), common)
    (row,) = common.world.audit()[len(log) :]
    assert (row.actor_id, row.reason) == (common.world.director.account_id, "督导复核")


@pytest.mark.parametrize("name", WRITES)
def test_the_director_changes_nothing_of_it(common: Room, name: str) -> None:
    assert refused(common, WRITES[name], common.world.director.because("督导复核")) is Refusal.ROLE


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_the_archive_manager_gets_nothing_that_is_not_filed(common: Room, name: str) -> None:
    assert refused(common, (READS | WRITES)[name], common.world.archivist) is Refusal.ROLE


def read_card(actor: Actor, room: Room) -> archives.CardView | None:
    return archives.card(actor, room.desk, room.archive_id)


def print_card(actor: Actor, room: Room) -> Any:
    return prints.print_form(actor, room.desk, prints.PrintRequest("F-19", room.card_id, Audience.ARCHIVE))


def test_the_archive_manager_reads_and_prints_a_card_once_it_is_filed(room: Room) -> None:
    assert refused(room, read_card, room.world.archivist) is Refusal.ROLE
    assert refused(room, print_card, room.world.archivist) is Refusal.ROLE
    archives.file_card(room.world.archivist, room.desk, room.card_id)
    found = read_card(room.world.archivist, room)
    assert found is not None
    assert found.data.interests == "独自画画"
    print_card(room.world.archivist, room)
    assert [row.action for row in room.world.audit()[-3:]] == ["file", "read", "print"]


EVERYTHING: dict[str, Call] = {
    **READS,
    **WRITES,
    "list_cases": lambda actor, room: cases.list_cases(actor, room.desk),
    "open_case": lambda actor, room: cases.open_case(actor, room.desk, room.world.students[1]),
    "list_unsigned": lambda actor, room: sessions.list_unsigned(actor, room.desk),
    "search": lambda actor, room: search.search_text(actor, room.desk, "自伤"),
    "card": read_card,
    "print_card": print_card,
    "archive_of": lambda actor, room: archives.archive_of(actor, room.desk, room.world.students[0]),
    "save_card": lambda actor, room: archives.save_card(actor, room.desk, room.archive_id, archives.CardData()),
    "file_card": lambda actor, room: archives.file_card(actor, room.desk, room.card_id),
    "draft_referral": lambda actor, room: referrals.draft_referral(actor, room.desk, room.world.referral_data()),
    "list_referrals": lambda actor, room: referrals.list_referrals(actor, room.desk, room.world.students[0]),
    "list_consents": lambda actor, room: consents.list_consents(actor, room.desk, room.world.students[0]),
    "list_appointments": lambda actor, room: appointments.list_appointments(
        actor, room.desk, room.world.at(0, 8), room.world.at(9, 8)
    ),
    "book": lambda actor, room: appointments.book_appointment(actor, room.desk, room.world.booking()),
    "students": lambda actor, room: students.list_students(actor, room.desk),
    "count_students": lambda actor, room: students.count_students(actor, room.desk),
    "find_people": lambda actor, room: students.find_people(actor, room.desk, "oy"),
    "accounts": lambda actor, room: accounts.list_accounts(actor, room.desk),
    "parameters": lambda actor, room: parameters.list_parameters(actor, room.desk),
    "school": lambda actor, room: school.school_profile(actor, room.desk),
    "save_draft": lambda actor, room: drafts.save_draft(actor, room.desk, "note", {}),
    "redact": lambda actor, room: corrections.redact_note(actor, room.desk, room.note_id),
    "reassign": lambda actor, room: corrections.reassign_note(actor, room.desk, room.note_id, room.case_id),
    "backup": lambda actor, room: backups.make_backup(actor, room.desk, room.desk.vault.folder, entropy=bytes),
    "grant": lambda actor, room: accounts.grant_access(
        actor, room.desk, actor.account_id, "case_file", room.case_id, 10
    ),
}


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.CRISIS_HEAD])
def test_who_works_on_paper_gets_nothing_at_all(common: Room, role: Role) -> None:
    view = accounts.add_account(common.world.me, common.desk, "陈工", frozenset({role}), None).value
    actor = Actor(view.id, view.person_id, frozenset({role}), "例行维护")
    before = common.world.dump()
    found = {name: denied(common, call, actor) for name, call in EVERYTHING.items()}
    assert found == dict.fromkeys(EVERYTHING, Refusal.ROLE)
    assert common.world.dump() == before


def test_nobody_without_a_role_gets_anything(common: Room) -> None:
    assert refused(common, READS["session"], Actor("x", common.world.me.person_id, frozenset())) is Refusal.ROLE


# Lists, counts and search: what may not be seen is not even a number.


def test_a_list_of_cases_tells_others_no_more_than_the_outline(room: Room) -> None:
    for actor in (room.world.colleague, room.world.archivist, room.world.director):
        log = room.world.audit()
        (view,) = cases.list_cases(actor, room.desk)
        assert (view.code, view.client_id, view.goals) == ("GA-2026-001", "", ())
        assert room.world.audit() == log
    (own,) = cases.list_cases(room.world.me, room.desk)
    assert (own.client_id, own.goals) == (room.world.students[0], ("能安睡",))


def test_a_director_who_lists_with_a_reason_leaves_a_row_for_each_case_told(room: Room) -> None:
    other = room.world.case(room.world.colleague, 1, goals=("交朋友",))
    log = room.world.audit()
    views = cases.list_cases(room.world.director.because("学期检查"), room.desk)
    assert [view.goals for view in views] == [("能安睡",), ("交朋友",)]
    rows = room.world.audit()[len(log) :]
    assert [(row.action, row.entity, row.entity_id, row.reason) for row in rows] == [
        ("read", "case_file", room.case_id, "学期检查"),
        ("read", "case_file", other, "学期检查"),
    ]


def test_search_counts_only_what_the_reader_may_see(room: Room) -> None:
    world = room.world
    other = world.note("同学说她提过自伤", world.colleague, student=1)

    def found(actor: Actor) -> set[str]:
        hits = search.search_text(actor, room.desk, "自伤")
        assert hits.total == len(hits.hits)
        return {hit.entity_id for hit in hits.hits}

    assert found(world.me) == {room.note_id}
    assert found(world.colleague) == {other}
    assert found(world.archivist) == found(world.director) == set()
    assert found(world.director.because("督导")) == {room.note_id, other}
    assert found(world.archivist.because("督导")) == set()
    cases.restrict_case(world.me, room.desk, room.case_id, restricted=True)
    assert found(world.director.because("督导")) == {other}
    assert found(world.me) == {room.note_id}


def test_a_hit_in_anothers_text_leaves_a_row_without_the_words(room: Room) -> None:
    log = room.world.audit()
    search.search_text(room.world.me, room.desk, "自伤")
    search.search_text(room.world.director, room.desk, "自伤")
    search.search_text(room.world.director.because("督导"), room.desk, "没有这个词")
    assert room.world.audit() == log
    search.search_text(room.world.director.because("督导"), room.desk, "自伤")
    (row,) = room.world.audit()[len(log) :]
    assert (row.action, row.entity, row.entity_id, row.reason) == ("read", "search_entry", "", "督导")
    assert "自伤" not in "".join(vars(row).values())


def test_unsigned_notes_are_listed_for_their_counsellor_only(common: Room) -> None:
    assert [row[0] for row in sessions.list_unsigned(common.world.me, common.desk)] == [common.draft_id]
    assert sessions.list_unsigned(common.world.colleague, common.desk) == ()
    assert sessions.list_unsigned(common.world.director.because("检查"), common.desk) == ()


# A restricted case.


@pytest.mark.parametrize("name", ["session", "list_sessions", "case", "print", "list_prints"])
def test_a_restricted_case_is_closed_to_the_director_too(room: Room, name: str) -> None:
    cases.restrict_case(room.world.me, room.desk, room.case_id, restricted=True)
    assert refused(room, READS[name], room.world.director.because("督导复核")) is Refusal.RESTRICTED
    assert refused(room, READS[name], room.world.colleague) is Refusal.RESTRICTED
    READS[name](room.world.me, room)
    cases.restrict_case(room.world.me, room.desk, room.case_id, restricted=False)
    READS[name](room.world.director.because("督导复核"), room)


def test_a_restricted_case_is_listed_without_its_client(room: Room) -> None:
    cases.restrict_case(room.world.me, room.desk, room.case_id, restricted=True)
    (view,) = cases.list_cases(room.world.director.because("检查"), room.desk)
    assert (view.restricted, view.client_id, view.goals) == (True, "", ())


# Grants.


@pytest.mark.parametrize("entity", ["case_file", "session_record"])
@pytest.mark.parametrize("restricted", [False, True])
def test_a_grant_opens_one_record_until_it_expires(room: Room, entity: str, restricted: bool) -> None:
    world = room.world
    cases.restrict_case(world.me, room.desk, room.case_id, restricted=restricted)
    target = room.case_id if entity == "case_file" else room.note_id
    accounts.grant_access(
        world.director.because("值班接手"), room.desk, world.colleague.account_id, entity, target, minutes=30
    )
    assert sessions.session(world.colleague, room.desk, room.note_id).draft.sections == {"content": SECRET}
    assert search.search_text(world.colleague, room.desk, "自伤").total == 1
    refused(room, WRITES["amend_note"], world.colleague)
    if entity == "session_record":
        refused(room, READS["case"], world.colleague)
    refused(room, READS["session"], world.archivist)
    world.clock.moment += timedelta(minutes=30)
    refused(room, READS["session"], world.colleague)
    assert search.search_text(world.colleague, room.desk, "自伤").total == 0


def test_a_grant_of_another_case_opens_nothing(room: Room) -> None:
    world = room.world
    other = world.case(world.me, 1)
    grant = (world.colleague.account_id, "case_file", other, 30)
    accounts.grant_access(world.director.because("值班接手"), room.desk, *grant)
    refused(room, READS["session"], world.colleague)
    assert search.search_text(world.colleague, room.desk, "自伤").total == 0


# The gate itself.


def test_judging_leaves_no_trace(common: Room) -> None:
    log = common.world.audit()
    with common.desk.look() as work:
        subject = case_subject(load_case(work, common.case_id))
        assert access.judge(common.world.me, Action.READ, subject, work).allowed
        assert access.judge(common.world.colleague, Action.READ, subject, work).refusal is Refusal.NOT_YOURS
        assert access.grants_of(common.world.colleague, work) == ()
    assert common.world.audit() == log


def test_the_digest_of_what_is_signed_stands_in_the_row(common: Room) -> None:
    signed = sessions.session(common.world.me, common.desk, common.note_id)
    (row,) = (row for row in common.world.audit() if row.action == "sign")
    keyed = common.desk.vault.audit.digest({"content_hash": signed.content_hash})
    assert (row.entity_id, row.digest) == (common.note_id, keyed)


def test_every_refusal_has_its_own_sentence(room: Room) -> None:
    world = room.world
    cases.restrict_case(world.me, room.desk, room.case_id, restricted=True)
    other = world.case(world.me, 1)
    sentences = set()
    for actor, case_id in (
        (world.archivist, other),
        (world.colleague, other),
        (world.director, other),
        (world.director.because("督导"), room.case_id),
    ):
        with pytest.raises(AccessDenied) as caught:
            cases.case(actor, room.desk, case_id)
        assert caught.value.safe
        sentences.add(caught.value.happened)
    assert len(sentences) == len(Refusal)


def test_what_is_not_there_is_said_plainly(common: Room) -> None:
    for call in (
        lambda: sessions.session(common.world.me, common.desk, "none"),
        lambda: cases.case(common.world.me, common.desk, "none"),
        lambda: referrals.referral(common.world.me, common.desk, "none"),
        lambda: archives.card(common.world.me, common.desk, "none"),
    ):
        with pytest.raises(UserError) as caught:
            call()
        assert not isinstance(caught.value, AccessDenied)


def test_rows_are_stored_as_secret_as_they_are(common: Room) -> None:
    for table in ("case_file", "session_record", "archive_card", "referral"):
        assert {row[0] for row in common.world.sql(f"SELECT secrecy FROM {table}")} == {Secrecy.S3}
