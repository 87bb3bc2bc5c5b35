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


def main(folder: Path, roster: Path) -> None:
    """Preview, import, read once more, and print what it cost."""
    with new_room(folder, 0) as room:
        started = time.perf_counter()
        preview = preview_roster(room.actor, room.desk, roster)
        previewed = time.perf_counter()
        done = import_roster(room.actor, room.desk, preview).value
        imported = time.perf_counter()
        own = _own_peak()
        del preview
        again = preview_roster(room.actor, room.desk, roster).plan.unchanged
    answer = {"preview": previewed - started, "import": imported - previewed, "new": done.new, "again": again}
    print(json.dumps(answer | {"own_peak": own}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
