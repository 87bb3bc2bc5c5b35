"""Where a run happens and how large it is; builds the schools it needs before anything is measured."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import start
from tests.bench.rooms import Room, open_room

_BUILDERS = 2
_LEAST = 500
"""Students of a school of the window: each page and dialog is opened for some of its own."""
_SMOKE = {1_000: 240, 10_000: 400, 50_000: 600, 100_000: 600}


@dataclass(frozen=True)
class Setting:
    """One run.

    Attributes:
        folder: an empty folder on the disk that is measured.
        quick: the smoke size: everything runs and is checked, the figures mean nothing.
    """

    folder: Path
    quick: bool

    def times(self, repetitions: int) -> int:
        """Return how often something is repeated."""
        return 2 if self.quick else repetitions

    def size(self, full: int, quick: int) -> int:
        """Return how much of something there is."""
        return quick if self.quick else full

    def notes(self, count: int) -> int:
        """Return how many notes the school of `count` notes has in this run."""
        return _SMOKE[count] if self.quick else count

    def large_school(self) -> Path:
        """Return the folder of the school that the window is measured on; it is built when it is first asked for.

        It has 500 open 专案 and 20,000 follow-up tasks beside its students and sessions.
        """
        care = (self.size(500, 8), self.size(20_000, 200))
        return self._built("school-of-the-window", self.notes(100_000), self.size(20_000, _LEAST), *care)

    def small_school(self) -> Path:
        """Return the folder of the same school after 1,000 sessions, 5 open 专案 and 200 follow-up tasks.

        It has as many students, so that only what grows with the work of the room is compared.
        """
        return self._built("small-school-of-the-window", self.notes(1_000), self.size(20_000, _LEAST), 5, 200)

    def _built(self, name: str, *numbers: int) -> Path:
        folder = self.folder / name
        if not folder.exists():
            assert start("build", folder, *numbers).wait() == 0, "a school of the window could not be built"
        return folder

    def build(self, schools: Collection[int]) -> None:
        """Build the schools with these counts of notes, the largest first, two at a time."""
        sizes = sorted({self.notes(count) for count in schools}, reverse=True)
        with ThreadPoolExecutor(_BUILDERS) as builders:
            for exit_code in builders.map(self._build, sizes):
                assert exit_code == 0, "a school could not be built"

    def _build(self, notes: int) -> int:
        return start("build", self._school(notes), notes).wait()

    def school(self, count: int) -> AbstractContextManager[Room]:
        """Open the school of `count` notes."""
        return open_room(self.school_folder(count))

    def school_folder(self, count: int) -> Path:
        """Return the folder of the vault of the school of `count` notes."""
        return self._school(self.notes(count))

    def _school(self, notes: int) -> Path:
        return self.folder / f"school-{notes}"
