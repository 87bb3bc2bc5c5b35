"""A backup that is being written, seen from the window: it goes on whether somebody looks at it or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from counselroom.services.backups import BackupMade, make_backup
from counselroom.services.changes import Done
from counselroom.ui.room import Room
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Step


class BackupRun(QObject):
    """One backup from its beginning to its end.

    Attributes:
        folder: where it is written to.
        place: name of the stick or folder.
        stepped: how far it is: step, done, whole.
        made: it is written and proved; carries the `BackupMade`.
        failed: it is not; carries the error.
        ended: after either.
    """

    stepped = Signal(object, object, object)
    made = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, room: Room, folder: Path, place: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.place = place
        self.is_stopping = False
        self._room = room
        self._job: Job[Done[BackupMade]] | None = None

    def start(self) -> None:
        """Begin."""
        room, folder = self._room, self.folder

        def work(job: Job[Done[BackupMade]]) -> Done[BackupMade]:
            drive = room.drives.holding(folder)
            return make_backup(
                room.actor,
                room.desk,
                folder,
                entropy=room.entropy,
                place=self.place,
                largest_file=None if drive is None else drive.largest_file,
                progress=job.progress,
                cancel=job.is_cancelled,
                through=job.change,
            )

        self._job = room.tasks.job(
            work, self._finish, progress=self._tell, on_failed=self._end_with(self.failed.emit), reads=False
        )

    def stop(self) -> None:
        """Stop it; what was written of it is deleted."""
        self.is_stopping = True
        if self._job is not None:
            self._job.cancel()

    def _tell(self, step: Step, done: int, whole: int) -> None:
        self.stepped.emit(step, done, whole)

    def _finish(self, done: Done[BackupMade]) -> None:
        self.made.emit(done.value)
        self.ended.emit()

    def _end_with(self, tell: Callable[[BaseException], None]) -> Callable[[BaseException], None]:
        def end(error: BaseException) -> None:
            tell(error)
            self.ended.emit()

        return end
