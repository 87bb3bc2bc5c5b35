"""Prints many forms in a process of its own: `python -m tests.bench.steady_forms FOLDER ALL WARM` tells its memory."""

from __future__ import annotations

import itertools
import json
import os
import sys
from pathlib import Path

from counselroom.services.prints import print_form
from tests.bench.papers import papers
from tests.bench.rooms import new_room


def _resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main(folder: Path, count: int, warm: int) -> None:
    """Print `count` forms of twenty records in turn, and note the memory after `warm` of them and at the end."""
    before = 0
    with new_room(folder, 20) as room:
        requests = itertools.cycle(papers(room, 20))
        for number in range(1, count + 1):
            print_form(room.actor, room.desk, next(requests))
            if number == warm:
                before = _resident()
        after = _resident()
    print(json.dumps({"before": before, "after": after}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
