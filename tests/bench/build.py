"""Builds one school in a process of its own: `python -m tests.bench.build FOLDER NOTES [STUDENTS [EVENTS TASKS]]`.

The wiping of freed memory, which SQLCipher can only switch on for a whole process and never off, is left out here: it
doubles the time of building and would not be in the vault that is built.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlcipher3 import dbapi2

from counselroom.vault import opening
from tests.bench.bulk import students_for, write_notes
from tests.bench.care_load import write_care
from tests.bench.rooms import new_room


def _key_without_wiping(connection: dbapi2.Connection, key: str) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key}'\"")


if __name__ == "__main__":
    opening._key = _key_without_wiping
    _folder, _notes = Path(sys.argv[1]), int(sys.argv[2])
    _students = int(sys.argv[3]) if len(sys.argv) > 3 else students_for(_notes)
    with new_room(_folder, _students) as _room:
        write_notes(_room, _notes)
        if len(sys.argv) > 5:
            write_care(_room, int(sys.argv[4]), int(sys.argv[5]))
