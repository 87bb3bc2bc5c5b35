"""Accounts: who is at the desk, which roles get a key, and that a director always stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Actor, Refusal, Role
from counselroom.services.access import grants_of
from counselroom.services.accounts import (
    actor_at_the_desk,
    add_account,
    close_account,
    found_room,
    grant_access,
    list_accounts,
    set_roles,
)
from counselroom.services.desk import AccessDenied, Desk
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.keys.unlocking import Sheet
from counselroom.vault.vault import unlock_vault
from tests.conftest import ALL_ROLES, HandClock, MemoryAnchors
from tests.services.world import STAFF, World, opened_copy, template

DIRECTOR = frozenset({Role.CENTER_DIRECTOR})


def test_the_first_account_is_founded_once(desk: Desk, actor: Actor) -> None:
    (view,) = list_accounts(actor, desk)
    assert (view.id, view.person_id, view.name, view.roles) == (actor.account_id, actor.person_id, "林老师", ALL_ROLES)
    assert (view.has_key, view.closed) == (True, False)
    with pytest.raises(UserError) as caught:
        found_room(desk, "别人", "slot-x", ALL_ROLES)
    assert caught.value.safe
    assert list_accounts(actor, desk) == (view,)


def test_the_account_of_the_slot_sits_at_the_desk(world: World) -> None:
    assert actor_at_the_desk(world.desk) == world.me


def test_a_sheet_seats_the_first_director(tmp_path: Path) -> None:
    clock = HandClock()
    with opened_copy(tmp_path / "vault", clock):
        pass
    vault = unlock_vault(tmp_path / "vault", Sheet(template().sheet_a), anchors=MemoryAnchors(), now=clock.now)
    try:
        desk = Desk(vault, clock, lambda: "0" * 32)
        assert vault.slot.kind is SlotKind.SHEET_A
        people = template().people
        assert actor_at_the_desk(desk) == people.me
        set_roles(people.me, desk, people.me.account_id, frozenset({Role.COUNSELLOR}))
        assert actor_at_the_desk(desk) == people.director
    finally:
        vault.close()


def with_slot(world: World, kind: SlotKind, slot_id: str) -> Desk:
    """Return a desk that was unlocked with another slot."""
    vault: Any = SimpleNamespace(reading=world.desk.vault.reading, slot=SimpleNamespace(slot_id=slot_id, kind=kind))
    return Desk(vault, world.desk.clock, world.desk.new_id)


def test_a_slot_without_an_open_account_seats_nobody(world: World) -> None:
    assert actor_at_the_desk(with_slot(world, SlotKind.PASSPHRASE, "slot-counsellor")) == world.colleague
    close_account(world.me, world.desk, world.colleague.account_id)
    for slot in ("slot-counsellor", "slot-unknown"):
        with pytest.raises(UserError) as caught:
            actor_at_the_desk(with_slot(world, SlotKind.PASSPHRASE, slot))
        assert caught.value.next_step


def test_a_sheet_seats_nobody_where_no_director_is(world: World) -> None:
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("UPDATE account SET roles = '[\"counsellor\"]'")
    with pytest.raises(UserError):
        actor_at_the_desk(with_slot(world, SlotKind.SHEET_B, "sheet"))


# Adding, roles, closing.


def test_an_account_is_added_with_its_person(world: World) -> None:
    roles = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER})
    done = add_account(world.director, world.desk, " 何老师 ", roles, "slot-new")
    view = done.value
    assert (view.name, view.roles, view.has_key, view.closed) == ("何老师", roles, True, False)
    assert done.changes.changed == {("account", view.id)}
    assert list_accounts(world.me, world.desk)[-1] == view
    assert [view.name for view in list_accounts(world.me, world.desk)] == [*STAFF, "何老师"]
    assert world.sql("SELECT kind FROM person WHERE id = :id", id=view.person_id) == [("staff",)]


KEYLESS = [frozenset({Role.SYS_ADMIN}), frozenset({Role.CRISIS_HEAD}), frozenset({Role.SYS_ADMIN, Role.CRISIS_HEAD})]


@pytest.mark.parametrize("roles", KEYLESS)
def test_who_works_on_paper_gets_no_key(world: World, roles: frozenset[Role]) -> None:
    assert not add_account(world.me, world.desk, "陈工", roles, None).value.has_key
    before = world.dump()
    with pytest.raises(UserError):
        add_account(world.me, world.desk, "陈工", roles, "slot-x")
    with pytest.raises(UserError):
        set_roles(world.me, world.desk, world.colleague.account_id, roles)
    assert world.dump() == before


def test_who_reads_needs_a_key(world: World) -> None:
    paper = add_account(world.me, world.desk, "陈工", KEYLESS[0], None).value
    before = world.dump()
    for roles in (DIRECTOR, frozenset({Role.COUNSELLOR, Role.SYS_ADMIN})):
        with pytest.raises(UserError):
            add_account(world.me, world.desk, "何老师", roles, None)
        with pytest.raises(UserError):
            set_roles(world.me, world.desk, paper.id, roles)
    for name, roles in ((" ", DIRECTOR), ("何老师", frozenset[Role]())):
        with pytest.raises(UserError):
            add_account(world.me, world.desk, name, roles, "slot-x")
    assert world.dump() == before


def test_roles_change_and_the_last_director_stays(world: World) -> None:
    both = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER})
    done = set_roles(world.me, world.desk, world.colleague.account_id, both)
    assert done.value.roles == both
    assert done.changes.changed == {("account", world.colleague.account_id)}
    close_account(world.me, world.desk, world.director.account_id)
    before = world.dump()
    for call in (
        lambda: set_roles(world.me, world.desk, world.me.account_id, both),
        lambda: close_account(world.me, world.desk, world.me.account_id),
        lambda: set_roles(world.me, world.desk, world.director.account_id, DIRECTOR),
        lambda: set_roles(world.me, world.desk, "none", DIRECTOR),
        lambda: set_roles(world.me, world.desk, world.colleague.account_id, frozenset()),
        lambda: close_account(world.me, world.desk, world.director.account_id),
        lambda: close_account(world.me, world.desk, "none"),
    ):
        with pytest.raises(UserError):
            call()
    assert world.dump() == before


def test_a_closed_account_keeps_its_rows_and_loses_its_key(world: World) -> None:
    case_id = world.case(world.colleague)
    done = close_account(world.me, world.desk, world.colleague.account_id)
    assert (done.value.closed, done.value.has_key) == (True, False)
    assert done.changes.changed == {("account", world.colleague.account_id)}
    assert world.sql("SELECT counsellor_id FROM case_file WHERE id = :id", id=case_id) == [(world.colleague.person_id,)]
    assert {view.id: view.closed for view in list_accounts(world.me, world.desk)}[world.colleague.account_id]


def test_only_the_director_manages_accounts(world: World) -> None:
    account_id = world.archivist.account_id
    for actor in (world.colleague, world.archivist):
        for call in (
            lambda actor: add_account(actor, world.desk, "何老师", DIRECTOR, "slot-x"),
            lambda actor: set_roles(actor, world.desk, account_id, DIRECTOR),
            lambda actor: close_account(actor, world.desk, account_id),
            lambda actor: grant_access(actor.because("值班"), world.desk, actor.account_id, "case_file", "c", 30),
        ):
            with pytest.raises(AccessDenied) as caught:
                call(actor)
            assert caught.value.refusal is Refusal.ROLE


# Grants.


def test_a_grant_is_kept_with_its_reason_and_end(world: World) -> None:
    case_id = world.case()
    director = world.director.because("值班接手")
    done = grant_access(director, world.desk, world.colleague.account_id, "case_file", case_id, 45)
    assert done.changes.changed == {("access_grant", case_id)}
    ((account, entity, target, reason, by),) = world.sql(
        "SELECT account_id, entity, entity_id, reason, granted_by FROM access_grant"
    )
    assert (account, entity, target, reason, by) == (
        world.colleague.account_id,
        "case_file",
        case_id,
        "值班接手",
        world.director.account_id,
    )
    with world.desk.look() as work:
        (grant,) = grants_of(world.colleague, work)
    assert timedelta(minutes=44) < grant.expires_at - world.clock.moment <= timedelta(minutes=45)
    assert world.audit()[-1].reason == "值班接手"


def test_a_grant_needs_a_reason_an_open_account_and_a_time(world: World) -> None:
    case_id = world.case()
    before = world.dump()
    with pytest.raises(AccessDenied) as caught:
        grant_access(world.director, world.desk, world.colleague.account_id, "case_file", case_id, 45)
    assert caught.value.refusal is Refusal.REASON_NEEDED
    director = world.director.because("值班接手")
    for account_id, minutes in (("none", 30), (world.colleague.account_id, 0), (world.colleague.account_id, -5)):
        with pytest.raises(UserError):
            grant_access(director, world.desk, account_id, "case_file", case_id, minutes)
    assert world.dump() == before
    close_account(world.me, world.desk, world.colleague.account_id)
    with pytest.raises(UserError):
        grant_access(director, world.desk, world.colleague.account_id, "case_file", case_id, 30)
