"""Kill -9 while changes are committed: nothing acknowledged is lost, nothing half done is there."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from counselroom.vault.vault import open_vault
from tests.faults.children import FileAnchors, Say, child
from tests.faults.scale import count
from tests.vault.vaults import Clock, Place, add_row, require_sound, saved_rows

pytestmark = pytest.mark.faults

KILLS_ON_ONE_VAULT = 30


def test_kills_during_commits(memory: Path) -> None:
    chance = random.Random(9)
    left = count(ci=60, more=500, full=5000)
    number = kills_heard = 0
    while left:
        folder = memory / f"place {number}"
        folder.mkdir()
        batch = min(left, KILLS_ON_ONE_VAULT)
        kills_heard += kill_repeatedly(Place(folder), batch, chance)
        left -= batch
        number += 1
    assert kills_heard > 0, "every child was killed before its first acknowledgement: nothing was tested"


def kill_repeatedly(place: Place, kills: int, chance: random.Random) -> int:
    """Kill children on one vault, looking at it after each, and return how many had acknowledged something."""
    anchors = FileAnchors(place.folder.with_name("anchors"))
    acknowledged: set[str] = set()
    heard = 0

    def open_it():
        return open_vault(place.folder, place.held(), anchors=anchors, now=Clock())

    def work(say: Say, name: int) -> None:
        """Open, commit rows of one, two or three inserts, close, again and again."""
        chance_of_child, row = random.Random(name), 0
        while True:
            vault = open_it()
            say("open")
            for _change in range(chance_of_child.randint(1, 25)):
                row += 1
                parts = [f"{name}.{row}.{part}" for part in range(chance_of_child.randint(1, 3))]
                with vault.change() as session:
                    for part in parts:
                        add_row(vault, session, part)
                say(" ".join(["row", *parts]))
            vault.close()

    for kill in range(kills):
        with child(lambda say, kill=kill: work(say, kill)) as running:
            running.wait_for("open")
            time.sleep(chance.random() * 0.08)
            lines = running.kill()
        changes = [line.split(" ")[1:] for line in lines if line.startswith("row")]
        heard += bool(changes)
        acknowledged.update(part for change in changes for part in change)
        vault = open_it()
        assert vault.read_only is None, (kill, vault.read_only)
        rows = saved_rows(vault)
        assert acknowledged <= rows, (kill, "lost", acknowledged - rows)
        extra = rows - acknowledged
        # At most the one change that was durable but not yet acknowledged, and that whole or not at all.
        assert len({part.rsplit(".", 1)[0] for part in extra}) <= 1, (kill, extra)
        with vault.reading() as session:
            audited = audited_rows(session)
        assert rows == audited, (kill, "a row without its audit row, or the other way")
        acknowledged |= extra
        require_sound(vault)
        vault.close()
    return heard


def audited_rows(session) -> set[str]:
    from sqlalchemy import text

    found = session.execute(text("SELECT entity_id FROM audit_log WHERE action = 'set_parameter'")).scalars()
    return set(found)
