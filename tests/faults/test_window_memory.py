"""What is left in memory after a lock: nothing that was typed, shown or used as a key."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from counselroom.services import students
from counselroom.services.desk import Desk
from counselroom.vault.keys.root import RootKey
from tests.conftest import PASSPHRASE, HandClock, counting_ids
from tests.faults.windows import holds, memory_of, window
from tests.services.world import MORNING, opened_copy, template

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="needs root: reads memory"),
]
TYPED = "zqx水晶犀牛打字"
SHOWN = "上官琉璃盏"


def test_a_lock_leaves_nothing_in_memory(tmp_path: Path) -> None:
    with opened_copy(tmp_path / "vault", HandClock(MORNING)) as vault:
        desk = Desk(vault, HandClock(MORNING), counting_ids())
        students.add_student(template().people.me, desk, students.StudentData(SHOWN))
    root = template().root
    secrets: dict[str, str | bytes] = {
        "the text that was typed": TYPED,
        "a name of the list": SHOWN,
        "the passphrase": PASSPHRASE,
        "the root key": root,
        "the database key": RootKey(root).database_key(),
    }
    with window(tmp_path) as opened:
        opened.do("show")
        opened.wait_for("shown")
        opened.do(f"paste {TYPED}")
        opened.wait_for("pasted")
        try:
            before = memory_of(opened.pid)
        except PermissionError:
            pytest.skip("needs root: the right to read other processes' memory")
        found = {what: holds(before, secret) for what, secret in secrets.items()}
        # The control: the same look finds them while the room is open.
        assert found == dict.fromkeys(secrets, True)
        del before
        opened.do("lock")
        fresh = int(opened.wait_for("fresh"))
        try:
            assert opened.wait_for("ended") == "0"
            assert opened.end() == 0
            assert not Path(f"/proc/{opened.pid}").exists()
            assert processes_on(tmp_path) == {fresh}
            after = memory_of(fresh)
            assert len(after) > 1_000_000
            assert {what: holds(after, secret) for what, secret in secrets.items()} == dict.fromkeys(secrets, False)
            maps = Path(f"/proc/{fresh}/maps").read_text(encoding="utf-8")
            assert "QtWidgets" in maps
            assert not [name for name in ("sqlcipher3", "_sqlite3", "sqlalchemy", "pydantic_core") if name in maps]
        finally:
            os.kill(fresh, 9)


def processes_on(place: Path) -> set[int]:
    """Return the processes that were given this test's home."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(place).encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
        except OSError:
            continue
    return found
