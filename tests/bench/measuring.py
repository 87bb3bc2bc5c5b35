"""How things are measured, and what a result is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the table.

    Attributes:
        measure: what was measured.
        ours: the program's figure, with its unit.
        baseline: the figure it is compared with, or a sentence why there is none.
        ratio: what is compared with the target, or None for information only.
        target: such as `<= 3`; empty for information.
    """

    measure: str
    ours: str
    baseline: str = ""
    ratio: float | None = None
    target: str = ""

    @property
    def held(self) -> bool | None:
        """Whether the target was held; None without one."""
        if self.ratio is None or not self.target:
            return None
        relation, limit = self.target.split()
        return self.ratio <= float(limit) if relation == "<=" else self.ratio >= float(limit)


def at_most(limit: float, measure: str, ours: float, baseline: float) -> Result:
    """Return the result of a measure in seconds that may take `limit` times as long as its baseline."""
    return Result(measure, seconds(ours), seconds(baseline), ours / baseline, f"<= {limit:g}")


def faster(times: float, measure: str, ours: float, baseline: float) -> Result:
    """Return the result of a measure in seconds that must be `times` as fast as its baseline."""
    return Result(measure, seconds(ours), seconds(baseline), baseline / ours, f">= {times:g}")


def seconds(value: float) -> str:
    """Return a duration with its unit."""
    return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def interleaved(repetitions: int, *works: Callable[[], float]) -> list[float]:
    """Run several measurements in turn, so that all meet the same machine, and return their medians.

    Args:
        repetitions: how often each is run.
        works: each returns the seconds it measured. Who begins changes from turn to turn.
    """
    taken: list[list[float]] = [[] for _work in works]
    for turn in range(repetitions):
        for place in range(len(works)):
            index = (turn + place) % len(works)
            taken[index].append(works[index]())
    return [statistics.median(times) for times in taken]


def table(results: Sequence[Result]) -> str:
    """Return results as a Markdown table."""
    lines = ["| measure | ours | baseline | ratio | target | held |", "|---|---|---|---|---|---|"]
    for each in results:
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}" if each.ratio < 10 else f"{each.ratio:.0f}"
        held = {None: "", True: "yes", False: "**no**"}[each.held]
        target = each.target.replace("<=", "≤").replace(">=", "≥")
        lines.append(f"| {each.measure} | {each.ours} | {each.baseline} | {ratio} | {target} | {held} |")
    return "\n".join(lines)
