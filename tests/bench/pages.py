"""Every page of the window in a school of 1,000 sessions and in one of 100,000: how much longer it takes to open."""

from __future__ import annotations

import shutil
import statistics
import sys
from dataclasses import replace
from pathlib import Path

from tests.bench.measuring import Result, at_most
from tests.bench.processes import answer_of
from tests.bench.setting import Setting

MOST = 2.0
WHOLE_YEAR = "statistics of the whole year"
"""A period that holds every session of the school: information, for no school has so many in a year."""
_PLAYS = 2


def run(setting: Setting) -> list[Result]:
    """Open every page in both schools in turn, each time on a copy of the school."""
    schools = (setting.small_school(), setting.large_school())
    taken: tuple[dict[str, list[float]], dict[str, list[float]]] = ({}, {})
    for turn in range(setting.size(_PLAYS, 1)):
        for school, times in zip(schools, taken, strict=True):
            for key, seconds in _times(school, setting, turn).items():
                times.setdefault(key, []).extend(seconds)
    few, many = setting.notes(1_000), setting.notes(100_000)
    small, large = ({key: statistics.median(each) for key, each in times.items()} for times in taken)
    results = []
    for key in large:
        name = f"page {key}, {many:,} sessions against {few:,}"
        result = at_most(MOST, name, large[key], small[key])
        print(f"{result.ratio:6.2f}  {small[key] * 1000:7.1f} ms  {large[key] * 1000:7.1f} ms  {key}", file=sys.stderr)
        results.append(replace(result, target="") if key == WHOLE_YEAR else result)
    return results


def _times(school: Path, setting: Setting, turn: int) -> dict[str, list[float]]:
    copy = setting.folder / f"{school.name}-{turn}"
    shutil.copytree(school, copy)
    try:
        found: dict[str, list[float]] = answer_of("page_times", copy, setting.times(7))
    finally:
        shutil.rmtree(copy)
    return found
