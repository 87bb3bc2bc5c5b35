"""Backups as the room makes them: logged, verified, and pruned by the school's rule."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from counselroom.errors import UserError
from counselroom.rules.access import Role
from counselroom.rules.backup_reminder import Urgency
from counselroom.services.backup_log import BackupState, backup_log
from counselroom.services.backups import (
    LastBackup,
    StickPulledOut,
    backup_outlook,
    drill,
    last_backup,
    make_backup,
    prove_backup,
)
from counselroom.services.desk import AccessDenied
from counselroom.services.parameters import set_parameter
from counselroom.vault.progress import Step
from tests.conftest import HandClock
from tests.services.world import MORNING, World, opened_world, template

entropy = random.Random(5).randbytes
T = TypeVar("T")


def test_a_backup_is_written_verified_and_logged(world: World, tmp_path: Path) -> None:
    world.note("近来失眠")
    steps: list[object] = []
    done = make_backup(
        world.archivist, world.desk, tmp_path, entropy=entropy, progress=lambda *step: steps.append(step)
    )
    made = done.value
    assert made.path.parent == tmp_path
    assert made.path.name.startswith("counselroom")
    assert made.size == made.path.stat().st_size
    assert made.pruned == ()
    assert steps
    assert done.changes.changed == {("backup", made.path.name)}
    rows = [(row.action, row.entity_id, row.digest) for row in world.audit()][-2:]
    assert rows == [("back_up", "", ""), ("backup_verified", made.path.name, made.sha256)]
    found = prove_backup(world.me, world.desk, made.path).value
    assert (found.path, found.made_at, found.genuine) == (made.path, made.made_at, True)
    assert found.rows > 50


def test_a_damaged_backup_and_that_of_another_vault_are_refused(world: World, tmp_path: Path) -> None:
    made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged.crbackup").write_bytes(content)
    with pytest.raises(UserError):
        prove_backup(world.me, world.desk, tmp_path / "damaged.crbackup")
    with pytest.raises(UserError):
        prove_backup(world.me, world.desk, tmp_path / "none.crbackup")


def test_a_backup_that_fails_leaves_the_start_in_the_log(world: World, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        make_backup(world.me, world.desk, tmp_path / "missing", entropy=entropy)
    assert world.audit()[-1].action == "back_up"
    with pytest.raises(UserError):
        make_backup(world.me, world.desk, tmp_path, entropy=entropy, largest_file=4096)


def test_older_backups_are_pruned_by_the_schools_rule(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with opened_world(tmp_path / "vault", HandClock(MORNING)) as world:
        for kind in ("daily", "weekly", "monthly", "yearly"):
            set_parameter(world.me, world.desk, f"backup_keep_{kind}", 1)
        set_parameter(world.me, world.desk, "backup_keep_daily", 2)
        pruned = []
        for _day in range(5):
            pruned.append(make_backup(world.me, world.desk, stick, entropy=entropy).value.pruned)
            world.clock.moment += timedelta(days=1)
        assert pruned[0] == ()
        assert any(pruned)
        assert len(list(stick.glob("*.crbackup"))) == 5 - sum(len(names) for names in pruned)
        for name in (name for names in pruned for name in names):
            assert not (stick / name).exists()


def test_who_may_not_makes_none(world: World, tmp_path: Path) -> None:
    paper = replace(world.archivist, roles=frozenset({Role.SYS_ADMIN}))
    with pytest.raises(AccessDenied):
        make_backup(paper, world.desk, tmp_path, entropy=entropy)
    with pytest.raises(AccessDenied):
        prove_backup(paper, world.desk, tmp_path / "x")
    assert list(tmp_path.glob("*.crbackup")) == []


def test_the_last_verified_backup_is_known(world: World, tmp_path: Path) -> None:
    assert last_backup(world.me, world.desk) is None
    first = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    found = last_backup(world.archivist, world.desk)
    assert found is not None
    assert found.file_name == first.path.name
    assert found.made_at >= first.made_at


def test_both_changes_of_a_backup_go_where_the_caller_wants(world: World, tmp_path: Path) -> None:
    pieces: list[str] = []

    def through(work: Callable[[], T], /) -> T:
        pieces.append(world.audit()[-1].action)
        return work()

    make_backup(world.me, world.desk, tmp_path, entropy=entropy, through=through)
    assert len(pieces) == 2
    assert pieces[1] == "back_up"


def test_the_log_tells_what_happened_to_each_backup(world: World, tmp_path: Path) -> None:
    empty = backup_outlook(world.me, world.desk)
    assert (empty.log.lines, empty.log.last_drill, empty.drill_due_on) == ((), None, None)
    assert empty.reminder.urgency is Urgency.LATE
    first = make_backup(world.me, world.desk, tmp_path, entropy=entropy, place="示例U盘A").value
    world.clock.moment += timedelta(days=1)
    second = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    found = backup_log(world.archivist, world.desk)
    assert [line.name for line in found.lines] == [second.path.name, first.path.name]
    assert [line.place for line in found.lines] == ["", "示例U盘A"]
    assert found.lines[1].size == first.size
    assert backup_outlook(world.me, world.desk).reminder.urgency is Urgency.DONE
    content = bytearray(second.path.read_bytes())
    content[5000] ^= 1
    second.path.write_bytes(content)
    with pytest.raises(UserError):
        prove_backup(world.me, world.desk, second.path)
    found = backup_log(world.me, world.desk)
    assert [line.state for line in found.lines] == [BackupState.DAMAGED, BackupState.PROVED]
    assert found.last_usable() == found.lines[1]
    assert last_backup(world.me, world.desk) == LastBackup(found.lines[1].made_at, first.path.name)
    content[5000] ^= 1
    second.path.write_bytes(content)
    prove_backup(world.me, world.desk, second.path)
    assert backup_log(world.me, world.desk).lines[0].state is BackupState.PROVED


def test_a_pruned_backup_is_no_usable_one(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with opened_world(tmp_path / "vault", HandClock(MORNING)) as world:
        for kind in ("daily", "weekly", "monthly", "yearly"):
            set_parameter(world.me, world.desk, f"backup_keep_{kind}", 1)
        pruned: list[str] = []
        for _day in range(5):
            pruned += make_backup(world.me, world.desk, stick, entropy=entropy).value.pruned
            world.clock.moment += timedelta(days=1)
        assert pruned
        states = {line.name: line.state for line in backup_log(world.me, world.desk).lines}
        assert [name for name, state in states.items() if state is BackupState.PRUNED] == sorted(pruned, reverse=True)


def test_a_drill_with_the_sheet_and_one_with_the_open_vault(world: World, tmp_path: Path) -> None:
    world.note("近来失眠")
    made = make_backup(world.me, world.desk, tmp_path, entropy=entropy).value
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for sheet in (template().sheet_a, None):
        done = drill(world.me, world.desk, made.path, scratch, sheet=sheet, entropy=entropy)
        assert done.changes.concerns("backup")
        assert done.value.audit_ok
        assert {content.table: content.rows for content in done.value.contents}["session_record"] == 1
        assert list(scratch.iterdir()) == []
    outlook = backup_outlook(world.me, world.desk)
    assert outlook.log.last_drill is not None
    assert outlook.log.last_drill.records == done.value.records() > 3
    assert outlook.drill_due_on == world.clock.moment.date() + timedelta(days=120)
    assert outlook.log.lines[0].drilled_at is not None
    with pytest.raises(UserError):
        drill(world.me, world.desk, made.path, scratch, sheet="000000", entropy=entropy)
    paper = replace(world.me, roles=frozenset({Role.CRISIS_HEAD}))
    with pytest.raises(AccessDenied):
        drill(paper, world.desk, made.path, scratch, sheet=None, entropy=entropy)
    assert list(scratch.iterdir()) == []


def test_a_stick_that_is_taken_out_is_named(world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()

    def take_out(step: Step, done: int, whole: int) -> None:
        if step is Step.READ_BACK and stick.exists():
            shutil.rmtree(stick)

    with pytest.raises(StickPulledOut) as caught:
        make_backup(world.me, world.desk, stick, entropy=entropy, progress=take_out)
    assert "%" in caught.value.sentence()
    assert last_backup(world.me, world.desk) is None
