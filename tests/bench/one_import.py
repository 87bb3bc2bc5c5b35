"""Imports one roster into a new vault in a process of its own: `python -m tests.bench.one_import FOLDER ROSTER`."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from counselroom.services.roster_import import import_roster, preview_roster
from tests.bench.rooms import new_room


def _own_peak() -> int | None:
    """Return the greatest memory of this process so far in bytes, or None where /proc does not tell."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 if found else None


def _child_peak() -> int | None:
    """Return the greatest memory of a child that has ended, in bytes; None on Windows.

    Linux counts the moment before the child's program is loaded too, so that this is never less than what the parent
    had when it started the child.
    """
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(folder: Path, roster: Path) -> None:
    """Preview, import, read once more, and print what it cost."""
    with new_room(folder, 0) as room:
        started = time.perf_counter()
        preview = preview_roster(room.actor, room.desk, roster)
        previewed = time.perf_counter()
        done = import_roster(room.actor, room.desk, preview).value
        imported = time.perf_counter()
        own, child = _own_peak(), _child_peak()
        del preview
        again = preview_roster(room.actor, room.desk, roster).plan.unchanged
    answer = {"preview": previewed - started, "import": imported - previewed, "new": done.new, "again": again}
    print(json.dumps(answer | {"own_peak": own, "child_peak": child}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
