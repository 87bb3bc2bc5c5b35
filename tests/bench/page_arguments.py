"""Makes what the pages and dialogs are opened for: `python -m tests.bench.page_arguments VAULT` prints it as JSON.

In a process of its own, before the window is played: what the tests of all pages import is no part of its memory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

from counselroom.services import school
from counselroom.ui.dialogs.table import DIALOGS
from counselroom.ui.pages.table import PAGES
from tests.bench.rooms import open_room
from tests.services.world import People, World
from tests.ui.examples import arguments_in_one_vault


def _arguments(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the arguments by the key of the page or dialog; the rows they name are in the vault afterwards."""
    with open_room(folder) as room:
        me = room.actor
        place = school.add_room(me, room.desk, "个别辅导室").value
        people = People(me, me, me, me, room.students, (place,), "")
        world = World(room.desk, cast("Any", room.clock), people)
        keys = [page.key for page in PAGES] + [dialog.key for dialog in DIALOGS]
        arguments = arguments_in_one_vault(world, keys, room.students[-3 * len(keys) :])
        arguments["student_record"] = {"student": room.students[7]}
    return arguments


if __name__ == "__main__":
    print(json.dumps(_arguments(Path(sys.argv[1]))))
