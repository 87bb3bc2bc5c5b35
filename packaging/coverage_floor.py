"""Fails when branch coverage of the layers that hold the secrets falls below the floor, each on its own."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from coverage import Coverage

FLOOR = 95.0
LAYERS = ("rules", "vault", "services", "printing")


def main() -> int:
    """Combine the data of all test processes, print a line per layer, return 1 when one is below the floor."""
    coverage = Coverage()
    if any(Path().glob(".coverage.*")):
        coverage.combine(keep=False)
        coverage.save()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, entry in files.items():
        parts = Path(name).parts
        layer = parts[parts.index("counselroom") + 1] if "counselroom" in parts else ""
        summary = entry["summary"]
        sums[layer][0] += summary["covered_lines"] + summary["covered_branches"]
        sums[layer][1] += summary["num_statements"] + summary["num_branches"]
    low = False
    for layer in LAYERS:
        covered, whole = sums[layer]
        percent = 100.0 * covered / whole if whole else 0.0
        low |= percent < FLOOR
        print(f"branch coverage {layer:<9}{percent:6.2f} %  (floor {FLOOR:.0f} %)")
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
