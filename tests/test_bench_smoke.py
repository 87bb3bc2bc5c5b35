"""Every benchmark runs at its smoke size and finds what it should; no time is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import BENCHMARKS, run
from tests.bench.measuring import Result, at_most, faster, table
from tests.bench.setting import Setting


@pytest.mark.slow
def test_every_benchmark_runs_and_its_results_are_right(tmp_path: Path) -> None:
    results = run(Setting(tmp_path, quick=True), list(BENCHMARKS), lambda _line: None)
    measures = [each.measure for each in results]
    assert len(set(measures)) == len(measures)
    rows = table(results).splitlines()[2:]
    assert len(rows) == len(results) >= 20
    assert all(row.count("|") == 7 for row in rows)


def test_a_target_is_held_or_missed() -> None:
    assert at_most(3, "", ours=0.3, baseline=0.1).held
    assert not at_most(3, "", ours=0.31, baseline=0.1).held
    assert faster(50, "", ours=0.01, baseline=0.51).held
    assert not faster(50, "", ours=0.01, baseline=0.49).held
    assert Result("", "1 s").held is None
