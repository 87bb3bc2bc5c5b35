"""Numbers: none twice, none left out, and a branch of their own after a restore."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counselroom.errors import UserError
from counselroom.rules.archive import OpenReason
from counselroom.rules.numbering import Series
from counselroom.services import accounts, appointments, archives, backups, numbers
from counselroom.services.desk import Desk
from counselroom.vault.keys.unlocking import Sheet
from counselroom.vault.restore import BRANCH_KEY, restore_backup
from counselroom.vault.vault import unlock_vault
from tests.conftest import MemoryAnchors
from tests.services.world import World, template

STEP = st.tuples(st.sampled_from([*Series, "archive"]), st.integers(2026, 2028), st.integers(0, 2), st.booleans())


class Failed(Exception):
    pass


def take(world: World, series: Series | str, year: int, fails: bool) -> str:
    with world.desk.change() as work:
        if series == "archive":
            found = numbers.next_archive_number(work, f"{year}-{year + 1}")
        else:
            found = numbers.next_code(work, Series(series), year)
        if fails:
            raise Failed
        return found


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=5, max_size=25))
def test_no_number_twice_and_none_left_out(shared: World, steps: list[tuple[Series | str, int, int, bool]]) -> None:
    """Whatever fails in between: the numbers of each series, year and branch are 1, 2, 3 and so on."""
    with shared.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM number_series")
    given_out: dict[tuple[str, int, int], list[str]] = {}
    for series, year, branch, fails in steps:
        set_branch(shared, branch)
        if fails:
            with pytest.raises(Failed):
                take(shared, series, year, fails=True)
        else:
            given_out.setdefault((str(series), year, branch), []).append(take(shared, series, year, fails=False))
    everything = [code for codes in given_out.values() for code in codes]
    assert len(set(everything)) == len(everything)
    for codes in given_out.values():
        assert [int(re.split("-", code)[-1]) for code in codes] == list(range(1, len(codes) + 1))
    set_branch(shared, 0)


def set_branch(world: World, branch: int) -> None:
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql(
            "INSERT INTO vault_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (BRANCH_KEY, str(branch)),
        )


def test_both_sides_know_the_branch_by_one_name() -> None:
    assert numbers.BRANCH_KEY == BRANCH_KEY


def test_codes_are_written_with_their_branch(world: World) -> None:
    assert take(world, Series.REFERRAL, 2026, fails=False) == "ZJ-2026-001"
    assert take(world, Series.REFERRAL, 2027, fails=False) == "ZJ-2027-001"
    assert take(world, "archive", 2026, fails=False) == "QH-2026-2027-DA-0001"
    set_branch(world, 5)
    assert take(world, Series.REFERRAL, 2026, fails=False) == "ZJ-2026-5-001"
    assert take(world, "archive", 2026, fails=False) == "QH-2026-2027-DA5-0001"
    with world.desk.vault.change() as opened:
        opened.connection().exec_driver_sql("DELETE FROM school")
    assert take(world, "archive", 2026, fails=False) == "X-2026-2027-DA5-0002"


def test_a_refused_booking_uses_up_no_number(world: World) -> None:
    first = appointments.book_appointment(world.me, world.desk, world.booking()).value
    for _ in range(3):
        with pytest.raises(UserError):
            appointments.book_appointment(world.me, world.desk, world.booking())
    second = appointments.book_appointment(world.me, world.desk, world.booking(hour=16)).value
    assert (first.number, second.number) == ("YY-2026-001", "YY-2026-002")


def test_an_appointment_is_numbered_by_its_own_year(world: World) -> None:
    booked = appointments.book_appointment(world.me, world.desk, world.booking(days=83)).value
    assert booked.number == "YY-2027-001"


def test_after_a_restore_no_number_is_given_twice(world: World, tmp_path: Path) -> None:
    """What was printed after the backup was made must not be numbered again."""
    world.referral()
    made = backups.make_backup(world.me, world.desk, tmp_path, entropy=random.Random(3).randbytes).value
    lost = world.referral()
    restore_backup(
        made.path,
        tmp_path / "restored",
        sheet=template().sheet_a,
        login=None,
        now=world.clock.now,
        entropy=random.Random(4).randbytes,
        anchors=None,
    )
    sheet = Sheet(template().sheet_a)
    vault = unlock_vault(tmp_path / "restored", sheet, anchors=MemoryAnchors(), now=world.clock.now)
    try:
        restored = World(Desk(vault, world.clock, world.desk.new_id), world.clock, world.people)
        assert accounts.actor_at_the_desk(restored.desk) == world.me
        found = restored.referral()
        numbers_there = {row[0] for row in restored.sql("SELECT number FROM referral")}
        (lost_number,) = world.sql("SELECT number FROM referral WHERE id = :id", id=lost)[0]
        assert lost_number == "ZJ-2026-002"
        assert lost_number not in numbers_there
        ((number,),) = restored.sql("SELECT number FROM referral WHERE id = :id", id=found)
        assert re.fullmatch(r"ZJ-2026-\d+-001", number)
        archive = archives.open_archive(restored.me, restored.desk, world.students[0], OpenReason.CENSUS).value
        assert re.fullmatch(r"QH-2026-2027-DA\d+-0001", archive.archive_no)
    finally:
        vault.close()
