"""Runs the benchmarks and prints a table: `python -m tests.bench [--only NAME] [--quick] [--json] [--folder DIR]`.

Exit code 0 when every target was held, 1 when one was missed; with `--quick`, whose figures mean nothing, 0. A
benchmark whose result is wrong ends the run with the assertion that failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from tests.bench import (
    backups,
    gaps,
    imported_rosters,
    notes,
    pages,
    printed_forms,
    records,
    search,
    starting,
    window_start,
)
from tests.bench.measuring import Result, table
from tests.bench.setting import Setting

BENCHMARKS: Mapping[str, tuple[Callable[[Setting], list[Result]], tuple[int, ...]]] = {
    "search": (search.run, search.SCHOOLS),
    "records": (records.run, records.SCHOOLS),
    "notes": (notes.run, notes.SCHOOLS),
    "backups": (backups.run, backups.SCHOOLS),
    "forms": (printed_forms.run, ()),
    "imports": (imported_rosters.run, ()),
    "start": (starting.run, starting.SCHOOLS),
    "window": (window_start.run, ()),
    "gaps": (gaps.run, ()),
    "pages": (pages.run, ()),
}
"""What is run, in this order, and the schools it needs, by their count of notes."""


def run(setting: Setting, names: Sequence[str], tell: Callable[[str], None]) -> list[Result]:
    """Build the schools, then run the named benchmarks one after the other."""
    started = time.perf_counter()
    schools = {count for name in names for count in BENCHMARKS[name][1]}
    if schools:
        tell("building the schools …")
        setting.build(schools)
    results = []
    for name in names:
        tell(f"{time.perf_counter() - started:4.0f} s  {name} …")
        results += BENCHMARKS[name][0](setting)
    tell(f"{time.perf_counter() - started:4.0f} s  done")
    return results


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Read the options, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Benchmarks of counselroom.")
    parser.add_argument("--only", action="append", choices=tuple(BENCHMARKS), help="run this one (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="everything at a smoke size; the figures mean nothing")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--folder", type=Path, help="where to work: a real disk with 3 GB free")
    options = parser.parse_args()
    names = options.only or list(BENCHMARKS)
    with tempfile.TemporaryDirectory(prefix="counselroom-bench-", dir=options.folder) as folder:
        results = run(
            Setting(Path(folder), options.quick), names, lambda line: print(line, file=sys.stderr, flush=True)
        )
    if options.quick:
        results = [replace(each, target="") for each in results]
    if options.json:
        print(json.dumps([asdict(each) | {"held": each.held} for each in results], ensure_ascii=False, indent=1))
    else:
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
        print(table(results))
    return int(any(each.held is False for each in results))


if __name__ == "__main__":
    sys.exit(main())
