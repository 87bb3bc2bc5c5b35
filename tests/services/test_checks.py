"""The check of a whole vault, as the room asks for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counselroom.rules.access import Role
from counselroom.services.checks import check_room
from counselroom.services.desk import AccessDenied
from tests.conftest import MemoryAnchors
from tests.services.world import World


def test_a_room_in_order_is_found_in_order(world: World, anchors: MemoryAnchors) -> None:
    world.note("近来失眠")
    report = check_room(world.archivist, world.desk, anchors)
    assert report.findings == ()
    assert report.audit_rows == len(world.audit())
    assert (world.audit()[-1].action, world.audit()[-1].entity) == ("check", "vault")
    assert check_room(world.me, world.desk, None).findings == ()


def test_a_fault_is_told(world: World) -> None:
    world.note("近来失眠")
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM search_entry")
    assert check_room(world.me, world.desk, None).findings


def test_who_works_on_paper_checks_without_a_key(world: World) -> None:
    with pytest.raises(AccessDenied):
        check_room(replace(world.me, roles=frozenset({Role.SYS_ADMIN})), world.desk, None)
