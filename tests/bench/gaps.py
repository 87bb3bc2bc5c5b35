"""Gaps of the window's event loop, the cover, the first page and the memory, on every page of a large school."""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from tests.bench.measuring import Result, seconds
from tests.bench.processes import answer_of
from tests.bench.setting import Setting

MOST, FIRST_MOST = 50.0, 100.0
"""Milliseconds the event loop may stay away, and for the first opening of a page or dialog."""
COVER_MOST, MEMORY_MOST = 0.2, 300.0


def run(setting: Setting) -> list[Result]:
    """Play three times, each on a copy of the school."""
    school = setting.large_school()
    options = ("--short",) if setting.quick else ()
    plays = [_play(school, setting.folder / f"played-{turn}", options) for turn in range(setting.size(3, 1))]
    large = f"20,000 students and {setting.notes(100_000):,} sessions"
    late = [gap for play in plays for gap in play["gaps"] if not gap["step"].startswith("first:")]
    first = [gap for play in plays for gap in play["gaps"] if gap["step"].startswith("first:")]
    for gap in sorted(late + first, key=lambda gap: -gap["milliseconds"]):
        print(f"{gap['milliseconds']:6.1f} ms  {gap['step']}: {gap['work']}", file=sys.stderr)
    covers = statistics.median(play["cover"] for play in plays)
    # The derivation of the key takes memory of its own, and gives it back before the first page.
    memory = max(play[peak] for play in plays for peak in ("peak_rss_mb", "peak_rss_with_derivation_mb"))
    accepted = statistics.median(play["accepted_to_first_page"] for play in plays)
    return [
        _gaps(f"gaps of the window over {MOST:.0f} ms in {len(plays)} plays, {large}", late, MOST),
        _gaps(f"gaps over {FIRST_MOST:.0f} ms at the first opening of a page or dialog", first, FIRST_MOST),
        Result("gaps over 16 ms in the same plays", str(len(late) + len(first))),
        Result(f"F12 to the cover, {large}", seconds(covers), "200 ms", covers / COVER_MOST, "<= 1"),
        Result(f"passphrase accepted to the first page, {large}", seconds(accepted)),
        Result("peak memory of the window", f"{memory:.0f} MB", f"{MEMORY_MOST:.0f} MB", memory / MEMORY_MOST, "<= 1"),
    ]


def _gaps(measure: str, gaps: list[dict[str, Any]], most: float) -> Result:
    over = [gap["milliseconds"] for gap in gaps if gap["milliseconds"] > most]
    longest = max((gap["milliseconds"] for gap in gaps), default=0.0)
    return Result(measure, f"{len(over)}, longest {longest:.0f} ms", "0", len(over), "<= 0")


def _play(school: Path, copy: Path, options: tuple[str, ...]) -> dict[str, Any]:
    shutil.copytree(school, copy)
    try:
        played: dict[str, Any] = answer_of("window_play", copy, *options)
    finally:
        shutil.rmtree(copy)
    assert played["cover"] > 0, "the play never came to the lock"
    return played
