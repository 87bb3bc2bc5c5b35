"""Many starts at once: exactly one opens the vault; when it is killed, another can."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from counselroom.vault.exclusive import VaultInUse
from counselroom.vault.vault import open_vault
from tests.faults.children import FileAnchors, Say, child
from tests.faults.scale import count
from tests.vault.vaults import Clock, Place, save_row, saved_rows

pytestmark = pytest.mark.faults

INSTANCES = 20


def test_exactly_one_of_many_instances(memory: Path) -> None:
    for attempt in range(count(ci=1, more=5, full=20)):
        folder = memory / str(attempt)
        folder.mkdir()
        start_many(Place(folder), FileAnchors(folder / "anchors"))


def start_many(place: Place, anchors: FileAnchors) -> None:
    gate_for_all = place.folder.with_name("gate")

    def work(say: Say) -> None:
        unlocked = place.held()
        say("ready")
        while not gate_for_all.exists():
            time.sleep(0.001)
        try:
            vault = open_vault(place.folder, unlocked, anchors=anchors, now=Clock())
        except VaultInUse:
            say("refused")
            return
        say("opened")
        while vault.read_only is None:
            time.sleep(0.01)

    with ExitStack() as stack:
        children = [stack.enter_context(child(work)) for _number in range(INSTANCES)]
        for one in children:
            one.wait_for("ready")
        gate_for_all.touch()
        refused = [one for one in children if not _opened(one)]
        assert len(refused) == INSTANCES - 1
        for one in refused:
            assert one.join() == ["ready", "refused"]
            assert one.code == 0
        (holder,) = [one for one in children if one not in refused]
        with pytest.raises(VaultInUse):
            open_vault(place.folder, place.held(), anchors=anchors, now=Clock())
        holder.kill()
    gate_for_all.unlink()


def _opened(one) -> bool:
    while True:
        lines = one.lines()
        if "opened" in lines or "refused" in lines:
            return "opened" in lines
        assert one.hear(60)


def test_after_the_holder_was_killed_the_next_one_opens(memory: Path) -> None:
    place = Place(memory)
    anchors = FileAnchors(memory / "anchors")

    def work(say: Say, number: int) -> None:
        vault = open_vault(place.folder, place.held(), anchors=anchors, now=Clock())
        save_row(vault, f"row {number}")
        say("saved")
        while vault.read_only is None:
            time.sleep(0.01)

    for number in range(INSTANCES):
        with child(lambda say, number=number: work(say, number)) as holder:
            holder.wait_for("saved")
            with pytest.raises(VaultInUse):
                open_vault(place.folder, place.held(), anchors=anchors, now=Clock())
            holder.kill()
    vault = open_vault(place.folder, place.held(), anchors=anchors, now=Clock())
    assert saved_rows(vault) == {f"row {number}" for number in range(INSTANCES)}
    assert vault.read_only is None
    vault.close()
