"""Kill -9 while somebody types: at most three seconds of typing are lost."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import HandClock
from tests.faults.scale import count
from tests.faults.windows import window
from tests.services.world import MORNING, opened_copy

pytestmark = pytest.mark.faults
MOST = 3.0
"""Seconds of typing that may be lost."""
TEXT = "abcdefghij" * 20
_AT_ONCE = 2


def losses_of_a_chain(place: Path, moments: list[float]) -> list[float]:
    """Start, unlock, read what is there, type on for some seconds, kill, again; return the seconds lost each time."""
    lost, written, before, killed = [], "", 0, 0.0
    typed: list[float] = []
    for seconds in [*moments, None]:
        with window(place) as opened:
            opened.do("read")
            kept = opened.wait_for("text")
            if typed:
                assert written.startswith(kept)
                missing = typed[len(kept) - before :]
                lost.append(killed - missing[0] if missing else 0.0)
            if seconds is None:
                return lost
            opened.do(f"type {TEXT}")
            opened.wait_for("typed")
            time.sleep(seconds)
            killed = opened.kill()
            written, before = kept + TEXT, len(kept)
            typed = [moment for moment, line in opened.lines if line.startswith("typed ")]
            assert len(typed) > seconds * 3, "the machine was too busy to type"
    return lost


def test_a_kill_loses_at_most_three_seconds_of_typing(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    kills = count(ci=10, more=40, full=200)
    chains = [[chance.uniform(0.5, 6.0) for _kill in range(kills // _AT_ONCE)] for _chain in range(_AT_ONCE)]
    places = [tmp_path / str(number) for number in range(_AT_ONCE)]
    for place in places:
        place.mkdir()
        with opened_copy(place / "vault", HandClock(MORNING)):
            pass
    with ThreadPoolExecutor(_AT_ONCE) as hands:
        lost = [seconds for chain in hands.map(losses_of_a_chain, places, chains) for seconds in chain]
    assert len(lost) == kills
    assert max(lost) <= MOST, f"seconds lost: {sorted(lost)}"
    assert max(lost) > 0, "a kill in the midst of typing loses something: nothing was measured"
